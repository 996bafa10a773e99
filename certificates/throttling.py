"""Verifying is for people with a document, not for who tries codes: one budget per address for page and API."""

from ipaddress import IPv6Address, ip_address
from typing import Any

from rest_framework.throttling import SimpleRateThrottle

from lms.audit.middleware import client_address


class VerifyThrottle(SimpleRateThrottle):
    """At most the `verify` rate per address; of IPv6 the first half counts, as one household has all of the second."""

    scope = "verify"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": visitor(client_address(request))})


def visitor(address: str) -> str:
    """What counts as one visitor."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return f"{int(parsed) >> 64:016x}"
    return str(parsed)
