"""Rules and duties at every door: HR's pages, the manager's, the worker's, the API, and the messages."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from enrollments.duties.notices import remind_duties, send_digests
from enrollments.models import TrainingDuty, TrainingRule
from enrollments.services.duties import keep_all_duties, keep_duties
from enrollments.services.enrolling import enroll_self
from enrollments.tasks import keep_duties as daily
from lms.core.clock import at, now, today
from lms.notifications.models import SentMessage
from lms.notifications.services import send_queued_messages
from lms.organizations.models import Employment
from tests.enrollments.shops import Shop
from tests.factories import UserFactory, offering_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def at_desk(client):
    """The browser of somebody."""

    def of(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_hr_sees_beforehand_whom_a_rule_concerns_and_begins_it(shop, at_desk):
    person = shop.hire(job_title="Lasser")
    offering = offering_of(shop.version)
    browser, address = at_desk(shop.hr), reverse("enrollments:new_rule")
    asked = {"employer": shop.employer.pk, "module": shop.version.module_id, "job_title": "Lasser", "due_days": 20}
    asked |= {"renew_days": 30, "valid_months": 12, "legal": "on", "starts_on": today().isoformat()}
    seen = text(browser.get(address, asked))
    assert person.full_name in seen
    assert offering.code in seen
    assert not TrainingRule.objects.exists()
    response = browser.post(address, asked)
    rule = TrainingRule.objects.get()
    assert response["Location"] == reverse("enrollments:rule", args=[rule.pk])
    assert TrainingDuty.objects.get().learner == person
    assert browser.post(address, asked).status_code == 200  # there is such a rule already
    assert TrainingRule.objects.count() == 1


def test_each_figure_of_a_rule_opens_to_its_people(shop, at_desk):
    late, fine, done = shop.hire(), shop.hire(), shop.hire()
    rule = shop.rule(valid_months=12)
    shop.complete(shop.arrange(done)[0])
    keep_all_duties()
    TrainingDuty.objects.filter(learner=late).update(due_on=today() - timedelta(days=9))
    browser = at_desk(shop.hr)
    page = text(browser.get(reverse("enrollments:rule", args=[rule.pk])))
    for state, people in (("", {late, fine, done}), ("met", {done}), ("open", {fine}), ("overdue", {late})):
        link = f"{reverse('enrollments:duties')}?state={state}&amp;rule={rule.pk}"
        assert f'{link}">{len(people)}</a>' in page
        listed = text(browser.get(link.replace("&amp;", "&")))
        assert {one for one in (late, fine, done) if f">{one}</th>" in listed} == people, state
    assert reverse("enrollments:rule", args=[rule.pk]) in text(browser.get(reverse("enrollments:rules")))


def test_a_manager_sees_the_people_he_manages_and_no_others(shop, at_desk, api):
    boss = shop.hire()
    mine, other = shop.hire(manager=boss), shop.hire()
    shop.rule()
    listed = text(at_desk(boss).get(reverse("enrollments:duties"), {"state": "todo"}))
    assert f">{mine}</th>" in listed
    assert f">{other}</th>" not in listed
    rows = api(boss).get("/api/v1/training-duties/?mine=false").json()["results"]
    assert [row["learner"]["id"] for row in rows] == [str(mine.pk)]
    assert at_desk(boss).get(reverse("enrollments:rules")).status_code == 403
    Employment.objects.filter(user=boss).update(starts_on="2020-01-01", ends_on="2020-02-01")
    assert api(boss).get("/api/v1/training-duties/?mine=false").json()["results"] == []


def test_a_worker_sees_what_is_asked_and_shows_what_is_done(shop, at_desk):
    person = shop.hire()
    shop.rule(legal=True)
    shop.complete(enroll_self(by=person, offering=offering_of(shop.version)))
    browser, duty = at_desk(person), TrainingDuty.objects.get()
    page = text(browser.get(reverse("enrollments:my_learning")))
    assert shop.employer.name in page
    assert "7:611a" in page
    show = reverse("enrollments:show_completion", args=[duty.pk])
    assert show in page
    assert shop.employer.name in text(browser.get(show))
    assert reverse("enrollments:my_learning") in text(browser.get("/start/"))
    browser.post(show)
    assert TrainingDuty.objects.get().state == "met"
    assert shop.employer.name not in text(browser.get(reverse("enrollments:my_learning")))
    assert at_desk(shop.hr).get(show).status_code == 403


def test_hr_does_not_learn_what_was_shown_beyond_that_it_was_done(shop, api):
    person = shop.hire()
    shop.rule()
    shop.complete(own := enroll_self(by=person, offering=offering_of(shop.version)))
    (row,) = api(shop.hr).get("/api/v1/training-duties/").json()["results"]
    assert (row["state"], row["shown"]) == ("open", False)
    assert api(person).post(f"/api/v1/training-duties/{row['id']}/show/").json()["state"] == "met"
    (row,) = api(shop.hr).get("/api/v1/training-duties/?state=met").json()["results"]
    assert (row["shown"], row["enrollment"]) == (True, None)
    assert str(own.pk) not in str(row)


def test_lists_by_api_are_cut_and_cost_the_same(shop, api, django_assert_max_num_queries):
    people = [shop.hire(department="Lassen" if n % 2 else "Kantoor", job_title=f"F{n % 3}") for n in range(12)]
    rule = shop.rule(valid_months=12)
    shop.complete(shop.arrange(people[0])[0])
    keep_all_duties()
    department = Employment.objects.get(user=people[1]).department_id
    hr = api(shop.hr)

    def count(query):
        return len(hr.get(f"/api/v1/training-duties/?{query}").json()["results"])

    assert count(f"department={department}") == 6
    assert count("function=f1") == 4
    assert count(f"rule={rule.pk}&state=todo") == 11
    assert count("state=expiring&days=400") == 1
    assert count("state=expiring&days=90") == 0
    assert hr.get("/api/v1/training-duties/?state=nonsense").status_code == 400
    with django_assert_max_num_queries(8):
        hr.get("/api/v1/training-duties/")


def test_rules_by_api(shop, api):
    person = shop.hire()
    body = {"employer": shop.employer.slug, "module": str(shop.version.module_id), "due_days": 10}
    preview = api(shop.hr).post("/api/v1/training-rules/preview/", body, format="json").json()
    assert preview["due"] == [
        {"learner": str(person.pk), "name": str(person), "due_on": str(today() + timedelta(days=10))}
    ]
    made = api(shop.hr).post("/api/v1/training-rules/", body, format="json").json()
    assert (made["state"], made["covered"], made["open"]) == ("running", 1, 1)
    assert api(shop.hr).post("/api/v1/training-rules/", body, format="json").status_code == 409
    assert api(person).post("/api/v1/training-rules/", body, format="json").status_code == 400
    ended = api(shop.hr).post(f"/api/v1/training-rules/{made['id']}/end/").json()
    assert (ended["state"], ended["covered"]) == ("ended", 0)


def test_what_is_not_offered_leads_to_a_training_need(shop, at_desk):
    shop.hire()
    rule = shop.rule()
    keep_duties(rule.pk)
    page = text(at_desk(shop.hr).get(reverse("enrollments:rule", args=[rule.pk])))
    assert f"{reverse('enrollments:new_need')}?title=Veilig%20werken%20aan%20de%20draaibank&amp;people=1" in page


def test_reminders_stop_when_done_and_come_once(shop):
    lazy, quick, leaver = shop.hire(), shop.hire(), shop.hire()
    offering_of(shop.version)
    rule = shop.rule(due_days=20)
    keep_duties(rule.pk)
    shop.complete(TrainingDuty.objects.get(learner=quick).enrollment)
    Employment.objects.filter(user=leaver).update(ends_on=today())
    told = []
    for day in (1, 5, 6, 7, 16, 17, 18, 21, 22, 27, 28, 35):
        with at(now() + timedelta(days=day)):
            daily()
            told.append((day, remind_duties()))
            recipients = set(SentMessage.objects.filter(kind="duty_due").values_list("recipient", flat=True))
    abouts = SentMessage.objects.filter(kind="duty_due").order_by("id").values_list("about", flat=True)
    assert [about.split(":")[1] for about in abouts] == ["14", "3", "late-0", "late-1", "late-2"]
    assert recipients == {lazy.pk}
    assert {new for _day, new in told} == {0}


def test_hr_is_told_once_a_week_what_is_overdue(shop):
    shop.hire()
    shop.rule(due_days=5)
    with at(now() + timedelta(days=30)):
        assert (send_digests(), send_digests()) == (1, 0)
        send_queued_messages()
    with at(now() + timedelta(days=37)):
        assert send_digests() == 1
    assert shop.employer.name in mail.outbox[0].body
    assert mail.outbox[0].to == [shop.hr.email]


def test_until_they_sign_in_people_are_called_as_the_employer_wrote(shop, at_desk, api):
    person = shop.hire(listed_as="A. de Vries (inleen)", user=UserFactory(given_name="Geheim"))
    rule = TrainingRule(employer=shop.employer, module=shop.version.module)
    preview = {"employer": shop.employer.slug, "module": str(rule.module_id)}
    asked = api(shop.hr).post("/api/v1/training-rules/preview/", preview, format="json").json()
    assert asked["due"][0]["name"] == "A. de Vries (inleen)"
    shop.rule()
    listed = text(at_desk(shop.hr).get(reverse("enrollments:duties"), {"state": "todo"}))
    assert "A. de Vries (inleen)" in listed
    Employment.objects.filter(user=person).update(ends_on=today() - timedelta(days=1))
    keep_all_duties()
    for state in ("todo", "lifted"):
        assert "Geheim" not in str(api(shop.hr).get(f"/api/v1/training-duties/?state={state}").json())


def test_strangers_see_nothing(shop, api):
    shop.hire()
    rule = shop.rule()
    stranger = UserFactory()
    assert api(stranger).get("/api/v1/training-duties/").json()["results"] == []
    assert api(stranger).get(f"/api/v1/training-rules/{rule.pk}/").status_code == 404
    assert api(stranger).get(f"/api/v1/training-duties/{TrainingDuty.objects.get().pk}/").status_code == 404
