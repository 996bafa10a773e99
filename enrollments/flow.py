"""The life of an enrollment: which state may follow which. Completed is final."""

from django.utils.translation import gettext as _

from lms.core.errors import Conflict

from .models import Enrollment, EnrollmentState

S = EnrollmentState

ARROWS: dict[str, frozenset[str]] = {
    S.REQUESTED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.ACTIVE, S.WAITLISTED, S.WITHDRAWN}),
    S.WAITLISTED: frozenset({S.OFFERED, S.ACTIVE, S.WITHDRAWN}),
    S.OFFERED: frozenset({S.ACTIVE, S.DECLINED, S.WITHDRAWN}),
    S.ACTIVE: frozenset({S.COMPLETED, S.NOT_PASSED, S.WITHDRAWN, S.EXPIRED}),
    S.REFUSED: frozenset(),
    S.DECLINED: frozenset(),
    S.COMPLETED: frozenset(),
    S.NOT_PASSED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset(),
}


def require_arrow(enrollment: Enrollment, to: EnrollmentState) -> None:
    """Raises Conflict when `to` may not follow the enrollment's present state."""
    if to not in ARROWS[enrollment.state]:
        present = EnrollmentState(enrollment.state).label
        raise Conflict(
            _("This enrollment is %(present)s; it cannot become %(to)s.") % {"present": present, "to": to.label},
            code="state",
        )
