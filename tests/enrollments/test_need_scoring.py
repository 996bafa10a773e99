"""How well a module fits a need: a table of cases, each with the points and the reason in words."""

import itertools
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from courses.models import Module, ModuleVersion, Offering
from enrollments.needs.scoring import Fit, Match, Run, Wish, match
from lms.core.clock import today
from lms.organizations.models import Location, Organization
from lms.organizations.places import find_place

WELD, GRIND, MEASURE, READ, CLEAN = (uuid.UUID(int=n) for n in range(5))
SKILLS = {WELD: "welding", GRIND: "grinding", MEASURE: "measuring", READ: "reading drawings", CLEAN: "cleaning"}
HARDENBERG = find_place("Hardenberg")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def module(level=3, track="mbo", number=0):
    provider = Organization(slug="school", name="School")
    return ModuleVersion(pk=uuid.UUID(int=number), module=Module(code="m", provider=provider), level=level, track=track)


def run(*, begins=30, lasts=20, left=10, own=0, city="", delivery="hub", price=0, code="a"):
    location = Location(city=city, name="Zaal") if city else None
    if location:
        location.locate()
    offering = Offering(
        code=code,
        starts_on=today() + timedelta(days=begins),
        ends_on=None if lasts is None else today() + timedelta(days=begins + lasts),
        capacity=None if left is None else left + own,
        held_back=own,
        delivery=delivery,
        location=location,
        price=Decimal(price),
    )
    return Run(offering, own)


def wish(**asked):
    return Wish(**({"skills": SKILLS, "people": 4} | asked))


def reason(found: Match, kind: str):
    return next(reason for reason in found.reasons if reason.kind == kind)


def in_days(days):
    return today() + timedelta(days=days)


@pytest.mark.parametrize(
    ("given", "points", "fit", "words"),
    [
        (set(SKILLS), 50, Fit.FULL, "Gives all 5 skills."),
        ({WELD, GRIND, MEASURE}, 30, Fit.PART, "Gives 3 of the 5 skills."),
        ({WELD, uuid.uuid4()}, 10, Fit.PART, "Gives 1 of the 5 skills."),
        (set(), 0, Fit.MISS, "Gives 0 of the 5 skills."),
    ],
)
def test_skills(given, points, fit, words):
    found = reason(match(wish(), module(), given, []), "skills")
    assert (found.points, found.fit, found.text) == (points, fit, words)


def test_five_of_a_long_list_count_as_all_that_can_be_had_and_more_still_come_first():
    many = {uuid.UUID(int=n): f"skill {n}" for n in range(100, 130)}
    one, five, six = (match(wish(skills=many), module(number=n), set(sorted(many)[:n]), []) for n in (1, 5, 6))
    assert [reason(found, "skills").points for found in (one, five, six)] == [10, 50, 50]
    assert reason(five, "skills").text == "Gives 5 of the 30 skills."
    assert sorted([one, five, six], key=lambda found: found.order) == [six, five, one]


def test_which_skills_it_gives_and_which_are_missing():
    found = match(wish(), module(), {READ, WELD}, [])
    assert found.given == ["reading drawings", "welding"]
    assert found.missing == ["cleaning", "grinding", "measuring"]


@pytest.mark.parametrize(
    ("asked", "stated", "points", "words"),
    [
        (3, 3, 15, "Indicative level 3, as you ask."),
        (3, 4, 7, "Indicative level 4, next to the 3 that you ask."),
        (3, 2, 7, "Indicative level 2, next to the 3 that you ask."),
        (3, 6, 0, "Indicative level 6, while you ask level 3."),
        (3, None, 0, "The provider states no level."),
        (None, 6, 0, "Indicative level 6."),
    ],
)
def test_level(asked, stated, points, words):
    found = reason(match(wish(level=asked), module(level=stated), {WELD}, []), "level")
    assert (found.points, found.text) == (points, words)
    assert found.most == (15 if asked else 0), "what is not asked does not count"


@pytest.mark.parametrize(
    ("where", "km", "delivery", "points", "words"),
    [
        ("Hardenberg", 5, "hub", 10, "In Hardenberg, 0 km away."),
        ("Coevorden", 25, "hub", 10, "In Coevorden, 12 km away."),
        ("Emmen", 25, "hub", 0, "In Emmen, 30 km away: further than 25 km."),
        ("Emmen", 25, "online", 10, "Online: from anywhere."),
        ("", 25, "hub", 0, "The place is not known yet."),
        ("Lutjebroek aan Zee", 25, "hub", 0, "In Lutjebroek aan Zee."),
    ],
)
def test_place(where, km, delivery, points, words):
    near = wish(place=HARDENBERG, km=km)
    found = reason(match(near, module(), {WELD}, [run(city=where, delivery=delivery)]), "place")
    assert found.points == points
    assert found.text == words


@pytest.mark.parametrize(
    ("begins", "lasts", "points", "words"),
    [
        (10, 20, 10, "done before"),
        (10, 60, 5, "but ends on"),
        (50, 10, 0, "after"),
        (10, None, 10, "Begins on"),
        (-10, None, 10, "Can begin at once, at one's own pace."),
        (-10, 30, 10, "done before"),
    ],
)
def test_date(begins, lasts, points, words):
    found = reason(match(wish(by_day=in_days(40)), module(), {WELD}, [run(begins=begins, lasts=lasts)]), "date")
    assert found.points == points
    assert words in found.text


@pytest.mark.parametrize(
    ("left", "own", "points", "words"),
    [
        (None, 0, 10, "Places for everybody: there is no limit."),
        (10, 0, 10, "10 places left: enough for 4 people."),
        (1, 3, 10, "4 places left, of which 3 reserved for you: enough for 4 people."),
        (0, 4, 10, "4 places left, of which 4 reserved for you: enough for 4 people."),
        (2, 0, 5, "2 places left for 4 people: the others would wait."),
        (1, 0, 2, "1 place left for 4 people: the others would wait."),
        (0, 0, 0, "Full: everybody would wait for a place."),
    ],
)
def test_places_count_what_is_reserved_for_the_employer(left, own, points, words):
    found = reason(match(wish(), module(), {WELD}, [run(left=left, own=own)]), "places")
    assert (found.points, found.text) == (points, words)


def test_a_module_without_a_date_says_so_and_loses_what_a_date_would_give():
    asked = wish(by_day=in_days(40), place=HARDENBERG)
    without = match(asked, module(), set(SKILLS), [])
    assert [(r.points, r.most) for r in without.reasons if r.kind == "date"] == [(0, 30)]
    assert without.falls_short[-1].text == "No date is planned that you can join."
    assert without.score == 50 * 100 // 80


def test_everything_fits():
    asked = wish(level=3, track="mbo", by_day=in_days(60), place=HARDENBERG)
    found = match(asked, module(), set(SKILLS), [run(city="Hardenberg")])
    assert found.score == 100
    assert found.falls_short == []


def test_the_run_that_suits_best_is_chosen_then_the_soonest_then_the_cheapest():
    asked = wish(by_day=in_days(60), place=HARDENBERG)
    full, late = run(left=0, begins=5, city="Hardenberg"), run(begins=70, city="Hardenberg")
    good, dear = run(begins=20, city="Hardenberg", price=10), run(begins=20, city="Hardenberg", price=20)
    for order in itertools.permutations([full, late, good, dear]):
        assert match(asked, module(), {WELD}, list(order)).run == good


def test_more_skills_beat_everything_else():
    asked = wish(level=3, by_day=in_days(60))
    much = match(asked, module(level=3, number=1), set(SKILLS), [])
    little = match(asked, module(level=3, number=2), {WELD}, [run()])
    assert sorted([little, much], key=lambda found: found.order)[0] == much


@given(
    taught=st.sets(st.sampled_from(sorted(SKILLS, key=str))),
    level=st.one_of(st.none(), st.integers(1, 8)),
    left=st.one_of(st.none(), st.integers(0, 6)),
    own=st.integers(0, 3),
    begins=st.integers(-30, 90),
    lasts=st.one_of(st.none(), st.integers(0, 90)),
    more=st.sampled_from(sorted(SKILLS, key=str)),
)
def test_a_score_lies_between_0_and_100_and_a_skill_more_never_costs(taught, level, left, own, begins, lasts, more):
    asked = wish(level=3, track="mbo", by_day=in_days(45), place=HARDENBERG)
    runs = [run(left=left, own=own, begins=begins, lasts=lasts, city="Coevorden")]
    found = match(asked, module(level=level), taught, runs)
    assert 0 <= found.score <= 100
    assert all(0 <= one.points <= one.most for one in found.reasons)
    assert match(asked, module(level=level), taught | {more}, runs).score >= found.score
    again = match(asked, module(level=level), taught, runs)
    assert (again.score, again.order, again.reasons) == (found.score, found.order, found.reasons)
