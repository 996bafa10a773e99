"""Compares every stored certificate with the hash that was recorded when it was made."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates.models import CertificateDocument
from certificates.services.documents import restore_document, stored_bytes


class Command(BaseCommand):
    """`check_certificates [--repair]`: exit code 1 when a file is missing or differs."""

    help = "Compare every certificate file with its recorded SHA-256."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="render damaged files again and put them back")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = broken = 0
        for document in CertificateDocument.objects.select_related("certificate").iterator():
            checked += 1
            if stored_bytes(document) is not None:
                continue
            restored = options["repair"] and restore_document(document)
            broken += not restored
            state = "put back" if restored else "missing or damaged"
            self.stdout.write(f"{document.certificate.serial}  {document.file.name}  {state}")
        if broken:
            raise CommandError(f"{broken} of {checked} certificate files are missing or damaged.")
        self.stdout.write(f"All {checked} certificate files are what was stored.")
