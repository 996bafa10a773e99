"""What changed inside a unit, whatever its kind: texts by word, questions and options matched by their ids."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.kinds.base import as_list, as_object, written
from lms.core.texts import LANGUAGES

from .shapes import Change, fact_change, list_change, text_changes

LABELS = {
    "body": gettext_lazy("text"),
    "pass_mark": gettext_lazy("pass mark"),
    "max_attempts": gettext_lazy("number of attempts"),
    "feedback": gettext_lazy("explanation"),
    "text": gettext_lazy("wording"),
    "type": gettext_lazy("type"),
    "alt": gettext_lazy("alternative text"),
}


def changes_of_data(old: Any, new: Any, names: Mapping[str, str]) -> Iterator[Change]:
    """From one unit's content to another's. A draft may hold anything, so nothing is taken for granted."""
    before, after = as_object(old), as_object(new)
    for key in _keys(before, after):
        if key == "questions":
            yield from _questions(as_list(before.get(key)), as_list(after.get(key)), names)
        else:
            yield from _changes(_label(key), before.get(key), after.get(key), names)


def _changes(label: str, old: Any, new: Any, names: Mapping[str, str]) -> Iterator[Change]:
    if old == new:
        return
    if _is_text(old) and _is_text(new):
        yield from text_changes(label, old or {}, new or {})
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in _keys(old, new):
            yield from _changes(f"{label}: {_label(key)}", old.get(key), new.get(key), names)
    elif isinstance(old, list) and isinstance(new, list):
        yield from list_change(label, [_shown(item, names) for item in old], [_shown(item, names) for item in new])
    else:
        yield from fact_change(label, _shown(old, names), _shown(new, names))


def _questions(old: list[Any], new: list[Any], names: Mapping[str, str]) -> Iterator[Change]:
    before, after = _by_id(old), _by_id(new)
    added = [_wording(question) for key, question in after.items() if key not in before]
    removed = [_wording(question) for key, question in before.items() if key not in after]
    if added or removed:
        yield Change(_("questions"), "list", added=added, removed=removed)
    common = [key for key in after if key in before]
    if common != [key for key in before if key in after]:
        places = {key: str(number) for number, key in enumerate(before, 1)}
        order = ", ".join(places[key] for key in common)
        was = ", ".join(sorted(order.split(", "), key=int))
        yield Change(_("order of the questions"), "fact", old=was, new=order)
    for number, (key, question) in enumerate(after.items(), 1):
        if key in before:
            label = _("question %(n)d") % {"n": number}
            yield from _question(label, before[key], question, names)


def _question(label: str, old: dict[str, Any], new: dict[str, Any], names: Mapping[str, str]) -> Iterator[Change]:
    for key in _keys(old, new):
        if key not in ("id", "options", "correct"):
            yield from _changes(f"{label}: {_label(key)}", old.get(key), new.get(key), names)
    before, after = _by_id(as_list(old.get("options"))), _by_id(as_list(new.get("options")))
    yield from list_change(
        _("%(part)s: options") % {"part": label},
        [_wording(option) for key, option in before.items() if key not in after],
        [_wording(option) for key, option in after.items() if key not in before],
    )
    for key in after:
        if key in before:
            option = _("%(part)s: option") % {"part": label}
            yield from _changes(option, before[key].get("text"), after[key].get("text"), names)
    right_before, right_after = _right(old, before), _right(new, after)
    if set(right_before) != set(right_after):
        added = [words for key, words in right_after.items() if key not in right_before]
        removed = [words for key, words in right_before.items() if key not in right_after]
        yield Change(_("%(part)s: right answers") % {"part": label}, "list", added=added, removed=removed)


def _right(question: dict[str, Any], options: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {str(key): _wording(options.get(str(key), {})) for key in as_list(question.get("correct"))}


def _by_id(items: list[Any]) -> dict[str, dict[str, Any]]:
    return {str(as_object(item).get("id")): as_object(item) for item in items}


def _wording(item: dict[str, Any]) -> str:
    return written(item.get("text")) or "–"


def _is_text(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, dict) and all(k in LANGUAGES and isinstance(v, str) for k, v in value.items())


def _shown(value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(_shown(part, names) for part in value.values() if part)
    return names.get(str(value), str(value))


def _keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))


def _label(key: str) -> str:
    return str(LABELS.get(key, key))
