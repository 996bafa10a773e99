"""Taking in a file of modules and offerings: as a trial or for real, each of them whole or not at all."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from courses.kinds.base import written
from courses.models import Offering
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import DomainError, FieldError, Forbidden
from lms.organizations.models import Organization

from .access import exchanging_providers
from .applying import newest_version, put_module, put_offering
from .documents import Document, module_document, offering_document
from .exporting import own_modules
from .json_file import read_json
from .parcels import Entry, Parcel, Unreadable
from .workbook import read_workbook

MAX_BYTES = 10 * 1024 * 1024
MAX_ENTRIES = 2_000
OUTCOMES = ("created", "changed", "unchanged")


class Problem(NamedTuple):
    """Why something cannot go in: where it stands in the file, and what to do about it."""

    sheet: str
    row: int | None
    column: str
    code: str
    reason: str


@dataclass
class Report:
    """What an import did, or in a trial would do: counts, a line for what goes in, a problem for what cannot."""

    modules: Counter[str] = field(default_factory=Counter)
    offerings: Counter[str] = field(default_factory=Counter)
    lines: list[dict[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As it is stored and answered."""
        counts = {
            name: {outcome: counter[outcome] for outcome in (*OUTCOMES, "refused")}
            for name, counter in (("modules", self.modules), ("offerings", self.offerings))
        }
        changes = sum(counts[name][outcome] for name in counts for outcome in ("created", "changed"))
        problems = [problem._asdict() for problem in self.problems]
        return {**counts, "changes": changes, "lines": self.lines, "problems": problems}


def import_file(*, by: User, provider: Organization, content: bytes, dry_run: bool = False) -> Report:
    """Make the provider's drafts and offerings what the file says; the same file again changes nothing.

    Each module and offering goes in whole or not at all. Nothing is published. `dry_run` writes nothing.
    Requires: a provider of `exchanging_providers`; each module and offering asks for more.
    Raises: Forbidden; Unreadable when the file as a whole is of no use. Audits: as the services do, and the import.
    """
    if not exchanging_providers(by).filter(pk=provider.pk).exists():
        raise Forbidden
    parcel = read_parcel(content)
    report = Report()
    with transaction.atomic():
        for entry in parcel.modules:
            _take(report, report.modules, entry, lambda entry: _put_module(by, provider, entry))
        for entry in parcel.offerings:
            _take(report, report.offerings, entry, lambda entry: _put_offering(by, provider, entry))
        counts = {
            f"{key} {name}": (None, count)
            for key in ("modules", "offerings")
            for name, count in getattr(report, key).items()
        }
        record_audit("courses.import_modules", provider, changes=counts, organization_id=provider.pk)
        transaction.set_rollback(dry_run)
    return report


def read_parcel(content: bytes) -> Parcel:
    """What is in the file. Raises: Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 10 MB: split it in parts."))
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    parcel = read_json(content) if start.startswith((b"{", b"[")) else read_workbook(content)
    count = len(parcel.modules) + len(parcel.offerings)
    if count > MAX_ENTRIES:
        message = _(
            "The file holds %(count)d modules and offerings; at most %(most)d go in at once: split it in parts."
        )
        raise Unreadable(message % {"count": count, "most": MAX_ENTRIES})
    if not count:
        raise Unreadable(_("The file holds no modules and no offerings."))
    return parcel


def _take(report: Report, counter: Counter[str], entry: Entry, put: Callable[[Entry], tuple[str, str]]) -> None:
    try:
        if entry.errors:
            raise Unreadable(entry.errors[0].message, entry.errors)
        with transaction.atomic():
            outcome, title = put(entry)
    except DomainError as refused:
        counter["refused"] += 1
        errors = refused.errors or [FieldError("", refused.code, refused.detail)]
        for error in errors:
            sheet, row, column = entry.where(error.field)
            report.problems.append(Problem(sheet, row, column, entry.code, error.message))
        return
    counter[outcome] += 1
    kind = "module" if counter is report.modules else "offering"
    report.lines.append({"kind": kind, "code": entry.code, "title": title, "outcome": outcome})


def _put_module(by: User, provider: Organization, entry: Entry) -> tuple[str, str]:
    module = own_modules(by, provider).filter(code=entry.code).first()
    version = newest_version(module) if module else None
    given = entry.build(module_document(version) if version else None)
    put = put_module(by=by, provider=provider, code=entry.code, given=given)
    return put.outcome, written(put.document["title"])


def _put_offering(by: User, provider: Organization, entry: Entry) -> tuple[str, str]:
    visible = Offering.objects.visible_to(by).filter(provider=provider, code=entry.code)
    held = visible.select_related("version__module", "location").first()
    current: Document | None = offering_document(held) if held else None
    put = put_offering(by=by, provider=provider, code=entry.code, given=entry.build(current))
    return put.outcome, f"{put.document['module']}, {put.row.starts_on:%d-%m-%Y}"
