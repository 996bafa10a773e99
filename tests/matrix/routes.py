"""Every door of the product: (name, path, methods), read from the URL configuration."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Door:
    """One route and one method, such as `enrollments:staff GET`.

    `guessed`: a function does not tell its methods; without a row it must refuse this one with 405.
    """

    name: str
    path: str
    method: str
    guessed: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.method}"


def doors() -> list[Door]:
    """All of them, once each; format-suffix doubles are left out."""
    found = {}
    for name, path, pattern in _walk(get_resolver().url_patterns, "", ""):
        methods = _methods(pattern.callback)
        for method in methods or ("get", "post"):
            found.setdefault((name, method), Door(name, path, method.upper(), guessed=not methods))
    return list(found.values())


def _walk(patterns, namespace: str, prefix: str) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, path)
        elif "format" not in pattern.pattern.regex.groupindex:
            yield f"{namespace}{pattern.name or path}", path, pattern


def _methods(callback) -> list[str]:
    actions = getattr(callback, "actions", None)
    if actions:
        return [method for method in actions if method in METHODS and method in callback.cls.http_method_names]
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is not None:
        return [method for method in METHODS if hasattr(view, method) and method in view.http_method_names]
    return []
