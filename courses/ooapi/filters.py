"""What a client may ask of a list, under the published names. Each narrows a queryset, or refuses with a sentence."""

import re
from collections.abc import Callable, Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from courses.models import Offering
from lms.core.errors import FieldError, Invalid

from . import facts

Found = QuerySet[Any]
Filter = Callable[[Found, str, Any], Found]

LANGUAGES = {"nl": "nl", "nld": "nl", "dut": "nl", "en": "en", "eng": "en"}


def refused(name: str, message: str) -> Invalid:
    """The 400 for one parameter."""
    return Invalid(f"{name}: {message}", errors=[FieldError(name, "invalid", message)])


def holding(*fields: str) -> Filter:
    """`q`: those that hold these words in one of the fields, whatever the case."""

    def narrow(found: Found, value: str, view: Any) -> Found:
        return found.filter(reduce(or_, (Q(**{f"{field}__icontains": value}) for field in fields)))

    return narrow


def exactly(field: str) -> Filter:
    """`primaryCode`."""

    def narrow(found: Found, value: str, view: Any) -> Found:
        return found.filter(**{field: value})

    return narrow


def language(narrowed: Callable[[Found, str], Found]) -> Filter:
    """`teachingLanguage`: nld in version 5, nl-NL in version 6."""

    def narrow(found: Found, value: str, view: Any) -> Found:
        if not re.match(r"^[a-z]{2,3}(-|$)", value):
            raise refused("teachingLanguage", _("A language code such as nld or nl-NL."))
        known = LANGUAGES.get(value.partition("-")[0])
        return narrowed(found, known) if known else found.none()

    return narrow


def level(found: Found, value: str, view: Any) -> Found:
    """`level`, of courses."""
    ours = {theirs: ours for ours, theirs in view.mapping.LEVELS.items()}
    if value in ours:
        return found.filter(facts.at_level(ours[value]))
    return of_others("level", found, value, (*ours, *view.mapping.OTHER_LEVELS))


def course_mode(found: Found, value: str, view: Any) -> Found:
    """`modeOfDelivery`, of courses: those with an open run that is given so."""
    runs = Offering.objects.visible_to(view.request.user).open_for_enrollment().filter(_in_mode(value, view))
    return found.filter(Exists(runs.filter(version__module=OuterRef("module"))))


def offering_mode(found: Found, value: str, view: Any) -> Found:
    """`modeOfDelivery`, of offerings."""
    return found.filter(_in_mode(value, view))


def _in_mode(value: str, view: Any) -> Q:
    asked = set(value.split(","))
    return Q(delivery__in=[ours for ours, theirs in view.mapping.MODES.items() if theirs in asked])


def one_kind(name: str, ours: str, known: str) -> Filter:
    """A type of which we have one value only; `known` names the mapping's list of all."""

    def narrow(found: Found, value: str, view: Any) -> Found:
        values = getattr(view.mapping, known)
        return found if value == ours else of_others(name, found, value, values)

    return narrow


def offering_type(found: Found, value: str, view: Any) -> Found:
    """`offeringType`: ours are of courses."""
    return found if value == "course" else of_others("offeringType", found, value, ("program", "course", "component"))


def result_expected(found: Found, value: str, view: Any) -> Found:
    """`resultExpected`: each of our offerings ends in passed or not."""
    return found if value == "true" else of_others("resultExpected", found, value, ("true", "false"))


def offering_state(found: Found, value: str, view: Any) -> Found:
    """`state` of version 6."""
    running = Q(cancelled_at=None)
    states = {
        "cancelled": ~running,
        "active": running & facts.available(),
        "inactive": running & ~facts.available(),
    }
    return found.filter(states[value]) if value in states else of_others("state", found, value, (*states, "concept"))


def since(found: Found, value: str, view: Any) -> Found:
    """`since`: those that start on this day or later."""
    return found.filter(starts_on__gte=_day("since", value))


def until(found: Found, value: str, view: Any) -> Found:
    """`until`: those that end on this day or before."""
    return found.filter(ends_on__lte=_day("until", value))


def always_valid(name: str) -> Filter:
    """A moment asked of what has no beginning or end: it must be a moment, and narrows nothing."""

    def narrow(found: Found, value: str, view: Any) -> Found:
        _day(name, value)
        return found

    return narrow


def component_type(found: Found, value: str, view: Any) -> Found:
    """`componentType` of version 5."""
    if value in ("test", "independent study"):
        return found.filter(facts.tests(value == "test"))
    return of_others("componentType", found, value, view.mapping.COMPONENT_TYPES)


def of_others(name: str, found: Found, value: str, known: Collection[Any]) -> Found:
    """Nothing for a value that the documents know and we have none of; a refusal for any other."""
    if value not in known:
        raise refused(name, _("One of: %(values)s.") % {"values": ", ".join(sorted({str(each) for each in known}))})
    return found.none()


def _day(name: str, value: str) -> date:
    """A date, or in version 6 a moment. A plus sign in an address is read as a space."""
    try:
        if len(value) == 10 and (day := parse_date(value)):
            return day
        if moment := parse_datetime(value.replace(" ", "+")):
            return timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()
    except (ValueError, OverflowError):
        pass  # a day that no calendar has
    raise refused(name, _("A date such as 2026-09-01."))
