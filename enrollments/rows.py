"""Enrollments as lists show them: dictionaries straight from the database, the same for pages and API.

A row holds what an employer may see of what it arranged (AVG): dates, state, progress, minutes at sessions, completion;
never answers, attempts, scores or single units; the grade only while the worker shares it. Of somebody who left, it
shows how things stood on the last day, and says so.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.core.clock import today
from lms.core.texts import localized
from lms.organizations.models import Employment
from lms.permissions.services import anchors_allowing

from .models import Attendance, Enrollment, EnrollmentState, GradeShare, percent_of
from .progress import Progress, explain_many

COLUMNS = (
    "id",
    "state",
    "arranged_by",
    "mandatory",
    "created_at",
    "activated_at",
    "ended_at",
    "units_done",
    "units_required",
    "last_activity_at",
    "due_on",
    "learner_id",
    "learner__given_name",
    "learner__name_prefix",
    "learner__family_name",
    "learner__email",
    "offering__code",
    "offering__starts_on",
    "offering__ends_on",
    "version__title",
    "version__number",
    "provider_id",
    "provider__slug",
    "provider__name",
    "employer_id",
    "employer__slug",
    "employer__name",
)
Row = dict[str, Any]
_SHARE = GradeShare.objects.filter(enrollment=OuterRef("pk"), ended_at=None).values("shared_at")[:1]
GRADE = {"grade": F("completion__result__score"), "grade_shared_at": Subquery(_SHARE)}


def columns_of(enrollments: QuerySet[Enrollment], *more: str) -> QuerySet[Enrollment, Row]:
    """What `rows_for` reads, in one statement without a model in between: columns, minutes, employment and grade.

    `more` are annotations that come along.
    """
    beside = {"attended_minutes": Coalesce(Subquery(_MINUTES), 0), "employment": Subquery(_EMPLOYMENT)} | GRADE
    return enrollments.annotate(**beside).values(*COLUMNS, *beside, *more)


def rows_for(user: Any, found: Iterable[Row], *, states: Iterable[str] = ()) -> list[Row]:
    """What `user` sees of what `columns_of` found, in the same order. Without people who left it asks nothing more.

    `states` are those that were asked for: a row whose state an employer may not know any more does not answer to them.
    """
    found, states = list(found), frozenset(states)
    return _rows(found, _seen_as_employer(user, found), states)


def rows_for_employer(found: Iterable[Row]) -> list[Row]:
    """What the employer that arranged it sees of what `columns_of` found, whoever asks: the worker asks this."""
    found = list(found)
    return _rows(found, {id(row) for row in found}, frozenset())


def _rows(found: list[Row], as_employer: set[int], states: frozenset[str]) -> list[Row]:
    for row in found:
        row["employment"] = row["employment"] if id(row) in as_employer else None
    left = {row["id"]: last for row in found if (last := _left_on(row)) is not None}
    for row in found:
        if id(row) in as_employer:
            _keep_the_grade_private(row, left.get(row["id"], date.max))
    if left:
        _leave_out_what_came_later(found, left)
    return [_row(row) for row in found if not states or row["state"] in states]


# The latest marking of each session counts. Of several employments the present one, else the one that ended last.
_LATER = Attendance.objects.filter(
    enrollment=OuterRef("enrollment"), session=OuterRef("session"), number__gt=OuterRef("number")
)
_MINUTES = (
    Attendance.objects.filter(~Exists(_LATER), enrollment=OuterRef("pk"))
    .order_by()
    .values("enrollment")
    .annotate(total=Sum("minutes"))
    .values("total")
)
_TOLD = {
    "number": "personnel_number",
    "department": "department__name",
    "listed": "listed_as",
    "ends_on": "ends_on",
}
_EMPLOYMENT = (
    Employment.objects.filter(employer=OuterRef("employer"), user=OuterRef("learner"))
    .order_by(F("ends_on").desc(nulls_first=True))
    .values(told=JSONObject(**_TOLD))[:1]
)


def _row(row: Row) -> Row:
    names = (row["learner__given_name"], row["learner__name_prefix"], row["learner__family_name"])
    employment = row["employment"]
    listed = employment["listed"] if employment else ""
    shown = {
        "id": row["id"],
        "state": row["state"],
        "learner": {
            "id": row["learner_id"],
            "name": listed or " ".join(name for name in names if name) or row["learner__email"] or "",
            "email": None if _left_on(row) else row["learner__email"],
            "personnel_number": employment["number"] if employment else None,
            "department": employment["department"] or "" if employment else None,
            "left_on": _left_on(row),
        },
        "offering": {
            "code": row["offering__code"],
            "title": localized(row["version__title"]),
            "starts_on": row["offering__starts_on"],
            "ends_on": row["offering__ends_on"],
        },
        "version": row["version__number"],
        "provider": {"slug": row["provider__slug"], "name": row["provider__name"]},
        "employer": None,
        "arranged_by": row["arranged_by"],
        "mandatory": row["mandatory"],
        "created_at": row["created_at"],
        "activated_at": row["activated_at"],
        "ended_at": row["ended_at"],
        "attended_minutes": row["attended_minutes"],
        "percent": percent_of(row["units_done"], row["units_required"]),
        "overdue": row["state"] == EnrollmentState.ACTIVE
        and (row["due_on"] or row["offering__ends_on"] or date.max) < today(),
        "completed_at": row["ended_at"] if row["state"] == EnrollmentState.COMPLETED else None,
        "grade": row["grade"] if row["state"] == EnrollmentState.COMPLETED else None,
    }
    shown["masked"] = _reason_of_mask(shown["learner"]["left_on"])
    if row["employer_id"]:
        shown["employer"] = {"slug": row["employer__slug"], "name": row["employer__name"]}
    return shown


def _reason_of_mask(left_on: date | None) -> str | None:
    """A row never vanishes silently: it says from when on it shows no more."""
    if left_on is None:
        return None
    return _("left on %(day)s: what came after is not shown") % {"day": date_format(left_on, "SHORT_DATE_FORMAT")}


def _keep_the_grade_private(row: Row, last_day: date) -> None:
    """The employer sees a grade only while the worker shares it, and of who left only when it was shared before."""
    if row["grade_shared_at"] is None or _day(row["grade_shared_at"]) > last_day:
        row["grade"] = None


def _seen_as_employer(user: Any, found: list[Row]) -> set[int]:
    """The rows that this user sees by no other right than being the employer's HR."""
    if user.is_superuser:
        return set()
    provided = set(anchors_allowing(user, "view_participants"))
    return {id(row) for row in found if row["learner_id"] != user.pk and row["provider_id"] not in provided}


def _left_on(row: Row) -> date | None:
    """The last working day of who left the employer that sees this row; None for who works there."""
    ends_on = row["employment"] and row["employment"]["ends_on"]
    return _ended(ends_on, today()) if ends_on else None


@lru_cache(maxsize=1_000)
def _ended(ends_on: str, day: date) -> date | None:
    last = date.fromisoformat(ends_on)
    return last if last < day else None


def _leave_out_what_came_later(found: list[Row], left: dict[Any, date]) -> None:
    """Turn the rows of people who left back to how they stood on their last day."""
    rows = [row for row in found if row["id"] in left]
    later = [row for row in rows if _day(row["last_activity_at"]) > left[row["id"]]]
    then = _progress_until({row["id"]: left[row["id"]] for row in later})
    for row in later:
        row["units_done"] = then[row["id"]].done
    for row in rows:
        last_day = left[row["id"]]
        if _day(row["ended_at"]) > last_day:
            row |= {"ended_at": None, "state": EnrollmentState.ACTIVE.value}
        if row["state"] == EnrollmentState.ACTIVE and _day(row["activated_at"]) > last_day:
            row |= {"activated_at": None, "state": EnrollmentState.WAITLISTED.value}
    _count_minutes_until(rows, left)


def _count_minutes_until(rows: list[Row], left: dict[Any, date]) -> None:
    """Sessions after the last working day do not count."""
    marks = Attendance.objects.filter(enrollment__in=[row["id"] for row in rows]).order_by("number")
    latest: dict[Any, dict[Any, int]] = {}
    for enrollment, session, minutes, starts_at in marks.values_list(
        "enrollment", "session", "minutes", "session__starts_at"
    ):
        if _day(starts_at) <= left[enrollment]:
            latest.setdefault(enrollment, {})[session] = minutes
    for row in rows:
        row["attended_minutes"] = sum(latest.get(row["id"], {}).values())


def _progress_until(last_days: dict[Any, date]) -> dict[Any, Progress]:
    return explain_many(Enrollment.objects.filter(pk__in=last_days), until=last_days) if last_days else {}


def _day(moment: Any) -> date:
    return timezone.localdate(moment) if moment else date.min
