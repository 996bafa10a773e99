"""Sessions of the demo story: weekly, in rooms and behind links, with the provider's teacher."""

import tomllib
from datetime import date, time, timedelta
from typing import Any

from courses.models import Offering, Session
from courses.services.sessions import plan_series
from lms.accounts.models import User
from lms.core.clock import today
from lms.organizations.demo.moments import ago
from lms.organizations.models import Room

from .folders import FOLDER


def plan_meetings() -> int:
    """All series of `sessions.toml`, each planned by the provider's publisher; how many sessions there are then."""
    with (FOLDER / "sessions.toml").open("rb") as file:
        planned: list[dict[str, Any]] = tomllib.load(file)["series"]
    day_told = today()
    for facts in planned:
        _plan(facts, day_told)
    return Session.objects.count()


def _plan(facts: dict[str, Any], day_told: date) -> None:
    offering = Offering.objects.select_related("provider").get(code=facts["offering"])
    staff = User.objects.filter(memberships__organization=offering.provider)
    publisher = staff.get(memberships__role="publisher")
    first = day_told + timedelta(days=facts["from"])
    first += timedelta(days=(facts["weekday"] - first.isoweekday()) % 7)
    with ago(facts["planned"], by=publisher):
        plan_series(
            by=publisher,
            offering=offering,
            first=first,
            begins=time.fromisoformat(facts["begins"]),
            ends=time.fromisoformat(facts["ends"]),
            times=facts["times"],
            title=facts["title"],
            room=Room.objects.select_related("location").get(name=facts["room"]) if "room" in facts else None,
            link=facts.get("link", ""),
            teacher=staff.get(memberships__role="teacher"),
        )
