"""Programmes: the public list, and writing one's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Module, Programme
from courses.policies import can_edit_programme, can_publish_programme, can_see_own_modules
from courses.programme_outline import outline_of, outlines_of
from courses.services import programmes as services
from courses.services.programmes import Place, programme_check
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.core.texts import words_asked
from lms.organizations.models import Organization
from lms.web.paging import keyset_page

from .module_search import find_modules, published_module
from .programme_forms import NewProgrammeForm, ProgrammeForm
from .refusals import add_errors


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Programmes on offer, newest first."""
    page = keyset_page(request, Programme.objects.on_offer().select_related("provider"), size=24)
    outlines = outlines_of(page.items)
    context = {"page": page, "outlines": [outlines[programme.pk] for programme in page]}
    return render(request, "courses/programmes.html", context)


@login_required
@require_safe
def own_programmes(request: HttpRequest) -> HttpResponse:
    """Programmes of one's own providers."""
    if not can_see_own_modules(request.user):
        raise Forbidden
    own = Programme.objects.with_drafts_for(request.user).select_related("provider")
    context = {"page": keyset_page(request, own), "may_write": _providers_of(request).exists()}
    return render(request, "courses/authoring/programmes.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_programme(request: HttpRequest) -> HttpResponse:
    """Provider, code and title: the rest follows."""
    providers = _providers_of(request)
    if not providers.exists():
        raise Forbidden
    form = NewProgrammeForm(request.POST or None, providers=providers)
    if form.is_valid():
        try:
            programme = services.create_programme(by=_user(request), **form.facts())
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            return redirect("courses:authored_programme", programme.pk)
    return render(request, "courses/authoring/new_programme.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def authored_programme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its facts, what is missing, its modules in order, and a search for more."""
    programme = _own(request, pk)
    form = ProgrammeForm(request.POST or None, initial=ProgrammeForm.values_of(programme))
    if request.method == "POST":
        if not can_edit_programme(request.user, programme):
            raise Forbidden
        if form.is_valid() and _saved(request, programme, form):
            return redirect("courses:authored_programme", pk)
    words, outline = words_asked(request.GET.get("q", "")), outline_of(programme)
    context = {
        "programme": programme,
        "outline": outline,
        "form": form,
        "problems": programme_check(programme),
        "words": words,
        "found": find_modules(words, leave_out=[step.item.module_id for step in outline.steps]),
        "may_edit": can_edit_programme(request.user, programme),
        "may_publish": can_publish_programme(request.user, programme),
    }
    return render(request, "courses/authoring/programme.html", context)


@login_required
@require_POST
def arrange(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a module, take one away, put it up or down, require it or leave it to choose."""
    programme = _own(request, pk)
    places = [Place(item.module, item.required) for item in programme.items.select_related("module")]
    changed = _changed(places, request.POST.get("do", ""), published_module(request.POST.get("module", "")))
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = -1  # no page of ours: nothing is known of what they saw
    try:
        services.arrange_programme(by=_user(request), programme=programme, revision=revision, places=changed)
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.detail)
    address = reverse("courses:authored_programme", args=[pk])
    return HttpResponseRedirect(f"{address}?{request.GET.urlencode()}#modules")


@login_required
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Publish it, or bring it back."""
    return _decided(request, pk, services.publish_programme, _("Published: everybody finds it."))


@login_required
@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it off the lists."""
    return _decided(request, pk, services.retire_programme, _("Taken off the lists. Its page stays."))


def _decided(request: HttpRequest, pk: UUID, verb: Any, told: str) -> HttpResponse:
    try:
        verb(by=_user(request), programme=_own(request, pk))
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, told)
    return redirect("courses:authored_programme", pk)


def _changed(places: list[Place], do: str, module: Module | None) -> list[Place]:
    """The places after one step; unchanged where the step makes no sense."""
    if module is None:
        return places
    at = next((index for index, place in enumerate(places) if place.module == module), None)
    if at is None:
        return [*places, Place(module, required=True)] if do == "add" else places
    rest = places[:at] + places[at + 1 :]
    if do == "remove":
        return rest
    if do in ("require", "choose"):
        return [*places[:at], Place(module, do == "require"), *places[at + 1 :]]
    to = {"up": max(0, at - 1), "down": at + 1}.get(do, at)
    return [*rest[:to], places[at], *rest[to:]]


def _saved(request: HttpRequest, programme: Programme, form: ProgrammeForm) -> bool:
    revision = form.cleaned_data["revision"]
    try:
        services.edit_programme(by=_user(request), programme=programme, revision=revision, facts=form.facts())
    except (Invalid, Conflict) as refused:
        add_errors(form, refused)
        return False
    messages.success(request, _("Saved."))
    return True


def _own(request: HttpRequest, pk: UUID) -> Programme:
    programme = get_object_or_404(Programme.objects.visible_to(request.user).select_related("provider"), pk=pk)
    if not Programme.objects.with_drafts_for(request.user).filter(pk=pk).exists():
        raise Forbidden
    return programme


def _providers_of(request: HttpRequest) -> Any:
    return Organization.objects.allowing(request.user, "author_modules").filter(is_provider=True)


def _user(request: HttpRequest) -> Any:
    return request.user
