"""Own modules: the list, a new one, its facts and skills, its drafts, publishing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.kinds import KINDS
from courses.models import Module, ModuleVersion, Occupation, Offering, Skill
from courses.policies import (
    can_edit_module,
    can_plan_offering,
    can_retire_module,
    can_see_own_modules,
    can_set_prerequisites,
    can_view_learners,
)
from courses.services import authoring
from courses.services.publishing import publish_version, publish_warnings
from courses.titles import titles_of
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.core.texts import words_asked
from lms.organizations.models import Organization
from lms.web.paging import keyset_page

from .access import draft_to_edit, own_module, own_version
from .autosave import asks_autosave, autosave
from .facts_form import FactsForm, differences
from .forms import NewModuleForm
from .mending import problems_of
from .refusals import add_errors

FOUND_SKILLS = 50
FOUND_OCCUPATIONS = 10
MOST_SKILLS = 100


@login_required
@require_safe
def my_modules(request: HttpRequest) -> HttpResponse:
    """Modules of one's own providers, newest first, with the state of each."""
    if not can_see_own_modules(request.user):
        raise Forbidden
    versions = Prefetch("versions", ModuleVersion.objects.order_by("-number"), to_attr="newest_first")
    offerings = Prefetch("newest_first__offerings", Offering.objects.visible_to(request.user).order_by("starts_on"))
    own = Module.objects.with_drafts_for(request.user).select_related("provider")
    page = keyset_page(request, own.prefetch_related(versions, offerings))  # type: ignore[misc]
    rows = [_row(module) | {"may_edit": can_edit_module(request.user, module)} for module in page]
    context = {"page": page, "rows": rows, "may_write": _providers_of(request).exists()}
    return render(request, "courses/authoring/my_modules.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_module(request: HttpRequest) -> HttpResponse:
    """Provider, code, title and track: the rest follows in the draft."""
    providers = _providers_of(request)
    if not providers.exists():
        raise Forbidden
    form = NewModuleForm(request.POST or None, providers=providers)
    if form.is_valid():
        try:
            version = authoring.create_module(by=_user(request), **form.facts())
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("Your module is started. Now fill in the facts."))
            return redirect("courses:facts", version.pk)
    return render(request, "courses/authoring/new_module.html", {"form": form})


@login_required
@require_safe
def authored_module(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One module: its versions and its offerings, with what one may do to each."""
    module = own_module(request, pk)
    versions = list(module.versions.order_by("-number"))
    offerings = Offering.objects.visible_to(request.user).filter(version__module=module)
    context = {
        "module": module,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "draft": next((version for version in versions if version.is_draft), None),
        "published": next((version for version in versions if not version.is_draft), None),
        "offerings": offerings.select_related("version", "location").order_by("-starts_on", "-id")[:100],
        "may_edit": can_edit_module(request.user, module),
        "may_plan": can_plan_offering(request.user, module.provider),
        "may_retire": can_retire_module(request.user, module),
        "may_write": _providers_of(request).exists(),
        "may_view_learners": can_view_learners(request.user, module),
        "may_set_prerequisites": can_set_prerequisites(request.user, module),
        "asked": titles_of(module.prerequisites.values_list("requires", flat=True)).values(),
    }
    return render(request, "courses/authoring/module.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The facts of a draft. Where a colleague saved meanwhile, both texts are shown and nothing is lost."""
    version = draft_to_edit(request, pk)
    form = FactsForm(request.POST or None, initial=FactsForm.values_of(version))
    if asks_autosave(request):
        return autosave(form, lambda: _save_facts(request, version, form).revision)
    if not form.is_valid():
        return _facts_page(request, version, form)
    try:
        _save_facts(request, version, form)
    except Invalid as refused:
        add_errors(form, refused)
        return _facts_page(request, version, form)
    except Conflict as refused:
        if refused.code != "stale":
            raise
        version.refresh_from_db()
        return _facts_page(request, version, form, stale=refused)
    messages.success(request, _("Saved."))
    return redirect("courses:content" if "next" in request.POST else "courses:facts", version.pk)


@login_required
@require_http_methods(["GET", "POST"])
def skills(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Find skills by word or by occupation and add several at once; take away one by one."""
    version = draft_to_edit(request, pk)
    if request.method == "POST":
        _change_skills(request, version)
        return HttpResponseRedirect(f"{reverse('courses:skills', args=[version.pk])}?{request.GET.urlencode()}")
    chosen = list(version.skills.all())
    words = words_asked(request.GET.get("q", ""))
    occupation = _with_id(Occupation.objects.current(), request.GET.get("occupation", ""))
    others = Skill.objects.current().exclude(pk__in=[skill.pk for skill in chosen])
    if occupation:
        found = sorted(others.needed_in(str(occupation.pk)), key=lambda skill: skill.label.casefold())
    else:
        found = list(others.named(words).closest_first(words)[:FOUND_SKILLS]) if words else []
    occupations = Occupation.objects.current().named(words)
    context = {
        "version": version,
        "tab": "skills",
        "chosen": chosen,
        "words": words,
        "occupation": occupation,
        "occupations": occupations.closest_first(words)[:FOUND_OCCUPATIONS] if words else [],
        "found": found,
    }
    return render(request, "courses/authoring/skills.html", context)


@login_required
@require_safe
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that keeps a draft from being published, with the way to where it is mended."""
    version = own_version(request, pk)
    context = {
        "version": version,
        "tab": "check",
        "problems": problems_of(version),
        "warnings": publish_warnings(version),
        "may_edit": can_edit_module(request.user, version.module),
        "may_view_learners": can_view_learners(request.user, version.module),
    }
    return render(request, "courses/authoring/check.html", context)


@login_required
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Publish a draft."""
    version = own_version(request, pk)
    try:
        publish_version(by=_user(request), version=version)
    except Invalid as refused:
        messages.error(request, refused.detail)
        return redirect("courses:check", version.pk)
    messages.success(request, _("Published: everybody finds it in the catalogue. Plan the dates now."))
    return redirect("courses:authored_module", version.module_id)


@login_required
@require_POST
def new_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start the next version as a copy of the newest."""
    draft = authoring.create_draft(by=_user(request), module=own_module(request, pk))
    messages.success(request, _("Draft of version %(number)d is made.") % {"number": draft.number})
    return redirect("courses:facts", draft.pk)


@login_required
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, then throw a draft away."""
    version = draft_to_edit(request, pk)
    if request.method == "GET":
        return render(request, "courses/authoring/discard.html", {"version": version})
    authoring.discard_draft(by=_user(request), version=version)
    messages.success(request, _("The draft is thrown away."))
    return redirect("courses:my_modules")


@login_required
@require_safe
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The module's page as the public will see it, with ways into the units."""
    version = own_version(request, pk)
    sections = list(version.sections.prefetch_related("units"))
    context = {
        "version": version,
        "module": version.module,
        "sections": sections,
        "kinds": {key: kind.label for key, kind in KINDS.items()},
        "preview": True,
    }
    return render(request, "courses/module.html", context)


def _user(request: HttpRequest) -> Any:
    return request.user


def _providers_of(request: HttpRequest) -> Any:
    return Organization.objects.allowing(request.user, "author_modules").filter(is_provider=True)


def _row(module: Module) -> dict[str, Any]:
    versions: list[ModuleVersion] = module.newest_first  # type: ignore[attr-defined]
    offerings = [offering for version in versions for offering in version.offerings.all()]
    return {
        "module": module,
        "newest": versions[0] if versions else None,
        "published": next((version for version in versions if not version.is_draft), None),
        "draft": next((version for version in versions if version.is_draft), None),
        "running": sum(offering.state in ("open", "full", "not_yet_open", "closed") for offering in offerings),
    }


def _save_facts(request: HttpRequest, version: ModuleVersion, form: FactsForm) -> ModuleVersion:
    revision = form.cleaned_data["revision"]
    return authoring.edit_version(by=_user(request), version=version, revision=revision, facts=form.facts())


def _facts_page(
    request: HttpRequest, version: ModuleVersion, form: FactsForm, *, stale: Conflict | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"version": version, "tab": "facts", "form": form}
    if stale:
        context |= {"stale": stale.detail, "differences": differences(form, FactsForm.values_of(version))}
        form.data = typed = request.POST.copy()
        typed["revision"] = str(version.revision)
    return render(request, "courses/authoring/facts.html", context, status=409 if stale else 200)


def _change_skills(request: HttpRequest, version: ModuleVersion) -> None:
    """Read the skills anew and add or take away some, so that two authors do not undo each other."""
    named = [_with_id(Skill.objects.all(), given) for given in request.POST.getlist("skill")[:MOST_SKILLS]]
    changed = {skill.pk: skill for skill in named if skill}
    if not changed:
        return
    kept = [skill for skill in version.skills.all() if skill.pk not in changed]
    if request.POST.get("do") == "add":
        kept += changed.values()
    try:
        authoring.edit_version(by=_user(request), version=version, revision=version.revision, facts={"skills": kept})
    except Conflict as refused:
        messages.error(request, refused.detail)


def _with_id(rows: Any, given: str) -> Any:
    try:
        return rows.filter(pk=UUID(given)).first()
    except ValueError:
        return None
