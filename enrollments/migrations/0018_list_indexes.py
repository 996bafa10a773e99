from django.db import migrations, models

from lms.core.indexing import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("enrollments", "0017_seat_words")]

    operations = [
        AddIndexBesideTraffic(
            model_name="enrollment",
            index=models.Index(
                fields=["employer", "-id"],
                include=("arranged_by", "learner", "created_at"),
                name="enrollment_employer_list",
            ),
        ),
        AddIndexBesideTraffic(
            model_name="enrollment",
            index=models.Index(fields=["provider", "-id"], include=("state",), name="enrollment_provider_list"),
        ),
        migrations.RemoveIndex(model_name="enrollment", name="enrollment_employer"),
        migrations.RemoveIndex(model_name="enrollment", name="enrollment_provider"),
    ]
