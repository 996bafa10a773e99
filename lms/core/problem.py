"""Every API error as RFC 9457 problem+json, with `errors` naming the fields at fault."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db.models import ProtectedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler, set_rollback

from .errors import DomainError, FieldError

CONTENT_TYPE = "application/problem+json"


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: None lets an unknown error become a 500."""
    if isinstance(exc, DomainError):
        set_rollback()
        return problem(exc.status, exc.code, exc.detail, exc.errors)
    if isinstance(exc, ProtectedError):
        set_rollback()
        return problem(409, "in_use", _("This is still in use, so it cannot be deleted."))
    if isinstance(exc, RequestDataTooBig):
        return problem(413, "too_large", _("This is too much to send at once."))
    if isinstance(exc, ValidationError):
        exc = exceptions.ValidationError(exc.message_dict if hasattr(exc, "error_dict") else exc.messages)
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        errors = tuple(_field_errors(exc.get_full_details()))
        detail = "; ".join(f"{e.field}: {e.message}" if e.field else e.message for e in errors[:5])
        return problem(response.status_code, "invalid", detail, errors, headers=response.headers)
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    return problem(response.status_code, _code(exc), str(detail), headers=response.headers)


def problem(
    status_code: int, code: str, detail: str, errors: tuple[FieldError, ...] = (), headers: Any = None
) -> Response:
    """A problem document: `title` and `code` for machines, `detail` for people, `errors` per field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status_title(status_code),
        "status": status_code,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"field": e.field, "code": e.code, "message": e.message} for e in errors]
    kept = {k: v for k, v in (headers or {}).items() if k in ("WWW-Authenticate", "Retry-After", "Allow")}
    return Response(body, status=status_code, headers=kept, content_type=CONTENT_TYPE)


def status_title(status_code: int) -> str:
    """The HTTP status phrase, as RFC 9457 asks of `about:blank`."""
    return HTTPStatus(status_code).phrase


def _code(exc: Exception) -> str:
    if isinstance(exc, Http404):
        return "not_found"
    if isinstance(exc, PermissionDenied):
        return "forbidden"
    codes = exc.get_codes() if isinstance(exc, exceptions.APIException) else "error"
    return codes if isinstance(codes, str) else "error"


def _field_errors(details: Any, path: str = "") -> Iterator[FieldError]:
    if isinstance(details, dict) and {"message", "code"} == set(details):
        yield FieldError(path, str(details["code"]), str(details["message"]))
    elif isinstance(details, dict):
        for key, value in details.items():
            outside = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from _field_errors(value, path if outside else f"{path}/{key}".lstrip("/"))
    elif isinstance(details, list):
        for index, value in enumerate(details):
            leaf = isinstance(value, dict) and {"message", "code"} == set(value)
            yield from _field_errors(value, path if leaf else f"{path}/{index}".lstrip("/"))
