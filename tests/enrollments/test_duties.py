"""What rules ask of whom: who is covered, what counts, when it is due and renewed, who is enrolled and who waits."""

from datetime import date, datetime, time, timedelta

import pytest

from courses.timetable import AMSTERDAM
from enrollments.duties.notices import moment_of
from enrollments.models import Enrollment, TrainingDuty, TrainingRule
from enrollments.services.duties import keep_all_duties, keep_changed_duties, keep_duties, show_completion
from enrollments.services.enrolling import enroll_self, withdraw_enrollment
from enrollments.services.training_rules import end_rule, make_rule, preview_rule
from lms.core.clock import at, months_after, now, today
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Department, Employment
from tests.enrollments.shops import Shop
from tests.factories import (
    OrganizationFactory,
    UserFactory,
    offering_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return Shop()


def later(days):
    return at(now() + timedelta(days=days))


def test_everybody_gets_a_duty_due_from_the_beginning_of_the_rule(shop):
    people = [shop.hire() for _n in range(3)]
    shop.hire(ends_on=today() - timedelta(days=1))
    rule = shop.rule(starts_on=today(), due_days=21)
    duties = TrainingDuty.objects.filter(rule=rule)
    assert {duty.learner for duty in duties} == set(people)
    assert {duty.due_on for duty in duties} == {today() + timedelta(days=21)}


def test_a_new_hire_is_due_from_the_first_day(shop):
    rule = shop.rule(starts_on=today(), due_days=14)
    with later(100):
        new = shop.hire(starts_on=today() - timedelta(days=4))
        assert keep_changed_duties() == 1
        assert shop.duty(new).due_on == today() + timedelta(days=10)
        assert keep_changed_duties() == 0
    assert rule.duties.count() == 1


def test_who_comes_under_a_rule_late_has_the_full_time(shop):
    shop.rule(starts_on=today(), due_days=14, job_title="Lasser")
    with later(100):
        person = shop.hire(job_title="Plaatwerker")
        keep_all_duties()
        assert shop.cycles(person) == []
        Employment.objects.filter(user=person).update(job_title="lasser")
        keep_changed_duties()
        assert shop.duty(person).due_on == today() + timedelta(days=14)


def test_a_department_counts_with_what_is_below_it(shop):
    plant = Department.objects.create(employer=shop.employer, name="Fabriek")
    line = Department.objects.create(employer=shop.employer, name="Lijn 1", parent=plant)
    inside, outside = shop.hire(department=line), shop.hire(department="Kantoor")
    shop.rule(department=plant)
    assert shop.cycles(inside) == [(1, "open")]
    assert shop.cycles(outside) == []


def test_the_duty_of_who_leaves_is_lifted_and_that_of_who_stays_is_not(shop):
    leaver, stayer = shop.hire(), shop.hire()
    shop.rule()
    Employment.objects.filter(user=leaver).update(ends_on=today())
    assert keep_all_duties() == 0
    with later(1):
        assert keep_changed_duties() == 1
    assert (shop.cycles(leaver), shop.cycles(stayer)) == ([(1, "lifted")], [(1, "open")])


def test_who_comes_back_under_the_rule_gets_a_new_cycle(shop):
    person = shop.hire(job_title="Lasser")
    shop.rule(job_title="Lasser")
    for title in ("Chef", "Lasser"):
        Employment.objects.filter(user=person).update(job_title=title)
        keep_changed_duties()
    assert shop.cycles(person) == [(1, "lifted"), (2, "open")]


def test_completing_what_the_employer_arranged_meets_the_duty(shop):
    person = shop.hire()
    (enrollment,) = shop.arrange(person)
    shop.rule(valid_months=24, renew_days=60)
    shop.complete(enrollment)
    keep_all_duties()
    duty = shop.duty(person)
    assert (duty.state, duty.enrollment, duty.valid_until) == ("met", enrollment, months_after(today(), 24))


def test_what_was_completed_before_counts_as_long_as_it_is_valid(shop):
    with at(now() - timedelta(days=100)):
        person = shop.hire(starts_on=today())
        shop.complete(shop.arrange(person)[0])
    shop.rule(valid_months=12)
    assert shop.cycles(person) == [(1, "met")]


def test_what_was_completed_too_long_ago_is_asked_anew(shop):
    with at(now() - timedelta(days=800)):
        person = shop.hire(starts_on=today())
        (old,) = shop.arrange(person)
        shop.complete(old)
    shop.rule(valid_months=24, due_days=30)
    assert shop.cycles(person) == [(1, "met"), (2, "open")]
    keep_all_duties()
    duty = shop.duty(person, cycle=2)
    assert duty.due_on == today() + timedelta(days=30)
    assert (duty.enrollment.previous, duty.enrollment.mandatory) == (old, True)


def test_what_people_do_themselves_counts_once_they_show_it(shop):
    person = shop.hire()
    own = enroll_self(by=person, offering=offering_of(shop.version))
    shop.complete(own)
    shop.rule()
    duty = shop.duty(person)
    assert duty.state == "open"
    with pytest.raises(Forbidden):
        show_completion(by=shop.hr, duty=duty)
    assert show_completion(by=person, duty=duty).state == "met"
    with pytest.raises(Conflict):
        show_completion(by=person, duty=duty)
    assert keep_all_duties() == 0


def test_there_must_be_something_to_show(shop):
    person = shop.hire()
    shop.rule(valid_months=6, renew_days=10)
    with pytest.raises(Conflict) as nothing:
        show_completion(by=person, duty=shop.duty(person))
    assert nothing.value.code == "nothing_to_show"
    with at(now() - timedelta(days=300)):
        shop.complete(enroll_self(by=person, offering=offering_of(shop.version)))
    with pytest.raises(Conflict):
        show_completion(by=person, duty=shop.duty(person))


def test_a_new_cycle_begins_in_the_window_as_a_new_enrollment(shop):
    person, offering = shop.hire(), offering_of(shop.version)
    shop.rule(valid_months=12, renew_days=60)
    keep_all_duties()
    first = shop.duty(person).enrollment
    shop.complete(first)
    keep_all_duties()
    until = shop.duty(person).valid_until
    for days, cycles in ((61, 1), (60, 2), (59, 2)):
        with at(datetime.combine(until - timedelta(days=days), time(9), AMSTERDAM)):
            keep_all_duties()
            assert len(shop.cycles(person)) == cycles, days
    renewed = shop.duty(person, cycle=2)
    assert (renewed.due_on, renewed.enrollment.previous) == (until, first)
    assert renewed.enrollment.offering == offering  # an offering without an end serves each cycle
    first.refresh_from_db()
    assert first.state == "completed"


def test_people_are_enrolled_while_there_are_places_most_urgent_first(shop):
    offering = offering_of(shop.version, capacity=2)
    people = [shop.hire() for _n in range(3)]
    rule = shop.rule()
    keep_duties(rule.pk)
    taking = set(Enrollment.objects.filter(offering=offering, state="active").values_list("learner", flat=True))
    assert len(taking) == 2
    (waiting,) = [person for person in people if person.pk not in taking]
    assert (shop.duty(waiting).obstacle, shop.duty(waiting).enrollment) == ("full", None)
    assert not Enrollment.objects.filter(state="waitlisted").exists()
    offering_of(shop.version, capacity=5)
    keep_duties(rule.pk)
    assert shop.duty(waiting).obstacle == ""
    assert {duty.due_on for duty in rule.duties.all()} == set(Enrollment.objects.values_list("due_on", flat=True))
    assert keep_duties(rule.pk) == 0
    assert Enrollment.objects.count() == 3


def test_nothing_open_is_said(shop):
    person = shop.hire()
    offering_of(shop.version, visibility="employers")  # of another employer
    rule = shop.rule()
    keep_duties(rule.pk)
    assert shop.duty(person).obstacle == "no_offering"


def test_who_withdraws_is_left_to_hr(shop):
    person = shop.hire()
    offering_of(shop.version)
    rule = shop.rule()
    keep_duties(rule.pk)
    withdraw_enrollment(by=person, enrollment=shop.duty(person).enrollment)
    keep_duties(rule.pk)
    assert shop.duty(person).obstacle == "stopped"
    assert Enrollment.objects.count() == 1
    shop.arrange(person)
    keep_duties(rule.pk)
    assert (shop.duty(person).obstacle, shop.duty(person).enrollment.state) == ("", "active")


def test_what_people_take_themselves_stays_theirs(shop):
    person, offering = shop.hire(), offering_of(shop.version)
    enroll_self(by=person, offering=offering)
    rule = shop.rule()
    keep_duties(rule.pk)
    assert (shop.duty(person).obstacle, shop.duty(person).enrollment) == ("ask_worker", None)


def test_an_ended_rule_lifts_what_is_open_and_keeps_enrollments(shop):
    person = shop.hire()
    offering_of(shop.version)
    rule = shop.rule()
    keep_duties(rule.pk)
    end_rule(by=shop.hr, rule=rule)
    assert shop.cycles(person) == [(1, "lifted")]
    assert Enrollment.objects.get().state == "active"
    with pytest.raises(Conflict):
        end_rule(by=shop.hr, rule=rule)
    assert keep_all_duties() == 0


def test_a_rule_that_is_still_ahead_asks_nothing(shop):
    person = shop.hire()
    shop.rule(starts_on=today() + timedelta(days=10))
    assert shop.cycles(person) == []
    with later(10):
        keep_all_duties()
        assert shop.cycles(person) == [(1, "open")]


def test_a_preview_writes_nothing(shop):
    with at(now() - timedelta(days=100)):
        has = shop.hire(starts_on=today())
        shop.complete(shop.arrange(has)[0])
    person = shop.hire()
    rule = TrainingRule(employer=shop.employer, module=shop.version.module, valid_months=12, due_days=7)
    seen = preview_rule(by=shop.hr, rule=rule)
    assert seen.covered == 2
    assert seen.has_it == {has.pk: months_after(today() - timedelta(days=100), 12)}
    assert seen.due == {person.pk: today() + timedelta(days=7)}
    assert not TrainingRule.objects.exists()


def test_a_rule_must_be_sound(shop):
    with pytest.raises(Invalid):
        shop.rule(starts_on=today() - timedelta(days=1))
    with pytest.raises(Invalid):
        shop.rule(valid_months=1, renew_days=60)
    with pytest.raises(Invalid):
        shop.rule(department=Department.objects.create(employer=OrganizationFactory(), name="Elders"))
    with pytest.raises(Forbidden):
        make_rule(by=UserFactory(), rule=TrainingRule(employer=shop.employer, module=shop.version.module))
    shop.rule()
    with pytest.raises(Conflict):
        shop.rule()


def test_the_task_costs_the_same_for_many_people(shop, django_assert_max_num_queries):
    for _n in range(30):
        shop.hire()
    offering_of(shop.version)
    with django_assert_max_num_queries(25):
        rule = shop.rule()
    with django_assert_max_num_queries(50):
        keep_duties(rule.pk)
    with django_assert_max_num_queries(12):
        keep_duties(rule.pk)


@pytest.mark.parametrize(
    ("days", "moment"),
    [(15, ""), (14, "14"), (4, "14"), (3, "3"), (0, "3"), (-1, "late-0"), (-7, "late-0"), (-8, "late-1")],
)
def test_each_moment_has_its_reminder(days, moment):
    assert moment_of(today() + timedelta(days=days)) == moment


def test_months_end_where_the_month_does():
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
