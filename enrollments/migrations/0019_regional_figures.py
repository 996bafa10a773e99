"""What is published of a quarter is published for good."""

from django.db import migrations, models

import lms.core.clock
import lms.core.ids
from lms.core.frozen import FreezeRows


class Migration(migrations.Migration):
    dependencies = [
        ("enrollments", "0018_list_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegionalQuarter",
            fields=[
                ("id", models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("quarter", models.PositiveSmallIntegerField(verbose_name="quarter")),
                ("figures", models.JSONField(verbose_name="figures")),
                ("published_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
            ],
            options={
                "verbose_name": "quarter of the region",
                "verbose_name_plural": "quarters of the region",
                "ordering": ["-year", "-quarter"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "quarter"), name="regional_quarter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__range", (1, 4))), name="regional_quarter_1_to_4"
                    ),
                ],
            },
        ),
        FreezeRows("enrollments_regionalquarter", name="regional_quarter_stays"),
    ]
