"""One's own sessions: pages, the link in time, and calendars that other programs read."""

import datetime as dt
import re

import pytest
from icalendar import Calendar

from courses.models import Session
from enrollments.models import CalendarFeed
from enrollments.services.enrolling import enroll_self, withdraw_enrollment
from enrollments.services.feeds import end_feed, renew_feed
from lms.core.clock import now
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

pytestmark = pytest.mark.django_db
LINK = "https://vergader.example/geheim"


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def offering(provider):
    return offering_of(published_version(provider), capacity=1)


@pytest.fixture
def enrollment(learner, offering):
    return enroll_self(by=learner, offering=offering)


@pytest.fixture
def page(client):
    """What somebody gets at an address."""

    def get(user, address, **headers):
        client.logout()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client.get(address, headers={"accept-language": "en", **headers})

    return get


def events_in(body):
    """An independent reading: unfolded lines (RFC 5545, 3.1) of each event as a mapping."""
    text = body.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    events, inside = [], None
    for line in lines:
        if line == "BEGIN:VEVENT":
            inside = {}
        elif line == "END:VEVENT":
            events.append(inside)
            inside = None
        elif inside is not None:
            name, value = re.fullmatch(r"([A-Z-]+)(?:;[^:]*)?:(.*)", line).groups()
            inside[name] = value
    return events


@pytest.mark.parametrize(("minutes", "shown"), [(-31, False), (-29, True), (60, True), (121, False)])
def test_the_link_is_on_the_learners_pages_in_time(page, api, learner, enrollment, offering, minutes, shown):
    session = session_of(offering, hours=-minutes / 60, lasts=2, link=LINK)
    for address in (f"/bijeenkomsten/{session.pk}/", f"/leren/{enrollment.pk}/"):
        assert (LINK in page(learner, address).content.decode()) == shown
    (row,) = api(learner).get(f"/api/v1/enrollments/{enrollment.pk}/sessions/").data
    assert row["link"] == (LINK if shown else None)


def test_nobody_else_gets_the_link(page, api, offering, enrollment, provider):
    session = session_of(offering, hours=0, link=LINK)
    waiting = enroll_self(by=UserFactory(), offering=offering)
    gone = enroll_self(by=UserFactory(), offering=offering)
    withdraw_enrollment(by=gone.learner, enrollment=gone)
    strangers = [waiting.learner, gone.learner, UserFactory(), person_with_role(ProviderFactory(), Role.TEACHER)]
    for person in strangers:
        assert page(person, f"/bijeenkomsten/{session.pk}/").status_code == 404
        assert page(person, f"/bijeenkomsten/{session.pk}.ics").status_code == 404
        assert page(person, f"/uitvoeringen/{offering.code}.ics").status_code == 403
        assert LINK not in page(person, "/mijn-agenda/").content.decode()
    for own in (waiting, gone):
        assert LINK not in page(own.learner, f"/leren/{own.pk}/").content.decode()
        assert api(own.learner).get(f"/api/v1/enrollments/{own.pk}/sessions/").data == []
    for person in (person_with_role(provider, Role.TEACHER), person_with_role(provider, Role.PUBLISHER)):
        assert LINK in page(person, f"/bijeenkomsten/{session.pk}/").content.decode()


def test_hr_that_arranged_it_gets_no_link(api, page, hr_world):
    hr, enrollment = hr_world
    session_of(enrollment.offering, hours=0, link=LINK)
    assert api(hr).get(f"/api/v1/enrollments/{enrollment.pk}/sessions/").status_code == 403
    assert LINK not in str(api(hr).get("/api/v1/sessions/").content)
    assert page(hr, f"/leren/{enrollment.pk}/").status_code == 403


def test_a_calendar_file_says_when_where_and_which_version(page, learner, enrollment, offering, provider):
    room = room_at(provider)
    session = session_of(
        offering,
        title={"nl": "Praktijk; deel 1, met koffie"},
        room=room,
        location=room.location,
        link=LINK,
        moves=2,
    )
    answer = page(learner, f"/bijeenkomsten/{session.pk}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Amsterdam"
    assert event.decoded("dtstart") == session.starts_at.replace(microsecond=0)
    assert (event["sequence"], event["status"]) == (2, "CONFIRMED")
    assert event["url"] == f"http://localhost:8000/bijeenkomsten/{session.pk}/"
    (read,) = events_in(answer.content)
    assert read["UID"] == f"{session.pk}@localhost"
    assert read["SUMMARY"].endswith("Praktijk\\; deel 1\\, met koffie")
    assert room.name in read["LOCATION"]
    assert re.fullmatch(r"\d{8}T\d{6}Z", read["DTSTAMP"])
    assert LINK.encode() not in answer.content


def test_a_cancelled_session_is_cancelled_in_calendars(page, learner, enrollment, offering):
    session_of(offering, cancelled_at=now(), moves=1)
    (read,) = events_in(page(learner, f"/uitvoeringen/{offering.code}.ics").content)
    assert (read["STATUS"], read["SEQUENCE"]) == ("CANCELLED", "2")


def test_a_feed_follows_its_owner(page, learner, enrollment, offering, provider):
    session_of(offering)
    taught = session_of(offering_of(published_version(provider)), hours=50, teacher=learner)
    address = f"/agenda/{renew_feed(by=learner)}.ics"
    assert len(events_in(page(None, address).content)) == 2
    withdraw_enrollment(by=learner, enrollment=enrollment)
    (left,) = events_in(page(None, address).content)
    assert left["UID"].startswith(str(taught.pk))


def test_a_feed_that_is_known_already_is_not_sent_again(page, learner, enrollment, offering):
    session = session_of(offering)
    address = f"/agenda/{renew_feed(by=learner)}.ics"
    etag = page(None, address)["ETag"]
    again = page(None, address, **{"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    Session.objects.filter(pk=session.pk).update(starts_at=now() + dt.timedelta(hours=1))
    assert page(None, address, **{"if-none-match": etag}).status_code == 200


def test_unknown_addresses_all_look_alike_and_no_secret_is_logged(page, learner, caplog):
    first = renew_feed(by=learner)
    second = renew_feed(by=learner)
    end_feed(by=learner)
    ended = renew_feed(by=(other := UserFactory()))
    type(other).objects.filter(pk=other.pk).update(is_active=False)
    answers = [page(None, f"/agenda/{secret}.ics") for secret in (first, second, ended, "x", "%00", "é" * 300)]
    assert {(answer.status_code, answer.content, str(sorted(answer.items()))) for answer in answers} == {
        (404, b"", str(sorted(answers[0].items())))
    }
    assert not any(secret in caplog.text for secret in (first, second, ended))


def test_the_secret_is_shown_once_and_kept_as_a_hash(page, client, learner):
    page(learner, "/mijn-agenda/")
    made = client.post("/mijn-agenda/").content.decode()
    secret = re.search(r"/agenda/([^/]+)\.ics", made)[1]
    assert page(None, f"/agenda/{secret}.ics").status_code == 200
    assert secret not in page(learner, "/mijn-agenda/").content.decode()
    assert secret not in str(list(CalendarFeed.objects.values()))
    client.post("/mijn-agenda/adres-beeindigen/")
    assert page(None, f"/agenda/{secret}.ics").status_code == 404


def test_a_program_that_asks_without_end_is_held_back(page, learner):
    address = f"/agenda/{renew_feed(by=learner)}.ics"
    statuses = [page(None, address).status_code for _n in range(31)]
    assert statuses == [200] * 30 + [429]


def test_pages_cost_the_same_however_many_sessions(page, learner, enrollment, offering, django_assert_max_num_queries):
    for hour in range(1, 31):
        session_of(offering, hours=3 * hour, lasts=1, link=LINK)
    address = f"/agenda/{renew_feed(by=learner)}.ics"
    with django_assert_max_num_queries(10):
        assert len(events_in(page(None, address).content)) == 30
    with django_assert_max_num_queries(29):
        assert page(learner, "/mijn-agenda/").status_code == 200
