"""The door to a draft: found, locked, allowed, and still a draft."""

from uuid import UUID

from django.utils.translation import gettext as _

from courses.models import ModuleVersion
from courses.policies import can_edit_module
from lms.accounts.models import User
from lms.core.errors import Conflict, Forbidden, NotFound


def lock_version(by: User, version_id: UUID) -> ModuleVersion:
    """The version, locked until the transaction ends.

    Requires: an open transaction. Raises: NotFound where `by` may not see it.
    """
    visible = ModuleVersion.objects.visible_to(by).select_related("module__provider")
    version = visible.select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise NotFound
    return version


def lock_draft(by: User, version_id: UUID) -> ModuleVersion:
    """A draft that `by` may write, locked until the transaction ends.

    Requires: an open transaction. Raises: NotFound; Forbidden; Conflict when it is published.
    """
    version = lock_version(by, version_id)
    if not can_edit_module(by, version.module):
        raise Forbidden
    require_draft(version)
    return version


def require_draft(version: ModuleVersion) -> None:
    """Raises: Conflict when it is published."""
    if not version.is_draft:
        message = _("Version %(number)d is published and cannot change any more: make a new draft.")
        raise Conflict(message % {"number": version.number}, code="published")
