"""System checks. They never import WeasyPrint: that takes 1.7 seconds."""

from ctypes.util import find_library
from typing import Any

from django.core.checks import CheckMessage, Warning, register

LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
APT_LINE = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@register()
def libraries_for_documents(**_: Any) -> list[CheckMessage]:
    """Certificates cannot be rendered without these; everything else works."""
    missing = [name for name in LIBRARIES if find_library(name) is None]
    if not missing:
        return []
    return [
        Warning(
            f"Certificates cannot be rendered: missing system libraries {', '.join(missing)}.",
            hint=f"On Debian: {APT_LINE}",
            id="certificates.W001",
        )
    ]
