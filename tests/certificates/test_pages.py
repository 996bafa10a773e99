"""Pages of the holder and of the provider."""

import datetime as dt

import pytest
import time_machine

from certificates.checks import libraries_for_documents
from certificates.models import Certificate
from certificates.services.correcting import revoke_certificate
from certificates.services.documents import make_document, read_document
from lms.permissions.roles import Role
from tests.factories import UserFactory, person_with_role

from .conftest import completed_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(certificate):
    return person_with_role(certificate.provider, Role.PUBLISHER)


def test_the_holder_finds_and_downloads_it(client, certificate, learner):
    client.force_login(learner)
    assert "Veilig werken aan de draaibank" in client.get("/certificaten/").content.decode()
    url = f"/certificaten/{certificate.pk}/"
    assert f"{url}pdf" not in client.get(url).content.decode()
    assert client.get(f"{url}pdf").status_code == 409
    make_document(certificate)
    assert f"{url}pdf" in client.get(url).content.decode()
    answer = client.get(f"{url}pdf")
    assert answer.content == read_document(certificate)
    assert answer["Content-Type"] == "application/pdf"


def test_nobody_else_does(client, certificate):
    assert client.get(f"/certificaten/{certificate.pk}/").status_code == 302
    client.force_login(UserFactory())
    for tail in ("", "pdf", "intrekken/", "vervangen/"):
        assert client.get(f"/certificaten/{certificate.pk}/{tail}").status_code == 404
    assert client.get("/aanbod/certificaten/").status_code == 403
    assert "certificaten/0" not in client.get("/certificaten/").content.decode()


def test_the_start_page_shows_the_newest_and_what_expires(client):
    learner = UserFactory(language="en")
    with time_machine.travel(dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC), tick=False):
        completed_by(learner, validity_months=12)
        completed_by(learner)
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC), tick=False):
        client.force_login(learner)
        answer = client.get("/start/").content.decode()
    assert "1 of your certificates expires within 90 days." in answer


def test_the_provider_finds_by_number(client, certificate, publisher):
    completed_by(offering=certificate.completion.enrollment.offering)
    client.force_login(publisher)
    answer = client.get("/aanbod/certificaten/", {"number": certificate.serial.lower()}).content.decode()
    assert answer.count('scope="row"') == 1
    assert client.get("/aanbod/certificaten/").content.decode().count('scope="row"') == 2
    assert client.get("/aanbod/certificaten/", {"number": "\x00"}).status_code == 200


def test_the_provider_revokes_on_a_page(client, certificate, publisher):
    client.force_login(publisher)
    url = f"/certificaten/{certificate.pk}/intrekken/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 400
    assert client.post(url, {"reason": "Fout"}).status_code == 302
    assert Certificate.objects.get(pk=certificate.pk).state == "revoked"
    again = client.post(url, {"reason": "Fout"}, follow=True)
    assert 'data-kind="neg"' in again.content.decode()


def test_the_provider_replaces_on_a_page(client, certificate, publisher):
    client.force_login(publisher)
    answer = client.post(
        f"/certificaten/{certificate.pk}/vervangen/", {"reason": "Naam", "holder_name": "Anouk Bakker"}
    )
    new = Certificate.objects.get(replaces=certificate)
    assert answer["Location"] == f"/certificaten/{new.pk}/"
    assert "Anouk Bakker" in client.get(answer["Location"]).content.decode()


def test_the_holder_reads_why(client, certificate, learner, publisher):
    revoke_certificate(by=publisher, certificate=certificate, reason="Dubbel uitgegeven")
    client.force_login(learner)
    assert "Dubbel uitgegeven" in client.get(f"/certificaten/{certificate.pk}/").content.decode()


def test_somebody_without_a_name_is_told_what_to_do(client):
    unnamed = UserFactory(given_name="", family_name="", language="en")
    certificate = completed_by(unnamed)
    client.force_login(unnamed)
    answer = client.get(f"/certificaten/{certificate.pk}/").content.decode()
    assert "Add your name to your account" in answer


def test_pages_take_few_queries(client, learner, django_assert_max_num_queries):
    for _ in range(12):
        completed_by(learner)
    client.force_login(learner)
    client.get("/certificaten/")
    with django_assert_max_num_queries(8):
        client.get("/certificaten/")


def test_the_check_names_the_apt_line(monkeypatch):
    assert libraries_for_documents() == []
    monkeypatch.setattr("certificates.checks.find_library", lambda name: None if "pango" in name else name)
    (warning,) = libraries_for_documents()
    assert "libpango-1.0-0" in warning.hint
