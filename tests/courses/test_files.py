"""Files in modules: known by their content, kept safely, given to whom they belong, deleted when nothing uses them."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from courses import file_types
from courses.file_types import type_of
from courses.models import Image, ModuleFile, Section, Unit
from courses.services import authoring
from courses.services.publishing import publish_check, publish_version
from courses.subtitles import read_subtitles
from enrollments.services.enrolling import enroll_self
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import ModuleVersionFactory, UserFactory, approved, offering_of, published_version, text_unit
from tests.matrix.world import stored_picture

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + b"x" * 1000
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8
WEBM = b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01B\x82\x84webm"
VTT = b"""WEBVTT

intro
00:01.000 --> 00:04.000 align:start
<v Jan>Goedemorgen
allemaal

00:05.000 --> 00:06.500
Dag
"""


def packed(*names, **contents):
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get("mimetype", "x") if name == "mimetype" else "x")
    return written.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
ODT = packed("mimetype", "content.xml", mimetype="application/vnd.oasis.opendocument.text")


@pytest.fixture
def draft(provider):
    version = ModuleVersionFactory(module__provider=provider)
    Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    return version


def keep(by, version, content=PDF, name="handleiding.pdf"):
    return authoring.add_file(by=by, module=version.module, file=BytesIO(content), name=name)


def unit_with(draft, kind, data, position=0):
    unit = text_unit(draft.sections.get(), position)
    Unit.objects.filter(pk=unit.pk).update(kind=kind, data=data)
    return Unit.objects.get(pk=unit.pk)


@pytest.mark.parametrize(
    ("content", "ending"), [(PDF, "pdf"), (MP4, "mp4"), (WEBM, "webm"), (VTT, "vtt"), (DOCX, "docx"), (ODT, "odt")]
)
def test_a_file_is_what_its_content_says_and_gets_a_random_name(teacher, draft, content, ending):
    kept = keep(teacher, draft, content, name=f"..\\..\\geheim/{'é' * 300}.exe")
    assert kept.name == f"{'é' * 150}.{ending}"
    assert "geheim" not in kept.file.name
    assert (kept.size, len(kept.sha256)) == (len(content), 64)
    with kept.file.open() as stored:
        assert stored.read() == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ\x90\x00",
        b"PK\x03\x04kapot",
        packed("word/document.xml", "word/vbaProject.bin"),
        packed("index.html"),
        packed("mimetype", mimetype="text/html"),
        b"\x00\x00\x00\x18ftypqt  ",
        b"\x1aE\xdf\xa3matroska",
    ],
)
def test_what_is_not_known_is_refused_whatever_it_is_called(teacher, draft, content):
    with pytest.raises(Invalid) as raised:
        keep(teacher, draft, content)
    assert raised.value.errors[0].field == "file"
    assert not ModuleFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(teacher, draft, monkeypatch):
    monkeypatch.setattr(file_types, "_BEGINNINGS", ((b"%PDF-", file_types.FileType("application/pdf", "pdf", 500)),))
    with pytest.raises(Invalid) as raised:
        keep(teacher, draft)
    assert raised.value.errors[0].code == "large"


@given(content=st.binary(max_size=60) | st.binary(max_size=60).map(lambda rest: b"PK\x03\x04" + rest))
def test_no_bytes_make_the_look_at_the_type_stumble(content):
    file = BytesIO(content)
    type_of(file)
    assert file.tell() == 0


def test_only_authors_of_the_module_add_and_delete_files(teacher, stranger, draft, provider):
    kept = keep(teacher, draft)
    with pytest.raises(NotFound):
        keep(stranger, draft)
    with pytest.raises(NotFound):
        authoring.delete_file(by=stranger, file=kept)
    with pytest.raises(Forbidden):
        keep(stranger, published_version(provider))


def test_subtitles_are_read_with_their_moments():
    first, second = read_subtitles(b"\xef\xbb\xbf" + VTT.replace(b"\n", b"\r\n"))
    assert (first.starts, first.ends, first.words) == (1000, 4000, "Goedemorgen allemaal")
    assert second.words == "Dag"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"1\n00:01.000 --> 00:02.000\nHoi", 1),
        (b"WEBVTTx\n", 1),
        (b"WEBVTT\n\n", 3),
        (b"WEBVTT\n\n00:01,000 --> 00:02,000\nHoi", 3),
        (b"WEBVTT\n\neen\nHoi", 4),
        (b"WEBVTT\n\n00:04.000 --> 00:02.000\nHoi", 3),
        (b"WEBVTT\n\n00:04.000 --> 00:05.000\nHoi\n\n00:01.000 --> 00:02.000\nEerder", 6),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHoi\n00:03.000 --> 00:04.000\nDag", 5),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHo\xff", 4),
    ],
)
def test_subtitles_that_are_wrong_are_refused_with_the_line(content, line):
    with pytest.raises(Invalid) as raised:
        read_subtitles(content)
    assert f" {line}:" in raised.value.detail


@given(st.text(alphabet="WEBVT\n\r -->0123456789:.<a", max_size=80))
def test_no_text_makes_reading_subtitles_stumble(text):
    try:
        cues = read_subtitles(("WEBVTT\n" + text).encode())
    except Invalid:
        return
    assert all(cue.starts < cue.ends for cue in cues)


def test_a_video_needs_dutch_subtitles_and_the_right_kind_of_file(teacher, draft):
    video, subtitles, pdf = (keep(teacher, draft, content) for content in (MP4, VTT, PDF))
    unit = unit_with(draft, "video", {"url": "http://x.nl", "subtitles": {}})

    def problems(data):
        Unit.objects.filter(pk=unit.pk).update(data=data)
        return [error.field.removeprefix("sections/0/units/0/data/") for error in publish_check(draft)]

    assert problems({"url": "http://x.nl", "subtitles": {}}) == ["url", "subtitles/nl"]
    assert problems({"url": "javascript:alert(1)", "subtitles": {"nl": str(subtitles.pk)}}) == ["url"]
    assert problems({"file": str(video.pk), "url": "https://youtu.be/x"})[0] == "url"
    assert problems({"url": "https://youtu.be/x", "subtitles": {"nl": str(subtitles.pk)}}) == []
    assert problems({"file": str(video.pk), "subtitles": {"nl": str(subtitles.pk)}}) == []
    assert problems({"file": str(pdf.pk), "subtitles": {"nl": str(video.pk)}}) == ["file", "subtitles/nl"]
    other = keep(teacher, ModuleVersionFactory(module__provider=draft.module.provider))
    Unit.objects.filter(pk=unit.pk).update(kind="file")
    assert problems({"file": str(other.pk)}) == ["file"]
    assert problems({"file": "x"}) == ["file"]


def test_what_is_used_stays_and_says_where_and_what_is_not_is_gone(
    teacher, publisher, draft, django_capture_on_commit_callbacks
):
    kept, spare = keep(teacher, draft), keep(teacher, draft)
    unit_with(draft, "file", {"file": str(kept.pk)})
    publish_version(by=publisher, version=approved(draft))
    next_draft = authoring.create_draft(by=teacher, module=draft.module)
    authoring.delete_section(by=teacher, section=next_draft.sections.get())
    with pytest.raises(Conflict) as raised:
        authoring.delete_file(by=teacher, file=kept)
    assert "versie 1, “Begin”, “Les 1”" in raised.value.detail
    with django_capture_on_commit_callbacks(execute=True):
        authoring.delete_file(by=teacher, file=spare)
    assert not default_storage.exists(spare.file.name)
    assert default_storage.exists(kept.file.name)


def test_bytes_that_another_module_shares_are_kept(teacher, draft, provider, django_capture_on_commit_callbacks):
    kept = keep(teacher, draft)
    copy = ModuleVersionFactory(module__provider=provider).module
    ModuleFile.objects.create(module=copy, file=kept.file.name, name="x.pdf", content_type="x", size=1, sha256="x")
    with django_capture_on_commit_callbacks(execute=True):
        authoring.delete_file(by=teacher, file=kept)
    assert default_storage.exists(kept.file.name)


def test_a_picture_that_a_text_shows_stays(client, teacher, draft):
    image = Image.objects.create(module=draft.module, alt={"nl": "Een draaibank"}, file=stored_picture())
    unit = unit_with(draft, "text", {"body": {"nl": f"![](image:{image.pk})"}})
    client.force_login(teacher)
    page = client.get(reverse("courses:library", args=[draft.module_id])).content.decode()
    assert "“Begin”, “Les 1”" in page
    address = reverse("courses:delete_image", args=[image.pk])
    assert "in gebruik" in client.post(address, follow=True).content.decode()
    Unit.objects.filter(pk=unit.pk).update(data={})
    client.post(address)
    assert not Image.objects.exists()


def test_a_discarded_module_takes_its_files_along(teacher, draft, django_capture_on_commit_callbacks):
    kept = keep(teacher, draft)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        authoring.discard_draft(by=teacher, version=draft)
    assert not default_storage.exists(kept.file.name)


def test_files_are_sent_so_that_nothing_in_them_runs(client, teacher, draft):
    client.force_login(teacher)
    answer = client.get(reverse("courses:file", args=[keep(teacher, draft, name="Les één.pdf").pk]))
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''Les%20%C3%A9%C3%A9n.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == PDF


@pytest.mark.parametrize(
    ("asked", "status", "part", "range_"),
    [
        ("bytes=0-3", 206, MP4[:4], f"bytes 0-3/{len(MP4)}"),
        ("bytes=2000-", 206, MP4[2000:], f"bytes 2000-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=-5", 206, MP4[-5:], f"bytes {len(MP4) - 5}-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=10-999999", 206, MP4[10:], f"bytes 10-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=999999-", 416, b"", f"bytes */{len(MP4)}"),
        ("bytes=5-2", 416, b"", f"bytes */{len(MP4)}"),
        ("bytes=0-1,4-5", 200, MP4, None),
        ("bytes=-", 200, MP4, None),
    ],
)
def test_a_player_gets_the_part_of_a_video_that_it_asks(client, teacher, draft, asked, status, part, range_):
    client.force_login(teacher)
    answer = client.get(reverse("courses:file", args=[keep(teacher, draft, MP4).pk]), headers={"range": asked})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (answer.status_code, body, answer.get("Content-Range")) == (status, part, range_)
    assert answer["Content-Disposition"].startswith("inline")
    assert status == 416 or int(answer["Content-Length"]) == len(part)


def test_learners_get_the_files_of_the_version_they_take_and_no_others(client, api, teacher, publisher, draft):
    used, spare = keep(teacher, draft), keep(teacher, draft)
    unit = unit_with(draft, "file", {"file": str(used.pk), "description": {"nl": "De handleiding"}})
    publish_version(by=publisher, version=approved(draft))
    learner = UserFactory()
    enrollment = enroll_self(by=learner, offering=offering_of(draft))
    client.force_login(learner)
    page = client.get(reverse("enrollments:unit", args=[enrollment.pk, unit.pk])).content.decode()
    address = reverse("enrollments:file", args=[enrollment.pk, used.pk])
    assert address in page
    assert b"".join(client.get(address).streaming_content) == PDF
    assert client.get(reverse("courses:file", args=[used.pk])).status_code == 403
    assert client.get(reverse("enrollments:file", args=[enrollment.pk, spare.pk])).status_code == 404
    by_api = api(learner).get(f"/api/v1/enrollments/{enrollment.pk}/units/{unit.pk}/files/{used.pk}/")
    assert b"".join(by_api.streaming_content) == PDF
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_a_teacher_writes_a_video_with_uploads_and_sees_which_line_is_wrong(client, teacher, draft):
    unit = unit_with(draft, "video", {})
    client.force_login(teacher)
    page = reverse("courses:unit", args=[unit.pk])
    body = {"title_nl": "Film", "minutes": 5, "required": "on", "url": "", "revision": unit.revision}
    wrong = SimpleUploadedFile("nl.vtt", b"WEBVTT\n\nfout")
    sent = {**body, "file_upload": SimpleUploadedFile("film.mp4", MP4), "subtitles_nl_upload": wrong, "do": "upload"}
    answer = client.post(page, sent)
    assert "regel 4" in str(answer.context["form"].errors["subtitles_nl_upload"])
    unit.refresh_from_db()
    assert unit.data["file"] == str(ModuleFile.objects.get().pk), "the video is kept"
    again = {**body, "file": unit.data["file"], "revision": answer.context["form"]["revision"].value()}
    assert client.post(page, {**again, "subtitles_nl_upload": SimpleUploadedFile("nl.vtt", VTT)}).status_code == 302
    unit.refresh_from_db()
    assert publish_check(draft) == []
    shown = client.get(reverse("courses:preview_unit", args=[unit.pk])).content.decode()
    assert "<video" in shown
    assert "<track" in shown
    assert client.get(page).status_code == 200
    link = {
        "url": "https://www.youtube.com/watch?v=1",
        "subtitles": unit.data["subtitles"],
        "transcript": {"nl": "Dag"},
    }
    Unit.objects.filter(pk=unit.pk).update(data=link)
    shown = client.get(reverse("courses:preview_unit", args=[unit.pk])).content.decode()
    assert 'href="https://www.youtube.com/watch?v=1" target="_blank"' in shown
    assert "Goedemorgen allemaal" in shown
    assert "<iframe" not in shown


def test_files_by_api(api, teacher, stranger, draft):
    caller = api(teacher)
    sent = {"module": str(draft.module_id), "file": SimpleUploadedFile("a b.txt", PDF)}
    made = caller.post("/api/v1/files/", sent, format="multipart")
    assert (made.status_code, made.json()["name"], made.json()["content_type"]) == (201, "a b.pdf", "application/pdf")
    refused = caller.post(
        "/api/v1/files/", {**sent, "file": SimpleUploadedFile("x.pdf", b"<html>")}, format="multipart"
    )
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "file")
    address = f"/api/v1/files/{made.json()['id']}/"
    assert api(stranger).get(address).status_code == 404
    assert api(stranger).get("/api/v1/files/").json()["results"] == []
    unit = unit_with(draft, "file", {"file": made.json()["id"]})
    assert caller.delete(address).status_code == 409
    unit.delete()
    assert caller.delete(address).status_code == 204
