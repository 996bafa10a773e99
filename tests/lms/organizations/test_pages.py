"""Who administers an organization gives and takes roles on a page."""

import pytest

from lms.organizations.models import Membership
from lms.permissions.roles import Role
from tests.factories import OrganizationFactory, UserFactory, person_with_role

pytestmark = pytest.mark.django_db
PATH = "/organisaties/de-vecht/leden/"


@pytest.fixture
def employer():
    return OrganizationFactory(slug="de-vecht", name="Machinefabriek De Vecht")


@pytest.fixture
def admin(employer, client):
    user = person_with_role(employer, Role.ORG_ADMIN)
    type(user).objects.filter(pk=user.pk).update(language="en")
    client.force_login(user)
    return user


def test_a_role_that_cannot_be_had_here_is_not_offered(client, admin):
    assert 'value="coordinator"' not in client.get(PATH).content.decode()
    refused = client.post(PATH, {"email": UserFactory().email, "role": "coordinator"})
    assert "Select a valid choice" in refused.content.decode()
    assert not Membership.objects.filter(role=Role.COORDINATOR).exists()


def test_gives_and_takes_a_role(client, admin):
    person = UserFactory(email="bram@voorbeeld.test", given_name="Bram", family_name="de Vries")
    page = client.post(PATH, {"email": "bram@voorbeeld.test", "role": "hr_manager"}, follow=True).content.decode()
    assert "Bram de Vries now has the role HR manager." in page
    membership = Membership.objects.get(user=person)
    page = client.post(f"{PATH}{membership.pk}/intrekken/", follow=True).content.decode()
    assert "no longer has the role" in page
    assert not Membership.objects.filter(user=person).exists()


def test_says_why_not(client, admin):
    assert "Nobody has an account" in client.post(PATH, {"email": "x@y.test", "role": "teacher"}).content.decode()
    again = client.post(PATH, {"email": admin.email, "role": "org_admin"})
    assert "has that role already" in again.content.decode()
    own = Membership.objects.get(user=admin)
    page = client.post(f"{PATH}{own.pk}/intrekken/", follow=True).content.decode()
    assert "at least one administrator" in page


def test_without_the_permission_one_looks_and_does_not_touch(client, employer):
    hr = person_with_role(employer, Role.HR_MANAGER)
    client.force_login(hr)
    page = client.get(PATH).content.decode()
    assert hr.email in page
    assert 'name="role"' not in page
    other = UserFactory()
    assert client.post(PATH, {"email": other.email, "role": "teacher"}).status_code == 403
    own = Membership.objects.get(user=hr)
    assert client.post(f"{PATH}{own.pk}/intrekken/").status_code == 403


def test_a_stranger_finds_nothing(client, admin, employer):
    membership = Membership.objects.get(user=admin)
    client.force_login(person_with_role(OrganizationFactory(), Role.ORG_ADMIN))
    assert client.get(PATH).status_code == 404
    assert client.post(f"{PATH}{membership.pk}/intrekken/").status_code == 404


def test_the_list_takes_few_queries(client, admin, employer, django_assert_max_num_queries):
    for _number in range(6):
        person_with_role(employer, Role.TEACHER)
    with django_assert_max_num_queries(6):
        assert client.get(PATH).status_code == 200
    with django_assert_max_num_queries(6):
        assert "Machinefabriek De Vecht" in client.get("/organisaties/").content.decode()


def test_navigation_shows_organizations_to_who_has_one(client, admin):
    assert 'href="/organisaties/"' in client.get("/start/").content.decode()
    client.force_login(UserFactory())
    assert 'href="/organisaties/"' not in client.get("/start/").content.decode()


def test_admin_pages_go_through_the_services(client, employer):
    from allauth.mfa.totp.internal import auth as totp

    staff = UserFactory(is_staff=True, is_superuser=True)
    totp.TOTP.activate(staff, totp.generate_totp_secret())
    client.force_login(staff)
    for model in ("organization", "membership", "employment", "location"):
        assert client.get(f"/admin/organizations/{model}/").status_code == 200
    person = UserFactory()
    facts = {"user": person.pk, "organization": employer.pk, "role": "teacher"}
    assert client.post("/admin/organizations/membership/add/", facts).status_code == 302
    assert person.groups.count() == 1
    membership = Membership.objects.get(user=person)
    client.post(f"/admin/organizations/membership/{membership.pk}/delete/", {"post": "yes"})
    assert person.groups.count() == 0
