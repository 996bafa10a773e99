"""One ledger: nobody gets a mail twice, and what did not arrive is shown."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from lms.core.clock import now
from lms.notifications import services
from lms.notifications.models import SendState, SentMessage
from lms.notifications.services import Notice, notify, queue_forgotten, send_queued_messages
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_templates(settings, tmp_path):
    """A message of the test's own."""
    folder = tmp_path / "templates" / "notifications"
    folder.mkdir(parents=True)
    (folder / "test_hello.subject.txt").write_text("Dag {{ recipient_name }},\nwelkom bij {{ course }}\n")
    (folder / "test_hello.txt").write_text("{% load i18n %}{% get_current_language as l %}{{ l }} {{ base_url }}")
    (folder / "test_broken.subject.txt").write_text("{% nonsense %}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}]


@pytest.fixture
def person():
    return UserFactory(given_name="Anouk", language="en")


def hello(person, about="course-1", kind="test_hello"):
    return Notice(kind, person.pk, about, {"course": "Lassen"})


def ask(*notices):
    with transaction.atomic():
        return notify(list(notices))


def test_the_mail_is_in_the_readers_language_and_on_one_line(person):
    ask(hello(person))
    assert send_queued_messages() == 1
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == ([person.email], "Dag Anouk, welkom bij Lassen")
    assert sent.body == "en http://localhost:8000"
    message = SentMessage.objects.get()
    assert (message.state, sent.extra_headers["Message-ID"]) == ("sent", f"<{message.pk}@localhost>")
    assert message.sent_at is not None


def test_the_same_notice_twice_sends_one_mail(person):
    assert ask(hello(person), hello(person, about="course-2")) == 2
    send_queued_messages()
    assert ask(hello(person)) == 0
    send_queued_messages()
    assert len(mail.outbox) == 2


def test_a_change_that_is_rolled_back_tells_nobody(person):
    with transaction.atomic():
        notify([hello(person)])
        transaction.set_rollback(True)
    assert send_queued_messages() == 0


def test_a_crash_between_claim_and_send_is_shown_and_not_sent_again(person, monkeypatch):
    """The mail server may have taken it: nobody knows, so a person decides."""

    class Crash(BaseException):
        pass

    def crash(message):
        raise Crash

    ask(hello(person))
    with monkeypatch.context() as patch:
        patch.setattr(services, "_mail", crash)
        with pytest.raises(Crash):
            send_queued_messages()
    assert send_queued_messages() == 0
    assert queue_forgotten() == 0
    assert mail.outbox == []
    assert SentMessage.objects.get().state == SendState.SENDING


def test_a_refusal_is_shown_with_its_reason_and_stops_nobody_else(person):
    ask(hello(person, kind="test_broken"), hello(person))
    send_queued_messages()
    states = dict(SentMessage.objects.values_list("kind", "state"))
    assert states == {"test_broken": "failed", "test_hello": "sent"}
    assert "nonsense" in SentMessage.objects.get(kind="test_broken").error


@pytest.mark.parametrize("change", [{"email": None}, {"is_active": False}])
def test_someone_without_address_or_account_gets_no_mail(person, change):
    ask(hello(person))
    type(person).objects.filter(pk=person.pk).update(**change)
    send_queued_messages()
    assert mail.outbox == []
    assert SentMessage.objects.get().state == SendState.SKIPPED


def test_a_wake_up_that_the_broker_lost_is_made_up_for(person):
    ask(hello(person))
    assert queue_forgotten() == 0, "it may still come"
    SentMessage.objects.update(queued_at=now() - timedelta(minutes=2))
    assert queue_forgotten() == 1
    assert len(mail.outbox) == 1


def test_many_notices_take_a_bounded_number_of_statements(django_assert_max_num_queries):
    people = UserFactory.create_batch(60)
    with transaction.atomic(), django_assert_max_num_queries(8):
        assert notify([hello(person) for person in people]) == 60
