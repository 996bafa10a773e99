"""A worker on a phone: carry on, finish, hold a certificate that anyone can verify."""

import io
import json

import pypdfium2
import pytest
import zxingcpp

pytestmark = pytest.mark.journey

ANSWERS = """
import json
from courses.models import Unit
quizzes = Unit.objects.filter(kind="quiz")
print(json.dumps({str(u.pk): {q["id"]: q["correct"] for q in u.data["questions"]} for u in quizzes}))
"""


def finish_module(visitor, answers):
    """Go through what is left, unit by unit, as the page offers it."""
    page = visitor.page
    for _ in range(30):
        if page.url.endswith("/klaar/"):
            return
        if page.get_by_role("button", name="Gelezen, verder").count():
            visitor.press("Gelezen, verder")
        elif page.get_by_role("button", name="Inleveren").count():
            unit = page.url.rstrip("/").split("/")[-1]
            for question, correct in answers[unit].items():
                for option in correct:
                    page.locator(f"[name='q-{question}'][value='{option}']").check()
            visitor.press("Inleveren")
        else:
            visitor.open(page.url.split("/leren/")[0] + "/leren/" + page.url.split("/leren/")[1].split("/")[0] + "/")
            page.locator("main a.button").first.click()
            visitor.check()
    raise AssertionError(f"Not finished after thirty steps, at {page.url}")


def qr_of(pdf: bytes) -> str:
    """The address in the document's QR code."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    codes = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    document.close()
    return codes[0]


def test_a_worker_finishes_and_a_stranger_verifies(site, visit):
    worker = next(p for p in site.personas if p["email"].startswith("thijs.boverhof"))
    answers = json.loads(site.manage("shell", "--no-imports", "-c", ANSWERS))
    with visit(phone=True) as visitor:
        visitor.sign_in(worker)
        assert "/start/" in visitor.page.url
        visitor.open("/mijn-leren/")
        visitor.page.locator("main article a.button, main .card a.button").first.click()
        visitor.check()
        finish_module(visitor, answers)
        assert "Gefeliciteerd" in visitor.text()
        visitor.open("/certificaten/")
        visitor.page.locator("main .card a").first.click()
        visitor.check()
        for _ in range(60):
            if visitor.page.locator("a[href$='/pdf']").count():
                break
            visitor.page.wait_for_timeout(500)
            visitor.page.reload()
        with visitor.page.expect_download() as download:
            visitor.page.locator("a[href$='/pdf']").first.click()
        pdf = download.value.path().read_bytes()
        for _ in range(60):
            if any("/certificaten/" in mail for mail in site.mails_to(worker["email"])):
                break
            visitor.page.wait_for_timeout(500)
        assert any("/certificaten/" in mail for mail in site.mails_to(worker["email"]))
    address = qr_of(pdf)
    assert address.startswith(f"{site.url}/verify/")
    with visit() as stranger:
        stranger.open(address)
        assert "Geldig" in stranger.text()
        assert worker["name"] not in stranger.page.content()
        stranger.page.locator("input[type=text]").first.fill(worker["name"])
        stranger.page.locator("main form button").first.click()
        stranger.check()
        assert worker["name"] in stranger.text()
        stranger.page.locator("input[type=file]").set_input_files(
            {"name": "bewijs.pdf", "mimeType": "application/pdf", "buffer": pdf}
        )
        stranger.page.locator("form[enctype='multipart/form-data'] button").click()
        stranger.check()
        assert "Ja" in stranger.text()
    with visit(language="en-GB", phone=True, dark=True) as stranger:
        stranger.open(address)
        assert "Valid" in stranger.text()
        stranger.open("/verify/00000000000000000000000000")
        assert "Unknown" in stranger.text()


def test_every_page_of_a_worker(site, visit):
    worker = next(p for p in site.personas if p["email"].startswith("jeroen."))
    with visit(phone=True, dark=True) as visitor:
        visitor.sign_in(worker)
        visitor.open("/mijn-leren/")
        visitor.page.locator("main article h3 a, main .card h2 a, main .card h3 a").first.click()
        visitor.check()
        visitor.page.locator("main a.button").first.click()
        visitor.check()
        for path in (
            "/start/",
            "/certificaten/",
            "/account/",
            "/account/tokens/",
            "/accounts/2fa/",
            "/accounts/email/",
        ):
            visitor.open(path)


def test_reading_works_without_scripts(site, visit):
    worker = next(p for p in site.personas if p["email"].startswith("mateusz."))
    with visit(scripts=False, language="en-GB") as visitor:
        visitor.sign_in(worker)
        visitor.open("/mijn-leren/")
        visitor.page.locator("main .card a.button").first.click()
        visitor.page.locator("main a.button").first.click()
        visitor.press("Read, go on")
        assert "/leren/" in visitor.page.url
