"""Errors as each version spells them: version 5 with `status` as a string, version 6 as a number and with a `type`."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from lms.core.errors import NotFound
from lms.core.problem import problem, problem_handler

from .negotiation import SUPPORTED, NotServed


def ooapi_problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler of this API."""
    request: Request = context["request"]
    if isinstance(exc, NotServed):
        return _not_served(exc, context["view"].elsewhere, request)
    if isinstance(exc, Http404):
        exc = NotFound(_("There is nothing with this id, or you may not know that there is."))
    response = problem_handler(exc, context)
    if response is None:
        return None
    renderer = getattr(request, "accepted_renderer", None)
    response.data = _spelled(response.data, getattr(renderer, "version", "6.0"), request)
    return response


def _not_served(exc: NotServed, elsewhere: str, request: Request) -> Response:
    response = problem(406, "version_not_acceptable", _why(exc, elsewhere))
    version = "5.0" if exc.requested.startswith("5") else "6.0"
    response.data = _spelled(response.data, version, request) | {
        "requestedVersion": exc.requested,
        "supportedVersions": exc.supported,
        "consumer": {"consumerKey": exc.consumer} if exc.consumer else None,
    }
    return response


def _why(exc: NotServed, elsewhere: str) -> str:
    if exc.consumer:
        return _("This service has no data for a particular consumer: leave the consumer out of Accept.")
    if exc.requested not in SUPPORTED:
        return _("This version of the Open Education API is not served.")
    if elsewhere:
        return _("This path is not part of the version asked for; there it is %(path)s.") % {"path": elsewhere}
    return _("This path is not part of the version asked for.")


def _spelled(body: dict[str, Any], version: str, request: Request) -> dict[str, Any]:
    if version == "5.0":
        return {"status": str(body["status"]), "title": body["title"], "detail": body["detail"]}
    page = request.build_absolute_uri(reverse("courses:for_systems"))
    return {
        "type": f"{page}#{body['code'].replace('_', '-')}",
        "title": body["title"],
        "status": body["status"],
        "detail": body["detail"],
        "instance": request.build_absolute_uri(),
    }
