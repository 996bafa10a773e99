from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from .models import ApiToken, Invitation, User

admin.site.unregister(Group)  # groups are derived from memberships: see lms.permissions


class UserForm(forms.ModelForm):
    """Passwords are set by their owners: by invitation or by mail, never here."""

    class Meta:
        model = User
        fields = [
            "email",
            "given_name",
            "name_prefix",
            "family_name",
            "language",
            "is_active",
            "is_staff",
            "is_superuser",
        ]

    def clean_email(self):
        """No address at all is unknown, not an empty text: several people may have none."""
        return self.cleaned_data["email"] or None


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    list_display = ["email", "full_name", "language", "is_active", "is_staff", "activated_at"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["email", "family_name", "given_name"]
    ordering = ["-id"]
    show_full_result_count = False
    readonly_fields = ["date_joined", "activated_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "given_name", "name_prefix", "family_name", "language"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["date_joined", "activated_at", "last_login"]}),
    ]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False


class SecretKeeper(admin.ModelAdmin):
    """Shown without the digest, made elsewhere, taken away here."""

    show_full_result_count = False
    list_select_related = ["user"]
    search_fields = ["user__email", "user__family_name"]
    ordering = ["-id"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Invitation)
class InvitationAdmin(SecretKeeper):
    list_display = ["user", "organization_name", "expires_at", "used_at"]
    fields = ["user", "organization_name", "expires_at", "used_at"]


@admin.register(ApiToken)
class ApiTokenAdmin(SecretKeeper):
    list_display = ["user", "name", "prefix", "created_at", "last_used_on", "expires_at"]
    fields = ["user", "name", "prefix", "created_at", "last_used_on", "expires_at"]
