"""Making a module or an offering what a document says: through the services that people's pages use too."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Module, ModuleVersion, Offering, Sector, Skill
from courses.policies import can_author_for, can_edit_module, can_plan_offering
from courses.services import authoring
from courses.services.facts import FACTS
from courses.services.offerings import OFFERING_FACTS, edit_offering, plan_offering
from courses.services.outline import replace_outline
from courses.services.validity import refuse
from lms.accounts.models import User
from lms.core.errors import Conflict, FieldError, Forbidden
from lms.organizations.models import Location, Organization

from .documents import Document, etag, location_names, module_document, offering_document, place
from .shapes import read_module, read_offering, with_keys

Row = TypeVar("Row", ModuleVersion, Offering)


class Stale(Conflict):
    """Somebody changed it since it was read: what If-Match names is not there any more."""

    status = 412
    code = "stale"


@dataclass(frozen=True)
class Put(Generic[Row]):
    """What became of a document. `outcome` is created, changed or unchanged."""

    row: Row
    document: Document
    outcome: str


@transaction.atomic
def put_module(
    *, by: User, provider: Organization, code: str, given: Any, if_match: str | None = None
) -> Put[ModuleVersion]:
    """Make the draft of the provider's module with this code what `given` says; start module or draft when needed.

    A published version never changes, and nothing is published. The same content again writes nothing.
    Requires: author_modules. Raises: Forbidden, whether or not there is a module with this code; Invalid naming every
    field at fault; Stale; Conflict with code `in_review` while reviewers have the draft.
    """
    module = _locked_module(provider, code)
    if not (can_edit_module(by, module) if module else can_author_for(by, provider)):
        raise Forbidden
    document = read_module(given, code)
    newest = newest_version(module) if module else None
    current = module_document(newest) if newest else None
    _require_match(if_match, current)
    links = _links(document)
    document = with_keys(document, current)
    if newest and document == current:
        return Put(newest, document, "unchanged")
    if newest is None:
        started = _start(by, provider, document)
        if started is None:
            return put_module(by=by, provider=provider, code=code, given=given)
        return Put(*_applied(by, started, module_document(started), document, links), "created")
    draft = newest if newest.is_draft else authoring.create_draft(by=by, module=newest.module)
    return Put(*_applied(by, draft, current or {}, document, links), "changed")


def newest_version(module: Module) -> ModuleVersion | None:
    """The draft when there is one, else the newest published version; with everything a document needs."""
    version: ModuleVersion | None = _with_all(module.versions.order_by("-number")).first()
    return version


@transaction.atomic
def put_offering(
    *, by: User, provider: Organization, code: str, given: Any, if_match: str | None = None
) -> Put[Offering]:
    """Make the provider's offering with this code what `given` says; a new one is of the newest published version.

    An offering that is there stays with its version. The same content again writes nothing.
    Requires: manage_offerings. Raises: Forbidden; Invalid naming every field at fault; Stale; Conflict when it is
    cancelled, when the code is another provider's, or when nothing of the module is published.
    """
    if not can_plan_offering(by, provider):
        raise Forbidden
    document = read_offering(given, code)
    offering = provider.offerings.select_for_update(of=("self",)).filter(code=code).first()
    current = offering_document(offering) if offering else None
    _require_match(if_match, current)
    facts = _offering_facts(provider, document)
    if offering and document == current:
        return Put(offering, document, "unchanged")
    if offering and current:
        if document["module"] != current["module"]:
            message = _("This offering is of module %(code)s: give a new offering another code.")
            refuse([FieldError("module", "other", message % {"code": current["module"]})])
        changed = {name: value for name, value in facts.items() if document[name] != current[name]}
        return Put(edit_offering(by=by, offering=offering, **changed), document, "changed")
    version = _published(provider, document["module"])
    return Put(plan_offering(by=by, version=version, code=code, **facts), document, "created")


def _locked_module(provider: Organization, code: str) -> Module | None:
    """The module, locked until the transaction ends: two who put the same code wait for each other."""
    module: Module | None = provider.modules.select_for_update(of=("self",)).filter(code=code).first()
    return module


def _start(by: User, provider: Organization, document: Document) -> ModuleVersion | None:
    """A new module; None when somebody put the same code at the same moment and was first."""
    code, title, track = (document[name] for name in ("code", "title", "track"))
    try:
        return authoring.create_module(by=by, provider=provider, code=code, title=title, track=track)
    except Conflict:
        if not provider.modules.filter(code=code).exists():
            raise
        return None


def _applied(
    by: User, draft: ModuleVersion, held: Document, document: Document, links: dict[str, list[Any]]
) -> tuple[ModuleVersion, Document]:
    facts = {name: document[name] for name in FACTS} | {"load": Decimal(document["load"])} | links
    changed = {name: value for name, value in facts.items() if document[name] != held[name]}
    if changed:
        draft = authoring.edit_version(by=by, version=draft, revision=draft.revision, facts=changed)
    if document["sections"] != held["sections"]:
        replace_outline(by=by, version=draft, sections=document["sections"])
    fresh = _with_all(ModuleVersion.objects.filter(pk=draft.pk)).get()
    return fresh, module_document(fresh)


def _with_all(versions: Any) -> Any:
    return versions.select_related("module__provider").prefetch_related("sectors", "skills", "sections__units")


def _require_match(if_match: str | None, current: Document | None) -> None:
    if not if_match or (if_match == "*" and current is not None):
        return
    if current is None or etag(current) not in [tag.strip() for tag in if_match.split(",")]:
        raise Stale(_("This was changed since you read it: read it again and put your change into that."))


def _links(document: Document) -> dict[str, list[Any]]:
    skills = {skill.uri: skill for skill in Skill.objects.filter(uri__in=document["skills"])}
    sectors = {sector.code: sector for sector in Sector.objects.filter(code__in=document["sectors"])}
    errors = [
        FieldError(f"{name}/{index}", "unknown", _("There is no “%(key)s”: check it in the list.") % {"key": key[:80]})
        for name, known in (("skills", skills), ("sectors", sectors))
        for index, key in enumerate(document[name])
        if key not in known
    ]
    refuse(errors)
    return {"skills": list(skills.values()), "sectors": list(sectors.values())}


def _offering_facts(provider: Organization, document: Document) -> dict[str, Any]:
    facts: dict[str, Any] = {name: document[name] for name in OFFERING_FACTS}
    for name in ("starts_on", "ends_on", "enroll_from", "enroll_until", "price", "vat_percentage"):
        facts[name] = Offering._meta.get_field(name).to_python(facts[name])  # type: ignore[union-attr]
    facts["location"] = _location(provider, document["location"])
    document["location"] = place(facts["location"], location_names())
    found = {
        employer.slug: employer
        for employer in Organization.objects.filter(is_employer=True).filter(slug__in=document["employers"])
    }
    refuse(
        [
            FieldError(f"employers/{index}", "unknown", _("There is no employer “%(slug)s”.") % {"slug": slug[:80]})
            for index, slug in enumerate(document["employers"])
            if slug not in found
        ]
    )
    return facts | {"employers": list(found.values())}


def _location(provider: Organization, named: str | None) -> Location | None:
    """By id, or by a name that one place has, or one of the provider's own."""
    if named is None:
        return None
    try:
        found = list(Location.objects.filter(pk=UUID(named)))
    except ValueError:
        found = list(Location.objects.filter(name=named)[:20])
    if len(found) > 1:
        found = [location for location in found if location.organization_id == provider.pk]
    if len(found) != 1:
        message = _("No single place is called “%(name)s”: give its name as in the list of locations, or its id.")
        refuse([FieldError("location", "unknown", message % {"name": named[:80]})])
    return found[0]


def _published(provider: Organization, code: str) -> ModuleVersion:
    module = provider.modules.filter(code=code).first()
    if module is None:
        refuse([FieldError("module", "unknown", _("You have no module with code “%(code)s”.") % {"code": code[:80]})])
    version = ModuleVersion.objects.published().filter(module=module).order_by("-number").first()
    if version is None:
        message = _("Nothing of module %(code)s is published yet: publish it first.") % {"code": code}
        raise Conflict(message, code="draft", errors=[FieldError("module", "draft", message)])
    return version
