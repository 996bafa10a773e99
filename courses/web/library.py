"""Pictures and files of a module: where each is used, and deleting what nothing uses."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.downloads import send_file
from courses.models import Image, Module, ModuleFile
from courses.policies import can_edit_module
from courses.references import places_of_uploads
from courses.services import authoring
from lms.core.errors import Conflict, Forbidden

from .access import own_module


@login_required
@require_safe
def library(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that was uploaded to a module, and where it is used."""
    module = own_module(request, pk)
    places = places_of_uploads(module)
    context = {
        "module": module,
        "newest": module.versions.order_by("-number").first(),
        "images": [(image, places.get(str(image.pk), [])) for image in module.images.order_by("-id")],
        "files": [(file, places.get(str(file.pk), [])) for file in module.files.order_by("-id")],
        "may_edit": can_edit_module(request.user, module),
    }
    return render(request, "courses/authoring/library.html", context)


@login_required
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file, for who writes or reviews its module. Learners get it at their enrollment."""
    found = get_object_or_404(ModuleFile.objects.visible_to(request.user).select_related("module"), pk=pk)
    if not Module.objects.with_drafts_for(request.user).filter(pk=found.module_id).exists():
        raise Forbidden
    return send_file(request.headers, found)


@login_required
@require_POST
def delete_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a file that nothing uses."""
    found = get_object_or_404(ModuleFile.objects.visible_to(request.user), pk=pk)
    return _deleted(request, found.module_id, lambda user: authoring.delete_file(by=user, file=found))


@login_required
@require_POST
def delete_image(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a picture that nothing shows."""
    found = get_object_or_404(Image.objects.visible_to(request.user), pk=pk)
    return _deleted(request, found.module_id, lambda user: authoring.delete_image(by=user, image=found))


def _deleted(request: HttpRequest, module_id: UUID, delete: Any) -> HttpResponse:
    try:
        delete(request.user)
    except Conflict as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("Deleted."))
    return redirect("courses:library", module_id)
