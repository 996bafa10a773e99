"""The provider's pages of offerings and sessions."""

import datetime as dt

import pytest

from courses.models import Session
from lms.core.clock import now, today
from lms.permissions.roles import Role
from tests.factories import ProviderFactory, offering_of, person_with_role, published_version, room_at, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering(provider):
    return offering_of(published_version(provider), code="cnc-najaar", capacity=12, minimum=6, taken=4)


@pytest.fixture
def as_user(client):
    """A browser in which somebody is signed in."""

    def sign_in(user):
        type(user).objects.filter(pk=user.pk).update(language="en")
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


TYPED = {"day": "2031-07-01", "begins": "09:00", "ends": "12:00", "title_nl": "Praktijk"}
ADDRESS = "/aanbod/uitvoeringen/cnc-najaar/bijeenkomsten/"


def test_a_publisher_plans_moves_and_cancels(as_user, publisher, provider, offering):
    browser, room = as_user(publisher), room_at(provider, capacity=5)
    answer = browser.post(f"{ADDRESS}nieuw/", TYPED | {"room": room.pk, "teacher": publisher.pk}, follow=True)
    assert "holds 5 people" in answer.content.decode()
    session = Session.objects.get()
    assert (session.starts_at, session.room) == (dt.datetime(2031, 7, 1, 7, tzinfo=dt.UTC), room)
    shown = browser.get(f"/aanbod/bijeenkomsten/{session.pk}/").content.decode()
    assert 'value="09:00"' in shown
    moved = browser.post(f"/aanbod/bijeenkomsten/{session.pk}/", TYPED | {"room": room.pk, "begins": "10:00"})
    assert moved.status_code == 302
    assert Session.objects.get().moves == 1
    browser.post(f"/aanbod/bijeenkomsten/{session.pk}/annuleren/")
    assert Session.objects.get().state == "cancelled"


def test_a_clash_stands_at_its_field_and_nothing_typed_is_lost(as_user, publisher, provider, offering):
    browser, room = as_user(publisher), room_at(provider)
    browser.post(f"{ADDRESS}nieuw/", TYPED | {"room": room.pk})
    page = browser.post(f"{ADDRESS}nieuw/", TYPED | {"room": room.pk, "title_nl": "Tweede groep"}).content.decode()
    assert "is taken on" in page
    assert "Tweede groep" in page
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "2031-03-30", "begins": "02:30", "ends": "04:00"}, "does not exist on"),
        ({"day": "2030-10-27", "begins": "01:00", "ends": "02:30"}, "comes twice on"),
        ({"ends": "08:00"}, "cannot end before it starts"),
        ({"day": "1999-01-01"}, "year is right"),
        ({"link": "http://vergader.example"}, "https://"),
    ],
)
def test_what_cannot_be_is_said_in_words(as_user, publisher, offering, typed, words):
    assert words in as_user(publisher).post(f"{ADDRESS}nieuw/", TYPED | typed).content.decode()
    assert not Session.objects.exists()


def test_a_series_skips_days(as_user, publisher, offering):
    typed = {"first": "2031-07-01", "begins": "19:00", "ends": "21:00", "times": 3, "skipping": "8-7-2031"}
    as_user(publisher).post(f"{ADDRESS}reeks/", typed)
    assert [session.starts_at.day for session in Session.objects.order_by("starts_at")] == [1, 15, 22]
    assert "is no date" in as_user(publisher).post(f"{ADDRESS}reeks/", typed | {"skipping": "kerst"}).content.decode()


def test_a_teacher_sees_the_list_and_does_not_plan(as_user, teacher, offering):
    session = session_of(offering)
    browser = as_user(teacher)
    page = browser.get(ADDRESS).content.decode()
    assert str(session.pk) in page
    assert "Plan a session" not in page
    assert browser.get(f"{ADDRESS}nieuw/").status_code == 403
    assert browser.post(f"/aanbod/bijeenkomsten/{session.pk}/annuleren/").status_code == 403


def test_the_list_of_offerings_says_whether_it_runs(as_user, publisher, offering):
    offering_of(offering.version, code="oude-ronde", archived_at=now())
    browser = as_user(publisher)
    page = browser.get("/aanbod/uitvoeringen/").content.decode()
    assert "runs from 6, now 4" in page
    assert "oude-ronde" not in page
    assert "oude-ronde" in browser.get("/aanbod/uitvoeringen/", {"state": "archived"}).content.decode()
    assert "cnc-najaar" not in browser.get("/aanbod/uitvoeringen/", {"q": "heel iets anders"}).content.decode()


def test_archiving_asks_first_and_says_why_not(as_user, publisher, offering):
    session = session_of(offering)
    browser = as_user(publisher)
    address = "/aanbod/uitvoeringen/cnc-najaar/archiveren/"
    refused = browser.post(address)
    assert (refused.status_code, "Sessions lie ahead" in refused.content.decode()) == (409, True)
    Session.objects.filter(pk=session.pk).update(cancelled_at=now())
    assert browser.post(address).status_code == 302
    offering.refresh_from_db()
    assert offering.state == "archived"


def test_a_week_shows_own_sessions_and_of_a_room_also_that_it_is_taken(as_user, publisher, provider, offering):
    room = room_at(provider)
    foreign = offering_of(visibility="employers", code="geheim")
    theirs = session_of(foreign, hours=0, lasts=1, room=room)
    own = session_of(offering, hours=2, lasts=1, room=room)
    browser = as_user(publisher)
    week = {"week": today().isoformat()}
    page = browser.get("/aanbod/agenda/", week).content.decode()
    assert str(own.pk) in page or own.starts_at.date() != today()
    assert str(theirs.pk) not in page
    of_room = browser.get("/aanbod/agenda/", week | {"room": room.pk}).content.decode()
    assert "taken" in of_room
    assert str(theirs.pk) not in of_room


def test_the_agenda_is_for_providers(as_user):
    stranger = person_with_role(ProviderFactory(), Role.ORG_ADMIN)
    assert as_user(stranger).get("/aanbod/agenda/").status_code == 403


def test_a_module_page_shows_dates_and_no_link(client, offering):
    session_of(offering, link="https://vergader.example/geheim", title={"nl": "Kennismaking"})
    page = client.get(f"/modules/{offering.provider.slug}/{offering.version.module.code}/").content.decode()
    assert "Kennismaking" in page
    assert "vergader" not in page


def test_pages_cost_the_same_however_long(as_user, publisher, provider, offering, django_assert_max_num_queries):
    for hour in range(1, 21):
        session_of(offering, hours=3 * hour, lasts=1, teacher=publisher, room=room_at(provider))
        offering_of(offering.version)
    browser = as_user(publisher)
    for address in (ADDRESS, "/aanbod/uitvoeringen/", "/aanbod/agenda/"):
        with django_assert_max_num_queries(19):
            assert browser.get(address).status_code == 200
