"""Departments become a tree of their own; an employment names its department and its manager."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import lms.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_location_coordinates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                (
                    "id",
                    models.UUIDField(default=lms.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="departments",
                        to="organizations.organization",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="organizations.department",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("employer"), django.db.models.functions.text.Lower("name"), name="department_name_once"
                    ),
                    models.CheckConstraint(condition=~models.Q(name=""), name="department_has_a_name"),
                ],
            },
        ),
        migrations.AddField(
            model_name="employment",
            name="manager",
            field=models.ForeignKey(
                blank=True,
                help_text="decides on this person's requests",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="managed_employments",
                to=settings.AUTH_USER_MODEL,
                verbose_name="manager",
            ),
        ),
        # The column keeps its name until its values have moved; the new one is called department_id.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("employment", "department", "department_name"),
                migrations.AlterField(
                    "employment",
                    "department_name",
                    models.CharField(blank=True, db_column="department", max_length=120, verbose_name="department"),
                ),
            ]
        ),
        migrations.AddField(
            model_name="employment",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="employments",
                to="organizations.department",
                verbose_name="department",
            ),
        ),
    ]
