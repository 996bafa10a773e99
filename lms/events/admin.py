from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Delivery, DomainEvent
from .services import retry_delivery, wake_relay


class ReadOnlyAdmin(admin.ModelAdmin):
    """The outbox is looked at, never edited."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(DomainEvent)
class DomainEventAdmin(ReadOnlyAdmin):
    list_display = ["occurred_at", "name", "subject_id"]
    list_filter = ["name"]
    search_fields = ["subject_id"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event", "handler", "state", "attempts", "due_at", "done_at", "last_error"]
    list_filter = ["state", "handler"]
    list_select_related = ["event"]
    actions = ["retry"]

    @admin.action(description=_("Try again now"), permissions=["view"])
    def retry(self, request, queryset):
        for delivery in queryset:
            retry_delivery(delivery)
        wake_relay()
        self.message_user(request, _("%(count)d deliveries will be tried again.") % {"count": queryset.count()})
