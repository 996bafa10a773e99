"""The database itself refuses to publish a version that nobody approved."""

from django.db import migrations

from lms.core.frozen import FreezeRows


class Migration(migrations.Migration):
    dependencies = [("courses", "0008_session_changed_at")]

    operations = [
        FreezeRows(
            "courses_moduleversion",
            name="approved_before_published",
            columns=["published_at"],
            when="OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NEW.approved_at IS NULL",
        ),
    ]
