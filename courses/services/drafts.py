"""The door to a draft: found, locked, allowed, still a draft and in nobody's review. Who comes through is an author."""

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
    """A draft that `by` is about to change, locked until the transaction ends; `by` is one of its authors from now on.

    Requires: an open transaction. Raises: NotFound; Forbidden; Conflict when it is published, in review or approved.
    """
    version = lock_version(by, version_id)
    if not can_edit_module(by, version.module):
        raise Forbidden
    require_editable(version)
    version.authors.add(by)
    return version


def require_draft(version: ModuleVersion) -> None:
    """Raises: Conflict when it is published."""
    if not version.is_draft:
        message = _("Version %(number)d is published and cannot change any more: make a new draft.")
        raise Conflict(message % {"number": version.number}, code="published")


def require_editable(version: ModuleVersion) -> None:
    """Raises: Conflict when it is published, in review or approved."""
    require_draft(version)
    if not version.is_editable:
        message = _("Version %(number)d is with a reviewer and does not change meanwhile: take it back first.")
        raise Conflict(message % {"number": version.number}, code="in_review")
