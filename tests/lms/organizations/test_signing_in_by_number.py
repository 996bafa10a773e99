"""Signing in with employer and personnel number: the same answers, limits and second step as by e-mail."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import get_hasher

from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.clock import today
from tests.factories import PASSWORD, EmploymentFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
PATH = "/aanmelden/nummer/"
WRONG = "Employer, personnel number and password do not belong together."


@pytest.fixture
def employer():
    return OrganizationFactory(slug="de-vecht", name="Machinefabriek De Vecht", kvk="12345678")


@pytest.fixture
def worker(employer):
    return EmploymentFactory(employer=employer, user=UserFactory(email=None, language="en"), personnel_number="A0042")


@pytest.fixture
def file_cache(settings, tmp_path):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }


def sign_in(client, employer="de-vecht", number="A0042", password=PASSWORD):
    said = {"employer": employer, "personnel_number": number, "password": password}
    return client.post(PATH, said, headers={"accept-language": "en"})


def who(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("named", ["de-vecht", "DE-VECHT", "machinefabriek  De vecht", " 12345678 "])
@pytest.mark.parametrize("number", ["A0042", " a0042 "])
def test_signs_in_however_the_employer_is_written(client, worker, named, number):
    answer = sign_in(client, named, number)
    assert answer["Location"] == "/start/"
    assert who(client) == str(worker.user_id)
    assert answer.cookies["employer"].value == "de-vecht"
    assert AuditEntry.objects.filter(action="organizations.sign_in_by_number", object_id=str(worker.user_id)).exists()


@pytest.mark.parametrize(
    "said",
    [
        {"employer": "bestaat-niet"},
        {"number": "A9999"},
        {"password": "helemaal-verkeerd"},
        {"employer": "\u0130\u0130", "number": "\U0001f600"},
    ],
)
def test_whatever_is_wrong_gets_the_same_answer(client, worker, said):
    page = sign_in(client, **said)
    assert page.status_code == 200
    assert WRONG in page.content.decode()
    assert who(client) is None


def test_pending_and_switched_off_people_get_it_too(client, employer, worker):
    EmploymentFactory(
        employer=employer, user=UserFactory(email=None, activated_at=None, password=None), personnel_number="2"
    )
    assert WRONG in sign_in(client, number="2").content.decode()
    User.objects.filter(pk=worker.user_id).update(is_active=False)
    assert WRONG in sign_in(client).content.decode()


def test_who_left_still_reaches_what_they_learned(client, worker):
    worker.starts_on, worker.ends_on = date(2020, 1, 1), today() - timedelta(days=400)
    worker.save()
    sign_in(client)
    assert who(client) == str(worker.user_id)


def test_the_number_of_another_employer_does_not_serve(client, worker):
    EmploymentFactory(employer=OrganizationFactory(slug="bakkerij"), personnel_number="A0042")
    assert WRONG in sign_in(client, "bakkerij", password="van-iemand-anders").content.decode()
    sign_in(client)
    assert who(client) == str(worker.user_id)


def test_a_name_that_two_employers_share_serves_neither(client, worker):
    twin = OrganizationFactory(name="Machinefabriek De Vecht")
    EmploymentFactory(employer=twin, personnel_number="A0042")
    assert WRONG in sign_in(client, "Machinefabriek De Vecht").content.decode()
    sign_in(client, "de-vecht")
    assert who(client) == str(worker.user_id)


def test_guessing_is_stopped_per_person(client, worker, file_cache, settings):
    for _attempt in range(5):
        sign_in(client, password="helemaal-verkeerd")
    page = sign_in(client)
    assert "Too many failed" in page.content.decode()
    assert who(client) is None
    EmploymentFactory(employer=worker.employer, user=UserFactory(email=None), personnel_number="B1")
    assert sign_in(client, number="B1")["Location"] == "/start/"


def test_guessing_is_stopped_per_address(client, worker, file_cache):
    for attempt in range(10):
        sign_in(client, number=f"X{attempt}")
    assert "Too many failed" in sign_in(client).content.decode()


def test_the_second_step_comes_after_it(client, worker):
    Authenticator.objects.create(user=worker.user, type=Authenticator.Type.TOTP, data={"secret": "unused"})
    answer = sign_in(client)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert who(client) is None


def test_a_second_step_can_be_set_up_without_address(client, worker):
    sign_in(client)
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert asked.status_code == 200
    again = client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    assert again["Location"] == "/accounts/2fa/totp/activate/"


def test_the_password_is_changed_without_address(client, worker):
    sign_in(client)
    said = {"oldpassword": PASSWORD, "password1": "een-ander-wachtwoord-8", "password2": "een-ander-wachtwoord-8"}
    assert client.post("/accounts/password/change/", said).status_code == 302
    client.logout()
    sign_in(client, password="een-ander-wachtwoord-8")
    assert who(client) == str(worker.user_id)


def test_both_ways_lead_to_each_other(client):
    assert PATH in client.get("/accounts/login/").content.decode()
    assert "/accounts/login/" in client.get(PATH).content.decode()


def test_nothing_can_be_told_from_the_time(client, worker, monkeypatch):
    """Whatever is wrong, as many passwords are hashed: that is what takes the time."""
    hashed = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *said, **more: hashed.append(1) or encode(self, *said, **more))
    counts = []
    for said in ({"employer": "bestaat-niet"}, {"number": "A9999"}, {"password": "helemaal-verkeerd"}):
        hashed.clear()
        sign_in(client, **said)
        counts.append(len(hashed))
    assert counts[0]
    assert len(set(counts)) == 1, counts
