"""From a teacher's draft to a stranger who finds it: refused for three reasons, mended, reviewed, published, found.

Once in a browser and once by API, both on the served product.
"""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

pytestmark = pytest.mark.journey

TITLE = "Veilig rijden met de heftruck"
OUTCOME = "Rijdt met een heftruck zonder iemand in gevaar te brengen."
MISSPELT = "vielig rijde met heftrukc"
REASONS = ("Geef minstens één leeruitkomst.", "Geef de studiebelasting", "Voeg minstens één hoofdstuk toe")


def staff(site, role):
    return next(p for p in site.personas if p["role"] == role and "@reestdal." in p["email"])


def start_a_module(visitor):
    """Everything but outcomes, study load and content; gives the version's id."""
    page = visitor.page
    visitor.open("/aanbod/modules/nieuw/")
    page.locator("input[name=title_nl]").fill(TITLE)
    page.locator("input[name=code]").fill("heftruck-rijden")
    page.locator("select[name=track]").select_option("mbo")
    visitor.press("Begin", exact=True)
    page.locator("textarea[name=summary_nl]").fill("Laden, lossen en parkeren zonder ongelukken.")
    page.locator("textarea[name=description_nl]").fill("Voor wie in het magazijn met een heftruck gaat rijden.")
    page.locator("input[name=languages][value=nl]").check()
    visitor.press("Opslaan", exact=True)
    return re.search(r"/versies/([0-9a-f-]{36})/", page.url)[1]


def mend(visitor, version):
    """The first reason leads to the facts; then a section with a text."""
    page = visitor.page
    visitor.open(f"/aanbod/versies/{version}/controle/")
    visitor.click(REASONS[0])
    page.locator("textarea[name=outcomes_nl]").fill(OUTCOME)
    page.locator("input[name=load]").fill("4")
    visitor.press("Opslaan", exact=True)
    visitor.open(f"/aanbod/versies/{version}/inhoud/")
    page.locator("#new-nl").fill("Voor u instapt")
    visitor.press("Hoofdstuk toevoegen")
    page.locator("summary", has_text="Onderdeel toevoegen").first.click()
    page.locator("input[id^=unit-title-]").fill("De dagelijkse controle")
    page.locator("button[value=add-unit]").click()
    page.wait_for_load_state()
    visitor.check()
    if not page.locator("textarea[name=body_nl]").count():
        visitor.click("De dagelijkse controle")
    page.locator("textarea[name=body_nl]").fill("Loop om de heftruck heen. Kijk naar banden, vorken en lekkage.")
    page.locator("button.button[value=save]").first.click()
    page.wait_for_load_state()
    visitor.check()


def test_in_a_browser(site, visit):
    with visit() as visitor:
        visitor.sign_in(staff(site, "teacher"))
        version = start_a_module(visitor)
        review = f"/aanbod/versies/{version}/beoordeling/"
        visitor.open(f"/aanbod/versies/{version}/controle/")
        assert all(reason in visitor.text() for reason in REASONS), visitor.text()
        assert "3 dingen" in visitor.text()
        visitor.open(review)
        assert not visitor.page.locator("form[action$='/indienen/']").count()
        mend(visitor, version)
        visitor.open(review)
        visitor.page.locator("textarea[name=request]").fill("Kijk vooral naar de controle voor het rijden.")
        visitor.page.locator("form[action$='/indienen/'] button").click()
        visitor.page.wait_for_load_state()
        visitor.check()
        assert not visitor.page.locator("button[formaction$='/goedkeuren/']").count()
    with visit() as visitor:
        visitor.sign_in(staff(site, "reviewer"))
        visitor.open("/aanbod/beoordelingen/")
        visitor.click(TITLE)
        visitor.open(review)
        visitor.page.locator("button[formaction$='/goedkeuren/']").click()
        visitor.page.wait_for_load_state()
        visitor.check()
    with visit() as visitor:
        visitor.sign_in(staff(site, "publisher"))
        visitor.open(review)
        visitor.press("Publiceren", exact=True)
    with visit(phone=True) as visitor:
        found_by_a_stranger(visitor)
        visitor.click(TITLE)
        assert OUTCOME in visitor.text()


def found_by_a_stranger(visitor):
    """The catalogue's index follows a moment after publishing."""
    for _ in range(30):
        visitor.open(f"/?q={urllib.parse.quote(MISSPELT)}")
        if TITLE in visitor.text():
            return
        time.sleep(0.5)
    raise AssertionError(visitor.text())


def test_by_api(site):
    teacher, reviewer, publisher = (staff(site, role) for role in ("teacher", "reviewer", "publisher"))
    title = {"nl": "Reachtruck rijden in smalle gangen"}
    body = {"provider": "reestdal-techniekcollege", "code": "reachtruck", "title": title, "track": "mbo"}
    version = call(site, teacher, "POST", "modules/", body)["id"]
    facts = {"summary": {"nl": "Hoog stapelen."}, "description": {"nl": "Voor het magazijn."}, "languages": ["nl"]}
    call(site, teacher, "PATCH", f"versions/{version}/", {"revision": 0, **facts})
    refused = call(site, teacher, "POST", f"versions/{version}/submit/", {}, status=400)
    assert [error["field"] for error in refused["errors"]] == ["outcomes", "load", "sections"]
    assert call(site, teacher, "GET", f"versions/{version}/publish-check/")["errors"] == refused["errors"]
    revision = call(site, teacher, "GET", f"versions/{version}/")["revision"]
    mended = {"revision": revision, "outcomes": [{"nl": "Stapelt tot tien meter."}], "load": "6"}
    call(site, teacher, "PATCH", f"versions/{version}/", mended)
    section = call(site, teacher, "POST", "sections/", {"version": version, "title": {"nl": "Begin"}})["id"]
    text = {"kind": "text", "title": {"nl": "Zicht"}, "data": {"body": {"nl": "Kijk waar u heen gaat."}}}
    call(site, teacher, "POST", "units/", {"section": section, **text})
    assert call(site, teacher, "POST", f"versions/{version}/submit/", {})["state"] == "in_review"
    call(site, teacher, "POST", f"versions/{version}/approve/", {}, status=403)
    call(site, publisher, "POST", f"versions/{version}/publish/", {}, status=409)
    assert call(site, reviewer, "POST", f"versions/{version}/approve/", {"notes": "Helder."})["state"] == "approved"
    assert call(site, publisher, "POST", f"versions/{version}/publish/", {})["state"] == "published"
    for _ in range(30):
        found = call(site, None, "GET", f"catalogue/?q={urllib.parse.quote('reechtruk rijde')}")["results"]
        if found:
            break
        time.sleep(0.5)
    assert [module["code"] for module in found] == ["reachtruck"]


def call(site, persona, method, path, body=None, status=None):
    """Ask the API as this persona; `status` is the refusal that is expected."""
    headers = {"Content-Type": "application/json", "Accept-Language": "nl"}
    if persona:
        headers["Authorization"] = f"Bearer {persona['api_token']}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{site.url}/api/v1/{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            answer, got = json.load(response), None
    except urllib.error.HTTPError as refused:
        answer, got = json.load(refused), refused.code
    assert got == status, (path, got, answer)
    return answer
