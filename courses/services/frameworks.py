"""Bringing a published framework of skills and occupations into the catalogue, beside the others that are there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Occupation, OccupationSkill, Skill
from lms.core.clock import now
from lms.core.errors import FieldError, Invalid

BATCH = 500
FRAMEWORK_KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,19}")
URI = re.compile(r"https?://[^\s<>\"]+")
KINDS: dict[str, type[Skill] | type[Occupation]] = {"skill": Skill, "occupation": Occupation}
COMPARED = ("code", "label_nl", "label_en", "label_nl_is_ours", "retired_at")

Concept = Skill | Occupation


@dataclass(frozen=True)
class ConceptRow:
    """A line of a framework: `kind` is skill or occupation; one label at least. `row` is where it stands."""

    row: int
    uri: str
    kind: str
    label_nl: str = ""
    label_en: str = ""
    code: str = ""
    label_nl_is_ours: bool = False


@dataclass(frozen=True)
class NeedRow:
    """A line that says: this occupation essentially needs this skill."""

    row: int
    occupation: str
    skill: str


@dataclass
class Loaded:
    """What loading did, or in a dry run would do."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    related: int = 0
    totals: dict[str, int] = field(default_factory=dict)


def load_framework(
    name: str,
    concepts: Iterable[ConceptRow],
    needs: Iterable[NeedRow] = (),
    *,
    whole: bool = False,
    dry_run: bool = False,
) -> Loaded:
    """Make each concept and need exist under the framework's key. Again: corrects labels, adds nothing twice.

    `whole`: what the rows do not name any more is retired; it stays where modules refer to it, but cannot be chosen.
    A URI belongs to one framework. Ids stay, so that what refers to a skill keeps referring to it.
    Raises: Invalid naming every row at fault; then nothing is written.
    """
    given, wanted = list(concepts), list(needs)
    errors = [*_key_errors(name), *_concept_errors(name, given), *_need_errors(name, given, wanted)]
    if errors:
        raise Invalid(_("The framework has errors: nothing was loaded."), errors=errors)
    with transaction.atomic():
        loaded = Loaded()
        for kind in KINDS:
            _store(name, kind, [row for row in given if row.kind == kind], loaded, whole=whole)
        _relate(wanted, loaded)
        transaction.set_rollback(dry_run)
    return loaded


def _store(name: str, kind: str, rows: list[ConceptRow], loaded: Loaded, *, whole: bool) -> None:
    model = KINDS[kind]
    known: dict[str, Concept] = {concept.uri: concept for concept in model.objects.filter(framework=name)}
    new, changed = [], []
    for row in rows:
        concept = known.get(row.uri) or model(framework=name, uri=row.uri)
        before = [getattr(concept, field) for field in COMPARED]
        concept.code, concept.label_nl, concept.label_en = row.code, row.label_nl, row.label_en or row.label_nl
        concept.label_nl_is_ours, concept.retired_at = row.label_nl_is_ours, None
        concept.fold()
        if row.uri not in known:
            new.append(concept)
        elif before != [getattr(concept, field) for field in COMPARED]:
            changed.append(concept)
    manager = model._default_manager
    manager.bulk_create(new, batch_size=BATCH)  # type: ignore[arg-type]
    manager.bulk_update(changed, [*COMPARED, "folded"], batch_size=BATCH)  # type: ignore[arg-type]
    loaded.created += len(new)
    loaded.changed += len(changed)
    loaded.unchanged += len(rows) - len(new) - len(changed)
    loaded.totals[kind] = len(rows)
    if whole:
        named = {row.uri for row in rows}
        gone = [concept.pk for concept in known.values() if concept.uri not in named and concept.retired_at is None]
        loaded.retired += manager.filter(pk__in=gone).update(retired_at=now())


def _relate(needs: list[NeedRow], loaded: Loaded) -> None:
    occupations = dict(Occupation.objects.values_list("uri", "pk"))
    skills = dict(Skill.objects.values_list("uri", "pk"))
    known = set(OccupationSkill.objects.values_list("occupation_id", "skill_id"))
    pairs = {(occupations[need.occupation], skills[need.skill]) for need in needs}
    OccupationSkill.objects.bulk_create(
        (OccupationSkill(occupation_id=occupation, skill_id=skill) for occupation, skill in sorted(pairs - known)),
        batch_size=BATCH,
    )
    loaded.related = len(pairs - known)
    loaded.totals["pair"] = len(pairs)


def _key_errors(name: str) -> Iterator[FieldError]:
    if not FRAMEWORK_KEY.fullmatch(name):
        message = _("Give the framework a key of 2 to 20 letters, figures and hyphens, such as CompetentNL.")
        yield FieldError("framework", "pattern", message)


def _concept_errors(name: str, rows: list[ConceptRow]) -> Iterator[FieldError]:
    elsewhere = _owners()
    seen: dict[str, int] = {}
    for row in rows:
        if not URI.fullmatch(row.uri) or len(row.uri) > 255:
            message = _("Give a web address of at most 255 characters that names the concept for good.")
            yield FieldError(f"{row.row}/uri", "uri", message)
        elif row.uri in seen:
            message = _("This concept stands in row %(row)d too: keep one.") % {"row": seen[row.uri]}
            yield FieldError(f"{row.row}/uri", "twice", message)
        elif row.uri in elsewhere and elsewhere[row.uri] != (name, row.kind):
            message = _("This address is a %(kind)s of %(framework)s already.")
            owner = {"framework": elsewhere[row.uri][0], "kind": elsewhere[row.uri][1]}
            yield FieldError(f"{row.row}/uri", "taken", message % owner)
        seen.setdefault(row.uri, row.row)
        if row.kind not in KINDS:
            yield FieldError(f"{row.row}/kind", "unknown", _("Write skill or occupation."))
        if not (row.label_nl or row.label_en):
            yield FieldError(f"{row.row}/label_nl", "empty", _("Give a label in Dutch or English."))
        for column, most in (("label_nl", 255), ("label_en", 255), ("code", 40)):
            if len(getattr(row, column)) > most:
                message = _("This is longer than %(most)d characters: shorten it.") % {"most": most}
                yield FieldError(f"{row.row}/{column}", "long", message)


def _need_errors(name: str, concepts: list[ConceptRow], needs: list[NeedRow]) -> Iterator[FieldError]:
    there = {(row.uri, row.kind) for row in concepts} | {(uri, kind) for uri, (_name, kind) in _owners().items()}
    for need in needs:
        for column, kind, uri in (("occupation", "occupation", need.occupation), ("skill", "skill", need.skill)):
            if (uri, kind) not in there:
                message = _("No %(kind)s has this address: add it to the concepts.") % {"kind": kind}
                yield FieldError(f"relations/{need.row}/{column}", "unknown", message)


def _owners() -> dict[str, tuple[str, str]]:
    """Of every address that is known: its framework and kind."""
    return {
        uri: (framework, kind)
        for kind, model in KINDS.items()
        for uri, framework in model._default_manager.values_list("uri", "framework")
    }
