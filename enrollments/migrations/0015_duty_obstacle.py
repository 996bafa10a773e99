from django.db import migrations, models

OBSTACLES = [
    ("no_offering", "no open offering"),
    ("full", "all places are taken"),
    ("no_seats", "no seats or budget left in the agreement"),
    ("prerequisites", "something else must be completed first"),
    ("stopped", "withdrew or did not pass: talk to the worker"),
    ("ask_worker", "cannot be enrolled by itself: talk to the worker"),
]


class Migration(migrations.Migration):
    dependencies = [("enrollments", "0014_agreement_proposals")]

    operations = [
        migrations.AddField(
            model_name="trainingduty",
            name="obstacle",
            field=models.CharField(blank=True, choices=OBSTACLES, db_default="", default="", max_length=13),
        ),
    ]
