"""Four eyes: an author submits a draft, a colleague who had no hand in it approves it or asks for changes."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses import events
from courses.models import Decision, ModuleVersion, Review
from courses.policies import can_edit_module, review_objection
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden
from lms.events.services import record

from .drafts import lock_version, require_draft, require_editable
from .publishing import require_publishable
from .retiring import require_in_offer
from .validity import refuse, require_storable

LONGEST_REQUEST = 4_000  # characters
LONGEST_NOTES = 10_000
ANNOUNCED = {Decision.APPROVED: events.VERSION_APPROVED, Decision.CHANGES_REQUESTED: events.CHANGES_REQUESTED}


@transaction.atomic
def submit_for_review(*, by: User, version: ModuleVersion, request: str = "") -> Review:
    """Hand a draft to the reviewers of the provider, with a note if one likes. It does not change meanwhile.

    Requires: author_modules; a draft with an empty publish check. Raises: NotFound; Forbidden; Conflict when it is
    published, with a reviewer, or of a retired module; Invalid with everything that is missing. Emits:
    module_version.submitted.
    """
    draft = lock_version(by, version.pk)
    if not can_edit_module(by, draft.module):
        raise Forbidden
    require_editable(draft)
    require_in_offer(draft.module)
    _require_words("request", request, LONGEST_REQUEST)
    require_publishable(draft)
    review = Review.objects.create(version=draft, submitted_by=by, request=request)
    draft.submitted_at = review.submitted_at
    draft.save(update_fields=["submitted_at"])
    record_audit("courses.submit_for_review", draft, organization_id=draft.module.provider_id)
    _announce(events.VERSION_SUBMITTED, review)
    return review


@transaction.atomic
def take_back(*, by: User, version: ModuleVersion) -> Review:
    """An author goes on writing: the review ends, and so does an approval.

    Requires: author_modules; a draft in review or approved. Raises: NotFound; Forbidden; Conflict.
    """
    draft = lock_version(by, version.pk)
    if not can_edit_module(by, draft.module):
        raise Forbidden
    return _decide(by, draft, Decision.TAKEN_BACK)


@transaction.atomic
def request_changes(*, by: User, version: ModuleVersion, notes: str) -> Review:
    """A reviewer sends a draft back, saying what should change. An approval given before ends.

    Requires: review_modules at the provider, no hand in this draft; a draft in review or approved. Raises: NotFound;
    Forbidden; Conflict; Invalid without notes. Emits: module_version.changes_requested.
    """
    draft = _lock_for_review(by, version)
    if not (isinstance(notes, str) and notes.strip()):
        refuse([FieldError("notes", "empty", _("Write what should change, so that the author can mend it."))])
    return _decide(by, draft, Decision.CHANGES_REQUESTED, notes)


@transaction.atomic
def approve_version(*, by: User, version: ModuleVersion, notes: str = "") -> Review:
    """A reviewer finds a draft good: a publisher may publish it.

    Requires: review_modules at the provider, no hand in this draft; a draft in review. Raises: NotFound; Forbidden;
    Conflict. Emits: module_version.approved.
    """
    draft = _lock_for_review(by, version)
    if draft.approved_at:
        raise Conflict(_("Version %(number)d is approved already.") % {"number": draft.number}, code="approved")
    return _decide(by, draft, Decision.APPROVED, notes)


def _lock_for_review(by: User, version: ModuleVersion) -> ModuleVersion:
    draft = lock_version(by, version.pk)
    objection = review_objection(by, draft)
    if objection:
        raise Forbidden(objection)
    return draft


def _decide(by: User, draft: ModuleVersion, decision: Decision, notes: str = "") -> Review:
    """Close the open round; what comes after an approval is a round of its own, so that history stays whole."""
    require_draft(draft)
    if draft.submitted_at is None:
        message = _("Version %(number)d is not with a reviewer: its author has to submit it first.")
        raise Conflict(message % {"number": draft.number}, code="not_in_review")
    _require_words("notes", notes, LONGEST_NOTES)
    review = draft.reviews.open().first() or _another_round(draft)
    review.decision, review.decided_by, review.decided_at, review.notes = decision, by, now(), notes
    review.save()
    approved = decision == Decision.APPROVED
    draft.approved_at = review.decided_at if approved else None
    draft.submitted_at = draft.submitted_at if approved else None
    draft.save(update_fields=["approved_at", "submitted_at"])
    changes: dict[str, tuple[Any, Any]] = {"decision": (None, str(decision))}
    record_audit("courses.decide_review", draft, changes=changes, organization_id=draft.module.provider_id)
    if decision in ANNOUNCED:
        _announce(ANNOUNCED[decision], review)
    return review


def _another_round(draft: ModuleVersion) -> Review:
    approved = draft.reviews.filter(decision=Decision.APPROVED).latest("id")
    return Review(version=draft, submitted_by_id=approved.submitted_by_id, submitted_at=approved.submitted_at)


def _require_words(name: str, text: str, longest: int) -> None:
    require_storable(name, text)
    if len(text) > longest:
        message = _("This is too long: use at most %(longest)d characters.") % {"longest": longest}
        refuse([FieldError(name, "long", message)])


def _announce(event: str, review: Review) -> None:
    module = review.version.module
    record(event, review.version_id, {"module": module.pk, "provider": module.provider_id, "review": review.pk})
