"""The database itself refuses to change what is published or issued, whoever asks: the ORM, a console, a mistake."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from certificates.models import Certificate, CertificateDocument, Revocation
from courses.models import Section, Sector, Skill, Unit
from enrollments.models import Attempt, Completion, Enrollment, RegionalQuarter
from lms.core.clock import now
from tests.factories import UserFactory, offering_of, published_version

pytestmark = pytest.mark.django_db


def refuses(write):
    """The write fails in the database and leaves the transaction usable."""
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        write()


@pytest.fixture
def version():
    return published_version()


@pytest.fixture
def enrollment(version):
    offering = offering_of(version)
    return Enrollment.objects.create(
        learner=UserFactory(),
        offering=offering,
        version=version,
        provider=offering.provider,
        arranged_by="learner",
        state="active",
        units_required=2,
    )


@pytest.fixture
def certificate(enrollment):
    return Certificate.objects.create(
        completion=Completion.objects.create(enrollment=enrollment),
        holder=enrollment.learner,
        provider=enrollment.provider,
        award="certificate",
        serial="2026-000001",
        snapshot={"holder": "Anouk"},
    )


def test_a_published_version(version):
    refuses(lambda: type(version).objects.filter(pk=version.pk).update(title={"nl": "Anders"}))
    refuses(lambda: type(version).objects.filter(pk=version.pk).update(published_at=None))


def test_its_sections(version):
    refuses(lambda: version.sections.update(title={"nl": "Anders"}))
    refuses(lambda: Section.objects.create(version=version, position=9, title={"nl": "Erbij"}))


def test_its_units(version):
    section = version.sections.get()
    refuses(lambda: Unit.objects.filter(section=section).update(required=False))
    refuses(
        lambda: Unit.objects.create(
            section=section, position=9, lineage=uuid.uuid4(), kind="text", title={"nl": "Erbij"}
        )
    )


def test_its_skills_and_sectors():
    skill, other = (Skill.objects.create(uri=f"http://x.test/{n}", label_en=str(n)) for n in range(2))
    sector = Sector.objects.create(code="25", label_nl="Metaal", label_en="Metal")
    version = published_version(skills=[skill], sectors=[sector])
    draft = type(version).objects.create(module=version.module, number=2, title={"nl": "Concept"}, track="mbo")
    refuses(lambda: version.skills.add(other))
    refuses(lambda: version.skills.remove(skill))
    refuses(version.sectors.clear)
    links = type(version).skills.through.objects
    refuses(lambda: links.update(skill=other))
    draft.skills.add(other)
    refuses(lambda: links.filter(skill=other).update(moduleversion=version))
    draft.skills.remove(other)
    draft.sectors.add(sector)
    draft.sectors.clear()
    assert (list(version.skills.all()), list(version.sectors.all())) == ([skill], [sector])


def test_a_draft_may_change(version):
    draft = type(version).objects.create(module=version.module, number=2, title={"nl": "Concept"}, track="mbo")
    section = Section.objects.create(version=draft, position=0, title={"nl": "Begin"})
    unit = Unit.objects.create(section=section, position=0, lineage=uuid.uuid4(), kind="text", title={"nl": "Les"})
    assert Section.objects.filter(pk=section.pk).update(title={"nl": "Anders"}) == 1
    assert Unit.objects.filter(pk=unit.pk).update(minutes=20) == 1


def test_a_draft_is_not_published_without_an_approval(version):
    draft = type(version).objects.create(module=version.module, number=2, title={"nl": "Concept"}, track="mbo")
    refuses(lambda: type(version).objects.filter(pk=draft.pk).update(published_at=now()))


def test_a_unit_cannot_move_into_a_published_version(version):
    """Moving a row is an UPDATE too: of a draft's section or unit, to where it would have been refused as new."""
    draft = type(version).objects.create(module=version.module, number=2, title={"nl": "Concept"}, track="mbo")
    section = Section.objects.create(version=draft, position=7, title={"nl": "Begin"})
    unit = Unit.objects.create(section=section, position=7, lineage=uuid.uuid4(), kind="text", title={"nl": "Les"})
    refuses(lambda: Unit.objects.filter(pk=unit.pk).update(section=version.sections.get()))
    refuses(lambda: Section.objects.filter(pk=section.pk).update(version=version))


def test_evidence(enrollment, version):
    attempt = Attempt.objects.create(
        enrollment=enrollment,
        unit=version.sections.get().units.last(),
        number=1,
        answers={},
        score=Decimal(50),
        passed=True,
    )
    refuses(lambda: Attempt.objects.filter(pk=attempt.pk).update(score=100))
    completion = Completion.objects.create(enrollment=enrollment)
    refuses(lambda: Completion.objects.filter(pk=completion.pk).update(result={"score": 100}))


def test_what_is_issued(certificate):
    refuses(lambda: Certificate.objects.filter(pk=certificate.pk).update(snapshot={}))
    document = CertificateDocument.objects.create(
        certificate=certificate, template="classic", file="certificates/x.pdf", sha256="0" * 64, size=1
    )
    refuses(lambda: CertificateDocument.objects.filter(pk=document.pk).update(sha256="1" * 64))
    revocation = Revocation.objects.create(certificate=certificate, reason="Vergissing")
    refuses(lambda: Revocation.objects.filter(pk=revocation.pk).update(reason="Anders"))


def test_what_is_published_of_a_quarter():
    quarter = RegionalQuarter.objects.create(year=2026, quarter=3, figures={})
    refuses(lambda: RegionalQuarter.objects.filter(pk=quarter.pk).update(figures={"completed": 1}))


def test_raw_sql_is_refused_too(certificate):
    def write():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE certificates_certificate SET serial = 'X'")

    refuses(write)
