"""The names that employments carried became departments, and go back to names."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]  # where there was data to carry over


def at(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("organizations", name)])
    return executor.loader.project_state([("organizations", name)]).apps


def test_every_name_becomes_one_department_of_its_employer():
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        apps = at("0004_departments")
        models = {name: apps.get_model("organizations", name) for name in ("Organization", "Employment", "Department")}
        user = apps.get_model("accounts", "User").objects.create(email="jan@voorbeeld.test")
        first, other = (
            models["Organization"].objects.create(slug=slug, name=slug, is_employer=True) for slug in ("a", "b")
        )
        for employer, number, name in ((first, "1", "Lasserij"), (first, "2", "lasserij"), (other, "3", "Lasserij")):
            models["Employment"].objects.create(
                employer=employer, user=user, personnel_number=number, department_name=name, ends_on="2030-01-01"
            )
        apps = at("0005_department_names")
        jobs = apps.get_model("organizations", "Employment").objects.order_by("personnel_number")
        assert [job.department.employer.slug for job in jobs.select_related("department__employer")] == ["a", "a", "b"]
        assert apps.get_model("organizations", "Department").objects.count() == 2
        apps.get_model("organizations", "Employment").objects.all().delete()
        apps.get_model("organizations", "Department").objects.all().delete()
    finally:
        MigrationExecutor(connection).migrate(leaves)
