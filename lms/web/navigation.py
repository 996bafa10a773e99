"""The main navigation as one person sees it: few entries side by side, many in groups."""

from typing import Any

from django.urls import reverse

from .registry import NavGroup, frame

SIDE_BY_SIDE = 5


def navigation_for(user: Any, path: str) -> list[dict[str, Any]]:
    """Entries, and groups with `entries`, in order; nobody gets a group of none or one.

    `current` is "page" on the entry of this very page, and "true" on the one it belongs to and on the group around it.
    """
    seen = [item for item in frame.nav if item.visible(user)]
    entries = [{"label": item.label, "url": reverse(item.url_name), "current": ""} for item in seen]
    _mark_current(entries, path)
    groups = [item.group if len(entries) > SIDE_BY_SIDE else None for item in seen]
    shown: list[dict[str, Any]] = []
    opened: dict[NavGroup, dict[str, Any]] = {}
    for entry, group in zip(entries, groups, strict=True):
        if group is None or groups.count(group) == 1:
            shown.append(entry)
            continue
        if group not in opened:
            opened[group] = {"label": group.label, "current": "", "entries": []}
            shown.append(opened[group])
        opened[group]["entries"].append(entry)
        if entry["current"]:
            opened[group]["current"] = "true"
    return shown


def _mark_current(entries: list[dict[str, Any]], path: str) -> None:
    around = [entry for entry in entries if entry["url"] != "/" and path.startswith(entry["url"])]
    here = [entry for entry in entries if entry["url"] == path] or sorted(around, key=lambda entry: -len(entry["url"]))
    for entry in here[:1]:
        entry["current"] = "page" if entry["url"] == path else "true"
