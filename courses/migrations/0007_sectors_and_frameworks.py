"""Concepts are searched without accents and can be retired; the skills and sectors of what is published are frozen."""

from django.db import migrations, models

from lms.core.frozen import FreezeRows
from lms.core.texts import folded

LINKS = ("skills", "sectors")
PUBLISHED = (
    "EXISTS (SELECT 1 FROM courses_moduleversion v WHERE v.id = {row}.moduleversion_id AND v.published_at IS NOT NULL)"
)


def frozen_links(name):
    table = f"courses_moduleversion_{name}"
    return [
        FreezeRows(table, name=f"published_{name}", when=PUBLISHED.format(row="OLD")),
        FreezeRows(table, name=f"no_moved_{name}", when=PUBLISHED.format(row="NEW")),
        FreezeRows(table, name=f"no_new_{name}", when=PUBLISHED.format(row="NEW"), on="INSERT"),
        FreezeRows(table, name=f"no_dropped_{name}", when=PUBLISHED.format(row="OLD"), on="DELETE"),
    ]


def fold(apps, schema_editor):
    for name in ("Skill", "Occupation"):
        model = apps.get_model("courses", name)
        for concept in model.objects.iterator():
            concept.folded = folded(f"{concept.label_nl} {concept.label_en} {concept.code}")
            concept.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_session_overlaps"),
    ]

    operations = [
        migrations.AddField(
            model_name="occupation",
            name="folded",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.AddField(
            model_name="occupation",
            name="label_nl_is_ours",
            field=models.BooleanField(
                db_default=False, default=False, help_text="our own translation: the framework gave no Dutch label"
            ),
        ),
        migrations.AddField(
            model_name="occupation",
            name="retired_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="skill",
            name="folded",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.AddField(
            model_name="skill",
            name="label_nl_is_ours",
            field=models.BooleanField(
                db_default=False, default=False, help_text="our own translation: the framework gave no Dutch label"
            ),
        ),
        migrations.AddField(
            model_name="skill",
            name="retired_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
        *(freeze for name in LINKS for freeze in frozen_links(name)),
    ]
