"""What authoring pages start from: the thing itself, visible and allowed, or 404 and 403."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from courses.models import Module, ModuleVersion, Section, Unit
from courses.policies import can_edit_module, can_view_draft
from courses.services.drafts import require_editable
from lms.core.errors import Forbidden


def own_module(request: HttpRequest, pk: UUID) -> Module:
    """A module of a provider where the user sees drafts. Raises: Forbidden."""
    module = get_object_or_404(Module.objects.visible_to(request.user).select_related("provider"), pk=pk)
    if not Module.objects.with_drafts_for(request.user).filter(pk=pk).exists():
        raise Forbidden
    return module


def own_version(request: HttpRequest, pk: UUID) -> ModuleVersion:
    """A version of such a module. Raises: Forbidden."""
    visible = ModuleVersion.objects.visible_to(request.user).select_related("module__provider")
    version = get_object_or_404(visible, pk=pk)
    if not can_view_draft(request.user, version):
        raise Forbidden
    return version


def draft_to_edit(request: HttpRequest, pk: UUID) -> ModuleVersion:
    """A draft that the user may write. Raises: Forbidden; Conflict when it is published or with a reviewer."""
    return _editable(request, own_version(request, pk))


def section_to_edit(request: HttpRequest, pk: UUID) -> Section:
    """A section of such a draft."""
    visible = Section.objects.visible_to(request.user).select_related("version__module__provider")
    section = get_object_or_404(visible, pk=pk)
    _editable(request, section.version)
    return section


def unit_to_edit(request: HttpRequest, pk: UUID) -> Unit:
    """A unit of such a draft."""
    unit = visible_unit(request, pk)
    _editable(request, unit.section.version)
    return unit


def visible_unit(request: HttpRequest, pk: UUID) -> Unit:
    """A unit that the user may see."""
    visible = Unit.objects.visible_to(request.user).select_related("section__version__module__provider")
    return get_object_or_404(visible, pk=pk)


def _editable(request: HttpRequest, version: ModuleVersion) -> ModuleVersion:
    user: Any = request.user
    if not can_edit_module(user, version.module):
        raise Forbidden
    require_editable(version)
    return version
