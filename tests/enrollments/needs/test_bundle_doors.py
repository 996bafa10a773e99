"""Bundles and answers by page and API."""

from datetime import timedelta

import pytest
from django.urls import reverse

from enrollments.models import BundleState, NeedAnswer, NeedBundle
from lms.core.clock import today
from tests.factories import (
    offering_of,
)

from .asking import states

pytestmark = pytest.mark.django_db


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
