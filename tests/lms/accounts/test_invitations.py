"""An invitation works once, for whom it was meant, and its secret stays nowhere."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from lms.accounts.models import Invitation
from lms.accounts.services import invitation_link, invite_people
from lms.core.clock import now
from lms.notifications.models import SendState, SentMessage
from lms.notifications.services import Notice, notify, send_queued_messages
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FRESH = "een-heel-nieuw-wachtwoord-9"


@pytest.fixture
def invited():
    user = UserFactory(email="nieuw@voorbeeld.test", given_name="Nadia", activated_at=None, password=None)
    with transaction.atomic():
        secret = invite_people([user], "Machinefabriek De Vecht")[user]
    return user, f"/uitnodiging/{secret}/"


def test_shows_who_and_by_whom(client, invited):
    response = client.get(invited[1], headers={"accept-language": "en"})
    page = response.content.decode()
    assert "Welcome, Nadia" in page
    assert "Machinefabriek De Vecht" in page
    assert "nieuw@voorbeeld.test" in page
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_a_password_is_all_it_takes(client, invited):
    user, path = invited
    assert client.post(path, {"password": FRESH})["Location"] == "/start/"
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.check_password(FRESH)
    assert not user.is_pending
    assert EmailAddress.objects.get(user=user).verified


def test_a_weak_password_is_refused_in_words(client, invited):
    page = client.post(invited[1], {"password": "12345678"}, headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "too short" in page.content.decode()
    assert Invitation.objects.get().used_at is None


def test_works_once(client, invited):
    client.post(invited[1], {"password": FRESH})
    client.logout()
    again = client.post(invited[1], {"password": "een-ander-wachtwoord-7"}, headers={"accept-language": "en"})
    assert again.status_code == 404
    assert "no longer works" in again.content.decode()
    invited[0].refresh_from_db()
    assert invited[0].check_password(FRESH)


def test_expired_and_unknown_look_the_same(client, invited):
    Invitation.objects.update(expires_at=now() - timedelta(minutes=1))
    expired = client.get(invited[1])
    unknown = client.get("/uitnodiging/nooit-gemaakt/")
    assert expired.status_code == unknown.status_code == 404
    assert "uitnodiging/" not in expired.content.decode().replace(f'value="{invited[1]}"', "")


def test_somebody_else_who_is_signed_in_is_signed_out(client, invited):
    other = UserFactory()
    client.force_login(other)
    assert str(other) in client.get(invited[1]).content.decode()
    client.post(invited[1], {"password": FRESH})
    assert client.session["_auth_user_id"] == str(invited[0].pk)


def test_the_secret_leaves_the_ledger_with_the_mail(invited, mailoutbox, django_capture_on_commit_callbacks):
    user, path = invited
    context = {
        "organization_name": "Machinefabriek De Vecht",
        "module_title": "Veilig draaien",
        "link": invitation_link(path.split("/")[2]),
    }
    notify([Notice("invitation", user.pk, "enrollment-1", context)])
    send_queued_messages()
    (message,) = mailoutbox
    assert f"http://localhost:8000{path}" in message.body
    assert "Veilig draaien" in message.subject
    sent = SentMessage.objects.get()
    assert (sent.state, sent.context) == (SendState.SENT, {})


def test_what_was_not_sent_for_want_of_an_address_keeps_no_secret():
    user = UserFactory(email=None)
    notify([Notice("invitation", user.pk, "x", {"link": "geheim"})])
    send_queued_messages()
    assert SentMessage.objects.get().context == {}


def test_a_refused_mail_can_still_be_sent_again(invited, monkeypatch, mailoutbox):
    user, _path = invited
    notify([Notice("invitation", user.pk, "x", {"organization_name": "De Vecht", "link": "http://link"})])
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", lambda _self: 1 / 0)
        send_queued_messages()
    assert SentMessage.objects.get().state == SendState.FAILED
    SentMessage.objects.update(state=SendState.QUEUED)
    send_queued_messages()
    assert "http://link" in mailoutbox[0].body
    assert SentMessage.objects.get().context == {}
