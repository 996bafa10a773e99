"""Somebody without an e-mail address: HR prints a letter, the worker starts on a phone, and adds an address later."""

import re
import time

import pypdf
import pytest

pytestmark = pytest.mark.journey
PASSWORD = "frezen-in-de-fabriek-26"


def test_from_a_letter_to_an_account_of_ones_own(site, visit, tmp_path):
    hr = next(p for p in site.personas if p["email"].startswith("anneke."))
    with visit() as visitor:
        visitor.sign_in(hr)
        visitor.open("/medewerkers/afdelingen/")
        visitor.open("/medewerkers/uitnodigingen/?show=letter")
        visitor.page.get_by_label("Kies Tadesse Bekele").check()
        with visitor.page.expect_download() as downloading:
            visitor.page.get_by_role("button", name="Brieven afdrukken voor wie gekozen is").click()
        downloading.value.save_as(tmp_path / "letter.pdf")
    letter = " ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "letter.pdf").pages)
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", letter).group()
    with visit(phone=True) as worker:
        worker.open("/activeren/")
        _fill(worker, employer="zwaluwstaal", personnel_number="1095", code=code.lower())
        assert "Tadesse" in worker.text()
        _fill(worker, password=PASSWORD, email="tadesse@postvak.example")
        _fill(worker, code=_mailed_code(site))
        worker.open("/account/")
        assert "tadesse@postvak.example" in worker.text()
        assert "Zwaluwstaal" in worker.text()
    with visit(phone=True) as again:
        again.open("/accounts/login/")
        again.click("Met personeelsnummer")
        _fill(again, employer="Zwaluwstaal Metaalbewerking", personnel_number="1095", password=PASSWORD)
        assert "/start/" in again.page.url
    with visit(phone=True) as later:
        later.open("/activeren/" + code.replace("-", "") + "/")
        assert "werkt niet meer" in later.text()


def _fill(visitor, **fields):
    """Fill in the form of the page, send it and look at what comes."""
    for name, value in fields.items():
        visitor.page.locator(f"main [name={name}]").fill(value)
    visitor.page.locator("main form [type=submit], main form button").first.click()
    visitor.page.wait_for_load_state()
    visitor.check()


def _mailed_code(site):
    for _attempt in range(60):
        for mail in site.mails_to("tadesse@postvak.example"):
            return re.search(r"^\s*([A-Z0-9]{3,}(-[A-Z0-9]{3,})?)\s*$", mail, re.M).group(1)
        time.sleep(0.5)
    raise AssertionError("No mail with a code came.")
