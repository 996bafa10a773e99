"""Runs in a process of its own, that the test kills: prepares a world, finishes enrollments, settles the outbox.

Prints one line per thing that was committed: what was printed must never be lost.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

import django

django.setup()

from courses.models import Unit  # noqa: E402
from enrollments.models import Enrollment  # noqa: E402
from enrollments.services.enrolling import enroll_self  # noqa: E402
from enrollments.services.learning import mark_unit_done  # noqa: E402
from lms.core.clock import at, now  # noqa: E402
from lms.events.models import Delivery  # noqa: E402
from lms.events.services import deliver_due, reconcile_all  # noqa: E402
from tests.factories import UserFactory, offering_of, published_version  # noqa: E402


def prepare(count: int) -> None:
    """One offering of one text unit, and learners who take it."""
    offering = offering_of(published_version(units=("text",)))
    for _ in range(count):
        enroll_self(by=UserFactory(), offering=offering)


def finish() -> None:
    """Everybody who has not finished finishes, one after another."""
    unit = Unit.objects.get()
    say("ready")
    for enrollment in Enrollment.objects.filter(state="active").select_related("learner"):
        mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=unit)
        say(f"finished {enrollment.pk}")


def settle() -> None:
    """What the schedule does in the minutes after: leases end, what a dead worker had in hand is found again."""
    with at(now() + timedelta(minutes=10)):
        for _ in range(20):
            Delivery.objects.filter(state="pending").update(due_at=now())
            if not deliver_due(1000):
                break
        reconcile_all()


def say(line: str) -> None:
    """To the test, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"prepare": lambda: prepare(int(sys.argv[2])), "finish": finish, "settle": settle}[sys.argv[1]]()
