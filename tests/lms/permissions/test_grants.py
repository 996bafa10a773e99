"""Grants are derived from memberships, on anchors only, and `sync_grants --check` proves it."""

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from guardian.models import GroupObjectPermission
from guardian.shortcuts import assign_perm

from lms.accounts.models import User
from lms.organizations.models import Membership
from lms.organizations.services import remove_member
from lms.permissions.roles import ANCHOR_PERMISSIONS, ROLE_PERMISSIONS, ModuleRole, Role
from lms.permissions.services import allows, anchors_allowing, group_name
from lms.permissions.sources import expected_grants
from tests.factories import OrganizationFactory, ProviderFactory, UserFactory, person_with_role

pytestmark = pytest.mark.django_db

# The whole table once more, so that a change of what a role may do is a change of two files that somebody reads.
ROLE_TABLE = {
    "hr_manager": "view_members view_staff manage_staff enroll_staff approve_requests manage_rules "
    "manage_agreements post_needs view_reports",
    "teacher": "view_members view_drafts author_modules view_participants view_certificates",
    "publisher": "view_members view_drafts author_modules review_modules publish_modules manage_offerings "
    "manage_agreements answer_needs view_participants view_certificates revoke_certificates",
    "reviewer": "view_members view_drafts review_modules",
    "coordinator": "view_members bundle_needs view_regional_figures",
    "org_admin": "view_members manage_members manage_organization",
    "co_author": "view_drafts author_modules",
    "module_teacher": "view_drafts view_participants",
}


def check():
    """What `sync_grants --check` says."""
    output = io.StringIO()
    try:
        call_command("sync_grants", "--check", stdout=output)
    except CommandError as error:
        output.write(str(error))
    return output.getvalue()


@pytest.fixture
def employer():
    return OrganizationFactory(slug="metaal")


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


def test_the_role_table_is_the_one_that_was_agreed():
    assert {role: set(permissions.split()) for role, permissions in ROLE_TABLE.items()} == {
        str(role): set(permissions) for role, permissions in ROLE_PERMISSIONS.items()
    }
    assert set(ROLE_PERMISSIONS) == {*Role.values, *ModuleRole.values}
    assert set().union(*ROLE_PERMISSIONS.values()) <= set(ANCHOR_PERMISSIONS)


def test_the_whole_grant_table_of_two_organizations(employer):
    """Every stored grant, one by one: each role group holds its row of the table on its own anchor, nothing else."""
    school = ProviderFactory()
    wanted = set()
    for organization in (employer, school):
        for role in Role.values:
            person_with_role(organization, role)
            wanted |= {
                (group_name(organization, role), str(organization.pk), permission)
                for permission in ROLE_TABLE[role].split()
            }
    stored = GroupObjectPermission.objects.values_list("group__name", "object_pk", "permission__codename")
    assert set(stored) == wanted
    assert len(stored) == len(wanted)


def test_authority_ends_at_the_organization(hr, employer):
    other = OrganizationFactory()
    assert allows(hr, "enroll_staff", employer.pk)
    assert not allows(hr, "enroll_staff", other.pk)
    assert not allows(hr, "publish_modules", employer.pk)
    assert anchors_allowing(hr, "enroll_staff") == [employer.pk]


def test_a_global_permission_opens_nothing(employer):
    """The trap of guardian's get_objects_for_user: a model permission without an object would give every tenant."""
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="enroll_staff"))
    assert not allows(User.objects.get(pk=person.pk), "enroll_staff", employer.pk)
    assert anchors_allowing(User.objects.get(pk=person.pk), "enroll_staff") == []


def test_someone_who_is_no_longer_active_may_nothing(hr, employer):
    hr.is_active = False
    assert not allows(hr, "enroll_staff", employer.pk)


def test_permissions_are_read_once_per_person(hr, employer, django_assert_num_queries):
    person = User.objects.get(pk=hr.pk)
    with django_assert_num_queries(1):
        for _ in range(50):
            allows(person, "enroll_staff", employer.pk)


def test_a_role_that_is_taken_away_is_gone_at_once(hr, employer):
    admin = person_with_role(employer, Role.ORG_ADMIN)
    remove_member(by=admin, membership=Membership.objects.get(user=hr, organization=employer))
    assert not allows(User.objects.get(pk=hr.pk), "enroll_staff", employer.pk)
    assert "are equal" in check()


def test_equal_grants_are_called_equal(hr):
    assert check() == "1 groups are equal to the memberships.\n"


def test_a_missing_member_is_found_and_mended(hr, employer):
    hr.groups.clear()
    assert f"{group_name(employer, Role.HR_MANAGER)}: {hr.pk} is missing" in check()
    call_command("sync_grants", stdout=io.StringIO())
    assert "are equal" in check()
    assert allows(User.objects.get(pk=hr.pk), "enroll_staff", employer.pk)


def test_a_surplus_member_is_found_and_mended(hr, employer):
    intruder = UserFactory()
    intruder.groups.add(Group.objects.get(name=group_name(employer, Role.HR_MANAGER)))
    assert f"{intruder.pk} is one too many" in check()
    call_command("sync_grants", stdout=io.StringIO())
    assert not allows(User.objects.get(pk=intruder.pk), "enroll_staff", employer.pk)


def test_a_missing_grant_is_found_and_mended(hr, employer):
    GroupObjectPermission.objects.filter(permission__codename="enroll_staff").delete()
    assert "the grants differ from the role table" in check()
    call_command("sync_grants", stdout=io.StringIO())
    assert allows(User.objects.get(pk=hr.pk), "enroll_staff", employer.pk)


def test_a_surplus_grant_is_found_and_mended(hr, employer):
    assign_perm("publish_modules", Group.objects.get(name=group_name(employer, Role.HR_MANAGER)), employer)
    assert "the grants differ from the role table" in check()
    call_command("sync_grants", stdout=io.StringIO())
    assert not allows(User.objects.get(pk=hr.pk), "publish_modules", employer.pk)


def test_a_grant_to_a_person_or_to_another_group_is_found_and_mended(employer):
    assign_perm("enroll_staff", UserFactory(), employer)
    assign_perm("enroll_staff", Group.objects.create(name="friends"), employer)
    assert check().count("granted past the roles") == 2
    call_command("sync_grants", stdout=io.StringIO())
    assert "are equal" in check()


def test_a_group_nobody_should_be_in_any_more_is_found(hr):
    Membership.objects.all().delete()
    assert expected_grants() == {}
    assert "is one too many" in check()
    call_command("sync_grants", stdout=io.StringIO())
    assert not Group.objects.exists()
