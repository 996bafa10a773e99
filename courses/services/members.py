"""Named people of one module: co-authors, who write its draft, and teachers, who see its participants."""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from courses.models import Module, ModuleMember
from courses.policies import can_manage_module_members
from lms.accounts.models import User, normalize_email
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.permissions import services as permissions
from lms.permissions.roles import ModuleRole

from .validity import refuse


@transaction.atomic
def add_module_member(*, by: User, module: Module, email: str, role: str) -> ModuleMember:
    """Name somebody with an account, of whichever organization, co-author or teacher of this one module.

    Requires: author_modules at the provider. Raises: NotFound; Forbidden; Invalid when nobody can be added by this
    address; Conflict when they have the role already. Audits: yes.
    """
    locked = _lock(by, module)
    if role not in ModuleRole.values:
        refuse([FieldError("role", "unknown", _("Choose a known role."))])
    user = User.objects.filter(email=normalize_email(email), is_active=True).first()
    if user is None:
        message = _("Nobody can be added by this address: check it, or ask them to create an account first.")
        raise Invalid(message, errors=[FieldError("email", "unknown", message)])
    member, created = ModuleMember.objects.get_or_create(module=locked, user=user, role=role)
    if not created:
        message = _("This person has that role in this module already.")
        raise Conflict(message, code="member", errors=[FieldError("email", "member", message)])
    permissions.grant_role(user, role, locked)
    _audit("courses.add_module_member", member, (None, role), (None, user.pk))
    return member


@transaction.atomic
def remove_module_member(*, by: User, member: ModuleMember) -> None:
    """Take the role away.

    Requires: author_modules at the provider. Raises: NotFound; Forbidden. Audits: yes.
    """
    _lock(by, member.module)
    found = ModuleMember.objects.select_related("user", "module").filter(pk=member.pk).first()
    if found is None:
        raise NotFound
    permissions.revoke_role(found.user, found.role, found.module)
    _audit("courses.remove_module_member", found, (found.role, None), (found.user_id, None))
    found.delete()


def member_grants() -> Iterator[tuple[models.Model, str, Any]]:
    """What the rows say about who may do what in which module."""
    for member in ModuleMember.objects.select_related("module"):
        yield member.module, member.role, member.user_id


def _lock(by: User, module: Module) -> Module:
    locked = Module.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=module.pk).first()
    if locked is None:
        raise NotFound
    if not can_manage_module_members(by, locked):
        raise Forbidden
    return locked


def _audit(action: str, member: ModuleMember, role: tuple[Any, Any], user: tuple[Any, Any]) -> None:
    changes = {"role": role, "user": user}
    record_audit(action, member, changes=changes, organization_id=member.module.provider_id)
