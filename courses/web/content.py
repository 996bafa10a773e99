"""The content of a draft: its tree of sections and units."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.kinds import KINDS
from courses.models import ModuleVersion, Unit
from courses.services import authoring
from lms.core.errors import Invalid

from .access import draft_to_edit, own_version, section_to_edit, unit_to_edit
from .facts_form import texts


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
    return content_page(version, f"section-{section.pk}")


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
    return content_page(section.version, f"section-{section.pk}")


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
    return content_page(unit.section.version, f"section-{unit.section_id}")


def _user(request: HttpRequest) -> Any:
    return request.user


def _title(request: HttpRequest) -> dict[str, str]:
    return texts(request.POST.get("title_nl", "")[:200], request.POST.get("title_en", "")[:200])


def content_page(version: ModuleVersion, anchor: str) -> HttpResponseRedirect:
    """Back to a place on the page of the tree."""
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
