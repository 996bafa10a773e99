"""The picture that goes along with a shared module: what it shows, how long its address holds, what a title may be."""

from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from courses.share_picture import ROOM, TITLE_ROOM, Face, _fitted, _width, draw, shown_of
from courses.web.sharing import picture_path
from tests.factories import ModuleVersionFactory, published_version

pytestmark = pytest.mark.django_db


def picture_of(response):
    return Image.open(BytesIO(response.content))


def test_a_picture_in_the_size_that_is_asked_for_and_kept_for_good(client):
    path = picture_path(published_version(), "nl")
    response = client.get(path)
    assert picture_of(response).size == (1200, 630)
    assert picture_of(response).format == "PNG"
    assert "immutable" in response["Cache-Control"]
    again = client.get(path, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_drawn_once(client, monkeypatch):
    drawn = []
    monkeypatch.setattr("courses.web.sharing.draw", lambda shown: drawn.append(shown) or b"png")
    path = picture_path(published_version(), "nl")
    assert [client.get(path).content for _ in range(3)] == [b"png"] * 3
    assert len(drawn) == 1


def test_each_language_says_its_own(client):
    version = published_version(title={"nl": "Draaien", "en": "Turning"})
    dutch, english = shown_of(version, "nl"), shown_of(version, "en")
    assert (dutch.title, english.title) == ("Draaien", "Turning")
    assert dutch.facts == ["mbo", "indicatief niveau 2", "8 uur", "certificaat"]
    assert english.facts[1:3] == ["indicative level 2", "8 hours"]
    assert client.get(picture_path(version, "nl")).content != client.get(picture_path(version, "en")).content


def test_an_address_from_before_a_change_leads_to_the_picture_of_today(client):
    version = published_version()
    old = picture_path(version, "en")
    version.module.provider.name = "Een andere naam"
    version.module.provider.save()
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (302, picture_path(version, "en"))


def test_a_draft_has_none(client):
    assert client.get(reverse("courses:share_picture", args=[ModuleVersionFactory().pk, "nl-0"])).status_code == 404


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_title_fits(title):
    lines, face = _fitted(" ".join(title.split()))
    assert all(_width(line, face) <= ROOM for line in lines)
    assert len(lines) * face.size <= TITLE_ROOM


def test_the_largest_size_in_which_it_fits_and_letters_of_both_files():
    assert _fitted("Lassen")[1].size > _fitted("Lassen en " * 12)[1].size
    assert _fitted("woord " * 200)[0][-1].endswith("…")
    polish, missing = _width("ł", Face(700, 60)), _width("\ue000", Face(700, 60))
    assert polish != missing


def test_what_authors_write_is_drawn_not_obeyed():
    version = published_version(title={"nl": "<b>Łódź</b> \u202e \U0001f600"})
    assert draw(shown_of(version, "nl")).startswith(b"\x89PNG")
