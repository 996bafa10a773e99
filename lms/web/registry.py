"""What apps put into the shared frame: entries of the navigation, and panels of pages that lie below them.

Filled by each app's `AppConfig.ready()`, so that the frame and the pages need not know the apps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class NavGroup:
    """Entries under one heading, for who has many of them. It stands where its first entry stands."""

    label: Any


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation. `label` is lazily translated; `visible` asks a policy about the user."""

    label: Any
    url_name: str
    visible: Callable[[Any], bool]
    order: int = 50
    group: NavGroup | None = None


@dataclass(frozen=True)
class Panel:
    """One block of a page: `build` returns the template's context, or None when this person has none.

    `page` is the route's name. A page about one thing, such as a module, hands it to `build` after the request.
    """

    template: str
    build: Callable[..., dict[str, Any] | None]
    order: int = 50
    page: str = "web:dashboard"


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
    """Add a panel to a page."""
    frame.panels.append(panel)
    frame.panels.sort(key=lambda entry: entry.order)


def panels_of(page: str, request: HttpRequest, *about: Any) -> list[dict[str, Any]]:
    """Template and context of each panel that has something for this person on this page."""
    built = [(panel.template, panel.build(request, *about)) for panel in frame.panels if panel.page == page]
    return [{"template": template, "context": context} for template, context in built if context is not None]
