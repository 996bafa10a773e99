"""What a provider's modules and offerings are now, for a file: those one may see the drafts or make the plans of."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.utils.translation import gettext as _

from courses.models import Module, ModuleVersion, Offering
from courses.policies import can_plan_offering
from courses.querysets import ModuleQuerySet
from lms.core.errors import Invalid
from lms.organizations.models import Organization

from .documents import Document, location_names, module_document, offering_document
from .json_file import write_json
from .workbook_file import write_workbook


def own_modules(user: Any, provider: Organization) -> ModuleQuerySet:
    """The provider's modules of which one may see the drafts."""
    return Module.objects.with_drafts_for(user).filter(provider=provider)


def module_documents(user: Any, provider: Organization) -> list[Document]:
    """Of each module the newest version: the draft when there is one. By code; a bounded number of queries."""
    newest = ModuleVersion.objects.filter(module=OuterRef("pk")).order_by("-number").values("pk")[:1]
    chosen = own_modules(user, provider).annotate(newest=Subquery(newest)).values("newest")
    versions = ModuleVersion.objects.filter(pk__in=chosen).select_related("module").order_by("module__code")
    return [module_document(version) for version in versions.prefetch_related("sectors", "skills", "sections__units")]


def offering_documents(user: Any, provider: Organization) -> list[Document]:
    """The offerings that are neither cancelled nor archived, for who plans them. By code."""
    if not can_plan_offering(user, provider):
        return []
    planned = Offering.objects.filter(provider=provider, cancelled_at=None, archived_at=None).order_by("code")
    names = location_names()
    rows = planned.select_related("version__module", "location").prefetch_related("employers")
    return [offering_document(offering, names) for offering in rows]


CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def file_response(content: bytes, kind: str, name: str) -> HttpResponse:
    """The file to be kept, never shown in the browser."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=CONTENT_TYPES[kind], headers=headers)


def exported(user: Any, provider: Organization, kind: str) -> bytes:
    """The file of what a user may take out of a provider. `kind` is xlsx or json. Raises: Invalid for another."""
    writers = {"xlsx": write_workbook, "json": write_json}
    if kind not in writers:
        raise Invalid(_("Choose one of: %(kinds)s.") % {"kinds": ", ".join(writers)})
    return writers[kind](module_documents(user, provider), offering_documents(user, provider))
