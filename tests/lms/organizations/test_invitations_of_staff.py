"""Pending people: who has not accepted, since when, until when; asking again kills the earlier link and tells once."""

import re
from datetime import date, timedelta

import pytest

from lms.accounts.models import Invitation
from lms.accounts.services import invitation_link
from lms.core import clock
from lms.core.clock import now
from lms.notifications.models import SendState, SentMessage
from lms.notifications.services import send_queued_messages
from lms.organizations.awaiting import awaited_staff, waiting_of
from lms.organizations.services import NewPerson, add_person, invite_staff
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, person_with_role

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def employer():
    return OrganizationFactory(slug="de-vecht")


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def pending(employer, hr):
    return add_person(by=hr, employer=employer, person=NewPerson("Nadia", "", "Bos", "nadia@voorbeeld.test"))


@pytest.fixture(autouse=True)
def nobody_sends(monkeypatch):
    monkeypatch.setattr("lms.notifications.services.wake_sender", lambda: None)


def links(mailoutbox):
    send_queued_messages()
    return [re.search(r"http\S+/uitnodiging/\S+", message.body).group() for message in mailoutbox]


def later(minutes=5):
    return clock.at(now() + timedelta(minutes=minutes))


def ask(hr, employer, *people):
    return invite_staff(by=hr, employer=employer, employments=list(people))


def test_asking_again_mails_anew_and_kills_the_earlier_link(client, hr, employer, pending, mailoutbox):
    (first,) = links(mailoutbox)
    with later():
        assert ask(hr, employer, pending).sent == [pending]
        second = links(mailoutbox)[1]
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_pressed_twice_it_is_told_once(hr, employer, pending, mailoutbox):
    assert len(links(mailoutbox)) == 1
    with later():
        assert ask(hr, employer, pending).sent == [pending]
        assert ask(hr, employer, pending).just_asked == [pending]
        assert len(links(mailoutbox)) == 2


def test_an_invitation_that_waits_does_not_go_out_beside_the_newer_one(hr, employer, pending, mailoutbox):
    with later():
        ask(hr, employer, pending)
        assert len(links(mailoutbox)) == 1


def test_a_refused_mail_is_seen_and_mended_by_hr(client, hr, employer, pending, mailoutbox, monkeypatch):
    def refuse(_message):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        send_queued_messages()
    refused = SentMessage.objects.get(recipient=pending.user)
    assert refused.state == SendState.FAILED
    client.force_login(hr, backend=BACKEND)
    assert "mail geweigerd" in client.get("/medewerkers/uitnodigingen/?show=expired").content.decode()
    with later():
        client.post("/medewerkers/uitnodigingen/versturen/?employer=de-vecht", {"expired": "1"})
        assert len(links(mailoutbox)) == 1
        refused.refresh_from_db()
        assert (refused.state, refused.context) == (SendState.SKIPPED, {})
        assert "mail geweigerd" not in client.get("/medewerkers/uitnodigingen/").content.decode()


def test_another_employer_neither_kills_nor_shows(client, hr, employer, pending, mailoutbox):
    other = OrganizationFactory()
    there = person_with_role(other, Role.HR_MANAGER)
    theirs = add_person(by=there, employer=other, person=NewPerson(email="nadia@voorbeeld.test"))
    mine, yours = links(mailoutbox)
    assert client.get(mine).status_code == client.get(yours).status_code == 200
    assert len(waiting_of(employer, [pending])) == 1
    assert waiting_of(employer, [pending])[0].asked_at != waiting_of(other, [theirs])[0].asked_at
    client.post(yours, {"password": "een-heel-nieuw-wachtwoord-9"})
    client.logout()
    assert client.get(mine).status_code == 404
    assert not Invitation.objects.filter(user=pending.user, used_at=None).exists()


def test_what_is_expired_can_be_asked_again_in_one_go(client, hr, employer, pending, mailoutbox):
    fresh = EmploymentFactory(employer=employer, user=UserFactory(activated_at=None))
    with clock.at(now() + timedelta(days=31)):
        assert set(awaited_staff(employer, only="expired")) == {pending, fresh}
        assert waiting_of(employer, [pending])[0].is_expired
        client.force_login(hr, backend=BACKEND)
        body = {"employer": "de-vecht", "expired": True}
        answer = client.post("/api/v1/employments/invite/", body, "application/json").json()
        assert set(answer["sent"]) == {str(pending.pk), str(fresh.pk)}
        assert not awaited_staff(employer, only="expired").exists()


def test_each_is_put_where_it_belongs(hr, employer, pending):
    without = EmploymentFactory(employer=employer, user=UserFactory(email=None, activated_at=None))
    present = EmploymentFactory(employer=employer)
    days = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31)}
    left = EmploymentFactory(employer=employer, user=UserFactory(activated_at=None), **days)
    asked = ask(hr, employer, pending, without, present, left)
    assert (asked.just_asked, asked.without_address, asked.in_already) == ([pending], [without], [present, left])
    assert awaited_staff(employer).count() == 2


def test_the_page_costs_the_same_for_many(client, hr, employer, django_assert_max_num_queries):
    for _n in range(20):
        EmploymentFactory(employer=employer, user=UserFactory(activated_at=None), department="Lassen")
    client.force_login(hr, backend=BACKEND)
    with django_assert_max_num_queries(24):
        assert client.get("/medewerkers/uitnodigingen/").status_code == 200


def test_the_link_of_an_invitation_never_sets_a_password_twice(client, hr, employer):
    known = UserFactory(email="al@voorbeeld.test")
    add_person(by=hr, employer=employer, person=NewPerson(email="al@voorbeeld.test"))
    invitation = Invitation.objects.get(user=known)
    assert SentMessage.objects.get(recipient=known).context["link"].endswith("/accounts/login/")
    assert not invitation.printed
    assert client.get(invitation_link("x")).status_code == 404
