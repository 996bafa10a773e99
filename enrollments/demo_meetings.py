"""What happened at the sessions of the demo story: an attendance sheet was filled in, and one meeting was moved."""

from datetime import datetime, time, timedelta

from courses.models import Offering, Session
from courses.services.sessions import move_session
from courses.timetable import AMSTERDAM
from enrollments.models import Enrollment
from enrollments.services.attending import mark_attendance
from lms.accounts.models import User
from lms.core.clock import now
from lms.organizations.demo.moments import ago

CNC = "cnc-veilig-instellen-najaar"


def tell_meetings() -> None:
    """The first practice afternoon has its sheet, with a correction; the next one goes to the morning after."""
    offering = Offering.objects.select_related("provider").get(code=CNC)
    _mark_first(offering)
    _move_next(offering)


def _mark_first(offering: Offering) -> None:
    session = offering.sessions.for_lists().filter(ends_at__lt=now()).order_by("starts_at").first()
    people = Enrollment.objects.filter(offering=offering, state="active").order_by("id")
    if session is None or session.teacher is None or not people:
        return
    teacher = session.teacher
    with ago((now() - session.ends_at).days, by=teacher):
        minutes = {enrollment.pk: session.minutes for enrollment in people}
        mark_attendance(by=teacher, session=session, minutes=minutes)
        late = people.last()
        if late is not None:
            early = {late.pk: session.minutes - 60}
            mark_attendance(by=teacher, session=session, minutes=early, reason="Kwam een uur later door de dienst")


def _move_next(offering: Offering) -> None:
    session = _next(offering)
    if session is None:
        return
    publisher = User.objects.get(memberships__organization=offering.provider, memberships__role="publisher")
    day = session.starts_at.astimezone(AMSTERDAM).date() + timedelta(days=1)
    starts_at = datetime.combine(day, time(9), AMSTERDAM)
    with ago(2, by=publisher):
        move_session(by=publisher, session=session, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3.5))


def _next(offering: Offering) -> Session | None:
    """The first that is at least two days away, so that its time is still to come when it is moved."""
    ahead = offering.sessions.for_lists().filter(starts_at__gt=now() + timedelta(days=2))
    return ahead.order_by("starts_at").first()
