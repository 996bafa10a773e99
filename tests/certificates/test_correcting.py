"""Revoking and replacing: the old certificate stays and keeps answering."""

import pytest

from certificates.models import Certificate
from certificates.services.correcting import replace_certificate, revoke_certificate
from lms.audit.models import AuditEntry
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.events.models import DomainEvent
from lms.permissions.roles import Role
from tests.factories import person_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(certificate):
    return person_with_role(certificate.provider, Role.PUBLISHER)


def test_a_revoked_certificate_stays(certificate, publisher):
    revoke_certificate(by=publisher, certificate=certificate, reason="  Verkeerde\npersoon ")
    found = Certificate.objects.with_state().get(pk=certificate.pk)
    assert (found.state, found.revocation.reason) == ("revoked", "Verkeerde persoon")
    assert DomainEvent.objects.filter(name="certificate.revoked", subject_id=certificate.pk).exists()
    assert AuditEntry.objects.get(action="certificates.revoke").organization_id == certificate.provider_id


def test_a_correction_is_a_new_certificate(certificate, publisher):
    new = replace_certificate(by=publisher, certificate=certificate, reason="Naam", holder_name="Anouk Bakker")
    assert new.snapshot["holder"]["name"] == "Anouk Bakker"
    assert new.snapshot | {"holder": 0} == certificate.snapshot | {"holder": 0}
    assert (new.serial, new.code) != (certificate.serial, certificate.code)
    assert Certificate.objects.get(pk=certificate.pk).state == "replaced"
    assert new.state == "valid"
    assert DomainEvent.objects.filter(name="certificate.issued", subject_id=new.pk).exists()


def test_a_correction_takes_the_accounts_name_unless_told(certificate, publisher, learner):
    learner.family_name = "Bakker"
    learner.save()
    new = replace_certificate(by=publisher, certificate=certificate, reason="Naam")
    assert new.snapshot["holder"]["name"] == "Anouk van der Bakker"


def test_only_the_latest_of_a_chain_is_worked_with(certificate, publisher):
    newer = replace_certificate(by=publisher, certificate=certificate, reason="Naam")
    with pytest.raises(Conflict):
        replace_certificate(by=publisher, certificate=certificate, reason="Naam")
    with pytest.raises(Conflict):
        revoke_certificate(by=publisher, certificate=certificate, reason="Fout")
    newest = replace_certificate(by=publisher, certificate=newer, reason="Naam")
    revoke_certificate(by=publisher, certificate=newest, reason="Fout")
    with pytest.raises(Conflict):
        revoke_certificate(by=publisher, certificate=newest, reason="Fout")
    with pytest.raises(Conflict):
        replace_certificate(by=publisher, certificate=newest, reason="Naam")


@pytest.mark.parametrize("reason", ["", " \n", "x" * 501])
def test_a_reason_is_needed(certificate, publisher, reason):
    with pytest.raises(Invalid) as raised:
        revoke_certificate(by=publisher, certificate=certificate, reason=reason)
    assert raised.value.errors[0].field == "reason"


def test_a_name_has_bounds(certificate, publisher):
    with pytest.raises(Invalid):
        replace_certificate(by=publisher, certificate=certificate, reason="Naam", holder_name="x" * 241)


def test_neither_holder_nor_teacher_takes_it_back(certificate, learner):
    for user in (learner, person_with_role(certificate.provider, Role.TEACHER)):
        with pytest.raises(Forbidden):
            revoke_certificate(by=user, certificate=certificate, reason="Fout")
