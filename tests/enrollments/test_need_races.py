"""Needs that two people take at the same moment, fifty rounds. Each with a control without locks, which must fail."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from courses.models import Offering, ReservedPlaces
from enrollments.models import NeedAnswer, NeedState, TrainingNeed
from enrollments.needs.bundles import needs_in, parties_of
from enrollments.services.answering import answer_bundle, decline_places, meet_need
from enrollments.services.bundling import make_bundle
from enrollments.services.needs import take_back_need
from lms.core.clock import today
from lms.core.errors import Conflict
from lms.events.models import DomainEvent
from lms.events.registry import registry
from tests.enrollments.need_worlds import build_region, post_again
from tests.factories import offering_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS, THREADS = 50, 8


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    """Telling people is another matter, and slow."""
    monkeypatch.setattr(registry, "subscribed", {})


@pytest.fixture
def locks_off(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())


@pytest.fixture
def at_once():
    """Runs eight calls at the same moment; returns how many succeeded, and what was neither success nor a Conflict."""
    barrier = Barrier(THREADS)

    def call(verb):
        barrier.wait(30)
        try:
            verb()
        except Conflict:
            return False
        except Exception as error:
            return error
        return True

    with ThreadPoolExecutor(THREADS) as pool:

        def play(verbs):
            ended = list(pool.map(call, verbs))
            return ended.count(True), [end for end in ended if not isinstance(end, bool)]

        yield play
        list(pool.map(lambda _n: (barrier.wait(30), connection.close()), range(THREADS)))


def rounds_that_broke(play, most=ROUNDS):
    """How many rounds did not keep the rule; a control stops at the first."""
    broken = 0
    for _round in range(ROUNDS):
        broken += bool(play())
        if broken >= most:
            break
    return broken


def same_need(at_once):
    """Coordinators who bundle the same needs at once."""
    region = build_region(skills=False)

    def play():
        needs = [post_again(region, n) for n in range(2)]

        def bundle():
            make_bundle(by=region.coordinator, coordinator=region.hub, title="Lassen", needs=needs)

        succeeded, errors = at_once([bundle] * THREADS)
        told = DomainEvent.objects.filter(name="need.bundled", subject_id__in=[need.pk for need in needs]).count()
        bundles = TrainingNeed.objects.filter(pk__in=[need.pk for need in needs]).values("bundle").distinct().count()
        return errors or (succeeded, told, bundles) != (1, 2, 1)

    return play


def test_a_need_goes_into_one_bundle(at_once):
    assert rounds_that_broke(same_need(at_once)) == 0


def test_control_without_the_lock_a_need_goes_into_several(at_once, locks_off):
    assert rounds_that_broke(same_need(at_once), most=1) == 1


def same_places(at_once):
    """Answers to as many bundles with the places of one offering, which has room for three of them."""
    region = build_region(skills=False)
    answered = {"by": region.publisher}

    def play():
        offering = offering_of(region.version, capacity=3 * 2, starts_on=today() + timedelta(days=9))
        bundles = []
        for _thread in range(THREADS):
            needs = [post_again(region, 0, people=2)]
            bundles.append(region.bundle(needs=needs))
        keys = [next(iter(parties_of(region.publisher, bundle, needs_in(bundle)))).key for bundle in bundles]
        succeeded, errors = at_once(
            [
                lambda bundle=bundle, key=key: answer_bundle(
                    **answered, bundle=bundle, places={key: 2}, offering=offering
                )
                for bundle, key in zip(bundles, keys, strict=True)
            ]
        )
        kept = Offering.objects.get(pk=offering.pk)
        places = sum(ReservedPlaces.objects.filter(offering=offering).values_list("places", flat=True))
        answers = NeedAnswer.objects.filter(offering=offering).count()
        return errors or (succeeded, kept.held_back, places, answers) != (3, 6, 6, 3)

    return play


def test_answers_never_keep_more_places_than_there_are(at_once):
    assert rounds_that_broke(same_places(at_once)) == 0


def test_control_without_the_lock_answers_keep_too_many_or_lose_some(at_once, locks_off):
    assert rounds_that_broke(same_places(at_once), most=1) == 1


def several_ends(at_once):
    """HR accepts, declines and takes back the same need in several tabs."""
    region = build_region(skills=False)
    codes = itertools.count()

    def play():
        need = post_again(region, 0, people=2)
        bundle = region.bundle(needs=[need])
        (party,) = parties_of(region.publisher, bundle, needs_in(bundle))
        plan = {"version": region.version, "code": f"samen-{next(codes)}", "capacity": 2, "language": "nl"}
        plan["starts_on"] = today() + timedelta(days=9)
        answer = answer_bundle(by=region.publisher, bundle=bundle, places={party.key: 2}, plan=plan)
        ends = [
            lambda: meet_need(by=region.hr[0], need=need, answer=answer),
            lambda: take_back_need(by=region.hr[0], need=need),
            lambda: decline_places(by=region.hr[0], need=need, answer=answer),
        ]
        _succeeded, errors = at_once(list(itertools.islice(itertools.cycle(ends), THREADS)))
        need.refresh_from_db()
        ended = DomainEvent.objects.filter(name__in=["need.met", "need.taken_back"], subject_id=need.pk).count()
        reserved = ReservedPlaces.objects.get(offering=answer.offering)
        held = Offering.objects.get(pk=answer.offering_id).held_back
        given_up = reserved.given_up_at is not None
        right = need.state in (NeedState.MET, NeedState.TAKEN_BACK) and ended == 1
        taken_back_in_full = need.state != NeedState.TAKEN_BACK or given_up
        return errors or not (right and taken_back_in_full and held == (0 if given_up else 2))

    return play


def test_a_need_ends_once_and_places_are_kept_or_returned(at_once):
    assert rounds_that_broke(several_ends(at_once)) == 0


def test_control_without_the_lock_a_need_ends_twice(at_once, locks_off):
    assert rounds_that_broke(several_ends(at_once), most=1) == 1
