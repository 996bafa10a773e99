"""A stranger verifies: the state within a second, and never whose it is."""

import datetime as dt
import secrets

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates.services.correcting import replace_certificate, revoke_certificate
from certificates.services.documents import make_document, read_document
from certificates.verification import find_by_code, name_key
from lms.core.ids import unguessable_code
from lms.permissions.roles import Role
from tests.factories import person_with_role

from .conftest import completed_by

pytestmark = pytest.mark.django_db


def address(certificate):
    return f"/verify/{certificate.code}"


def page(client, certificate, language="nl"):
    return client.get(address(certificate), headers={"accept-language": language})


@pytest.fixture
def publisher(certificate):
    return person_with_role(certificate.provider, Role.PUBLISHER)


def test_valid(client, certificate):
    answer = page(client, certificate, "en")
    assert answer.status_code == 200
    for words in ("Valid", "Veilig werken aan de draaibank", certificate.snapshot["provider"]["name"], "indicative"):
        assert words in answer.content.decode()


def test_expired(client):
    with time_machine.travel(dt.datetime(2025, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        certificate = completed_by(validity_months=6)
    answer = page(client, certificate, "en").content.decode()
    assert "Expired" in answer
    assert "10 July 2025" in answer


def test_replaced_leads_nowhere(client, certificate, publisher):
    new = replace_certificate(by=publisher, certificate=certificate, reason="Typefout", holder_name="Anouk Bakker")
    old = page(client, certificate, "en").content.decode()
    assert "Replaced" in old
    for private in (new.code, new.serial, str(new.pk), "Typefout", "Bakker"):
        assert private not in old
    assert "Valid" in page(client, new, "en").content.decode()


def test_revoked_keeps_its_reason_private(client, certificate, publisher):
    revoke_certificate(by=publisher, certificate=certificate, reason="Fraude vermoed")
    answer = page(client, certificate, "en").content.decode()
    assert "Revoked" in answer
    assert "Fraude" not in answer


@pytest.mark.parametrize("route", ["page", "api"])
def test_nobody_learns_who_holds_it(client, certificate, route):
    url = address(certificate) if route == "page" else f"/api/v1/verify/{certificate.code}/"
    answer = client.get(url).content.decode()
    for private in ("Anouk", "Meulen", certificate.holder.email, str(certificate.holder_id), str(certificate.pk)):
        assert private not in answer


def test_unknown_and_malformed_look_the_same(client, certificate):
    bodies = set()
    for code in (unguessable_code(), "kort", "x" * 400, "%00", "%F0%9F%99%82", "..", "'--"):
        answer = client.get(f"/verify/{code}")
        assert answer.status_code == 404, code
        bodies.add(answer.content.partition(b"<main")[2].partition(b"</main>")[0])
    assert len(bodies) == 1
    details = {client.get(f"/api/v1/verify/{code}/").content for code in (unguessable_code(), "kort", "%00")}
    assert len(details) == 1


def test_a_code_is_read_as_people_type_it(certificate):
    code = certificate.code
    typed = "-".join(code[i : i + 4] for i in range(0, 26, 4)).lower().replace("0", "o").replace("1", "l")
    assert find_by_code(f" {typed} ") == certificate


def test_the_form_leads_to_the_answer(client, certificate):
    typed = " ".join(certificate.code[i : i + 4] for i in range(0, 26, 4)).lower()
    answer = client.get("/verify/", {"code": typed})
    assert (answer.status_code, answer["Location"]) == (302, address(certificate))
    assert client.get("/verify/").status_code == 200
    assert client.get("/verify/", {"code": "///"}).status_code == 200
    assert client.get("/verify/", {"code": "../admin"})["Location"] == "/verify/..ADM1N"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Anouk van der Meulen", True),
        ("ANOUK VANDER MEULEN", False),
        ("anouk v.d. meulen", True),
        ("Meulen, Anouk van der", True),
        ("Anóuk Meulen", True),
        ("Anouk", False),
        ("A. Meulen", False),
        ("Anouk van der Molen", False),
        ("van der", False),
    ],
)
def test_the_name_is_told_only_to_who_knows_it(client, certificate, typed, right):
    answer = client.post(address(certificate), {"asked": "name", "name": typed})
    assert answer.context["name_answer"] == ("yes" if right else "no")
    assert ("Anouk van der Meulen" in answer.content.decode().replace(f'value="{typed}"', "")) is right


@pytest.mark.parametrize(
    ("one", "other"),
    [("Łukasz Żółć", "lukasz zolc"), ("Jan IJsbrand 't Hoen", "JAN IJSBRAND T HOEN"), ("Søren Ærø", "soren aero")],
)
def test_names_are_compared_without_accents(one, other):
    assert name_key(one) == name_key(other)


def test_a_name_of_prefixes_only_still_counts():
    assert name_key("Van der") == name_key("van DER") != ()


def test_the_real_file_is_known(client, certificate):
    make_document(certificate)
    content = read_document(certificate)
    real = SimpleUploadedFile("c.pdf", content, "application/pdf")
    answer = client.post(address(certificate), {"asked": "file", "file": real})
    assert answer.context["file_answer"] == "yes"
    assert "Anouk van der Meulen" in answer.content.decode()
    forged = SimpleUploadedFile("c.pdf", content + b" ", "application/pdf")
    answer = client.post(address(certificate), {"asked": "file", "file": forged})
    assert answer.context["file_answer"] == "no"
    assert "Meulen" not in answer.content.decode()


def test_a_big_or_missing_file_is_an_error_to_mend(client, certificate, monkeypatch):
    monkeypatch.setattr("certificates.web.forms.UPLOAD_LIMIT", 10)
    big = SimpleUploadedFile("c.pdf", b"x" * 11, "application/pdf")
    assert client.post(address(certificate), {"asked": "file", "file": big}).status_code == 400
    assert client.post(address(certificate), {"asked": "file"}).status_code == 400
    assert client.post(address(certificate), {"asked": "name"}).status_code == 400


@pytest.mark.parametrize("code", ["known", "unknown"])
def test_answers_are_not_kept_indexed_or_leaked(client, certificate, code):
    url = address(certificate) if code == "known" else f"/verify/{unguessable_code()}"
    answer = client.get(url)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_sixty_a_minute_for_page_and_api_together(client, certificate):
    for number in range(60):
        url = address(certificate) if number % 2 else f"/api/v1/verify/{certificate.code}/"
        assert client.get(url).status_code == 200
    refused = client.get(address(certificate))
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    api = client.get(f"/api/v1/verify/{certificate.code}/")
    assert (api.status_code, api["Content-Type"]) == (429, "application/problem+json")
    assert int(api["Retry-After"]) >= 1
    assert client.get(address(certificate), REMOTE_ADDR="10.0.0.9").status_code == 200


def test_a_forged_proxy_header_does_not_help(client, certificate):
    for number in range(60):
        client.get(address(certificate), HTTP_X_FORWARDED_FOR=f"10.1.0.{number}")
    assert client.get(address(certificate), HTTP_X_FORWARDED_FOR="10.2.0.1").status_code == 429


def test_one_household_is_one_visitor(client, certificate):
    for number in range(60):
        client.get(address(certificate), REMOTE_ADDR=f"2001:db8::{number:x}")
    assert client.get(address(certificate), REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert client.get(address(certificate), REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_probing_finds_nothing(certificate):
    """Neighbours of a real code, and serial numbers, are no codes."""
    probes = [certificate.serial, str(certificate.pk), certificate.code[:-1], certificate.code + "0"]
    for position in range(26):
        for letter in secrets.SystemRandom().sample("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 8):
            probes.append(certificate.code[:position] + letter + certificate.code[position + 1 :])
    assert {find_by_code(probe) for probe in probes if probe != certificate.code} == {None}


def test_the_api_says_the_same(client, certificate, publisher):
    url = reverse("api-verify", args=[certificate.code])
    answer = client.get(url).json()
    assert answer["state"] == "valid"
    assert answer["level"] == {"nlqf": 2, "official": False, "basis": "indicative"}
    assert answer["load"] == {"value": "8.0", "unit": "hour"}
    revoke_certificate(by=publisher, certificate=certificate, reason="Fout")
    revoked = client.get(url).json()
    assert revoked["state"] == "revoked"
    assert revoked["revoked_at"]
    assert "Fout" not in str(revoked)
