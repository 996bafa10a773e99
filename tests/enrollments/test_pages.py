"""Pages of worker, HR and teacher."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from courses.models import Unit
from enrollments.models import Enrollment
from enrollments.services.enrolling import enroll_self, enroll_staff
from enrollments.services.learning import submit_attempt
from lms.core.clock import today
from lms.permissions.roles import Role
from tests.enrollments.worlds import enroll_in
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db


def signed_in(client, user):
    """A browser with this person signed in, who reads English."""
    type(user).objects.filter(pk=user.pk).update(language="en")
    client.force_login(user)
    return client


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def arranged(employer, hr):
    employment = EmploymentFactory(employer=employer)
    return enroll_staff(by=hr, employer=employer, offering=offering_of(), learners=[employment.user]).active[0]


def url(name, *args, **query):
    address = reverse(f"enrollments:{name}", args=args)
    return address + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def unit_of(enrollment, kind):
    return Unit.objects.get(section__version=enrollment.version_id, kind=kind)


def test_a_worker_goes_from_the_start_page_to_the_end(client, arranged):
    client = signed_in(client, arranged.learner)
    start = client.get("/start/").content.decode()
    text, quiz = unit_of(arranged, "text"), unit_of(arranged, "quiz")
    assert url("unit", arranged.pk, text.pk) in start
    assert arranged.employer.name in start
    page = client.get(url("unit", arranged.pk, text.pk)).content.decode()
    assert "Read, go on" in page
    onward = client.post(url("unit", arranged.pk, text.pk))
    assert onward.url == url("unit", arranged.pk, quiz.pk)
    half = client.post(onward.url, {"q-q1": "a", "q-q2": "c"}, follow=True)
    assert half.redirect_chain[-1][0] == url("finished", arranged.pk)
    assert "Congratulations" in half.content.decode()
    assert reverse("certificates:mine") in half.content.decode()
    learned = client.get(url("learn", arranged.pk)).content.decode()
    assert "You completed this module" in learned
    again = client.get(url("unit", arranged.pk, text.pk)).content.decode()
    assert "Read, go on" not in again


def test_a_failed_quiz_shows_right_and_wrong_and_offers_another_try(client, arranged):
    client = signed_in(client, arranged.learner)
    quiz = unit_of(arranged, "quiz")
    response = client.post(url("unit", arranged.pk, quiz.pk), {"q-q1": "b", "q-q2": "c"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == url("result", arranged.pk, quiz.pk, 1)
    assert page.count("<strong>wrong</strong>") == 2
    assert "Try again" in page
    assert "Goed" not in page  # the right option is not told


def test_an_open_question_is_named_and_what_was_chosen_stays(client, arranged):
    client = signed_in(client, arranged.learner)
    response = client.post(url("unit", arranged.pk, unit_of(arranged, "quiz").pk), {"q-q1": "a"})
    assert response.status_code == 400
    assert "Question 2" in response.content.decode()


def test_without_attempts_left_the_teacher_must_act(client):
    learner, enrollment = enroll_in([("quiz", True, 1), ("text", True, None)])
    quiz = unit_of(enrollment, "quiz")
    submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers={"q1": ["b"], "q2": ["c"]})
    client = signed_in(client, learner)
    assert "Hand in" not in client.get(url("unit", enrollment.pk, quiz.pk)).content.decode()
    assert "the teacher decides" in client.get(url("learn", enrollment.pk)).content.decode()
    assert "Try again" not in client.get(url("result", enrollment.pk, quiz.pk, 1)).content.decode()


def test_my_learning_has_everything_in_its_place(client):
    learner = UserFactory()
    full = offering_of(capacity=1)
    enroll_self(by=UserFactory(), offering=full)
    enroll_self(by=learner, offering=full)
    enroll_self(by=learner, offering=offering_of())
    page = signed_in(client, learner).get(url("my_learning")).content.decode()
    assert re.search(r"What your employer sees.*Never your answers", page, re.S)
    assert "We write to you as soon as there is a place" in page
    assert "Start: Les 1" in page


def test_one_sees_what_one_agrees_to_and_then_enrolls(client):
    learner, offering = UserFactory(), offering_of()
    client = signed_in(client, learner)
    assert "What you agree to" in client.get(url("enroll_self", offering.code)).content.decode()
    assert not Enrollment.objects.exists()
    response = client.post(url("enroll_self", offering.code))
    assert response.url == url("learn", Enrollment.objects.get().pk)
    assert client.get(url("enroll_self", offering.code)).url == response.url


def test_withdrawing_asks_first(client, arranged):
    client = signed_in(client, arranged.learner)
    assert "Yes, withdraw" in client.get(url("withdraw", arranged.pk)).content.decode()
    assert Enrollment.objects.get().state == "active"
    client.post(url("withdraw", arranged.pk))
    assert Enrollment.objects.get().state == "withdrawn"
    assert client.post(url("withdraw", arranged.pk)).status_code == 409


def test_a_learner_without_a_started_offering_is_told_when(client):
    import datetime as dt

    from lms.core.clock import today

    learner = UserFactory()
    enrollment = enroll_self(by=learner, offering=offering_of(starts_on=today() + dt.timedelta(days=40)))
    client = signed_in(client, learner)
    response = client.get(url("unit", enrollment.pk, unit_of(enrollment, "text").pk), follow=True)
    assert response.redirect_chain
    assert "This module starts on" in response.content.decode()


def test_hr_enrolls_a_selection_after_seeing_the_places(client, employer, hr):
    people = [EmploymentFactory(employer=employer) for _ in range(3)]
    offering = offering_of(capacity=2)
    client = signed_in(client, hr)
    assert people[0].user.family_name in client.get(url("staff")).content.decode()
    ids = [str(employment.pk) for employment in people]
    chosen = client.get(reverse("enrollments:enroll_staff"), {"person": ids, "offering": offering.code})
    tiles = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", chosen.content.decode())
    assert tiles == [("get a place", "2"), ("come on the waiting list", "1"), ("take it already", "0")]
    done = client.post(
        reverse("enrollments:enroll_staff"), {"person": ids, "offering": offering.code, "mandatory": "on"}, follow=True
    )
    page = done.content.decode()
    assert "2 people are enrolled." in page
    assert "1 person is on the waiting list." in page
    assert set(Enrollment.objects.values_list("mandatory", flat=True)) == {True}


def test_hr_filters_people_and_enrollments(client, employer, hr, arranged):
    other = EmploymentFactory(employer=employer, department="Lasserij", user__family_name="Zwart")
    client = signed_in(client, hr)

    def names(page, **query):
        text = client.get(url(page, **query)).content.decode()
        return {p.family_name for p in (arranged.learner, other.user) if p.family_name in text}

    mine = arranged.learner.family_name
    assert names("staff") == {mine, "Zwart"}
    assert names("staff", department=other.department_id) == {"Zwart"}
    assert names("staff", state="active") == {mine}
    assert names("staff", state="none") == {"Zwart"}
    assert names("staff", q=other.personnel_number) == {"Zwart"}
    assert names("staff", who="former") == set()
    assert names("who_is_where") == {mine}
    assert names("who_is_where", state="completed") == set()
    assert names("who_is_where", q=mine, offering=arranged.offering.code) == {mine}


def test_hr_pages_never_show_scores(client, hr, arranged):
    quiz = unit_of(arranged, "quiz")
    submit_attempt(by=arranged.learner, enrollment=arranged, unit=quiz, answers={"q1": ["b"], "q2": ["a", "b"]})
    employment = arranged.learner.employments.get()
    client = signed_in(client, hr)
    for address in (url("staff"), url("person", employment.pk), url("who_is_where"), "/start/"):
        page = client.get(address).content.decode()
        assert "score" not in page.replace("answers or scores", "")
        assert "Toets" not in page
    for address in (
        url("learn", arranged.pk),
        url("unit", arranged.pk, quiz.pk),
        url("result", arranged.pk, quiz.pk, 1),
        url("finished", arranged.pk),
        url("participants", arranged.offering.code),
    ):
        assert client.get(address).status_code == 403, address
    assert client.get(url("participant", arranged.pk)).status_code == 404


def test_the_teacher_sees_participants_and_what_they_miss(client, arranged):
    teacher = person_with_role(arranged.provider, Role.TEACHER)
    client = signed_in(client, teacher)
    assert url("participants", arranged.offering.code) in client.get("/start/").content.decode()
    page = client.get(url("participants", arranged.offering.code)).content.decode()
    assert arranged.learner.family_name in page
    assert "still to be done" in client.get(url("participant", arranged.pk)).content.decode()
    assert client.get(url("staff")).status_code == 403


def test_to_others_the_pages_do_not_exist(client, arranged):
    quiz = unit_of(arranged, "quiz")
    employment = arranged.learner.employments.get()
    pages = [
        url("learn", arranged.pk),
        url("unit", arranged.pk, quiz.pk),
        url("result", arranged.pk, quiz.pk, 1),
        url("finished", arranged.pk),
        url("withdraw", arranged.pk),
        url("participant", arranged.pk),
        url("person", employment.pk),
    ]
    foreign_hr = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    for stranger in (UserFactory(), foreign_hr):
        signed_in(client, stranger)
        assert {client.get(page).status_code for page in pages} == {404}
        assert client.post(url("withdraw", arranged.pk)).status_code == 404
    assert client.get(url("enroll_staff", person=employment.pk)).status_code == 404
    assert client.get(url("enroll_staff", person="nonsense")).status_code == 404
    client.logout()
    assert {client.get(page).status_code for page in pages} == {302}


@pytest.mark.parametrize(
    ("page", "most"), [("/start/", 14), ("staff", 12), ("who_is_where", 12), ("participants", 12), ("my_learning", 10)]
)
def test_lists_cost_a_bounded_number_of_queries(client, employer, hr, page, most, django_assert_max_num_queries):
    offering = offering_of()
    people = [EmploymentFactory(employer=employer).user for _ in range(20)]
    enroll_staff(by=hr, employer=employer, offering=offering, learners=people)
    for _ in range(5):
        enroll_self(by=people[0], offering=offering_of())
    who = {"participants": person_with_role(offering.provider, Role.TEACHER), "my_learning": people[0]}.get(page, hr)
    address = page if page.startswith("/") else url(page, *([offering.code] if page == "participants" else []))
    signed_in(client, who)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


def test_the_figure_of_who_is_late_is_that_of_its_rows(client, employer, hr):
    """A deadline of their own counts, also in a run that has no end."""
    person = EmploymentFactory(employer=employer).user
    enroll_staff(
        by=hr, employer=employer, offering=offering_of(), learners=[person], due_on=today() - timedelta(days=1)
    )
    page = signed_in(client, hr).get(url("who_is_where"), {"state": "overdue"}).context
    assert (page["figures"]["overdue"], len(page["rows"])) == (1, 1)


class Outline(HTMLParser):
    """Headings, and controls without a name."""

    def __init__(self):
        super().__init__()
        self.headings = []

    def handle_starttag(self, tag, attributes):
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))


def test_each_page_has_one_title_and_headings_in_order(client, hr, arranged):
    for user, pages in (
        (arranged.learner, ["/start/", url("my_learning"), url("learn", arranged.pk)]),
        (hr, [url("staff"), url("who_is_where"), url("person", arranged.learner.employments.get().pk)]),
    ):
        signed_in(client, user)
        for page in pages:
            outline = Outline()
            outline.feed(client.get(page).content.decode())
            assert outline.headings.count(1) == 1
            assert outline.headings[0] == 1
            steps = zip(outline.headings, outline.headings[1:], strict=False)
            assert all(after <= before + 1 for before, after in steps), page
