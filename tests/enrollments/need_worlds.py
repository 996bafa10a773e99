"""A small region: three employers with HR who need the same, a hub coordinator, and a provider who can give it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from courses.models import Skill
from enrollments.models import NeedBundle, TrainingNeed
from enrollments.services.bundling import ask_providers, make_bundle
from enrollments.services.needs import post_need
from lms.core.clock import today
from lms.permissions.roles import Role
from tests.factories import OrganizationFactory, ProviderFactory, person_with_role, published_version

TOWNS = ("Hardenberg", "Coevorden", "Emmen")
PEOPLE = (4, 3, 2)


@dataclass
class Region:
    """Everybody in it."""

    employers: list[Any]
    hr: list[Any]
    hub: Any
    coordinator: Any
    provider: Any
    publisher: Any
    skills: list[Skill]
    version: Any
    needs: list[TrainingNeed]

    def bundle(self, asked: bool = True, needs: list[TrainingNeed] | None = None) -> NeedBundle:
        """All needs (or these) in one bundle, put to providers unless told otherwise."""
        by, hub, chosen = self.coordinator, self.hub, needs or self.needs
        bundle = make_bundle(by=by, coordinator=hub, title="Lassen", needs=chosen, note="Liefst avonden.")
        return ask_providers(by=by, bundle=bundle) if asked else bundle


def skill(name: str) -> Skill:
    """A skill of the framework."""
    return Skill.objects.create(uri=f"http://data.europa.eu/esco/skill/{name}", label_en=name, label_nl=name)


def post_again(region: Region, n: int, people: int = 1) -> TrainingNeed:
    """Another need of one of the employers."""
    return post_need(by=region.hr[n], employer=region.employers[n], skills=region.skills[:1], people=people)


def build_region(skills: bool = True) -> Region:
    """Needs for 4, 3 and 2 people, in three towns, within a month of each other.

    `skills`: the module gives what is asked. Without, no frozen rows keep a database from being emptied.
    """
    wanted = [skill(name) for name in ("lassen", "slijpen", "meten")]
    employers = [OrganizationFactory() for _town in TOWNS]
    hr = [person_with_role(employer, Role.HR_MANAGER) for employer in employers]
    hub = OrganizationFactory(is_employer=False, is_public_body=True)
    provider = ProviderFactory()
    coordinator = person_with_role(hub, Role.COORDINATOR)
    needs = [
        post_need(
            by=hr[n],
            employer=employers[n],
            skills=wanted[: 3 - n] or wanted[:1],
            people=PEOPLE[n],
            place=TOWNS[n],
            by_day=today() + timedelta(days=60 + 10 * n),
            level=3,
            title="Lassen",
        )
        for n in range(3)
    ]
    return Region(
        employers=employers,
        hr=hr,
        hub=hub,
        coordinator=coordinator,
        provider=provider,
        publisher=person_with_role(provider, Role.PUBLISHER),
        skills=wanted,
        version=published_version(provider, skills=wanted if skills else (), level=3),
        needs=needs,
    )
