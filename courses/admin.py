"""Modules in the admin: to look at, and to mend drafts that got stuck. What is published is read-only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from lms.core.errors import Invalid

from .models import Image, Module, ModuleVersion, Occupation, Offering, Section, Skill, Unit
from .services.facts import require_facts


class Frozen(admin.ModelAdmin):
    """Rows of a draft can be mended, and who does is one of its authors; in review or published they are looked at."""

    def version_of(self, row: Any) -> ModuleVersion:
        """The version a row belongs to."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self.version_of(obj).is_editable)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and super().has_delete_permission(request, obj) and self.version_of(obj).is_editable

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        user: Any = request.user
        self.version_of(obj).authors.add(user)


class VersionForm(forms.ModelForm):
    """Facts in the shape that pages and certificates rely on."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        try:
            require_facts(self.instance)
        except Invalid as refused:
            self.add_error(None, refused.detail)


@admin.register(ModuleVersion)
class ModuleVersionAdmin(Frozen):
    """Versions."""

    form = VersionForm

    list_display = ["__str__", "module", "number", "track", "document_type", "published_at", "revision"]
    list_filter = ["track", "document_type", "published_at"]
    list_select_related = ["module"]
    search_fields = ["module__code", "crebo"]
    filter_horizontal = ["skills"]
    readonly_fields = ["module", "submitted_at", "approved_at", "published_at", "authors", "revision", "number"]

    def version_of(self, row: ModuleVersion) -> ModuleVersion:
        return row


@admin.register(Section)
class SectionAdmin(Frozen):
    """Sections."""

    list_display = ["__str__", "version", "position"]
    list_select_related = ["version"]
    readonly_fields = ["version"]

    def version_of(self, row: Section) -> ModuleVersion:
        return row.version


@admin.register(Unit)
class UnitAdmin(Frozen):
    """Units."""

    list_display = ["__str__", "kind", "section", "position", "minutes", "required"]
    list_filter = ["kind", "required"]
    list_select_related = ["section"]
    readonly_fields = ["section", "kind"]

    def version_of(self, row: Unit) -> ModuleVersion:
        return row.section.version


@admin.register(Module)
class ModuleAdmin(admin.ModelAdmin):
    """Modules: started on the authors' pages, so that a draft comes along."""

    list_display = ["code", "provider", "created_at"]
    list_filter = ["provider"]
    list_select_related = ["provider"]
    search_fields = ["code"]
    readonly_fields = ["provider", "code", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Module | None = None) -> bool:
        return False


@admin.register(Offering)
class OfferingAdmin(admin.ModelAdmin):
    """Runs, to look at: planning and cancelling have consequences and go through the provider's pages."""

    list_display = ["code", "provider", "starts_on", "ends_on", "capacity", "taken", "price", "visibility"]
    list_filter = ["provider", "delivery", "visibility"]
    list_select_related = ["provider"]
    search_fields = ["code"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Offering | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Offering | None = None) -> bool:
        return False


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    """Pictures: only their words can be mended, since texts refer to them."""

    list_display = ["__str__", "module", "width", "height"]
    list_select_related = ["module"]
    fields = ["module", "alt", "width", "height"]
    readonly_fields = ["module", "width", "height"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return False


@admin.register(Skill, Occupation)
class ConceptAdmin(admin.ModelAdmin):
    """Skills and occupations of a framework, to look at: `load_esco` and `load_framework` bring them in."""

    list_display = ["label_en", "label_nl", "framework", "code"]
    list_filter = ["framework"]
    search_fields = ["label_en", "label_nl", "uri"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
