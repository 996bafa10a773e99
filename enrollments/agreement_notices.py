"""Who hears of agreements, once each: who keeps them at the side that has to answer, then at the side that asked."""

from django.db import transaction
from django.urls import reverse

from lms.accounts.models import User
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify
from lms.organizations.models import Organization
from lms.permissions.roles import roles_allowing

from .models import Agreement


def tell_proposed(event: DomainEvent) -> None:
    """`agreement.proposed`: the other side reads it and accepts."""
    agreement = _agreement(event)
    _tell("agreement_proposed", agreement, own=agreement.accepting_side, other=agreement.proposing_side)


def tell_accepted(event: DomainEvent) -> None:
    """`agreement.accepted`: whoever proposed it hears that it pays."""
    agreement = _agreement(event)
    _tell("agreement_accepted", agreement, own=agreement.proposing_side, other=agreement.accepting_side)


def _agreement(event: DomainEvent) -> Agreement:
    return Agreement.objects.select_related("employer", "provider").get(pk=event.subject_id)


def _tell(kind: str, agreement: Agreement, *, own: Organization, other: Organization) -> None:
    keepers = User.objects.filter(
        memberships__organization=own, memberships__role__in=roles_allowing("manage_agreements"), is_active=True
    ).distinct()
    words = {
        "reference": agreement.reference,
        "own": own.name,
        "other": other.name,
        "path": reverse("enrollments:agreement", args=[agreement.pk]),
    }
    with transaction.atomic():
        notify([Notice(kind, keeper.pk, str(agreement.pk), words) for keeper in keepers])
