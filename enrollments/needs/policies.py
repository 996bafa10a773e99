"""Who posts, bundles and answers training needs."""

from typing import Any

from enrollments.models import NeedBundle
from lms.organizations.models import Organization
from lms.organizations.policies import can_view_staff
from lms.permissions.services import allows, anchors_allowing


def can_post_needs(user: Any, employer: Organization) -> bool:
    """Says what training this employer needs, takes it back, accepts what is reserved for it."""
    return employer.is_employer and allows(user, "post_needs", employer.pk)


def can_post_needs_anywhere(user: Any) -> bool:
    """Is HR of some employer."""
    return bool(user.is_superuser or anchors_allowing(user, "post_needs"))


def can_bundle_needs(user: Any) -> bool:
    """Coordinates the region: sees the needs of all employers and puts similar ones together."""
    return bool(user.is_superuser or anchors_allowing(user, "bundle_needs"))


def can_answer_needs(user: Any, provider: Organization) -> bool:
    """Answers bundles with offerings of this provider."""
    return provider.is_provider and allows(user, "answer_needs", provider.pk)


def can_answer_needs_anywhere(user: Any) -> bool:
    """Answers for some provider."""
    return bool(user.is_superuser or anchors_allowing(user, "answer_needs"))


def can_bundle_for(user: Any, coordinator: Organization) -> bool:
    """Bundles in the name of this hub or public body."""
    return allows(user, "bundle_needs", coordinator.pk)


def can_change_bundle(user: Any, bundle: NeedBundle) -> bool:
    """Fills it, puts it to providers, closes it."""
    return allows(user, "bundle_needs", bundle.coordinator_id)


def can_view_skill_gap(user: Any, employer: Organization) -> bool:
    """Sees what functions need against what people completed, and who: HR, who sees the staff and posts needs."""
    return can_post_needs(user, employer) and can_view_staff(user, employer)
