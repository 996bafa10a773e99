"""HR's pages and the API for a staff list: preview, confirm once, forget the file."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from enrollments.models import Enrollment, StaffImport
from enrollments.staff_import.reading import read_sheet
from enrollments.staff_import.services import forget_old_lists as forget_old_uploads
from lms.accounts.models import User
from lms.core.clock import now, today
from lms.organizations.services import add_member
from lms.permissions.roles import Role
from tests.enrollments.staff_import.sheets import STAFF, csv_file, xlsx_file
from tests.factories import OrganizationFactory, UserFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db

UPLOAD = "/medewerkers/importeren/"
API = "/api/v1/staff-imports/"
BAD_ROW = ["126", "Bo", "", "Bos", "=bo@x", "<b>R&D</b>", ""]
LIST = csv_file([*STAFF, BAD_ROW])


@pytest.fixture
def employer():
    return OrganizationFactory(slug="metaal")


@pytest.fixture
def offering():
    return offering_of()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def send(client, hr, offering):
    client.force_login(hr)

    def upload(content=None, *, to=UPLOAD, name="personeel.csv", **fields):
        data = {"employer": "metaal", "offering": offering.code} | fields
        return client.post(to, data | {"file": SimpleUploadedFile(name, LIST if content is None else content)})

    return upload


def test_from_upload_to_result(client, send, offering):
    response = send()
    found = StaffImport.objects.get()
    assert response["Location"] == f"{UPLOAD}{found.pk}/"
    preview = client.get(response["Location"]).content.decode()
    assert "Personeelslijst controleren" in preview
    assert "3 personen inschrijven" in preview
    assert "=bo@x" in preview
    assert "José van der Vélde" in preview
    assert not Enrollment.objects.exists()
    client.post(f"{UPLOAD}{found.pk}/bevestigen/")
    client.post(f"{UPLOAD}{found.pk}/bevestigen/")
    assert Enrollment.objects.filter(offering=offering).count() == 3
    found.refresh_from_db()
    assert bytes(found.content) == b""
    result = client.get(f"{UPLOAD}{found.pk}/").content.decode()
    assert "Medewerkers geïmporteerd" in result
    assert "jose@metaal.test" not in result


def test_rejected_rows_come_as_a_file_without_live_formulas(client, send):
    send()
    response = client.get(f"{UPLOAD}{StaffImport.objects.get().pk}/afgewezen.csv")
    content = response.content.decode("utf-8-sig")
    assert content.startswith("Rij;Kolom;Waarde;Reden\r\n5;E-mailadres;'=bo@x;")
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_became_of_each_row_comes_as_a_file(client, send, kind):
    send()
    found = StaffImport.objects.get()
    client.post(f"{UPLOAD}{found.pk}/bevestigen/")
    for address in (f"{UPLOAD}{found.pk}/uitkomst.{kind}", f"{API}{found.pk}/outcome/{kind}/"):
        content = b"".join(client.get(address))
        if kind == "csv":
            lines = [line.split(";") for line in content.decode("utf-8-sig").splitlines()]
        else:
            book = openpyxl.load_workbook(io.BytesIO(content))
            lines = [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]
        assert lines[0][0] == "Rij"
        assert [(line[0], line[3], line[5]) for line in lines[1:4]] == [
            (str(row), person[4], "ingeschreven, nieuw in de personeelslijst") for row, person in enumerate(STAFF, 2)
        ]
        assert (lines[4][0], lines[4][5], lines[4][7].lstrip("'")) == ("5", "niet ingevoerd", "=bo@x")


def test_a_file_that_is_no_list_says_so_beside_the_field(send):
    page = send(b"%PDF-1.4").content.decode()
    assert "Dit is een PDF" in page
    assert not StaffImport.objects.exists()


@pytest.mark.parametrize("fields", [{"offering": "nergens"}, {"employer": "nergens"}])
def test_foreign_choices_are_no_choices(send, fields):
    OrganizationFactory(slug="nergens")
    assert send(**fields).status_code == 200
    assert not StaffImport.objects.exists()


def test_an_offering_reserved_for_one_employer_of_two(client, hr, employer, send):
    other = OrganizationFactory(slug="andere")
    add_member(by=None, organization=other, user=hr, role=Role.HR_MANAGER)
    reserved = offering_of(visibility="employers")
    reserved.employers.add(other)
    client.force_login(User.objects.get(pk=hr.pk))
    page = send(offering=reserved.code).content.decode()
    assert "andere werkgevers" in page
    assert 'name="employer"' in page


def test_others_see_nothing_of_it(client, send):
    send()
    found = StaffImport.objects.get()
    addresses = [f"{UPLOAD}{found.pk}/", f"{UPLOAD}{found.pk}/afgewezen.csv", f"{API}{found.pk}/"]
    for stranger in (UserFactory(), person_with_role(OrganizationFactory(), Role.HR_MANAGER)):
        client.force_login(stranger)
        assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
        assert client.post(f"{UPLOAD}{found.pk}/bevestigen/").status_code == 404
        assert client.post(f"{API}{found.pk}/confirm/").status_code == 404
        assert client.get(API).json()["results"] == []
    client.logout()
    assert client.get(addresses[0]).status_code == 302
    assert client.get(addresses[2]).status_code == 401


def test_a_worker_has_no_such_page(client):
    client.force_login(UserFactory())
    assert client.get(UPLOAD).status_code == 403
    assert client.get(f"{UPLOAD}sjabloon.csv").status_code == 404
    assert "importeren" not in client.get("/start/").content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_empty_list_that_is_offered_goes_in_once_filled(client, hr, kind):
    client.force_login(hr)
    content = client.get(f"{UPLOAD}sjabloon.{kind}").content
    if kind == "csv":
        content += b"12;Anouk;de;Vries;anouk@x.test;;;;;\r\n"
        assert read_sheet(content).columns.ignored == []
        assert len(read_sheet(content).columns.at) == 10
    else:
        assert content.startswith(b"PK")


def test_unconfirmed_lists_are_gone_after_a_day_and_reasons_after_a_month(client, send):
    send()
    send(xlsx_file([["E-mail"], ["a@x.test"], ["b@"]]), name="b.xlsx")
    kept = StaffImport.objects.get(file_name="b.xlsx")
    client.post(f"{UPLOAD}{kept.pk}/bevestigen/")
    assert forget_old_uploads() == 0
    with time_machine.travel(now() + dt.timedelta(hours=25)):
        assert forget_old_uploads() == 1
        assert StaffImport.objects.get() == kept
    with time_machine.travel(now() + dt.timedelta(days=31)):
        assert forget_old_uploads() == 1
        assert forget_old_uploads() == 0
        client.force_login(User.objects.get(memberships__role=Role.HR_MANAGER))
        assert client.get(f"{UPLOAD}{kept.pk}/").status_code == 200
    kept.refresh_from_db()
    assert "b@" not in str(kept.report)


def test_confirming_what_closed_in_the_meantime_changes_nothing(client, send, offering):
    send()
    offering.enroll_until = today() - dt.timedelta(days=1)
    offering.save()
    found = StaffImport.objects.get()
    assert client.post(f"{UPLOAD}{found.pk}/bevestigen/").status_code == 409
    assert not Enrollment.objects.exists()
    assert StaffImport.objects.get().confirmed_at is None


def test_the_api_previews_and_confirms(client, send):
    response = send(to=API, mandatory="true")
    assert response.status_code == 201
    body = response.json()
    assert body["report"]["created"] == 3
    assert body["report"]["rejected_rows"][0]["row"] == 5
    assert body["confirmed_at"] is None
    assert "invited" not in body["report"]
    assert not Enrollment.objects.exists()
    done = client.post(f"{API}{body['id']}/confirm/")
    assert done.json()["report"]["people"] == []
    assert Enrollment.objects.filter(mandatory=True).count() == 3
    assert client.post(f"{API}{body['id']}/confirm/").json() == done.json()
    assert client.get(f"{API}{body['id']}/").json() == done.json()
    assert len(client.get(API).json()["results"]) == 1


def test_the_api_refuses_a_file_whole_as_a_problem(send):
    response = send(b"", to=API)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == "file"
    assert response.json()["code"] in {"unreadable", "invalid"}


def test_the_list_of_imports_takes_few_queries(client, send, django_assert_max_num_queries):
    for _time in range(4):
        send(to=API)
    with django_assert_max_num_queries(6):
        client.get(API)
