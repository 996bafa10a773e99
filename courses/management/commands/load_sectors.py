"""Load the sectors."""

from django.core.management.base import BaseCommand

from courses.services.sectors import load_sectors


class Command(BaseCommand):
    help = "Load the shipped sectors (NACE Rev. 2). A second run changes nothing."

    def handle(self, *args, **options):
        self.stdout.write(f"{load_sectors()} sectors.")
