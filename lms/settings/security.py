"""Secrets, hosts, cookies, transport and content security policy."""

from csp.constants import NONE, SELF

from .variables import allowed_hosts, read, secret_key

SECRET_KEY = secret_key()
ALLOWED_HOSTS = allowed_hosts()

_https = read("BASE_URL").startswith("https://")
CSRF_TRUSTED_ORIGINS = [read("BASE_URL").rstrip("/")]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "lms.web.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
TRUST_PROXY = read("TRUST_PROXY")
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
