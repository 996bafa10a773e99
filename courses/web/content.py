"""The content of a draft: its tree, and the editors of texts and quizzes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.kinds import KINDS
from courses.models import ModuleVersion, Unit
from courses.policies import can_view_draft
from courses.services import authoring
from lms.core.errors import Conflict, DomainError, Forbidden, Invalid

from .access import draft_to_edit, own_version, section_to_edit, unit_to_edit, visible_unit
from .facts_form import differences, texts
from .refusals import add_errors
from .unit_forms import QuizForm, TextForm, UnitForm, questions_of, shown_questions

FORMS: dict[str, type[UnitForm]] = {"text": TextForm, "quiz": QuizForm}


@login_required
@require_safe
def content(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sections and units in order, with a button for everything that can be done to them."""
    version = draft_to_edit(request, pk)
    sections = version.sections.prefetch_related("units")
    kinds = [(key, kind.label) for key, kind in KINDS.items()]
    context = {"version": version, "tab": "content", "sections": sections, "kinds": kinds}
    return render(request, "courses/authoring/content.html", context)


@login_required
@require_POST
def add_section(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new section at the end."""
    version = own_version(request, pk)
    try:
        section = authoring.add_section(by=_user(request), version=version, title=_title(request))
    except Invalid as refused:
        messages.error(request, refused.detail)
        return redirect("courses:content", version.pk)
    return _content_page(version, f"section-{section.pk}")


@login_required
@require_POST
def change_section(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename, move or delete a section, or add a unit to it: the pressed button says which."""
    section = section_to_edit(request, pk)
    do = request.POST.get("do", "")
    try:
        if do == "rename":
            authoring.edit_section(by=_user(request), section=section, title=_title(request))
        elif do in ("up", "down"):
            place = _place([row.pk for row in section.version.sections.all()], section.pk, do)
            authoring.move_section(by=_user(request), section=section, position=place)
        elif do == "delete":
            authoring.delete_section(by=_user(request), section=section)
            messages.success(request, _("The section is deleted."))
        elif do == "add-unit":
            kind = request.POST.get("kind", "")
            unit = authoring.add_unit(by=_user(request), section=section, kind=kind, title=_title(request))
            return redirect("courses:unit", unit.pk)
    except Invalid as refused:
        messages.error(request, refused.detail)
    return _content_page(section.version, f"section-{section.pk}")


@login_required
@require_POST
def change_unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move or delete a unit."""
    unit = unit_to_edit(request, pk)
    do = request.POST.get("do", "")
    if do in ("up", "down"):
        _move_unit(request, unit, do)
    elif do == "delete":
        authoring.delete_unit(by=_user(request), unit=unit)
        messages.success(request, _("The unit is deleted."))
    return _content_page(unit.section.version, f"section-{unit.section_id}")


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The editor of a unit. Every button saves; where a colleague saved meanwhile nothing is lost."""
    found = unit_to_edit(request, pk)
    form_class = FORMS[found.kind]
    known = {"initial": form_class.values_of(found), "by_points": found.section.version.rule["units"] == "points"}
    if request.method == "GET":
        return _unit_page(request, found, form_class(**known))
    form = form_class(request.POST, request.FILES, **known)
    if not form.is_valid():
        return _unit_page(request, found, form)
    try:
        revision = form.cleaned_data["revision"]
        authoring.edit_unit(by=_user(request), unit=found, revision=revision, **form.facts())
        _add_image(request, found, form)
    except Invalid as refused:
        add_errors(form, _of_image(refused) if isinstance(form, TextForm) else refused)
        found.refresh_from_db()
        return _unit_page(request, found, form)
    except Conflict as refused:
        if refused.code != "stale":
            raise
        found.refresh_from_db()
        return _unit_page(request, found, form, stale=refused)
    return _after_saving(request, found)


@login_required
@require_safe
def preview_unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A unit as a learner meets it."""
    found = visible_unit(request, pk)
    if not can_view_draft(request.user, found.section.version):
        raise Forbidden
    kind = KINDS[found.kind]
    context = {
        "unit": found,
        "kind": kind,
        "version": found.section.version,
        "content": kind.content(found.data, get_language() or "nl"),
        "read_only": True,
    }
    return render(request, "courses/authoring/preview_unit.html", context)


def _user(request: HttpRequest) -> Any:
    return request.user


def _title(request: HttpRequest) -> dict[str, str]:
    return texts(request.POST.get("title_nl", "")[:200], request.POST.get("title_en", "")[:200])


def _content_page(version: ModuleVersion, anchor: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('courses:content', args=[version.pk])}#{anchor}")


def _place(order: list[UUID], pk: UUID, do: str) -> int:
    return max(0, order.index(pk) + (-1 if do == "up" else 1))


def _move_unit(request: HttpRequest, found: Unit, do: str) -> None:
    """Up or down; beyond the edge of a section lies the next one."""
    order = list(found.section.units.values_list("pk", flat=True))
    sections = list(found.section.version.sections.all())
    here = next(index for index, section in enumerate(sections) if section.pk == found.section_id)
    place, step = order.index(found.pk), -1 if do == "up" else 1
    beyond = here + step
    if 0 <= place + step < len(order):
        authoring.move_unit(by=_user(request), unit=found, position=place + step)
    elif 0 <= beyond < len(sections):
        end = sections[beyond].units.count() if do == "up" else 0
        authoring.move_unit(by=_user(request), unit=found, position=end, section=sections[beyond])


def _add_image(request: HttpRequest, found: Unit, form: UnitForm) -> None:
    file = form.cleaned_data.get("image_file")
    if file is None:
        return
    alt = texts(form.cleaned_data["image_alt_nl"], form.cleaned_data["image_alt_en"])
    authoring.add_image(by=_user(request), module=found.section.version.module, file=file, alt=alt)
    messages.success(request, _("The picture is added: copy its code from the list into your text."))


def _of_image(refused: Invalid) -> DomainError:
    """Errors of a picture's own fields under the names they have in this form."""
    own = {"file": "image_file", "alt/nl": "image_alt/nl", "alt": "image_alt/nl"}
    errors = [type(error)(own.get(error.field, error.field), error.code, error.message) for error in refused.errors]
    return Invalid(refused.detail, errors=errors)


def _after_saving(request: HttpRequest, found: Unit) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "preview":
        return redirect("courses:preview_unit", found.pk)
    if do == "save":
        messages.success(request, _("Saved."))
        return _content_page(found.section.version, f"section-{found.section_id}")
    anchor = "questions-end" if do == "add-question" else "pictures" if do == "add-image" else "questions"
    verb, _colon, number = do.partition(":")
    if verb in ("up", "down", "options") and number.isdigit():
        step = {"up": -1, "down": 1, "options": 0}[verb]
        anchor = f"question-{max(0, int(number) + step)}"
    return HttpResponseRedirect(f"{reverse('courses:unit', args=[found.pk])}#{anchor}")


def _unit_page(request: HttpRequest, found: Unit, form: UnitForm, *, stale: Conflict | None = None) -> HttpResponse:
    version = found.section.version
    context: dict[str, Any] = {"unit": found, "version": version, "tab": "content", "form": form}
    if isinstance(form, QuizForm):
        typed = {"questions": questions_of(form.data)} if form.is_bound else found.data
        context["questions"] = shown_questions(typed)
    else:
        context["images"] = version.module.images.order_by("-id")[:50]
    if stale:
        stored = type(form).values_of(found)
        context |= {"stale": stale.detail, "differences": differences(form, stored)}
        form.data = {**request.POST.dict(), "revision": found.revision}
    template = f"courses/authoring/{found.kind}.html"
    return render(request, template, context, status=409 if stale else 200)
