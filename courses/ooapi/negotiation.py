"""Which version of the Open Education API a request asks for, and the Content-Type that says which was served.

Version 6 fixes it in words: one explicit version in `Accept`; another minor version of the same major will do, another
major never. Who states none, as clients of version 5 do with `application/json`, gets version 5 where the path has it.
"""

from collections.abc import Iterable, Sequence

from django.http.request import MediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

MEDIA_TYPE = "application/vnd.oeapi+json"
SUPPORTED = ("6.0", "5.0")


class NotServed(Exception):
    """The version asked for is not served here: 406, with what is."""

    def __init__(self, requested: str, supported: Sequence[str], consumer: str = "") -> None:
        super().__init__(requested)
        self.requested = requested
        self.supported = list(supported)
        self.consumer = consumer


class Version5(JSONRenderer):
    """JSON of version 5."""

    version = "5.0"
    media_type = "application/json; version=5.0"


class Version6(JSONRenderer):
    """JSON of version 6."""

    version = "6.0"
    media_type = f"{MEDIA_TYPE}; version=6.0"


class VersionNegotiation(DefaultContentNegotiation):
    """Chooses the renderer, and with it the mapping, by `Accept` alone."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Raises NotServed."""
        served = {getattr(renderer, "version", ""): renderer for renderer in renderers}
        accepted = request._request.accepted_types  # noqa: SLF001 - DRF's Request hides what Django parsed
        named = [kind for kind in accepted if f"{kind.main_type}/{kind.sub_type}" == MEDIA_TYPE]
        for kind in named or accepted:
            version = _version_for(kind, served)
            if version in served:
                return _told_as_asked(served[version], kind)
        raise NotServed(_requested(named or accepted, served), [version for version in SUPPORTED if version in served])


def _version_for(kind: MediaType, served: dict[str, BaseRenderer]) -> str | None:
    """The version that answers to this media type; None for what is no JSON or a major version nobody knows."""
    if consumer := _parameter(kind, "consumer"):
        raise NotServed(_parameter(kind, "consumer-version"), [], consumer)
    whole = f"{kind.main_type}/{kind.sub_type}"
    if whole not in (MEDIA_TYPE, "application/json", "application/*", "*/*"):
        return None
    asked = _parameter(kind, "version")
    if asked:
        return next((version for version in SUPPORTED if version[0] == asked.partition(".")[0]), None)
    if whole == MEDIA_TYPE:
        return SUPPORTED[0]
    return "5.0" if "5.0" in served or whole == "application/json" else "6.0"


def _parameter(kind: MediaType, name: str) -> str:
    return str(kind.params.get(name, ""))


def _requested(accepted: list[MediaType], served: dict[str, BaseRenderer]) -> str:
    """The version that was asked for first; where none was, what was asked for instead."""
    kind = accepted[0] if accepted else MediaType("")
    return _version_for(kind, served) or _parameter(kind, "version") or str(kind)


def _told_as_asked(renderer: BaseRenderer, kind: MediaType) -> tuple[BaseRenderer, str]:
    """The answer carries the media type that was asked for, with the version served."""
    version = getattr(renderer, "version", "")
    if _parameter(kind, "version"):
        renderer.media_type = f"{kind.main_type}/{kind.sub_type}; version={version}".replace("*/*", MEDIA_TYPE)
    return renderer, str(renderer.media_type)
