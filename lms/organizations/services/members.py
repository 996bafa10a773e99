"""Verbs about authority: give and take roles."""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.organizations.models import Membership, Organization
from lms.organizations.policies import can_manage_members
from lms.permissions import services as permissions
from lms.permissions.roles import Role


def roles_of(organization: Organization) -> list[str]:
    """The roles that can be had in it: who coordinates the region does so for a public body."""
    return [role for role in Role.values if role != Role.COORDINATOR or organization.is_public_body]


@transaction.atomic
def add_member(*, by: User | None, organization: Organization, user: User, role: str) -> Membership:
    """Give `user` a role in the organization. `by` None is the system (set-up, demo).

    Requires: manage_members; a coordinator sees the needs of the whole region, so only a public body has those. Raises:
    Forbidden; Invalid; Conflict when they have the role. Audits: yes.
    """
    if by is not None and not can_manage_members(by, organization):
        raise Forbidden
    Organization.objects.select_for_update().get(pk=organization.pk)
    if role not in Role.values:
        raise Invalid(_("Choose a known role."), errors=[FieldError("role", "unknown", _("Choose a known role."))])
    if role not in roles_of(organization):
        where = _("Only a public body has hub coordinators.")
        raise Invalid(where, errors=[FieldError("role", "not_here", where)])
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


def membership_grants() -> Iterator[tuple[models.Model, str, Any]]:
    """What memberships say: organization, role and the id of who has it."""
    for membership in Membership.objects.select_related("organization"):
        yield membership.organization, membership.role, membership.user_id
