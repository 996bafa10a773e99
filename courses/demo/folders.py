"""The modules of the demo story as they lie on disk."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.core.texts import LANGUAGES, Text

FOLDER = Path(__file__).parent
LETTERS = "abcdefgh"


@dataclass(frozen=True)
class ModuleFolder:
    """A folder of `modules/`: its name is the module's code."""

    path: Path
    facts: dict[str, Any]

    def text(self, name: str) -> Text:
        """The markdown of one unit, in each language it was written in."""
        files = {language: self.path / f"{name}.{language}.md" for language in LANGUAGES}
        return {language: file.read_text(encoding="utf-8") for language, file in files.items() if file.exists()}

    def quiz(self, name: str) -> dict[str, Any]:
        """The data of a quiz unit. In the file the right options are marked; here options have letters."""
        facts = _read(self.path / f"{name}.toml")
        return {
            "pass_mark": facts["pass_mark"],
            "max_attempts": facts.get("max_attempts"),
            "questions": [_question(f"q{number}", question) for number, question in enumerate(facts["questions"], 1)],
        }

    def picture(self, name: str) -> Path:
        """A picture that the texts name as `image:<name>`."""
        return self.path / "images" / f"{name}.png"


def folders() -> list[ModuleFolder]:
    """All modules, by code."""
    paths = sorted(path.parent for path in (FOLDER / "modules").glob("*/module.toml"))
    return [ModuleFolder(path, _read(path / "module.toml")) for path in paths]


def _question(key: str, facts: dict[str, Any]) -> dict[str, Any]:
    options = [
        (letter, {language: option[language] for language in LANGUAGES if language in option}, option.get("right"))
        for letter, option in zip(LETTERS, facts["options"], strict=False)
    ]
    return {
        "id": key,
        "type": facts.get("type", "single"),
        "text": facts["text"],
        "options": [{"id": letter, "text": text} for letter, text, _right in options],
        "correct": [letter for letter, _text, right in options if right],
        "feedback": facts["feedback"],
    }


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
