"""JSON-LD in a module's page: read back as a search engine reads it, and true."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from courses.models import Session, Skill
from courses.structured_data import duration
from lms.core.clock import today
from lms.organizations.models import Location
from lms.permissions.roles import Role
from tests.factories import OrganizationFactory, offering_of, person_with_role, published_version

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def html_of(client, version, language="nl"):
    path = reverse("courses:module", args=[version.module.provider.slug, version.module.code])
    return client.get(path, headers={"accept-language": language}).content.decode()


def data_of(client, version, language="nl"):
    (block,) = BLOCK.findall(html_of(client, version, language))
    return json.loads(block)


def test_a_module_with_everything(client):
    version = published_version(
        title={"nl": "Draaien", "en": "Turning"},
        load=Decimal(3),
        load_unit="ects",
        languages=["nl", "en"],
        skills=[Skill.objects.create(uri="http://x.test/turning", label_en="turn metal", label_nl="draaien")],
    )
    place = Location.objects.create(
        organization=version.module.provider, name="Hal", street="Weg 1", postal_code="7772 BA", city="Hardenberg"
    )
    start = today() + timedelta(days=20)
    offering = offering_of(
        version,
        code="voorjaar",
        starts_on=start,
        price="100.00",
        vat_percentage="21",
        delivery="blended",
        location=place,
        capacity=12,
        taken=2,
    )
    Session.objects.create(
        offering=offering,
        starts_at=datetime(2027, 7, 1, 7, 0, tzinfo=UTC),
        ends_at=datetime(2027, 7, 1, 10, 30, tzinfo=UTC),
        link="https://geheim.example/kamer",
    )
    data = data_of(client, version)
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", "Course", "Draaien")
    assert data["url"].startswith("http://localhost:8000/modules/")
    assert data["timeRequired"] == "PT84H"
    assert data["numberOfCredits"] == {"@type": "StructuredValue", "value": 3, "unitText": "EC"}
    assert data["educationalLevel"]["name"] == "indicatief niveau 2"
    assert data["teaches"][0] == "Stelt de machine veilig in."
    assert data["teaches"][1]["url"] == "http://x.test/turning"
    assert data["inLanguage"] == ["nl", "en"]
    (instance,) = data["hasCourseInstance"]
    assert (instance["courseMode"], instance["startDate"]) == ("blended", start.isoformat())
    assert "endDate" not in instance
    assert instance["location"]["address"]["addressLocality"] == "Hardenberg"
    assert instance["remainingAttendeeCapacity"] == 10
    (schedule,) = instance["courseSchedule"]
    assert (schedule["startTime"], schedule["endTime"]) == ("09:00", "12:30")
    offer = instance["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("121.00", "EUR")
    assert [(p["price"], p["valueAddedTaxIncluded"]) for p in offer["priceSpecification"]] == [
        ("121.00", True),
        ("100.00", False),
    ]
    assert offer["availability"] == "https://schema.org/InStock"
    assert "geheim" not in html_of(client, version)
    assert data_of(client, version, "en")["name"] == "Turning"


def test_only_what_is_true_and_public(client):
    version = published_version(level=None, load=Decimal(0))
    employer = OrganizationFactory()
    offering_of(version, visibility="employers", price="777").employers.add(employer)
    offering_of(version, code="vol", capacity=1, taken=1, delivery="online")
    hr = person_with_role(employer, Role.HR_MANAGER)
    client.force_login(hr, backend="allauth.account.auth_backends.AuthenticationBackend")
    data = data_of(client, version)
    for absent in ("educationalLevel", "timeRequired", "numberOfCredits"):
        assert absent not in data
    (instance,) = data["hasCourseInstance"]
    assert instance["name"] == "vol"
    assert instance["offers"]["availability"] == "https://schema.org/SoldOut"
    assert instance["offers"]["category"] == "Free"
    assert "location" not in instance


def test_an_official_level_says_by_what_right(client):
    version = published_version(level=4, nlqf_basis="register", nlqf_number="2026-12")
    level = data_of(client, version)["educationalLevel"]
    assert level["name"] == "NLQF-niveau 4"
    assert "2026-12" in level["description"]


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "regel\u2028einde\u2029",
        'aan"haal\\ing & zo',
        "]]>",
        "één €",
    ],
)
def test_hostile_titles_come_back_as_they_were_written(client, title):
    version = published_version(title={"nl": title}, summary={"nl": title}, outcomes=[{"nl": title}])
    html = html_of(client, version)
    (block,) = BLOCK.findall(html)
    assert json.loads(block)["name"] == title
    assert json.loads(block)["teaches"] == [title]
    assert not set("<>&\u2028\u2029") & set(block)
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("load", "unit", "expected"),
    [
        ("8", "hour", "PT8H"),
        ("2.5", "hour", "PT2H30M"),
        ("32", "sbu", "PT32H"),
        ("0.5", "ects", "PT14H"),
        ("0", "hour", ""),
    ],
)
def test_load_in_its_own_unit_as_a_duration(load, unit, expected):
    assert duration(published_version(load=Decimal(load), load_unit=unit)) == expected


def test_what_a_shared_address_shows(client):
    version = published_version(title={"nl": 'Draaien "veilig"'})
    html = html_of(client, version)
    address = f"http://localhost:8000/modules/{version.module.provider.slug}/{version.module.code}/"
    assert f'<link rel="canonical" href="{address}">' in html
    assert '<meta property="og:title" content="Draaien &quot;veilig&quot;">' in html
    picture = re.search(r'og:image" content="http://localhost:8000([^"]+)"', html)[1]
    assert client.get(picture)["Content-Type"] == "image/png"


def test_the_preview_of_a_draft_says_nothing_to_search_engines(client):
    version = published_version()
    teacher = person_with_role(version.module.provider, Role.TEACHER)
    client.force_login(teacher, backend="allauth.account.auth_backends.AuthenticationBackend")
    html = client.get(reverse("courses:preview", args=[version.pk])).content.decode()
    assert "ld+json" not in html
    assert "og:image" not in html
