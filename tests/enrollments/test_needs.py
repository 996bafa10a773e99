"""Training needs: posted and taken back by HR, what fits them, who sees them, on page and API."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.models import Occupation, OccupationSkill, ReservedPlaces, Skill
from enrollments.models import JobFunction, NeedState, TrainingNeed
from enrollments.needs.matching import matches_for, wish_of
from enrollments.services.needs import post_need, take_back_need
from lms.audit.models import AuditEntry
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.models import DomainEvent
from lms.organizations.models import Department, Location
from lms.permissions.roles import Role
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


def skill(name, number=None):
    return Skill.objects.create(uri=f"http://data.europa.eu/esco/skill/{name}", label_en=name, label_nl=f"{name} nl")


@pytest.fixture
def skills():
    return [skill(name) for name in ("lassen", "slijpen", "meten")]


@pytest.fixture
def welder(skills):
    occupation = Occupation.objects.create(
        uri="http://data.europa.eu/esco/occupation/lasser", label_en="welder", label_nl="lasser"
    )
    OccupationSkill.objects.bulk_create(OccupationSkill(occupation=occupation, skill=one) for one in skills)
    return occupation


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def coordinator():
    return person_with_role(OrganizationFactory(is_employer=False, is_public_body=True), Role.COORDINATOR)


@pytest.fixture
def need(hr, employer, skills):
    return post_need(by=hr, employer=employer, skills=skills, people=3)


def errors_of(hr, employer, **facts):
    with pytest.raises(Invalid) as refused:
        post_need(by=hr, employer=employer, **({"people": 1} | facts))
    return {error.field for error in refused.value.errors}


def test_a_function_brings_its_skills_and_its_name(hr, employer, welder, skills):
    need = post_need(by=hr, employer=employer, occupation=welder, people=4)
    assert set(need.skills.all()) == set(skills)
    assert (need.title, need.state) == ("lasser", NeedState.OPEN)
    assert AuditEntry.objects.filter(action="enrollments.post_need", object_id=need.pk).exists()
    told = DomainEvent.objects.get(name="need.posted")
    assert told.payload == {"employer": str(employer.pk), "bundle": None}


def test_skills_can_be_taken_away_and_added(hr, employer, welder, skills):
    need = post_need(
        by=hr, employer=employer, occupation=welder, skills=[skills[0], other := skill("spuiten")], people=1
    )
    assert set(need.skills.all()) == {skills[0], other}


def test_each_wrong_field_is_named_and_nothing_is_kept(hr, employer, skills):
    foreign = Department.objects.create(employer=OrganizationFactory(), name="Lassen")
    wrong = {
        "people": 0,
        "level": 9,
        "track": "po",
        "km": 0,
        "place": "Atlantis",
        "by_day": today() - timedelta(days=1),
        "department": foreign,
        "title": "x" * 161,
    }
    assert errors_of(hr, employer, skills=skills, **wrong) == set(wrong)
    assert errors_of(hr, employer) == {"skills", "title"}
    assert not TrainingNeed.objects.exists()


def test_an_unknown_town_gets_a_hint(hr, employer, skills):
    with pytest.raises(Invalid) as refused:
        post_need(by=hr, employer=employer, skills=skills, people=1, place="Hardenbreg")
    assert "Hardenberg" in refused.value.detail


def test_only_hr_of_the_employer_posts_and_takes_back(need, employer, skills, coordinator):
    other_hr = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    with pytest.raises(Forbidden):
        post_need(by=other_hr, employer=employer, skills=skills, people=1)
    with pytest.raises(NotFound):
        take_back_need(by=other_hr, need=need)
    with pytest.raises(Forbidden):
        take_back_need(by=coordinator, need=need)
    need.refresh_from_db()
    assert need.state == NeedState.OPEN


def test_taking_back_is_once_and_final(need, hr):
    assert take_back_need(by=hr, need=need).taken_back_at
    with pytest.raises(Conflict):
        take_back_need(by=hr, need=need)
    assert DomainEvent.objects.filter(name="need.taken_back", subject_id=need.pk).count() == 1


def test_who_sees_which_needs(need, hr, coordinator):
    stranger = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    publisher = person_with_role(ProviderFactory(), Role.PUBLISHER)
    worker = EmploymentFactory(employer=need.employer).user
    seen = {
        name: TrainingNeed.objects.visible_to(user).exists()
        for name, user in {
            "hr": hr,
            "coordinator": coordinator,
            "stranger": stranger,
            "publisher": publisher,
            "worker": worker,
        }.items()
    }
    assert seen == {"hr": True, "coordinator": True, "stranger": False, "publisher": False, "worker": False}


class TestMatching:
    """Candidates from the catalogue, with runs that this employer can join."""

    def test_best_first_with_runs_that_can_be_joined(self, need, hr, employer, skills):
        little = published_version(skills=skills[:1])
        much = published_version(skills=skills)
        published_version(skills=[skill("iets anders")])
        offering = offering_of(much, capacity=10, starts_on=today() + timedelta(days=5))
        offering_of(much, cancelled_at="2026-01-01T00:00Z")
        offering_of(little, visibility="employers").employers.add(OrganizationFactory())
        found = matches_for(hr, wish_of(need), employer)
        assert [(one.version, one.run and one.run.offering) for one in found] == [(much, offering), (little, None)]
        assert found[0].score > found[1].score

    def test_reserved_places_of_the_employer_count_and_those_of_others_do_not(self, need, hr, employer, skills):
        offering = offering_of(published_version(skills=skills), capacity=5, held_back=5)
        for who, places in ((employer, 3), (OrganizationFactory(), 2)):
            ReservedPlaces.objects.create(offering=offering, employer=who, places=places, price=100 * places)
        (found,) = matches_for(hr, wish_of(need), employer)
        assert found.run
        assert (found.run.own, found.run.places, found.run.price) == (3, 3, 300)
        ReservedPlaces.objects.filter(employer=employer).update(until=today() - timedelta(days=1))
        (found,) = matches_for(hr, wish_of(need), employer)
        assert found.run
        assert found.run.own == 0

    def test_drafts_and_retired_modules_do_not_fit(self, need, hr, employer, skills):
        from courses.services.retiring import retire_module

        version = published_version(skills=skills)
        retire_module(by=person_with_role(version.module.provider, Role.PUBLISHER), module=version.module)
        assert matches_for(hr, wish_of(need), employer) == []

    def test_near_is_by_kilometers(self, hr, employer, skills):
        version = published_version(skills=skills)
        for town in ("Emmen", "Coevorden"):
            place = Location.objects.create(organization=version.module.provider, name=town, city=town)
            offering_of(version, delivery="hub", location=place, code=town.lower())
        need = post_need(by=hr, employer=employer, skills=skills, people=1, place="7772", km=25)
        (found,) = matches_for(hr, wish_of(need), employer)
        assert found.run
        assert found.run.offering.code == "coevorden"

    @pytest.mark.parametrize("modules", [1, 30])
    def test_as_many_queries_for_one_module_as_for_thirty(
        self, need, hr, employer, skills, modules, django_assert_num_queries
    ):
        for _n in range(modules):
            offering_of(published_version(skills=skills))
        wish = wish_of(need)
        matches_for(hr, wish, employer)
        with django_assert_num_queries(4):
            assert len(matches_for(hr, wish, employer)) == min(modules, 20)


class TestPages:
    """HR posts on a page that shows what fits before anything is posted."""

    @pytest.fixture
    def browser(self, client, hr):
        client.force_login(hr, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def asked(self, **fields):
        return {"people": "2", "km": "25", "do": "look"} | fields

    def test_an_own_function_fills_in_skills_and_what_fits_is_there_at_once(self, browser, employer, welder, skills):
        function = JobFunction.objects.create(employer=employer, title="Lasser 2", occupation=welder)
        version = published_version(skills=skills, title={"nl": "Lassen voor gevorderden"})
        page = browser.post(reverse("enrollments:new_need"), self.asked(function=function.pk, function_was=""))
        assert [chosen for _skill, chosen in page.context["composition"].offered] == [True] * 3
        assert "Lassen voor gevorderden" in page.content.decode()
        assert page.context["matches"][0].version == version
        assert not TrainingNeed.objects.exists()

    def test_what_is_taken_away_stays_away_and_what_is_added_stays(self, browser, employer, welder, skills):
        extra = skill("spuiten")
        kept = self.asked(occupation=welder.pk, prefilled=welder.pk, skill=[skills[0].pk, extra.pk], do="post")
        page = browser.post(reverse("enrollments:new_need"), kept)
        need = TrainingNeed.objects.get()
        assert page.url == reverse("enrollments:need", args=[need.pk])
        assert set(need.skills.all()) == {skills[0], extra}
        assert need.occupation == welder

    def test_another_function_brings_its_own_skills_and_keeps_what_was_added(self, browser, employer, welder, skills):
        old = Occupation.objects.create(uri="http://data.europa.eu/esco/occupation/oud", label_en="old")
        gone, extra = skill("weg"), skill("spuiten")
        OccupationSkill.objects.create(occupation=old, skill=gone)
        sent = self.asked(occupation=welder.pk, prefilled=old.pk, skill=[gone.pk, extra.pk])
        page = browser.post(reverse("enrollments:new_need"), sent)
        assert {one.pk for one in page.context["composition"].skills} == {*(one.pk for one in skills), extra.pk}

    def test_a_trade_is_found_in_dutch(self, browser, employer, welder):
        page = browser.post(reverse("enrollments:new_need"), self.asked(occupation_q="Lasser"))
        assert list(page.context["composition"].found_occupations) == [welder]

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, browser, employer, skills):
        sent = self.asked(skill=[skills[0].pk], place="Atlantis", note="Voor de zomer", do="post")
        page = browser.post(reverse("enrollments:new_need"), sent, headers={"accept-language": "nl"}).content.decode()
        assert "Atlantis" in page
        assert "Voor de zomer" in page
        assert not TrainingNeed.objects.exists()

    def test_ids_that_are_none_are_nothing(self, browser, employer):
        sent = self.asked(skill=["x", "\x00"], occupation="nee", prefilled="ook niet", function="1' OR", do="post")
        assert browser.post(reverse("enrollments:new_need"), sent).status_code == 200

    def test_the_need_says_where_it_is_and_what_fits(self, browser, need, skills):
        published_version(skills=skills, title={"nl": "Lassen voor gevorderden"})
        page = browser.get(reverse("enrollments:need", args=[need.pk])).content.decode()
        assert "Lassen voor gevorderden" in page
        assert need.title in browser.get(reverse("enrollments:needs")).content.decode()
        browser.post(reverse("enrollments:take_back_need", args=[need.pk]))
        assert (
            "Lassen voor gevorderden" not in browser.get(reverse("enrollments:need", args=[need.pk])).content.decode()
        )
        assert need.title in browser.get(reverse("enrollments:needs"), {"over": "1"}).content.decode()

    def test_a_link_fills_in_the_form(self, browser, employer, skills):
        Location.objects.create(organization=employer, name="Hal", city="Emmen")
        page = browser.get(reverse("enrollments:new_need"), {"skill": skills[0].pk, "people": "6"})
        assert page.context["composition"].skills == [skills[0]]
        assert 'value="6"' in page.content.decode()
        assert 'value="Emmen"' in page.content.decode()


class TestApi:
    """The same by API."""

    def test_post_look_match_take_back(self, api, hr, employer, welder, skills):
        client = api(hr)
        published_version(skills=skills[:2])
        body = {"employer": employer.slug, "occupation": welder.uri, "people": 3, "place": "Hardenberg", "level": 2}
        made = client.post("/api/v1/training-needs/", body, format="json")
        assert made.status_code == 201, made.data
        assert made.data["state"] == "open"
        assert len(made.data["skills"]) == 3
        assert [step["name"] for step in made.data["steps"] if step["at"]] == ["posted"]
        address = f"/api/v1/training-needs/{made.data['id']}/"
        (found,) = client.get(f"{address}matches/").data
        assert (len(found["given"]), len(found["missing"])) == (2, 1)
        assert {reason["kind"] for reason in found["reasons"]} >= {"skills", "level", "date"}
        assert client.post(f"{address}take-back/").data["state"] == "taken_back"
        assert client.post(f"{address}take-back/").status_code == 409
        assert client.get("/api/v1/training-needs/", {"state": "open"}).data["results"] == []

    def test_skills_by_uri(self, api, hr, employer, skills):
        body = {"employer": employer.slug, "people": 1, "skills": [one.uri for one in skills]}
        made = api(hr).post("/api/v1/training-needs/", body, format="json")
        assert made.status_code == 201, made.data
        assert len(made.data["skills"]) == 3

    def test_wrong_fields_are_named(self, api, hr, employer):
        body = {"employer": employer.slug, "people": 0, "skills": ["http://nergens.test/"]}
        answer = api(hr).post("/api/v1/training-needs/", body, format="json")
        assert answer.status_code == 400
        assert {error["field"] for error in answer.data["errors"]} == {"people", "skills/0"}
        body = {"employer": employer.slug, "people": 1, "department": "Bestaat niet"}
        answer = api(hr).post("/api/v1/training-needs/", body, format="json")
        assert {error["field"] for error in answer.data["errors"]} == {"department"}

    def test_the_list_costs_the_same_however_long(self, api, hr, employer, skills, django_assert_max_num_queries):
        for _n in range(12):
            post_need(by=hr, employer=employer, skills=skills, people=1)
        client = api(UserFactory._meta.model.objects.get(pk=hr.pk))
        with django_assert_max_num_queries(4):
            assert len(client.get("/api/v1/training-needs/").data["results"]) == 12
