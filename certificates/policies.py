"""May this user do this to a certificate?"""

from typing import Any

from lms.permissions.services import allows, anchors_allowing

from .models import Certificate


def can_revoke_certificate(user: Any, certificate: Certificate) -> bool:
    """Revokes or replaces it: the provider that issued it."""
    return allows(user, "revoke_certificates", certificate.provider_id)


def can_view_result(user: Any, certificate: Certificate) -> bool:
    """Sees the score behind it: the holder and the provider. An employer sees that it was passed, and when."""
    return bool(certificate.holder_id == user.pk) or allows(user, "view_certificates", certificate.provider_id)


def can_view_issued(user: Any) -> bool:
    """Has a role at some provider that shows what it issued."""
    return bool(user.is_authenticated and (user.is_superuser or anchors_allowing(user, "view_certificates")))
