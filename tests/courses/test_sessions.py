"""Planning, moving and cancelling meetings; a room and a teacher are in one at a time."""

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import ModuleMember, Session
from courses.services.offerings import archive_offering, cancel_offering, edit_offering
from courses.services.session_rules import room_warning, teachers_for
from courses.services.sessions import cancel_session, move_session, plan_series, plan_session
from lms.audit.models import AuditEntry
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.models import DomainEvent
from lms.organizations.models import Location
from lms.permissions.roles import ModuleRole, Role
from tests.factories import (
    OrganizationFactory,
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    room_at,
    session_of,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def offering(provider):
    return offering_of(published_version(provider), ends_on=today() + 100 * DAY)


@pytest.fixture
def room(provider):
    return room_at(provider)


@pytest.fixture
def tomorrow():
    return now().replace(hour=9, minute=0, second=0, microsecond=0) + DAY


def plan(by, offering, starts_at, hours=2, **facts):
    return plan_session(by=by, offering=offering, starts_at=starts_at, ends_at=starts_at + hours * HOUR, **facts)


def test_a_publisher_plans_a_session_and_the_room_says_where(publisher, offering, room, tomorrow):
    session = plan(publisher, offering, tomorrow, room=room, title={"nl": "Praktijkdag"})
    stored = Session.objects.get(pk=session.pk)
    assert (stored.location, stored.minutes, stored.state, stored.moves) == (room.location, 120, "planned", 0)
    assert DomainEvent.objects.get(name="session.planned").subject_id == session.pk


def test_who_may_plan(provider, offering, tomorrow):
    with pytest.raises(Forbidden):
        plan(person_with_role(provider, Role.TEACHER), offering, tomorrow)
    with pytest.raises(Forbidden):
        plan(person_with_role(ProviderFactory(), Role.PUBLISHER), offering, tomorrow)
    hidden = offering_of(offering.version, visibility="employers")
    with pytest.raises(NotFound):
        plan(person_with_role(ProviderFactory(), Role.PUBLISHER), hidden, tomorrow)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"hours": 0}, "ends_at"),
        ({"hours": -1}, "ends_at"),
        ({"hours": 25}, "ends_at"),
        ({"link": "http://vergader.example/x"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"title": "Praktijkdag"}, "title"),
        ({"capacity": 3}, "capacity"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(publisher, offering, tomorrow, facts, field):
    with pytest.raises(Invalid) as raised:
        plan(publisher, offering, tomorrow, **facts)
    assert field in {error.field for error in raised.value.errors}


@pytest.mark.parametrize("days", [-1, 101, 3000 * 365])
def test_outside_the_dates_of_the_offering_or_in_the_past(publisher, offering, tomorrow, days):
    with pytest.raises(Invalid) as raised:
        plan(publisher, offering, tomorrow + (days - 1) * DAY)
    assert raised.value.errors[0].field == "starts_at"


def test_the_last_evening_is_inside_as_the_clock_in_amsterdam_says(publisher, offering):
    evening = dt.datetime.combine(offering.ends_on, dt.time(21, 30), dt.UTC)
    with pytest.raises(Invalid):
        plan(publisher, offering, evening + 3 * HOUR)
    plan(publisher, offering, evening - 2 * HOUR)


def test_who_may_teach(publisher, provider, offering, tomorrow):
    teacher, guest = person_with_role(provider, Role.TEACHER), UserFactory()
    ModuleMember.objects.create(module=offering.version.module, user=guest, role=ModuleRole.MODULE_TEACHER)
    assert set(teachers_for(offering)) == {teacher, publisher, guest}
    plan(publisher, offering, tomorrow, teacher=guest)
    with pytest.raises(Invalid, match=r"no teacher or publisher|geen docent"):
        plan(publisher, offering, tomorrow, teacher=person_with_role(ProviderFactory(), Role.TEACHER))


def test_a_room_somewhere_else_than_the_place_is_refused(publisher, provider, offering, room, tomorrow):
    elsewhere = Location.objects.create(organization=provider, name="Elders", city="Emmen")
    with pytest.raises(Invalid) as raised:
        plan(publisher, offering, tomorrow, room=room, location=elsewhere)
    assert raised.value.errors[0].field == "location"


def test_a_small_room_is_a_warning_and_no_refusal(publisher, provider, offering, tomorrow):
    offering.capacity = 20
    offering.save()
    session = plan(publisher, offering, tomorrow, room=room_at(provider, capacity=8))
    assert "8" in room_warning(session)
    assert "20" in room_warning(session)
    assert room_warning(plan(publisher, offering, tomorrow, room=room_at(provider, capacity=20))) == ""


def test_a_series_keeps_the_time_of_the_clock(publisher, provider):
    offering = offering_of(published_version(provider), starts_on=dt.date(2030, 1, 1))
    sessions = plan_series(
        by=publisher,
        offering=offering,
        first=dt.date(2030, 3, 22),
        begins=dt.time(19),
        ends=dt.time(21),
        times=3,
        skipping=[dt.date(2030, 3, 29)],
    )
    hours = [(session.starts_at.day, session.starts_at.hour) for session in sessions]
    assert hours == [(22, 18), (5, 17), (12, 17)]  # summer time began on 31 March


def test_a_series_is_planned_whole_or_not_at_all(publisher, provider, offering, room, tomorrow):
    facts = {"by": publisher, "offering": offering, "begins": dt.time(9), "ends": dt.time(11), "room": room}
    first = today() + 2 * DAY
    taken = plan_series(first=first + 7 * DAY, times=1, **facts)[0]
    with pytest.raises(Conflict) as raised:
        plan_series(first=first, times=3, **facts)
    assert raised.value.code == "clash"
    assert taken.offering.code in raised.value.detail
    assert Session.objects.count() == 1
    with pytest.raises(Invalid):
        plan_series(first=first, times=20, **facts)
    assert Session.objects.count() == 1


def test_a_clash_of_room_names_the_other_session(publisher, offering, room, tomorrow):
    plan(publisher, offering, tomorrow, room=room)
    with pytest.raises(Conflict, match=offering.code) as raised:
        plan(publisher, offering, tomorrow + HOUR, room=room)
    assert (raised.value.code, raised.value.errors[0].field) == ("clash", "room")
    plan(publisher, offering, tomorrow + 2 * HOUR, room=room)  # one begins where the other ends
    plan(publisher, offering, tomorrow, room=room_at(room.location.organization))


def test_who_may_not_see_the_other_session_hears_only_that_it_is_taken(publisher, offering, room, tomorrow):
    other = offering_of(visibility="employers", code="geheim-project")
    Session.objects.create(offering=other, room=room, starts_at=tomorrow, ends_at=tomorrow + HOUR)
    with pytest.raises(Conflict) as raised:
        plan(publisher, offering, tomorrow, room=room)
    assert room.name in raised.value.detail
    assert "geheim" not in raised.value.detail


def test_a_clash_of_teacher(publisher, provider, offering, tomorrow):
    teacher = person_with_role(provider, Role.TEACHER)
    session = plan(publisher, offering, tomorrow, teacher=teacher)
    with pytest.raises(Conflict) as raised:
        plan(publisher, offering_of(offering.version), tomorrow, teacher=teacher)
    assert raised.value.errors[0].field == "teacher"
    cancel_session(by=publisher, session=session)
    plan(publisher, offering, tomorrow, teacher=teacher)


def test_moving_counts_and_tells_what_was_and_is(publisher, offering, room, tomorrow):
    session = plan(publisher, offering, tomorrow, room=room, link="https://vergader.example/geheim")
    moved = move_session(
        by=publisher, session=session, starts_at=tomorrow + HOUR, ends_at=tomorrow + 2 * HOUR
    )  # the room is its own: no clash with itself
    assert moved.moves == 1
    fact = DomainEvent.objects.get(name="session.moved").payload
    assert (fact["moves"], fact["changed"]) == (1, ["time"])
    assert fact["before"]["starts_at"] != fact["after"]["starts_at"]
    assert move_session(by=publisher, session=moved, title={"nl": "Anders"}).moves == 1
    assert move_session(by=publisher, session=moved, link="https://vergader.example/nieuw").moves == 2
    assert "vergader" not in str(list(DomainEvent.objects.values())) + str(list(AuditEntry.objects.values()))


def test_moving_into_a_clash_changes_nothing(publisher, offering, room, tomorrow):
    plan(publisher, offering, tomorrow, room=room)
    session = plan(publisher, offering, tomorrow + 3 * HOUR, room=room)
    with pytest.raises(Conflict):
        move_session(by=publisher, session=session, starts_at=tomorrow, ends_at=tomorrow + HOUR)
    assert Session.objects.get(pk=session.pk).starts_at == session.starts_at


def test_what_has_begun_stays_where_it_was(publisher, offering, tomorrow):
    session = session_of(offering, hours=-1)
    for change in (
        lambda: move_session(by=publisher, session=session, starts_at=tomorrow, ends_at=tomorrow + HOUR),
        lambda: cancel_session(by=publisher, session=session),
    ):
        with pytest.raises(Conflict):
            change()
    assert move_session(by=publisher, session=session, link="https://vergader.example/1").moves == 1


def test_cancelled_is_for_good(publisher, offering, tomorrow):
    session = cancel_session(by=publisher, session=plan(publisher, offering, tomorrow))
    assert session.state == "cancelled"
    for change in (
        lambda: cancel_session(by=publisher, session=session),
        lambda: move_session(by=publisher, session=session, link="https://vergader.example/1"),
    ):
        with pytest.raises(Conflict):
            change()
    assert DomainEvent.objects.filter(name="session.cancelled").count() == 1


def test_a_cancelled_offering_frees_its_rooms(publisher, offering, room, tomorrow):
    session = plan(publisher, offering, tomorrow, room=room)
    cancel_offering(by=publisher, offering=offering)
    assert Session.objects.get(pk=session.pk).state == "cancelled"
    plan(publisher, offering_of(offering.version), tomorrow, room=room)
    with pytest.raises(Conflict):
        plan(publisher, offering, tomorrow)


def test_the_dates_of_an_offering_keep_its_sessions_inside(publisher, offering, tomorrow):
    plan(publisher, offering, tomorrow)
    with pytest.raises(Invalid) as raised:
        edit_offering(by=publisher, offering=offering, starts_on=today() + 5 * DAY)
    assert raised.value.errors[0].field == "starts_on"
    with pytest.raises(Invalid) as raised:
        edit_offering(by=publisher, offering=offering, ends_on=today())
    assert raised.value.errors[0].field == "ends_on"


def test_archiving_waits_for_the_last_session(publisher, offering, tomorrow):
    session = plan(publisher, offering, tomorrow)
    with pytest.raises(Conflict) as raised:
        archive_offering(by=publisher, offering=offering)
    assert f"{tomorrow:%d-%m-%Y}" in raised.value.detail
    cancel_session(by=publisher, session=session)
    archived = archive_offering(by=publisher, offering=offering)
    assert archived.state == "archived"
    for change in (
        lambda: archive_offering(by=publisher, offering=offering),
        lambda: edit_offering(by=publisher, offering=offering, price="1"),
        lambda: plan(publisher, offering, tomorrow),
    ):
        with pytest.raises(Conflict):
            change()


def test_a_minimum_fits_and_is_reached(publisher, offering):
    with pytest.raises(Invalid) as raised:
        edit_offering(by=publisher, offering=offering, capacity=5, minimum=6)
    assert raised.value.errors[0].field == "minimum"
    changed = edit_offering(by=publisher, offering=offering, capacity=12, minimum=6, price="99.95", vat_percentage="21")
    assert not changed.minimum_reached
    changed.refresh_from_db()
    assert (str(changed.vat), str(changed.price_with_vat)) == ("20.99", "120.94")


@pytest.mark.postgres
@pytest.mark.parametrize("shared", ["room", "teacher"])
def test_the_database_itself_refuses_an_overlap(offering, room, shared):
    facts = {"room": room} if shared == "room" else {"teacher": UserFactory()}
    first = session_of(offering, hours=24, **facts)
    with pytest.raises(IntegrityError, match=f"session_{shared}_free"), transaction.atomic():
        session_of(offering, hours=25, **facts)
    later = session_of(offering, hours=26.5, **facts)
    with pytest.raises(IntegrityError, match=f"session_{shared}_free"), transaction.atomic():
        Session.objects.filter(pk=later.pk).update(starts_at=first.starts_at)
    Session.objects.filter(pk=first.pk).update(cancelled_at=now())
    session_of(offering, hours=24, **facts)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(1, 4), st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=7
    )
)
def test_clashes_are_those_that_comparing_all_pairs_finds(publisher, provider, offering, tomorrow, wanted):
    rooms, teachers = [room_at(provider), None], [publisher, None]
    held = []
    with transaction.atomic():
        for begins, lasts, room, teacher in wanted:
            clash = any(
                begins < b + n and b < begins + lasts and ((room == r == 0) or (teacher == t == 0))
                for b, n, r, t in held
            )
            facts = {"room": rooms[room], "teacher": teachers[teacher]}
            try:
                with transaction.atomic():
                    plan(publisher, offering, tomorrow + begins * HOUR, hours=lasts, **facts)
            except Conflict:
                assert clash
            else:
                assert not clash
                held.append((begins, lasts, room, teacher))
        for first, second in itertools.combinations(held, 2):
            assert first != second or first[2:] == (1, 1)
        transaction.set_rollback(True)


def test_rooms_of_a_hub_are_booked_too(publisher, offering, tomorrow):
    hub = room_at(OrganizationFactory(is_public_body=True))
    assert plan(publisher, offering, tomorrow, room=hub).location == hub.location
