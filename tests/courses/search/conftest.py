"""The catalogue of `modules.toml`, published."""

import tomllib
from pathlib import Path

import pytest

from courses.models import Skill
from courses.services.indexing import index_module
from lms.organizations.models import Organization
from tests.factories import published_version

MODULES = Path(__file__).with_name("modules.toml")


@pytest.fixture
def modules(db):
    """By code."""
    found = {}
    for facts in tomllib.loads(MODULES.read_text())["module"]:
        name = facts["provider"]
        slug = name.lower().replace(" ", "-")
        provider, _ = Organization.objects.get_or_create(slug=slug, defaults={"name": name, "is_provider": True})
        skills = [
            Skill.objects.get_or_create(
                uri=f"http://voorbeeld.test/{en.replace(' ', '-')}", defaults={"label_nl": nl, "label_en": en}
            )[0]
            for nl, en in facts.get("skills", [])
        ]
        version = published_version(
            provider=provider,
            skills=skills,
            module__code=facts["code"],
            title={key: facts[key] for key in ("nl", "en") if key in facts},
            summary={"nl": facts["summary"]},
            description={"nl": "Voor mensen die al werken. U begint wanneer het u uitkomt."},
            outcomes=[{"nl": "Past het geleerde toe op de eigen afdeling."}],
            track=facts.get("track", "mbo"),
            purpose=facts.get("purpose", "upskilling"),
            level=facts.get("level", 3),
        )
        index_module(version.module)
        found[facts["code"]] = version.module
    return found
