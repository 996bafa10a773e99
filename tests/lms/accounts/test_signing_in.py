"""Signing in and out, new passwords by mail, limits, and the second step."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from lms.accounts.adapter import confirm_address
from lms.accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    user = UserFactory(email="anouk@voorbeeld.test", language="en")
    confirm_address(user)
    return user


@pytest.fixture
def file_cache(settings, tmp_path):
    """The embedded mode's cache."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }


def sign_in(client, email="anouk@voorbeeld.test", password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password}, **more)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def first_link(message):
    return re.search(r"http\S+", message.body).group()


def test_signs_in_by_mail_address_and_out_again(client, person):
    assert sign_in(client)["Location"] == "/start/"
    assert is_signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not is_signed_in(client)


def test_wrong_password_says_so_on_the_page(client, person):
    page = sign_in(client, password="helemaal-verkeerd", headers={"accept-language": "en"})
    assert "error-summary" in page.content.decode()
    assert not is_signed_in(client)


def test_guessing_is_stopped_with_the_file_cache(client, person, file_cache):
    for _attempt in range(5):
        sign_in(client, password="helemaal-verkeerd")
    page = sign_in(client, headers={"accept-language": "en"})
    assert not is_signed_in(client)
    assert "Too many failed" in page.content.decode()


def test_many_requests_get_our_429_page(client, person, file_cache, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [sign_in(client, "x@voorbeeld.test", headers={"accept-language": "en"}) for _ in range(3)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


def test_new_password_by_mail_end_to_end(client, person, mailoutbox, settings):
    settings.BASE_URL = "https://leren.voorbeeld.test"
    client.post("/accounts/password/reset/", {"email": "Anouk@Voorbeeld.test"})
    (message,) = mailoutbox
    link = first_link(message)
    assert link.startswith("https://leren.voorbeeld.test/accounts/password/reset/key/")
    form = client.get(link.removeprefix("https://leren.voorbeeld.test"), follow=True)
    fresh = "een-heel-nieuw-wachtwoord-9"
    client.post(form.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert sign_in(client, password=fresh)["Location"] == "/start/"
    assert "password" in mailoutbox[-1].subject.lower()  # they are told that it changed
    again = client.get(link.removeprefix("https://leren.voorbeeld.test"), follow=True)
    assert 'name="password1"' not in again.content.decode()


def test_somebody_pending_gets_in_by_asking_for_a_password(client, mailoutbox):
    user = UserFactory(email="nieuw@voorbeeld.test", activated_at=None, password=None)
    client.post("/accounts/password/reset/", {"email": "nieuw@voorbeeld.test"})
    form = client.get(first_link(mailoutbox[0]).removeprefix("http://localhost:8000"), follow=True)
    fresh = "een-heel-nieuw-wachtwoord-9"
    client.post(form.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    user.refresh_from_db()
    assert not user.is_pending
    assert EmailAddress.objects.filter(user=user, verified=True).exists()


def test_nobody_learns_who_has_an_account(client, person, mailoutbox):
    known = client.post("/accounts/password/reset/", {"email": "anouk@voorbeeld.test"})
    unknown = client.post("/accounts/password/reset/", {"email": "niemand@voorbeeld.test"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mailoutbox) == 2


def test_mails_are_in_the_language_of_the_reader(client, mailoutbox):
    UserFactory(email="bram@voorbeeld.test", language="nl")
    client.post("/accounts/password/reset/", {"email": "bram@voorbeeld.test"}, headers={"accept-language": "en"})
    assert "wachtwoord" in mailoutbox[0].body
    assert "Hello" not in mailoutbox[0].body


def test_sign_up_confirms_the_address_by_code(client, mailoutbox):
    facts = {
        "given_name": "Fatima",
        "family_name": "El Amrani",
        "email": "fatima@voorbeeld.test",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    page = client.post("/accounts/signup/", facts, headers={"accept-language": "en"}, follow=True)
    assert not is_signed_in(client)
    code = re.search(r"^([A-Z0-9-]{6,9})$", mailoutbox[0].body, re.MULTILINE).group(1)
    client.post(page.request["PATH_INFO"], {"code": code})
    assert is_signed_in(client)
    user = User.objects.get(email="fatima@voorbeeld.test")
    assert (user.full_name, user.is_pending, user.language) == ("Fatima El Amrani", False, "en")


def test_second_step_is_asked_for(client, person):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    assert reverse("mfa_authenticate") in sign_in(client)["Location"]
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_signed_in(client)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(client)


@pytest.fixture
def staff():
    user = UserFactory(email="beheer@voorbeeld.test", is_staff=True, is_superuser=True)
    confirm_address(user)
    return user


def test_staff_reach_nothing_without_a_second_step(client, staff):
    sign_in(client, "beheer@voorbeeld.test")
    for path in ("/start/", "/admin/", "/account/", "/api/v1/me/tokens/"):
        assert client.get(path)["Location"] == reverse("mfa_activate_totp"), path
    assert client.get("/livez").status_code == 200


def test_staff_with_a_second_step_reach_the_admin(client, staff):
    totp.TOTP.activate(staff, totp.generate_totp_secret())
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200
    for model in ("accounts/user", "accounts/invitation", "accounts/apitoken"):
        assert client.get(f"/admin/{model}/").status_code == 200


def test_the_admin_has_no_sign_in_of_its_own(client, staff):
    asked = client.get("/admin/login/?next=/admin/")
    assert asked["Location"].startswith("/accounts/login/")
    client.post("/admin/login/", {"username": "beheer@voorbeeld.test", "password": PASSWORD})
    assert not is_signed_in(client)


def test_recovery_codes_exist_for_who_activates(person):
    totp.TOTP.activate(person, totp.generate_totp_secret())
    assert mfa_adapter().is_mfa_enabled(person)
    assert Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
        "account_email_verification_sent",
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_for_strangers_are_ours(client, name, language):
    response = client.get(reverse(name), headers={"accept-language": language}, follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'class="site-head"' in page
    assert page.count("<h1") == 1
    assert "style=" not in page


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_email",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "accounts:account",
        "accounts:tokens",
    ],
)
def test_pages_for_who_is_signed_in_are_ours(client, person, name):
    sign_in(client)
    response = client.get(reverse(name), follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'class="site-head"' in page
    assert page.count("<h1") == 1
    assert "style=" not in page.replace("data:image", "")


def test_own_language_goes_before_the_browsers(client, person):
    sign_in(client)
    page = client.get("/start/", headers={"accept-language": "nl"})
    assert '<html lang="en">' in page.content.decode()
    assert page["Content-Language"] == "en"


def test_a_password_that_is_too_short_is_refused_in_dutch(client):
    facts = {"given_name": "Nieuw", "family_name": "Komer", "email": "nieuw@voorbeeld.test"}
    facts |= {"password1": "kort", "password2": "kort"}
    page = client.post(reverse("account_signup"), facts, headers={"accept-language": "nl"})
    assert "Dit wachtwoord is te kort: gebruik minstens 10 tekens." in page.content.decode()
