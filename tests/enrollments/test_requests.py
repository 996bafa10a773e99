"""A worker asks; the manager decides, then HR where the employer says so. Whose turn it is, and who is told what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import transaction

from courses.models import Offering
from enrollments.approval_notices import remind_deciders
from enrollments.models import ApprovalStep, Enrollment, EnrollmentState
from enrollments.services.deciding import approve_request, pass_on_stale_turns, refuse_request
from enrollments.services.enrolling import enroll_self, withdraw_enrollment
from lms.accounts.models import User
from lms.core.clock import at, now, today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.services import deliver_due
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.enrollments.workplaces import workplace
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db


def state_of(enrollment):
    return Enrollment.objects.get(pk=enrollment.pk).state


def turns(enrollment):
    steps = ApprovalStep.objects.filter(enrollment=enrollment).order_by("number")
    return [(step.approver, step.decision) for step in steps]


def leave(employment):
    yesterday = today() - timedelta(days=1)
    Employment.objects.filter(pk=employment.pk).update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)


def test_the_manager_approves_and_the_worker_is_in():
    place = workplace()
    enrollment = place.ask(motivation=" Voor mijn werk. ")
    assert (enrollment.state, enrollment.motivation) == ("requested", "Voor mijn werk.")
    approve_request(by=place.manager, step=place.step(enrollment), remark="Goed plan")
    assert state_of(enrollment) == EnrollmentState.ACTIVE
    assert turns(enrollment) == [("manager", "approved")]
    place.offering.refresh_from_db()
    assert place.offering.taken == 1


def test_hr_decides_after_the_manager_above_an_amount():
    place = workplace(price=Decimal("750.01"))
    place.policy(hr_above=Decimal(750))
    enrollment = place.ask()
    approve_request(by=place.manager, step=place.step(enrollment))
    assert state_of(enrollment) == "requested"
    with pytest.raises(Forbidden):
        approve_request(by=place.manager, step=place.step(enrollment))
    approve_request(by=place.hr, step=place.step(enrollment))
    assert state_of(enrollment) == "active"
    assert turns(enrollment) == [("manager", "approved"), ("hr", "approved")]


@pytest.mark.parametrize(("policy", "price"), [({"hr_above": Decimal(750)}, 750), ({}, 5000)])
def test_the_manager_alone_decides_up_to_the_amount(policy, price):
    place = workplace(price=Decimal(price))
    place.policy(**policy)
    enrollment = place.ask()
    approve_request(by=place.manager, step=place.step(enrollment))
    assert state_of(enrollment) == "active"


def test_hr_decides_always_where_the_employer_says_so():
    place = workplace()
    place.policy(hr_always=True)
    enrollment = place.ask()
    approve_request(by=place.manager, step=place.step(enrollment))
    assert place.step(enrollment).approver == "hr"


@pytest.mark.parametrize("reason", ["none", "self", "inactive", "left", "elsewhere"])
def test_without_a_manager_who_may_decide_hr_does(reason):
    place = workplace()
    mine, boss = place.employment(place.worker), place.employment(place.manager)
    changes = {"none": None, "self": place.worker, "elsewhere": UserFactory()}
    if reason in changes:
        Employment.objects.filter(pk=mine.pk).update(manager=changes[reason])
    elif reason == "inactive":
        User.objects.filter(pk=place.manager.pk).update(is_active=False)
    else:
        leave(boss)
    assert place.step(place.ask()).approver == "hr"


def test_full_means_the_waiting_list():
    place = workplace(capacity=1)
    enroll_self(by=UserFactory(), offering=place.offering)
    enrollment = place.ask()
    approve_request(by=place.manager, step=place.step(enrollment))
    assert state_of(enrollment) == "waitlisted"


def test_what_is_cancelled_can_only_be_refused():
    place = workplace()
    enrollment = place.ask()
    Offering.objects.filter(pk=place.offering.pk).update(cancelled_at=now())
    with pytest.raises(Conflict) as over:
        approve_request(by=place.manager, step=place.step(enrollment))
    assert over.value.code == "over"
    assert turns(enrollment) == [("manager", "")]
    assert refuse_request(by=place.manager, step=place.step(enrollment), reason="Gaat niet door").state == "refused"


def test_who_asked_in_time_gets_in_after_the_window():
    place = workplace()
    enrollment = place.ask()
    Offering.objects.filter(pk=place.offering.pk).update(enroll_until=today() - timedelta(days=1))
    assert approve_request(by=place.manager, step=place.step(enrollment)).state == "active"


def test_a_refusal_has_a_reason_and_is_final():
    place = workplace()
    enrollment = place.ask()
    with pytest.raises(Invalid):
        refuse_request(by=place.manager, step=place.step(enrollment), reason="  ")
    refuse_request(by=place.manager, step=place.step(enrollment), reason="Te druk dit kwartaal")
    assert state_of(enrollment) == "refused"
    with pytest.raises(Conflict):
        approve_request(by=place.manager, step=place.step(enrollment))
    assert place.ask().pk != enrollment.pk  # asking again is possible


def test_only_the_worker_withdraws_and_then_nobody_decides():
    place = workplace()
    enrollment = place.ask()
    with pytest.raises(Forbidden):
        withdraw_enrollment(by=place.hr, enrollment=enrollment)
    step = place.step(enrollment)
    withdraw_enrollment(by=place.worker, enrollment=enrollment)
    assert (state_of(enrollment), turns(enrollment)) == ("withdrawn", [("manager", "withdrawn")])
    with pytest.raises(Conflict) as late:
        approve_request(by=place.manager, step=step)
    assert late.value.code == "decided"


def test_nobody_decides_on_what_they_ask():
    place = workplace()
    EmploymentFactory(employer=place.employer, user=place.hr)
    step = place.step(place.ask(by=place.hr))
    assert step.approver == "hr"
    with pytest.raises(Forbidden):
        approve_request(by=place.hr, step=step)
    other = person_with_role(place.employer, Role.HR_MANAGER)
    assert approve_request(by=other, step=step).state == "active"


def test_strangers_do_not_decide():
    place = workplace()
    step = place.step(place.ask())
    foreign_hr = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    for stranger in (place.hr, foreign_hr, UserFactory(), place.worker):
        with pytest.raises(Forbidden):
            approve_request(by=stranger, step=step)


def test_one_asks_where_one_works_for_what_is_open_and_once():
    place = workplace()
    with pytest.raises(Forbidden):
        place.ask(employer=OrganizationFactory())
    with pytest.raises(Conflict):
        place.ask(offering=offering_of(enroll_until=today() - timedelta(days=1)))
    with pytest.raises(NotFound):
        place.ask(offering=offering_of(visibility="employers"))
    with pytest.raises(Invalid):
        place.ask(motivation="\n")
    place.ask()
    with pytest.raises(Conflict) as again:
        place.ask()
    assert again.value.code == "existing"
    assert Enrollment.objects.count() == 1


def test_who_takes_it_already_need_not_ask():
    place = workplace()
    enroll_self(by=place.worker, offering=place.offering)
    with pytest.raises(Conflict) as refused:
        place.ask()
    assert refused.value.code == "existing"


def test_a_manager_who_left_decides_nothing_and_the_turn_moves_on():
    place = workplace()
    step = place.step(enrollment := place.ask())
    leave(place.employment(place.manager))
    with pytest.raises(Forbidden):
        approve_request(by=place.manager, step=step)
    assert pass_on_stale_turns() == 1
    assert turns(enrollment) == [("manager", "passed_on"), ("hr", "")]
    assert pass_on_stale_turns() == 0


def test_the_turn_follows_to_the_new_manager():
    place = workplace()
    enrollment = place.ask()
    new = EmploymentFactory(employer=place.employer).user
    Employment.objects.filter(user=place.worker).update(manager=new)
    pass_on_stale_turns()
    step = place.step(enrollment)
    assert (step.approver, step.manager) == ("manager", new)
    assert approve_request(by=new, step=step).state == "active"


def test_the_request_of_who_leaves_ends():
    place = workplace()
    enrollment = place.ask()
    leave(place.employment(place.worker))
    assert pass_on_stale_turns() == 1
    assert state_of(enrollment) == "withdrawn"
    assert turns(enrollment) == [("manager", "withdrawn")]


def told():
    deliver_due()
    found = [(message.to[0], message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


@pytest.mark.django_db(transaction=True)
def test_reminded_once_then_passed_on_once():
    place = workplace()
    place.policy(remind_after_days=2, escalate_after_days=5)
    enrollment = place.ask()
    asked = [place.manager.email]
    assert [to for to, _subject in told()] == asked
    for days, reminded, passed_on in ((1, 0, 0), (2, 1, 0), (3, 0, 0), (5, 0, 1), (6, 0, 0), (7, 1, 0), (20, 0, 0)):
        with at(now() + timedelta(days=days, minutes=1)):
            assert (remind_deciders(), pass_on_stale_turns()) == (reminded, passed_on), days
            people = [to for to, _subject in told()]
            expected = {2: asked, 5: [place.hr.email], 7: [place.hr.email]}
            assert people == expected.get(days, []), days
    assert turns(enrollment) == [("manager", "passed_on"), ("hr", "")]


@pytest.mark.django_db(transaction=True)
def test_no_reminder_after_the_decision():
    place = workplace()
    enrollment = place.ask()
    told()
    refuse_request(by=place.manager, step=place.step(enrollment), reason="Nu niet")
    assert [to for to, _subject in told()] == [place.worker.email]
    with at(now() + timedelta(days=30)):
        assert (remind_deciders(), pass_on_stale_turns(), told()) == (0, 0, [])


@pytest.mark.django_db(transaction=True)
def test_the_refused_worker_reads_the_reason():
    place = workplace()
    enrollment = place.ask()
    told()
    refuse_request(by=place.manager, step=place.step(enrollment), reason="Te druk & te duur")
    deliver_due()
    (message,) = mail.outbox
    assert message.to == [place.worker.email]
    assert "Te druk & te duur" in message.body


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_right_before_the_mail_hears_nothing():
    place = workplace()
    with transaction.atomic():
        place.ask()
        leave(place.employment(place.manager))
    assert told() == []


def test_the_provider_sees_no_request(api):
    place = workplace()
    publisher = person_with_role(place.offering.provider, Role.PUBLISHER)
    enrollment = place.ask()
    assert not Enrollment.objects.visible_to(publisher).exists()
    withdraw_enrollment(by=place.worker, enrollment=enrollment)
    assert not Enrollment.objects.participants_for(publisher).exists()
    approve_request(by=place.manager, step=place.step(place.ask()))
    assert Enrollment.objects.visible_to(publisher).count() == 1
