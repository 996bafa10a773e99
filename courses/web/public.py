"""What everybody sees: the catalogue, and the pictures of modules."""

import mimetypes
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.catalogue import catalogue_entries, open_offerings
from courses.models import Image, ModuleVersion
from lms.web.paging import keyset_page

from .forms import CatalogueForm

PAGE_SIZE = 24


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The site's home: search, filters, and a card per module."""
    form = CatalogueForm(request.GET or None)
    found = form.narrow(catalogue_entries(), request.user)
    page = keyset_page(request, found, size=PAGE_SIZE)
    offerings = open_offerings(request.user, page.items)
    entries = [{"version": version, **_summary(offerings.get(version.module_id, []))} for version in page]
    context = {"form": form, "page": page, "entries": entries, "filtered": form.is_bound and form.asks_something}
    return render(request, "courses/catalogue.html", context)


@require_safe
def image(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A picture of a module that one may see. The bytes under one id never change."""
    found = get_object_or_404(Image.objects.visible_to(request.user), pk=pk)
    content_type = mimetypes.guess_type(str(found.file.name))[0] or "application/octet-stream"
    response = FileResponse(found.file.open("rb"), content_type=content_type)
    public = ModuleVersion.objects.published().filter(module=found.module_id).exists()
    response["Cache-Control"] = f"{'public' if public else 'private'}, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _summary(offerings: list[Any]) -> dict[str, Any]:
    """The next run for a card, and how many more there are."""
    return {"next": offerings[0] if offerings else None, "more": max(0, len(offerings) - 1)}
