"""A list of addresses tells an employer nothing about who has an account."""

import pytest

from enrollments.staff_import.services import import_staff
from lms.events.services import deliver_due
from lms.notifications.models import SentMessage
from lms.organizations.awaiting import awaited_staff, waiting_of
from lms.permissions.roles import Role
from tests.enrollments.staff_import.sheets import csv_file
from tests.factories import OrganizationFactory, UserFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db
HEADERS = ["Personeelsnummer", "Naam", "E-mail"]
KNOWN = "sanne@voorbeeld.test"


def test_known_and_new_people_look_alike(client):
    employer, known = OrganizationFactory(), UserFactory(email=KNOWN, given_name="Susanna", family_name="Graafland")
    hr = person_with_role(employer, Role.HR_MANAGER)
    rows = [["1", "Oldenhof, Sanne", KNOWN], ["2", "Bos, Nadia", "nadia@voorbeeld.test"], ["3", "Bekele, Tadesse", ""]]
    import_staff(by=hr, employer=employer, offering=offering_of(), content=csv_file(rows, headers=HEADERS))
    deliver_due()
    staff = {one.personnel_number: one for one in awaited_staff(employer)}
    assert [staff[number].name for number in "123"] == ["Sanne Oldenhof", "Nadia Bos", "Tadesse Bekele"]
    asked = {one.employment.personnel_number: one for one in waiting_of(employer, staff.values())}
    assert asked["1"].asked_at is not None
    assert abs((asked["1"].expires_at - asked["2"].expires_at).total_seconds()) < 60
    assert SentMessage.objects.get(recipient=known).kind == "enrolled"
    client.force_login(hr, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/medewerkers/", "/medewerkers/uitnodigingen/", "/inschrijvingen/"):
        page = client.get(path).content.decode()
        assert "Sanne Oldenhof" in page
        assert "Susanna" not in page
