"""Every environment variable the system reads, declared once.

`docs/settings.md` is generated from this list (`manage.py settings_reference`) and a test compares the two.
Without any variable the system runs embedded: SQLite, files under `var/`, one worker beside the web server.
Each `*_URL` switches one thing to the real service.
"""

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"


@dataclass(frozen=True)
class Variable:
    """One environment variable: how it is read, what it is when absent, and what it is for."""

    name: str
    kind: Literal["str", "bool", "int", "list", "url"]
    default: Any
    help: str


VARIABLES = [
    Variable("SECRET_KEY", "str", "", "Signs sessions and links. Embedded: generated once into var/secret_key."),
    Variable("ALLOWED_HOSTS", "list", [], "Host names to answer on. Embedded: this machine only."),
    Variable(
        "BASE_URL",
        "url",
        "http://localhost:8000",
        "Address in e-mails, QR codes and feeds, without a final slash.",
    ),
    Variable("DEBUG", "bool", False, "Shows tracebacks in the browser. Never on where others can reach it."),
    Variable(
        "DATABASE_URL",
        "url",
        "",
        "PostgreSQL, e.g. postgres://user:password@host/name. Empty: SQLite in var/.",
    ),
    Variable("CELERY_BROKER_URL", "url", "", "redis:// or amqp:// broker. Empty: a folder under var/."),
    Variable("CACHE_URL", "url", "", "rediscache:// for the shared cache. Empty: files in var/cache."),
    Variable("STORAGE_URL", "url", "", "s3://bucket for certificates and uploads. Empty: files in var/media."),
    Variable("EMAIL_URL", "url", "", "smtp:// or smtp+tls:// server. Empty: each mail is a file in var/mail."),
    Variable("DEFAULT_FROM_EMAIL", "str", "Leren in de regio <noreply@localhost>", "Sender of every mail."),
    Variable("SITE_NAME", "str", "Leren in de regio", "Name on every page, mail and certificate."),
    Variable("TRUST_PROXY", "bool", False, "A proxy in front sets X-Forwarded-Proto and X-Forwarded-For."),
    Variable("VAR_DIR", "str", str(VAR_DIR), "Folder of everything the embedded mode writes."),
    Variable("LOG_LEVEL", "str", "INFO", "DEBUG, INFO, WARNING or ERROR."),
]

SERVICE_URLS = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "STORAGE_URL", "EMAIL_URL")

_environ = environ.Env()
_declared = {variable.name: variable for variable in VARIABLES}


def read(name: str) -> Any:
    """The value of a declared variable.

    Raises KeyError for one that is not declared above, so that nothing is read unseen.
    """
    variable = _declared[name]
    if variable.kind == "bool":
        return _environ.bool(name, default=variable.default)
    if variable.kind == "int":
        return _environ.int(name, default=variable.default)
    if variable.kind == "list":
        return _environ.list(name, default=variable.default)
    return _environ.str(name, default=variable.default)


def is_embedded() -> bool:
    """No service is switched on: one machine, one folder."""
    return not any(read(name) for name in SERVICE_URLS)


def var_dir() -> Path:
    """Folder of the embedded mode's files, made when it is not there."""
    folder = Path(read("VAR_DIR"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """The configured key; embedded, one that is generated once and kept for its owner only."""
    if configured := read("SECRET_KEY"):
        return str(configured)
    if not is_embedded():
        stop("SECRET_KEY is missing: set it to a long random text (50 characters or more).")
    path = var_dir() / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def allowed_hosts() -> list[str]:
    """The configured hosts; embedded, this machine only."""
    if configured := read("ALLOWED_HOSTS"):
        return list(configured)
    if not is_embedded():
        stop("ALLOWED_HOSTS is missing: set it to the host names of this site, separated by commas.")
    return ["localhost", "127.0.0.1", "[::1]"]


def stop(sentence: str) -> None:
    """End start-up with one clear sentence instead of a traceback."""
    sys.stderr.write(f"Settings: {sentence}\n")
    raise SystemExit(78)
