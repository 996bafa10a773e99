"""Interest without a date: whose it is, who counts it, who is told when there is a date."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from rest_framework.test import APIClient

from courses.models import Module
from courses.services.offerings import cancel_offering, plan_offering
from enrollments.demand import demand_for, last_months
from enrollments.models import Interest
from enrollments.services.enrolling import enroll_self, enroll_staff
from enrollments.services.interest import show_interest, take_back_interest
from lms.core.clock import at, now, today
from lms.core.errors import Conflict, NotFound
from lms.events.services import deliver_due
from lms.permissions.roles import Role
from tests.factories import (
    EmploymentFactory,
    ModuleVersionFactory,
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return published_version()


@pytest.fixture
def publisher(version):
    return person_with_role(version.module.provider, Role.PUBLISHER)


def wishes(module, *people):
    return [show_interest(by=person, module=module) for person in people or [UserFactory()]]


def test_saying_it_twice_is_saying_it_once(learner, version):
    assert wishes(version.module, learner, learner)[0].since
    assert Interest.objects.get().user == learner


def test_only_what_can_be_planned_can_be_wished_for(learner, version):
    draft = ModuleVersionFactory()
    with pytest.raises(NotFound):
        show_interest(by=learner, module=draft.module)
    Module.objects.filter(pk=version.module_id).update(retired_at=now())
    with pytest.raises((Conflict, NotFound)):
        show_interest(by=learner, module=version.module)
    assert not Interest.objects.exists()


def test_an_author_cannot_wish_for_a_draft():
    draft = ModuleVersionFactory()
    author = person_with_role(draft.module.provider, Role.TEACHER)
    with pytest.raises(Conflict) as refused:
        show_interest(by=author, module=draft.module)
    assert refused.value.code == "not_offered"


def test_who_takes_it_waits_for_no_date(learner, version):
    wishes(version.module, learner, other := UserFactory())
    offering = offering_of(version)
    enroll_self(by=learner, offering=offering)
    assert [wish.user for wish in Interest.objects.all()] == [other]
    with pytest.raises(Conflict) as refused:
        show_interest(by=learner, module=version.module)
    assert refused.value.code == "existing"


def test_who_waits_for_a_place_or_is_enrolled_by_hr_waits_for_no_date(version):
    employment = EmploymentFactory()
    hr = person_with_role(employment.employer, Role.HR_MANAGER)
    wishes(version.module, employment.user)
    wishes(other := published_version().module, employment.user)
    offering = offering_of(version, capacity=1, taken=1)
    enroll_staff(by=hr, employer=employment.employer, offering=offering, learners=[employment.user])
    assert Interest.objects.get().module == other


def test_who_completed_it_may_wish_for_it_again(enrolled, learner):
    from enrollments.services.learning import mark_unit_done

    enrollment = enrolled("text")
    unit = enrollment.version.sections.get().units.get()
    mark_unit_done(by=learner, enrollment=enrollment, unit=unit)
    module = enrollment.version.module
    wishes(module, learner)
    enroll_self(by=UserFactory(), offering=enrollment.offering)
    assert Interest.objects.get().user == learner


def test_taking_it_back(learner, version):
    wishes(version.module, learner)
    with pytest.raises(NotFound):
        take_back_interest(by=UserFactory(), module=version.module)
    take_back_interest(by=learner, module=version.module)
    with pytest.raises(NotFound):
        take_back_interest(by=learner, module=version.module)


@pytest.mark.django_db(transaction=True)
class TestTelling:
    """`offering.planned` reaches those who may join, once."""

    def told(self):
        deliver_due()
        found = {message.to[0]: message for message in mail.outbox}
        assert len(found) == len(mail.outbox)
        mail.outbox.clear()
        return found

    def test_a_public_date_is_told_to_all_who_wait_each_in_their_language(self, version, publisher):
        dutch, english, gone = UserFactory(), UserFactory(language="en"), UserFactory()
        wishes(version.module, dutch, english, gone)
        gone.is_active = False
        gone.save()
        starts = today() + timedelta(days=40)
        opens = today() + timedelta(days=3)
        plan_offering(by=publisher, version=version, code="voorjaar", starts_on=starts, enroll_from=opens)
        told = self.told()
        assert set(told) == {dutch.email, english.email}
        assert told[english.email].subject == "There is a date: Veilig werken aan de draaibank"
        path = reverse("courses:module", args=[version.module.provider.slug, version.module.code])
        assert f"http://localhost:8000{path}" in told[english.email].body
        assert "You can enroll from" in told[english.email].body
        assert self.told() == {}

    def test_a_second_date_is_news_again_and_who_enrolled_hears_nothing(self, version, publisher):
        stays, goes = UserFactory(), UserFactory()
        wishes(version.module, stays, goes)
        first = plan_offering(by=publisher, version=version, code="een")
        assert set(self.told()) == {stays.email, goes.email}
        enroll_self(by=goes, offering=first)
        self.told()
        plan_offering(by=publisher, version=version, code="twee")
        assert set(self.told()) == {stays.email}

    def test_a_reserved_date_is_told_to_the_staff_of_those_employers(self, version, publisher):
        inside, outside = EmploymentFactory(), EmploymentFactory()
        yesterday = today() - timedelta(days=1)
        former = EmploymentFactory(employer=inside.employer, starts_on=yesterday, ends_on=yesterday)
        wishes(version.module, inside.user, outside.user, former.user)
        plan_offering(
            by=publisher, version=version, code="besloten", visibility="employers", employers=[inside.employer]
        )
        assert set(self.told()) == {inside.user.email}

    def test_who_became_interested_after_the_plan_saw_the_date(self, version, publisher, monkeypatch):
        monkeypatch.setattr("lms.events.services.wake_relay", lambda: None)
        plan_offering(by=publisher, version=version, code="bekend")
        wishes(version.module)
        assert self.told() == {}

    def test_a_date_that_is_off_before_anybody_was_told_is_not_told(self, version, publisher, monkeypatch):
        monkeypatch.setattr("lms.events.services.wake_relay", lambda: None)
        wishes(version.module)
        cancel_offering(by=publisher, offering=plan_offering(by=publisher, version=version, code="afgelast"))
        assert self.told() == {}


class TestDemand:
    """Counts for the provider's own people, and nothing else."""

    def test_most_wanted_first_with_since_and_months(self, publisher, version):
        provider = version.module.provider
        other = published_version(provider)
        with at(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)):  # in the region it is April already
            early = wishes(version.module)[0]
        with at(datetime(2026, 5, 2, 9, 0, tzinfo=UTC)):
            wishes(version.module)
            wishes(other.module)
        with at(datetime(2026, 6, 10, 9, 0, tzinfo=UTC)):
            first, second = demand_for(publisher, limit=10)
            assert (first.module, first.interested, first.first) == (version.module, 2, early.since)
            assert [month.month for month in last_months()] == [1, 2, 3, 4, 5, 6]
            assert [number for _month, number in first.months] == [0, 0, 0, 1, 1, 0]
            assert (second.module, second.interested) == (other.module, 1)
            assert len(demand_for(publisher, limit=1)) == 1

    def test_others_see_none_of_it(self, version):
        wishes(version.module)
        stranger = person_with_role(ProviderFactory(), Role.PUBLISHER)
        assert demand_for(stranger, limit=10) == []

    def test_never_who(self, client, version, publisher):
        who = UserFactory(family_name="Geheimpje", email="geheimpje@voorbeeld.test")
        wishes(version.module, who)
        client.force_login(publisher, backend="allauth.account.auth_backends.AuthenticationBackend")
        api = APIClient()
        api.force_authenticate(publisher)
        page = client.get(reverse("courses:authored_module", args=[version.module.pk]))
        answers = [page, client.get(reverse("enrollments:demand")), api.get("/api/v1/demand/")]
        for answer in answers:
            assert answer.status_code == 200
            assert b"eheimpje" not in answer.content
            assert str(who.pk) not in answer.content.decode()
        assert answers[2].json()[0]["interested"] == 1
        assert "<strong>1 persoon</strong>" in page.content.decode()

    @pytest.mark.parametrize("modules", [1, 12])
    def test_three_queries_whatever_the_number(self, publisher, version, modules, django_assert_num_queries):
        for _ in range(modules):
            wishes(published_version(version.module.provider).module, UserFactory(), UserFactory())
        demand_for(publisher, limit=1)  # what the publisher may is read once
        with django_assert_num_queries(3):
            assert len(demand_for(publisher, limit=50)) == modules


class TestDoors:
    """By page and by API."""

    def test_from_the_module_page_through_signing_in_and_back(self, client, learner, version):
        provider, code = version.module.provider.slug, version.module.code
        module_page = reverse("courses:module", args=[provider, code])
        wish_page = reverse("enrollments:interest", args=[provider, code])
        assert wish_page in client.get(module_page).content.decode()
        assert client.get(wish_page)["Location"] == f"/accounts/login/?next={wish_page}"
        client.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "ziet hoeveel mensen" in client.get(wish_page).content.decode()
        shown = client.post(wish_page, follow=True).content.decode()
        assert "U hebt sinds" in shown
        assert Interest.objects.get().user == learner
        assert code in client.get("/mijn-leren/").content.decode()
        back = reverse("enrollments:take_back_interest", args=[provider, code])
        response = client.post(back, {"from": "my_learning"})
        assert response["Location"] == "/mijn-leren/"
        assert not Interest.objects.exists()

    def test_the_module_page_leads_who_takes_it_to_learning(self, client, enrolled, learner):
        enrollment = enrolled("text")
        module = enrollment.version.module
        client.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get(reverse("courses:module", args=[module.provider.slug, module.code])).content.decode()
        assert reverse("enrollments:learn", args=[enrollment.pk]) in page
        assert reverse("enrollments:interest", args=[module.provider.slug, module.code]) not in page

    def test_by_api(self, learner, version):
        api = APIClient()
        api.force_authenticate(learner)
        made = api.post("/api/v1/interests/", {"module": str(version.module.pk)})
        assert (made.status_code, made.json()["code"]) == (201, version.module.code)
        again = api.post("/api/v1/interests/", {"module": str(version.module.pk)})
        assert again.json()["id"] == made.json()["id"]
        assert [row["id"] for row in api.get("/api/v1/interests/").json()["results"]] == [made.json()["id"]]
        assert api.delete(f"/api/v1/interests/{made.json()['id']}/").status_code == 204
        assert api.get("/api/v1/interests/").json()["results"] == []
        hidden = api.post("/api/v1/interests/", {"module": str(ModuleVersionFactory().module.pk)})
        assert hidden.status_code == 400
        assert hidden.json()["errors"][0]["field"] == "module"

    def test_my_list_costs_the_same_for_many(self, client, learner, django_assert_max_num_queries):
        for _ in range(8):
            wishes(published_version().module, learner)
        client.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
        with django_assert_max_num_queries(10):
            client.get("/mijn-leren/")
