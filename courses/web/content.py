"""The content of a draft: its tree of sections and units."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.kinds import KINDS
from courses.models import ModuleVersion, Section, Unit
from courses.services import authoring
from courses.study_time import minutes_of, sentence
from lms.core.errors import Conflict, Invalid

from .access import draft_to_edit, own_version, section_to_edit, unit_to_edit
from .facts_form import texts


@login_required
@require_safe
def content(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sections and units in order, with a button for everything that can be done to them."""
    return _tree_page(request, draft_to_edit(request, pk))


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
    return content_page(version, f"section-{section.pk}")


@login_required
@require_POST
def change_section(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename, move or delete a section, or add a unit to it: the pressed button says which."""
    section = section_to_edit(request, pk)
    do = request.POST.get("do", "")
    try:
        if do == "rename":
            revision = request.POST.get("revision")
            authoring.edit_section(by=_user(request), section=section, title=_title(request), revision=revision)
        elif do in ("up", "down"):
            place = _place([row.pk for row in section.version.sections.all()], section.pk, do)
            authoring.move_section(by=_user(request), section=section, position=place)
            return content_page(section.version, f"section-{section.pk}", moved=section.pk)
        elif do == "move":
            authoring.move_section(by=_user(request), section=section, position=_number(request))
            return content_page(section.version, f"section-{section.pk}", moved=section.pk)
        elif do == "delete":
            authoring.delete_section(by=_user(request), section=section)
            messages.success(request, _("The section is deleted."))
        elif do == "add-unit":
            kind = request.POST.get("kind", "")
            unit = authoring.add_unit(by=_user(request), section=section, kind=kind, title=_title(request))
            return redirect("courses:unit", unit.pk)
    except Invalid as refused:
        messages.error(request, refused.detail)
    except Conflict as refused:
        if refused.code != "stale":
            raise
        messages.error(request, refused.detail)
        return _tree_page(request, section.version, renaming={"section": section.pk, "title": _title(request)})
    return content_page(section.version, f"section-{section.pk}")


@login_required
@require_POST
def change_unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move or delete a unit."""
    unit = unit_to_edit(request, pk)
    do = request.POST.get("do", "")
    if do in ("up", "down"):
        _move_unit(request, unit, do)
        return content_page(unit.section.version, f"unit-{unit.pk}", moved=unit.pk)
    if do == "move":
        goal = get_object_or_404(unit.section.version.sections.all(), pk=_uuid(request.POST.get("section")))
        authoring.move_unit(by=_user(request), unit=unit, position=_number(request), section=goal)
        return content_page(unit.section.version, f"unit-{unit.pk}", moved=unit.pk)
    if do == "delete":
        authoring.delete_unit(by=_user(request), unit=unit)
        messages.success(request, _("The unit is deleted."))
    return content_page(unit.section.version, f"section-{unit.section_id}")


def _user(request: HttpRequest) -> Any:
    return request.user


def _title(request: HttpRequest) -> dict[str, str]:
    return texts(request.POST.get("title_nl", "")[:200], request.POST.get("title_en", "")[:200])


def content_page(version: ModuleVersion, anchor: str, *, moved: UUID | None = None) -> HttpResponseRedirect:
    """Back to a place on the page of the tree, which then says where what was `moved` is now."""
    asked = f"?verplaatst={moved}" if moved else ""
    return HttpResponseRedirect(f"{reverse('courses:content', args=[version.pk])}{asked}#{anchor}")


def _tree_page(request: HttpRequest, version: ModuleVersion, *, renaming: dict[str, Any] | None = None) -> HttpResponse:
    sections = list(version.sections.prefetch_related("units"))
    context = {
        "version": version,
        "tab": "content",
        "sections": sections,
        "time": sentence(version, sum(minutes_of(section.units.all()) for section in sections)),
        "kinds": [(key, kind.label) for key, kind in KINDS.items()],
        "moved": _where_now(sections, _uuid(request.GET.get("verplaatst"))),
        "renaming": renaming,
    }
    return render(request, "courses/authoring/content.html", context, status=409 if renaming else 200)


def _where_now(sections: list[Section], moved: UUID | None) -> str:
    """In words, where a section or unit is now."""
    for place, section in enumerate(sections, start=1):
        if section.pk == moved:
            names = {"section": section, "place": place, "total": len(sections)}
            return _("“%(section)s” is now section %(place)d of %(total)d.") % names
        units = list(section.units.all())
        for number, unit in enumerate(units, start=1):
            if unit.pk == moved:
                names = {"unit": unit, "place": number, "total": len(units), "section": section}
                return _("“%(unit)s” is now unit %(place)d of %(total)d in “%(section)s”.") % names
    return ""


def _uuid(given: str | None) -> UUID | None:
    try:
        return UUID(given or "")
    except ValueError:
        return None


def _number(request: HttpRequest) -> int:
    """The position that was asked; beyond the end when it is none."""
    given = request.POST.get("position", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 99_999


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
