"""Importing a staff list: plan it, then carry the plan out in one transaction."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Offering
from enrollments.models import Enrollment, EnrollmentState
from enrollments.prerequisites import asked_beforehand, find_lacks
from enrollments.services.enrolling import Outcome, enroll_staff, require_enrollable
from lms.accounts.models import Invitation, User
from lms.accounts.services import invitation_link, invite_people, register_pending
from lms.core.clock import now, today
from lms.core.errors import Forbidden
from lms.core.texts import localized
from lms.notifications.services import Notice, notify
from lms.organizations.models import Department, Employment, Organization
from lms.organizations.policies import can_manage_staff
from lms.organizations.services import add_employments, change_employments, departments_named

from .headers import Field
from .matching import CHUNK, Match, Matches, match_people
from .reading import Sheet, read_sheet
from .report import Line, Report
from .rows import People, Problem, read_people


def import_staff(
    *,
    by: User | None,
    employer: Organization,
    offering: Offering,
    content: bytes,
    mandatory: bool = False,
    dry_run: bool = False,
) -> Report:
    """An employer's staff list goes in: unknown people become pending accounts, everybody good is enrolled.

    One bad row never stops the others; the same file again changes nothing. A dry run says what would happen and
    writes nothing. `by` None is the platform itself (command line).

    Requires: enroll_staff and manage_staff at the employer. Raises: Unreadable for the file as a whole; Forbidden;
    NotFound; Conflict when enrollment is not open. Emits: enrollment.activated, enrollment.waitlisted.
    """
    sheet = read_sheet(content)
    people = read_people(sheet)
    if dry_run:
        return _plan(by, employer, offering, sheet, people).report
    with transaction.atomic():
        # Two imports at one employer go one after the other; NO KEY leaves rows that only refer to it free.
        Organization.objects.select_for_update(no_key=True).get(pk=employer.pk)
        plan = _plan(by, employer, offering, sheet, people)
        return _carry_out(plan, by, employer, offering, mandatory)


@dataclass
class _Plan:
    matches: list[Match]
    report: Report


def _plan(by: User | None, employer: Organization, offering: Offering, sheet: Sheet, people: People) -> _Plan:
    """Who is who and what will happen, by reading alone."""
    require_enrollable(by, employer, offering)
    if by is not None and not can_manage_staff(by, employer):
        raise Forbidden
    matches = match_people(employer, offering, people.good, sheet.columns)
    _leave_out_lacking(matches, offering, sheet)
    report = Report(sheet=sheet.name, header_row=sheet.header_row, ignored=sheet.columns.ignored)
    report.reject(people.problems + matches.problems)
    new = [match for match in matches.good if not match.enrolled]
    report.existing = len(matches.good) - len(new)
    report.created = len(new)
    report.waitlisted = max(0, len(new) - _free_places(offering, len(new)))
    report.added = sum(match.employment is None for match in matches.good)
    known = [match.user for match in new if match.user is not None and match.user.is_pending]
    without_invitation = {user.pk for user in _not_invited(known)}
    report.invited = sum(
        bool(match.person.email) if match.user is None else match.user.pk in without_invitation or match.gets_address
        for match in new
    )
    report.lines = _lines(matches.good, report.created - report.waitlisted)
    return _Plan(matches.good, report)


def _leave_out_lacking(matches: Matches, offering: Offering, sheet: Sheet) -> None:
    """Who has not completed what the module asks beforehand cannot go in; who is new here has completed nothing."""
    module = offering.version.module_id
    if not (asked := asked_beforehand(module)):
        return
    known = [match.user for match in matches.good if match.user is not None and not match.enrolled]
    missing = {lack.learner.pk: lack.missing for lack in find_lacks(module, known)}
    good = []
    for match in matches.good:
        lacks = tuple(asked.values()) if match.user is None else missing.get(match.user.pk, ())
        if not lacks or match.enrolled:
            good.append(match)
            continue
        where = Field.EMAIL if match.person.email else Field.NUMBER
        reason = _("Not completed yet, and asked beforehand: %(missing)s.") % {"missing": ", ".join(lacks)}
        value = match.person.email or match.person.number
        matches.problems.append(Problem(match.person.row, sheet.columns.title(where), value, reason))
    matches.good = good


def _carry_out(plan: _Plan, by: User | None, employer: Organization, offering: Offering, mandatory: bool) -> Report:
    _register(plan.matches)
    _give_addresses(plan.matches)
    unknown = [match for match in plan.matches if match.employment is None]
    departments = departments_named(employer, {match.person.department for match in unknown})
    added = [_employment(match, employer, departments) for match in unknown]
    add_employments(by=by, employer=employer, employments=added)
    changed = [(match.employment, match.changes) for match in plan.matches if match.employment and match.changes]
    if changed:
        change_employments(by=by, employer=employer, changed=changed)
    learners = [match.user for match in plan.matches if match.user is not None and not match.enrolled]
    outcome = Outcome()
    if learners:
        outcome = enroll_staff(by=by, employer=employer, offering=offering, learners=learners, mandatory=mandatory)
    report = plan.report
    report.created, report.waitlisted = len(outcome.active) + len(outcome.waitlisted), len(outcome.waitlisted)
    report.existing = len(plan.matches) - report.created
    report.invited = _invite(outcome, employer, offering)
    report.lines = _lines(plan.matches, len(outcome.active))
    return report


def _register(matches: list[Match]) -> None:
    unknown = [match for match in matches if match.user is None]
    registered = register_pending(
        [
            User(
                email=match.person.email or None,
                given_name=match.person.name.given,
                name_prefix=match.person.name.prefix,
                family_name=match.person.name.family,
            )
            for match in unknown
        ]
    )
    for match, user in zip(unknown, registered, strict=True):
        match.user = user


def _give_addresses(matches: list[Match]) -> None:
    """Pending people, known here by number until now, get the address that the sheet gives them."""
    users = [match.user for match in matches if match.gets_address and match.user is not None]
    for match in matches:
        if match.gets_address and match.user is not None:
            match.user.email = match.person.email
    if users:
        User.objects.bulk_update(users, ["email"], batch_size=CHUNK)


def _employment(match: Match, employer: Organization, departments: dict[str, Department]) -> Employment:
    person = match.person
    return Employment(
        employer=employer,
        user=match.user,
        personnel_number=person.number,
        department=departments.get(person.department.casefold()),
        job_title=person.job_title,
        starts_on=person.starts_on or today(),
        ends_on=person.ends_on,
    )


def _invite(outcome: Outcome, employer: Organization, offering: Offering) -> int:
    """Mail an invitation to newly enrolled people who cannot sign in yet and hold no open one. Returns how many."""
    fresh: dict[Any, Enrollment] = {e.learner_id: e for e in outcome.active + outcome.waitlisted}
    pending = [e.learner for e in fresh.values() if e.learner.is_pending and e.learner.email]
    invited = _not_invited(pending)
    title = offering.version.title
    for start in range(0, len(invited), CHUNK):
        secrets = invite_people(invited[start : start + CHUNK], employer.name)
        notify(
            [
                Notice(
                    "invitation",
                    user.pk,
                    about=str(fresh[user.pk].pk),
                    context={
                        "organization_name": employer.name,
                        "module_title": localized(title, user.language),
                        "link": invitation_link(secret),
                    },
                )
                for user, secret in secrets.items()
            ]
        )
    return len(invited)


def _not_invited(pending: list[User]) -> list[User]:
    """Those with an address and without an invitation that still works."""
    invited: set[Any] = set()
    for start in range(0, len(pending), CHUNK):
        chunk = pending[start : start + CHUNK]
        still_open = Invitation.objects.filter(user__in=chunk, used_at=None, expires_at__gt=now())
        invited.update(still_open.values_list("user_id", flat=True))
    return [user for user in pending if user.email and user.pk not in invited]


def _free_places(offering: Offering, wanted: int) -> int:
    """Places for newcomers: those who wait go first."""
    offering.refresh_from_db(fields=["taken", "capacity"])
    if offering.places_left is None:
        return wanted
    waiting = Enrollment.objects.filter(offering=offering, state=EnrollmentState.WAITLISTED).count()
    return max(0, offering.places_left - waiting)


def _lines(matches: list[Match], places: int) -> list[Line]:
    lines = []
    for match in matches:
        person = match.person
        outcome = "existing"
        if not match.enrolled:
            outcome = "active" if places > 0 else "waitlisted"
            places -= 1
        name = " ".join(part for part in (person.name.given, person.name.prefix, person.name.family) if part)
        contact = person.email or person.number
        lines.append(Line(person.row, name, contact, outcome, is_new=match.employment is None))
    return lines
