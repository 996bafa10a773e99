"""What each role may do in its organization: the one table.

A permission is a codename on the anchor (an organization, or a module for a co-author or named teacher). Leaves such as
modules, enrollments and certificates inherit it through their foreign keys. Being employed is no role, and what is
one's own needs none.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModuleRole(models.TextChoices):
    """What a named person may do in one module, whichever organization they belong to."""

    CO_AUTHOR = "co_author", _("co-author")
    MODULE_TEACHER = "module_teacher", _("teacher of this module")


class Role(models.TextChoices):
    """A person's authority in one organization."""

    HR_MANAGER = "hr_manager", _("HR manager")
    TEACHER = "teacher", _("teacher")
    PUBLISHER = "publisher", _("publisher")
    REVIEWER = "reviewer", _("reviewer")
    COORDINATOR = "coordinator", _("hub coordinator")
    ORG_ADMIN = "org_admin", _("administrator of the organization")


ANCHOR_PERMISSIONS = {
    "view_members": _("sees who has which role"),
    "manage_members": _("gives and takes roles"),
    "manage_organization": _("changes the organization's data and locations"),
    "view_staff": _("sees the employer's staff"),
    "manage_staff": _("changes the employer's staff"),
    "enroll_staff": _("enrolls the employer's staff"),
    "approve_requests": _("decides on requests of the employer's staff"),
    "manage_rules": _("says what training the employer's staff must have"),
    "manage_agreements": _("makes and keeps agreements on seats and money"),
    "post_needs": _("says what training the employer needs"),
    "view_reports": _("sees the employer's reports and funding evidence"),
    "bundle_needs": _("bundles the training needs of employers"),
    "view_regional_figures": _("sees figures of the region"),
    "answer_needs": _("answers training needs with offerings"),
    "view_drafts": _("sees modules that are not published"),
    "author_modules": _("writes modules"),
    "review_modules": _("reviews modules that colleagues wrote"),
    "publish_modules": _("publishes modules"),
    "manage_offerings": _("plans offerings"),
    "view_participants": _("sees who takes part and how far they are"),
    "view_certificates": _("sees the certificates the provider issued"),
    "revoke_certificates": _("revokes and replaces certificates"),
}

# Those that also mean something on a single module.
MODULE_PERMISSIONS = {name: ANCHOR_PERMISSIONS[name] for name in ("view_drafts", "author_modules", "view_participants")}

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.HR_MANAGER: frozenset(
        {
            "view_members",
            "view_staff",
            "manage_staff",
            "enroll_staff",
            "approve_requests",
            "manage_rules",
            "manage_agreements",
            "post_needs",
            "view_reports",
        }
    ),
    Role.TEACHER: frozenset(
        {"view_members", "view_drafts", "author_modules", "view_participants", "view_certificates"}
    ),
    Role.PUBLISHER: frozenset(
        {
            "view_members",
            "view_drafts",
            "author_modules",
            "review_modules",
            "publish_modules",
            "manage_offerings",
            "manage_agreements",
            "answer_needs",
            "view_participants",
            "view_certificates",
            "revoke_certificates",
        }
    ),
    Role.REVIEWER: frozenset({"view_members", "view_drafts", "review_modules"}),
    Role.COORDINATOR: frozenset({"view_members", "bundle_needs", "view_regional_figures"}),
    Role.ORG_ADMIN: frozenset({"view_members", "manage_members", "manage_organization"}),
    ModuleRole.CO_AUTHOR: frozenset({"view_drafts", "author_modules"}),
    ModuleRole.MODULE_TEACHER: frozenset({"view_drafts", "view_participants"}),
}


def roles_allowing(permission: str) -> list[str]:
    """The roles that give it."""
    return [str(role) for role, permitted in ROLE_PERMISSIONS.items() if permission in permitted]
