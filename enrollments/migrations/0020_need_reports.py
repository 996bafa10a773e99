"""Reports of training needs can come by mail."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrollments", "0019_regional_figures"),
        ("organizations", "0007_listed_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="scheduledreport",
            name="report_kind_known",
        ),
        migrations.AlterField(
            model_name="scheduledreport",
            name="kind",
            field=models.CharField(
                choices=[
                    ("people", "my people now"),
                    ("expiry", "certificates that expire"),
                    ("budget", "seats and budget"),
                    ("needs", "training needs"),
                    ("funding", "evidence for the subsidy office"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="scheduledreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["people", "expiry", "budget", "needs", "funding"])),
                name="report_kind_known",
            ),
        ),
    ]
