"""Pages of agreements, for both sides: what is left, the ledger line by line, and invoices."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enrollments.known_names import known_name_has, names_known_to, own_name_has
from enrollments.ledger import with_balances
from enrollments.models import Agreement, LedgerEntry
from enrollments.policies import (
    can_accept_agreement,
    can_correct_agreement,
    can_enter_invoices,
    can_manage_agreements_anywhere,
    can_propose,
)
from enrollments.services import agreements as verbs
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.web.paging import keyset_page

from .agreement_forms import ChangeForm, EndForm, LedgerFilterForm, PriceForm, ProposalForm
from .need_form import add_errors


@login_required
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Those of my organizations, latest start first."""
    if not can_manage_agreements_anywhere(request.user):
        raise Forbidden
    found = Agreement.objects.visible_to(request.user).select_related("employer", "provider")
    page = keyset_page(request, found, order=("-starts_on", "-id"), size=40)
    return render(request, "enrollments/agreements/agreements.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A proposal to the other side."""
    if not can_manage_agreements_anywhere(request.user):
        raise Forbidden
    form = ProposalForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            agreement = verbs.propose_agreement(by=_user(request), **form.facts)
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("Proposed. Agree on prices below; the other side can accept now."))
            return redirect("enrollments:agreement", agreement.pk)
    return render(request, "enrollments/agreements/propose.html", {"form": form})


@login_required
@require_safe
def agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One agreement: the terms, what is left, what I may do, and its ledger."""
    found = _agreement(request, pk)
    user = request.user
    form = LedgerFilterForm(request.GET)
    form.is_valid()
    entries = LedgerEntry.objects.filter(agreement=found).select_related(
        "enrollment__learner", "enrollment__version", "by"
    )
    if kind := form.cleaned_data.get("kind"):
        entries = entries.filter(kind=kind)
    for word in (form.cleaned_data.get("q") or "").split()[:8]:
        entries = entries.filter(_named(user, found, word))
    page = keyset_page(request, entries, size=40)
    adds = {"seats": can_propose(user, found.provider), "budget": can_propose(user, found.employer)}
    open_now = found.accepted_at is not None and found.ended_at is None
    limits = {"seats": found.seats_left is not None, "budget": found.budget_left is not None}
    adding = {name: adds[name] and limits[name] for name in limits}
    own_proposal = found.accepted_at is None and not found.ended_at and can_propose(user, found.proposing_side)
    context = {
        "agreement": found,
        "prices": found.prices.select_related("module").order_by("module__code"),
        "form": form,
        "page": page,
        "lines": _lines(user, found, list(page)),
        "may_accept": found.state == "proposed" and can_accept_agreement(user, found),
        "price_form": PriceForm(provider=found.provider) if own_proposal else None,
        "add_form": ChangeForm(correction=False, **adding) if open_now and any(adding.values()) else None,
        "correct_form": ChangeForm(correction=True, **limits)
        if open_now and can_correct_agreement(user, found)
        else None,
        "end_form": None if found.ended_at else EndForm(),
        "may_invoice": found.accepted_at is not None and can_enter_invoices(user, found.provider),
        "invoices": found.invoices.all()[:40],
    }
    return render(request, "enrollments/agreements/agreement.html", context)


def _reader(user: Any, agreement: Agreement) -> UUID | None:
    """The provider knows participants by their own names, the employer as it wrote them."""
    return None if can_propose(user, agreement.provider) else agreement.employer_id


def _named(user: Any, agreement: Agreement, word: str) -> Q:
    reader = _reader(user, agreement)
    path = "enrollment__learner"
    return known_name_has(word, reader, path) if reader else own_name_has(word, path)


def _lines(user: Any, agreement: Agreement, entries: list[LedgerEntry]) -> list[dict[str, Any]]:
    names = names_known_to(
        _reader(user, agreement), [entry.enrollment.learner for entry in entries if entry.enrollment]
    )
    return [
        line | {"name": names[line["entry"].enrollment.learner_id] if line["entry"].enrollment else ""}
        for line in with_balances(agreement, entries)
    ]


@login_required
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept what the other side proposed, as it was shown."""
    terms = request.POST.get("terms", "")
    done = _("Accepted: from now on it pays, within its period.")
    return _do(
        request,
        _agreement(request, pk),
        done,
        lambda found: verbs.accept_agreement(by=_user(request), agreement=found, terms=terms),
    )


@login_required
@require_POST
def price(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose a price for one module."""

    def verb(agreement: Agreement) -> None:
        form = PriceForm(request.POST, provider=agreement.provider)
        verbs.set_price(by=_user(request), agreement=agreement, **_checked(form))

    return _do(request, _agreement(request, pk), _("Saved."), verb)


@login_required
@require_POST
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """More seats or more budget."""
    form = ChangeForm(request.POST, seats=True, budget=True, correction=False)

    def verb(agreement: Agreement) -> None:
        _checked(form)
        verbs.add_to_agreement(by=_user(request), agreement=agreement, **form.facts)

    return _do(request, _agreement(request, pk), _("Added."), verb)


@login_required
@require_POST
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct the balance, with the reason."""
    form = ChangeForm(request.POST, seats=True, budget=True, correction=True)

    def verb(agreement: Agreement) -> None:
        _checked(form)
        verbs.correct_agreement(by=_user(request), agreement=agreement, **form.facts)

    return _do(request, _agreement(request, pk), _("Corrected."), verb)


@login_required
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End it early, take it back or refuse it."""
    reason = request.POST.get("reason", "")
    return _do(
        request,
        _agreement(request, pk),
        _("The agreement has ended."),
        lambda found: verbs.end_agreement(by=_user(request), agreement=found, reason=reason),
    )


def _do(request: HttpRequest, found: Agreement, done: str, verb: Callable[[Agreement], Any]) -> HttpResponse:
    """One verb on one agreement, and back to its page with what came of it."""
    try:
        verb(found)
    except (Invalid, Conflict) as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, done)
    return redirect("enrollments:agreement", found.pk)


def _checked(form: Any) -> dict[str, Any]:
    """Raises: Invalid with the first sentence of the form."""
    if not form.is_valid():
        name, sentences = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Invalid(f"{label}: {sentences[0]}")
    asked: dict[str, Any] = form.cleaned_data
    return asked


def _agreement(request: HttpRequest, pk: UUID) -> Agreement:
    visible = Agreement.objects.visible_to(request.user).select_related("employer", "provider")
    return get_object_or_404(visible, pk=pk)


def _user(request: HttpRequest) -> Any:
    return request.user
