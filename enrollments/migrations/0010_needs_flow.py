import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0011_employers"),
        ("enrollments", "0009_agreement_scope"),
        ("organizations", "0006_employers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="needbundle",
            name="closed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="trainingneed",
            name="bundled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="trainingneed",
            name="met_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="trainingneed",
            name="met_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="met_needs",
                to="enrollments.needanswer",
            ),
        ),
        migrations.AddField(
            model_name="trainingneed",
            name="taken_back_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="trainingneed",
            name="bundle",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="needs",
                to="enrollments.needbundle",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingneed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["bundled", "answered"]), _negated=True),
                    ("bundle__isnull", False),
                    _connector="OR",
                ),
                name="bundled_need_has_bundle",
            ),
        ),
    ]
