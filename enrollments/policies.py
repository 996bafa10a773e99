"""May this user do this to an enrollment?"""

from typing import Any

from courses.models import Module, ModuleVersion, Offering, Session
from courses.policies import can_edit_module, can_see_own_modules, can_view_learners, can_view_participants, teaches
from lms.organizations.models import Employment, Organization
from lms.organizations.querysets import EmploymentQuerySet
from lms.permissions.services import allows, anchors_allowing

from .models import (
    TAKES_PART_STATES,
    Agreement,
    ApprovalStep,
    Enrollment,
    EnrollmentState,
    TrainingDuty,
)


def can_enroll_staff(user: Any, employer: Organization) -> bool:
    """Enrolls people who work for this employer."""
    return employer.is_employer and allows(user, "enroll_staff", employer.pk)


def can_enroll_staff_anywhere(user: Any) -> bool:
    """Is HR of some employer."""
    return bool(user.is_superuser or anchors_allowing(user, "enroll_staff"))


def can_view_reports(user: Any, employer: Organization) -> bool:
    """Sees figures, rows and files of all that this employer arranged."""
    return employer.is_employer and allows(user, "view_reports", employer.pk)


def can_view_regional_figures(user: Any) -> bool:
    """Sees the published figures of the region: who may for a public body, and the platform's staff."""
    if user.is_superuser:
        return True
    anchors = anchors_allowing(user, "view_regional_figures")
    return bool(anchors) and Organization.objects.filter(pk__in=anchors, is_public_body=True).exists()


def can_record_funding(user: Any, employer: Organization) -> bool:
    """Puts participants into a subsidy dossier: whoever sees the evidence and enrolls the staff."""
    return can_view_reports(user, employer) and can_enroll_staff(user, employer)


def teams_led_by(user: Any) -> EmploymentQuerySet:
    """The present staff that this person leads, at employers where they work themselves."""
    if not user.is_active:
        return Employment.objects.none()
    works_there = Employment.objects.current().filter(user=user.pk)
    return Employment.objects.current().filter(manager=user.pk, employer__in=works_there.values("employer"))


def can_view_reports_anywhere(user: Any) -> bool:
    """Sees the reports of some employer about all its people."""
    return bool(user.is_superuser or anchors_allowing(user, "view_reports"))


def can_view_some_reports(user: Any) -> bool:
    """Sees reports of some employer: of all its people, or of those one leads."""
    return can_view_reports_anywhere(user) or teams_led_by(user).exists()


def can_view_some_participants(user: Any) -> bool:
    """Teaches or publishes for some provider."""
    return bool(user.is_superuser or anchors_allowing(user, "view_participants"))


def can_preview_moves(user: Any, version: ModuleVersion) -> bool:
    """Sees what a version would mean for who is halfway in an older one: whoever sees the participants."""
    return can_view_learners(user, version.module)


def can_move_enrollments(user: Any, version: ModuleVersion) -> bool:
    """Moves people who are halfway to this version: the provider's planner, who sees the participants."""
    return allows(user, "manage_offerings", version.module.provider_id) and can_preview_moves(user, version)


def can_give_overrides(user: Any, module: Module) -> bool:
    """Lets anybody in without what the module asks beforehand: the provider's authors who see the participants."""
    return can_view_learners(user, module) and can_edit_module(user, module)


def can_give_override(user: Any, learner: Any, module: Module) -> bool:
    """Lets this person in: the provider, or HR of an employer where the person works today."""
    employers = anchors_allowing(user, "enroll_staff")
    present = Employment.objects.current().filter(user=learner.pk, employer__in=employers)
    return can_give_overrides(user, module) or present.exists()


def can_enroll_self(user: Any, offering: Offering) -> bool:
    """Takes a public offering on one's own account."""
    return bool(user.is_active and offering.visibility == "public")


def can_request_place(user: Any, employer: Organization) -> bool:
    """Asks an employer for a place: who works there today."""
    return bool(user.is_active and Employment.objects.current().filter(user=user.pk, employer=employer).exists())


def can_decide(user: Any, step: ApprovalStep) -> bool:
    """Decides when it is this turn: the manager of today, or HR; nobody on what they ask themselves."""
    if step.enrollment.learner_id == user.pk:
        return False
    if step.approver == "hr":
        return allows(user, "approve_requests", step.enrollment.employer_id)
    if step.manager_id != user.pk or not user.is_active:
        return False
    present = Employment.objects.current().filter(employer=step.enrollment.employer_id)
    managed = present.filter(user=step.enrollment.learner_id, manager=user.pk)
    return managed.filter(manager__in=present.values("user")).exists()


def can_approve_requests(user: Any) -> bool:
    """Decides as HR of some employer."""
    return bool(user.is_superuser or anchors_allowing(user, "approve_requests"))


def can_set_approval_policy(user: Any, employer: Organization) -> bool:
    """Says how requests are decided on at this employer."""
    return employer.is_employer and allows(user, "approve_requests", employer.pk)


def can_make_rules(user: Any, employer: Organization) -> bool:
    """Says what training this employer's people must have, and ends it."""
    return employer.is_employer and allows(user, "manage_rules", employer.pk)


def can_make_rules_anywhere(user: Any) -> bool:
    """Is HR of some employer."""
    return bool(user.is_superuser or anchors_allowing(user, "manage_rules"))


def can_show_completion(user: Any, duty: TrainingDuty) -> bool:
    """Shows the employer what one completed oneself: the worker alone."""
    return bool(duty.learner_id == user.pk)


def can_show_interest(user: Any) -> bool:
    """Says that they would take a module when there is a date: anybody with an account."""
    return bool(user.is_authenticated and user.is_active)


def can_view_demand(user: Any) -> bool:
    """Sees how many would take a provider's modules, never who: whoever sees its modules before they are published."""
    return can_see_own_modules(user)


def can_learn(user: Any, enrollment: Enrollment) -> bool:
    """Opens units, answers quizzes: the learner alone."""
    return bool(enrollment.learner_id == user.pk)


def can_share_grade(user: Any, enrollment: Enrollment) -> bool:
    """Shows the grade to the employer that arranged it, or stops that: the learner alone."""
    return bool(enrollment.learner_id == user.pk and enrollment.arranged_by == "employer")


def can_withdraw(user: Any, enrollment: Enrollment) -> bool:
    """The learner, or HR of the employer that arranged it, as long as the learner works there.

    A request is the learner's own: HR refuses it, with a reason, when it is its turn.
    """
    if enrollment.learner_id == user.pk:
        return True
    if enrollment.state == EnrollmentState.REQUESTED:
        return False
    if enrollment.arranged_by != "employer" or not allows(user, "enroll_staff", enrollment.employer_id):
        return False
    present = Employment.objects.current()
    return present.filter(user=enrollment.learner_id, employer=enrollment.employer_id).exists()


def can_answer_offer(user: Any, enrollment: Enrollment) -> bool:
    """Accepts or declines an offered place: the learner; HR for somebody of its staff who has no account yet."""
    if enrollment.learner_id == user.pk:
        return True
    return enrollment.learner.is_pending and can_withdraw(user, enrollment)


def can_mark_not_passed(user: Any, enrollment: Enrollment) -> bool:
    """Says that a participant did not pass: whoever sees the participants for the provider or the module."""
    return can_view_participants(user, enrollment.offering)


def can_view_standing(user: Any, enrollment: Enrollment) -> bool:
    """Sees the place on the waiting list and what it waits for: the learner, and HR that arranged it."""
    return can_withdraw(user, enrollment)


def can_view_progress(user: Any, enrollment: Enrollment) -> bool:
    """Sees it unit by unit, with scores: the learner and the provider; never the employer."""
    if enrollment.learner_id == user.pk or allows(user, "view_participants", enrollment.provider_id):
        return True
    return allows(user, "view_participants", enrollment.version.module_id)


def can_view_session(user: Any, session: Session) -> bool:
    """Sees its page: who takes part or did, its teacher, and staff of the provider or for this module."""
    if can_mark_attendance(user, session):
        return True
    own = Enrollment.objects.of_learner(user).filter(offering=session.offering_id)
    return own.filter(state__in=TAKES_PART_STATES).exists()


def can_join_session(user: Any, session: Session) -> bool:
    """Sees the link to the digital classroom now: in time, as an active participant, the teacher or the provider."""
    if not session.link_is_open:
        return False
    active = Enrollment.objects.of_learner(user).filter(state=EnrollmentState.ACTIVE)
    return can_mark_attendance(user, session) or active.filter(offering=session.offering_id).exists()


def can_mark_attendance(user: Any, session: Session) -> bool:
    """Says who was there: its teacher, and staff of the provider or for this module."""
    return teaches(user, session) or can_view_participants(user, session.offering)


def can_propose(user: Any, side: Organization) -> bool:
    """Proposes agreements for this organization, and adds what is this side's to add."""
    return allows(user, "manage_agreements", side.pk)


def can_manage_agreement(user: Any, agreement: Agreement) -> bool:
    """Keeps it, at either side."""
    return can_propose(user, agreement.employer) or can_propose(user, agreement.provider)


def can_manage_agreements_anywhere(user: Any) -> bool:
    """Keeps agreements of some organization."""
    return bool(user.is_superuser or anchors_allowing(user, "manage_agreements"))


def can_accept_agreement(user: Any, agreement: Agreement) -> bool:
    """Accepts it: the side that did not propose it."""
    return can_propose(user, agreement.accepting_side)


def can_correct_agreement(user: Any, agreement: Agreement) -> bool:
    """Corrects its balance: the provider, who keeps the books."""
    return can_propose(user, agreement.provider)


def can_enter_invoices(user: Any, provider: Organization) -> bool:
    """Enters invoices and says when they were paid: the provider that sent them."""
    return can_propose(user, provider)
