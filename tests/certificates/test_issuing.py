"""A completion gets its certificate in the same transaction, once, and it is frozen."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import DatabaseError, transaction

from certificates.models import Certificate
from certificates.services.issuing import issue_certificate, issue_forgotten
from courses.models import Offering, Skill
from enrollments.models import Completion
from enrollments.services.enrolling import enroll_self, enroll_staff
from lms.audit.models import AuditEntry
from lms.core.ids import CODE_ALPHABET
from lms.events.models import DomainEvent
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


def test_a_completion_has_its_certificate_at_once(certificate, learner):
    assert certificate.holder == learner
    assert certificate.snapshot["holder"] == {"name": "Anouk van der Meulen", "name_known": True}
    assert certificate.snapshot["document"]["title"]["nl"] == "Certificaat"
    assert certificate.state == "valid"
    assert DomainEvent.objects.filter(name="certificate.issued", subject_id=certificate.pk).count() == 1
    assert AuditEntry.objects.filter(action="certificates.issue", object_id=str(certificate.pk)).exists()


def test_number_and_code(certificate):
    letters = f"[{CODE_ALPHABET}]"
    assert re.fullmatch(rf"\d{{4}}(-{letters}{{4}}){{3}}", certificate.serial)
    assert re.fullmatch(rf"{letters}{{26}}", certificate.code)


def test_issuing_again_gives_the_same(certificate):
    assert issue_certificate(certificate.completion) == certificate
    assert DomainEvent.objects.filter(name="certificate.issued").count() == 1


def test_the_reconciler_finds_a_completion_without(learner):
    offering = offering_of(published_version(units=("text",)))
    Completion.objects.create(enrollment=enroll_self(by=learner, offering=offering))
    assert issue_forgotten() == 1
    assert issue_forgotten() == 0
    assert Certificate.objects.count() == 1


def test_it_stays_when_the_person_and_the_provider_change(certificate, learner):
    before = certificate.snapshot
    learner.family_name = "Bakker"
    learner.save()
    provider = certificate.provider
    provider.name = "Andere naam"
    provider.save()
    Offering.objects.update(delivery="online")
    certificate.refresh_from_db()
    assert certificate.snapshot == before


def test_the_database_refuses_a_change(certificate):
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(snapshot={})


@pytest.mark.parametrize(
    ("completed", "months", "last_day"),
    [
        ((2026, 8, 31), 6, dt.date(2027, 2, 28)),
        ((2026, 11, 20), 24, dt.date(2028, 11, 20)),
        ((2027, 12, 5), 1, dt.date(2028, 1, 5)),
    ],
)
def test_the_last_day_of_validity(completed, months, last_day):
    with time_machine.travel(dt.datetime(*completed, 12, tzinfo=dt.UTC), tick=False):
        certificate = completed_by(validity_months=months)
    assert certificate.valid_until == last_day
    assert not certificate.has_expired_on(last_day)
    assert certificate.has_expired_on(last_day + dt.timedelta(days=1))


def test_the_day_is_that_of_amsterdam():
    with time_machine.travel(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC), tick=False):
        certificate = completed_by()
    assert certificate.snapshot["completed_on"] == "2027-01-01"
    assert certificate.serial.startswith("2027-")


def test_a_level_is_official_only_on_a_code():
    indicative = completed_by(level=4, nlqf_basis="formal")
    official = completed_by(level=4, nlqf_basis="formal", crebo="25297")
    assert indicative.snapshot["level"]["official"] is False
    assert official.snapshot["level"]["official"] is True


def test_skills_are_copied():
    skill = Skill.objects.create(uri="http://data.example/skill/1", label_en="weld", label_nl="lassen")
    version = published_version(units=("text",), skills=[skill])
    certificate = completed_by(offering=offering_of(version))
    assert certificate.snapshot["skills"][0]["label_nl"] == "lassen"


def test_nobody_fails_for_lack_of_a_name():
    unnamed = UserFactory(given_name="", family_name="", email="zonder.naam@voorbeeld.test")
    assert completed_by(unnamed).snapshot["holder"] == {"name": "zonder.naam@voorbeeld.test", "name_known": False}


def test_the_shop_floor_is_named_by_personnel_number():
    employer = OrganizationFactory(name="Metaal BV")
    worker = UserFactory(given_name="", family_name="", email=None)
    EmploymentFactory(employer=employer, user=worker, personnel_number="P7")
    offering = offering_of(published_version(units=("text",)))
    hr = person_with_role(employer, Role.HR_MANAGER)
    outcome = enroll_staff(by=hr, employer=employer, offering=offering, learners=[worker])
    certificate = issue_certificate(Completion.objects.create(enrollment=outcome.active[0]))
    assert certificate.snapshot["holder"] == {"name": "P7, Metaal BV", "name_known": False}


def test_names_lose_what_could_turn_them_around():
    tricky = UserFactory(given_name="Anouk\u202e", name_prefix="", family_name="Bak\x07ker\n\u2066")
    assert completed_by(tricky).snapshot["holder"]["name"] == "Anouk Bakker"
