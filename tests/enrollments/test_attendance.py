"""Who was at a session: marked by the teacher, kept as evidence, seen by the employer as minutes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from enrollments.models import Attendance, Enrollment
from enrollments.rows import columns_of, rows_for
from enrollments.services.attending import mark_attendance
from enrollments.services.enrolling import enroll_self, withdraw_enrollment
from enrollments.services.learning import mark_unit_done
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.factories import (
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    session_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def teacher(provider):
    return person_with_role(provider, Role.TEACHER)


@pytest.fixture
def offering(provider):
    return offering_of(published_version(provider))


@pytest.fixture
def enrollment(learner, offering):
    return enroll_self(by=learner, offering=offering)


@pytest.fixture
def session(offering):
    """It began an hour ago, and lasts two."""
    return session_of(offering, hours=-1)


def test_the_teacher_marks_and_corrects_with_a_reason(teacher, session, enrollment):
    mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 120})
    assert mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 120}) == []
    with pytest.raises(Invalid) as raised:
        mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 90})
    assert raised.value.errors[0].field == "reason"
    (second,) = mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 90}, reason="Kwam later")
    assert (second.number, second.reason) == (2, "Kwam later")
    assert list(Attendance.objects.order_by("number").values_list("minutes", flat=True)) == [120, 90]


def test_evidence_cannot_be_changed(teacher, session, enrollment):
    (mark,) = mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 60})
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Attendance.objects.filter(pk=mark.pk).update(minutes=120)
    assert Attendance.objects.filter(pk=mark.pk).update(recorded_by=None) == 1  # whoever marked it may be erased


@pytest.mark.parametrize("minutes", [-1, 121])
def test_minutes_fit_in_the_session(teacher, session, enrollment, minutes):
    with pytest.raises(Invalid) as raised:
        mark_attendance(by=teacher, session=session, minutes={enrollment.pk: minutes})
    assert raised.value.errors[0].field == f"minutes/{enrollment.pk}"


def test_all_or_none(teacher, session, enrollment, offering):
    gone = enroll_self(by=UserFactory(), offering=offering)
    withdraw_enrollment(by=gone.learner, enrollment=gone)
    elsewhere = enroll_self(by=UserFactory(), offering=offering_of(offering.version))
    for stranger in (gone, elsewhere):
        with pytest.raises(Invalid):
            mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 60, stranger.pk: 60})
    assert not Attendance.objects.exists()


def test_only_once_it_has_begun(teacher, offering, enrollment):
    later, off = session_of(offering, hours=1), session_of(offering, hours=-9, cancelled_at=now())
    for session in (later, off):
        with pytest.raises(Conflict):
            mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 60})


def test_who_may_mark(learner, offering, enrollment):
    guest = UserFactory()
    session = session_of(offering, hours=-1, teacher=guest)
    mark_attendance(by=guest, session=session, minutes={enrollment.pk: 60})
    with pytest.raises(Forbidden):
        mark_attendance(by=learner, session=session, minutes={enrollment.pk: 120}, reason="Ik was er wel")
    with pytest.raises(NotFound):
        mark_attendance(by=UserFactory(), session=session, minutes={enrollment.pk: 60})


def test_an_attendance_rule_completes(teacher, provider, learner):
    version = published_version(provider, units=("text",), rule={"units": "all", "attendance": 80})
    unit = version.sections.get().units.get()
    offering = offering_of(version)
    session = session_of(offering, hours=-1)
    enrollment = enroll_self(by=learner, offering=offering)
    mark_unit_done(by=learner, enrollment=enrollment, unit=unit)
    mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 60})
    assert Enrollment.objects.get(pk=enrollment.pk).state == "active"
    mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 110}, reason="Verkeerd getypt")
    stored = Enrollment.objects.get(pk=enrollment.pk)
    assert (stored.state, stored.completion.result is not None) == ("completed", True)
    mark_attendance(by=teacher, session=session, minutes={enrollment.pk: 10}, reason="Toch niet")
    assert Enrollment.objects.get(pk=enrollment.pk).state == "completed"


def test_the_employer_sees_minutes_until_the_last_day(hr_world):
    hr, enrollment = hr_world
    boss = person_with_role(enrollment.provider, Role.TEACHER)
    earlier = session_of(enrollment.offering, hours=-72)
    recent = session_of(enrollment.offering, hours=-3)
    mark_attendance(by=boss, session=earlier, minutes={enrollment.pk: 100})
    mark_attendance(by=boss, session=earlier, minutes={enrollment.pk: 90}, reason="Verkeerd getypt")
    mark_attendance(by=boss, session=recent, minutes={enrollment.pk: 30})

    def seen():
        found = columns_of(Enrollment.objects.arranged_for(hr))
        return [row["attended_minutes"] for row in rows_for(hr, found)]

    assert seen() == [120]
    last_day = today() - dt.timedelta(days=1)
    Employment.objects.update(ends_on=last_day, starts_on=last_day - dt.timedelta(days=400))
    Enrollment.objects.update(created_at=now() - dt.timedelta(days=9), activated_at=now() - dt.timedelta(days=9))
    assert seen() == [90]


def test_the_page_marks_everybody_else(client, teacher, session, offering, enrollment):
    absent = enroll_self(by=UserFactory(), offering=offering)
    client.force_login(teacher, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/bijeenkomsten/{session.pk}/aanwezigheid/"
    assert enrollment.learner.full_name in client.get(address).content.decode()
    client.post(address, {f"minutes-{absent.pk}": "0", "all": "1"})
    marks = dict(Attendance.objects.values_list("enrollment", "minutes"))
    assert marks == {absent.pk: 0, enrollment.pk: 120}
    refused = client.post(address, {f"minutes-{absent.pk}": "60"})
    assert refused.status_code == 400
    assert client.post(address, {f"minutes-{absent.pk}": "veel", "reason": "x"}).status_code == 400
    client.post(address, {f"minutes-{absent.pk}": "60", "reason": "Zat achterin"})
    assert Attendance.objects.filter(enrollment=absent).count() == 2


def test_by_api(api, teacher, session, enrollment, learner):
    address = f"/api/v1/sessions/{session.pk}/attendance/"
    assert api(teacher).get(address).data[0]["minutes"] is None
    answer = api(teacher).post(address, {"marks": [{"enrollment": enrollment.pk, "minutes": 75}]})
    assert (answer.status_code, answer.data[0]["minutes"]) == (200, 75)
    assert api(learner).get(address).status_code == 403
    assert api(UserFactory()).get(address).status_code == 404


def test_the_page_costs_the_same_for_a_full_room(client, teacher, session, offering, django_assert_max_num_queries):
    client.force_login(teacher, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _n in range(15):
        enroll_self(by=UserFactory(), offering=offering)
    with django_assert_max_num_queries(12):
        client.get(f"/bijeenkomsten/{session.pk}/aanwezigheid/")
