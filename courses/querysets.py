"""Named questions about what is offered. Every list a person sees starts from `visible_to(user)`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Length

from lms.core.clock import now, today
from lms.core.texts import folded
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from .models import (  # noqa: F401
        Image,
        Module,
        ModuleFile,
        ModuleImport,
        ModuleMember,
        ModuleVersion,
        Offering,
        Programme,
        ReservedPlaces,
        Review,
        Section,
        Session,
        Unit,
    )


def _by_uri_or_id(named: str, path: str = "") -> Q:
    try:
        return Q(**{f"{path}pk": UUID(named)})
    except ValueError:
        return Q(**{f"{path}uri": named})


class ConceptQuerySet(models.QuerySet[Any]):
    """Skills or occupations of all frameworks."""

    def current(self) -> ConceptQuerySet:
        """Those that their framework still has: what one can choose."""
        return self.filter(retired_at=None)

    def named(self, words: str) -> ConceptQuerySet:
        """Those whose Dutch and English labels and code together hold every word; accents and capitals do not count."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(folded__contains=folded(word))
        return found

    def closest_first(self, words: str) -> ConceptQuerySet:
        """What is called exactly so comes first, then what says little more."""
        exact = Case(When(Q(label_nl__iexact=words) | Q(label_en__iexact=words), then=0), default=1)
        return self.order_by(exact, Length("folded"), "pk")

    def needed_in(self, occupation: str) -> ConceptQuerySet:
        """Skills that the occupation with this URI or id essentially needs."""
        return self.filter(_by_uri_or_id(occupation, "occupations__"))


def _where_allowed(user: Any, permission: str, path: str = "") -> Q:
    """Modules (at the end of `path`) on which the user holds the permission: by role at the provider, or by name."""
    anchors = anchors_allowing(user, permission)
    return Q(**{f"{path}provider__in": anchors}) | Q(**{f"{path}pk__in": anchors})


class ModuleQuerySet(models.QuerySet["Module"]):
    """Modules."""

    def visible_to(self, user: Any) -> ModuleQuerySet:
        """Those with a published version, and the drafts of providers where one may see drafts."""
        if user.is_superuser:
            return self
        from .models import ModuleVersion

        published = ModuleVersion.objects.filter(module=OuterRef("pk"), published_at__isnull=False)
        return self.filter(Exists(published) | _where_allowed(user, "view_drafts"))

    def with_drafts_for(self, user: Any) -> ModuleQuerySet:
        """Those of the providers where one may see drafts, and those one is named for: one's own modules."""
        return self if user.is_superuser else self.filter(_where_allowed(user, "view_drafts"))

    def authored_by(self, user: Any) -> ModuleQuerySet:
        """Those of the providers for which the user writes, and those of which one is co-author."""
        return self if user.is_superuser else self.filter(_where_allowed(user, "author_modules"))


class ModuleMemberQuerySet(models.QuerySet["ModuleMember"]):
    """Named people of modules."""

    def visible_to(self, user: Any) -> ModuleMemberQuerySet:
        """Those of modules whose drafts one may see."""
        from .models import Module

        return self.filter(module__in=Module.objects.with_drafts_for(user))


class ModuleVersionQuerySet(models.QuerySet["ModuleVersion"]):
    """Versions of modules."""

    def published(self) -> ModuleVersionQuerySet:
        """Frozen ones."""
        return self.filter(published_at__isnull=False)

    def visible_to(self, user: Any) -> ModuleVersionQuerySet:
        """Published ones, and drafts where one may see drafts."""
        if user.is_superuser:
            return self
        return self.filter(Q(published_at__isnull=False) | _where_allowed(user, "view_drafts", "module__"))

    def approved(self) -> ModuleVersionQuerySet:
        """Drafts that a colleague approved and nobody published yet."""
        return self.filter(published_at=None, approved_at__isnull=False)

    def sent_back_to(self, user: Any) -> ModuleVersionQuerySet:
        """Drafts this user wrote or submitted, of which a reviewer asked changes last."""
        from .models import Decision, Review

        last = Review.objects.filter(version=OuterRef("pk")).order_by("-id").values("decision")[:1]
        mine = Review.objects.filter(version=OuterRef("pk"), submitted_by=user.pk)
        written = self.model.authors.through._default_manager.filter(moduleversion=OuterRef("pk"), user=user.pk)
        sent_back = self.visible_to(user).alias(last=Subquery(last)).filter(last=Decision.CHANGES_REQUESTED)
        return sent_back.filter(Exists(mine) | Exists(written), published_at=None)

    def publishable_by(self, user: Any) -> ModuleVersionQuerySet:
        """Those of providers for which the user publishes."""
        if user.is_superuser:
            return self
        return self.filter(module__provider__in=anchors_allowing(user, "publish_modules"))

    def current(self) -> ModuleVersionQuerySet:
        """Of each module in the offer the newest published version: what the catalogue shows."""
        newest = self.model._default_manager.filter(module=OuterRef("module"), published_at__isnull=False).order_by(
            "-number"
        )
        return self.published().filter(pk=Subquery(newest.values("pk")[:1]), module__retired_at=None)

    def taught_in(self, language: str) -> ModuleVersionQuerySet:
        """Those with this language of instruction; there are two at most."""
        return self.filter(Q(languages__0=language) | Q(languages__1=language))


class ModuleImportQuerySet(models.QuerySet["ModuleImport"]):
    """Files of modules that were sent."""

    def visible_to(self, user: Any) -> ModuleImportQuerySet:
        """One's own: the preview tells of drafts that colleagues may not see."""
        return self.filter(uploaded_by=user.pk)


class SectionQuerySet(models.QuerySet["Section"]):
    """Chapters of versions."""

    def visible_to(self, user: Any) -> SectionQuerySet:
        """Those of versions one may see."""
        from .models import ModuleVersion

        return self.filter(version__in=ModuleVersion.objects.visible_to(user))


class UnitQuerySet(models.QuerySet["Unit"]):
    """Steps of versions."""

    def visible_to(self, user: Any) -> UnitQuerySet:
        """Those of versions one may see. What may be seen of them (never the answers) is up to the kind."""
        from .models import ModuleVersion

        return self.filter(section__version__in=ModuleVersion.objects.visible_to(user))


class OfferingQuerySet(models.QuerySet["Offering"]):
    """Runs of versions."""

    def visible_to(self, user: Any) -> OfferingQuerySet:
        """Public ones, those open to an employer one enrolls for or works for, and those of one's own provider."""
        if user.is_superuser:
            return self
        public = Q(visibility="public")
        if not user.is_authenticated:
            return self.filter(public)
        anchors = anchors_allowing(user, "view_participants")
        own = Q(provider__in=anchors) | Q(version__module__in=anchors)
        through_role = Q(employers__in=anchors_allowing(user, "enroll_staff"))
        day = today()
        through_work = Q(employers__employments__user=user.pk) & (
            Q(employers__employments__ends_on=None) | Q(employers__employments__ends_on__gte=day)
        )
        reserved = self.model._default_manager.filter(through_role | through_work).values("pk")
        return self.filter(public | own | Q(pk__in=reserved))

    def open_for_enrollment(self) -> OfferingQuerySet:
        """Those in their enrollment window, not cancelled, not over. Full ones included: there is a waiting list."""
        day = today()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            Q(enroll_from=None) | Q(enroll_from__lte=day),
            Q(enroll_until=None) | Q(enroll_until__gte=day),
            cancelled_at=None,
            archived_at=None,
        )

    def managed_by(self, user: Any) -> OfferingQuerySet:
        """Those of the providers for which the user plans, or where one sees who takes part."""
        if user.is_superuser:
            return self
        return self.filter(
            Q(provider__in=anchors_allowing(user, "manage_offerings"))
            | _where_allowed(user, "view_participants", "version__module__")
        )

    def named(self, words: str) -> OfferingQuerySet:
        """Those with every word in their code or the title of their module."""
        found = self
        for word in words.split()[:8]:
            in_title = Q(version__title__nl__icontains=word) | Q(version__title__en__icontains=word)
            found = found.filter(in_title | Q(code__icontains=word))
        return found

    def with_next_session(self) -> OfferingQuerySet:
        """With `next_session`: when the first meeting to come begins."""
        from .models import Session

        ahead = Session.objects.ahead().filter(offering=OuterRef("pk")).order_by("starts_at")
        return self.annotate(next_session=Subquery(ahead.values("starts_at")[:1]))

    def for_lists(self) -> OfferingQuerySet:
        """With what a list shows, in the same query."""
        return self.select_related("version__module", "provider", "location")

    def in_state(self, state: str) -> OfferingQuerySet:
        """Those that are `ahead`, `running`, `over`, `cancelled` or `archived`; else all but archived ones."""
        day = today()
        if state == "archived":
            return self.filter(archived_at__isnull=False)
        kept = self.filter(archived_at=None)
        if state == "cancelled":
            return kept.filter(cancelled_at__isnull=False)
        over = Q(ends_on__isnull=False, ends_on__lt=day)
        chosen = {"ahead": Q(starts_on__gt=day), "over": over, "running": Q(starts_on__lte=day) & ~over}.get(state)
        return kept if chosen is None else kept.filter(chosen, cancelled_at=None)

    def to_come_or_open(self) -> OfferingQuerySet:
        """Those one can still join: now, or as soon as their enrollment window opens."""
        day = today()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            Q(enroll_until=None) | Q(enroll_until__gte=day),
            cancelled_at=None,
            archived_at=None,
        )

    def with_something_ahead(self) -> OfferingQuerySet:
        """Those that people can enroll in, now or later, or that have a session to come."""
        from .models import Session

        meeting = Session.objects.filter(offering=OuterRef("pk"), cancelled_at=None, ends_at__gt=now())
        joining = Q(pk__in=self.to_come_or_open().filter(archived_at=None).values("pk"))
        return self.filter(joining | Exists(meeting), cancelled_at=None)

    def with_room(self) -> OfferingQuerySet:
        """Those with places left."""
        return self.filter(Q(capacity=None) | Q(taken__lt=F("capacity")))


class ReservedPlacesQuerySet(models.QuerySet["ReservedPlaces"]):
    """Places that one employer has for itself. Nobody sees those of another employer."""

    def visible_to(self, user: Any) -> ReservedPlacesQuerySet:
        """Those in offerings one plans, and those of the employers for which one enrolls."""
        if user.is_superuser:
            return self
        planned = Q(offering__provider__in=anchors_allowing(user, "manage_offerings"))
        return self.filter(planned | Q(employer__in=anchors_allowing(user, "enroll_staff")))

    def held_for(self, user: Any) -> ReservedPlacesQuerySet:
        """Those of the employers for which one enrolls, as long as they stand."""
        employers = self if user.is_superuser else self.filter(employer__in=anchors_allowing(user, "enroll_staff"))
        return employers.filter(given_up_at=None, offering__cancelled_at=None).exclude(offering__ends_on__lt=today())

    def holding(self) -> ReservedPlacesQuerySet:
        """Those that keep places from others now."""
        return self.filter(given_up_at=None, places__gt=F("taken"))

    def due_to_be_given_up(self) -> ReservedPlacesQuerySet:
        """Those past their last day; without one, when the offering begins, unless it has no end."""
        started = Q(until=None, offering__starts_on__lte=today(), offering__ends_on__isnull=False)
        return self.filter(Q(until__lt=today()) | started, given_up_at=None)


class ImageQuerySet(models.QuerySet["Image"]):
    """Pictures in modules."""

    def visible_to(self, user: Any) -> ImageQuerySet:
        """Those of modules one may see."""
        from .models import Module

        return self.filter(module__in=Module.objects.visible_to(user))


class ModuleFileQuerySet(models.QuerySet["ModuleFile"]):
    """Files in modules."""

    def visible_to(self, user: Any) -> ModuleFileQuerySet:
        """Those of modules one may see."""
        from .models import Module

        return self.filter(module__in=Module.objects.visible_to(user))


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews of drafts."""

    def visible_to(self, user: Any) -> ReviewQuerySet:
        """Those of modules whose drafts one may see."""
        from .models import Module

        return self.filter(version__module__in=Module.objects.with_drafts_for(user))

    def open(self) -> ReviewQuerySet:
        """Those that wait for a decision."""
        return self.filter(decided_at=None)

    def waiting_for(self, user: Any) -> ReviewQuerySet:
        """Open ones that the user may decide: where one reviews, of what one neither wrote nor submitted."""
        found = self.open()
        if not user.is_superuser:
            found = found.filter(version__module__provider__in=anchors_allowing(user, "review_modules"))
        return found.exclude(version__authors=user.pk).exclude(version__reviews__submitted_by=user.pk)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Paths of modules."""

    def visible_to(self, user: Any) -> ProgrammeQuerySet:
        """Published ones, and those of providers where one may see drafts."""
        if user.is_superuser:
            return self
        return self.filter(Q(published_at__isnull=False) | Q(provider__in=anchors_allowing(user, "view_drafts")))

    def with_drafts_for(self, user: Any) -> ProgrammeQuerySet:
        """Those of providers where one may see drafts: one's own programmes."""
        return self if user.is_superuser else self.filter(provider__in=anchors_allowing(user, "view_drafts"))

    def on_offer(self) -> ProgrammeQuerySet:
        """Published, and not retired."""
        return self.filter(published_at__isnull=False, retired_at=None)


class SessionQuerySet(models.QuerySet["Session"]):
    """Meetings."""

    def visible_to(self, user: Any) -> SessionQuerySet:
        """Those of offerings one may see, and those one teaches. The link is another question: `can_see_link`."""
        if user.is_superuser:
            return self
        from .models import Offering

        seen = Q(offering__in=Offering.objects.visible_to(user))
        return self.filter(seen | Q(teacher=user.pk) if user.is_authenticated else seen)

    def booked(self) -> SessionQuerySet:
        """Those that are held: not cancelled."""
        return self.filter(cancelled_at=None)

    def ahead(self) -> SessionQuerySet:
        """Those that are held and not over yet."""
        return self.booked().filter(ends_at__gt=now())

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> SessionQuerySet:
        """Those that are on at some moment from `starts_at` until `ends_at`."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def for_lists(self) -> SessionQuerySet:
        """With what a list shows, in the same query."""
        return self.select_related("offering__version__module", "offering__provider", "location", "room", "teacher")
