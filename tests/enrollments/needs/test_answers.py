"""A bundle is answered with places for each employer, which it takes or declines."""

from datetime import timedelta

import pytest
from django.core import mail

from courses.models import Offering, ReservedPlaces
from courses.services.offerings import cancel_offering
from courses.services.reserving import give_up_places
from enrollments.models import ApprovalStep, BundleState, NeedAnswer, NeedState, TrainingNeed
from enrollments.needs.timeline import steps_of
from enrollments.services import bundling
from enrollments.services.answering import answer_bundle, decline_places, meet_need, return_lapsed_needs
from enrollments.services.deciding import approve_request
from enrollments.services.enrolling import enroll_staff
from enrollments.services.needs import post_need, take_back_need
from enrollments.services.requesting import request_place
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.services import deliver_due
from lms.notifications.services import send_queued_messages
from lms.permissions.roles import Role
from tests.enrollments.need_worlds import skill
from tests.factories import (
    EmploymentFactory,
    ProviderFactory,
    offering_of,
    person_with_role,
    published_version,
)

from .asking import keys, plan, states

pytestmark = pytest.mark.django_db


class TestAnswering:
    """A provider keeps places for each employer, all or nothing."""

    def test_a_new_offering_with_places_for_each_employer(self, region, asked, answered):
        offering = answered.offering
        offering.refresh_from_db()
        kept = {row.employer: row.places for row in offering.reserved_places.all()}
        assert kept == dict(zip(region.employers, (4, 3, 2), strict=True))
        assert (offering.held_back, offering.places_left, offering.visibility) == (9, 0, "employers")
        assert set(offering.employers.all()) == set(region.employers)
        asked.refresh_from_db()
        assert (asked.state, states(region)) == (BundleState.ANSWERED, ["answered"] * 3)

    def test_an_offering_that_is_there_keeps_places_beside_those_of_before(self, region, asked):
        offering = offering_of(region.version, capacity=20, starts_on=today() + timedelta(days=9))
        places = keys(region, asked, 4, 0, 2)
        answer_bundle(by=region.publisher, bundle=asked, places=places, offering=offering)
        assert states(region) == ["answered", "bundled", "answered"]
        assert sorted(offering.reserved_places.values_list("places", flat=True)) == [2, 4]
        with pytest.raises(Conflict) as refused:
            answer_bundle(by=region.publisher, bundle=asked, places=places, offering=offering)
        assert refused.value.code == "existing"
        assert sorted(offering.reserved_places.values_list("places", flat=True)) == [2, 4]

    def test_too_few_places_is_refused_with_the_numbers_and_nothing_stays(self, region, asked):
        with pytest.raises(Conflict) as refused:
            answer_bundle(
                by=region.publisher, bundle=asked, places=keys(region, asked, 4, 3, 2), plan=plan(region, capacity=8)
            )
        assert "9" in refused.value.detail
        assert "8" in refused.value.detail
        assert not Offering.objects.filter(code="lassen-samen").exists()
        assert not NeedAnswer.objects.exists()
        assert states(region) == ["bundled"] * 3

    def test_wrong_input_is_named(self, region, asked):
        answer = {"by": region.publisher, "bundle": asked}
        for places in ({}, keys(region, asked, 0, 0), keys(region, asked, -1, 3)):
            with pytest.raises(Invalid):
                answer_bundle(**answer, places=places, plan=plan(region))
        with pytest.raises(Invalid):
            answer_bundle(**answer, places=keys(region, asked, 1))
        with pytest.raises(Conflict) as refused:
            answer_bundle(**answer, places={skill("x").pk: 2}, plan=plan(region))
        assert refused.value.code == "stale"

    def test_who_may_answer(self, region, asked):
        gathering = bundling.make_bundle(
            by=region.coordinator,
            coordinator=region.hub,
            title="Nog bezig",
            needs=[post_need(by=region.hr[0], employer=region.employers[0], skills=region.skills, people=1)],
        )
        with pytest.raises(NotFound):
            answer_bundle(by=region.publisher, bundle=gathering, places={}, plan=plan(region))
        for nobody in (region.coordinator, region.hr[0]):
            with pytest.raises(Forbidden):
                answer_bundle(by=nobody, bundle=asked, places=keys(region, asked, 1), plan=plan(region))
        stranger = person_with_role(ProviderFactory(), Role.PUBLISHER)
        with pytest.raises(Forbidden):
            answer_bundle(by=stranger, bundle=asked, places=keys(region, asked, 1), plan=plan(region))

    def test_a_second_provider_may_answer_too(self, region, asked, answered):
        other = ProviderFactory()
        version = published_version(other, skills=region.skills)
        publisher = person_with_role(other, Role.PUBLISHER)
        answer_bundle(
            by=publisher, bundle=asked, places=keys(region, asked, 1, 1), plan=plan(region, version=version, code="ook")
        )
        assert asked.answers.count() == 2
        assert states(region) == ["answered"] * 3


class TestDeciding:
    """What an employer does with places that are kept for it."""

    def people(self, region, n, count):
        return [EmploymentFactory(employer=region.employers[n]).user for _person in range(count)]

    def test_accepting_meets_the_need(self, region, answered):
        need = meet_need(by=region.hr[0], need=region.needs[0], answer=answered)
        assert (need.state, need.met_by) == (NeedState.MET, answered)
        assert states(region) == ["met", "answered", "answered"]
        with pytest.raises(Conflict):
            take_back_need(by=region.hr[0], need=need)

    def test_a_request_that_takes_a_kept_place_meets_the_need(self, region, answered):
        (worker,) = self.people(region, 1, 1)
        asked = {"employer": region.employers[1], "offering": answered.offering, "motivation": "Graag."}
        request = request_place(by=worker, **asked)
        assert states(region) == ["answered", "answered", "answered"]
        approve_request(by=region.hr[1], step=ApprovalStep.objects.get(enrollment=request))
        request.refresh_from_db()
        assert (request.state, states(region)) == ("active", ["answered", "met", "answered"])

    def test_enrolling_within_the_own_places_meets_the_need(self, region, answered):
        learners = self.people(region, 1, 4)
        outcome = enroll_staff(
            by=region.hr[1], employer=region.employers[1], offering=answered.offering, learners=learners
        )
        assert (len(outcome.active), len(outcome.waitlisted)) == (3, 1)
        assert states(region) == ["answered", "met", "answered"]
        others = self.people(region, 0, 4)
        outcome = enroll_staff(
            by=region.hr[0], employer=region.employers[0], offering=answered.offering, learners=others
        )
        assert len(outcome.active) == 4

    def test_giving_up_returns_the_places_and_the_need_waits_for_another_answer(self, region, asked, answered):
        decline_places(by=region.hr[2], need=region.needs[2], answer=answered)
        answered.offering.refresh_from_db()
        assert (answered.offering.held_back, states(region)) == (7, ["answered", "answered", "bundled"])
        with pytest.raises(Conflict):
            decline_places(by=region.hr[2], need=region.needs[2], answer=answered)
        with pytest.raises(Conflict):
            meet_need(by=region.hr[2], need=region.needs[2], answer=answered)

    def test_taking_back_gives_up_what_was_kept(self, region, answered):
        take_back_need(by=region.hr[0], need=region.needs[0])
        answered.offering.refresh_from_db()
        assert (answered.offering.held_back, states(region)) == (5, ["taken_back", "answered", "answered"])

    def test_places_stay_for_another_need_of_the_employer_in_the_bundle(self, region):
        second = post_need(by=region.hr[0], employer=region.employers[0], skills=region.skills, people=2)
        region.needs.append(second)
        bundle = region.bundle()
        answer = answer_bundle(
            by=region.publisher, bundle=bundle, places=keys(region, bundle, 6, 3, 2), plan=plan(region, capacity=11)
        )
        take_back_need(by=region.hr[0], need=second)
        answer.offering.refresh_from_db()
        assert answer.offering.held_back == 11
        assert states(region) == ["answered", "answered", "answered", "taken_back"]

    def test_found_elsewhere(self, region):
        assert meet_need(by=region.hr[0], need=region.needs[0]).state == NeedState.MET

    def test_a_foreign_answer_is_not_there(self, region, answered):
        lonely = post_need(by=region.hr[0], employer=region.employers[0], skills=region.skills, people=1)
        with pytest.raises(NotFound):
            meet_need(by=region.hr[0], need=lonely, answer=answered)
        with pytest.raises(NotFound):
            meet_need(by=region.hr[1], need=region.needs[0], answer=answered)

    @pytest.mark.parametrize("how", ["cancelled", "given up by the provider"])
    def test_an_answer_that_falls_away_returns_the_needs(self, region, asked, answered, how):
        if how == "cancelled":
            cancel_offering(by=region.publisher, offering=answered.offering)
        else:
            for row in ReservedPlaces.objects.all():
                give_up_places(by=region.publisher, reserved=row)
        assert return_lapsed_needs() == 3
        asked.refresh_from_db()
        assert (asked.state, states(region)) == (BundleState.ASKED, ["bundled"] * 3)
        assert return_lapsed_needs() == 0

    def test_closing_waits_for_who_still_decides(self, region, asked, answered):
        with pytest.raises(Conflict) as refused:
            bundling.close_bundle(by=region.coordinator, bundle=asked)
        assert refused.value.code == "undecided"


class TestTelling:
    """Each step is told once, to those whom it concerns; the bundle follows its needs."""

    def told(self):
        deliver_due()
        send_queued_messages()
        found = {(message.to[0], message.body) for message in mail.outbox}
        assert len(found) == len(mail.outbox), "nobody hears the same twice"
        mail.outbox.clear()
        return {address for address, _subject in found}

    def test_every_step(self, region):
        other = person_with_role(ProviderFactory(), Role.PUBLISHER)
        hr = {person.email for person in region.hr}
        coordinator, publisher = region.coordinator.email, region.publisher.email
        assert self.told() == {coordinator}
        bundle = region.bundle(asked=False)
        assert self.told() == hr
        bundling.ask_providers(by=region.coordinator, bundle=bundle)
        assert self.told() == hr | {publisher}, "no provider without a module that fits"
        assert other.email not in self.told()
        answer = answer_bundle(
            by=region.publisher, bundle=bundle, places=keys(region, bundle, 4, 3, 2), plan=plan(region)
        )
        assert self.told() >= hr | {coordinator}
        meet_need(by=region.hr[0], need=region.needs[0], answer=answer)
        assert self.told() == {coordinator, publisher}
        take_back_need(by=region.hr[1], need=region.needs[1])
        assert self.told() == {coordinator, publisher}
        meet_need(by=region.hr[2], need=region.needs[2], answer=answer)
        self.told()
        bundle.refresh_from_db()
        assert bundle.state == BundleState.CLOSED

    def test_the_timeline_is_the_same_for_everybody(self, region):
        bundle = region.bundle()
        answer_bundle(by=region.publisher, bundle=bundle, places=keys(region, bundle, 4, 3, 2), plan=plan(region))
        need = TrainingNeed.objects.select_related("bundle").get(pk=region.needs[0].pk)
        steps = steps_of(need)
        assert [step.name for step in steps if step.at] == ["posted", "bundled", "asked", "answered"]
        assert [step.name for step in steps if not step.at] == ["met"]
        assert region.provider.name in steps[3].words
