"""The catalogue's page and API: what a stranger types in the address must never break them."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.organizations.models import Location
from tests.factories import offering_of, person_with_role, published_version

pytestmark = pytest.mark.django_db

V1 = "/api/v1/catalogue/"
NAMES = [
    *("q", "track", "level", "purpose", "language", "document", "provider", "sector", "skill", "skill_q", "delivery"),
    *("near", "km", "start", "from", "price_min", "price_max", "places", "sort", "after", "before", "cursor", "facets"),
    "page_size",
]
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["mbo", "3", "0", "-1", "1e400", "NaN", "Infinity", "2026-02-30", "9999-12-31", "١٢", "Hardenberg", "7772 BA"]
    ),
    st.sampled_from(
        ["distance", "relevance", "start", "price", "after:x", "before:W10", "%", "\x00", "'", "(", "🤖" * 20]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8))
def test_no_address_breaks_the_page_or_the_api(client, pairs):
    parameters = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    assert client.get("/", parameters).status_code == 200
    answer = client.get(V1, parameters)
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert {error["field"] for error in answer.json()["errors"]} <= set(NAMES)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("track=vmbo", "track"),
        ("level=9", "level"),
        ("provider=niemand", "provider"),
        ("skill=x", "skill"),
        ("near=Atlantis", "near"),
        ("near=Emmen&km=7", "km"),
        ("from=morgen", "from"),
        ("price_max=gratis", "price_max"),
        ("price_min=20&price_max=10", "price_min"),
        ("places=0", "places"),
        ("sort=mooiste", "sort"),
        ("page_size=0", "page_size"),
        ("q=" + "lassen" * 2000, "q"),
    ],
)
def test_the_api_names_what_it_cannot_read_and_the_page_leaves_it_out(client, address, field):
    version = published_version()
    offering_of(version, price=5, delivery="hub", location=place(version, "Emmen"))
    answer = client.get(f"{V1}?{address}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    if field != "q":
        assert version.module.code in client.get(f"/?{address}").content.decode()


def test_the_api_counts_and_pages_as_the_page_does(client):
    for number in range(5):
        published_version(title={"nl": "Lassen"}, level=2 + number % 2)
    answer = client.get(f"{V1}?q=lasen&facets=1&page_size=2").json()
    assert answer["total"] == 5
    levels = next(facet for facet in answer["facets"] if facet["name"] == "level")
    assert {choice["value"]: choice["count"] for choice in levels["choices"]} == {"2": 3, "3": 2}
    seen, address = [], f"{V1}?q=lassen&page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert client.get(page["previous"]).json()["results"][0]["id"] == seen[2]
    assert "facets" not in client.get(V1).json()


def test_strangers_share_an_answer_and_persons_do_not(client):
    published_version()
    open_answer = client.get(V1)
    assert "public" in open_answer["Cache-Control"]
    assert {"Accept-Language", "Cookie", "Authorization"} <= set(re.split(r", ?", open_answer["Vary"]))
    provider = published_version().module.provider
    client.force_login(person_with_role(provider, "teacher"))
    assert "private" in client.get(V1)["Cache-Control"]


def test_a_misspelt_question_says_how_it_was_read(client):
    version = published_version(title={"nl": "Heftruck rijden"})
    html = client.get("/?q=heftuck").content.decode()
    assert version.module.code in html
    assert "Bedoelde u <strong>heftruck</strong>?" in html
    html = client.get("/?q=heftruck+paardrijden").content.decode()
    assert 'href="?q=heftruck"' in html


def test_chosen_filters_are_chips_that_take_themselves_away(client):
    version = published_version()
    offering_of(version, delivery="hub", location=place(version, "Hardenberg"))
    html = client.get("/?q=draaibank&track=mbo&track=hbo&delivery=hub&near=7772&km=50&price_max=500").content.decode()
    chips = dict(re.findall(r'<a class="chip"[^>]*href="([^"]*)">.*?</span>([^<]*?) <span', html))
    urls = {label: url.replace("&amp;", "&") for url, label in chips.items()}
    assert urls["Leerweg: mbo"] == "?q=draaibank&track=hbo&delivery=hub&near=7772&km=50&price_max=500"
    assert urls["binnen 50 km van Hardenberg"] == "?q=draaibank&track=mbo&track=hbo&delivery=hub&price_max=500"
    assert urls["Prijs excl. btw: tot en met € 500"] == "?q=draaibank&track=mbo&track=hbo&delivery=hub&near=7772&km=50"
    assert 'id="id_track_mbo" checked' in html


def test_an_unknown_place_gets_near_spellings_and_cards_tell_how_far_it_is(client):
    version = published_version()
    offering_of(version, delivery="hub", location=place(version, "Coevorden"))
    html = client.get("/?near=Coverden").content.decode()
    assert "De plaats ‘Coverden’ kennen we niet" in html
    assert 'href="?near=Coevorden"' in html
    assert "op 12 km" in client.get("/?near=Hardenberg").content.decode()


def test_the_number_of_modules_is_told_in_a_status_and_every_control_has_a_label(client):
    version = published_version()
    offering_of(version)
    html = client.get("/?near=Emmen").content.decode()
    assert '<p id="found" class="visually-hidden" role="status">0 modules gevonden</p>' in html
    assert html.count("<fieldset") == html.count("<legend")
    identified = set(re.findall(r'<(?:input|select)[^>]*\bid="([^"]+)"', html))
    wrapped = set(re.findall(r'<label class="choice"><input[^>]*\bid="([^"]+)"', html))
    assert identified <= wrapped | set(re.findall(r'<label for="([^"]+)"', html))


def place(version, city):
    return Location.objects.create(organization=version.module.provider, name=city, city=city)
