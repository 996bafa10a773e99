"""What proof there is of an enrollment. The app that issues proofs lies higher, so it hands its expressions down.

An expression reads an enrollment that carries `left_on` (see `with_left_on`), so that it tells an employer
nothing that came after somebody left. Reports select and compare them in their own query.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, CharField, DateField, F, OuterRef, QuerySet, Subquery, Value

from enrollments.models import Enrollment
from lms.core.clock import today
from lms.organizations.models import Employment

ABSENT: dict[str, Any] = {
    "certificate_number": CharField(),
    "certificate_url": CharField(),
    "certificate_valid_until": DateField(),
    "certificate_revoked": BooleanField(),
}
_contributed: dict[str, Callable[[], Any]] = {}


def contribute(name: str, expression: Callable[[], Any]) -> None:
    """Say how one of the facts in `ABSENT` is read. Called once per fact, when the app that knows it is ready."""
    if name not in ABSENT:
        raise LookupError(name)
    _contributed[name] = expression


def with_proofs(enrollments: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    """Annotated with each of these facts, empty where nobody issues proofs. Requires: `left_on`."""
    read = {
        name: _contributed[name]() if name in _contributed else Value(None, output_field=field)
        for name, field in ABSENT.items()
    }
    return enrollments.annotate(**read)


def with_left_on(enrollments: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    """Annotated with the last working day of who has left the employer that arranged it."""
    latest = Employment.objects.filter(employer=OuterRef("employer"), user=OuterRef("learner"))
    latest = latest.order_by(F("ends_on").desc(nulls_first=True), "-starts_on")
    works = Subquery(latest.values("pk")[:1])
    gone = Employment.objects.filter(pk=OuterRef("employment_id"), ends_on__lt=today())
    return enrollments.annotate(employment_id=works).annotate(left_on=Subquery(gone.values("ends_on")[:1]))
