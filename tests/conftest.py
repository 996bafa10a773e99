"""What every test gets: no network but loopback, no N+1, files in a folder of its own, eager jobs."""

import pytest


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files that a test writes are its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CELERY_TASK_ALWAYS_EAGER = True
