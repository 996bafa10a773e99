"""Certificates are looked at here, never edited: what is issued is frozen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Certificate, CertificateDocument, Revocation


class FrozenAdmin(admin.ModelAdmin):
    """Read only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Certificate)
class CertificateAdmin(FrozenAdmin):
    list_display = ["serial", "award", "provider", "issued_at", "valid_until", "state"]
    list_filter = ["award", "language"]
    list_select_related = ["provider", "revocation", "replaced_by"]
    search_fields = ["serial"]
    exclude = ["code"]


@admin.register(CertificateDocument)
class CertificateDocumentAdmin(FrozenAdmin):
    list_display = ["certificate", "template", "size", "rendered_at"]
    list_select_related = ["certificate"]
    search_fields = ["certificate__serial", "sha256"]


@admin.register(Revocation)
class RevocationAdmin(FrozenAdmin):
    list_display = ["certificate", "revoked_at", "reason"]
    list_select_related = ["certificate"]
    search_fields = ["certificate__serial"]
