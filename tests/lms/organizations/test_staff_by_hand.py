"""HR keeps its people by hand: add, change, leave; and finds out nothing about accounts elsewhere."""

import re
from datetime import date, timedelta

import pytest
from django.urls import NoReverseMatch, reverse

from enrollments.services.enrolling import enroll_staff
from lms.accounts.models import Invitation, User
from lms.accounts.services import find_invitation
from lms.audit.models import AuditEntry
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.notifications.models import SentMessage
from lms.organizations.models import Department, Employment
from lms.organizations.services import (
    NewPerson,
    add_member,
    add_person,
    change_employment,
    correct_address,
    print_letters,
)
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, offering_of, person_with_role
from tests.matrix.routes import doors

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KNOWN = "sanne@voorbeeld.test"


@pytest.fixture
def employer():
    return OrganizationFactory(slug="de-vecht", name="Machinefabriek De Vecht")


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def known():
    """Somebody who has been here for years, under another name than HR writes."""
    return UserFactory(email=KNOWN, given_name="Susanna", family_name="Oldenhof-de Graaf")


@pytest.fixture
def browser(client, hr):
    client.force_login(hr, backend=BACKEND)
    return client


def fields(email, **more):
    facts = {
        "given_name": "Sanne",
        "family_name": "Oldenhof",
        "email": email,
        "language": "nl",
        "starts_on": "2026-01-05",
    }
    return facts | more


def shown_of(browser, email):
    """Everything that the pages of HR say after adding this address, without what differs by nature."""
    added = browser.post("/medewerkers/nieuw/", fields(email, personnel_number="7"), follow=True)
    person = added.redirect_chain[0][0]
    listed = browser.get("/medewerkers/").content.decode()
    waiting = browser.get("/medewerkers/uitnodigingen/").content.decode()
    changed = browser.get(f"{person}wijzigen/").content.decode()
    pages = [added.content.decode(), listed, waiting, changed]
    return [re.sub(r"[0-9a-f-]{36}|csrfmiddlewaretoken\" value=\"\w+|" + re.escape(email), "", page) for page in pages]


def test_a_known_address_looks_like_a_new_one(browser, employer, known):
    strange = shown_of(browser, "nieuw@voorbeeld.test")
    Employment.objects.filter(employer=employer).delete()
    assert shown_of(browser, KNOWN) == strange
    assert "Susanna" not in "".join(strange)
    assert User.objects.filter(email=KNOWN).count() == 1


def test_the_api_answers_alike_too(client, hr, employer, known):
    client.force_login(hr, backend=BACKEND)

    def added(email, number):
        body = {"employer": "de-vecht", "email": email, "family_name": "Oldenhof", "personnel_number": number}
        answer = client.post("/api/v1/employments/", body, "application/json")
        assert answer.status_code == 201
        shown = answer.json() | client.get(f"/api/v1/employments/{answer.json()['id']}/").json()
        return {
            key: value for key, value in shown.items() if key not in ("id", "email", "person_id", "personnel_number")
        }

    assert added("nieuw@voorbeeld.test", "7") == added(KNOWN, "8")


def test_who_was_known_is_told_and_called_by_their_own_name_after_signing_in(browser, employer, known, client):
    browser.post("/medewerkers/nieuw/", fields(KNOWN))
    message = SentMessage.objects.get(recipient=known)
    assert message.kind == "added_to_staff"
    employment = Employment.objects.get(user=known)
    assert (employment.name, employment.is_awaited) == ("Sanne Oldenhof", True)
    client.logout()
    client.force_login(known, backend=BACKEND)
    employment.refresh_from_db()
    assert (employment.name, employment.is_awaited) == ("Susanna Oldenhof-de Graaf", False)


def test_who_is_new_gets_an_invitation(employer, hr):
    employment = add_person(by=hr, employer=employer, person=NewPerson("Sanne", "", "Oldenhof", "N@voorbeeld.test"))
    assert employment.user.email == "n@voorbeeld.test"
    assert employment.user.is_pending
    assert SentMessage.objects.get(recipient=employment.user).kind == "invitation"
    assert Invitation.objects.get(user=employment.user).organization_id == employer.pk
    assert set(AuditEntry.objects.filter(organization_id=employer.pk).values_list("action", flat=True)) >= {
        "organizations.add_employment",
        "organizations.invite",
    }


def test_without_address_a_number_and_a_name_are_needed(employer, hr, browser):
    with pytest.raises(Invalid):
        add_person(by=hr, employer=employer, person=NewPerson("Sanne", "", "Oldenhof"))
    page = browser.post("/medewerkers/nieuw/", fields(""))
    assert "een personeelsnummer om mee aan te melden" in page.content.decode()
    employment = add_person(
        by=hr,
        employer=employer,
        person=NewPerson("Sanne", "", "Oldenhof"),
        personnel_number="0042",
        department="Lassen",
    )
    assert employment.user.email is None
    assert employment.department == Department.objects.get(employer=employer, name="Lassen")
    assert not SentMessage.objects.exists()


def test_nobody_twice_at_one_employer(employer, hr, known):
    EmploymentFactory(employer=employer, user=known, personnel_number="1")
    with pytest.raises(Conflict):
        add_person(by=hr, employer=employer, person=NewPerson(email=KNOWN, family_name="O"))
    with pytest.raises(Conflict, match="1"):
        add_person(by=hr, employer=employer, person=NewPerson(email="a@voorbeeld.test"), personnel_number="1")
    assert User.objects.filter(email="a@voorbeeld.test").count() == 0


def test_who_returns_gets_a_new_employment_after_the_old_one(employer, hr, known):
    EmploymentFactory(employer=employer, user=known, starts_on=date(2020, 1, 1), ends_on=date(2025, 6, 30))
    with pytest.raises(Conflict):
        add_person(by=hr, employer=employer, person=NewPerson(email=KNOWN), starts_on=date(2025, 6, 30))
    back = add_person(by=hr, employer=employer, person=NewPerson(email=KNOWN), starts_on=date(2025, 7, 1))
    with pytest.raises(Conflict):
        change_employment(by=hr, employment=back, starts_on=date(2025, 6, 1))


def test_a_manager_works_here_and_stands_in_no_circle(employer, hr):
    boss, foreman, welder = (EmploymentFactory(employer=employer) for _n in range(3))
    change_employment(by=hr, employment=welder, manager=foreman.user)
    change_employment(by=hr, employment=foreman, manager=boss.user)
    for manager in (welder.user, boss.user):
        with pytest.raises(Invalid) as refused:
            change_employment(by=hr, employment=boss, manager=manager)
        assert refused.value.errors[0].field == "manager"
    with pytest.raises(Invalid):
        change_employment(by=hr, employment=welder, manager=EmploymentFactory().user)
    gone = EmploymentFactory(employer=employer, starts_on=date(2020, 1, 1), ends_on=today() - timedelta(days=1))
    with pytest.raises(Invalid):
        change_employment(by=hr, employment=welder, manager=gone.user)
    change_employment(by=hr, employment=welder, manager=None)
    entry = AuditEntry.objects.filter(action="organizations.change_employment").order_by("id").last()
    assert entry.changes == {"manager": [str(foreman.user_id), None]}


def test_what_is_over_stays_as_it_was(employer, hr):
    left = EmploymentFactory(employer=employer, starts_on=date(2020, 1, 1), ends_on=date(2024, 1, 1))
    with pytest.raises(Conflict):
        change_employment(by=hr, employment=left, job_title="Directeur")
    with pytest.raises(Forbidden):
        change_employment(by=UserFactory(), employment=left, job_title="Directeur")


def test_who_has_no_address_keeps_a_number(employer, hr):
    employment = EmploymentFactory(employer=employer, user=UserFactory(email=None))
    with pytest.raises(Invalid):
        change_employment(by=hr, employment=employment, personnel_number="")


def test_hr_changes_and_ends_on_the_page(browser, employer):
    boss = EmploymentFactory(employer=employer, personnel_number="1")
    worker = EmploymentFactory(employer=employer, personnel_number="2", department="Lassen")
    path = f"/medewerkers/{worker.pk}/"
    assert "Lassen" in browser.get(path).content.decode()
    kept = {"personnel_number": "2", "department": str(worker.department_id), "starts_on": str(worker.starts_on)}
    page = browser.post(f"{path}wijzigen/", kept | {"manager": "99", "job_title": "Lasser"})
    assert page.status_code == 200
    browser.post(f"{path}wijzigen/", kept | {"manager": f"1 – {boss.name}", "job_title": "Lasser"})
    worker.refresh_from_db()
    assert (worker.manager, worker.job_title) == (boss.user, "Lasser")
    assert boss.name in browser.get(path).content.decode()
    browser.post(f"{path}vertrek/", {"ends_on": str(today())})
    worker.refresh_from_db()
    assert worker.ends_on == today()


def test_the_worker_sees_all_their_employers(client, employer, known):
    other = OrganizationFactory(name="Bakkerij Noord")
    for there in (employer, other):
        EmploymentFactory(employer=there, user=known)
    client.force_login(known, backend=BACKEND)
    page = client.get("/account/").content.decode()
    assert "Machinefabriek De Vecht" in page
    assert "Bakkerij Noord" in page


def test_hr_of_two_employers_switches(client, employer, hr):
    other = OrganizationFactory(slug="bakkerij", name="Bakkerij Noord")
    add_member(by=None, organization=other, user=hr, role=Role.HR_MANAGER)
    client.force_login(User.objects.get(pk=hr.pk), backend=BACKEND)
    assert "Bakkerij Noord" in client.get("/medewerkers/afdelingen/?employer=de-vecht").content.decode()
    client.post("/medewerkers/afdelingen/?employer=bakkerij", {"name": "Oven", "parent": ""})
    assert Department.objects.get(name="Oven").employer == other
    assert client.get("/medewerkers/afdelingen/?employer=vreemd").status_code == 404


def test_departments_and_managers_by_api(client, hr, employer):
    client.force_login(hr, backend=BACKEND)
    boss = EmploymentFactory(employer=employer)
    tree = "/api/v1/departments/?employer=de-vecht"

    def send(path, body, method="post"):
        return getattr(client, method)(f"/api/v1/{path}", body, "application/json")

    top = send("departments/", {"employer": "de-vecht", "name": "Productie"}).json()
    part = send("departments/", {"employer": "de-vecht", "name": "Lassen", "parent": top["id"]}).json()
    twice = send("departments/", {"employer": "de-vecht", "name": "lassen"})
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (400, "name")
    assert send(f"departments/{top['id']}/", {"parent": part["id"]}, "patch").status_code == 400
    body = {"employer": "de-vecht", "family_name": "Bos", "personnel_number": "9", "department": "Lassen"}
    worker = send("employments/", body | {"manager": str(boss.pk)}).json()
    assert (worker["manager"], worker["awaited"], worker["email"]) == (str(boss.pk), True, None)
    assert [(b["path"], b["people"], b["people_within"]) for b in client.get(tree).json()] == [
        (["Productie"], 0, 1),
        (["Productie", "Lassen"], 1, 1),
    ]
    found = client.get(f"/api/v1/employments/?department={top['id']}&awaited=true").json()["results"]
    assert [row["id"] for row in found] == [worker["id"]]
    assert send(f"employments/{worker['id']}/", {"manager": None}, "patch").json()["manager"] is None
    foreign = EmploymentFactory()
    assert send(f"employments/{worker['id']}/", {"manager": str(foreign.pk)}, "patch").status_code == 400
    other = send("departments/", {"employer": "de-vecht", "name": "Kantoor"}).json()
    assert send(f"departments/{part['id']}/merge/", {"into": other["id"]}).json()["id"] == other["id"]
    assert client.delete(f"/api/v1/departments/{other['id']}/").status_code == 409
    assert client.delete(f"/api/v1/departments/{top['id']}/").status_code == 204


def test_a_mistyped_address_is_corrected_before_anybody_signed_in(client, employer, hr):
    person = NewPerson("Sanne", "van", "Oldenhof", "sane@voorbeeld.test")
    wrong = add_person(by=hr, employer=employer, person=person, personnel_number="7")
    mistaken = wrong.user
    right = correct_address(by=hr, employment=wrong, email="Sanne@voorbeeld.test")
    assert (right.user.email, right.name, right.personnel_number) == ("sanne@voorbeeld.test", "Sanne van Oldenhof", "7")
    assert right.user.full_name == "Sanne van Oldenhof"
    assert not Invitation.objects.filter(user=mistaken).exists()
    assert SentMessage.objects.get(recipient=right.user).kind == "invitation"
    client.force_login(right.user, backend=BACKEND)
    User.objects.filter(pk=right.user_id).update(activated_at="2026-01-01T00:00Z")
    with pytest.raises(Conflict):
        correct_address(by=hr, employment=right, email="weer@voorbeeld.test")


def test_a_corrected_address_tells_nothing_about_who_has_it(browser, employer, hr, known):
    def shown(email):
        wrong = add_person(by=hr, employer=employer, person=NewPerson("Sanne", "", "Oldenhof", "fout@voorbeeld.test"))
        answer = browser.post(f"/medewerkers/{wrong.pk}/adres/", {"email": email}, follow=True).content.decode()
        Employment.objects.filter(employer=employer).delete()
        return re.sub(r"[0-9a-f-]{36}|csrfmiddlewaretoken\" value=\"\w+|" + re.escape(email), "", answer)

    assert shown(KNOWN) == shown("nieuw@voorbeeld.test")


def test_an_address_is_not_corrected_when_something_is_arranged(employer, hr):
    wrong = add_person(by=hr, employer=employer, person=NewPerson("Sanne", "", "Oldenhof", "fout@voorbeeld.test"))
    enroll_staff(by=hr, employer=employer, offering=offering_of(), learners=[wrong.user])
    with pytest.raises(Conflict, match="ingeschreven"):
        correct_address(by=hr, employment=wrong, email="goed@voorbeeld.test")
    wrong.refresh_from_db()
    assert wrong.user.email == "fout@voorbeeld.test"
    colleague = EmploymentFactory(employer=employer)
    other = add_person(by=hr, employer=employer, person=NewPerson("Tom", "", "Bos", "tom@voorbeeld.test"))
    with pytest.raises(Conflict):
        correct_address(by=hr, employment=other, email=colleague.user.email)


def test_somebody_without_address_may_be_given_one_while_they_are_awaited(employer, hr):
    facts = {"personnel_number": "0042"}
    worker = add_person(by=hr, employer=employer, person=NewPerson("Sanne", "", "Oldenhof"), **facts)
    code = print_letters(by=hr, employer=employer, employments=[worker])[0].code
    correct_address(by=hr, employment=worker, email="sanne@voorbeeld.test")
    with pytest.raises(NotFound):
        find_invitation(code, printed=True)


def test_hr_of_one_employer_sees_nothing_of_the_other(client, employer, hr):
    other = OrganizationFactory(slug="bakkerij", name="Bakkerij Noord")
    both = UserFactory()
    mine = EmploymentFactory(employer=employer, user=both, department="Lassen", personnel_number="1")
    theirs = EmploymentFactory(employer=other, user=both, department="Oven", job_title="Broodbakker")
    client.force_login(hr, backend=BACKEND)
    pages = ["", f"{mine.pk}/", f"{mine.pk}/wijzigen/", "afdelingen/", "uitnodigingen/", "functies/", "nieuw/"]
    shown = "".join(client.get(f"/medewerkers/{page}").content.decode() for page in pages)
    shown += str(client.get("/api/v1/employments/").json()) + str(client.get(f"/api/v1/employments/{mine.pk}/").json())
    assert not [word for word in ("Bakkerij", "Oven", "Broodbakker", theirs.personnel_number) if word in shown]
    for path in ("medewerkers/{}/", "medewerkers/{}/wijzigen/", "api/v1/employments/{}/"):
        assert client.get("/" + path.format(theirs.pk)).status_code == 404


def test_after_leaving_the_employer_has_no_say_and_sees_no_newer_address(client, employer, hr):
    gone = UserFactory(email="prive@voorbeeld.test")
    left = EmploymentFactory(employer=employer, user=gone, starts_on=date(2020, 1, 1), ends_on=date(2024, 1, 1))
    quiet = EmploymentFactory(
        employer=employer, user=UserFactory(email=None), starts_on=date(2020, 1, 1), ends_on=date(2024, 1, 1)
    )
    client.force_login(hr, backend=BACKEND)
    page = client.get(f"/medewerkers/{left.pk}/").content.decode()
    assert "prive@voorbeeld.test" not in page
    assert client.get(f"/api/v1/employments/{left.pk}/").json()["email"] is None
    with pytest.raises(Conflict):
        print_letters(by=hr, employer=employer, employments=[quiet])
    with pytest.raises(Conflict):
        correct_address(by=hr, employment=left, email="van-hr@voorbeeld.test")


def test_no_page_or_list_of_hr_tells_the_name_behind_an_address(browser, employer, hr, known):
    employment = add_person(by=hr, employer=employer, person=NewPerson("Sanne", "", "Oldenhof", KNOWN))
    enroll_staff(by=hr, employer=employer, offering=offering_of(), learners=[known])
    asked = 0
    for door in doors():
        kept = door.name.startswith(("admin:", "account_", "mfa_", "schema", "docs"))
        if door.method != "GET" or kept:
            continue
        try:
            path = reverse(door.name)
        except NoReverseMatch:
            continue
        answer = browser.get(path, {"employer": "de-vecht"})
        asked += answer.status_code == 200
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Susanna" not in text, path
    assert asked > 20
    assert "Sanne Oldenhof" not in browser.get("/medewerkers/", {"q": "Susanna"}).content.decode()
    for path in (f"/medewerkers/{employment.pk}/", f"/medewerkers/inschrijven/?person={employment.pk}"):
        assert "Susanna" not in browser.get(path).content.decode()
