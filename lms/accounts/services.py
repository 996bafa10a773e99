"""Verbs about people: invite, accept, give and take API tokens."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_audit, record_audit_many
from lms.core.clock import now, today
from lms.core.errors import FieldError, Invalid, NotFound
from lms.core.ids import CODE_ALPHABET

from .adapter import confirm_address
from .models import INVITATION_LIFE, ApiToken, Invitation, User

CODE_LENGTH = 16  # in base 32: 80 bits, and four groups of four on paper
TOKEN_PREFIX = "lms_"  # noqa: S105 - the mark by which secret scanners recognise our tokens


def digest_of(secret: str) -> str:
    """SHA-256 of a high-entropy secret, as stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def register_pending(people: list[User]) -> list[User]:
    """Store accounts without a password for people whom somebody else enrolls, a thousand per statement.

    Returns them in the same order; in place of somebody whose address was registered in the meantime, that account.

    Requires: an open transaction; unsaved people with normalized addresses.
    """
    for person in people:
        person.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)
    # In the order of their addresses, so that two transactions wait for each other instead of locking each other out.
    ordered = sorted(people, key=lambda person: person.email or "")
    User.objects.bulk_create(ordered, batch_size=1000, ignore_conflicts=True)
    stored: dict[str | None, User] = {}
    addresses = [person.email for person in ordered if person.email]
    for start in range(0, len(addresses), 1000):
        stored |= {user.email: user for user in User.objects.filter(email__in=addresses[start : start + 1000])}
    registered = [stored[person.email] if person.email else person for person in people]
    ours = set(people)
    record_audit_many("accounts.register_pending", [person for person in registered if person in ours])
    return registered


def invite_people(users: list[User], organization_name: str, *, organization_id: UUID | None = None) -> dict[User, str]:
    """New invitations for pending people, in one statement. Returns the secrets: they are nowhere else.

    Requires: an open transaction. Earlier unused invitations of the same people by the same organization stop working.
    """
    tokens = {user: secrets.token_urlsafe(24) for user in users}
    return _keep_digests(tokens, organization_name, organization_id, printed=False)


def print_codes(users: list[User], organization_name: str, organization_id: UUID) -> dict[User, str]:
    """New one-time codes for letters to people without an address. Returns the codes: they are nowhere else.

    Requires: an open transaction. Earlier letters of the same people by the same organization stop working.
    """
    codes = {user: "".join(secrets.choice(CODE_ALPHABET) for _n in range(CODE_LENGTH)) for user in users}
    return _keep_digests(codes, organization_name, organization_id, printed=True)


def forget_invitations(user: User, organization_id: UUID) -> None:
    """What an organization sent or printed for this person stops working.

    Requires: an open transaction.
    """
    Invitation.objects.filter(user=user, organization_id=organization_id, used_at=None).delete()


def _keep_digests(
    tokens: dict[User, str], organization_name: str, organization_id: UUID | None, *, printed: bool
) -> dict[User, str]:
    same = Q(organization_id=organization_id, organization_id__isnull=False) | Q(organization_name=organization_name)
    Invitation.objects.filter(same, user__in=tokens, used_at=None).delete()
    Invitation.objects.bulk_create(
        [
            Invitation(
                user=user,
                digest=digest_of(secret),
                organization_name=organization_name,
                organization_id=organization_id,
                printed=printed,
                expires_at=now() + INVITATION_LIFE,
            )
            for user, secret in tokens.items()
        ],
        batch_size=1000,
    )
    return tokens


def invitation_link(secret: str) -> str:
    """The address to mail: `link` of the notice `invitation`, beside `organization_name` and `module_title`."""
    return f"{settings.BASE_URL}{reverse('accounts:accept_invitation', args=[secret])}"


def find_invitation(secret: str, *, printed: bool = False) -> Invitation:
    """The open invitation behind a link, or behind a printed code.

    Raises NotFound when unknown, used or expired: the three look the same.
    """
    found = Invitation.objects.select_related("user").filter(
        digest=digest_of(secret), printed=printed, used_at=None, expires_at__gt=now(), user__is_active=True
    )
    invitation = found.first() if printed else found.filter(user__activated_at=None).first()
    if invitation is None:
        raise NotFound(_("This invitation is not valid (any more). Ask for a new one, or reset your password."))
    return invitation


@transaction.atomic
def accept_invitation(secret: str, password: str, *, printed: bool = False) -> User:
    """The person sets a password and is active. Having opened the link proves the address; a letter proves none.

    Every other invitation of the person is used up with it.
    Requires: an open invitation. Raises: NotFound; Invalid when the password is too weak. Audits: yes.
    """
    invitation = find_invitation(secret, printed=printed)
    user = User.objects.select_for_update(no_key=True).get(pk=invitation.user_id)
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None).exists():
        raise NotFound
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors = [
            FieldError("password", e.code or "invalid", m)
            for e, m in zip(error.error_list, error.messages, strict=True)
        ]
        raise Invalid(_("Choose another password."), errors=errors) from error
    user.set_password(password)
    user.activated_at = user.activated_at or now()
    user.save(update_fields=["password", "activated_at"])
    if not printed:
        confirm_address(user)
    Invitation.objects.filter(user=user, used_at=None).update(used_at=now())
    record_audit("accounts.accept_letter" if printed else "accounts.accept_invitation", user)
    return user


@transaction.atomic
def issue_token(user: User, name: str, *, expires_at: datetime | None = None, secret: str | None = None) -> str:
    """A new API token for `user`. Returns the secret, once. `secret` is given only by the demo story.

    Audits: yes.
    """
    full = TOKEN_PREFIX + (secret or secrets.token_urlsafe(32))
    token = ApiToken.objects.create(
        user=user, name=name, prefix=full[:12], digest=digest_of(full), expires_at=expires_at
    )
    record_audit("accounts.issue_token", token)
    return full


@transaction.atomic
def revoke_token(token: ApiToken) -> None:
    """The token stops working at once. Audits: yes."""
    record_audit("accounts.revoke_token", token, changes={"name": (token.name, None)})
    token.delete()


def user_of_token(secret: str) -> User | None:
    """The active person behind a live token; notes the day of use."""
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if token is None or not token.user.is_active or (token.expires_at and token.expires_at <= now()):
        return None
    if token.last_used_on != today():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today())
    return token.user
