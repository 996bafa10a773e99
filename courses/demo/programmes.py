"""The paths of the demo story, and what a module asks beforehand."""

import tomllib
from typing import Any

from courses.models import Module
from courses.services.prerequisites import set_prerequisites
from courses.services.programmes import Place, arrange_programme, create_programme, edit_programme, publish_programme
from lms.accounts.models import User
from lms.organizations.demo.moments import ago
from lms.organizations.models import Organization

from .folders import FOLDER

WRITTEN, PUBLISHED = 60, 55  # days ago


def tell_programmes() -> None:
    """One path of mbo and hbo modules, in which the last module asks the one before it."""
    with (FOLDER / "programmes.toml").open("rb") as file:
        told = tomllib.load(file)
    for asks in told["asks"]:
        module = _module(asks["module"])
        publisher = _staff_of(module.provider, "publisher")
        with ago(WRITTEN, by=publisher):
            set_prerequisites(by=publisher, module=module, requires=[_module(code) for code in asks["requires"]])
    for facts in told["programmes"]:
        _tell(facts)


def _tell(facts: dict[str, Any]) -> None:
    provider = Organization.objects.get(slug=facts["provider"])
    teacher, publisher = _staff_of(provider, "teacher"), _staff_of(provider, "publisher")
    with ago(WRITTEN, by=teacher):
        programme = create_programme(by=teacher, provider=provider, code=facts["code"], title=facts["title"])
        texts = {name: facts[name] for name in ("summary", "description", "optional_minimum")}
        programme = edit_programme(by=teacher, programme=programme, revision=programme.revision, facts=texts)
        places = [Place(_module(code), kind == "required") for kind in ("required", "optional") for code in facts[kind]]
        programme = arrange_programme(by=teacher, programme=programme, revision=programme.revision, places=places)
    with ago(PUBLISHED, by=publisher):
        publish_programme(by=publisher, programme=programme)


def _module(code: str) -> Module:
    return Module.objects.select_related("provider").get(code=code)


def _staff_of(provider: Organization, role: str) -> User:
    return User.objects.filter(memberships__organization=provider, memberships__role=role).get()
