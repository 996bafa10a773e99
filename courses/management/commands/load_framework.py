"""Load a framework of skills and occupations from a file."""

import csv
import io
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError

from courses.services.frameworks import ConceptRow, NeedRow, load_framework
from lms.core.errors import Invalid

CONCEPTS = ("uri", "code", "kind", "label_nl", "label_en")
NEEDS = ("occupation_uri", "skill_uri")
Row = TypeVar("Row", ConceptRow, NeedRow)


class Command(BaseCommand):
    help = (
        "Load a framework beside the others, such as: load_framework CompetentNL concepts.csv --relations needs.csv. "
        "Columns: uri, code, kind (skill or occupation), label_nl, label_en; of relations: occupation_uri, skill_uri. "
        "UTF-8, with comma or semicolon. A second run changes nothing; a file with errors loads nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the framework's key, such as CompetentNL")
        parser.add_argument("file", type=Path)
        parser.add_argument("--relations", type=Path, help="which occupation essentially needs which skill")
        parser.add_argument("--whole", action="store_true", help="retire what the file does not name any more")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        concepts = _read(options["file"], CONCEPTS, _concept)
        needs = _read(options["relations"], NEEDS, _need) if options["relations"] else []
        try:
            loaded = load_framework(
                options["name"], concepts, needs, whole=options["whole"], dry_run=options["dry_run"]
            )
        except Invalid as refused:
            for error in refused.errors:
                self.stderr.write(f"{error.field}: {error.message}")
            raise CommandError(f"{len(refused.errors)} errors. {refused.detail}") from refused
        self.stdout.write(
            f"{loaded.created} new, {loaded.changed} changed, {loaded.unchanged} as they were, "
            f"{loaded.retired} retired, {loaded.related} new relations."
        )
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing is stored.")


def _concept(number: int, row: dict[str, str]) -> ConceptRow:
    return ConceptRow(number, row["uri"], row["kind"], row["label_nl"], row["label_en"], row["code"])


def _need(number: int, row: dict[str, str]) -> NeedRow:
    return NeedRow(number, row["occupation_uri"], row["skill_uri"])


def _read(path: Path, columns: tuple[str, ...], made: Callable[[int, dict[str, str]], Row]) -> list[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: save the file as UTF-8.") from error
    return [made(number, row) for number, row in _records(path, text, columns)]


def _records(path: Path, text: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise CommandError(f"{path}: the first row lacks {', '.join(missing)}.")
    for row in reader:
        yield reader.line_num, {column: (row[column] or "").strip() for column in columns}
