"""May this user do this to a certificate?"""

from typing import Any

from lms.permissions.services import allows

from .models import Certificate


def can_revoke_certificate(user: Any, certificate: Certificate) -> bool:
    """Revokes or replaces it: the provider that issued it."""
    return allows(user, "revoke_certificates", certificate.provider_id)
