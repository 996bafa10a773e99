"""When a module is completed: the author's page of the rule, with its plain sentence."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.completion_rule import sentence, unreachable
from courses.models import ModuleVersion, Unit
from courses.services import authoring
from lms.core.errors import Conflict

from .access import draft_to_edit
from .rule_form import RuleForm


@login_required
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rule of a draft. Where a colleague saved meanwhile, both rules are shown and nothing is lost."""
    version = draft_to_edit(request, pk)
    form = RuleForm(request.POST or None, initial=RuleForm.values_of(version.rule, version.revision))
    if not form.is_valid():
        return _page(request, version, form)
    user: Any = request.user
    try:
        revision = form.cleaned_data["revision"]
        authoring.edit_version(by=user, version=version, revision=revision, facts={"rule": form.rule()})
    except Conflict as refused:
        if refused.code != "stale":
            raise
        version.refresh_from_db()
        return _page(request, version, form, stale=refused)
    messages.success(request, _("Saved."))
    return redirect("courses:rule", version.pk)


@login_required
@require_POST
def rule_sentence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sentence of what is in the form at this moment; nothing is kept."""
    version = draft_to_edit(request, pk)
    return render(request, "courses/authoring/rule_sentence.html", _words(version, RuleForm(request.POST)))


def _page(
    request: HttpRequest, version: ModuleVersion, form: RuleForm, *, stale: Conflict | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"version": version, "tab": "rule", "form": form, **_words(version, form)}
    if stale:
        pair = {"label": _("Completion rule"), "typed": sentence(form.rule()), "stored": sentence(version.rule)}
        context |= {"stale": stale.detail, "differences": [pair]}
        form.data = {**request.POST.dict(), "revision": version.revision}
    return render(request, "courses/authoring/rule.html", context, status=409 if stale else 200)


def _words(version: ModuleVersion, form: RuleForm) -> dict[str, Any]:
    """The sentence, and what nobody could meet; both of the stored rule as long as nothing is filled in."""
    if form.is_bound and not form.is_valid():
        return {"sentence": "", "problems": []}
    rule = form.rule() if form.is_bound else version.rule
    units = list(Unit.objects.filter(section__version=version).defer("data"))
    return {"sentence": sentence(rule), "problems": list(unreachable(rule, units))}
