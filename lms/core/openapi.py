"""OpenAPI 3.1: every operation documents its problem+json answers beside its success."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from .problem import CONTENT_TYPE, status_title

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for machines."},
        "detail": {"type": "string", "description": "Translated, for people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {key: {"type": "string"} for key in ("field", "code", "message")},
            },
        },
    },
}


class ProblemAutoSchema(AutoSchema):
    """Adds the problem answers that an operation can give, judged by its method, path and authentication."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        for code in self._problem_codes(path):
            operation["responses"].setdefault(
                str(code),
                {
                    "description": status_title(code),
                    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                },
            )
        return operation

    def _problem_codes(self, path: str) -> list[int]:
        codes = [429] if getattr(self.view, "throttle_classes", None) else []
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            codes += [400, 409]
        if {} not in self.get_auth():
            codes += [401, 403]
        if "{" in path:
            codes.append(404)
        return sorted(codes)


def add_problem_component(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular post-processing hook: the shared Problem schema."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    return result
