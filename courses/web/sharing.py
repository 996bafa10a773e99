"""For machines that lead people here: the picture that goes along with a shared address, sitemap and robots.txt."""

from collections.abc import Iterator
from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import etag, require_safe

from courses.models import CatalogueEntry, ModuleVersion
from courses.share_picture import draw, shown_of

PART = 10_000  # addresses in one file; the protocol allows 50,000 (https://www.sitemaps.org/protocol.html)
MOST_PARTS = 50_000  # that an index may name
KEPT = 30 * 24 * 3600
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ROBOTS = """User-agent: *
Disallow: /
Allow: /$
Allow: /modules/
Allow: /leerlijnen/
Allow: /voor-systemen/
Allow: /static/
Sitemap: {sitemap}
"""


def picture_path(version: ModuleVersion, language: str) -> str:
    """The address of a version's picture: another picture has another address."""
    return reverse("courses:share_picture", args=[version.pk, shown_of(version, language).name])


@require_safe
@etag(lambda request, pk, name: f'"{name}"')
def share_picture(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """Drawn when first asked for. An address from before a change leads to the picture of today."""
    published = ModuleVersion.objects.published().select_related("module__provider")
    version = get_object_or_404(published, pk=pk)
    shown = shown_of(version, "en" if name.startswith("en-") else "nl")
    if name != shown.name:
        return redirect("courses:share_picture", pk, shown.name)
    content = cache.get_or_set(f"share-picture:{pk}:{name}", lambda: draw(shown), KEPT)
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What is public is named; everything else, also what is built tomorrow, is kept out."""
    text = ROBOTS.format(sitemap=settings.BASE_URL + reverse("courses:sitemap"))
    return _kept(HttpResponse(text, content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public addresses; where there are many, the index of its parts."""
    parts = ceil(CatalogueEntry.objects.count() / PART)
    if parts <= 1:
        lists = [_place("url", reverse(f"courses:{name}")) for name in ("catalogue", "programmes")]
        return _xml(_urlset([*lists, *_modules(0)]))
    addresses = [reverse("courses:sitemap_part", args=[number]) for number in range(parts)]
    return _xml([f"<sitemapindex {SCHEMA}>\n", *(_place("sitemap", path) for path in addresses), "</sitemapindex>\n"])


@require_safe
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """Up to ten thousand modules."""
    places = list(_modules(number)) if number < MOST_PARTS else []
    if not places:
        raise Http404
    return _xml(_urlset(places))


def _urlset(places: list[str]) -> list[str]:
    return [f"<urlset {SCHEMA}>\n", *places, "</urlset>\n"]


def _modules(number: int) -> Iterator[str]:
    """One query. A version never changes, so a page changed last when its version was published."""
    columns = ("provider__slug", "module__code", "version__published_at")
    entries = CatalogueEntry.objects.order_by("pk").values_list(*columns)
    for provider, code, published_at in entries[number * PART : (number + 1) * PART].iterator(chunk_size=2000):
        yield _place("url", reverse("courses:module", args=[provider, code]), published_at)


def _place(tag: str, path: str, changed_at: Any = None) -> str:
    changed = f"<lastmod>{timezone.localtime(changed_at).isoformat(timespec='seconds')}</lastmod>" if changed_at else ""
    return f"<{tag}><loc>{escape(settings.BASE_URL + path)}</loc>{changed}</{tag}>\n"


def _xml(lines: list[str]) -> HttpResponse:
    return _kept(HttpResponse([DECLARATION, *lines], content_type="application/xml; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=3600"
    return response
