"""Where places of the region lie."""

import pytest
from rest_framework.test import APIClient

from lms.organizations.models import Location
from lms.organizations.places import find_place, municipalities, near_spellings
from lms.permissions.roles import Role
from tests.factories import OrganizationFactory, person_with_role


@pytest.mark.parametrize("text", ["7772", "7772 BA", "7772ba", " Hardenberg ", "HARDENBERG"])
def test_a_postal_code_or_a_name(text):
    assert find_place(text).name == "Hardenberg"


def test_municipalities_are_known_by_their_names_too():
    for name in municipalities():
        assert find_place(name) is not None, name
    assert find_place("de wolden").municipality == "De Wolden"
    assert find_place("marienberg").name == "Mariënberg"


@pytest.mark.parametrize("text", ["", "Atlantis", "1234", "99999", "7772 BAA", "'; --"])
def test_what_is_not_in_the_region_is_not_guessed(text):
    assert find_place(text) is None


def test_near_spellings():
    assert near_spellings("Coverden")[0] == "Coevorden"
    assert near_spellings("Hardenb")[0] == "Hardenberg"
    assert near_spellings("xyzxyzxyzxyz") == []


def test_distances_are_about_right():
    """Against the distances as the crow flies that a map gives."""
    hardenberg = find_place("Hardenberg")
    for name, km in (("Coevorden", 12), ("Emmen", 30), ("Zwolle", 36), ("Ommen", 15)):
        other = find_place(name)
        assert abs(hardenberg.km_to(other.latitude, other.longitude) - km) < 3.5, name


@pytest.mark.django_db
def test_a_location_gets_coordinates_and_moves_with_its_address():
    organization = OrganizationFactory()
    hall = Location.objects.create(organization=organization, name="Hal", city="Emmen", postal_code="7811 AA")
    assert (float(hall.latitude), float(hall.longitude)) == (
        find_place("Emmen").latitude,
        find_place("Emmen").longitude,
    )
    own = Location.objects.create(
        organization=organization, name="Eigen", city="Emmen", latitude="52.1", longitude="6.1"
    )
    assert str(own.latitude) == "52.1"
    elsewhere = Location.objects.create(organization=organization, name="Ver", city="Parijs")
    assert elsewhere.latitude is None
    client = APIClient()
    client.force_authenticate(person_with_role(organization, Role.ORG_ADMIN))
    answer = client.patch(
        f"/api/v1/locations/{hall.pk}/", {"postal_code": "7741 AA", "city": "Coevorden"}, format="json"
    )
    assert answer.status_code == 200, answer.data
    hall.refresh_from_db()
    assert float(hall.latitude) == find_place("Coevorden").latitude
