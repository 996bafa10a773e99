"""What this app does when it announced a fact: keep the catalogue equal in the same instant, tell people afterwards."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from lms.accounts.models import User
from lms.core.texts import localized
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify
from lms.permissions.roles import roles_allowing

from .models import Decision, Module, Review
from .services.indexing import index_module


def show_in_catalogue(event: DomainEvent) -> None:
    """A module was published, retired or brought back."""
    module = Module.objects.filter(pk=event.payload.get("module", event.subject_id)).first()
    if module is not None:
        index_module(module)


def ask_reviewers(event: DomainEvent) -> None:
    """`module_version.submitted`: a draft waits for everybody at the provider who may review it."""
    review = _review(event)
    if review is None or review.decided_at:
        return
    reviewers = User.objects.filter(
        memberships__organization=review.version.module.provider_id,
        memberships__role__in=roles_allowing("review_modules"),
        is_active=True,
    ).distinct()
    had_a_hand = Q(pk__in=review.version.authors.values("pk")) | Q(pk__in=review.version.reviews.values("submitted_by"))
    with transaction.atomic():
        notify([_notice("review_asked", reviewer, review) for reviewer in reviewers.exclude(had_a_hand)])


def tell_changes_requested(event: DomainEvent) -> None:
    """`module_version.changes_requested`: who submitted it goes on writing."""
    _tell_submitter("changes_requested", Decision.CHANGES_REQUESTED, event)


def tell_approved(event: DomainEvent) -> None:
    """`module_version.approved`: who submitted it hears that it may be published."""
    _tell_submitter("version_approved", Decision.APPROVED, event)


def _tell_submitter(kind: str, decision: Decision, event: DomainEvent) -> None:
    review = _review(event)
    if review is not None and review.decision == decision:
        with transaction.atomic():
            notify([_notice(kind, review.submitted_by, review)])


def _review(event: DomainEvent) -> Review | None:
    """The round, unless its draft was thrown away meanwhile."""
    found = Review.objects.select_related("version__module__provider", "submitted_by", "decided_by")
    return found.filter(pk=event.payload["review"]).first()


def _notice(kind: str, recipient: User, review: Review) -> Notice:
    version = review.version
    with translation.override(recipient.language):
        context: dict[str, Any] = {
            "title": localized(version.title),
            "number": version.number,
            "provider": version.module.provider.name,
            "submitter": review.submitted_by.full_name,
            "reviewer": review.decided_by.full_name if review.decided_by else "",
            "request": review.request,
            "notes": review.notes,
            "path": reverse("courses:review", args=[version.pk]),
        }
    return Notice(kind, recipient.pk, str(review.pk), context)
