"""What everybody sees: the catalogue with everything that is asked in the address, and the pictures of modules."""

import mimetypes
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from courses.catalogue import Facet, Narrowing, count_facets, list_versions, narrow, open_offerings, read_query
from courses.models import Image, ModuleVersion, Offering
from lms.core.clock import today
from lms.organizations.places import Place, municipalities

PAGE_SIZE = 24
SOON = 3
MOST_COUNTED = 1000
ALWAYS_IN_SIGHT = 6
PARAMETERS = {"near": "km", "price": "price_max"}
MODULE_FACETS = ("sector", "track", "level", "purpose")
RUN_FACETS = ("delivery", "start", "near", "price", "places")
MORE_FACETS = ("language", "provider", "skill", "document")


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search and narrow; what cannot be read is left out kindly."""
    query = read_query(request.GET)
    narrowing = narrow(query, request.user)
    total, facets = count_facets(narrowing)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = list_versions(narrowing, after=after, before=before, size=PAGE_SIZE)
    is_entrance = not (query.asks_something or after or before)
    context = {
        "query": query,
        "search": narrowing.search,
        "total": total,
        "found": _found_words(total),
        "facet_groups": [_group(facets, names) for names in (MODULE_FACETS, RUN_FACETS, MORE_FACETS)],
        "chips": list(_chips(request.GET, facets, narrowing)),
        "sorts": _sorts(narrowing),
        "page": page,
        "cards": _cards(request, narrowing, page.items),
        "municipalities": municipalities(),
        "near_error": next((error.message for error in query.errors if error.field == "near"), ""),
        "spellings": [
            {"name": name, "url": _address(request.GET, drop={"near"}, near=name)} for name in query.spellings
        ],
        "sectors": facets["sector"].choices[:8] if is_entrance else [],
        "soon": _soon(request, narrowing) if is_entrance and total > SOON else [],
        "without_unknown": _address(request.GET, drop={"q"}, q=narrowing.search.without_unknown),
    }
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


def _cards(request: HttpRequest, narrowing: Narrowing, versions: list[ModuleVersion]) -> list[dict[str, Any]]:
    """A version with its first run that meets what is asked, how many more there are, and how far it is."""
    runs = open_offerings(request.user, versions, *narrowing.runs.values()) if versions else {}
    return [_card(version, runs.get(version.module_id, []), narrowing.query.place) for version in versions]


def _card(version: ModuleVersion, runs: list[Offering], place: Place | None) -> dict[str, Any]:
    distances = [(_km(place, run), run) for run in runs] if place else []
    near = min(((km, run) for km, run in distances if km is not None), key=lambda pair: pair[0], default=(None, None))
    first = near[1] or (runs[0] if runs else None)
    return {"version": version, "next": first, "more": max(0, len(runs) - 1), "km": near[0]}


def _km(place: Place, run: Offering) -> int | None:
    if run.location is None or run.location.latitude is None or run.location.longitude is None:
        return None
    return round(place.km_to(float(run.location.latitude), float(run.location.longitude)))


def _soon(request: HttpRequest, narrowing: Narrowing) -> list[dict[str, Any]]:
    """The modules of which a run with room begins first."""
    coming = narrowing.open_runs().with_room().filter(starts_on__gt=today())
    listed = coming.filter(version__module__catalogue_entry__isnull=False).order_by("starts_on", "id")
    modules = list(dict.fromkeys(listed.values_list("version__module", flat=True)[: SOON * 8]))[:SOON]
    versions = ModuleVersion.objects.filter(catalogue_entry__module__in=modules).select_related("module__provider")
    by_module = {version.module_id: version for version in versions}
    runs = open_offerings(request.user, by_module.values()) if modules else {}
    coming_runs = {
        module: [run for run in runs[module] if not run.is_running and run.places_left != 0] for module in runs
    }
    return [_card(by_module[module], coming_runs.get(module, []), None) for module in modules if module in by_module]


def _found_words(total: int) -> str:
    if total > MOST_COUNTED:
        return _("More than 1,000 modules found")
    return ngettext("%(total)d module found", "%(total)d modules found", total) % {"total": total}


def _group(facets: dict[str, Facet], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "facet": facets[name],
            "parameter": PARAMETERS.get(name, name),
            "first": facets[name].choices[:ALWAYS_IN_SIGHT],
            "rest": facets[name].choices[ALWAYS_IN_SIGHT:],
            "has_choice": any(choice.chosen for choice in facets[name].choices),
        }
        for name in names
        if facets[name].choices or name == "near"
    ]


def _chips(given: QueryDict, facets: dict[str, Facet], narrowing: Narrowing) -> Any:
    """What is chosen, each with the address without it."""
    query = narrowing.query
    for name, facet in facets.items():
        parameter = PARAMETERS.get(name, name)
        for choice in facet.choices:
            if choice.chosen and name != "near":
                without = _without(given, parameter, {choice.value, *_other_names(query, choice.value)})
                yield {"label": f"{facet.label}: {choice.label}", "url": without}
    if query.place:
        label = _("within %(km)d km of %(place)s") % {"km": query.km, "place": query.place.name}
        yield {"label": label, "url": _address(given, drop={"near", "km"})}
    if query.starts_from:
        label = _("starts from %(day)s") % {"day": query.starts_from.strftime("%d-%m-%Y")}
        yield {"label": label, "url": _address(given, drop={"from"})}
    if query.price_min:
        label = _("from € %(price)s") % {"price": query.price_min.normalize()}
        yield {"label": label, "url": _address(given, drop={"price_min"})}


def _other_names(query: Any, value: str) -> set[str]:
    """A skill may stand in the address by its id or by its URI."""
    return {skill.uri for skill in query.skills if str(skill.pk) == value}


def _without(given: QueryDict, parameter: str, values: set[str]) -> str:
    kept = given.copy()
    remaining = [value for value in kept.getlist(parameter) if value.strip() not in values]
    kept.setlist(parameter, [] if parameter in ("price_max", "places") else remaining)
    return _address(kept)


def _address(given: QueryDict, drop: frozenset[str] | set[str] = frozenset(), **more: str) -> str:
    """The page for this question from its start, without what is empty."""
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        if name not in {"after", "before", *drop}:
            kept.setlist(name, [value for value in values if value])
    kept.update({name: value for name, value in more.items() if value})
    return f"?{kept.urlencode()}"


def _sorts(narrowing: Narrowing) -> list[dict[str, Any]]:
    query = narrowing.query
    words = {
        "relevance": (_("best match"), bool(query.q)),
        "newest": (_("newest"), True),
        "start": (_("starts first"), True),
        "price": (_("lowest price"), True),
        "distance": (_("nearest"), query.place is not None),
    }
    usual = "relevance" if query.q else "newest"
    return [
        {"value": "" if value == usual else value, "label": label, "chosen": value == query.order}
        for value, (label, possible) in words.items()
        if possible
    ]
