"""Evidence is append-only: completions and attempts are never updated."""

from django.db import migrations

from lms.core.frozen import FreezeRows


class Migration(migrations.Migration):
    dependencies = [("enrollments", "0001_initial")]

    operations = [
        FreezeRows("enrollments_completion", name="completion_stays"),
        FreezeRows("enrollments_attempt", name="attempt_stays"),
    ]
