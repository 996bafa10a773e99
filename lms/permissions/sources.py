"""Where authority comes from: apps say which grants their own rows call for. Filled by `AppConfig.ready()`.

This package knows neither memberships nor modules; what they say together is what the stored grants must equal.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from .services import group_name

Grant = tuple[models.Model, str, Any]  # anchor, role, id of the user
Source = Callable[[], Iterable[Grant]]

_sources: list[Source] = []


def register_grants(source: Source) -> None:
    """Add what an app's rows say."""
    _sources.append(source)


def expected_grants() -> dict[str, tuple[models.Model, str, set[Any]]]:
    """What all rows say: group name -> (anchor, role, ids of its users)."""
    expected: dict[str, tuple[models.Model, str, set[Any]]] = {}
    for source in _sources:
        for anchor, role, user_id in source():
            _anchor, _role, users = expected.setdefault(group_name(anchor, role), (anchor, role, set()))
            users.add(user_id)
    return expected
