from django.contrib import admin

from .models import Employment, Location, Membership, Organization
from .services import add_member, remove_member


class LocationInline(admin.TabularInline):
    model = Location
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "is_provider", "is_employer", "is_public_body", "kvk"]
    list_filter = ["is_provider", "is_employer", "is_public_body"]
    search_fields = ["name", "slug", "kvk", "brin"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [LocationInline]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Through the services, so that grants follow and the audit log knows."""

    list_display = ["user", "organization", "role", "since"]
    list_filter = ["role"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__email", "user__family_name", "organization__name"]
    autocomplete_fields = ["user", "organization"]
    ordering = ["-id"]
    actions = None  # deleting in bulk would pass the service by

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        added = add_member(by=request.user, organization=obj.organization, user=obj.user, role=obj.role)
        obj.pk = added.pk

    def delete_model(self, request, obj):
        remove_member(by=request.user, membership=obj)


@admin.register(Employment)
class EmploymentAdmin(admin.ModelAdmin):
    list_display = ["user", "employer", "personnel_number", "department", "starts_on", "ends_on"]
    list_filter = ["employer"]
    list_select_related = ["user", "employer", "department"]
    search_fields = ["user__email", "user__family_name", "personnel_number"]
    autocomplete_fields = ["user", "employer", "manager"]
    raw_id_fields = ["department"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Location)
class LocationAdmin(admin.ModelAdmin):
    list_display = ["name", "city", "organization"]
    list_select_related = ["organization"]
    search_fields = ["name", "city", "organization__name"]
    autocomplete_fields = ["organization"]
    ordering = ["-id"]
