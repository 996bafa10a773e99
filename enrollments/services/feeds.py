"""The private calendar address of a person: made, renewed, ended. Whoever has it reads the agenda, and nothing else."""

import secrets

from django.db import transaction

from enrollments.models import CalendarFeed
from lms.accounts.models import User
from lms.accounts.services import digest_of
from lms.audit.services import record_audit
from lms.core.errors import NotFound


@transaction.atomic
def renew_feed(*, by: User) -> str:
    """A new secret for one's own calendar; an earlier address ends. Returned once: only its hash is kept.

    Requires: somebody signed in. Raises: nothing. Emits: nothing. Audits: yes.
    """
    CalendarFeed.objects.filter(user=by).delete()
    secret = secrets.token_urlsafe(24)
    feed = CalendarFeed.objects.create(user=by, secret_hash=digest_of(secret))
    record_audit("enrollments.renew_feed", feed)
    return secret


@transaction.atomic
def end_feed(*, by: User) -> None:
    """One's own calendar address stops working at once.

    Requires: somebody signed in. Raises: nothing, also when there is none. Audits: yes.
    """
    for feed in CalendarFeed.objects.filter(user=by):
        record_audit("enrollments.end_feed", feed)
        feed.delete()


def owner_of_feed(secret: str) -> User:
    """Whose calendar this is. Raises: NotFound when unknown, ended, or of somebody who is no longer active."""
    feed = (
        CalendarFeed.objects.filter(secret_hash=digest_of(secret), user__is_active=True).select_related("user").first()
    )
    if feed is None:
        raise NotFound
    return feed.user
