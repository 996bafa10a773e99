"""Prove, or restore, that grants equal what memberships, of organizations and of modules, say."""

from django.core.management.base import BaseCommand, CommandError

from lms.permissions.services import grant_differences, write_grants
from lms.permissions.sources import expected_grants


class Command(BaseCommand):
    help = "Make the permission grants equal to what memberships say; --check only compares."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when they differ")

    def handle(self, *args, **options):
        expected = expected_grants()
        differences = grant_differences(expected)
        for sentence in differences:
            self.stdout.write(sentence)
        if options["check"]:
            if differences:
                raise CommandError(f"{len(differences)} grants differ from the memberships: run sync_grants.")
            self.stdout.write(f"{len(expected)} groups are equal to the memberships.")
            return
        write_grants(expected)
        self.stdout.write(f"{len(differences)} differences mended.")
