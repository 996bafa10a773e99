"""What nobody sends by accident: it is refused with a sentence or read as nothing, and never breaks a page."""

import base64
import json
import time
from io import BytesIO

import pytest
from django.urls import reverse

from courses.models import Module, ModuleVersion, Unit
from courses.services.authoring import add_section, add_unit, create_module
from courses.subtitles import read_subtitles
from lms.core.errors import Invalid
from tests.factories import published_version

pytestmark = pytest.mark.django_db

ODD = [None, True, -1, 10**30, 1.5, "", "x", "https://[x.nl", [], [[]], [None, "a"], {}, {"nl": []}, {"nl": {"nl": 1}}]
OPTION = {"id": "a", "text": {"nl": "Goed"}}
QUESTION = {"id": "q", "type": "single", "text": {"nl": "Wat?"}, "options": [OPTION], "correct": ["a"]}
KEYS = {
    "text": ["body"],
    "video": ["url", "file", "subtitles", "transcript"],
    "file": ["file", "description"],
    "quiz": ["pass_mark", "max_attempts", "questions"],
}
WORDS = ["a\x00b", "x" * 10_000, "[" * 3000, "²", "9" * 5000, "-1", "' OR 1=1--", "💥" * 300]


@pytest.fixture
def draft(provider, teacher):
    version = create_module(by=teacher, provider=provider, code="nieuw", title={"nl": "Nieuw"}, track="mbo")
    add_section(by=teacher, version=version, title={"nl": "Begin"})
    return version


@pytest.fixture
def put(api, provider, teacher):
    def putting(body):
        text = body if isinstance(body, str) else json.dumps({"title": {"nl": "T"}, "track": "mbo"} | body)
        url = f"/api/v1/providers/{provider.slug}/modules/nieuw/"
        return api(teacher).put(url, text, content_type="application/json")

    return putting


def contents(kind):
    yield from ({key: odd} for key in KEYS[kind] for odd in ODD)
    if kind == "quiz":
        yield from ({"questions": [QUESTION | {key: odd}]} for key in (*QUESTION, "feedback") for odd in ODD)
        yield from ({"questions": [QUESTION | {"options": [{"id": odd, "text": odd}]}]} for odd in ODD)


@pytest.mark.parametrize("kind", KEYS)
def test_pages_open_on_whatever_a_draft_unit_holds(draft, teacher, client, kind):
    client.force_login(teacher)
    unit = add_unit(by=teacher, section=draft.sections.get(), kind=kind, title={"nl": "Les"})
    for data in contents(kind):
        Unit.objects.filter(pk=unit.pk).update(data=data)
        for name in ("unit", "preview_unit"):
            assert client.get(reverse(f"courses:{name}", args=[unit.pk])).status_code == 200, data
        assert client.get(reverse("courses:check", args=[draft.pk])).status_code == 200, data


def test_a_figure_too_large_for_a_database_is_refused_in_a_unit(draft, teacher, api):
    unit = add_unit(by=teacher, section=draft.sections.get(), kind="text", title={"nl": "Les"})
    body = json.dumps({"revision": unit.revision, "data": {"x": "?"}}).replace('"?"', "1e999")
    answer = api(teacher).patch(f"/api/v1/units/{unit.pk}/", body, content_type="application/json")
    assert (answer.status_code, Unit.objects.get().data) == (400, {})


def test_a_figure_too_large_for_a_database_is_refused_in_a_file(provider, teacher, api):
    unit = {"kind": "text", "title": {"nl": "Les"}, "data": {"x": "?"}}
    module = {
        "code": "nieuw",
        "title": {"nl": "T"},
        "track": "mbo",
        "sections": [{"title": {"nl": "A"}, "units": [unit]}],
    }
    whole = {"format": "modules-and-offerings", "version": 1, "modules": [module]}
    file = BytesIO(json.dumps(whole).replace('"?"', "1e999").encode())
    file.name = "modules.json"
    sent = {"provider": provider.slug, "file": file, "dry_run": "false"}
    answer = api(teacher).post("/api/v1/exchange/modules/", sent, format="multipart")
    assert [problem["column"] for problem in answer.data["problems"]] == ["modules/0/sections/0/units/0/data"]
    assert not Module.objects.exists()


@pytest.mark.parametrize("load", ["1e9999999", "-1e9999999", "1e-9999999", "9" * 5000, "NaN", "1e5"])
def test_a_figure_is_judged_before_it_is_spelled_out(put, load):
    answer = put({"load": load})
    assert (answer.status_code, [error["field"] for error in answer.data["errors"]]) == (400, ["load"])
    assert len(answer.content) < 2000


@pytest.mark.parametrize("name", ["level", "outcomes", "languages", "rule", "quality_framework", "sections", "skills"])
def test_a_module_that_was_put_opens(put, teacher, client, name):
    client.force_login(teacher)
    for odd in ODD:
        if put({name: odd}).status_code == 400:
            continue
        version = ModuleVersion.objects.get()
        for page in ("facts", "check", "preview", "rule"):
            assert client.get(reverse(f"courses:{page}", args=[version.pk])).status_code == 200, odd


def cursor(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("text", ["[" * 3000, '["\\u0000"]', '["\\ud800"]', "[1, 2, 3]", "{}", "null"])
def test_a_cursor_that_was_tampered_with_shows_the_first_page(publisher, client, text):
    client.force_login(publisher)
    published_version(publisher.memberships.get().organization)
    for path in (reverse("courses:my_modules"), reverse("courses:catalogue")):
        for name in ("after", "before"):
            assert b"Veilig werken" in client.get(path, {name: cursor(text)}).content
    assert len(client.get("/api/v1/catalogue/", {"cursor": f"after:{cursor(text)}"}).json()["results"]) == 1
    for path in ("modules", "units", "offerings", "reviews", "sessions"):
        assert client.get(f"/api/v1/{path}/", {"cursor": cursor(text)}).status_code in (200, 404)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_that_no_clock_has_is_refused(client, moment):
    provider = published_version().module.provider_id
    key = cursor(json.dumps(["newest", moment, 1]))
    assert client.get("/api/v1/catalogue/", {"sort": "newest", "cursor": f"after:{key}"}).status_code == 200
    assert client.get("/api/v1/sessions/", {"after": moment}).status_code == 400
    path = f"/ooapi/organizations/{provider}/offerings"
    answer = client.get(path, {"since": moment}, headers={"accept": "application/json; version=5"})
    assert answer.status_code == 400


def test_a_part_of_the_sitemap_beyond_all_numbers_is_not_there(client):
    assert client.get("/sitemap-99999999999999999999999999.xml").status_code == 404


@pytest.mark.parametrize("do", ["up:²", "delete:²", "down:" + "9" * 5000])
def test_a_button_that_names_no_question_only_saves(draft, teacher, client, do):
    client.force_login(teacher)
    unit = add_unit(by=teacher, section=draft.sections.get(), kind="quiz", title={"nl": "Les"})
    sent = {"title_nl": "Toets", "minutes": "5", "pass_mark": "60", "revision": unit.revision, "do": do}
    assert client.post(reverse("courses:unit", args=[unit.pk]), sent).status_code == 302
    assert Unit.objects.get().title == {"nl": "Toets"}


@pytest.mark.parametrize("words", WORDS, ids=lambda words: ascii(words)[:12])
def test_whatever_is_asked_there_is_an_answer(draft, publisher, client, words):
    client.force_login(publisher)
    asked = ("q", "near", "km", "from", "price_min", "places", "sort", "skill", "track", "page_size", "after", "m")
    for path in ("/", "/vergelijken/", "/api/v1/catalogue/", "/api/v1/catalogue/compare/"):
        for name in asked:
            assert client.get(path, {name: words, "facets": "1"}).status_code < 500, (path, name)
    own = [reverse(f"courses:{name}", args=[draft.pk]) for name in ("skills", "difference", "content")]
    for path in (*own, reverse("courses:reviews"), reverse("enrollments:demand")):
        for name in ("q", "occupation", "tegen", "verplaatst", "after"):
            assert client.get(path, {name: words}).status_code < 500, (path, name)
    for path in ("skills", "offerings", "modules", "sessions", "reviews", "units"):
        for name in ("q", "uri", "occupation", "code", "state", "version", "from", "offering", "page_size"):
            assert client.get(f"/api/v1/{path}/", {name: words}).status_code < 500, (path, name)


@pytest.mark.parametrize(
    "cue",
    ["9" * 5000 + ":00:01.000 --> 00:04.000\nHallo", "00:01.000 --> " + "9" * 5000 + ":00:04.000\nHallo"],
)
def test_subtitles_at_an_hour_beyond_all_numbers_are_refused(cue):
    with pytest.raises(Invalid):
        read_subtitles(f"WEBVTT\n\n{cue}".encode())


def test_subtitles_full_of_brackets_are_read_at_once():
    started = time.perf_counter()
    (cue,) = read_subtitles(b"WEBVTT\n\n00:01.000 --> 00:04.000\n<i>Hallo</i> " + b"<" * 200_000)
    assert cue.words.startswith("Hallo <")
    assert time.perf_counter() - started < 2
