"""The skill gap: what functions need against what people completed, per department, to be opened down to the people."""

import csv
import io

import pytest
from django.urls import reverse

from courses.models import Occupation, OccupationSkill
from enrollments.models import Enrollment, JobFunction
from enrollments.needs.gap import people_behind, people_lines, skill_gap, unlinked_people
from lms.audit.models import AuditEntry
from lms.core.clock import now
from lms.organizations.models import Department
from lms.permissions.roles import Role
from tests.enrollments.need_worlds import skill
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def skills():
    return [skill("lassen"), skill("slijpen")]


@pytest.fixture
def welder(employer, skills):
    occupation = Occupation.objects.create(uri="http://data.europa.eu/esco/occupation/lasser", label_en="welder")
    OccupationSkill.objects.bulk_create(OccupationSkill(occupation=occupation, skill=one) for one in skills)
    return JobFunction.objects.create(employer=employer, title="Lasser", occupation=occupation)


def staff(employer, count, title="Lasser", **facts):
    return EmploymentFactory.create_batch(count, employer=employer, job_title=title, **facts)


def completed(employment, version, **facts):
    offering = offering_of(version)
    arranged = {"employer": employment.employer, "arranged_by": "employer"} | facts
    return Enrollment.objects.create(
        learner=employment.user,
        offering=offering,
        version=version,
        provider=offering.provider,
        **({"state": "completed", "ended_at": now()} | arranged),
    )


def figures(gaps):
    return [
        (gap.function.title, gap.people, [(one.skill.label_en, one.have, one.missing) for one in gap.skills])
        for gap in gaps
    ]


def test_completed_modules_count_once_per_person_and_the_largest_gap_comes_first(employer, welder, skills):
    first, second, _third = staff(employer, 3)
    version = published_version(skills=skills[:1])
    completed(first, version)
    completed(first, published_version(skills=skills[:1]))
    completed(second, version)
    assert figures(skill_gap(employer)) == [("Lasser", 3, [("slijpen", 0, 3), ("lassen", 2, 1)])]
    assert skill_gap(employer)[0].skills[1].percent == 66


def test_what_the_employer_may_not_know_of_does_not_count(employer, welder, skills):
    person, colleague = staff(employer, 2)
    version = published_version(skills=skills)
    completed(person, version, employer=None, arranged_by="learner")
    completed(person, version, employer=OrganizationFactory())
    completed(person, version, state="active", ended_at=None)
    completed(colleague, version, state="withdrawn")
    assert figures(skill_gap(employer)) == [("Lasser", 2, [("lassen", 0, 2), ("slijpen", 0, 2)])]


def test_who_left_or_works_elsewhere_does_not_count(employer, welder, skills):
    staff(employer, 1)
    staff(employer, 1, starts_on="2020-01-01", ends_on="2021-01-01")
    staff(OrganizationFactory(), 4)
    assert skill_gap(employer)[0].people == 1


def test_a_department_counts_with_those_below_it(employer, welder, skills):
    hall = Department.objects.create(employer=employer, name="Hal")
    line = Department.objects.create(employer=employer, name="Lijn 1", parent=hall)
    office = Department.objects.create(employer=employer, name="Kantoor")
    (below,) = staff(employer, 1, department=line)
    staff(employer, 2, department=hall)
    staff(employer, 4, department=office)
    completed(below, published_version(skills=skills[:1]))
    assert [skill_gap(employer, one)[0].people for one in (None, hall, line, office)] == [7, 3, 1, 4]
    assert skill_gap(employer, hall)[0].skills[1].have == 1
    assert skill_gap(employer, office)[0].skills[0].have == 0


def test_who_has_no_function_with_a_trade_is_told(employer, welder):
    staff(employer, 2)
    staff(employer, 3, "Kok")
    staff(employer, 1, "")
    gaps = skill_gap(employer)
    assert gaps[0].people == 2
    assert unlinked_people(employer, None, gaps) == 4


def test_a_person_is_called_as_the_employer_wrote_it_until_they_sign_in(employer, welder, skills):
    (awaited,) = staff(employer, 1, listed_as="A. de Vries")
    assert [line["name"] for line in people_lines(employer, skills[0], [awaited])] == ["A. de Vries"]


def test_each_figure_opens_to_its_people(employer, welder, skills):
    has, lacks = staff(employer, 2)
    completed(has, published_version(skills=skills[:1]))
    (gap,) = skill_gap(employer)
    for missing, expected in ((True, {lacks}), (False, {has}), (None, {has, lacks})):
        assert set(people_behind(employer, None, gap, skills[0], missing=missing)) == expected


@pytest.mark.parametrize("people", [3, 60])
def test_as_many_queries_for_three_people_as_for_sixty(employer, welder, skills, people, django_assert_num_queries):
    version = published_version(skills=skills)
    for one in staff(employer, people)[: people // 2]:
        completed(one, version)
    with django_assert_num_queries(5):
        assert skill_gap(employer)[0].people == people


class TestDoors:
    """Pages, files and API, for HR alone."""

    @pytest.fixture
    def browser(self, client, hr):
        client.force_login(hr, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    @pytest.fixture
    def two(self, employer, welder, skills):
        has, lacks = staff(employer, 2)
        completed(has, published_version(skills=skills[:1], title={"nl": "Lassen voor beginners"}))
        return has, lacks

    def opened(self, welder, skill_, who):
        return {"function": welder.pk, "skill": skill_.pk, "who": who}

    def test_the_page_leads_to_people_and_to_posting_a_need(self, browser, employer, welder, skills, two):
        page = browser.get(reverse("enrollments:skill_gap"))
        text = page.content.decode()
        assert "Lasser" in text
        assert '<rect class="have" width="50"' in text
        post = page.context["rows"][0]["post"]
        form = browser.get(f"{reverse('enrollments:new_need')}?{post}")
        assert set(form.context["composition"].skills) == set(skills)
        assert form.context["form"]["people"].value() == "2"

    def test_the_people_behind_a_figure_can_be_enrolled(self, browser, welder, skills, two):
        _has, lacks = two
        page = browser.get(reverse("enrollments:skill_gap_people"), self.opened(welder, skills[0], "missing"))
        assert [line["id"] for line in page.context["lines"]] == [lacks.pk]
        assert reverse("enrollments:enroll_staff") in page.content.decode()
        page = browser.get(reverse("enrollments:skill_gap_people"), self.opened(welder, skills[0], "have"))
        assert "Lassen voor beginners" in page.content.decode()

    def test_files_hold_the_same_rows_and_it_is_kept_who_took_them(self, browser, employer, welder, skills, two):
        answer = browser.get(reverse("enrollments:skill_gap_file", args=["csv"]))
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert [row[4:8] for row in rows[1:]] == [["2", "0", "2", "0"], ["2", "1", "1", "50"]]
        people = browser.get(
            reverse("enrollments:skill_gap_file", args=["csv"]), self.opened(welder, skills[0], "missing")
        )
        assert len(b"".join(people.streaming_content).decode().splitlines()) == 2
        book = browser.get(reverse("enrollments:skill_gap_file", args=["xlsx"]))
        assert b"".join(book.streaming_content).startswith(b"PK")
        assert AuditEntry.objects.filter(action="enrollments.export_skill_gap", object_id=employer.pk).count() == 3

    def test_a_foreign_employer_department_function_or_skill_is_not_there(self, browser, welder, skills):
        other = OrganizationFactory()
        foreign = Department.objects.create(employer=other, name="Elders")
        unused = skill("bakken")
        staff(welder.employer, 1)
        for asked in (
            {"employer": other.slug},
            {"department": foreign.pk},
            {"department": "x"},
            {"function": foreign.pk},
            self.opened(welder, unused, ""),
        ):
            assert browser.get(reverse("enrollments:skill_gap"), asked).status_code == 404
        assert browser.get(reverse("enrollments:skill_gap_people")).status_code == 302

    def test_api(self, api, hr, employer, welder, skills, two):
        (row,) = api(hr).get("/api/v1/skill-gap/").data
        assert (row["function"], row["people"]) == ("Lasser", 2)
        assert [(one["have"], one["missing"], one["percent"]) for one in row["skills"]] == [(0, 2, 0), (1, 1, 50)]
        assert api(hr).get("/api/v1/skill-gap/", {"department": "Bestaat niet"}).status_code == 404
        assert api(hr).get("/api/v1/skill-gap/", {"employer": OrganizationFactory().slug}).status_code == 404
        assert api(two[0].user).get("/api/v1/skill-gap/").status_code == 403
