from django.contrib import admin

from .models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    """Look, never touch."""

    list_display = ["at", "action", "object_type", "object_id", "actor_id", "via", "origin"]
    list_filter = ["action", "via"]
    search_fields = ["object_id", "actor_id"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
