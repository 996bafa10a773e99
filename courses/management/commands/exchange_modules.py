"""Bring a provider's modules and offerings in from a file, or take them out."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.exchange.exporting import exported
from courses.exchange.importing import MAX_BYTES, OUTCOMES, Report, import_file
from lms.accounts.models import User, normalize_email
from lms.core.actor import Actor, acting
from lms.core.errors import DomainError
from lms.organizations.models import Organization


class Command(BaseCommand):
    help = (
        "Bring modules and offerings of a provider in from an XLSX or JSON file, with somebody's rights. The same file "
        "again changes nothing; nothing is published. With --export the file is written instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--provider", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="by", required=True, metavar="EMAIL", help="act with this person's rights")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--export", action="store_true", help="write the file (.xlsx or .json) instead")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        provider = Organization.objects.filter(is_provider=True, slug=options["provider"]).first()
        by = User.objects.filter(email=normalize_email(options["by"]), is_active=True).first()
        if provider is None or by is None:
            raise CommandError(
                "There is no such provider." if provider is None else "Nobody with that address can act."
            )
        path: Path = options["file"]
        try:
            if options["export"]:
                path.write_bytes(exported(by, provider, path.suffix.lstrip(".")))
                return
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            with acting(Actor(by.pk, via="command", origin="exchange_modules")):
                report = import_file(by=by, provider=provider, content=content, dry_run=options["dry_run"])
        except DomainError as refused:
            raise CommandError(refused.detail) from refused
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self._print(report, **options)

    def _print(self, report: Report, **options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        self.stdout.write("Trial: nothing was written." if options["dry_run"] else "Done.")
        for name, counts in (("modules", report.modules), ("offerings", report.offerings)):
            figures = ", ".join(f"{counts[outcome]} {outcome}" for outcome in (*OUTCOMES, "refused"))
            self.stdout.write(f"{name}: {figures}")
        for problem in report.problems:
            where = " ".join(str(part) for part in (problem.sheet, problem.row, problem.column) if part)
            self.stdout.write(f"{problem.code} {where}: {problem.reason}")
