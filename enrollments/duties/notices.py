"""Who hears of duties: the worker in time and when it is late, HR of what is overdue. Each once, by the send ledger."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import formats, translation

from courses.models import ModuleVersion
from enrollments.models import TrainingDuty
from lms.accounts.models import LANGUAGES, User
from lms.core.clock import today
from lms.core.texts import localized
from lms.notifications.services import Notice, notify
from lms.organizations.models import Membership
from lms.permissions.roles import roles_allowing

BEFORE = (3, 14)  # days before it is due; the nearest counts
PORTION = 1000


def remind_duties() -> int:
    """Remind who still has something to do: 14 and 3 days before, and each week that it is late.

    What is done, lifted or of somebody who left is not asked for again. Returns how many messages are new.
    """
    soon = today() + timedelta(days=max(BEFORE))
    duties = TrainingDuty.objects.todo().of_present_staff().filter(due_on__lte=soon, learner__is_active=True)
    asked = duties.exclude(enrollment__state="completed").select_related("rule__module", "employer", "learner")
    return sum(_remind(portion) for portion in _portions(asked.order_by("id").iterator(PORTION)))


def moment_of(due_on: date) -> str:
    """Which reminder is due today; empty for none. The same moment is never told twice."""
    left = (due_on - today()).days
    if left < 0:
        return f"late-{(-left - 1) // 7}"
    return next((str(days) for days in BEFORE if left <= days), "")


def send_digests() -> int:
    """Tell HR of each employer once a week how much is overdue, by rule. Returns how many messages are new."""
    overdue = TrainingDuty.objects.overdue().of_present_staff()
    grouped = overdue.values("employer", "employer__name", "rule__module").order_by()
    counted: list[Any] = list(grouped.annotate(people=Count("pk")))
    by_employer: dict[UUID, list[dict[str, Any]]] = {}
    for row in counted:
        by_employer.setdefault(row["employer"], []).append(row)
    titles = titles_of(row["rule__module"] for row in counted)
    year, week, _day = today().isocalendar()
    members = Membership.objects.filter(
        organization__in=by_employer, role__in=roles_allowing("manage_rules"), user__is_active=True
    )
    notices = [
        Notice("duties_overdue", person.pk, f"{employer}:{year}-{week}", _digest(person, by_employer[employer], titles))
        for employer, person in {(member.organization_id, member.user) for member in members.select_related("user")}
    ]
    with transaction.atomic():
        return notify(notices)


def titles_of(modules: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """The present titles of modules, in all languages. One query."""
    current = ModuleVersion.objects.current().filter(module__in=set(modules))
    return dict(current.values_list("module", "title"))


@transaction.atomic
def _remind(duties: tuple[TrainingDuty, ...]) -> int:
    titles = titles_of(duty.rule.module_id for duty in duties)
    notices = [
        Notice("duty_due", duty.learner_id, f"{duty.pk}:{moment}", _context(duty, titles))
        for duty in duties
        if (moment := moment_of(duty.due_on))
    ]
    return notify(notices)


def _context(duty: TrainingDuty, titles: dict[UUID, dict[str, str]]) -> dict[str, Any]:
    with translation.override(duty.learner.language):
        return {
            "title": localized(titles.get(duty.rule.module_id)) or duty.rule.module.code,
            "employer": duty.employer.name,
            "due_on": formats.date_format(duty.due_on, "DATE_FORMAT"),
            "late": duty.due_on < today(),
            "legal": duty.rule.legal,
            "waits": duty.enrollment_id is None,
            "path": reverse("enrollments:my_learning"),
        }


def _digest(person: User, rows: list[dict[str, Any]], titles: dict[UUID, dict[str, str]]) -> dict[str, Any]:
    language = person.language if person.language in dict(LANGUAGES) else "nl"
    lines = [[localized(titles.get(row["rule__module"]), language), row["people"]] for row in rows]
    return {
        "employer": rows[0]["employer__name"],
        "people": sum(people for _title, people in lines),
        "lines": sorted(lines, key=lambda line: -line[1]),
        "path": f"{reverse('enrollments:duties')}?state=overdue",
    }


def _portions(duties: Iterator[TrainingDuty]) -> Iterator[tuple[TrainingDuty, ...]]:
    while portion := tuple(islice(duties, PORTION)):
        yield portion
