"""What is installed, in which order a request passes, where templates and static files are."""

from .variables import BASE_DIR, SERVICE_URLS, VARIABLES, is_embedded, read, var_dir

ENVIRONMENT_VARIABLES = VARIABLES
ENVIRONMENT_SERVICES = SERVICE_URLS
EMBEDDED = is_embedded()
DEBUG = read("DEBUG")
SITE_NAME = read("SITE_NAME")
BASE_URL = read("BASE_URL").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.forms",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "lms.core",
    "lms.web",
    "lms.audit",
    "lms.events",
    "lms.permissions",
    "lms.accounts",
    "lms.notifications",
    "lms.organizations",
    "courses",
    "enrollments",
    "certificates",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lms.accounts.middleware.PersonalLanguageMiddleware",
    "lms.accounts.middleware.StaffMfaMiddleware",
    "lms.audit.middleware.ActorMiddleware",
    "lms.web.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The demo story, told by each app in turn (see lms.core.management.commands.demo).
DEMO_CHAPTERS = [
    "lms.organizations.demo",
    "courses.demo",
    "enrollments.demo",
    "certificates.demo",
    "lms.notifications.demo",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [BASE_DIR / "lms" / "web" / "templates", BASE_DIR / "lms" / "accounts" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.web.context.page_frame",
            ],
        },
    }
]

FORM_RENDERER = "lms.web.rendering.PageFormRenderer"

STATIC_URL = "/static/"
STATIC_ROOT = var_dir() / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = False
