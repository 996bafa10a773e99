"""The service document: what this is, and in version 6 what it can do."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import URLResolver, get_resolver
from rest_framework.request import Request
from rest_framework.response import Response

from .base import Item, OoapiView
from .views import Unknown


class Service(OoapiView):
    """What a client reads first."""

    def get(self, request: Request) -> Response:
        self.parameters(())
        _name, contact = parseaddr(settings.DEFAULT_FROM_EMAIL)
        body = self.mapping.service(self.site, contact)
        if self.version == "6.0":
            body |= _abilities()
        return Response(body)


def _abilities() -> dict[str, Any]:
    """The paths of version 6 with their verbs and expands; `:id` stands for an id, as braces may not be in a URI."""
    operations, expands = [], []
    for path, view in _doors():
        verbs = [verb.upper() for verb in ("get", "patch") if hasattr(view, verb)]
        operations.append({"path": path, "verbs": verbs})
        if isinstance(view, Item):
            names = list(view.mappings["6.0"].EXPANDS[view.shown])
            expands.append({"path": path, "expandableObjects": names})
    return {"supportedOperations": operations, "supportedExpands": expands}


def _doors() -> Iterator[tuple[str, OoapiView]]:
    """Read from the URL configuration, as higher apps mount their own."""
    for mounted in get_resolver().url_patterns:
        if isinstance(mounted, URLResolver) and str(mounted.pattern) == "ooapi/":
            for route in mounted.url_patterns:
                view = route.callback.cls(**route.callback.initkwargs)  # type: ignore[union-attr]
                if "6.0" in view.versions and not isinstance(view, Unknown):
                    yield "/" + re.sub(r"<uuid:\w+>", ":id", str(route.pattern)), view
