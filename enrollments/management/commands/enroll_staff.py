"""The spreadsheet's door for scripts: enroll an employer's staff from a CSV or XLSX file."""

import difflib
import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.models import Offering
from enrollments.staff_import.kinds_of_file import MAX_BYTES
from enrollments.staff_import.report import Report
from enrollments.staff_import.services import import_staff
from lms.accounts.models import User, normalize_email
from lms.core.actor import Actor, acting
from lms.core.errors import DomainError
from lms.organizations.models import Organization


class Command(BaseCommand):
    help = (
        "Enroll an employer's staff in an offering from a CSV or XLSX file, or without an offering bring its staff "
        "list up to date. The same file again changes nothing. "
        "Exit code 1, one sentence and nothing written when the file, employer or offering cannot be used."
    )

    def add_arguments(self, parser):
        parser.add_argument("--employer", required=True, metavar="SLUG")
        parser.add_argument("--offering", metavar="CODE", help="without it, the staff list itself goes in")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--mandatory", action="store_true", help="training that law or CAO requires")
        parser.add_argument("--whole-staff", action="store_true", help="who is not on the list has left")
        parser.add_argument("--many-leave", action="store_true", help="more than a third may have left")
        parser.add_argument(
            "--as", dest="by", metavar="EMAIL", help="act with this person's rights, not the platform's"
        )
        parser.add_argument("file", help="the staff list; - reads standard input")

    def handle(self, *args, **options):
        employer = _find(Organization.objects.filter(is_employer=True), "slug", options["employer"], _("employer"))
        offering = None
        if options["offering"] is not None:
            offering = _find(Offering.objects.select_related("version"), "code", options["offering"], _("offering"))
        by = _acting_person(options["by"])
        try:
            with acting(Actor(by.pk if by else None, via="command", origin="enroll_staff")):
                report = import_staff(
                    by=by,
                    employer=employer,
                    offering=offering,
                    content=_content(options["file"]),
                    file_name=Path(options["file"]).name,
                    mandatory=options["mandatory"],
                    whole_staff=options["whole_staff"] and offering is None,
                    many_leave=options["many_leave"],
                    dry_run=options["dry_run"],
                )
        except DomainError as error:
            raise CommandError(error.detail) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.for_platform(staff_alone=offering is None)))
            for column in report.ignored:
                self.stderr.write(f"{_('Not read')}: {column.title} ({column.reason})")
            return
        self._print(report, dry_run=options["dry_run"], enrolled=offering is not None)

    def _counts(self, report: Report, *, enrolled: bool) -> list[tuple[str, int]]:
        staff = [(_("New among your staff"), report.added), (_("Changed"), report.changed), (_("Left"), report.left)]
        if not enrolled:
            return [*staff, (_("Unchanged"), report.existing)]
        return [
            (_("Newly enrolled"), report.created),
            (_("of which on the waiting list"), report.waitlisted),
            (_("Enrolled already"), report.existing),
            (_("Invited by e-mail"), report.invited),
            *staff[:2],
        ]

    def _print(self, report: Report, *, dry_run: bool, enrolled: bool) -> None:
        self.stdout.write(_("Trial: nothing was written.") if dry_run else _("Done."))
        if report.sheet:
            self.stdout.write(f"{_('Worksheet')}: {report.sheet}")
        for label, count in (
            *self._counts(report, enrolled=enrolled),
            (_("Rejected rows"), report.rejected),
        ):
            self.stdout.write(f"{label:<32}{count:>8}")
        for column in report.ignored:
            self.stdout.write(f"{_('Not read')}: {column.title} ({column.reason})")
        for problem in report.problems:
            where = _("Row %(row)d") % {"row": problem.row}
            self.stdout.write(f"{where:<10} {problem.column}: “{problem.value}” {problem.reason}")


def _find(queryset, field, wanted, what):
    """The one with this name. Raises CommandError that says which exist, or which was probably meant."""
    found = queryset.filter(**{field: wanted}).first()
    if found is not None:
        return found
    names = list(queryset.order_by(field).values_list(field, flat=True)[:5000])
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)
    sentence = _("There is no %(what)s “%(wanted)s”.") % {"what": what, "wanted": wanted}
    if near:
        raise CommandError(sentence + " " + _("Did you mean: %(names)s?") % {"names": ", ".join(near)})
    shown = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
    raise CommandError(sentence + " " + _("There are: %(names)s.") % {"names": shown or "–"})


def _acting_person(email):
    if email is None:
        return None
    person = User.objects.filter(email=normalize_email(email), is_active=True).first()
    if person is None:
        raise CommandError(_("Nobody with the address %(email)s can act here.") % {"email": email})
    return person


def _content(name):
    """At most one byte more than is allowed, so that a huge file is refused without being read."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(
            _("The file %(name)s cannot be opened: %(why)s.") % {"name": name, "why": error.strerror}
        ) from error
