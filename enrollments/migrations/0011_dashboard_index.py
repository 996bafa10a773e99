from django.db import migrations, models

from lms.core.indexing import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("enrollments", "0010_needs_flow")]

    operations = [
        AddIndexBesideTraffic(
            model_name="enrollment",
            index=models.Index(
                fields=["employer", "state"],
                include=("arranged_by", "learner", "offering", "due_on", "last_activity_at", "ended_at"),
                name="enrollment_dashboard",
            ),
        ),
    ]
