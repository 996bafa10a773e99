"""Requests at every door: the pages of worker, manager and HR, and the API."""

from decimal import Decimal

import pytest
from django.urls import reverse

from enrollments.models import ApprovalPolicy, Enrollment
from enrollments.services.deciding import approve_request, refuse_request
from lms.organizations.models import Employment
from tests.enrollments.workplaces import workplace
from tests.factories import EmploymentFactory, UserFactory, offering_of

pytestmark = pytest.mark.django_db
MOTIVATION = "Ik wil de nieuwe machine zelf instellen."


@pytest.fixture
def at_desk(client):
    """The browser of somebody."""

    def of(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


def text(response):
    return response.content.decode()


def test_a_worker_asks_from_the_page_of_the_module(at_desk):
    place = workplace(price=Decimal(400))
    browser, module = at_desk(place.worker), place.offering.version.module
    page = text(browser.get(reverse("courses:module", args=[module.provider.slug, module.code])))
    ask = reverse("enrollments:ask", args=[place.offering.code])
    assert ask in page
    assert place.manager.full_name in text(browser.get(ask))
    response = browser.post(ask, {"motivation": MOTIVATION}, follow=True)
    assert MOTIVATION in text(response)
    assert place.manager.full_name in text(browser.get(reverse("enrollments:my_requests")))
    assert place.manager.full_name not in text(browser.get(reverse("enrollments:my_learning")))
    assert reverse("enrollments:my_requests") in text(browser.get("/start/"))
    assert Enrollment.objects.get().employer == place.employer


def test_who_works_nowhere_is_not_offered_to_ask(at_desk):
    place = workplace()
    module = place.offering.version.module
    browser, ask = at_desk(UserFactory()), reverse("enrollments:ask", args=[place.offering.code])
    assert ask not in text(browser.get(reverse("courses:module", args=[module.provider.slug, module.code])))
    assert browser.get(ask).status_code == 403


def test_who_works_for_two_chooses_whom_to_ask(at_desk):
    place = workplace()
    second = EmploymentFactory(user=place.worker).employer
    ask = reverse("enrollments:ask", args=[place.offering.code])
    assert second.name in text(at_desk(place.worker).get(ask))
    at_desk(place.worker).post(ask, {"motivation": MOTIVATION, "employer": second.slug})
    assert Enrollment.objects.get().employer == second


def test_the_manager_decides_without_a_role(at_desk):
    place = workplace(price=Decimal(400))
    enrollment = place.ask(motivation=MOTIVATION)
    browser = at_desk(place.manager)
    assert reverse("enrollments:to_decide") in text(browser.get("/start/"))
    listed = text(browser.get(reverse("enrollments:to_decide")))
    assert place.worker.full_name in listed
    assert "400" in listed
    address = reverse("enrollments:request", args=[enrollment.pk])
    assert MOTIVATION in text(browser.get(address))
    assert "reason" in text(browser.post(address, {"step": 1, "decision": "refuse", "reason": ""}))
    assert Enrollment.objects.get().state == "requested"
    browser.post(address, {"step": 1, "decision": "approve", "reason": "Prima"})
    assert Enrollment.objects.get().state == "active"
    assert browser.get(reverse("enrollments:learn", args=[enrollment.pk])).status_code == 404
    assert browser.get(address).status_code == 200


def test_who_decides_second_reads_who_was_first(at_desk):
    place = workplace()
    enrollment = place.ask()
    address = reverse("enrollments:request", args=[enrollment.pk])
    refuse_request(by=place.manager, step=place.step(enrollment), reason="Nee")
    response = at_desk(place.manager).post(address, {"step": 1, "decision": "approve"}, follow=True)
    assert place.manager.full_name in text(response)
    assert Enrollment.objects.get().state == "refused"


def test_hr_says_how_the_employer_decides(at_desk):
    place = workplace()
    address = reverse("enrollments:approval_policy", args=[place.employer.slug])
    browser = at_desk(place.hr)
    assert address in text(browser.get(reverse("enrollments:to_decide")))
    said = {"hr_above": "500", "remind_after_days": 2, "escalate_after_days": 2}
    assert browser.post(address, said).status_code == 200  # the reminder comes first
    browser.post(address, said | {"escalate_after_days": 4})
    policy = ApprovalPolicy.objects.get(employer=place.employer)
    assert (policy.hr_above, policy.escalate_after_days) == (500, 4)
    assert at_desk(place.manager).get(address).status_code == 404


def test_withdrawing_by_page(at_desk):
    place = workplace()
    enrollment = place.ask()
    address = reverse("enrollments:withdraw_request", args=[enrollment.pk])
    assert at_desk(place.manager).post(address).status_code == 404
    at_desk(place.worker).post(address)
    assert Enrollment.objects.get().state == "withdrawn"


def test_the_list_costs_the_same_however_long_it_is(at_desk, django_assert_max_num_queries):
    place = workplace()
    for _n in range(12):
        worker = EmploymentFactory(employer=place.employer, manager=place.manager).user
        place.ask(by=worker, offering=offering_of())
    browser = at_desk(place.manager)
    browser.get(reverse("enrollments:to_decide"))
    with django_assert_max_num_queries(14):
        page = text(browser.get(reverse("enrollments:to_decide")))
    assert page.count("<tr>") == 13


def test_the_whole_way_by_api(api):
    place = workplace(price=Decimal(900))
    place.policy(hr_above=Decimal(500))
    body = {"offering": place.offering.code, "employer": place.employer.slug, "motivation": MOTIVATION}
    asked = api(place.worker).post("/api/v1/requests/", body, format="json")
    assert asked.status_code == 201, asked.json()
    one = f"/api/v1/requests/{asked.json()['id']}/"
    assert [row["id"] for row in api(place.manager).get("/api/v1/requests/?which=to_decide").json()["results"]]
    assert api(place.hr).post(f"{one}approve/", {"step": 1}, format="json").status_code == 403
    assert api(place.manager).post(f"{one}refuse/", {"step": 1}, format="json").status_code == 400
    seen = api(place.manager).post(f"{one}approve/", {"step": 1}, format="json").json()
    assert (seen["state"], seen["cost"], seen["may_decide"]) == ("open", "900.00", False)
    again = api(place.manager).post(f"{one}approve/", {"step": 1}, format="json")
    assert again.status_code == 409
    assert place.manager.full_name in again.json()["detail"]
    done = api(place.hr).post(f"{one}approve/", {"step": 2, "reason": "Akkoord"}, format="json").json()
    assert done["state"] == "approved"
    assert [turn["decision"] for turn in done["turns"]] == ["approved", "approved"]
    assert Enrollment.objects.get().state == "active"


def test_the_state_of_a_request_by_api(api):
    place = workplace()
    place.policy(hr_always=True)
    waiting = place.ask()
    approve_request(by=place.manager, step=place.step(waiting))
    refused = place.ask(offering=offering_of())
    refuse_request(by=place.manager, step=place.step(refused), reason="Nee")

    def ids(query):
        return [row["id"] for row in api(place.worker).get(f"/api/v1/requests/?{query}").json()["results"]]

    assert ids("state=open") == [str(waiting.pk)]
    assert ids("state=approved") == []
    assert ids("which=mine&state=refused") == [str(refused.pk)]
    assert ids("which=mine") == [str(refused.pk), str(waiting.pk)]
    assert api(place.worker).get("/api/v1/requests/?state=nonsense").status_code == 400
    assert api(place.worker).post(f"/api/v1/requests/{waiting.pk}/withdraw/").json()["state"] == "withdrawn"


def test_the_policy_by_api(api):
    place = workplace()
    address = f"/api/v1/approval-policies/{place.employer.slug}/"
    assert api(place.hr).get(address).json()["remind_after_days"] == 3
    assert api(place.hr).patch(address, {"escalate_after_days": 2}, format="json").status_code == 400
    assert api(place.hr).patch(address, {"hr_above": "250.00"}, format="json").json()["hr_above"] == "250.00"
    assert api(place.manager).get(address).status_code == 404


def test_a_former_manager_sees_no_request_any_more(api):
    place = workplace()
    enrollment = place.ask()
    address = f"/api/v1/requests/{enrollment.pk}/"
    assert api(place.manager).get(address).status_code == 200
    Employment.objects.filter(user=place.manager).update(starts_on="2020-01-01", ends_on="2020-02-01")
    assert api(place.manager).get(address).status_code == 404
