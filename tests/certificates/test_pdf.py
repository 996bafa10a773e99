"""The document itself: opened and read by other programs than the one that made it."""

import io

import pypdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates.rendering.engine import render_pdf
from certificates.services.snapshots import plain

from .conftest import completed_by

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

OUTCOMES = [{"nl": f"{number}. " + "Spoort zelfstandig een storing op en verhelpt die. " * 6} for number in range(12)]


def opened(certificate):
    return pypdf.PdfReader(io.BytesIO(render_pdf(certificate)))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def pictures_of(certificate, scale=3.0):
    document = pypdfium2.PdfDocument(render_pdf(certificate))
    try:
        return [page.render(scale=scale).to_pil() for page in document]
    finally:
        document.close()


def fonts_in(node, seen):
    """Every font dictionary below a page's resources."""
    fonts = node.get("/Resources", {}).get("/Font", {})
    for font in fonts.get_object().values():
        seen.append(font.get_object())
    return seen


def test_it_says_what_was_learned_by_whom(certificate):
    text = text_of(opened(certificate))
    for words in (
        "Certificaat",
        "Anouk van der Meulen",
        "Veilig werken aan de draaibank",
        "Indicatief niveau 2",
        "8 uur",
        "Stelt de machine veilig in.",
        certificate.serial,
    ):
        assert words in text
    assert "diploma" not in text.lower()
    assert certificate.code in text.replace(" ", "")


def test_the_score_is_not_printed(learner):
    certificate = completed_by(learner)
    certificate.snapshot["result"]["score"] = 86.53
    text = text_of(opened(certificate))
    assert "86" not in text.replace(certificate.serial, "").replace(" ", "").replace(certificate.code, "")


def test_an_official_level_names_its_basis():
    certificate = completed_by(level=4, nlqf_basis="formal", crebo="25297")
    text = text_of(opened(certificate))
    assert "NLQF 4 · EQF 4" in text
    assert "crebo 25297" in text
    assert "ndicatie" not in text


def test_an_english_certificate_is_english(learner):
    from tests.factories import offering_of, published_version

    version = published_version(units=("text",), title={"nl": "Lassen", "en": "Welding"})
    certificate = completed_by(learner, offering=offering_of(version, language="en"))
    reader = opened(certificate)
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "Welding" in text_of(reader)
    assert "has successfully completed" in text_of(reader)


def test_it_is_tagged_titled_and_archivable(certificate):
    reader = opened(certificate)
    root = reader.trailer["/Root"]
    assert root["/StructTreeRoot"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "Anouk van der Meulen" in reader.metadata.title
    assert reader.metadata.author == certificate.snapshot["provider"]["name"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp


def test_every_font_is_inside_and_is_ours(certificate):
    found = [font for page in opened(certificate).pages for font in fonts_in(page, [])]
    assert found
    for font in found:
        (descendant,) = font["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
        assert any(ours in font["/BaseFont"] for ours in ("Source-Serif-4", "Open-Sans")), font["/BaseFont"]


def test_the_code_in_the_picture_is_the_verification_address(certificate):
    (picture,) = pictures_of(certificate)
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == f"http://localhost:8000/verify/{certificate.code}"


def test_the_same_bytes_each_time(certificate):
    assert render_pdf(certificate) == render_pdf(certificate)


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Żółć",
        "Nguyễn Thị Ánh",
        "Ελένη Παπαδοπούλου",
        "Владимир Ѓорѓиев",
        "محمد بن علي",
        "אברהם כהן",
        "አበበ ቢቂላ",
        "अनुष्का शर्मा",
        "தமிழ்ச்செல்வி",
        "สมชาย ใจดี",
        "Արամ Խաչատրյան",
        "შოთა რუსთაველი",
        "O’Brien-van ’t Hoff",
    ],
)
def test_names_in_many_scripts_have_letters_of_ours(certificate, name):
    certificate.snapshot["holder"]["name"] = name
    reader = opened(certificate)
    families = {font["/BaseFont"].split("+")[1] for page in reader.pages for font in fonts_in(page, [])}
    assert all(family.startswith(("Source-Serif-4", "Open-Sans", "Noto-")) for family in families), families


def test_much_text_spills_onto_a_second_page_and_the_proof_stays_on_the_first(certificate):
    certificate.snapshot["holder"]["name"] = "Maximiliana " * 16
    certificate.snapshot["module"]["title"] = {"nl": "Veilig werken met cobots in de fabriek " * 5}
    certificate.snapshot["outcomes"] = OUTCOMES
    reader = opened(certificate)
    assert len(reader.pages) in (2, 3)
    assert "Is dit document echt?" in reader.pages[0].extract_text()
    assert all(f"{number}. Spoort" in text_of(reader) for number in range(12))


def boxes_of(document_bytes):
    """Each page's text rectangles, in points from the bottom left."""
    document = pypdfium2.PdfDocument(document_bytes)
    try:
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append([text.get_rect(index) for index in range(text.count_rects())])
            text.close()
        return pages
    finally:
        document.close()


@given(
    name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=200),
    title=st.text(st.sampled_from("abc WMI-ëé"), min_size=1, max_size=200),
    outcomes=st.lists(st.text(st.sampled_from("abcd efgh ijkl WM"), min_size=1, max_size=300), max_size=12),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_leaves_the_page_or_runs_into_the_proof(certificate, name, title, outcomes):
    certificate.snapshot["holder"]["name"] = plain(name)
    certificate.snapshot["module"]["title"] = {"nl": plain(title)}
    certificate.snapshot["outcomes"] = [{"nl": plain(outcome)} for outcome in outcomes]
    pages = boxes_of(render_pdf(certificate))
    millimetre = 72 / 25.4
    for number, boxes in enumerate(pages):
        for left, bottom, right, _top in boxes:
            assert left >= 35 * millimetre
            assert right <= 200 * millimetre
            assert bottom >= 8 * millimetre
        if number == 0:
            above = [bottom for _left, bottom, _right, top in boxes if top > 60 * millimetre]
            assert min(above) >= 50 * millimetre


HOSTILE = [
    '<img src="http://127.0.0.1:9/x.png">',
    '<img src="file:///etc/passwd">',
    "<link rel=attachment href=file:///etc/passwd>",
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    "<style>@import 'http://127.0.0.1:9/x.css';</style>",
    "<style>body{background:url(file:///etc/hostname)}</style>",
    '<object data="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    "<svg><image href='http://127.0.0.1:9/x.svg'/></svg>",
    "{% include 'web/base.html' %}{{ settings.SECRET_KEY }}",
    "</title><script src=http://127.0.0.1:9/x.js></script>",
    '"><embed src="data:text/html,x">',
]


@pytest.mark.parametrize("vector", HOSTILE)
def test_hostile_text_fetches_nothing_and_embeds_nothing(certificate, vector, monkeypatch):
    from lms.documents import engine

    asked = []
    fetch = engine.AssetFetcher.fetch
    monkeypatch.setattr(
        engine.AssetFetcher, "fetch", lambda self, url, headers=None: asked.append(url) or fetch(self, url)
    )
    facts = certificate.snapshot
    facts["holder"]["name"] = facts["provider"]["name"] = vector
    facts["module"]["title"] = {"nl": vector}
    facts["outcomes"] = [{"nl": vector}]
    facts["skills"] = [{"label_nl": vector, "label_en": vector}]
    facts["offering"]["location"] = vector
    reader = opened(certificate)
    assert all(url.startswith("certificate:") for url in asked)
    assert not reader.attachments
    assert "/AF" not in reader.trailer["/Root"]
    assert "".join(vector.split()) in text_of(reader).replace(" ", "")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "data:text/plain,x",
        "ftp://127.0.0.1/",
        "certificate:../models.py",
        "certificate:fonts/../../models.py",
        "certificate:",
        "CERTIFICATE:v1/ribbon.jpg",
    ],
)
def test_the_fetcher_knows_only_its_own(url):
    from certificates.rendering.engine import asset_fetcher

    with pytest.raises(ValueError, match="own assets"):
        asset_fetcher().fetch(url)


def test_uploads_are_still_checked_after_rendering(certificate):
    from PIL import ImageFile

    render_pdf(certificate)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
