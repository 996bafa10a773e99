"""Load ESCO's manufacturing occupations and skills."""

from django.core.management.base import BaseCommand

from courses.services.esco import load_esco


class Command(BaseCommand):
    help = "Load the shipped ESCO occupations and skills. A second run changes nothing."

    def handle(self, *args, **options):
        counts = load_esco().totals
        self.stdout.write("{occupation} occupations, {skill} skills, {pair} pairs.".format(**counts))
        self.stdout.write("This service uses the ESCO classification of the European Commission.")
