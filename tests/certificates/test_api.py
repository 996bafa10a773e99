"""Certificates by API: who sees which, and what of them."""

import hashlib
from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from certificates.models import Certificate
from certificates.services.documents import make_document
from certificates.services.issuing import issue_certificate
from enrollments.models import Completion, Enrollment
from enrollments.services.enrolling import enroll_staff
from lms.core.clock import at, now, today
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
)

from .conftest import completed_by

pytestmark = pytest.mark.django_db

URL = "/api/v1/certificates/"


def as_(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def world():
    """An employer's worker with a certificate and a score; and everybody who may see it or not."""
    employer, provider = OrganizationFactory(), published_version(units=("text",)).module.provider
    worker = EmploymentFactory(employer=employer).user
    hr = person_with_role(employer, Role.HR_MANAGER)
    offering = offering_of(published_version(provider, units=("text",)))
    (enrollment,) = enroll_staff(by=hr, employer=employer, offering=offering, learners=[worker]).active
    certificate = issue_certificate(Completion.objects.create(enrollment=enrollment, result={"score": 87.5}))
    return {
        "certificate": certificate,
        "worker": worker,
        "hr": hr,
        "publisher": person_with_role(provider, Role.PUBLISHER),
        "teacher": person_with_role(provider, Role.TEACHER),
        "other_hr": person_with_role(OrganizationFactory(), Role.HR_MANAGER),
        "other_publisher": completed_by().provider and person_with_role(completed_by().provider, Role.PUBLISHER),
        "stranger": UserFactory(),
    }


@pytest.mark.parametrize(("role", "score"), [("worker", 87.5), ("publisher", 87.5), ("teacher", 87.5), ("hr", None)])
def test_who_sees_it_and_its_score(world, role, score):
    listed = as_(world[role]).get(URL).json()["results"]
    assert [row["serial"] for row in listed] == [world["certificate"].serial]
    detail = as_(world[role]).get(f"{URL}{world['certificate'].pk}/").json()
    assert detail["score"] == listed[0]["score"] == score
    assert detail["verify_url"] == f"http://localhost:8000/verify/{world['certificate'].code}"


@pytest.mark.parametrize("role", ["other_hr", "other_publisher", "stranger"])
@pytest.mark.parametrize("tail", ["", "pdf/", "revoke/", "replace/"])
def test_what_is_foreign_does_not_exist(world, role, tail):
    client, url = as_(world[role]), f"{URL}{world['certificate'].pk}/{tail}"
    make_document(world["certificate"])
    answer = client.get(url) if tail in ("", "pdf/") else client.post(url, {"reason": "x"})
    assert answer.status_code == 404
    assert world["certificate"].serial not in str(client.get(URL).json())


@pytest.mark.parametrize("role", ["worker", "teacher", "hr"])
def test_seeing_is_not_taking_back(world, role):
    for tail in ("revoke/", "replace/"):
        answer = as_(world[role]).post(f"{URL}{world['certificate'].pk}/{tail}", {"reason": "x"})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_the_publisher_revokes(world):
    client, url = as_(world["publisher"]), f"{URL}{world['certificate'].pk}/revoke/"
    assert client.post(url, {"reason": " "}).status_code == 400
    answer = client.post(url, {"reason": "Verkeerde persoon"})
    assert (answer.status_code, answer.json()["state"]) == (200, "revoked")
    assert client.post(url, {"reason": "Nog eens"}).status_code == 409


def test_the_publisher_replaces(world):
    url = f"{URL}{world['certificate'].pk}/replace/"
    answer = as_(world["publisher"]).post(url, {"reason": "Naam", "holder_name": "Anouk Bakker"})
    assert answer.status_code == 201
    body = answer.json()
    assert (body["holder_name"], body["replaces"], body["state"]) == (
        "Anouk Bakker",
        str(world["certificate"].pk),
        "valid",
    )
    assert Certificate.objects.get(pk=world["certificate"].pk).state == "replaced"


def test_the_document_has_its_hash_as_tag(world):
    client, url = as_(world["worker"]), f"{URL}{world['certificate'].pk}/pdf/"
    waiting = client.get(url, headers={"accept": "application/pdf"})
    assert (waiting.status_code, waiting["Content-Type"]) == (409, "application/problem+json")
    document = make_document(world["certificate"])
    answer = client.get(url, headers={"accept": "application/pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert hashlib.sha256(answer.content).hexdigest() == document.sha256
    assert answer["ETag"] == f'"{document.sha256}"'
    assert answer["Content-Disposition"].startswith(
        'attachment; filename="certificaat-veilig-werken-aan-de-draaibank-20'
    )
    assert client.get(url).content == answer.content
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_a_damaged_file_is_a_clear_error(world):
    document = make_document(world["certificate"])
    document.file.storage.delete(document.file.name)
    answer = as_(world["worker"]).get(f"{URL}{world['certificate'].pk}/pdf/")
    assert (answer.status_code, answer.json()["code"]) == (500, "document_damaged")


def test_a_long_list_takes_few_queries(learner, django_assert_max_num_queries):
    for _ in range(12):
        completed_by(learner)
    client = as_(learner)
    with django_assert_max_num_queries(5):
        assert len(client.get(URL).json()["results"]) == 12


def test_an_employer_keeps_what_was_issued_up_to_the_last_day_and_sees_nothing_newer(world):
    hr, certificate = as_(world["hr"]), world["certificate"]
    job, last_day = Employment.objects.filter(user=world["worker"]), today()
    job.update(starts_on=last_day - timedelta(days=90))
    Enrollment.objects.update(created_at=now() - timedelta(days=60))
    with at(now() + timedelta(days=30)):
        job.update(ends_on=last_day)
        assert hr.get(f"{URL}{certificate.pk}/").status_code == 200
        job.update(ends_on=last_day - timedelta(days=1))
        assert hr.get(f"{URL}{certificate.pk}/").status_code == 404
        assert hr.get(URL).json()["results"] == []
        assert as_(world["worker"]).get(f"{URL}{certificate.pk}/").status_code == 200
