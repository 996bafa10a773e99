"""Training needs: how many, for how many people, and the places that came of them."""

from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models import ReservedPlaces
from enrollments.models import NeedAnswer, NeedState, ReportKind, TrainingNeed
from lms.core.texts import localized
from lms.organizations.models import Department

from .columns import Column, Kind, Line
from .departments import tree_of
from .filters import NO_DEPARTMENT, Asked
from .people import local_day
from .report import Figure, Measure, Report, in_order

COLUMNS = (
    Column("need", _("Training need")),
    Column("state", _("State")),
    Column("department", _("Department")),
    Column("function", _("Function (ESCO)"), brief=False),
    Column("level", _("Level (NLQF)"), Kind.NUMBER, brief=False),
    Column("people", _("People asked for"), Kind.NUMBER),
    Column("reserved", _("Places kept"), Kind.NUMBER),
    Column("taken", _("Places taken"), Kind.NUMBER),
    Column("by_day", _("By when"), Kind.DAY),
    Column("place", _("Place"), brief=False),
    Column("posted_on", _("Posted on"), Kind.DAY),
    Column("bundle", _("Bundle"), brief=False),
    Column("met_on", _("Met on"), Kind.DAY, brief=False),
)
MEASURES = (
    Measure("people", _("people"), Kind.NUMBER, "people"),
    Measure("reserved", _("places kept"), Kind.NUMBER, "kept"),
    Measure("taken", _("places taken"), Kind.NUMBER, "taken"),
)
LOOKS = {NeedState.MET: "pos"}


def _in_state(state: NeedState) -> Figure:
    return Figure(state.value, state.label, lambda prefix: Q(**{f"{prefix}state": state}), LOOKS.get(state, ""))


FIGURES = tuple(_in_state(state) for state in NeedState)


def _query(asked: Asked) -> QuerySet[TrainingNeed]:
    """The employer's needs, with the places that answers keep for it.

    Places are the employer's in a bundle, not one need's: they count with the first of its needs there.
    """
    first = TrainingNeed.objects.filter(bundle=OuterRef("bundle"), employer=OuterRef("employer"), pk__lt=OuterRef("pk"))
    needs = TrainingNeed.objects.filter(employer=asked.employer.pk).order_by()
    needs = needs.annotate(comes_later=Exists(first)).annotate(kept=_places("places"), taken=_places("taken"))
    wanted = {"posted_at__date__gte": asked.since, "posted_at__date__lte": asked.until}
    needs = needs.filter(**{path: day for path, day in wanted.items() if day is not None})
    if asked.department == NO_DEPARTMENT:
        return needs.filter(department=None)
    if isinstance(asked.department, UUID):
        return needs.filter(department__in=Department.objects.within(asked.department))
    return needs


def _places(name: str) -> Any:
    answers = NeedAnswer.objects.filter(bundle=OuterRef(OuterRef("bundle"))).values("offering")
    kept = ReservedPlaces.objects.filter(
        offering__in=answers, employer=OuterRef("employer"), offering__cancelled_at=None
    )
    kept = kept.exclude(given_up_at__isnull=False, taken=0)
    summed = kept.order_by().values("employer").annotate(total=Sum(name)).values("total")
    first = When(comes_later=False, then=Coalesce(Subquery(summed), 0))
    return Case(first, default=Value(0), output_field=IntegerField())


def _lines(asked: Asked, keys: list[UUID]) -> list[Line]:
    read = ("id", "title", "state", "department__name", "level", "people", "kept", "taken", "by_day", "place")
    rows = _query(asked).filter(pk__in=keys)
    found = rows.values(*read, "posted_at", "met_at", "bundle__title", "occupation__label_nl", "occupation__label_en")
    return in_order(keys, {row["id"]: _line(row) for row in found})


def _line(row: dict[str, Any]) -> Line:
    return {
        "id": row["id"],
        "need": row["title"],
        "state": NeedState(row["state"]).label,
        "department": row["department__name"],
        "function": _label(row),
        "level": row["level"],
        "people": row["people"],
        "reserved": row["kept"],
        "taken": row["taken"],
        "by_day": row["by_day"],
        "place": row["place"],
        "posted_on": local_day(row["posted_at"]),
        "bundle": row["bundle__title"],
        "met_on": local_day(row["met_at"]),
    }


def _label(row: dict[str, Any]) -> str:
    return localized({"nl": row["occupation__label_nl"] or "", "en": row["occupation__label_en"] or ""})


def needs_by_department(asked: Asked) -> list[dict[str, Any]]:
    """The figures of each department with all below it, as a tree. Two queries."""
    counted = {figure.key: Count(Value(1), filter=figure.fits("")) for figure in FIGURES}
    found: Any = _query(asked).values("department").annotate(**counted, **NEEDS.sums())
    own = {row["department"]: _figures(row) for row in found}
    return tree_of(asked, own)


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {"figures": {figure.key: row[figure.key] for figure in FIGURES}, "amounts": NEEDS.told(row)}


NEEDS = Report(
    kind=ReportKind.NEEDS.value,
    slug="opleidingsbehoeften",
    title=_("Training needs"),
    explanation=_("What was asked for, for how many people, and the places that providers kept and people took."),
    figures=FIGURES,
    columns=COLUMNS,
    query=_query,
    lines=_lines,
    filters=("department", "since", "until"),
    measures=MEASURES,
    by_department=needs_by_department,
    hr_only=True,
    days=(_("Posted from"), _("Posted until")),
)
