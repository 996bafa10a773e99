"""Departments as a tree: what lies below a department, and keeping the tree a tree."""

from datetime import date

import pytest

from enrollments.models import TrainingRule
from lms.audit.models import AuditEntry
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Department, Employment
from lms.organizations.services import add_department, change_department, delete_department, merge_department
from lms.organizations.trees import tree_of
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, ModuleFactory, OrganizationFactory, person_with_role

pytestmark = pytest.mark.django_db
LEFT = {"starts_on": date(2020, 1, 1), "ends_on": date(2024, 6, 30)}


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def tree(employer):
    """Productie > Verspaning > Draaien, Productie > Lassen; Kantoor stands apart."""

    def add(name, parent=None):
        return Department.objects.create(employer=employer, name=name, parent=parent)

    made = {"Productie": add("Productie"), "Kantoor": add("Kantoor")}
    made |= {name: add(name, made["Productie"]) for name in ("Verspaning", "Lassen")}
    return made | {"Draaien": add("Draaien", made["Verspaning"])}


def names(found):
    return sorted(found.values_list("name", flat=True))


def test_within_is_the_department_and_everything_below(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert names(Department.objects.within(tree["Productie"])) == ["Draaien", "Lassen", "Productie", "Verspaning"]
    assert names(Department.objects.within(tree["Verspaning"].pk)) == ["Draaien", "Verspaning"]
    assert names(Department.objects.within(tree["Kantoor"])) == ["Kantoor"]


def test_staff_of_a_department_and_those_below_in_one_query(tree, employer, django_assert_num_queries):
    deep = EmploymentFactory(employer=employer, department=tree["Draaien"])
    EmploymentFactory(employer=employer, department=tree["Kantoor"])
    with django_assert_num_queries(1):
        found = list(Employment.objects.filter(department__in=Department.objects.within(tree["Productie"])))
    assert found == [deep]


def test_within_ends_where_rows_formed_a_circle(tree):
    Department.objects.filter(pk=tree["Productie"].pk).update(parent=tree["Draaien"])
    assert len(names(Department.objects.within(tree["Draaien"]))) == 4


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


def test_the_tree_counts_people_where_they_are_and_above(tree, employer, django_assert_num_queries):
    EmploymentFactory(employer=employer, department=tree["Draaien"])
    EmploymentFactory(employer=employer, department=tree["Draaien"], **LEFT)
    EmploymentFactory(employer=employer, department=tree["Productie"])
    with django_assert_num_queries(3):
        branches = tree_of(employer)
    assert [(b.department.name, b.depth, b.people, b.people_within) for b in branches] == [
        ("Kantoor", 0, 0, 0),
        ("Productie", 0, 1, 2),
        ("Lassen", 1, 0, 0),
        ("Verspaning", 1, 0, 1),
        ("Draaien", 2, 1, 1),
    ]
    assert branches[-1].path == ("Productie", "Verspaning", "Draaien")


def test_a_department_moves_with_everything_below(tree, hr):
    change_department(by=hr, department=tree["Verspaning"], name="Verspaning en slijpen", parent=tree["Kantoor"])
    assert names(Department.objects.within(tree["Kantoor"])) == ["Draaien", "Kantoor", "Verspaning en slijpen"]
    entry = AuditEntry.objects.get(action="organizations.change_department")
    assert entry.changes["name"] == ["Verspaning", "Verspaning en slijpen"]


def test_no_department_lies_below_itself(tree, hr):
    for below in ("Productie", "Draaien"):
        with pytest.raises(Invalid, match="onder zichzelf"):
            change_department(by=hr, department=tree["Productie"], name="Productie", parent=tree[below])
    with pytest.raises(Invalid):
        merge_department(by=hr, department=tree["Productie"], into=tree["Draaien"])


def test_a_name_is_given_once_whatever_the_capitals(tree, employer, hr):
    with pytest.raises(Invalid) as refused:
        add_department(by=hr, employer=employer, name=" PRODUCTIE ")
    assert refused.value.errors[0].field == "name"
    elsewhere = OrganizationFactory()
    with pytest.raises(Forbidden):
        add_department(by=hr, employer=elsewhere, name="Nieuw")
    foreign = Department.objects.create(employer=elsewhere, name="Vreemd")
    with pytest.raises(Invalid):
        add_department(by=hr, employer=employer, name="Nieuw", parent=foreign)


def test_merging_takes_people_parts_and_rules_along(tree, employer, hr):
    worker = EmploymentFactory(employer=employer, department=tree["Verspaning"])
    left = EmploymentFactory(employer=employer, department=tree["Verspaning"], **LEFT)
    module, other = ModuleFactory(), ModuleFactory()
    facts = {"employer": employer, "made_by": hr}
    twice = [
        TrainingRule.objects.create(module=module, department=tree[name], **facts) for name in ("Verspaning", "Lassen")
    ]
    alone = TrainingRule.objects.create(module=other, department=tree["Verspaning"], **facts)
    merge_department(by=hr, department=tree["Verspaning"], into=tree["Lassen"])
    for employment in (worker, left):
        employment.refresh_from_db()
        assert employment.department == tree["Lassen"]
    assert names(Department.objects.within(tree["Lassen"])) == ["Draaien", "Lassen"]
    for rule in (*twice, alone):
        rule.refresh_from_db()
        assert rule.department == tree["Lassen"]
    assert [rule.ended_at is None for rule in (*twice, alone)] == [False, True, True]


def test_only_an_empty_department_is_deleted(tree, employer, hr):
    EmploymentFactory(employer=employer, department=tree["Lassen"], **LEFT)
    with pytest.raises(Conflict, match="mensen"):
        delete_department(by=hr, department=tree["Lassen"])
    with pytest.raises(Conflict, match="Onder deze"):
        delete_department(by=hr, department=tree["Verspaning"])
    delete_department(by=hr, department=tree["Draaien"])
    delete_department(by=hr, department=tree["Verspaning"])
    assert not Department.objects.filter(name__in=["Draaien", "Verspaning"]).exists()


@pytest.mark.parametrize("name", ["Verspaning", "Lassen"])
def test_hr_keeps_the_tree_on_pages(client, tree, employer, hr, name):
    client.force_login(hr, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/medewerkers/afdelingen/").content.decode()
    assert all(department in page for department in tree)
    path = f"/medewerkers/afdelingen/{tree[name].pk}/"
    assert client.get(path).status_code == 200
    client.post(path, {"name": name, "parent": str(tree["Kantoor"].pk)})
    assert tree[name].pk in Department.objects.within(tree["Kantoor"]).values_list("pk", flat=True)
    client.post(f"{path}samenvoegen/", {"into": str(tree["Kantoor"].pk)})
    assert not Department.objects.filter(pk=tree[name].pk).exists()
    refused = client.post("/medewerkers/afdelingen/", {"name": "kantoor", "parent": ""})
    assert refused.status_code == 200
    client.post("/medewerkers/afdelingen/", {"name": "Expeditie", "parent": str(tree["Kantoor"].pk)})
    assert Department.objects.get(name="Expeditie").parent == tree["Kantoor"]
    client.post(f"/medewerkers/afdelingen/{Department.objects.get(name='Expeditie').pk}/verwijderen/")
    assert not Department.objects.filter(name="Expeditie").exists()
