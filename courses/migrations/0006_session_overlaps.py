"""A room and a teacher are in one session at a time; cancelled sessions do not count."""

from django.db import migrations

from lms.core.overlaps import ForbidOverlap

TIMES = {"starts": "starts_at", "ends": "ends_at", "when": "cancelled_at IS NULL"}


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_catalogue")]

    operations = [
        ForbidOverlap("courses_session", name="session_room_free", shared="room_id", **TIMES),
        ForbidOverlap("courses_session", name="session_teacher_free", shared="teacher_id", **TIMES),
    ]
