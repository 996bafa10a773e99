"""Routes under /ooapi/: the published paths, letter for letter."""

import re
from typing import Any

from django.urls import URLPattern, path

from .base import V5, V6, OoapiView
from .service import Service
from .views import (
    ComponentItem,
    Components,
    CourseItem,
    Courses,
    OfferingItem,
    Offerings,
    OrganizationItem,
    Organizations,
    OutcomeItem,
    Outcomes,
    ProgrammeItem,
    ProgrammeOfferings,
    Programmes,
    Unknown,
)


def only(versions: tuple[str, ...], route: str, view: type[OoapiView], name: str, **options: Any) -> URLPattern:
    """A path that one version has."""
    return path(route, view.as_view(versions=versions, **options), name=f"ooapi-v{versions[0][0]}-{name}")


def spelled(old: str, new: str, view: type[OoapiView], name: str) -> list[URLPattern]:
    """A path that version 5 spells `old` and version 6 `new`; who asks for the other is told where it is."""
    ids = re.compile(r"<uuid:(\w+)>")
    return [
        only(V5, old, view, name, elsewhere="/" + ids.sub(r"{\1}", new)),
        only(V6, new, view, name, elsewhere="/" + ids.sub(r"{\1}", old)),
    ]


OLD, NEW = "organizations/<uuid:organization>", "organisations/<uuid:organization>"
COURSE = "courses/<uuid:course>"

urlpatterns = [
    path("", Service.as_view(), name="ooapi-service"),
    *spelled("organizations", "organisations", Organizations, "organizations"),
    *spelled("organizations/<uuid:pk>", "organisations/<uuid:pk>", OrganizationItem, "organization"),
    *spelled(f"{OLD}/courses", f"{NEW}/courses", Courses, "organization-courses"),
    *spelled(f"{OLD}/programs", f"{NEW}/programmes", Programmes, "organization-programs"),
    *spelled(f"{OLD}/offerings", f"{NEW}/course-offerings", Offerings, "organization-offerings"),
    *spelled("programs", "programmes", Programmes, "programs"),
    *spelled("programs/<uuid:pk>", "programmes/<uuid:pk>", ProgrammeItem, "program"),
    *spelled("programs/<uuid:program>/courses", "programmes/<uuid:program>/courses", Courses, "program-courses"),
    *spelled(
        "programs/<uuid:program>/offerings",
        "programmes/<uuid:program>/programme-offerings",
        ProgrammeOfferings,
        "program-offerings",
    ),
    path("courses", Courses.as_view(), name="ooapi-courses"),
    path("courses/<uuid:pk>", CourseItem.as_view(), name="ooapi-course"),
    *spelled(f"{COURSE}/offerings", f"{COURSE}/course-offerings", Offerings, "course-offerings"),
    only(V5, f"{COURSE}/components", Components, "components"),
    only(V5, "components/<uuid:pk>", ComponentItem, "component"),
    only(V6, f"{COURSE}/learning-components", Components, "learning-components", shown="learning_component"),
    only(V6, f"{COURSE}/test-components", Components, "test-components", shown="judged_component"),
    only(V6, "learning-components/<uuid:pk>", ComponentItem, "learning-component", shown="learning_component"),
    only(V6, "test-components/<uuid:pk>", ComponentItem, "test-component", shown="judged_component"),
    *spelled("offerings/<uuid:pk>", "course-offerings/<uuid:pk>", OfferingItem, "offering"),
    only(V6, "learning-outcomes", Outcomes, "outcomes"),
    only(V6, "learning-outcomes/<uuid:pk>", OutcomeItem, "outcome"),
    path("<path:path>", Unknown.as_view(), name="ooapi-unknown"),
]
