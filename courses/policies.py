"""May this user do this to a module, a version, an offering or a session?"""

from typing import Any

from django.utils.translation import gettext as _

from lms.organizations.models import Organization
from lms.permissions.services import allows, anchors_allowing

from .models import Module, ModuleVersion, Offering, Programme, ReservedPlaces, Session


def can_see_own_modules(user: Any) -> bool:
    """Has a provider whose drafts one may see."""
    return bool(user.is_superuser or anchors_allowing(user, "view_drafts"))


def can_author_for(user: Any, provider: Organization) -> bool:
    """Starts a module for this provider."""
    return provider.is_provider and allows(user, "author_modules", provider.pk)


def can_edit_module(user: Any, module: Module) -> bool:
    """Writes its draft: facts, sections, units, pictures."""
    return _allows_on(user, "author_modules", module)


def can_view_draft(user: Any, version: ModuleVersion) -> bool:
    """Sees it before it is published."""
    return _allows_on(user, "view_drafts", version.module)


def can_view_answers(user: Any, version: ModuleVersion) -> bool:
    """Sees the raw content of units, so the answers of quizzes: its authors and reviewers, published or not."""
    return can_view_draft(user, version)


def can_review_some(user: Any) -> bool:
    """Reviews modules of some provider."""
    return bool(user.is_superuser or anchors_allowing(user, "review_modules"))


def review_objection(user: Any, version: ModuleVersion) -> str:
    """Why the user may not review this version, in one sentence; empty when nothing is against it (four eyes)."""
    if not allows(user, "review_modules", version.module.provider_id):
        return _("Only a reviewer or publisher of %(provider)s reviews this module.") % {
            "provider": version.module.provider
        }
    if version.authors.filter(pk=user.pk).exists() or version.reviews.filter(submitted_by=user.pk).exists():
        return _("You wrote or submitted this version yourself: a colleague reviews it.")
    return ""


def can_publish_version(user: Any, version: ModuleVersion) -> bool:
    """Publishes its draft."""
    return allows(user, "publish_modules", version.module.provider_id)


def can_retire_module(user: Any, module: Module) -> bool:
    """Takes it out of the offer and brings it back."""
    return allows(user, "publish_modules", module.provider_id)


def can_manage_module_members(user: Any, module: Module) -> bool:
    """Names co-authors and teachers: who writes for the provider, not who was named themselves."""
    return allows(user, "author_modules", module.provider_id)


def can_plan_offering(user: Any, provider: Organization) -> bool:
    """Plans, changes and cancels offerings of this provider."""
    return allows(user, "manage_offerings", provider.pk)


def can_set_prerequisites(user: Any, module: Module) -> bool:
    """Says what a module asks beforehand: it holds at once for everybody who enrolls, so a publisher does."""
    return allows(user, "publish_modules", module.provider_id)


def can_author_programmes(user: Any) -> bool:
    """Writes programmes for some provider."""
    return bool(user.is_superuser or anchors_allowing(user, "author_modules"))


def can_edit_programme(user: Any, programme: Programme) -> bool:
    """Writes it: facts and modules. What is published goes live at once, so then a publisher does."""
    permission = "publish_modules" if programme.published_at else "author_modules"
    return allows(user, permission, programme.provider_id)


def can_publish_programme(user: Any, programme: Programme) -> bool:
    """Publishes and retires it."""
    return allows(user, "publish_modules", programme.provider_id)


def can_view_learners(user: Any, module: Module) -> bool:
    """Sees who takes the module, in whichever offering."""
    return _allows_on(user, "view_participants", module)


def can_view_participants(user: Any, offering: Offering) -> bool:
    """Sees who takes part."""
    if allows(user, "view_participants", offering.provider_id):
        return True
    return allows(user, "view_participants", offering.version.module_id)


def can_plan_session(user: Any, offering: Offering) -> bool:
    """Plans, moves and cancels sessions of this offering."""
    return can_plan_offering(user, offering.provider)


def can_see_link(user: Any, session: Session) -> bool:
    """Sees the link to the digital classroom in time: its teacher, and staff of the provider or for this module.

    Participants are known one floor up: `enrollments.policies.can_join_session`.
    """
    return session.link_is_open and (teaches(user, session) or can_view_participants(user, session.offering))


def teaches(user: Any, session: Session) -> bool:
    """Is its teacher."""
    return bool(user.is_authenticated and session.teacher_id == user.pk)


def _allows_on(user: Any, permission: str, module: Module) -> bool:
    """By role at the provider, or as somebody named for this module."""
    return allows(user, permission, module.provider_id) or allows(user, permission, module.pk)


def can_hold_places_anywhere(user: Any) -> bool:
    """Enrolls for some employer, for which places may be held."""
    return bool(user.is_superuser or anchors_allowing(user, "enroll_staff"))


def can_give_up_places(user: Any, reserved: ReservedPlaces) -> bool:
    """Gives places that are held for an employer to everybody: the provider's planner, or who enrolls for it."""
    return allows(user, "manage_offerings", reserved.offering.provider_id) or allows(
        user, "enroll_staff", reserved.employer_id
    )
