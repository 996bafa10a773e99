"""Reports by mail: each moment once, only while one may see them, and without a name in the mail."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from enrollments.models import ScheduledReport
from enrollments.reports.filters import read_filters
from enrollments.reports.people import PEOPLE
from enrollments.services import scheduling
from enrollments.services.scheduling import moment_after, schedule_report, send_due_reports
from lms.audit.models import AuditEntry
from lms.core.clock import now, today
from lms.notifications.models import SentMessage
from lms.notifications.services import send_queued_messages
from lms.organizations.models import Membership
from lms.organizations.services import remove_member
from lms.permissions.roles import Role
from tests.factories import UserFactory, person_with_role

from .test_people import api_of, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def weekly(works):
    return schedule_report(report=PEOPLE, asked=read_filters(works.hr, {"mandatory": "yes"}), frequency="weekly")


def on(schedule):
    day = ScheduledReport.objects.get(pk=schedule.pk).next_on
    return time_machine.travel(dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC), tick=False)


def test_mondays_and_firsts():
    assert moment_after(dt.date(2026, 11, 24), "weekly") == dt.date(2026, 11, 30)
    assert moment_after(dt.date(2026, 11, 30), "weekly") == dt.date(2026, 12, 7)
    assert moment_after(dt.date(2026, 12, 31), "monthly") == dt.date(2027, 1, 1)
    assert moment_after(dt.date(2026, 12, 1), "monthly") == dt.date(2027, 1, 1)


def test_each_moment_comes_once_with_figures_and_without_names(works, weekly):
    assert send_due_reports() == 0
    with on(weekly):
        expected = PEOPLE.count(read_filters(works.hr, {"mandatory": "yes"}))
        assert send_due_reports() == 1
        assert send_due_reports() == 0
        send_queued_messages()
        assert ScheduledReport.objects.get().next_on > today()
    (message,) = mail.outbox
    assert message.to == [works.hr.email]
    for count in expected.values():
        assert f"- {count} " in message.body
    for employment in works.staff:
        assert employment.user.family_name not in message.body
    assert "/rapporten/mijn-mensen/?employer=" in message.body
    assert "mandatory=yes" in message.body


def test_a_kill_in_between_leaves_both_or_none(works, weekly, monkeypatch):
    with on(weekly):
        monkeypatch.setattr(scheduling, "now", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_due_reports()
        assert not SentMessage.objects.filter(kind="scheduled_report").exists()
        monkeypatch.undo()
        assert send_due_reports() == 1
        ScheduledReport.objects.update(next_on=today())
    assert SentMessage.objects.filter(kind="scheduled_report").count() == 1


def test_after_weeks_of_silence_one_mail_comes(works, weekly):
    with time_machine.travel(now() + dt.timedelta(days=40), tick=False):
        assert send_due_reports() == 1
        assert send_due_reports() == 0


def test_who_lost_the_role_gets_nothing_and_it_ends(works, weekly):
    remove_member(by=person_with_role(works.employer, Role.ORG_ADMIN), membership=Membership.objects.get(user=works.hr))
    with on(weekly):
        assert send_due_reports() == 1
    assert not SentMessage.objects.filter(kind="scheduled_report").exists()
    assert not ScheduledReport.objects.exists()
    assert AuditEntry.objects.filter(action="enrollments.end_scheduled_report").count() == 1


def test_a_filter_that_is_gone_ends_it(works):
    asked = read_filters(works.hr, {"department": str(works.departments[-1].pk)})
    schedule = schedule_report(report=PEOPLE, asked=asked, frequency="monthly")
    works.departments[-1].parts.update(parent=None)
    works.departments[-1].delete()
    with on(schedule):
        send_due_reports()
    assert not ScheduledReport.objects.exists()


def test_by_page_and_by_api(works, weekly):
    api, page = api_of(works.hr), client_of(works.hr)
    said = {"report": "people", "frequency": "monthly", "filters": {"function": "lasser"}}
    made = api.post("/api/v1/scheduled-reports/", said, format="json")
    assert made.status_code == 201
    page.post("/rapporten/mijn-mensen/inplannen/", {"frequency": "monthly", "function": "lasser"})
    assert ScheduledReport.objects.count() == 2
    assert "lasser" in page.get("/rapporten/per-mail/").content.decode()
    assert api_of(UserFactory()).delete(f"/api/v1/scheduled-reports/{weekly.pk}/").status_code == 404
    page.post(f"/rapporten/per-mail/{weekly.pk}/stoppen/")
    assert api.delete(f"/api/v1/scheduled-reports/{made.json()['id']}/").status_code == 204
    assert not ScheduledReport.objects.exists()
