"""Forms of agreements, their ledger and their invoices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Module
from enrollments.models import EntryKind
from lms.core.clock import today
from lms.organizations.models import Organization

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MONEY: dict[str, Any] = {"max_digits": 11, "decimal_places": 2, "required": False}


class ProposalForm(forms.Form):
    """What one side proposes to the other."""

    own = forms.ModelChoiceField(label=_("For"), queryset=Organization.objects.none(), to_field_name="slug")
    other = forms.ModelChoiceField(label=_("With"), queryset=Organization.objects.none(), to_field_name="slug")
    reference = forms.CharField(label=_("Name or number of the agreement"), max_length=80)
    starts_on = forms.DateField(label=_("From"), widget=DAY)
    ends_on = forms.DateField(label=_("Last day"), widget=DAY)
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=1_000_000, required=False, help_text=_("empty: no limit")
    )
    budget = forms.DecimalField(
        label=_("Budget ex VAT (EUR)"), min_value=Decimal("0.01"), help_text=_("empty: no limit"), **MONEY
    )
    release_days = forms.IntegerField(
        label=_("Free withdrawal until (days before the start)"),
        min_value=0,
        max_value=365,
        initial=0,
        help_text=_("who withdraws at least so many days before the start gives the seat back; later it is used"),
    )
    only_priced = forms.BooleanField(
        label=_("Only for modules with an agreed price"),
        required=False,
        help_text=_("else for all modules of the provider, at the price of the offering where none is agreed"),
    )

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        own: Any = self.fields["own"]
        own.queryset = Organization.objects.allowing(user, "manage_agreements").order_by("name")
        other: Any = self.fields["other"]
        other.queryset = Organization.objects.all().order_by("name")
        if own.queryset.count() == 1:
            only = own.queryset.get()
            own.initial = only.slug
            other.queryset = other.queryset.filter(**{("is_provider" if only.is_employer else "is_employer"): True})

    @property
    def facts(self) -> dict[str, Any]:
        """As the service takes them: who is the provider follows from who can be what."""
        asked = dict(self.cleaned_data)
        own, other = asked.pop("own"), asked.pop("other")
        by_provider = own.is_provider and (not own.is_employer or not other.is_provider)
        sides = {"provider": own, "employer": other} if by_provider else {"provider": other, "employer": own}
        return asked | sides | {"by_provider": by_provider}


class PriceForm(forms.Form):
    """What a module costs under a proposal."""

    module = forms.ModelChoiceField(label=_("Module"), queryset=Module.objects.none(), to_field_name="code")
    price = forms.DecimalField(label=_("Price ex VAT (EUR)"), min_value=Decimal(0), max_digits=9, decimal_places=2)

    def __init__(self, data: Any = None, *, provider: Organization) -> None:
        super().__init__(data)
        choice: Any = self.fields["module"]
        choice.queryset = Module.objects.filter(provider=provider, versions__published_at__isnull=False).distinct()
        choice.label_from_instance = lambda module: module.code


class ChangeForm(forms.Form):
    """More seats, more budget, or a correction."""

    seats = forms.IntegerField(label=_("Seats"), min_value=-1_000_000, max_value=1_000_000, required=False)
    budget = forms.DecimalField(label=_("Budget ex VAT (EUR)"), **MONEY)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, seats: bool, budget: bool, correction: bool) -> None:
        super().__init__(data, auto_id="correct_%s" if correction else "add_%s")
        if not seats:
            del self.fields["seats"]
        if not budget:
            del self.fields["budget"]
        self.fields["reason"].required = correction

    @property
    def facts(self) -> dict[str, Any]:
        """Zero where nothing was filled in."""
        asked = self.cleaned_data
        money = asked.get("budget") or Decimal(0)
        return {"seats": asked.get("seats") or 0, "budget": money, "reason": asked["reason"]}


class EndForm(forms.Form):
    """Why it ends."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class LedgerFilterForm(forms.Form):
    """Which lines."""

    is_filter = True
    q = forms.CharField(label=_("Name"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *EntryKind.choices], required=False)


class InvoiceForm(forms.Form):
    """An invoice from the provider's own bookkeeping."""

    number = forms.CharField(label=_("Invoice number"), max_length=40)
    dated_on = forms.DateField(label=_("Date"), widget=DAY, initial=today)
    due_on = forms.DateField(label=_("To be paid by"), widget=DAY, required=False)
    amount = forms.DecimalField(label=_("Amount ex VAT (EUR)"), min_value=Decimal(0), max_digits=11, decimal_places=2)
    vat = forms.DecimalField(label=_("VAT (EUR)"), min_value=Decimal(0), max_digits=11, decimal_places=2)


class PaidForm(forms.Form):
    """When it was paid."""

    paid_on = forms.DateField(label=_("Paid on"), widget=DAY, initial=today)
