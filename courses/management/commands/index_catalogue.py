"""Build the catalogue's index anew."""

from django.core.management.base import BaseCommand

from courses.services.indexing import rebuild_index


class Command(BaseCommand):
    help = "Index every published module anew, after a change to the synonyms or to the labels of skills."

    def handle(self, *args, **options):
        self.stdout.write(f"{rebuild_index()} modules in the catalogue.")
