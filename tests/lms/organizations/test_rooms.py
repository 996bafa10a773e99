"""Locations and rooms, kept by who administers the organization."""

import pytest

from lms.organizations.models import Location, Room
from lms.permissions.roles import Role
from tests.factories import ProviderFactory, offering_of, person_with_role, published_version, room_at, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return ProviderFactory(slug="school")


@pytest.fixture
def browser(client, provider):
    admin = person_with_role(provider, Role.ORG_ADMIN)
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_location_and_its_rooms(browser, provider):
    browser.post("/organisaties/school/locaties/nieuw/", {"name": "Hal", "city": "Hardenberg", "postal_code": "7772zr"})
    hal = Location.objects.get()
    assert hal.postal_code == "7772 ZR"
    address = f"/organisaties/school/locaties/{hal.pk}/lokaal/"
    browser.post(address, {"name": "Lokaal 1", "capacity": "14"})
    assert browser.post(address, {"name": "Lokaal 1", "capacity": "9"}).status_code == 200
    assert browser.post(address, {"name": "Lokaal 2", "capacity": "0"}).status_code == 200
    room = Room.objects.get()
    browser.post(f"/organisaties/school/lokalen/{room.pk}/", {"name": "Lokaal 1", "capacity": "16"})
    assert Room.objects.get().capacity == 16
    assert "Lokaal 1" in browser.get("/organisaties/school/locaties/").content.decode()
    assert browser.post("/organisaties/school/locaties/nieuw/", {"name": "Hal", "city": "x"}).status_code == 200


def test_a_room_in_use_stays(browser, provider):
    used, free = room_at(provider), room_at(provider)
    session_of(offering_of(published_version(provider)), room=used)
    for room in (used, free):
        browser.post(f"/organisaties/school/lokalen/{room.pk}/verwijderen/")
    assert list(Room.objects.all()) == [used]


def test_a_room_of_another_organization_is_not_there(browser):
    foreign = room_at(ProviderFactory())
    assert browser.post(f"/organisaties/school/lokalen/{foreign.pk}/verwijderen/").status_code == 404


def test_another_address_lies_somewhere_else(browser, provider):
    browser.post("/organisaties/school/locaties/nieuw/", {"name": "Hal", "city": "Hardenberg"})
    hal = Location.objects.get()
    typed = {"name": "Hal", "city": "Emmen", "latitude": hal.latitude, "longitude": hal.longitude}
    browser.post(f"/organisaties/school/locaties/{hal.pk}/", typed)
    moved = Location.objects.get()
    assert (moved.latitude, moved.longitude) not in ((None, None), (hal.latitude, hal.longitude))
