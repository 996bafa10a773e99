"""People, their invitations and their API tokens. No BSN, ever."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lms.core.clock import now
from lms.core.models import Entity

INVITATION_LIFE = timedelta(days=30)
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]  # each in its own words


class UserManager(BaseUserManager["User"]):
    """Makes people. E-mail addresses are stored in lower case."""

    use_in_migrations = True

    def create_user(self, email: str | None = None, password: str | None = None, **fields) -> "User":
        user = self.model(email=normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def normalize_email(email: str | None) -> str | None:
    """An address as it is stored and compared: trimmed, lower case; None for none."""
    return email.strip().lower() or None if email else None


class User(Entity, AbstractBaseUser, PermissionsMixin):
    """A person. Known by e-mail address, or (shop floor) by employer and personnel number, then without address.

    Pending until they accept an invitation: enrolled by an employer, without a password yet.
    """

    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    name_prefix = models.CharField(_("surname prefix"), max_length=30, blank=True, help_text=_("such as: van der"))
    family_name = models.CharField(_("surname"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nl")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("platform staff"), default=False)
    date_joined = models.DateTimeField(default=now, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True, help_text=_("when the person first set a password"))

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or str(self.pk)

    @property
    def full_name(self) -> str:
        """Given name, prefix and surname, as Dutch people write them."""
        return " ".join(part for part in (self.given_name, self.name_prefix, self.family_name) if part)

    def get_full_name(self) -> str:
        return self.full_name

    @property
    def is_pending(self) -> bool:
        """Enrolled by somebody else and not yet signed in."""
        return self.activated_at is None


class Invitation(Entity):
    """A single-use, expiring secret by which a person sets a password. Only its digest is stored.

    Mailed as a link to who is pending, or `printed` as a code in a letter to who has no address, pending or not.
    The organization that asked is kept as an id, for this package knows none.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    organization_name = models.CharField(max_length=200, blank=True)
    organization_id = models.UUIDField(null=True, blank=True, editable=False)
    printed = models.BooleanField(_("in a letter"), default=False, db_default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.user} ({self.expires_at:%Y-%m-%d})"

    @property
    def made_at(self) -> datetime:
        """When it was sent or printed."""
        return self.expires_at - INVITATION_LIFE

    @property
    def is_open(self) -> bool:
        """Can still be used."""
        return self.used_at is None and self.expires_at > now()


class ApiToken(Entity):
    """A person's key to the API: shown once, stored as a digest, revocable."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=12, help_text=_("first characters, to recognise it by"))
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now, editable=False)
    last_used_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
