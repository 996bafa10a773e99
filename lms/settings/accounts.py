"""People and how they sign in: by e-mail address or personnel number, second factor for all, required for staff."""

from .variables import read

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "lms.organizations.signing_in.PersonnelNumberBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "lms.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:dashboard"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "lms.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "lms.accounts.forms.NameForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"letter": "30/m/ip,5/5m/key", "letter_link": "30/m/ip"}  # beside allauth's own
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed": the one who did not do it must hear of it
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if read("TRUST_PROXY") else 0  # rate limits count the visitor, not the proxy
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off (RFC 6238, 5.2)
MFA_TOTP_ISSUER = "Leren in de regio"

ANONYMOUS_USER_NAME = None  # guardian: no row stands for 'nobody'
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_RAISE_403 = False
