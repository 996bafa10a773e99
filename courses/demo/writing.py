"""Writing a demo module as its teacher would: facts, pictures, sections, units."""

from decimal import Decimal
from typing import Any

from courses.models import Image, ModuleVersion, Section, Sector, Skill
from courses.services.authoring import add_image, add_section, add_unit, create_module, edit_version
from lms.accounts.models import User
from lms.core.texts import Text
from lms.organizations.models import Organization

from .folders import ModuleFolder

PLAIN_FACTS = (
    "summary",
    "description",
    "purpose",
    "level",
    "nlqf_basis",
    "load_unit",
    "languages",
    "outcomes",
    "document_type",
    "validity_months",
    "crebo",
    "quality_framework",
    "assessment_type",
    "participation_form",
    "identity_check",
    "isced",
)


def write_module(*, by: User, provider: Organization, folder: ModuleFolder) -> ModuleVersion:
    """A draft with everything that the folder holds."""
    told = folder.facts
    draft = create_module(by=by, provider=provider, code=folder.path.name, title=told["title"], track=told["track"])
    facts = {name: told[name] for name in PLAIN_FACTS if name in told}
    facts |= {"load": Decimal(told["load"]), "skills": _skills(told["skills"]), "sectors": _sectors(told["sectors"])}
    draft = edit_version(by=by, version=draft, revision=draft.revision, facts=facts)
    pictures = {name: _picture(by, draft, folder, name, alt) for name, alt in told.get("images", {}).items()}
    for section_facts in told["sections"]:
        section = add_section(by=by, version=draft, title=section_facts["title"])
        for unit in section_facts.get("units", []):
            _write_unit(by, section, folder, unit, pictures)
    return draft


def _skills(uris: list[str]) -> list[Skill]:
    skills = list(Skill.objects.filter(uri__in=uris))
    if len(skills) < len(uris):
        raise LookupError(f"Not in ESCO: {set(uris) - {skill.uri for skill in skills}}")
    return skills


def _sectors(codes: list[str]) -> list[Sector]:
    sectors = list(Sector.objects.filter(code__in=codes))
    if len(sectors) < len(codes):
        raise LookupError(f"Not among the sectors: {set(codes) - {sector.code for sector in sectors}}")
    return sectors


def _picture(by: User, draft: ModuleVersion, folder: ModuleFolder, name: str, alt: Text) -> Image:
    with folder.picture(name).open("rb") as file:
        return add_image(by=by, module=draft.module, file=file, alt=alt)


def _write_unit(
    by: User, section: Section, folder: ModuleFolder, facts: dict[str, Any], pictures: dict[str, Image]
) -> None:
    if "quiz" in facts:
        kind, data = "quiz", folder.quiz(facts["quiz"])
    else:
        kind, data = "text", {"body": _with_pictures(folder.text(facts["text"]), pictures)}
    add_unit(by=by, section=section, kind=kind, title=facts["title"], data=data, minutes=facts["minutes"])


def _with_pictures(body: Text, pictures: dict[str, Image]) -> Text:
    """Texts name a picture by its file; a stored text names it by its id."""
    for name, picture in pictures.items():
        body = {language: text.replace(f"(image:{name})", f"(image:{picture.pk})") for language, text in body.items()}
    return body
