"""Four eyes in the browser: what waits for a reviewer, and the rounds of one version with what one may do now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.models import ModuleVersion, Review
from courses.policies import can_edit_module, can_publish_version, can_review_some, review_objection
from courses.services import reviewing
from courses.services.publishing import publish_check
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.web.paging import keyset_page

from .access import own_version
from .forms import NotesForm, RequestForm
from .refusals import add_errors

SHOWN = 50


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this reviewer, longest first; then one's own that wait for a colleague, and what to publish."""
    if not can_review_some(request.user):
        raise Forbidden
    user: Any = request.user
    rounds = Review.objects.select_related("version__module__provider", "submitted_by")
    waiting = rounds.waiting_for(user)
    elsewhere = rounds.visible_to(user).open().exclude(pk__in=waiting.values("pk"))
    approved = ModuleVersion.objects.approved().publishable_by(user).select_related("module__provider")
    context = {
        "page": keyset_page(request, waiting, order=("id",)),
        "elsewhere": elsewhere.order_by("id")[:SHOWN],
        "approved": approved.order_by("approved_at")[:SHOWN],
    }
    return render(request, "courses/authoring/reviews.html", context)


@login_required
@require_safe
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """State, rounds with notes, and what one may do now; what one may not, with the reason."""
    return _page(request, own_version(request, pk))


@login_required
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand the draft to the reviewers."""
    version, form = own_version(request, pk), RequestForm(request.POST)
    said = _("Submitted: the reviewers of %(provider)s are told by mail.") % {"provider": version.module.provider}
    return _do(request, version, form, reviewing.submit_for_review, said)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on writing."""
    reviewing.take_back(by=_user(request), version=own_version(request, pk))
    messages.success(request, _("Taken back: you can change the draft again."))
    return redirect("courses:review", pk)


@login_required
@require_POST
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Find it good."""
    version, form = own_version(request, pk), NotesForm(request.POST)
    return _do(request, version, form, reviewing.approve_version, _("Approved: it can be published now."))


@login_required
@require_POST
def request_changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send it back with notes."""
    version, form = own_version(request, pk), NotesForm(request.POST)
    return _do(request, version, form, reviewing.request_changes, _("Sent back: the author is told by mail."))


def _do(request: HttpRequest, version: ModuleVersion, form: Any, verb: Any, said: str) -> HttpResponse:
    if not form.is_valid():
        return _page(request, version, form)
    try:
        verb(by=_user(request), version=version, **form.cleaned_data)
    except Conflict as refused:
        messages.error(request, refused.detail)
    except Invalid as refused:
        add_errors(form, refused)
        return _page(request, version, form)
    else:
        messages.success(request, said)
    return redirect("courses:review", version.pk)


def _page(request: HttpRequest, version: ModuleVersion, form: Any = None) -> HttpResponse:
    user = _user(request)
    editable = version.is_editable
    context = {
        "version": version,
        "tab": "review",
        "rounds": version.reviews.select_related("submitted_by", "decided_by"),
        "missing": len(publish_check(version)) if version.is_draft else 0,
        "may_edit": can_edit_module(user, version.module),
        "may_publish": can_publish_version(user, version),
        "objection": "" if editable else review_objection(user, version),
        "form": form or (RequestForm() if editable else NotesForm()),
    }
    return render(request, "courses/authoring/review.html", context, status=400 if form else 200)


def _user(request: HttpRequest) -> Any:
    return request.user
