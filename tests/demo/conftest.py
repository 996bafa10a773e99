"""The demo story, told once for each module of tests, and rolled back."""

import io
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


@pytest.fixture(scope="module", autouse=True)
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    """Told once for this module, with no worker at hand, then rolled back."""
    quiet = {
        "EMBEDDED": True,
        "MEDIA_ROOT": tmp_path_factory.mktemp("media"),
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "CELERY_TASK_ALWAYS_EAGER": True,
    }
    with django_db_blocker.unblock(), override_settings(**quiet), transaction.atomic():
        with mock.patch("certificates.tasks.render.delay"):
            call_command("demo", stdout=io.StringIO())
        yield quiet["MEDIA_ROOT"]
        transaction.set_rollback(True)


@pytest.fixture
def told(story, db, settings):
    """The story, with its files where it left them."""
    settings.MEDIA_ROOT = story
    settings.EMBEDDED = True
