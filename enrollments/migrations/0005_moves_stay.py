"""A move to another version is evidence; and who has completed a version never changes it."""

from django.db import migrations

from lms.core.frozen import FreezeRows


class Migration(migrations.Migration):
    dependencies = [("enrollments", "0004_attendance_moves_interest")]

    operations = [
        FreezeRows("enrollments_versionmove", name="version_move_stays"),
        FreezeRows(
            "enrollments_enrollment",
            name="completed_keeps_version",
            columns=["version_id"],
            when="OLD.state = 'completed' AND OLD.version_id <> NEW.version_id",
        ),
    ]
