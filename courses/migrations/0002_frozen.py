"""What is published is frozen by the database: the version, its sections and its units."""

from django.db import migrations

from lms.core.frozen import FreezeRows

SECTION_PUBLISHED = (
    "EXISTS (SELECT 1 FROM courses_moduleversion v WHERE v.id = {row}.version_id AND v.published_at IS NOT NULL)"
)
UNIT_PUBLISHED = (
    "EXISTS (SELECT 1 FROM courses_section s JOIN courses_moduleversion v ON v.id = s.version_id "
    "WHERE s.id = {row}.section_id AND v.published_at IS NOT NULL)"
)


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [
        FreezeRows("courses_moduleversion", name="published_version", when="OLD.published_at IS NOT NULL"),
        FreezeRows("courses_section", name="published_section", when=SECTION_PUBLISHED.format(row="OLD")),
        FreezeRows("courses_section", name="no_new_section", when=SECTION_PUBLISHED.format(row="NEW"), on="INSERT"),
        FreezeRows("courses_unit", name="published_unit", when=UNIT_PUBLISHED.format(row="OLD")),
        FreezeRows("courses_unit", name="no_new_unit", when=UNIT_PUBLISHED.format(row="NEW"), on="INSERT"),
    ]
