"""Who takes part, for who may know: the learner, the provider, and the employer that arranged it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from courses.ooapi import sources as offered
from courses.ooapi.base import Collection, Item, expanding
from courses.ooapi.facts import texts
from courses.ooapi.filters import Found, of_others, one_kind, refused
from enrollments.models import Enrollment
from enrollments.services.enrolling import withdraw_enrollment
from lms.accounts.models import User
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.core.parsers import JSONParser

from . import mapping_v5, mapping_v6, sources

MAPPINGS: dict[str, Any] = {"5.0": mapping_v5, "6.0": mapping_v6}
PATCHABLE = ("remoteState", "result")


class MergePatchParser(JSONParser):
    """RFC 7396: what is named is changed, what is not stays."""

    media_type = "application/merge-patch+json"


def nothing_narrowed(found: Found, value: str, view: Any) -> Found:
    """`expand` is read where the items are spelled; here only its names are judged."""
    expanding(value, view.mapping.EXPANDS[view.shown])
    return found


def by_state(found: Found, value: str, view: Any) -> Found:
    """`state`: several of ours may answer to one of theirs."""
    states = view.states_like(value)
    return found.filter(state__in=states) if states else of_others("state", found, value, view.mapping.STATES.values())


def by_result_state(found: Found, value: str, view: Any) -> Found:
    """`result-state`, in version 6 `resultState`: ours have a result when they are over."""
    if value == "completed":
        return found.filter(state__in=list(sources.OUTCOMES))
    return of_others("result-state", found, value, view.mapping.RESULT_STATES)


class Associations(Collection):
    """Enrollments, by id; shared by the lists of an offering and of a person."""

    mappings = MAPPINGS
    permission_classes = [IsAuthenticated]
    orders: ClassVar[dict[str, str]] = {"associationId": "pk"}
    asks = {
        "role": one_kind("role", "student", "ROLES"),
        "state": by_state,
    }
    asks_only = {
        "5.0": {
            "associationType": one_kind("associationType", "courseOffering", "ASSOCIATION_TYPES"),
            "result-state": by_result_state,
        },
        "6.0": {"resultState": by_result_state},
    }

    def bodies(self, rows: list[Enrollment]) -> list[dict[str, Any]]:
        spell = getattr(self.mapping, self.shown)
        seen = sources.seen_by(self.request.user, rows, self.states_asked())
        return [spell(each, self.site, self.expanded(each)) for each in seen]

    def states_asked(self) -> set[str]:
        """By what was asked; it holds for what this user may know, not only for what is so."""
        query = self.request.query_params
        states = set(self.states_like(query["state"])) if "state" in query else set(self.mapping.STATES)
        results = query.get("result-state") or query.get("resultState")
        return states & set(sources.OUTCOMES) if results else states

    def expanded(self, seen: sources.Seen) -> dict[str, Any]:
        """The rows to show instead of their ids."""
        return {}

    def states_like(self, theirs: str) -> list[str]:
        """Our states that this version spells so."""
        return [ours for ours, spelled in self.mapping.STATES.items() if spelled == theirs]


class OfferingAssociations(Associations):
    """Of an offering that one may see, the enrollments that one may see."""

    shown = "participant"

    def find(self) -> QuerySet[Enrollment]:
        offering = get_object_or_404(offered.offerings(self.request.user), pk=self.kwargs["offering"])
        return sources.associations(self.request.user).filter(offering=offering)


class PersonAssociations(Associations):
    """Of a person, the enrollments that one may see."""

    shown = "participation"
    asks_only = Associations.asks_only | {"6.0": Associations.asks_only["6.0"] | {"expand": nothing_narrowed}}

    def find(self) -> QuerySet[Enrollment]:
        person = get_object_or_404(sources.persons(self.request.user), pk=self.kwargs["person"])
        return sources.associations(self.request.user).filter(learner=person)

    def expanded(self, seen: sources.Seen) -> dict[str, Any]:
        asked = self.request.query_params.get("expand", "")
        names = expanding(asked, self.mapping.EXPANDS[self.shown]) if self.version == "6.0" else []
        return dict.fromkeys(names, seen.enrollment.offering)


class AssociationItem(Item):
    """An enrollment. Who may withdraw it can cancel it from outside; the rest follows from what is done here."""

    shown = "association"
    mappings = MAPPINGS
    permission_classes = [IsAuthenticated]
    parser_classes = [MergePatchParser, JSONParser]

    def find(self) -> QuerySet[Enrollment]:
        return sources.associations(self.request.user)

    def seen(self, found: Enrollment) -> sources.Seen:
        return sources.seen_by(self.request.user, [found])[0]

    def related(self, found: sources.Seen, name: str) -> Any:
        if name == "offering":
            return found.enrollment.offering
        return sources.person_seen_by(self.request.user, found.enrollment.learner)

    def patch(self, request: Request, pk: Any) -> Response:
        found = get_object_or_404(self.find(), pk=pk)
        asked = _remote_state(request.data, self.mapping)
        if asked not in ("", self.mapping.STATES[self.seen(found).state]):
            if asked != self.mapping.CANCELLED:
                message = _(
                    "Only cancelling can be asked from outside; the other states follow from what is done here."
                )
                raise Conflict(message, code="state")
            found = withdraw_enrollment(by=_user(request), enrollment=found)
        state = self.mapping.STATES[self.seen(found).state]
        return Response({"associationId": str(pk), "message": _message(asked == state), "state": state})


class PersonItem(Item):
    """A person whose enrollments one may see."""

    shown = "person"
    mappings = MAPPINGS
    permission_classes = [IsAuthenticated]

    def find(self) -> QuerySet[User]:
        return sources.persons(self.request.user)

    def seen(self, found: User) -> sources.SeenPerson:
        return sources.person_seen_by(self.request.user, found)


class Me(PersonItem):
    """Whoever asks."""

    def get(self, request: Request) -> Response:  # type: ignore[override]
        return super().get(request, pk=request.user.pk)


def _remote_state(body: Any, mapping: Any) -> str:
    """The state that a patch asks for; empty when it asks for none. Raises Invalid, Forbidden."""
    if not isinstance(body, dict):
        raise Invalid(_("Send an object with the fields to change."))
    unknown = set(body) - set(PATCHABLE)
    if unknown:
        raise refused(min(unknown), _("Only remoteState can be changed."))
    if "result" in body:
        raise Forbidden(_("A result cannot be set: it follows from what the learner has done here."))
    asked = body.get("remoteState", "")
    if asked != "" and asked not in mapping.REMOTE_STATES:
        raise refused("remoteState", _("One of: %(values)s.") % {"values": ", ".join(mapping.REMOTE_STATES)})
    return str(asked)


def _message(done: bool) -> list[dict[str, Any]]:
    said = {}
    for language in ("nl", "en"):
        with override(language):
            said[language] = _("The enrollment has this state.") if done else _("Nothing was changed.")
    return texts(said)


def _user(request: Request) -> User:
    return request.user  # type: ignore[return-value]
