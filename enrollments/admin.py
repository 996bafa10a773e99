from django.contrib import admin

from .models import Attempt, Completion, Enrollment, UnitProgress


class LookOnlyAdmin(admin.ModelAdmin):
    """Looked at by platform staff; changed through the services only, so that places, facts and events agree."""

    show_full_result_count = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class UnitProgressInline(admin.TabularInline):
    model = UnitProgress
    fields = ["unit", "started_at", "done_at", "best_score"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Enrollment)
class EnrollmentAdmin(LookOnlyAdmin):
    list_display = ["learner", "offering", "employer", "state", "units_done", "units_required", "created_at"]
    list_filter = ["state", "arranged_by", "mandatory"]
    list_select_related = ["learner", "offering", "employer"]
    search_fields = ["learner__email", "learner__family_name", "offering__code"]
    inlines = [UnitProgressInline]


@admin.register(Attempt)
class AttemptAdmin(LookOnlyAdmin):
    """Without the answers: those are between learner and provider."""

    list_display = ["enrollment", "unit", "number", "passed", "submitted_at"]
    list_select_related = ["enrollment", "unit"]
    fields = ["enrollment", "unit", "number", "passed", "submitted_at"]


@admin.register(Completion)
class CompletionAdmin(LookOnlyAdmin):
    list_display = ["enrollment", "completed_at"]
    list_select_related = ["enrollment"]
