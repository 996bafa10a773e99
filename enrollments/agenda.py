"""A person's sessions: those one takes part in, and those one teaches."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Session
from lms.core.clock import now

from .models import TAKES_PART_STATES, Enrollment

KEPT = timedelta(days=400)  # how long past sessions stay in a calendar
MOST = 1000


def sessions_of(user: Any) -> QuerySet[Session]:
    """Every session of offerings one takes or completed, and every one that one teaches; soonest first."""
    taking = Enrollment.objects.of_learner(user).filter(offering=OuterRef("offering"), state__in=TAKES_PART_STATES)
    own = Session.objects.filter(Q(Exists(taking)) | Q(teacher=user.pk)).for_lists()
    return own.order_by("starts_at", "id")


def agenda_of(user: Any) -> QuerySet[Session]:
    """The same without what is long past, at most a thousand: what a calendar shows."""
    return sessions_of(user).filter(ends_at__gt=now() - KEPT)[:MOST]
