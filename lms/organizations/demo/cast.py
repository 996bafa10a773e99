"""Who plays in the demo story, as written in `cast.toml`."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Character:
    """One person of the story. Those with a `persona` are the ones to sign in as."""

    name: list[str]
    email: str
    persona: str = ""
    language: str = "nl"
    is_staff: bool = False
    pending: bool = False
    member_of: dict[str, list[str]] = field(default_factory=dict)
    works_at: dict[str, Any] = field(default_factory=dict)
    worked_at: dict[str, Any] = field(default_factory=dict)

    @property
    def given_name(self) -> str:
        return self.name[0]

    @property
    def name_prefix(self) -> str:
        return self.name[1]

    @property
    def family_name(self) -> str:
        return self.name[2]

    @property
    def full_name(self) -> str:
        return " ".join(part for part in self.name if part)

    @property
    def has_joined(self) -> bool:
        """Accepted the invitation: has a password."""
        return not self.pending and not self.is_staff


@dataclass(frozen=True)
class Cast:
    """All organizations and people, in the order of the file."""

    organizations: list[dict[str, Any]]
    people: list[Character]

    @property
    def personas(self) -> list[Character]:
        return [character for character in self.people if character.persona]

    def organization_of(self, character: Character) -> str:
        """The name of the organization a person belongs to, empty for none."""
        slug = next(iter(character.member_of), None) or character.works_at.get("employer")
        return next((str(facts["name"]) for facts in self.organizations if facts["slug"] == slug), "")


def _read() -> Cast:
    with (Path(__file__).parent / "cast.toml").open("rb") as file:
        facts = tomllib.load(file)
    return Cast(facts["organizations"], [Character(**person) for person in facts["people"]])


CAST = _read()
