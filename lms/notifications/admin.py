from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import SendState, SentMessage
from .services import wake_sender


@admin.register(SentMessage)
class SentMessageAdmin(admin.ModelAdmin):
    """The send ledger. The text of a message is rendered from its context and not shown here."""

    list_display = ["queued_at", "kind", "recipient", "state", "sent_at", "error"]
    list_filter = ["state", "kind"]
    list_select_related = ["recipient"]
    fields = ["kind", "recipient", "about", "state", "queued_at", "sent_at", "error"]
    show_full_result_count = False
    actions = ["send_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Send again (only what failed or has no answer)"), permissions=["view"])
    def send_again(self, request, queryset):
        count = queryset.filter(state__in=[SendState.FAILED, SendState.SENDING]).update(state=SendState.QUEUED)
        wake_sender()
        self.message_user(request, _("%(count)d messages are queued again.") % {"count": count})
