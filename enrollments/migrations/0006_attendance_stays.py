"""Attendance is evidence: what was marked stays; a correction is the next number. Whoever marked it may be erased."""

from django.db import migrations

from lms.core.frozen import FreezeRows

FACTS = ("enrollment_id", "session_id", "number", "minutes", "reason", "recorded_at")


class Migration(migrations.Migration):
    dependencies = [("enrollments", "0005_moves_stay")]

    operations = [FreezeRows("enrollments_attendance", name="attendance_stays", columns=FACTS)]
