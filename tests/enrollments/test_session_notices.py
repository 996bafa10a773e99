"""Who hears of a moved or cancelled session, or a cancelled offering: each once."""

import datetime as dt

import pytest
from django.core import mail

from courses.services.offerings import archive_offering, cancel_offering
from courses.services.sessions import cancel_session, move_session
from enrollments.services.enrolling import enroll_self, withdraw_enrollment
from lms.core.clock import now, today
from lms.core.errors import Conflict
from lms.events.models import Delivery
from lms.events.services import deliver_due
from lms.permissions.roles import Role
from tests.factories import (
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    room_at,
    session_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://vergader.example/geheim"
HOUR = dt.timedelta(hours=1)


def told():
    deliver_due()
    found = [(message.to[0], message.subject, message.body) for message in mail.outbox]
    mail.outbox.clear()
    return found


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def publisher(provider):
    return person_with_role(provider, Role.PUBLISHER)


@pytest.fixture
def teacher(provider):
    return person_with_role(provider, Role.TEACHER)


@pytest.fixture
def offering(provider):
    return offering_of(published_version(provider), capacity=2)


@pytest.fixture
def people(offering):
    """Two take part, one waits, one withdrew before."""
    gone = enroll_self(by=UserFactory(), offering=offering)
    withdraw_enrollment(by=gone.learner, enrollment=gone)
    active = [enroll_self(by=UserFactory(language=language), offering=offering) for language in ("nl", "en")]
    waiting = enroll_self(by=UserFactory(), offering=offering)
    told()
    return {"active": [e.learner.email for e in active], "waiting": waiting.learner.email}


def test_a_move_is_told_to_each_participant_and_the_teacher_once(publisher, teacher, provider, offering, people):
    session = session_of(offering, teacher=teacher, link=LINK)
    room = room_at(provider)
    starts_at = session.starts_at + 3 * HOUR
    move_session(by=publisher, session=session, starts_at=starts_at, ends_at=starts_at + HOUR, room=room)
    messages = told()
    assert sorted(to for to, _subject, _body in messages) == sorted([*people["active"], teacher.email])
    english = next(body for to, _subject, body in messages if to == people["active"][1])
    assert "It was:" in english
    assert room.name in english
    assert f"/bijeenkomsten/{session.pk}/" in english
    assert not any(LINK in body for _to, _subject, body in messages)
    Delivery.objects.update(state="pending", due_at=now())
    assert told() == []


def test_the_second_move_is_told_again(publisher, offering, people):
    session = session_of(offering)
    for hours in (3, 5):
        starts_at = now() + hours * HOUR
        session = move_session(by=publisher, session=session, starts_at=starts_at, ends_at=starts_at + HOUR)
    assert sorted(to for to, _subject, _body in told()) == sorted(people["active"] * 2)


def test_another_link_is_told_without_the_link(publisher, offering, people):
    move_session(by=publisher, session=session_of(offering), link=LINK)
    messages = told()
    assert sorted(to for to, _subject, _body in messages) == sorted(people["active"])
    assert not any("vergader" in body for _to, _subject, body in messages)


def test_another_teacher_is_told_to_the_teachers_alone(publisher, teacher, offering, people):
    move_session(by=publisher, session=session_of(offering, teacher=publisher), teacher=teacher)
    assert sorted(to for to, _subject, _body in told()) == sorted([publisher.email, teacher.email])


def test_a_title_is_told_to_nobody(publisher, offering, people):
    move_session(by=publisher, session=session_of(offering), title={"nl": "Anders"})
    assert told() == []


def test_a_cancelled_session_is_told_once(publisher, teacher, offering, people):
    cancel_session(by=publisher, session=session_of(offering, teacher=teacher, title={"nl": "Praktijk"}))
    messages = told()
    assert sorted(to for to, _subject, _body in messages) == sorted([*people["active"], teacher.email])
    assert all("Praktijk" in body for _to, _subject, body in messages)


def test_a_cancelled_offering_is_told_to_who_takes_part_or_waits(publisher, teacher, offering, people):
    session_of(offering, teacher=teacher)
    session_of(offering, hours=48, teacher=teacher)
    cancel_offering(by=publisher, offering=offering)
    messages = told()
    assert sorted(to for to, _subject, _body in messages) == sorted(
        [*people["active"], people["waiting"], teacher.email]
    )
    Delivery.objects.update(state="pending", due_at=now())
    assert told() == []


def test_an_offering_in_which_people_are_active_is_not_archived(publisher, offering, people):
    with pytest.raises(Conflict) as raised:
        archive_offering(by=publisher, offering=offering)
    assert raised.value.code == "people_active"
    assert "Anouk" in raised.value.detail
    offering.refresh_from_db()
    assert offering.archived_at is None
    type(offering).objects.filter(pk=offering.pk).update(
        starts_on=today() - 9 * dt.timedelta(days=1), ends_on=today() - dt.timedelta(days=1)
    )
    assert archive_offering(by=publisher, offering=offering).state == "archived"
