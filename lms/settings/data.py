"""Where rows, files, cache entries and mails go."""

import environ

from .variables import read, var_dir

_env = environ.Env()

if read("DATABASE_URL"):
    DATABASES = {"default": _env.db("DATABASE_URL")}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = 60
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": var_dir() / "db.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # without it 20 writers get up to 131 'database is locked'
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;",
            },
        }
    }

SILENCED_SYSTEM_CHECKS = ["models.W040"]  # a covering index is a plain one on SQLite, on purpose

MEDIA_ROOT = var_dir() / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if read("STORAGE_URL"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": read("STORAGE_URL").removeprefix("s3://"), "file_overwrite": False},
    }

if read("CACHE_URL"):
    CACHES = {"default": _env.cache("CACHE_URL")}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": var_dir() / "cache",
        }
    }

if read("EMAIL_URL"):
    vars().update(_env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = var_dir() / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("DEFAULT_FROM_EMAIL")
