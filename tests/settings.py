"""The product's own settings, in a temporary folder: on SQLite, or on the server that DATABASE_URL names.

`TEST_DATABASE=postgres` without DATABASE_URL starts a throwaway cluster.
The process that starts pytest prepares both, its xdist workers inherit them.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from .servers import postgres

if "LMS_TEST_FOLDER" not in os.environ:
    _opened = ExitStack()
    atexit.register(_opened.close)
    os.environ["LMS_TEST_FOLDER"] = tempfile.mkdtemp(prefix="lms-tests-")
    _opened.callback(shutil.rmtree, os.environ["LMS_TEST_FOLDER"], ignore_errors=True)
    if os.environ.get("TEST_DATABASE") == "postgres" and not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _opened.enter_context(postgres())

for _name in ("CELERY_BROKER_URL", "CACHE_URL", "STORAGE_URL", "EMAIL_URL", "DEBUG"):
    os.environ.pop(_name, None)
os.environ |= {
    "VAR_DIR": str(Path(os.environ["LMS_TEST_FOLDER"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")),
    "SECRET_KEY": "a key for tests only, and long enough to be taken for a real one",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "BASE_URL": "http://localhost:8000",
    "LOG_LEVEL": "WARNING",
}

from lms.settings import *  # noqa: E402, F403
from lms.settings import INSTALLED_APPS as _APPS  # noqa: E402
from lms.settings import MIDDLEWARE as _MIDDLEWARE  # noqa: E402

INSTALLED_APPS = [*_APPS, "zeal", "django_migration_linter"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *_MIDDLEWARE]  # a request that asks the same N times fails
ZEAL_ALLOWLIST = [{"model": "account.EmailAddress"}, {"model": "mfa.Authenticator"}]  # allauth's own, a few per sign-in
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
WHITENOISE_USE_FINDERS = True
