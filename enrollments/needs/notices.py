"""Who is told of the steps of a need, once each: HR of the employer, the coordinator, providers that could answer."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from enrollments.models import NeedAnswer, NeedBundle, TrainingNeed
from enrollments.services.bundling import settle_bundle
from lms.core.texts import localized
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify
from lms.organizations.models import Membership
from lms.permissions.roles import roles_allowing

from .bundles import needs_in, totals_of, wish_of_bundle
from .matching import CONSIDERED, matches_for

Words = Callable[[], tuple[str, str]]


def tell_posted(event: DomainEvent) -> None:
    """`need.posted`: hub coordinators hear that an employer needs something."""
    need = _need(event)

    def words() -> tuple[str, str]:
        says = {"employer": need.employer.name, "need": need.title, "people": need.people}
        return _("New training need: %(need)s") % says, _("%(employer)s needs “%(need)s” for %(people)d people.") % says

    _tell("posted", _people("bundle_needs"), need.pk, words, reverse("enrollments:need", args=[need.pk]))


def tell_bundled(event: DomainEvent) -> None:
    """`need.bundled`: the employer hears that others need the same."""
    need = _need(event)

    def words() -> tuple[str, str]:
        text = _("The hub coordinator put your need “%(need)s” together with needs of other employers.")
        return _("Your need is bundled: %(need)s") % {"need": need.title}, text % {"need": need.title}

    _tell_employer("bundled", need, words, about=f"{need.pk} {need.bundle_id}")


def tell_asked(event: DomainEvent) -> None:
    """`bundle.asked`: providers with modules that fit hear of it, and the employers in it."""
    bundle = NeedBundle.objects.get(pk=event.subject_id)
    needs = needs_in(bundle)
    totals = totals_of(needs)

    def for_providers() -> tuple[str, str]:
        says = {"title": bundle.title, "people": totals.people, "employers": totals.employers}
        text = _("%(employers)d employers together need “%(title)s” for %(people)d people. You have modules that fit.")
        return _("Asked by employers: %(title)s") % says, text % says

    providers = {found.version.module.provider_id for found in _fitting(bundle)}
    address = reverse("enrollments:bundle", args=[bundle.pk])
    _tell("asked", _people("answer_needs", providers), bundle.pk, for_providers, address)
    for need in needs:

        def words(need: TrainingNeed = need) -> tuple[str, str]:
            says = {"need": need.title}
            return _("Providers are asked: %(need)s") % says, _("Providers see what is needed and can answer.") % says

        _tell_employer("asked", need, words, about=f"{need.pk} {bundle.pk}")


def tell_answered(event: DomainEvent) -> None:
    """`need.answered`: the employer and the coordinator hear which provider keeps places."""
    need, answer = _need(event), _answer(event)

    def words() -> tuple[str, str]:
        says = {"need": need.title, "provider": answer.provider.name}
        says["title"] = localized(answer.offering.version.title)
        text = _("%(provider)s answered with “%(title)s” and keeps places for %(employer)s.")
        return _("Answered: %(need)s") % says, text % (says | {"employer": need.employer.name})

    _tell_employer("answered", need, words, about=f"{need.pk} {answer.pk}")
    _tell_coordinators("answered", need, words, about=f"{need.pk} {answer.pk}")


def tell_met(event: DomainEvent) -> None:
    """`need.met`: the coordinator hears it, and the provider whose places were accepted. The bundle may be over."""
    need = _need(event)

    def words() -> tuple[str, str]:
        says = {"need": need.title, "employer": need.employer.name}
        return _("Met: %(need)s") % says, _("The need of %(employer)s is met.") % says

    _tell_coordinators("met", need, words, about=str(need.pk))
    if event.payload.get("answer"):
        answer = _answer(event)
        address = reverse("enrollments:bundle", args=[answer.bundle_id])
        _tell("met", _people("answer_needs", {answer.provider_id}), need.pk, words, address)
    settle(event)


def tell_taken_back(event: DomainEvent) -> None:
    """`need.taken_back`: the coordinator and providers who answered it hear it. The bundle may be over."""
    need = _need(event)
    if need.bundle_id is None:
        return

    def words() -> tuple[str, str]:
        says = {"title": need.bundle.title if need.bundle else need.title}
        text = _("An employer took its need back. Places that were kept for it can be taken by others.")
        return _("Taken back: %(title)s") % says, text

    answered = NeedAnswer.objects.filter(bundle=need.bundle_id, offering__reserved_places__employer=need.employer_id)
    providers = set(answered.values_list("provider", flat=True))
    address = reverse("enrollments:bundle", args=[need.bundle_id])
    _tell("taken_back", _people("answer_needs", providers), need.pk, words, address)
    _tell_coordinators("taken_back", need, words, about=str(need.pk))
    settle(event)


def settle(event: DomainEvent) -> None:
    """The state of the bundle follows those of its needs."""
    if event.payload.get("bundle"):
        settle_bundle(UUID(event.payload["bundle"]))


def _fitting(bundle: NeedBundle) -> list[Any]:
    needs = needs_in(bundle)
    return matches_for(AnonymousUser(), wish_of_bundle(needs, totals_of(needs)), None, limit=CONSIDERED)


def _need(event: DomainEvent) -> TrainingNeed:
    return TrainingNeed.objects.select_related("employer", "bundle").get(pk=event.subject_id)


def _answer(event: DomainEvent) -> NeedAnswer:
    return NeedAnswer.objects.select_related("provider", "offering__version").get(pk=event.payload["answer"])


def _people(permission: str, organizations: Iterable[UUID] | None = None) -> list[tuple[UUID, str]]:
    """Who holds the permission, at all organizations or some, with the language that they read."""
    members = Membership.objects.filter(role__in=roles_allowing(permission), user__is_active=True)
    if organizations is not None:
        members = members.filter(organization__in=list(organizations))
    return list(members.values_list("user", "user__language").distinct())


def _tell_employer(step: str, need: TrainingNeed, words: Words, *, about: str) -> None:
    address = reverse("enrollments:need", args=[need.pk])
    _tell(step, _people("post_needs", {need.employer_id}), about, words, address)


def _tell_coordinators(step: str, need: TrainingNeed, words: Words, *, about: str) -> None:
    """Those of the bundle's hub; all of them while there is none."""
    hub = {need.bundle.coordinator_id} if need.bundle else None
    _tell(step, _people("bundle_needs", hub), about, words, reverse("enrollments:need", args=[need.pk]))


def _tell(step: str, people: list[tuple[UUID, str]], about: Any, words: Words, path: str) -> None:
    notices = []
    for person, language in people:
        with translation.override(language):
            heading, sentence = words()
        context = {"heading": heading, "sentence": sentence, "path": path}
        notices.append(Notice("need_step", person, f"{step} {about}", context))
    with transaction.atomic():
        notify(notices)
