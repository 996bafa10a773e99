"""Named questions about enrollments. Every list a person sees starts from one of these."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from enrollments.known_names import known_name_has, own_name_has
from lms.core.clock import today
from lms.organizations.models import Employment
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from courses.models import ModuleVersion
    from enrollments.models import Enrollment  # noqa: F401
    from lms.organizations.models import Organization


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    """Enrollments."""

    def visible_to(self, user: Any) -> EnrollmentQuerySet:
        """One's own, those of one's provider's participants, and those one's employer arranged."""
        if user.is_superuser:
            return self
        return self.filter(Q(learner=user.pk) | _taught_by(user) | _arranged_for(user))

    def visible_by_key(self, user: Any) -> list[EnrollmentQuerySet]:
        """What `visible_to` shows, cut so that an index gives each part newest first; a row can be in several.

        The database cannot read an OR of rights in order: it would read and sort all of an employer's rows for a page.
        """
        if user.is_superuser:
            return [self]
        taught, arranged = anchors_allowing(user, "view_participants"), anchors_allowing(user, "enroll_staff")
        keys = [Q(learner=user.pk)]
        keys += [Q(provider=anchor) & _told_to_its_provider() for anchor in taught]
        if taught:
            keys.append(Q(version__module__in=taught) & _told_to_its_provider())
        keys += [Q(employer=anchor) & _shown_to_its_employer() for anchor in arranged]
        return [self.filter(key) for key in keys]

    def of_learner(self, user: Any) -> EnrollmentQuerySet:
        """One's own."""
        return self.filter(learner=user.pk)

    def arranged_for(self, user: Any) -> EnrollmentQuerySet:
        """Those that an employer arranged for which the user is HR: made while the person worked there.

        When someone leaves, the employer keeps what was theirs and sees nothing newer (AVG); what
        happened later in such an enrollment is left out by `enrollments.rows`.
        """
        return self.filter(_arranged_for(user))

    def participants_for(self, user: Any) -> EnrollmentQuerySet:
        """Those in offerings of a provider where the user may see participants, or of a module one is named for."""
        if user.is_superuser:
            return self
        return self.filter(_taught_by(user))

    def with_learner_named(self, user: Any, words: str) -> EnrollmentQuerySet:
        """Those of people with these words in the name that `user` reads, in the address, or with this number."""
        known = _known_by_own_name(user)
        numbered = Employment.objects.visible_to(user).filter(personnel_number__in=words.split())
        found = self
        for word in words.split():
            found = found.filter(
                Q(learner__email__icontains=word)
                | (known & own_name_has(word))
                | (~known & known_name_has(word, OuterRef("employer")))
                | Q(learner__in=numbered.values("user"))
            )
        return found

    def of_present_staff(self) -> EnrollmentQuerySet:
        """Those of people who work today for the employer that arranged it."""
        present = Employment.objects.current().filter(employer=OuterRef("employer"), user=OuterRef("learner"))
        return self.filter(Exists(present))

    def for_cards(self) -> EnrollmentQuerySet:
        """With what a card or a learning page shows, in the same query."""
        return self.select_related("offering", "version", "provider", "employer", "learner")

    def most_recent_first(self) -> EnrollmentQuerySet:
        """What was worked on last comes first, then what is newest."""
        return self.order_by(F("last_activity_at").desc(nulls_last=True), "-id")

    def in_state(self, state: str) -> EnrollmentQuerySet:
        """Those in a state, or `overdue`; all when nothing is asked."""
        if state == "overdue":
            return self.overdue()
        return self.filter(state=state) if state else self

    def overdue(self) -> EnrollmentQuerySet:
        """Still active past the day by which it was to be done, or while the offering is over."""
        return self.filter(due(lt=today()), state="active")

    def shown_to_its_employer(self) -> EnrollmentQuerySet:
        """Those that an employer arranged while the person worked there, whoever asks."""
        return self.filter(_shown_to_its_employer())

    def arranged_at(self, employer: Organization) -> EnrollmentQuerySet:
        """Those that this employer arranged. Who asks must be let in by a policy first."""
        return self.filter(employer=employer.pk, arranged_by="employer")

    def ongoing(self) -> EnrollmentQuerySet:
        """Live, and not completed yet."""
        from enrollments.models import ONGOING_STATES

        return self.filter(state__in=ONGOING_STATES)

    def in_older_versions_than(self, version: ModuleVersion) -> EnrollmentQuerySet:
        """Those in an older version of the same module, whatever their state."""
        return self.filter(version__module=version.module_id, version__number__lt=version.number)

    def live(self) -> EnrollmentQuerySet:
        """Not refused, declined, withdrawn, expired or failed."""
        from enrollments.models import LIVE_STATES

        return self.filter(state__in=LIVE_STATES)


def due(prefix: str = "", **compared: date) -> Q:
    """To be done by a day that compares so (`lt`, `gte`): its own deadline, else the offering's last day.

    `prefix` leads to the enrollment.
    """
    own = {f"{prefix}due_on__{lookup}": day for lookup, day in compared.items()}
    run = {f"{prefix}offering__ends_on__{lookup}": day for lookup, day in compared.items()}
    return Q(**own) | Q(**{f"{prefix}due_on": None}, **run)


def _known_by_own_name(user: Any) -> Q:
    """One's own, and those of one's provider; of all others one reads what their employer calls them (see `rows`)."""
    if user.is_superuser:
        return Q(pk__isnull=False)
    return Q(learner=user.pk) | Q(provider__in=anchors_allowing(user, "view_participants"))


def _taught_by(user: Any) -> Q:
    anchors = anchors_allowing(user, "view_participants")
    return (Q(provider__in=anchors) | Q(version__module__in=anchors)) & _told_to_its_provider()


def _told_to_its_provider() -> Q:
    """A request is between worker and employer: the provider sees nothing of it unless it is approved."""
    from enrollments.models import ApprovalStep

    taken_back = ApprovalStep.objects.filter(enrollment=OuterRef("pk"), decision="withdrawn")
    return ~(Q(state__in=("requested", "refused")) | Q(Exists(taken_back), state="withdrawn"))


def _arranged_for(user: Any) -> Q:
    return _shown_to_its_employer() & Q(employer__in=anchors_allowing(user, "enroll_staff"))


def _shown_to_its_employer() -> Q:
    employed = Employment.objects.filter(employer=OuterRef("employer"), user=OuterRef("learner")).filter(
        Q(ends_on=None) | Q(ends_on__gte=today()) | Q(ends_on__gte=OuterRef("created_at__date"))
    )
    return Q(Exists(employed), arranged_by="employer")
