"""Needs that look alike become a bundle, and who sees what of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from enrollments.models import NeedBundle, TrainingNeed
from enrollments.needs.bundles import needs_in, parties_of, totals_of
from enrollments.needs.demand import regional_demand
from enrollments.needs.similar import fitting, likeness, open_needs, suggest
from enrollments.services import bundling
from enrollments.services.answering import answer_bundle
from enrollments.services.needs import post_need, take_back_need
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.permissions.roles import Role
from tests.enrollments.need_worlds import skill
from tests.factories import (
    OrganizationFactory,
    ProviderFactory,
    offering_of,
    person_with_role,
)

from .asking import keys, states

pytestmark = pytest.mark.django_db


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
