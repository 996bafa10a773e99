"""Second chapter of the demo story: modules that a manufacturing worker would recognise, and their offerings.

The content lies in `modules/`, a folder per module: facts in `module.toml`, texts as markdown per language, questions
in TOML. The runs are in `offerings.toml`.
"""

import tomllib
from typing import Any

from django.db import transaction

from courses.models import Module, ModuleVersion
from courses.services.authoring import add_unit, create_draft, edit_version
from courses.services.esco import load_esco
from courses.services.offerings import cancel_offering, plan_offering
from courses.services.publishing import publish_version
from courses.services.reviewing import approve_version, submit_for_review
from courses.services.sectors import load_sectors
from lms.accounts.models import User
from lms.organizations.demo.moments import ago, day
from lms.organizations.models import Location, Organization

from .folders import FOLDER, folders
from .meetings import plan_meetings
from .programmes import tell_programmes
from .writing import write_module

SUBMITTED, APPROVED, PUBLISHED = 828, 824, 820  # days ago
REDRAFTED = 6
IMPORT_EXAMPLE = {"employer": "zwaluwstaal", "offering": "lean-op-de-werkvloer-doorlopend"}


def tell(stdout: Any) -> None:
    """ESCO, the modules with their content, their runs, two drafts in the making, and a programme."""
    if Module.objects.exists():
        return
    stdout.write("    {occupation} occupations and {skill} skills of ESCO".format(**load_esco().totals))
    load_sectors()
    with transaction.atomic():
        for folder in folders():
            _tell_module(folder)
        runs = [_plan(facts) for facts in _offerings()]
        sessions = plan_meetings()
        _start_second_version()
        tell_programmes()
    stdout.write(f"    {Module.objects.count()} modules, {len(runs)} offerings, {sessions} sessions")


def who() -> dict[str, Any]:
    """Where the sample staff list of `docs/samples` goes."""
    return {"import_example": IMPORT_EXAMPLE}


def staff_of(provider: Organization, role: str) -> User:
    """Who plays this role at a provider."""
    return User.objects.filter(memberships__organization=provider, memberships__role=role).get()


def _tell_module(folder: Any) -> None:
    provider = Organization.objects.get(slug=folder.facts["provider"])
    teacher = staff_of(provider, "teacher")
    with ago(12 if folder.facts.get("draft") else SUBMITTED + 2, by=teacher):
        version = write_module(by=teacher, provider=provider, folder=folder)
    if not folder.facts.get("draft"):
        _review_and_publish(provider, teacher, version)


def _review_and_publish(provider: Organization, teacher: User, version: ModuleVersion) -> None:
    reviewer, publisher = staff_of(provider, "reviewer"), staff_of(provider, "publisher")
    with ago(SUBMITTED, by=teacher):
        submit_for_review(by=teacher, version=version)
    with ago(APPROVED, by=reviewer):
        approve_version(by=reviewer, version=version)
    with ago(PUBLISHED, by=publisher):
        publish_version(by=publisher, version=version)


def _offerings() -> list[dict[str, Any]]:
    with (FOLDER / "offerings.toml").open("rb") as file:
        planned: list[dict[str, Any]] = tomllib.load(file)["offerings"]
    return sorted(planned, key=lambda facts: -facts["planned"])


def _plan(facts: dict[str, Any]) -> str:
    """Dates are days from today, `planned` is how many days ago it was planned."""
    version = ModuleVersion.objects.select_related("module__provider").get(module__code=facts["module"], number=1)
    publisher = staff_of(version.module.provider, "publisher")
    days = {
        name: day(-facts[name]) for name in ("starts_on", "ends_on", "enroll_from", "enroll_until") if name in facts
    }
    plain: dict[str, Any] = {
        name: facts[name] for name in ("capacity", "price", "delivery", "language", "visibility") if name in facts
    }
    if "location" in facts:
        plain["location"] = Location.objects.get(name=facts["location"])
    if "employers" in facts:
        plain["employers"] = list(Organization.objects.filter(slug__in=facts["employers"]))
    with ago(facts["planned"], by=publisher):
        offering = plan_offering(by=publisher, version=version, code=facts["code"], **days, **plain)
    if "cancelled" in facts:
        with ago(facts["cancelled"], by=publisher):
            cancel_offering(by=publisher, offering=offering)
    return offering.code


def _start_second_version() -> None:
    """The teacher works on the next version of the lean module; its new unit is not written yet."""
    module = Module.objects.get(code="lean-op-de-werkvloer")
    teacher = staff_of(module.provider, "teacher")
    with ago(REDRAFTED, by=teacher):
        draft = create_draft(by=teacher, module=module)
        summary = {
            "nl": "Verspilling zien, 5S, sneller omstellen, samen verbeteren, en nieuw: lean en veiligheid.",
            "en": "See waste, 5S, faster changeovers, improving together, and new: lean and safety.",
        }
        edit_version(by=teacher, version=draft, revision=draft.revision, facts={"summary": summary})
        add_unit(
            by=teacher,
            section=draft.sections.latest("position"),
            kind="text",
            title={"nl": "Lean en veiligheid", "en": "Lean and safety"},
            data={"body": {"nl": ""}},
        )
