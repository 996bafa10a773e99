"""Why somebody did not pass stands with the enrollment, for the learner and the provider."""

import importlib

from django.db import migrations, models

from lms.core.frozen import thawed

FROZEN = importlib.import_module("enrollments.migrations.0005_moves_stay").Migration.operations[1:]


class Migration(migrations.Migration):
    dependencies = [("enrollments", "0012_requests")]

    operations = thawed(
        FROZEN,
        [
            migrations.AddField(
                model_name="enrollment",
                name="end_reason",
                field=models.CharField(blank=True, db_default="", max_length=1000, verbose_name="reason"),
            ),
        ],
    )
