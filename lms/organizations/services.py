"""Verbs about authority: give and take roles, end an employment, keep grants equal to memberships."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.permissions import services as permissions
from lms.permissions.roles import Role

from .models import Employment, Membership, Organization
from .policies import can_manage_members, can_manage_staff


@transaction.atomic
def add_member(*, by: User | None, organization: Organization, user: User, role: str) -> Membership:
    """Give `user` a role in the organization. `by` None is the system (set-up, demo).

    Requires: manage_members. Raises: Forbidden; Conflict when they have the role. Audits: yes.
    """
    if by is not None and not can_manage_members(by, organization):
        raise Forbidden
    Organization.objects.select_for_update().get(pk=organization.pk)
    if role not in Role.values:
        raise Invalid(_("Choose a known role."), errors=[FieldError("role", "unknown", _("Choose a known role."))])
    membership, created = Membership.objects.get_or_create(organization=organization, user=user, role=role)
    if not created:
        raise Conflict(_("This person has that role already."))
    permissions.grant_role(user, role, organization)
    record_audit(
        "organizations.add_member",
        membership,
        changes={"role": (None, role), "user": (None, user.pk)},
        organization_id=organization.pk,
    )
    return membership


@transaction.atomic
def remove_member(*, by: User, membership: Membership) -> None:
    """Take a role away. The last administrator stays.

    Requires: manage_members. Raises: Forbidden; Conflict for the last administrator. Audits: yes.
    """
    organization = membership.organization
    if not can_manage_members(by, organization):
        raise Forbidden
    Organization.objects.select_for_update().get(pk=organization.pk)
    admins = Membership.objects.filter(organization=organization, role=Role.ORG_ADMIN)
    if membership.role == Role.ORG_ADMIN and admins.count() == 1:
        raise Conflict(_("An organization keeps at least one administrator: appoint another one first."))
    permissions.revoke_role(membership.user, membership.role, organization)
    record_audit(
        "organizations.remove_member",
        membership,
        changes={"role": (membership.role, None), "user": (membership.user_id, None)},
        organization_id=organization.pk,
    )
    membership.delete()


@transaction.atomic
def end_employment(*, by: User, employment: Employment, ends_on: date) -> Employment:
    """The person leaves: `ends_on` is the last day. They keep everything; the employer sees nothing newer.

    Requires: manage_staff. Raises: Forbidden; Invalid when before the start. Audits: yes.
    """
    if not can_manage_staff(by, employment.employer):
        raise Forbidden
    employment = Employment.objects.select_for_update(of=("self",)).select_related("employer").get(pk=employment.pk)
    if ends_on < employment.starts_on:
        message = _("The last day lies before the first day (%(day)s).") % {"day": employment.starts_on}
        raise Invalid(message, errors=[FieldError("ends_on", "before_start", message)])
    record_audit(
        "organizations.end_employment",
        employment,
        changes={"ends_on": (employment.ends_on, ends_on)},
        organization_id=employment.employer_id,
    )
    employment.ends_on = ends_on
    employment.save(update_fields=["ends_on"])
    return employment


def expected_grants() -> dict[str, tuple[models.Model, str, set[Any]]]:
    """What memberships say: group name -> (organization, role, ids of its users)."""
    expected: dict[str, tuple[models.Model, str, set[Any]]] = {}
    for membership in Membership.objects.select_related("organization"):
        name = permissions.group_name(membership.organization, membership.role)
        _anchor, _role, users = expected.setdefault(name, (membership.organization, membership.role, set()))
        users.add(membership.user_id)
    return expected
