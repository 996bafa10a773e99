"""Nothing moves into what is published: a draft's section or unit cannot be given to a published version."""

import importlib

from django.db import migrations

from lms.core.frozen import FreezeRows

frozen = importlib.import_module("courses.migrations.0002_frozen")


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_frozen")]

    operations = [
        FreezeRows("courses_section", name="no_moved_section", when=frozen.SECTION_PUBLISHED.format(row="NEW")),
        FreezeRows("courses_unit", name="no_moved_unit", when=frozen.UNIT_PUBLISHED.format(row="NEW")),
    ]
