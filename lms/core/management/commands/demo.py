"""Tell the demo story: each app its own chapter, through the services, once."""

import json
import time
from argparse import ArgumentParser
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Fill an empty installation with the demo story (settings.DEMO_CHAPTERS). A second run changes nothing. "
        "--who prints as JSON who can sign in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--who", action="store_true", help="only print who can sign in, as JSON")
        parser.add_argument("--anyway", action="store_true", help="also where real services are switched on")

    def handle(self, *args: Any, **options: Any) -> None:
        chapters = [import_module(name) for name in settings.DEMO_CHAPTERS]
        if options["who"]:
            self.stdout.write(json.dumps(_who(chapters), ensure_ascii=False, indent=2))
            return
        if not (settings.EMBEDDED or options["anyway"]):
            raise CommandError(
                "The demo story holds people with a known password, so it is told in the embedded mode only; "
                "add --anyway to tell it here all the same."
            )
        began = time.monotonic()
        for number, chapter in enumerate(chapters, start=1):
            title = _title(chapter)
            self.stdout.write(f"{number}/{len(chapters)} {title}")
            self.stdout.flush()
            start = time.monotonic()
            chapter.tell(self.stdout)
            self.stdout.write(f"    {time.monotonic() - start:.1f} s")
        self.stdout.write(f"The story is told ({time.monotonic() - began:.1f} s).")


def _title(chapter: ModuleType) -> str:
    """Of "First chapter of the demo story: a region.", the region."""
    return (chapter.__doc__ or chapter.__name__).splitlines()[0].rpartition(": ")[2].rstrip(".")


def _who(chapters: list[ModuleType]) -> dict[str, Any]:
    """What the chapters say together; each may have a `who()`."""
    told: dict[str, Any] = {}
    for chapter in chapters:
        told |= chapter.who() if hasattr(chapter, "who") else {}
    return told
