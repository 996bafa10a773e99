"""What apps put into the shared frame: entries of the navigation and panels of the dashboard.

Filled by each app's `AppConfig.ready()`, so that the frame need not know the apps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation. `label` is lazily translated; `visible` asks a policy about the user."""

    label: Any
    url_name: str
    visible: Callable[[Any], bool]
    order: int = 50


@dataclass(frozen=True)
class Panel:
    """One block of the dashboard: `build` returns the template's context, or None when this person has none."""

    template: str
    build: Callable[[HttpRequest], dict[str, Any] | None]
    order: int = 50


@dataclass
class Frame:
    """What has been registered."""

    nav: list[NavItem] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)


frame = Frame()


def register_nav(item: NavItem) -> None:
    """Add an entry to the main navigation."""
    frame.nav.append(item)
    frame.nav.sort(key=lambda entry: entry.order)


def register_panel(panel: Panel) -> None:
    """Add a panel to the dashboard."""
    frame.panels.append(panel)
    frame.panels.sort(key=lambda entry: entry.order)
