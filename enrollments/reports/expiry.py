"""Who completed what, and until when it counts: by the certificate, by the employer's rule, whichever ends first."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from enrollments.models import Enrollment, EnrollmentState, ReportKind, TrainingDuty
from enrollments.rows import columns_of, rows_for_employer
from lms.core.clock import today
from lms.core.texts import localized
from lms.organizations.models import Employment

from .columns import Column, Kind, Line
from .filters import Asked
from .people import local_day
from .proofs import with_left_on, with_proofs
from .report import Figure, Report, in_order

SOON, LATER = timedelta(days=30), timedelta(days=90)
WIDEST = 12  # modules beside each other
COLUMNS = (
    Column("name", _("Name")),
    Column("personnel_number", _("Personnel number"), brief=False),
    Column("department", _("Department")),
    Column("module", _("Module")),
    Column("provider", _("Provider"), brief=False),
    Column("completed_on", _("Completed on"), Kind.DAY),
    Column("valid_until", _("Valid until"), Kind.DAY),
    Column("validity", _("Validity")),
    Column("certificate_number", _("Certificate number"), brief=False),
    Column("certificate_url", _("Address to verify it"), brief=False),
)


def _lasting(prefix: str, **until: date | None) -> Q:
    return Q(certificate_revoked=False) & Q(**{f"{prefix}valid_until__{name}": day for name, day in until.items()})


FIGURES = (
    Figure("expired", _("expired"), lambda prefix: _lasting(prefix, lt=today()), "neg"),
    Figure("soon", _("ends within 30 days"), lambda p: _lasting(p, gte=today(), lt=today() + SOON), "warn"),
    Figure("later", _("ends within 90 days"), lambda p: _lasting(p, gte=today() + SOON, lt=today() + LATER)),
    Figure("valid", _("valid for longer"), lambda prefix: _lasting(prefix, gte=today() + LATER), "pos"),
    Figure("for_good", _("for good"), lambda _prefix: Q(certificate_revoked=False, valid_until=None), "pos"),
    Figure("revoked", _("revoked"), lambda _prefix: Q(certificate_revoked=True), "neg"),
)


def _query(asked: Asked) -> QuerySet[Enrollment]:
    """Of each person now employed and each module the latest completion that the employer arranged."""
    done = Enrollment.objects.arranged_at(asked.employer).filter(state=EnrollmentState.COMPLETED)
    newer = done.filter(
        learner=OuterRef("learner"), version__module=OuterRef("version__module"), ended_at__gt=OuterRef("ended_at")
    )
    latest = done.filter(asked.people(), asked.offered(), ~Exists(newer))
    by_rule = TrainingDuty.objects.filter(enrollment=OuterRef("pk"), lifted_at=None).order_by("valid_until")
    rule_ends = Subquery(by_rule.exclude(valid_until=None).values("valid_until")[:1])
    known = with_proofs(with_left_on(latest)).annotate(rule_ends=rule_ends)
    first = Least("rule_ends", "certificate_valid_until")  # NULL on SQLite where one of them is
    return known.annotate(valid_until=Coalesce(first, "rule_ends", "certificate_valid_until"))


def _lines(asked: Asked, keys: list[UUID]) -> list[Line]:
    names = ("valid_until", "certificate_revoked", "certificate_number", "certificate_url")
    found = list(columns_of(_query(asked).filter(pk__in=keys), *names))
    beside = {row["id"]: {name: row[name] for name in names} for row in found}
    return in_order(keys, {row["id"]: _line(row, beside[row["id"]]) for row in rows_for_employer(found)})


def _line(row: dict[str, Any], beside: dict[str, Any]) -> Line:
    return {
        "id": row["id"],
        "name": row["learner"]["name"],
        "personnel_number": row["learner"]["personnel_number"],
        "department": row["learner"]["department"],
        "module": row["offering"]["title"],
        "provider": row["provider"]["name"],
        "completed_on": local_day(row["completed_at"]),
        "valid_until": beside["valid_until"],
        "validity": validity(beside["valid_until"], revoked=beside["certificate_revoked"])[1],
        "certificate_number": beside["certificate_number"],
        "certificate_url": beside["certificate_url"],
    }


def validity(until: date | None, *, revoked: bool) -> tuple[str, str]:
    """How it looks and what it says, readable without color."""
    if revoked:
        return "neg", _now("revoked")
    if until is None:
        return "pos", _now("for good")
    days = (until - today()).days
    if days < 0:
        return "neg", _now("expired")
    if days < LATER.days:
        return ("warn" if days < SOON.days else "info"), _now("%(n)d days left") % {"n": days}
    return "pos", _now("valid")


EXPIRY = Report(
    kind=ReportKind.EXPIRY.value,
    slug="geldigheid",
    title=_("Certificates that expire"),
    explanation=_("Of each person and module the latest completion, and until when it counts."),
    figures=FIGURES,
    columns=COLUMNS,
    query=_query,
    lines=_lines,
    filters=("department", "function", "manager", "module", "provider", "mandatory"),
)


@dataclass(frozen=True)
class Cell:
    """One person and one module: what it looks like and says; empty where it was neither asked nor completed."""

    title: str
    look: str = ""
    words: str = ""
    until: date | None = None


def matrix_of(
    asked: Asked, employments: list[Employment]
) -> tuple[list[str], list[tuple[Employment, list[Cell]]], int]:
    """Titles of modules, these people with a cell per module, and how many modules found no room. Two queries.

    Modules come in the order of their titles, those that most people here have or must have.
    """
    learners = [employment.user_id for employment in employments]
    done = _query(asked).filter(learner__in=learners)
    cells: dict[Any, dict[UUID, Cell]] = {}
    titles: dict[Any, str] = {}
    read: tuple[str, ...] = ("learner", "version__module", "version__title", "valid_until", "certificate_revoked")
    for row in done.values(*read):
        look, words = validity(row["valid_until"], revoked=row["certificate_revoked"])
        titles[row["version__module"]] = localized(row["version__title"])
        title = titles[row["version__module"]]
        cells.setdefault(row["version__module"], {})[row["learner"]] = Cell(title, look, words, row["valid_until"])
    must = TrainingDuty.objects.filter(employer=asked.employer.pk, learner__in=learners, met_at=None, lifted_at=None)
    for learner, module, code in must.values_list("learner", "rule__module", "rule__module__code"):
        titles.setdefault(module, code)
        cells.setdefault(module, {}).setdefault(learner, Cell(titles[module], "neg", _now("required, never completed")))
    shown = sorted(cells, key=lambda module: (-len(cells[module]), titles[module]))[:WIDEST]
    shown.sort(key=lambda module: titles[module])
    rows = [(one, [cells[module].get(one.user_id, Cell(titles[module])) for module in shown]) for one in employments]
    return [titles[module] for module in shown], rows, len(cells) - len(shown)


def people_of(asked: Asked) -> QuerySet[Employment]:
    """The rows of the matrix: present staff as asked."""
    return asked.staff(Employment.objects.current()).select_related("user")
