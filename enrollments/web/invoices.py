"""Pages of invoices: a list for both sides, entering one and saying when it was paid for the provider."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enrollments.models import Agreement, Invoice, ReservationState, SeatReservation
from enrollments.policies import can_enter_invoices, can_manage_agreements_anywhere
from enrollments.services.invoicing import enter_invoice, mark_paid
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.permissions.services import anchors_allowing
from lms.web.paging import keyset_page

from .agreement_forms import InvoiceForm, PaidForm
from .need_form import add_errors

AT_ONCE = 200


@login_required
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """Those that my organizations sent or received, newest first."""
    if not can_manage_agreements_anywhere(request.user):
        raise Forbidden
    found = Invoice.objects.visible_to(request.user).select_related("employer", "provider", "agreement")
    page = keyset_page(request, found, order=("-dated_on", "-id"), size=40)
    keeps = set(anchors_allowing(request.user, "manage_agreements"))
    if request.user.is_superuser:
        keeps = {invoice.provider_id for invoice in page}
    context = {"page": page, "keeps": keeps, "paid_form": PaidForm()}
    return render(request, "enrollments/agreements/invoices.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_invoice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter an invoice of one agreement, and tick what it bills."""
    visible = Agreement.objects.visible_to(request.user).select_related("employer", "provider")
    agreement = get_object_or_404(visible, pk=pk)
    if not can_enter_invoices(request.user, agreement.provider):
        raise Forbidden
    unbilled = SeatReservation.objects.filter(agreement=agreement, invoice=None)
    unbilled = unbilled.exclude(state=ReservationState.RELEASED)
    sums = unbilled.aggregate(amount=Sum("amount"), vat=Sum("vat"))
    form = InvoiceForm(request.POST or None, initial=sums)
    if form.is_valid():
        try:
            enter_invoice(by=_user(request), agreement=agreement, enrollments=_ticked(request), **form.cleaned_data)
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("The invoice is entered."))
            return redirect("enrollments:invoices")
    rows = unbilled.select_related("enrollment__learner", "enrollment__version").order_by("enrollment")[:AT_ONCE]
    context = {"form": form, "agreement": agreement, "rows": rows}
    return render(request, "enrollments/agreements/new_invoice.html", context)


@login_required
@require_POST
def paid(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say on which day it was paid."""
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user), pk=pk)
    form = PaidForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the day on which it was paid."))
        return redirect("enrollments:invoices")
    try:
        mark_paid(by=_user(request), invoice=invoice, **form.cleaned_data)
    except Invalid as refused:
        messages.error(request, refused.detail)
    return redirect("enrollments:invoices")


def _ticked(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(pk) for pk in request.POST.getlist("enrollment")[:AT_ONCE]]
    except ValueError as error:
        raise Http404 from error


def _user(request: HttpRequest) -> Any:
    return request.user
