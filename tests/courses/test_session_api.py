"""Sessions and rooms by API."""

import pytest

from courses.models import Session
from lms.core.clock import now, today
from lms.organizations.models import Room
from lms.permissions.roles import Role
from tests.factories import UserFactory, offering_of, person_with_role, published_version, room_at, session_of

pytestmark = pytest.mark.django_db
LINK = "https://vergader.example/geheim"


@pytest.fixture
def offering(provider):
    return offering_of(published_version(provider), starts_on=today(), code="cnc-najaar")


def test_a_session_is_planned_moved_and_cancelled(api, publisher, teacher, provider, offering):
    room, client = room_at(provider), api(publisher)
    asked = {
        "offering": "cnc-najaar",
        "starts_at": "2031-07-01T09:00",
        "ends_at": "2031-07-01T12:00",
        "room": room.pk,
        "teacher": teacher.email,
        "title": {"nl": "Praktijk"},
    }
    made = client.post("/api/v1/sessions/", asked)
    assert made.status_code == 201, made.data
    assert (made.data["starts_at"], made.data["room"]["name"]) == ("2031-07-01T09:00:00+02:00", room.name)
    assert made.data["teacher"] == {"name": teacher.full_name, "email": teacher.email}
    assert client.post("/api/v1/sessions/", asked).json()["code"] == "clash"
    address = f"/api/v1/sessions/{made.data['id']}/"
    moved = client.patch(address, {"starts_at": "2031-07-01T10:00:00+02:00"})
    assert (moved.status_code, moved.data["moves"]) == (200, 1)
    assert client.post(f"{address}cancel/").data["state"] == "cancelled"


@pytest.mark.parametrize("starts_at", ["2031-03-30T02:30", "2030-10-27T02:30", "morgen", "2031-02-30T10:00", 7, None])
def test_a_time_that_is_none_is_refused_at_its_field(api, publisher, offering, starts_at):
    asked = {"offering": "cnc-najaar", "starts_at": starts_at, "ends_at": "2031-07-01T12:00"}
    answer = api(publisher).post("/api/v1/sessions/", asked)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "starts_at"


def test_an_offset_chooses_between_the_two_half_past_twos(api, publisher, offering):
    for offset, hour in (("+02:00", 0), ("+01:00", 1)):
        asked = {"offering": "cnc-najaar", "starts_at": f"2030-10-27T02:30{offset}", "ends_at": "2030-10-27T05:00"}
        made = api(publisher).post("/api/v1/sessions/", asked)
        assert Session.objects.get(pk=made.data["id"]).starts_at.hour == hour


def test_a_series(api, publisher, offering):
    asked = {"offering": "cnc-najaar", "first": "2031-01-06", "begins": "19:00", "ends": "21:00", "times": 3}
    made = api(publisher).post("/api/v1/sessions/series/", asked | {"skipping": ["2031-01-13"]})
    assert [one["starts_at"][:10] for one in made.data] == ["2031-01-06", "2031-01-20", "2031-01-27"]
    listed = api().get("/api/v1/sessions/", {"offering": "cnc-najaar", "after": "2031-01-15T00:00:00Z"})
    assert [one["starts_at"][:10] for one in listed.data["results"]] == ["2031-01-20", "2031-01-27"]


@pytest.mark.parametrize(("minutes", "shown"), [(-31, False), (-29, True), (0, True), (119, True), (121, False)])
def test_the_link_is_for_the_provider_and_in_time(api, teacher, publisher, offering, minutes, shown):
    session = session_of(offering, hours=-minutes / 60, lasts=2, link=LINK)
    for person in (teacher, publisher):
        assert api(person).get(f"/api/v1/sessions/{session.pk}/").data["link"] == (LINK if shown else None)


def test_no_other_door_shows_the_link(api, client, offering, stranger):
    session_of(offering, hours=0, link=LINK)
    hr = person_with_role(offering.provider, Role.COORDINATOR)
    for person in (None, stranger, hr, UserFactory()):
        for address in ("sessions/", "offerings/", "catalogue/", f"offerings/{offering.code}/"):
            assert LINK not in str(api(person).get(f"/api/v1/{address}").content)
    page = client.get(f"/modules/{offering.provider.slug}/{offering.version.module.code}/")
    assert LINK not in page.content.decode()


def test_a_cancelled_session_shows_no_link(api, teacher, offering):
    session = session_of(offering, hours=0, link=LINK, cancelled_at=now())
    assert api(teacher).get(f"/api/v1/sessions/{session.pk}/").data["link"] is None


def test_one_names_only_teachers_one_plans_for(api, publisher, stranger, offering):
    asked = {"offering": "cnc-najaar", "starts_at": "2031-07-01T09:00", "ends_at": "2031-07-01T12:00"}
    answers = [
        api(publisher).post("/api/v1/sessions/", asked | {"teacher": email})
        for email in (stranger.email, "niemand@voorbeeld.test")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert stranger.full_name not in str(answers[0].data)


def test_lists_cost_the_same_however_long(api, publisher, offering, django_assert_max_num_queries):
    room = room_at(offering.provider)
    for hour in range(1, 20):
        session_of(offering, hours=3 * hour, room=room, teacher=publisher)
    with django_assert_max_num_queries(5):
        assert len(api(publisher).get("/api/v1/sessions/").data["results"]) == 19


def test_an_offering_is_found_by_code_and_archived(api, publisher, offering):
    session = session_of(offering)
    client = api(publisher)
    assert client.post("/api/v1/offerings/cnc-najaar/archive/").json()["code"] == "sessions_ahead"
    Session.objects.filter(pk=session.pk).update(cancelled_at=now())
    assert client.post("/api/v1/offerings/cnc-najaar/archive/").data["state"] == "archived"
    assert client.get("/api/v1/offerings/").data["results"] == []
    assert len(client.get("/api/v1/offerings/", {"state": "archived"}).data["results"]) == 1
    assert api().get("/api/v1/catalogue/").data["results"][0]["offerings"] == []


def test_an_offering_tells_its_minimum_and_price_with_vat(api, publisher, offering):
    asked = {"minimum": 6, "capacity": 12, "price": "100.00", "vat_percentage": "21.0"}
    changed = api(publisher).patch("/api/v1/offerings/cnc-najaar/", asked)
    assert (changed.data["vat"], changed.data["price_with_vat"]) == ("21.00", "121.00")
    assert (changed.data["minimum"], changed.data["minimum_reached"]) == (6, False)


def test_rooms_are_kept_by_who_administers(api, provider, stranger):
    room = room_at(provider)
    admin = api(person_with_role(provider, Role.ORG_ADMIN))
    asked = {"location": room.location_id, "name": "Lokaal 2", "capacity": 8}
    made = admin.post("/api/v1/rooms/", asked)
    assert made.status_code == 201
    assert admin.post("/api/v1/rooms/", asked).status_code == 400
    assert admin.post("/api/v1/rooms/", asked | {"name": "x", "capacity": 0}).status_code == 400
    assert api(stranger).patch(f"/api/v1/rooms/{room.pk}/", {"capacity": 1}).status_code == 403
    assert [r["name"] for r in admin.get("/api/v1/rooms/", {"holds": 10}).data["results"]] == [room.name]
    session_of(offering_of(published_version(provider)), room=room)
    assert admin.delete(f"/api/v1/rooms/{room.pk}/").status_code == 409
    assert admin.delete(f"/api/v1/rooms/{made.data['id']}/").status_code == 204
    assert Room.objects.count() == 1


def test_a_room_stays_where_it_is(api, provider):
    room, other = room_at(provider), room_at(provider).location
    admin = api(person_with_role(provider, Role.ORG_ADMIN))
    assert admin.patch(f"/api/v1/rooms/{room.pk}/", {"location": other.pk}).status_code == 400
    assert admin.patch(f"/api/v1/rooms/{room.pk}/", {"location": room.location_id, "capacity": 3}).status_code == 200
