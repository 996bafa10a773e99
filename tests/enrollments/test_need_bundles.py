"""From needs of several employers to an offering with places for each: bundled, asked, answered, met or taken back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from courses.models import Offering, ReservedPlaces
from courses.services.offerings import cancel_offering
from courses.services.reserving import give_up_places
from enrollments.models import ApprovalStep, BundleState, NeedAnswer, NeedBundle, NeedState, TrainingNeed
from enrollments.needs.bundles import needs_in, parties_of, totals_of
from enrollments.needs.demand import regional_demand
from enrollments.needs.similar import fitting, likeness, open_needs, suggest
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
from tests.enrollments.need_worlds import build_region, skill
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    ProviderFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return build_region()


@pytest.fixture
def asked(region):
    return region.bundle()


def keys(region, bundle, *places):
    parties = parties_of(region.publisher, bundle, needs_in(bundle))
    return dict(zip((party.key for party in parties), places, strict=False))


def plan(region, **facts):
    return {"version": region.version, "code": "lassen-samen", "capacity": 9, "language": "nl"} | facts


@pytest.fixture
def answered(region, asked):
    return answer_bundle(by=region.publisher, bundle=asked, places=keys(region, asked, 4, 3, 2), plan=plan(region))


def states(region):
    return [need.state for need in TrainingNeed.objects.filter(pk__in=[n.pk for n in region.needs]).order_by("pk")]


class TestLookingAlike:
    """Which needs could be bundled, and why."""

    def test_needs_that_share_skills_level_place_and_time_are_suggested_with_the_reasons(self, region):
        (found,) = suggest(open_needs())
        assert (found.people, found.employers) == (9, 3)
        assert {need.pk for need in found.needs} == {need.pk for need in region.needs}
        assert any("lassen" in reason for reason in found.reasons)

    def test_needs_of_one_employer_alone_are_no_bundle(self, region):
        TrainingNeed.objects.all().update(employer=region.employers[0])
        assert suggest(open_needs()) == []

    def test_nothing_in_common_is_not_alike(self, region):
        other = post_need(by=region.hr[0], employer=region.employers[0], skills=[skill("bakken")], people=1)
        assert likeness(open_needs()[0], TrainingNeed.objects.prefetch_related("skills").get(pk=other.pk)) is None

    def test_far_away_and_much_later_is_less_alike(self, region):
        first, second, _third = open_needs()
        near = likeness(first, second)
        second.place, second.by_day, second.km, first.km = "Emmen", today() + timedelta(days=400), 5, 5
        far = likeness(first, second)
        assert near
        assert far
        assert far.score < near.score

    def test_what_fits_a_bundle_is_suggested(self, region):
        bundle = bundling.make_bundle(
            by=region.coordinator, coordinator=region.hub, title="Lassen", needs=region.needs[:1]
        )
        found = {need.pk for need, _like in fitting(open_needs(), needs_in(bundle))}
        assert found == {need.pk for need in region.needs[1:]}

    def test_demand_counts_people_and_employers(self, region):
        demand = regional_demand(open_needs())
        assert [(one.label, one.people, len(one.employers)) for one in demand.skills] == [
            ("lassen", 9, 3),
            ("slijpen", 7, 2),
            ("meten", 4, 1),
        ]
        assert {one.label for one in demand.towns} == {"Hardenberg", "Coevorden", "Emmen"}


class TestGathering:
    """What a coordinator does before providers are asked."""

    def test_totals(self, region):
        totals = totals_of(needs_in(region.bundle(asked=False)))
        assert (totals.people, totals.employers, totals.common) == (9, 3, ["lassen"])
        assert totals.earliest == today() + timedelta(days=60)
        assert totals.middle == "Coevorden"
        assert totals.km
        assert 5 < totals.km < 20

    def test_in_and_out(self, region):
        bundle = region.bundle(asked=False)
        assert states(region) == ["bundled"] * 3
        bundling.take_out_need(by=region.coordinator, bundle=bundle, need=region.needs[0])
        assert states(region) == ["open", "bundled", "bundled"]
        with pytest.raises(NotFound):
            bundling.take_out_need(by=region.coordinator, bundle=bundle, need=region.needs[0])
        bundling.add_needs(by=region.coordinator, bundle=bundle, needs=region.needs[:1])
        bundling.edit_bundle(by=region.coordinator, bundle=bundle, title=" Lassers ", note="")
        bundle.refresh_from_db()
        assert (bundle.title, states(region)) == ("Lassers", ["bundled"] * 3)

    def test_a_need_is_in_one_bundle(self, region):
        region.bundle(asked=False)
        with pytest.raises(Conflict):
            region.bundle(asked=False)
        assert NeedBundle.objects.count() == 1

    def test_nothing_changes_once_providers_are_asked(self, region, asked):
        by = region.coordinator
        for change in (
            lambda: bundling.take_out_need(by=by, bundle=asked, need=region.needs[0]),
            lambda: bundling.add_needs(by=by, bundle=asked, needs=region.needs[:1]),
            lambda: bundling.edit_bundle(by=by, bundle=asked, title="Anders", note=""),
            lambda: bundling.ask_providers(by=by, bundle=asked),
        ):
            with pytest.raises(Conflict):
                change()

    def test_wrong_words_and_nothing_at_all(self, region):
        by, hub = region.coordinator, region.hub
        for title, needs in (("", region.needs), ("x" * 161, region.needs), ("Lassen", [])):
            with pytest.raises(Invalid):
                bundling.make_bundle(by=by, coordinator=hub, title=title, needs=needs)
        assert states(region) == ["open"] * 3
        bundle = region.bundle(asked=False)
        for need in region.needs:
            take_back_need(by=region.hr[region.needs.index(need)], need=need)
        with pytest.raises(Conflict):
            bundling.ask_providers(by=by, bundle=bundle)

    def test_only_its_coordinator(self, region):
        bundle = region.bundle(asked=False)
        other = person_with_role(OrganizationFactory(is_public_body=True), Role.COORDINATOR)
        with pytest.raises(Forbidden):
            bundling.ask_providers(by=other, bundle=bundle)
        for stranger in (region.publisher, person_with_role(OrganizationFactory(), Role.HR_MANAGER)):
            with pytest.raises(NotFound):
                bundling.ask_providers(by=stranger, bundle=bundle)
        with pytest.raises(Forbidden):
            bundling.ask_providers(by=region.hr[0], bundle=bundle)
        with pytest.raises(Forbidden):
            bundling.make_bundle(by=other, coordinator=region.hub, title="Mijn", needs=region.needs)

    def test_closing_opens_what_was_not_answered(self, region, asked):
        bundling.close_bundle(by=region.coordinator, bundle=asked)
        assert states(region) == ["open"] * 3
        with pytest.raises(Conflict):
            bundling.close_bundle(by=region.coordinator, bundle=asked)


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


class TestNames:
    """Who reads which employer's name."""

    def names(self, user, bundle):
        return [party.name for party in parties_of(user, bundle, needs_in(bundle))]

    def test_a_provider_reads_names_only_once_it_keeps_places(self, region, asked):
        assert self.names(region.publisher, asked) == ["", "", ""]
        offering = offering_of(region.version, capacity=20, starts_on=today() + timedelta(days=9))
        answer_bundle(by=region.publisher, bundle=asked, places=keys(region, asked, 4, 0, 2), offering=offering)
        first, _second, third = region.employers
        assert self.names(region.publisher, asked) == [first.name, "", third.name]
        assert self.names(person_with_role(ProviderFactory(), Role.PUBLISHER), asked) == ["", "", ""]

    def test_an_employer_reads_its_own_and_a_coordinator_all(self, region, asked):
        assert self.names(region.hr[1], asked) == ["", region.employers[1].name, ""]
        assert self.names(region.coordinator, asked) == [employer.name for employer in region.employers]

    def test_pages_show_no_name_that_is_not_told(self, region, asked, client):
        other = person_with_role(ProviderFactory(), Role.PUBLISHER)
        client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
        address = reverse("enrollments:bundle", args=[asked.pk])
        page = client.get(address)
        assert [party.people for party in page.context["parties"]] == [4, 3, 2]
        assert not [employer for employer in region.employers if employer.name in page.content.decode()]


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


class TestPages:
    """Every door of the story, by hand."""

    @pytest.fixture
    def seen_by(self, client):
        def sign_in(user):
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            return client

        return sign_in

    def test_bundling_by_hand(self, region, seen_by):
        browser = seen_by(region.coordinator)
        page = browser.get(reverse("enrollments:regional_needs"))
        assert len(page.context["suggestions"]) == 1
        sent = {"need": [need.pk for need in region.needs[:2]], "title": "Lassen samen"}
        browser.post(reverse("enrollments:make_bundle"), sent)
        bundle = NeedBundle.objects.get()
        into = {"need": [region.needs[2].pk], "bundle": bundle.pk}
        browser.post(reverse("enrollments:make_bundle"), into)
        assert states(region) == ["bundled"] * 3
        change = reverse("enrollments:change_bundle", args=[bundle.pk])
        browser.post(change, {"do": "take_out", "need": region.needs[2].pk})
        browser.post(change, {"do": "save", "title": "Lassen", "note": "Avonden"})
        page = browser.get(reverse("enrollments:bundle", args=[bundle.pk]))
        assert [need.pk for need, _like in page.context["fitting"]] == [region.needs[2].pk]
        browser.post(change, {"do": "add", "need": region.needs[2].pk})
        browser.post(change, {"do": "ask"})
        browser.post(change, {"do": "ask"})
        bundle.refresh_from_db()
        assert (bundle.state, bundle.title, bundle.note) == (BundleState.ASKED, "Lassen", "Avonden")
        browser.post(change, {"do": "close"})
        assert states(region) == ["open"] * 3

    def test_answering_by_hand_shows_what_is_wrong(self, region, asked, seen_by):
        browser = seen_by(region.publisher)
        address = reverse("enrollments:answer_bundle", args=[asked.pk])
        assert region.version in browser.get(address).context["versions"]
        place = f"{address}?version={region.version.pk}"
        form = browser.get(place).context["places"]
        names = [name for name in form.fields if name.startswith("places_")]
        assert [form.fields[name].initial for name in names] == [4, 3, 2]
        sent = dict(zip(names, (4, 3, 2), strict=True)) | {
            "code": "samen-lassen",
            "starts_on": str(today() + timedelta(days=20)),
            "capacity": "8",
            "price": "100",
            "vat_percentage": "0",
            "delivery": "online",
            "language": "nl",
        }
        refused = browser.post(place, sent)
        assert refused.status_code == 409
        assert not NeedAnswer.objects.exists()
        browser.post(place, sent | {"capacity": "9"})
        assert states(region) == ["answered"] * 3
        stranger = offering_of()
        assert browser.get(f"{address}?offering={stranger.code}").status_code in (403, 404)

    def test_deciding_by_hand(self, region, answered, seen_by):
        for n, what in ((0, "accept"), (1, "decline"), (2, "met")):
            browser = seen_by(region.hr[n])
            page = browser.get(reverse("enrollments:need", args=[region.needs[n].pk]))
            assert [answer for answer, _kept in page.context["answers"]] == [answered]
            decide = reverse("enrollments:decide_need", args=[region.needs[n].pk])
            assert browser.post(decide, {"do": what, "answer": answered.pk}).status_code == 302
            assert browser.post(decide, {"do": "accept", "answer": "x"}).status_code == 404
        assert states(region) == ["met", "bundled", "met"]
        bundle = browser.get(reverse("enrollments:bundle", args=[answered.bundle_id]))
        assert reverse("enrollments:needs") in bundle.content.decode()


class TestApi:
    """The same by API."""

    def test_from_bundle_to_met(self, region, api):
        coordinator, publisher, hr = (api(user) for user in (region.coordinator, region.publisher, region.hr[0]))
        body = {"coordinator": region.hub.slug, "title": "Lassen", "needs": [str(need.pk) for need in region.needs]}
        made = coordinator.post("/api/v1/need-bundles/", body, format="json")
        assert made.status_code == 201, made.data
        assert (made.data["people"], made.data["common_skills"]) == (9, ["lassen"])
        address = f"/api/v1/need-bundles/{made.data['id']}/"
        assert publisher.get(address).status_code == 404
        coordinator.post(f"{address}take-out/", {"needs": body["needs"][2:]}, format="json")
        coordinator.post(f"{address}add/", {"needs": body["needs"][2:]}, format="json")
        assert coordinator.post(f"{address}ask/").data["state"] == "asked"
        seen = publisher.get(address).data
        assert {party["name"] for party in seen["employers"]} == {""}
        assert seen["needs"] is None
        answer = {
            "places": [{"key": party["key"], "places": party["people"]} for party in seen["employers"]],
            "plan": {"version": str(region.version.pk), "code": "lassen-api", "capacity": 9, "language": "nl"},
        }
        done = publisher.post(f"{address}answer/", answer, format="json")
        assert done.status_code == 201, done.data
        assert {party["name"] for party in done.data["employers"]} == {one.name for one in region.employers}
        (given,) = done.data["answers"]
        need = f"/api/v1/training-needs/{region.needs[0].pk}/"
        assert hr.post(f"{need}decline/", {}, format="json").status_code == 400
        met = hr.post(f"{need}met/", {"answer": given["id"]}, format="json")
        assert (met.status_code, met.data["state"]) == (200, "met")
        second = api(region.hr[1])
        other = f"/api/v1/training-needs/{region.needs[1].pk}/"
        assert second.post(f"{other}decline/", {"answer": given["id"]}, format="json").data["state"] == "bundled"
        assert second.post(need, {}, format="json").status_code in (404, 405)
        assert second.post(f"{need}met/", {}, format="json").status_code == 404
