"""The rows behind the Open Education API, each list in a bounded number of queries. Drafts are in none of them."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from courses.models import ModuleVersion, Offering, Programme, ProgrammeItem, Skill, Unit
from lms.organizations.models import Organization


def organizations() -> QuerySet[Organization]:
    """Providers that published something."""
    modules = ModuleVersion.objects.published().filter(module__provider=OuterRef("pk"))
    programmes = _published_programmes().filter(provider=OuterRef("pk"))
    found = Organization.objects.filter(Exists(modules) | Exists(programmes), is_provider=True)
    return found.prefetch_related("locations")


def courses(user: Any) -> QuerySet[ModuleVersion]:
    """Modules as their newest published version says, with how their open runs are given."""
    runs = Offering.objects.visible_to(user).open_for_enrollment().only("id", "version_id", "delivery")
    versions = ModuleVersion.objects.published().only("id", "module_id")
    places = ProgrammeItem.objects.filter(programme__in=_published_programmes())
    return (
        _newest()
        .select_related("module__provider")
        .prefetch_related(
            "skills",
            "module__provider__locations",
            Prefetch("module__programme_items", places.order_by("programme_id"), to_attr="places"),
            Prefetch("module__versions", versions, to_attr="runs"),
            Prefetch("module__runs__offerings", runs, to_attr="open_runs"),
        )
    )


def programmes() -> QuerySet[Programme]:
    """Published ones, with what their modules offer now."""
    current = Prefetch("items__module__versions", _newest(), to_attr="current")
    found = _published_programmes().select_related("provider")
    return found.prefetch_related("provider__locations", "items__module", current)


def offerings(user: Any) -> QuerySet[Offering]:
    """Runs that the user may see: public ones, and those reserved for an employer of theirs."""
    return shown_offerings().filter(pk__in=Offering.objects.visible_to(user).values("pk"))


def shown_offerings() -> QuerySet[Offering]:
    """All, ready to be shown to who may see them: for those that one takes part in, whatever their visibility."""
    found = Offering.objects.select_related("version__module__provider", "provider", "location")
    return found.prefetch_related("provider__locations")


def components() -> QuerySet[Unit]:
    """Units of the newest published versions, in reading order."""
    return Unit.objects.filter(section__version__in=_newest()).select_related("section__version__module__provider")


def outcomes() -> QuerySet[Skill]:
    """Skills that a published module teaches now."""
    return Skill.objects.filter(Exists(_newest().filter(skills=OuterRef("pk"))))


def courses_taught_in(versions: QuerySet[ModuleVersion], language: str) -> QuerySet[ModuleVersion]:
    """Those with this language of instruction."""
    return versions.filter(pk__in=ModuleVersion.objects.taught_in(language).values("pk"))


def units_taught_in(units: QuerySet[Unit], language: str) -> QuerySet[Unit]:
    """Those of versions with this language of instruction."""
    return units.filter(section__version__in=ModuleVersion.objects.taught_in(language))


def _newest() -> QuerySet[ModuleVersion]:
    return ModuleVersion.objects.current()


def _published_programmes() -> QuerySet[Programme]:
    return Programme.objects.filter(published_at__isnull=False)
