"""Dutch first, English second; stored in UTC, shown in Amsterdam."""

from django.utils.translation import gettext_lazy as _

from .variables import BASE_DIR

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "lms" / "web" / "locale",
    BASE_DIR / "lms" / "accounts" / "wording",  # django-allauth's own sentences, said our way (kept by hand)
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
