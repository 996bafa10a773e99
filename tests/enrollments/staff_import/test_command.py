"""`manage.py enroll_staff`: what scripts rely on."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from enrollments.models import Enrollment
from lms.permissions.roles import Role
from tests.enrollments.staff_import.sheets import HEADERS, STAFF, csv_file
from tests.factories import OrganizationFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    return OrganizationFactory(slug="metaal")


@pytest.fixture
def offering():
    return offering_of()


@pytest.fixture
def enroll(employer, offering, tmp_path):
    def command(*flags, content=None, **options):
        path = tmp_path / "personeel.csv"
        path.write_bytes(csv_file() if content is None else content)
        out, err = io.StringIO(), io.StringIO()
        options = {"employer": "metaal", "offering": offering.code, "stdout": out, "stderr": err} | options
        call_command("enroll_staff", str(path), *flags, **options)
        return out.getvalue(), err.getvalue()

    return command


def test_json_holds_exactly_the_report(enroll):
    headers = [*HEADERS, "BSN"]
    rows = [*STAFF, ["126", "Bo", "", "Bos", "bo@", "", "31-02-2020"]]
    out, err = enroll("--json", content=csv_file(rows, headers=headers, above=["Personeelslijst", ""]))
    assert json.loads(out) == {
        "created": 3,
        "existing": 0,
        "invited": 3,
        "waitlisted": 0,
        "rejected": 1,
        "rejected_rows": [
            {
                "row": 7,
                "column": "E-mailadres",
                "value": "bo@",
                "reason": "Dit is geen geldig e-mailadres: controleer de spelling, zoals naam@bedrijf.nl.",
            },
            {
                "row": 7,
                "column": "In dienst",
                "value": "31-02-2020",
                "reason": "Deze datum bestaat niet. Schrijf dag-maand-jaar, zoals 31-12-2026.",
            },
        ],
    }
    assert "BSN" in err


def test_dry_run_says_the_same_and_writes_nothing(enroll):
    dry, _err = enroll("--json", "--dry-run")
    assert not Enrollment.objects.exists()
    wet, _err = enroll("--json")
    assert dry == wet
    again = json.loads(enroll("--json")[0])
    assert (again["created"], again["existing"], again["invited"]) == (0, 3, 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"content": b""}, "leeg"),
        ({"content": b"%PDF-1.4"}, "PDF"),
        ({"employer": "metal"}, "Bedoelde u: metaal?"),
        ({"employer": "zzzzzz"}, "Wel bekend: metaal"),
        ({"offering": "bestaat-niet"}, "Er is geen uitvoering"),
        ({"by": "niemand@x.nl"}, "niemand@x.nl"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_writes_nothing(enroll, options, words):
    with pytest.raises(CommandError) as raised:
        enroll("--json", **options)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.returncode == 1
    assert not Enrollment.objects.exists()


def test_a_file_that_is_not_there(employer, offering):
    with pytest.raises(CommandError, match="kan niet worden geopend"):
        call_command("enroll_staff", "/bestaat/niet.csv", employer="metaal", offering=offering.code)


def test_the_table_for_people_is_dutch(enroll):
    out, _err = enroll(content=csv_file([*STAFF, ["", "", "", "", "bo@", "", ""]]))
    assert "Nieuw ingeschreven" in out
    assert "Rij 5" in out


def test_standard_input(employer, offering, monkeypatch):
    class Standard:
        buffer = io.BytesIO(csv_file())

    monkeypatch.setattr("sys.stdin", Standard)
    out = io.StringIO()
    call_command("enroll_staff", "-", "--json", employer="metaal", offering=offering.code, stdout=out)
    assert json.loads(out.getvalue())["created"] == 3


def test_acting_for_somebody_asks_their_rights(enroll, employer):
    hr = person_with_role(employer, Role.HR_MANAGER)
    assert json.loads(enroll("--json", by=hr.email)[0])["created"] == 3
    stranger = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    with pytest.raises(CommandError):
        enroll("--json", by=stranger.email)
