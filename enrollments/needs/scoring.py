"""How well a module fits what an employer asks, with the reason of each point. Pure: the same facts, the same score.

Only what is asked counts: whoever names no level is not scored on it. The score is the share of the points that could
be had, from 0 to 100. Price decides between equals, and is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import ModuleVersion, Offering
from courses.templatetags.course_words import level_words
from enrollments.templatetags.enrollment_states import capital
from lms.core.clock import today
from lms.organizations.places import Place

MUCH = 5  # a module seldom gives more: so many skills of a long list count as all that can be had
SKILLS, LEVEL, TRACK, PLACE, DATE, ROOM = 50, 15, 5, 10, 10, 10


class Fit(StrEnum):
    """How well one thing fits. `NONE` only tells: nothing was asked of it."""

    FULL = "full"
    PART = "part"
    MISS = "miss"
    NONE = "none"


@dataclass(frozen=True)
class Wish:
    """What an employer asks: skills by id with their labels, and as much of the rest as it named."""

    skills: Mapping[UUID, str]
    track: str = ""
    level: int | None = None
    people: int = 1
    by_day: date | None = None
    place: Place | None = None
    km: int = 25


@dataclass(frozen=True)
class Run:
    """An offering that the employer can join; `own` places in it are reserved for it, perhaps at a price of its own."""

    offering: Offering
    own: int = 0
    own_price: Decimal | None = None

    @property
    def price(self) -> Decimal:
        """What a place costs this employer, ex VAT."""
        return self.offering.price if self.own_price is None else self.own_price

    @property
    def places(self) -> int | None:
        """What is left for this employer; None where there is no limit."""
        left = self.offering.places_left
        return None if left is None else left + self.own

    @property
    def begins(self) -> date:
        """When somebody who enrolls now can begin."""
        return max(self.offering.starts_on, today())


@dataclass(frozen=True)
class Reason:
    """One thing that counts: `points` of the `most` that it can give, and a sentence that says why."""

    kind: str
    fit: Fit
    points: int
    most: int
    text: str


@dataclass
class Match:
    """A module, the run of it that suits best, and why."""

    version: ModuleVersion
    run: Run | None
    given: list[str]
    missing: list[str]
    reasons: list[Reason] = field(default_factory=list)

    @property
    def score(self) -> int:
        """0 to 100: the share of what could be had."""
        most = sum(reason.most for reason in self.reasons)
        return sum(reason.points for reason in self.reasons) * 100 // most if most else 0

    @property
    def order(self) -> tuple[int, int, date, Decimal, str]:
        """Best first; of equals what gives more skills, begins sooner, costs less."""
        begins, price = (self.run.begins, self.run.price) if self.run else (date.max, Decimal(0))
        return (-self.score, -len(self.given), begins, price, str(self.version.pk))

    @property
    def falls_short(self) -> list[Reason]:
        """What does not fit, or only in part."""
        return [reason for reason in self.reasons if reason.fit in (Fit.PART, Fit.MISS)]


def match(wish: Wish, version: ModuleVersion, skills: set[UUID], runs: list[Run]) -> Match:
    """The module with `skills` against the wish, in the run of it that suits best."""
    given = sorted((label for pk, label in wish.skills.items() if pk in skills), key=str.casefold)
    missing = sorted((label for pk, label in wish.skills.items() if pk not in skills), key=str.casefold)
    run = min(runs, key=lambda run: _run_order(wish, run), default=None)
    found = Match(version, run, given, missing)
    found.reasons = [_skills(given, missing), _level(wish, version), _track(wish, version), *_run_reasons(wish, run)]
    return found


def _run_order(wish: Wish, run: Run) -> tuple[int, date, Decimal, str]:
    points = sum(reason.points for reason in _run_reasons(wish, run))
    return (-points, run.begins, run.price, run.offering.code)


def _run_reasons(wish: Wish, run: Run | None) -> list[Reason]:
    if run is None:
        most = (PLACE if wish.place else 0) + (DATE if wish.by_day else 0) + ROOM
        return [Reason("date", Fit.MISS, 0, most, _("No date is planned that you can join."))]
    return [_place(wish, run.offering), _date(wish, run), _room(wish, run)]


def _skills(given: list[str], missing: list[str]) -> Reason:
    asked = len(given) + len(missing)
    if not missing:
        text = ngettext("Gives the skill that is asked.", "Gives all %(n)d skills.", asked) % {"n": asked}
        return Reason("skills", Fit.FULL, SKILLS, SKILLS, text)
    text = _("Gives %(given)d of the %(asked)d skills.") % {"given": len(given), "asked": asked}
    points = SKILLS * min(len(given), MUCH) // min(asked, MUCH)
    return Reason("skills", Fit.PART if given else Fit.MISS, points, SKILLS, text)


def _level(wish: Wish, version: ModuleVersion) -> Reason:
    words = {"level": capital(level_words(version)), "asked": wish.level}
    if wish.level is None:
        return Reason("level", Fit.NONE, 0, 0, _("%(level)s.") % words if version.level else "")
    if version.level is None:
        return Reason("level", Fit.MISS, 0, LEVEL, _("The provider states no level."))
    apart = abs(version.level - wish.level)
    if apart == 0:
        return Reason("level", Fit.FULL, LEVEL, LEVEL, _("%(level)s, as you ask.") % words)
    if apart == 1:
        return Reason("level", Fit.PART, LEVEL // 2, LEVEL, _("%(level)s, next to the %(asked)d that you ask.") % words)
    return Reason("level", Fit.MISS, 0, LEVEL, _("%(level)s, while you ask level %(asked)d.") % words)


def _track(wish: Wish, version: ModuleVersion) -> Reason:
    if not wish.track:
        return Reason("track", Fit.NONE, 0, 0, version.get_track_display())
    if version.track == wish.track:
        return Reason("track", Fit.FULL, TRACK, TRACK, _("%(track)s, as you ask.") % {"track": version.track})
    words = {"track": version.track, "asked": wish.track}
    return Reason("track", Fit.MISS, 0, TRACK, _("%(track)s, while you ask %(asked)s.") % words)


def _place(wish: Wish, offering: Offering) -> Reason:
    most, location = PLACE if wish.place else 0, offering.location
    if offering.delivery in ("online", "digital_classroom"):
        fit = Fit.FULL if most else Fit.NONE
        return Reason("place", fit, most, most, _("Online: from anywhere."))
    if location is None:
        fit = Fit.MISS if most else Fit.NONE
        return Reason("place", fit, 0, most, _("The place is not known yet."))
    if wish.place is None or location.latitude is None or location.longitude is None:
        fit = Fit.MISS if most else Fit.NONE
        return Reason("place", fit, 0, most, _("In %(town)s.") % {"town": location.city})
    far = wish.place.km_to(float(location.latitude), float(location.longitude))
    words = {"town": location.city, "away": round(far), "km": wish.km}
    if far <= wish.km:
        return Reason("place", Fit.FULL, PLACE, PLACE, _("In %(town)s, %(away)d km away.") % words)
    text = _("In %(town)s, %(away)d km away: further than %(km)d km.") % words
    return Reason("place", Fit.MISS, 0, PLACE, text)


def _date(wish: Wish, run: Run) -> Reason:
    offering, most = run.offering, DATE if wish.by_day else 0
    words = {"from": _day(offering.starts_on), "until": _day(offering.ends_on), "by": _day(wish.by_day)}
    if offering.ends_on is None and offering.starts_on <= today():
        return Reason("date", Fit.FULL if most else Fit.NONE, most, most, _("Can begin at once, at one's own pace."))
    if wish.by_day is None:
        return Reason("date", Fit.NONE, 0, 0, _("Begins on %(from)s.") % words)
    if offering.starts_on > wish.by_day:
        return Reason("date", Fit.MISS, 0, DATE, _("Begins on %(from)s: after %(by)s.") % words)
    if offering.ends_on and offering.ends_on > wish.by_day:
        text = _("Begins on %(from)s, but ends on %(until)s: after %(by)s.") % words
        return Reason("date", Fit.PART, DATE // 2, DATE, text)
    if offering.ends_on is None:
        return Reason("date", Fit.FULL, DATE, DATE, _("Begins on %(from)s, before %(by)s.") % words)
    return Reason("date", Fit.FULL, DATE, DATE, _("From %(from)s to %(until)s: done before %(by)s.") % words)


def _room(wish: Wish, run: Run) -> Reason:
    places, words = run.places, {"places": run.places, "people": wish.people, "own": run.own}
    if places is None:
        return Reason("places", Fit.FULL, ROOM, ROOM, _("Places for everybody: there is no limit."))
    if places >= wish.people:
        text = ngettext("%(places)d place left", "%(places)d places left", places) % words
        kept = _(", of which %(own)d reserved for you") % words if run.own else ""
        enough = ngettext(": enough for %(people)d person.", ": enough for %(people)d people.", wish.people) % words
        return Reason("places", Fit.FULL, ROOM, ROOM, text + kept + enough)
    if places <= 0:
        return Reason("places", Fit.MISS, 0, ROOM, _("Full: everybody would wait for a place."))
    text = ngettext(
        "%(places)d place left for %(people)d people: the others would wait.",
        "%(places)d places left for %(people)d people: the others would wait.",
        places,
    )
    return Reason("places", Fit.PART, ROOM * places // wish.people, ROOM, text % words)


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""
