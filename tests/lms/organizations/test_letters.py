"""Letters: on paper, once, for people without an e-mail address."""

import io
import re
from datetime import timedelta

import pypdf
import pypdfium2
import pytest
import zxingcpp
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.accounts.models import Invitation, User
from lms.audit.models import AuditEntry
from lms.core import clock
from lms.core.clock import now
from lms.core.errors import Conflict, Forbidden
from lms.core.ids import CODE_ALPHABET
from lms.organizations.awaiting import people_for_letters
from lms.organizations.letters import grouped, render_letters
from lms.organizations.models import Department
from lms.organizations.services import change_department, print_letters
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, person_with_role

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FRESH = "een-heel-nieuw-wachtwoord-9"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def employer():
    return OrganizationFactory(slug="de-vecht", name="Machinefabriek De Vecht")


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


def without_address(employer, number="0042", **facts):
    person = {"email": None, "activated_at": None, "password": None, "given_name": "Ömer"} | facts.pop("person", {})
    return EmploymentFactory(employer=employer, user=UserFactory(**person), personnel_number=number, **facts)


@pytest.fixture
def worker(employer):
    return without_address(employer, department="Lassen")


@pytest.fixture
def letter(employer, hr, worker):
    return print_letters(by=hr, employer=employer, employments=[worker])[0]


def opened(employer, letters):
    return pypdf.PdfReader(io.BytesIO(render_letters(employer, letters)))


def text_of(page):
    return " ".join(page.extract_text().split())


def typed(client, **said):
    given = {"employer": "de-vecht", "personnel_number": "0042"} | said
    return client.post("/activeren/", given, headers=ENGLISH)


def who(client):
    return client.session.get("_auth_user_id")


def test_a_code_cannot_be_guessed_or_misread_and_stays_nowhere(letter):
    assert len(letter.code) == 16
    assert set(letter.code) <= set(CODE_ALPHABET)
    assert not set(CODE_ALPHABET) & set("ILOU")
    assert 5 * len(letter.code) >= 60
    assert letter.code not in str(Invitation.objects.values_list())
    assert letter.code not in str(AuditEntry.objects.values_list())


def test_the_letter_says_who_where_and_until_when(employer, worker, letter, settings):
    settings.BASE_URL = "https://leren.voorbeeld.test"
    reader = opened(employer, [letter])
    (page,) = reader.pages
    text = text_of(page)
    for words in (
        "Machinefabriek De Vecht",
        worker.user.full_name,
        "Lassen",
        "0042",
        "leren.voorbeeld.test/activeren",
        "leren.voorbeeld.test/aanmelden/nummer",
        grouped(letter.code),
    ):
        assert words in text, words
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert "De Vecht" in reader.metadata.title
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_the_qr_code_opens_the_page_with_the_code(client, employer, letter, settings):
    settings.BASE_URL = "https://leren.voorbeeld.test"
    document = pypdfium2.PdfDocument(render_letters(employer, [letter]))
    try:
        (found,) = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    finally:
        document.close()
    assert found.text == f"https://leren.voorbeeld.test/activeren/{letter.code}/"
    assert "Ömer" in client.get(found.text.removeprefix("https://leren.voorbeeld.test")).content.decode()


def test_each_reads_it_in_their_own_language(employer, hr, worker):
    english = without_address(employer, "2", person={"language": "en", "given_name": "Mateusz"})
    letters = print_letters(by=hr, employer=employer, employments=[worker, english])
    reader = opened(employer, letters)
    assert len(reader.pages) == 2
    assert "Personnel number" in text_of(reader.pages[1])
    assert "Personeelsnummer" in text_of(reader.pages[0])


def test_the_longest_names_leave_nothing_unread(hr):
    long = OrganizationFactory(name="W" * 200, slug="w" * 60)
    by = person_with_role(long, Role.HR_MANAGER)
    person = {"given_name": "W" * 100, "name_prefix": "w" * 30, "family_name": "W" * 100}
    worker = without_address(long, "9" * 40, department="D" * 120, person=person)
    letter = print_letters(by=by, employer=long, employments=[worker])[0]
    pages = opened(long, [letter]).pages
    text = "".join(text_of(page) for page in pages).replace(" ", "")
    assert len(pages) == 2
    assert text.count("W" * 200) >= 3
    assert all(words in text for words in (grouped(letter.code), "D" * 120, "9" * 40, "w" * 60))


def test_a_page_each_however_many(employer, hr, django_assert_num_queries):
    people = [without_address(employer, str(number)) for number in range(12)]
    few = print_letters(by=hr, employer=employer, employments=people[:2])
    with CaptureQueriesContext(connection) as asked:
        print_letters(by=hr, employer=employer, employments=people[:2])
    with django_assert_num_queries(len(asked)):
        many = print_letters(by=hr, employer=employer, employments=people)
    assert (len(opened(employer, few).pages), len(opened(employer, many).pages)) == (2, 12)


def test_with_the_code_one_chooses_a_password_and_is_in(client, worker, letter):
    answer = typed(client, code=grouped(letter.code).lower().replace("0", "o"))
    assert answer["Location"] == f"/activeren/{letter.code}/"
    page = client.get(answer["Location"], headers=ENGLISH)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert "too short" in client.post(answer["Location"], {"password": "kort"}, headers=ENGLISH).content.decode()
    assert client.post(answer["Location"], {"password": FRESH})["Location"] == "/start/"
    assert who(client) == str(worker.user_id)
    user = User.objects.get(pk=worker.user_id)
    assert user.check_password(FRESH)
    assert not user.is_pending
    client.logout()
    gone = client.get(answer["Location"], headers=ENGLISH)
    assert (gone.status_code, "no longer works" in gone.content.decode()) == (404, True)
    client.post("/aanmelden/nummer/", {"employer": "de-vecht", "personnel_number": "0042", "password": FRESH})
    assert who(client) == str(worker.user_id)


@pytest.mark.parametrize(
    "said", [{"employer": "bakkerij"}, {"personnel_number": "43"}, {"code": "0000-0000-0000-0000"}]
)
def test_what_does_not_belong_together_gets_one_answer(client, employer, letter, said):
    without_address(employer, "43")
    page = typed(client, **({"code": letter.code} | said))
    assert page.status_code == 200
    assert "do not belong together" in page.content.decode()


def test_another_letter_kills_the_earlier_one(client, employer, hr, worker, letter):
    newer = print_letters(by=hr, employer=employer, employments=[worker])[0]
    assert client.get(f"/activeren/{letter.code}/").status_code == 404
    assert client.get(f"/activeren/{newer.code}/").status_code == 200


def test_a_code_expires(client, letter):
    with clock.at(now() + timedelta(days=31)):
        assert client.get(f"/activeren/{letter.code}/").status_code == 404


def test_a_printed_code_is_no_mailed_link_nor_the_reverse(client, letter):
    assert client.get(f"/uitnodiging/{letter.code}/").status_code == 404


def test_a_forgotten_password_is_mended_by_a_letter(client, employer, hr):
    worker = without_address(employer, person={"activated_at": now(), "password": "het-oude-wachtwoord-3"})
    code = print_letters(by=hr, employer=employer, employments=[worker])[0].code
    said = {"employer": "de-vecht", "personnel_number": "0042", "password": "het-oude-wachtwoord-3"}
    client.post("/aanmelden/nummer/", said)
    assert who(client) == str(worker.user_id)
    elsewhere = client.__class__()
    elsewhere.post(f"/activeren/{code}/", {"password": FRESH})
    assert who(elsewhere) == str(worker.user_id)
    known_before = client.session["_auth_user_hash"]
    assert known_before != User.objects.get(pk=worker.user_id).get_session_auth_hash()  # whoever knew it is out


def test_a_letter_does_not_pass_the_second_step_by(client, employer, hr):
    worker = without_address(employer, person={"activated_at": now()})
    Authenticator.objects.create(user=worker.user, type=Authenticator.Type.TOTP, data={"secret": "unused"})
    code = print_letters(by=hr, employer=employer, employments=[worker])[0].code
    assert client.post(f"/activeren/{code}/", {"password": FRESH})["Location"].startswith("/accounts/2fa/authenticate/")
    assert who(client) is None


def test_an_address_counts_once_its_code_was_typed(client, worker, letter, mailoutbox):
    answer = client.post(f"/activeren/{letter.code}/", {"password": FRESH, "email": "omer@voorbeeld.test"})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert User.objects.get(pk=worker.user_id).email is None
    (message,) = mailoutbox
    assert message.to == ["omer@voorbeeld.test"]
    code = re.search(r"\b[A-Z0-9]{4,}-?[A-Z0-9]*\b", message.body).group()
    client.post("/accounts/confirm-email/", {"code": code})
    assert User.objects.get(pk=worker.user_id).email == "omer@voorbeeld.test"
    assert EmailAddress.objects.get(user=worker.user).verified


def test_an_address_of_somebody_else_tells_nothing(client, worker, letter, mailoutbox):
    UserFactory(email="ander@voorbeeld.test", activated_at=None)
    client.post(f"/activeren/{letter.code}/", {"password": FRESH}, follow=True)

    def asked(address):
        answer = client.post("/accounts/email/", {"email": address, "action_add": ""}, headers=ENGLISH)
        page = client.get(answer["Location"], headers=ENGLISH).content.decode()
        return re.sub(r"csrfmiddlewaretoken\" value=\"\w+|" + address, "", page)

    assert asked("ander@voorbeeld.test") == asked("vrij@voorbeeld.test")


def test_who_owns_both_is_told_so_and_nothing_breaks(client, worker, letter, mailoutbox):
    UserFactory(email="zelf@voorbeeld.test", activated_at=None)
    client.post(f"/activeren/{letter.code}/", {"password": FRESH, "email": "zelf@voorbeeld.test"})
    code = re.search(r"\b[A-Z0-9]{4,}-?[A-Z0-9]*\b", mailoutbox[-1].body).group()
    client.post("/accounts/confirm-email/", {"code": code}, follow=True)
    assert User.objects.get(pk=worker.user_id).email is None


def test_letters_are_for_people_without_address_who_work_here(employer, hr, worker):
    mailed = EmploymentFactory(employer=employer)
    nameless = without_address(employer, "")
    assert [one.employment for one in print_letters(by=hr, employer=employer, employments=[mailed, worker])] == [worker]
    for nobody in ([mailed], [nameless], []):
        with pytest.raises(Conflict):
            print_letters(by=hr, employer=employer, employments=nobody)
    with pytest.raises(Forbidden):
        print_letters(by=UserFactory(), employer=employer, employments=[worker])
    assert AuditEntry.objects.filter(action="organizations.print_letter", object_id=str(worker.pk)).exists()


def test_a_department_takes_those_below_along(employer, hr, worker):
    top = Department.objects.create(employer=employer, name="Productie")
    change_department(by=hr, department=worker.department, name="Lassen", parent=top)
    without_address(employer, "5")
    without_address(employer, "6", department="Lassen", person={"activated_at": now()})
    assert people_for_letters(employer, department=top) == [worker]
    assert len(people_for_letters(employer)) == 2


def test_hr_prints_on_the_page_and_by_api(client, employer, hr, worker):
    client.force_login(hr, backend=BACKEND)
    assert "nog geen brief" in client.get("/medewerkers/uitnodigingen/").content.decode()
    for said in ({"person": str(worker.pk)}, {"department": str(worker.department_id)}, {}):
        answer = client.post("/medewerkers/brieven/", said)
        assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
        assert "no-store" in answer["Cache-Control"]
    body = {"employer": "de-vecht", "employments": [str(worker.pk)]}
    answer = client.post("/api/v1/employments/letters/", body, "application/json")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    foreign = without_address(OrganizationFactory())
    assert client.post("/medewerkers/brieven/", {"person": str(foreign.pk)}).status_code == 404
