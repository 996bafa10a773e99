"""Organizations, roles, employments and places by API: who may, and what a stranger gets."""

import pytest
from rest_framework.test import APIClient

from lms.audit.models import AuditEntry
from lms.organizations.models import Employment, Location, Membership
from lms.permissions.roles import Role
from lms.permissions.services import allows
from tests.factories import EmploymentFactory, OrganizationFactory, ProviderFactory, UserFactory, person_with_role

pytestmark = pytest.mark.django_db


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def employer():
    return OrganizationFactory(slug="de-vecht", name="Machinefabriek De Vecht")


@pytest.fixture
def admin(employer):
    return person_with_role(employer, Role.ORG_ADMIN)


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def stranger():
    return person_with_role(OrganizationFactory(), Role.HR_MANAGER)


def test_me_says_what_i_may_do_where_and_where_i_work(hr, employer, django_assert_max_num_queries):
    EmploymentFactory(employer=employer, user=hr, department="Kantoor")
    with django_assert_max_num_queries(2):
        me = api(hr).get("/api/v1/me/").json()
    assert me["email"] == hr.email
    (membership,) = me["memberships"]
    assert (membership["organization"], membership["role"]) == ("de-vecht", "hr_manager")
    assert {"enroll_staff", "manage_staff", "view_members", "view_staff"} <= set(membership["permissions"])
    assert [(e["employer"], e["department"]) for e in me["employments"]] == [("de-vecht", "Kantoor")]


def test_me_changes_names_and_language_and_nothing_else(hr):
    answer = api(hr).patch("/api/v1/me/", {"given_name": "Anna", "language": "en", "email": "x@voorbeeld.test"})
    assert answer.status_code == 200
    before = hr.email
    hr.refresh_from_db()
    assert (hr.given_name, hr.language, hr.email) == ("Anna", "en", before)
    assert api(hr).patch("/api/v1/me/", {"language": "de"}).status_code == 400
    assert api(hr).put("/api/v1/me/", {}).status_code == 405


@pytest.mark.parametrize("path", ["me/", "organizations/", "memberships/", "employments/", "locations/"])
def test_nothing_without_signing_in(path):
    answer = APIClient().get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_sees_own_organizations_only(hr, stranger):
    assert [row["slug"] for row in api(hr).get("/api/v1/organizations/").json()["results"]] == ["de-vecht"]
    assert api(stranger).get("/api/v1/organizations/de-vecht/").status_code == 404


def test_an_administrator_changes_name_but_no_codes(admin, hr, employer):
    answer = api(admin).patch("/api/v1/organizations/de-vecht/", {"name": "De Vecht BV", "kvk": "12345678"})
    assert (answer.json()["name"], answer.json()["kvk"]) == ("De Vecht BV", "")
    assert api(hr).patch("/api/v1/organizations/de-vecht/", {"name": "x"}).status_code == 403


def test_gives_and_takes_a_role(admin, employer):
    person = UserFactory(email="bram@voorbeeld.test")
    body = {"organization": "de-vecht", "email": "Bram@Voorbeeld.test", "role": "hr_manager"}
    given = api(admin).post("/api/v1/memberships/", body)
    assert given.status_code == 201
    assert allows(type(person).objects.get(pk=person.pk), "enroll_staff", employer.pk)
    assert api(admin).post("/api/v1/memberships/", body).status_code == 409
    assert api(admin).delete(f"/api/v1/memberships/{given.json()['id']}/").status_code == 204
    assert not allows(type(person).objects.get(pk=person.pk), "enroll_staff", employer.pk)


def test_only_a_public_body_has_coordinators(admin, employer):
    """Who coordinates sees the needs of every employer: no employer's administrator can let somebody in."""
    UserFactory(email="bram@voorbeeld.test")
    body = {"organization": "de-vecht", "email": "bram@voorbeeld.test", "role": "coordinator"}
    answer = api(admin).post("/api/v1/memberships/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "role")
    employer.is_public_body = True
    employer.save()
    assert api(admin).post("/api/v1/memberships/", body).status_code == 201


def test_only_an_administrator_gives_roles(hr, stranger, employer):
    person = UserFactory()
    body = {"organization": "de-vecht", "email": person.email, "role": "org_admin"}
    assert api(hr).post("/api/v1/memberships/", body).status_code == 403
    answer = api(stranger).post("/api/v1/memberships/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "organization")
    assert not Membership.objects.filter(user=person).exists()


def test_the_last_administrator_stays(admin):
    membership = Membership.objects.get(user=admin)
    assert api(admin).delete(f"/api/v1/memberships/{membership.pk}/").status_code == 409


def test_foreign_memberships_are_not_there(admin, stranger):
    membership = Membership.objects.get(user=admin)
    assert api(stranger).get(f"/api/v1/memberships/{membership.pk}/").status_code == 404
    assert api(stranger).delete(f"/api/v1/memberships/{membership.pk}/").status_code == 404


def test_hr_finds_staff_by_name_and_number(hr, employer, django_assert_max_num_queries):
    EmploymentFactory(employer=employer, user__given_name="Gerrit", user__family_name="Wolters", personnel_number="P77")
    EmploymentFactory.create_batch(5, employer=employer)
    EmploymentFactory(user__family_name="Wolters")  # works elsewhere
    client = api(hr)
    with django_assert_max_num_queries(3):
        everybody = client.get("/api/v1/employments/?employer=de-vecht").json()["results"]
    assert len(everybody) == 6
    for search in ("wolt", "gerrit wolt", "p77"):
        found = client.get(f"/api/v1/employments/?search={search}").json()["results"]
        assert [row["personnel_number"] for row in found] == ["P77"], search


def test_hr_adds_changes_and_ends_an_employment(hr, employer):
    person = UserFactory(email="nieuw@voorbeeld.test")
    body = {
        "employer": "de-vecht",
        "email": "nieuw@voorbeeld.test",
        "personnel_number": "P1",
        "starts_on": "2026-01-01",
    }
    added = api(hr).post("/api/v1/employments/", body)
    assert added.status_code == 201
    path = f"/api/v1/employments/{added.json()['id']}/"
    assert api(hr).post("/api/v1/employments/", body).status_code == 409
    assert api(hr).patch(path, {"department": "Draaierij"}).json()["department"] == "Draaierij"
    assert api(hr).patch(path, {"email": "ander@voorbeeld.test"}).status_code == 400
    assert api(hr).post(f"{path}end/", {"ends_on": "2025-12-31"}).status_code == 400
    assert api(hr).post(f"{path}end/", {"ends_on": "2026-06-30"}).json()["ends_on"] == "2026-06-30"
    actions = AuditEntry.objects.filter(object_id=str(Employment.objects.get(user=person).pk)).order_by("id")
    assert [entry.action for entry in actions] == [
        "organizations.add_employment",
        "organizations.invite",
        "organizations.change_employment",
        "organizations.end_employment",
    ]


def test_a_personnel_number_is_given_once(hr, employer):
    EmploymentFactory(employer=employer, personnel_number="P1")
    other = EmploymentFactory(employer=employer, personnel_number="P2")
    answer = api(hr).patch(f"/api/v1/employments/{other.pk}/", {"personnel_number": "P1"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "personnel_number")


def test_staff_see_their_own_employment_only_and_change_nothing(employer, stranger):
    mine = EmploymentFactory(employer=employer)
    theirs = EmploymentFactory(employer=employer)
    client = api(mine.user)
    assert [row["id"] for row in client.get("/api/v1/employments/").json()["results"]] == [str(mine.pk)]
    assert client.get(f"/api/v1/employments/{theirs.pk}/").status_code == 404
    assert client.patch(f"/api/v1/employments/{mine.pk}/", {"job_title": "Directeur"}).status_code == 403
    assert client.post(f"/api/v1/employments/{mine.pk}/end/", {"ends_on": "2030-01-01"}).status_code == 403
    assert api(stranger).post(f"/api/v1/employments/{mine.pk}/end/", {"ends_on": "2030-01-01"}).status_code == 404


def test_everybody_reads_places_and_the_administrator_keeps_them(admin, stranger, employer):
    body = {"organization": "de-vecht", "name": "Hal 2", "city": "Hardenberg", "postal_code": "7772 BA"}
    made = api(admin).post("/api/v1/locations/", body)
    assert made.status_code == 201
    path = f"/api/v1/locations/{made.json()['id']}/"
    assert api(stranger).get(path).json()["city"] == "Hardenberg"
    assert api(stranger).patch(path, {"city": "Elders"}).status_code == 403
    assert api(stranger).delete(path).status_code == 403
    assert api(stranger).post("/api/v1/locations/", body | {"name": "Hal 3"}).status_code == 400
    assert api(admin).patch(path, {"city": "Coevorden"}).json()["city"] == "Coevorden"
    assert api(admin).post("/api/v1/locations/", body | {"name": "Hal 4", "postal_code": "7772ba"}).status_code == 400
    assert api(admin).delete(path).status_code == 204


def test_a_place_cannot_be_moved_to_an_organization_of_others(admin, stranger, employer):
    elsewhere = Membership.objects.get(user=stranger).organization
    place = Location.objects.create(organization=employer, name="Hal 2", city="Hardenberg")
    assert api(admin).patch(f"/api/v1/locations/{place.pk}/", {"organization": elsewhere.slug}).status_code == 400


@pytest.mark.parametrize("path", ["organizations", "memberships", "locations"])
def test_lists_take_few_queries(admin, employer, path, django_assert_max_num_queries):
    for number in range(5):
        person_with_role(employer, Role.HR_MANAGER)
        Location.objects.create(organization=employer, name=f"Hal {number}", city="Hardenberg")
        person = ProviderFactory()
        Location.objects.create(organization=person, name="Zaal", city="Emmen")
    client = api(admin)
    with django_assert_max_num_queries(2):
        assert client.get(f"/api/v1/{path}/").status_code == 200
