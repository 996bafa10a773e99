"""Modules and offerings in and out as a file: upload, preview, confirm; template and export."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.exchange.access import exchanging_provider, exchanging_providers
from courses.exchange.exporting import exported, file_response
from courses.exchange.importing import MAX_BYTES
from courses.exchange.uploads import confirm_modules, upload_modules
from courses.exchange.workbook_file import write_workbook
from courses.models import ModuleImport
from courses.policies import can_see_own_modules
from lms.core.errors import Forbidden, Invalid
from lms.organizations.models import Organization

from .refusals import add_errors

SHOWN = 200


class ExchangeForm(forms.Form):
    """Which provider, which file."""

    provider = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Provider"), to_field_name="slug", empty_label=None
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or JSON, at most 10 MB."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.json"}),
    )

    def __init__(self, *args: Any, providers: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Download a template or an export; send a file, which leads to its preview."""
    user: Any = request.user
    if not can_see_own_modules(user):
        raise Forbidden
    providers = exchanging_providers(user)
    form = ExchangeForm(request.POST or None, request.FILES or None, providers=providers)
    if form.is_valid():
        asked = form.cleaned_data
        content = asked["file"].read(MAX_BYTES + 1)
        try:
            upload = upload_modules(by=user, provider=asked["provider"], content=content, file_name=asked["file"].name)
        except Invalid as refused:
            add_errors(form, refused)
        else:
            return redirect("courses:module_import", upload.pk)
    return render(request, "courses/exchange/exchange.html", {"form": form, "providers": providers[:SHOWN]})


@login_required
@never_cache
@require_safe
def module_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview; once confirmed, the result."""
    upload = _own(request, pk)
    report = upload.report
    lines = [line for line in report["lines"] if line["outcome"] != "unchanged"]
    context = {
        "upload": upload,
        "report": report,
        "lines": lines[:SHOWN],
        "lines_more": max(0, len(lines) - SHOWN),
        "problems": report["problems"][:SHOWN],
        "problems_more": max(0, len(report["problems"]) - SHOWN),
        "tiles": [(outcome, report["modules"][outcome], report["offerings"][outcome]) for outcome in report["modules"]],
    }
    return render(request, "courses/exchange/import.html", context)


@login_required
@require_POST
def confirm_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Carry it out."""
    user: Any = request.user
    confirm_modules(by=user, upload=_own(request, pk))
    return redirect("courses:module_import", pk)


@login_required
@require_safe
def exchange_template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with an explanation."""
    if not can_see_own_modules(request.user):
        raise Forbidden
    return file_response(write_workbook([], []), "xlsx", "modules-sjabloon")


@login_required
@never_cache
@require_safe
def exchange_export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The provider's modules and offerings as they are."""
    provider = exchanging_provider(request.user, slug)
    if not can_see_own_modules(request.user):
        raise Forbidden
    return file_response(exported(request.user, provider, kind), kind, f"modules-{provider.slug}")


def _own(request: HttpRequest, pk: UUID) -> ModuleImport:
    found = ModuleImport.objects.visible_to(request.user).select_related("provider").defer("content")
    return get_object_or_404(found, pk=pk)
