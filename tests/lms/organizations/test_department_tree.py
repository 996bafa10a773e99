"""Departments as a tree: what lies below a department."""

import pytest

from lms.organizations.models import Department, Employment
from tests.factories import EmploymentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


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
