"""What is offered, under the paths of both versions. Public: published modules and programmes, public offerings."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import ModuleVersion, Offering, Programme, Skill, Unit
from lms.core.clock import today
from lms.core.errors import NotFound
from lms.organizations.models import Organization

from . import facts, filters, sources
from .base import Collection, Item, OoapiView

BY_NAME = {"name": "title__nl"}


class Organizations(Collection):
    """Providers that published something."""

    shown = "organization"
    orders = {"name": "name", "organizationId": "pk"}
    asks = {
        "primaryCode": filters.exactly("slug"),
        "q": filters.holding("name", "slug"),
    }
    asks_only = {
        "5.0": {"organizationType": filters.one_kind("organizationType", "root", "ORGANIZATION_TYPES")},
        "6.0": {"organisationType": filters.one_kind("organisationType", "root", "ORGANIZATION_TYPES")},
    }

    def find(self) -> QuerySet[Organization]:
        return sources.organizations()


class OrganizationItem(Item):
    """A provider."""

    shown = "organization"

    def find(self) -> QuerySet[Organization]:
        return sources.organizations()


class Courses(Collection):
    """Modules: all, of a provider, or of a programme in its order."""

    shown = "course"
    orders = BY_NAME | {"courseId": "module"}
    asks = {
        "primaryCode": filters.exactly("module__code"),
        "q": filters.holding("title__nl", "title__en", "module__code", "description__nl", "description__en"),
        "teachingLanguage": filters.language(sources.courses_taught_in),
        "level": filters.level,
        "modeOfDelivery": filters.course_mode,
    }

    def find(self) -> QuerySet[ModuleVersion]:
        found = sources.courses(self.request.user)
        if "program" in self.kwargs:
            path = get_object_or_404(sources.programmes(), pk=self.kwargs["program"])
            return found.filter(module__in=path.items.values("module"))
        if "organization" in self.kwargs:
            found = found.filter(module__provider=_provider(self.kwargs))
        return found.filter(module__retired_at=None)


class CourseItem(Item):
    """A module; one that is retired says until when."""

    shown = "course"
    lookup = "module"

    def find(self) -> QuerySet[ModuleVersion]:
        return sources.courses(self.request.user)

    def related(self, found: ModuleVersion, name: str) -> Any:
        if name == "provider":
            return found.module.provider
        return sources.programmes().filter(items__module=found.module_id).order_by("pk")


class Programmes(Collection):
    """Learning paths: all, or of a provider."""

    shown = "program"
    orders = BY_NAME | {"programId": "pk"}
    asks = {
        "primaryCode": filters.exactly("code"),
        "q": filters.holding("title__nl", "title__en", "code", "description__nl", "description__en"),
    }
    asks_only = {
        "5.0": {"programType": filters.one_kind("programType", "track", "PROGRAM_TYPES")},
        "6.0": {"programmeType": filters.one_kind("programmeType", "track", "PROGRAM_TYPES")},
    }

    def find(self) -> QuerySet[Programme]:
        found = sources.programmes().filter(retired_at=None)
        return found.filter(provider=_provider(self.kwargs)) if "organization" in self.kwargs else found


class ProgrammeItem(Item):
    """A learning path."""

    shown = "program"

    def find(self) -> QuerySet[Programme]:
        return sources.programmes()

    def related(self, found: Programme, name: str) -> Any:
        return found.provider


class Components(Collection):
    """The units of a course: all in version 5, those that are judged apart in version 6."""

    shown = "component"
    orders = BY_NAME | {"componentId": "pk"}
    asks = {
        "q": filters.holding("title__nl", "title__en"),
        "teachingLanguage": filters.language(sources.units_taught_in),
    }
    asks_only = {"5.0": {"componentType": filters.component_type}}

    def find(self) -> QuerySet[Unit]:
        version = get_object_or_404(ModuleVersion.objects.current(), module=self.kwargs["course"])
        found = sources.components().filter(section__version=version)
        return found if self.shown == "component" else found.filter(facts.tests(self.shown == "judged_component"))

    def ordered(self, found: QuerySet[Unit], sort: str) -> QuerySet[Unit]:
        """Version 6 has no `sort`, so there it is the order in which one takes them."""
        if self.version == "6.0":
            return found.order_by("section__position", "position")
        return super().ordered(found, sort or "componentId")


class ComponentItem(Item):
    """A unit."""

    shown = "component"

    def find(self) -> QuerySet[Unit]:
        found = sources.components()
        return found if self.shown == "component" else found.filter(facts.tests(self.shown == "judged_component"))

    def related(self, found: Unit, name: str) -> Any:
        module = found.section.version.module
        return module.provider if name == "provider" else sources.courses(self.request.user).get(module=module)


class Offerings(Collection):
    """Dated runs of a provider or of a course. From today on, unless `since` says otherwise; dates are start dates."""

    shown = "offering"
    orders = {
        "startDate": "starts_on",
        "endDate": "ends_on",
        "name": "version__title__nl",
        "offeringId": "pk",
    }
    asks = {
        "q": filters.holding("version__title__nl", "version__title__en", "code", "version__summary__nl"),
        "teachingLanguage": filters.language(lambda found, language: found.filter(language=language)),
        "modeOfDelivery": filters.offering_mode,
        "resultExpected": filters.result_expected,
        "since": filters.since,
        "until": filters.until,
    }
    asks_only = {"5.0": {"offeringType": filters.offering_type}, "6.0": {"state": filters.offering_state}}

    def find(self) -> QuerySet[Offering]:
        found = self.listed()
        if "since" not in self.request.query_params:
            found = found.filter(starts_on__gte=today())
        if "organization" in self.kwargs:
            return found.filter(provider=_provider(self.kwargs))
        course = get_object_or_404(ModuleVersion.objects.current(), module=self.kwargs["course"])
        return found.filter(version__module=course.module_id)

    def listed(self) -> QuerySet[Offering]:
        """Version 5 has no word for a run that was called off: it is left out of lists."""
        found = sources.offerings(self.request.user)
        return found.filter(cancelled_at=None) if self.version == "5.0" else found


class ProgrammeOfferings(Offerings):
    """Runs of a programme as a whole: there are none, each of its courses has its own."""

    def find(self) -> QuerySet[Offering]:
        get_object_or_404(sources.programmes(), pk=self.kwargs["program"])
        return Offering.objects.none()


class OfferingItem(Item):
    """A dated run."""

    shown = "offering"

    def find(self) -> QuerySet[Offering]:
        return sources.offerings(self.request.user)

    def related(self, found: Offering, name: str) -> Any:
        if name == "provider":
            return found.provider
        return sources.courses(self.request.user).get(module=found.version.module_id)


class Outcomes(Collection):
    """Skills that published modules teach."""

    shown = "outcome"
    orders = {"name": "label_en"}
    asks = {
        "q": filters.holding("label_nl", "label_en"),
        "since": filters.always_valid("since"),
        "until": filters.always_valid("until"),
    }

    def find(self) -> QuerySet[Skill]:
        return sources.outcomes()


class OutcomeItem(Item):
    """A skill."""

    shown = "outcome"

    def find(self) -> QuerySet[Skill]:
        return sources.outcomes()


class Unknown(OoapiView):
    """Every other path under the base: 404, as a problem."""

    def get(self, request: Request, path: str) -> Response:
        raise NotFound(_("There is nothing at this address. The paths are those of the Open Education API."))


def _provider(path: dict[str, Any]) -> Organization:
    return get_object_or_404(sources.organizations(), pk=path["organization"])
