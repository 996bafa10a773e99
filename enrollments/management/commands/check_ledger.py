"""Add up every ledger and compare it with balances, reservations and places."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enrollments.ledger import find_mismatches


class Command(BaseCommand):
    """`manage.py check_ledger`: exit code 1 when something does not agree, each named."""

    help = "Compare balances of agreements with their ledgers, and places with enrollments."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each mismatch."""
        found = find_mismatches()
        for mismatch in found:
            self.stderr.write(f"{mismatch.what} of {mismatch.about}: {mismatch.says}, should be {mismatch.should}")
        if found:
            raise CommandError(f"{len(found)} figures do not agree.")
        self.stdout.write("All ledgers, balances and places agree.")
