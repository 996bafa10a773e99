"""What was completed is no obstacle to a new cycle in the same offering: only what goes on is unique."""

from django.db import migrations, models

ONGOING = ("requested", "approved", "waitlisted", "offered", "active")
LIVE = (*ONGOING, "completed")


def exchange(schema_editor, new, states, old):
    """Build the new index beside the old one, while people enroll; then drop the old one."""
    beside = "CONCURRENTLY" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f'DROP INDEX {beside} IF EXISTS "{new}"')  # what a build that was broken off leaves
    listed = ", ".join(f"'{state}'" for state in states)
    schema_editor.execute(
        f'CREATE UNIQUE INDEX {beside} "{new}" ON "enrollments_enrollment" ("learner_id", "offering_id") '
        f'WHERE "state" IN ({listed})'
    )
    schema_editor.execute(f'DROP INDEX {beside} "{old}"')


def forwards(apps, schema_editor):
    exchange(schema_editor, "one_ongoing_enrollment", ONGOING, "one_live_enrollment")


def backwards(apps, schema_editor):
    exchange(schema_editor, "one_live_enrollment", LIVE, "one_ongoing_enrollment")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("enrollments", "0015_duty_obstacle")]

    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="enrollment", name="one_live_enrollment"),
                migrations.AddConstraint(
                    model_name="enrollment",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(state__in=ONGOING),
                        fields=("learner", "offering"),
                        name="one_ongoing_enrollment",
                    ),
                ),
            ],
        ),
    ]
