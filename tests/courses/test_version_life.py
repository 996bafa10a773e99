"""The life of a version, whatever people try in whatever order; and two reviewers who decide at once."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from courses.models import Decision, ModuleVersion, Review, Section
from courses.services import authoring
from courses.services.publishing import publish_version
from courses.services.reviewing import approve_version, request_changes, submit_for_review, take_back
from lms.core.errors import Conflict, DomainError
from lms.events.models import DomainEvent
from lms.events.registry import registry
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, ProviderFactory, person_with_role, text_unit

PEOPLE = {
    "teacher": Role.TEACHER,
    "reviewer": Role.REVIEWER,
    "publisher": Role.PUBLISHER,
    "second publisher": Role.PUBLISHER,
}
WRITERS = {"teacher", "publisher", "second publisher"}
REVIEWERS = {"reviewer", "publisher", "second publisher"}
PUBLISHERS = {"publisher", "second publisher"}
WHO = st.sampled_from(list(PEOPLE))


class VersionLife(RuleBasedStateMachine):
    """What people try, next to a model of where the version is and who had a hand in it."""

    def __init__(self, provider, people):
        super().__init__()
        self.people = people
        self.version = ModuleVersionFactory(module__provider=provider)
        self.unit = text_unit(Section.objects.create(version=self.version, position=0, title={"nl": "Begin"}))
        self.state, self.involved = "draft", set()

    def attempt(self, verb, *, allowed, then):
        """It succeeds exactly when the model says so, and a refusal changes nothing."""
        before = self.stored()
        try:
            verb()
        except DomainError:
            assert not allowed
            assert self.stored() == before
        else:
            assert allowed
            self.state = then

    def stored(self):
        states = ModuleVersion.objects.values("submitted_at", "approved_at", "published_at")
        return states.get(pk=self.version.pk), self.rounds().count()

    def rounds(self):
        return Review.objects.filter(version=self.version)

    @rule(who=WHO)
    def write(self, who):
        allowed = self.state == "draft" and who in WRITERS
        verb = partial(authoring.edit_unit, by=self.people[who], unit=self.unit, minutes=20)
        self.attempt(verb, allowed=allowed, then="draft")
        self.involved |= {who} if allowed else set()

    @rule(who=WHO)
    def submit(self, who):
        allowed = self.state == "draft" and who in WRITERS
        verb = partial(submit_for_review, by=self.people[who], version=self.version)
        self.attempt(verb, allowed=allowed, then="in_review")
        self.involved |= {who} if allowed else set()

    @rule(who=WHO)
    def take_back(self, who):
        allowed = self.state in ("in_review", "approved") and who in WRITERS
        self.attempt(partial(take_back, by=self.people[who], version=self.version), allowed=allowed, then="draft")

    @rule(who=WHO)
    def approve(self, who):
        allowed = self.state == "in_review" and who in REVIEWERS - self.involved
        verb = partial(approve_version, by=self.people[who], version=self.version)
        self.attempt(verb, allowed=allowed, then="approved")

    @rule(who=WHO)
    def ask_for_changes(self, who):
        allowed = self.state in ("in_review", "approved") and who in REVIEWERS - self.involved
        verb = partial(request_changes, by=self.people[who], version=self.version, notes="Korter.")
        self.attempt(verb, allowed=allowed, then="draft")

    @rule(who=WHO)
    def publish(self, who):
        allowed = self.state == "approved" and who in PUBLISHERS
        verb = partial(publish_version, by=self.people[who], version=self.version)
        self.attempt(verb, allowed=allowed, then="published")

    @invariant()
    def the_state_is_what_the_model_says(self):
        assert ModuleVersion.objects.get(pk=self.version.pk).state == self.state

    @invariant()
    def a_round_is_open_exactly_while_it_is_in_review(self):
        assert self.rounds().open().count() == (self.state == "in_review")

    @invariant()
    def who_approved_it_did_not_write_or_submit_it(self):
        if self.state in ("approved", "published"):
            approval = self.rounds().filter(decision=Decision.APPROVED).latest("id")
            assert approval.decided_by_id not in self.version.authors.values_list("pk", flat=True)
            assert approval.decided_by_id not in self.rounds().values_list("submitted_by", flat=True)


@pytest.mark.django_db
def test_whatever_people_try_in_whatever_order():
    calm = [HealthCheck.too_slow, HealthCheck.data_too_large]
    options = settings(max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=calm)
    provider = ProviderFactory()
    people = {name: person_with_role(provider, role) for name, role in PEOPLE.items()}
    run_state_machine_as_test(lambda: VersionLife(provider, people), settings=options)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestTwoReviewersAtOnce:
    """Four approve and four ask for changes at the same moment: they never contradict each other."""

    @pytest.fixture(autouse=True)
    def nobody_listens(self, monkeypatch):
        monkeypatch.setattr(registry, "subscribed", {})

    @pytest.fixture
    def decided(self):
        """Plays a round; returns whether exactly one decision was taken and announced, and the version agrees."""
        provider = ProviderFactory()
        author = person_with_role(provider, Role.TEACHER)
        reviewers = [person_with_role(provider, Role.REVIEWER) for _number in range(8)]
        barrier = Barrier(len(reviewers))

        def decide(number, version):
            barrier.wait(30)
            try:
                if number % 2:
                    approve_version(by=reviewers[number], version=version)
                else:
                    request_changes(by=reviewers[number], version=version, notes="Korter.")
            except Conflict:
                return 0
            except Exception as error:
                return error
            return 1

        with ThreadPoolExecutor(len(reviewers)) as pool:

            def play():
                version = ModuleVersionFactory(module__provider=provider)
                text_unit(Section.objects.create(version=version, position=0, title={"nl": "Begin"}))
                submit_for_review(by=author, version=version)
                taken = list(pool.map(decide, range(len(reviewers)), [version] * len(reviewers)))
                told = DomainEvent.objects.filter(subject_id=version.pk).exclude(name="module_version.submitted")
                unexpected = [outcome for outcome in taken if isinstance(outcome, Exception)]
                return not unexpected and _is_coherent(version, sum(taken), told.count())

            yield play
            list(pool.map(lambda _n: (barrier.wait(30), connection.close()), reviewers))

    def test_they_never_contradict_each_other(self, decided):
        assert all(decided() for _round in range(15))

    def test_control_without_the_lock_they_do(self, decided, monkeypatch):
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())
        assert not all(decided() for _round in range(30))


def _is_coherent(version, taken, told):
    """Approvals end with the request for changes that may follow; after that nothing can be decided any more."""
    version = ModuleVersion.objects.get(pk=version.pk)
    rounds = list(version.reviews.order_by("id").values_list("decision", flat=True))
    if not taken == told == len(rounds):
        return False
    if rounds == ["changes_requested"]:
        return version.state == "draft"
    return rounds == ["approved", "changes_requested"] and version.state == "draft"
