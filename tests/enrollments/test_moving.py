"""Version 2 while people are halfway in version 1: previewed, and nobody moves without somebody's choice."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.lineage import Fate, trace_units
from courses.models import Section, Unit
from courses.services.switching import switch_offering
from enrollments.models import Attempt, Completion, Enrollment, UnitProgress, VersionMove
from enrollments.progress import explain_progress
from enrollments.services import moving
from enrollments.services.enrolling import enroll_self
from enrollments.services.learning import mark_unit_done
from enrollments.services.moving import move_enrollments
from enrollments.version_moves import effect_on, latest_move, movers
from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.models import DomainEvent
from lms.events.services import deliver_due
from lms.permissions.roles import Role
from tests.enrollments.worlds import publish_now, renewed
from tests.factories import ModuleVersionFactory, ProviderFactory, UserFactory, offering_of, person_with_role, text_unit

pytestmark = pytest.mark.django_db


def older(version):
    return Enrollment.objects.in_older_versions_than(version)


def effect(world):
    return effect_on(world.second, older(world.second))


def moved(world, **choice):
    choice = {"offerings": [world.offering.pk], "redo_changed": False} | choice
    return move_enrollments(by=world.publisher, version=world.second, **choice)


def states(enrollments):
    rows = Enrollment.objects.filter(pk__in=[e.pk for e in enrollments]).order_by("pk")
    return list(rows.values_list("state", "version__number", "units_done", "units_required"))


def test_the_units_are_followed_by_lineage():
    world = renewed(halfway=0, completed=0)
    (passage,) = effect_passages(world)
    assert [(str(trace.unit.title["nl"]), trace.fate) for trace in passage] == [
        ("Les 1", Fate.UNCHANGED),
        ("Les 2", Fate.CHANGED),
        ("Toets", Fate.UNCHANGED),
        ("Extra", Fate.NEW),
    ]


def effect_passages(world):
    def units(version):
        return Unit.objects.filter(section__version=version).select_related("section").order_by("position")

    return [trace_units(units(world.first), units(world.second))]


def test_moved_and_removed_units_and_a_renamed_chapter():
    before, after = ModuleVersionFactory(), ModuleVersionFactory()
    old = Section.objects.create(version=before, position=0, title={"nl": "Begin"})
    new = Section.objects.create(version=after, position=0, title={"nl": "Start"})
    units = [text_unit(old, place) for place in range(4)]
    kept = []
    for place, unit in enumerate((units[2], units[0], units[1])):
        facts = {"lineage": unit.lineage, "title": unit.title, "data": unit.data, "kind": unit.kind}
        kept.append(Unit.objects.create(section=new, position=place, **facts))
    traces = trace_units(units, kept)
    assert [trace.fate for trace in traces] == [Fate.MOVED, Fate.UNCHANGED, Fate.UNCHANGED, Fate.REMOVED]
    assert traces[3].before == units[3]


def test_a_text_that_became_a_quiz_is_done_again_whatever_is_chosen():
    before, after = ModuleVersionFactory(), ModuleVersionFactory()
    unit = text_unit(Section.objects.create(version=before, position=0, title={"nl": "Begin"}))
    section = Section.objects.create(version=after, position=0, title={"nl": "Begin"})
    quiz = Unit.objects.create(section=section, position=0, kind="quiz", title=unit.title, lineage=unit.lineage)
    (trace,) = trace_units([unit], [quiz])
    assert not trace.carries(redo_changed=False)


def test_the_preview_of_a_draft_moves_nobody():
    world = renewed(publish=False)
    before = states(world.halfway + world.completed)
    found = effect(world)
    assert (found.active, found.waiting, found.completed) == (18, 0, 2)
    bands = {(band.first, band.last): (band.now, band.kept, band.redone) for band in found.bands}
    assert bands[50, 74] == (18, 18, 0)  # two of three now, two of four after
    assert bands[25, 49] == (0, 0, 18)  # one of four when the practice must be done again
    assert states(world.halfway + world.completed) == before
    with pytest.raises(Conflict) as refused:
        moved(world)
    assert refused.value.code == "draft"


def test_publishing_moves_nobody():
    world = renewed()
    assert {state[1] for state in states(world.halfway + world.completed)} == {1}
    assert VersionMove.objects.count() == 0


def test_all_who_are_halfway_move_with_what_they_did_and_who_completed_stays():
    world = renewed()
    kept = list(Completion.objects.values_list("enrollment", "completed_at").order_by("pk"))
    outcome = moved(world)
    assert (len(outcome.moved), outcome.completed) == (18, [])
    assert states(world.halfway) == [("active", 2, 2, 4)] * 18
    assert states(world.completed) == [("completed", 1, 3, 3)] * 2
    assert list(Completion.objects.values_list("enrollment", "completed_at").order_by("pk")) == kept
    first = Enrollment.objects.get(pk=world.halfway[0].pk)
    progress = explain_progress(first)
    assert (progress.done, progress.required) == (2, 4)
    assert [step.state for step in progress.steps] == ["done", "done", "todo", "todo"]
    assert first.last_unit == world.unit(world.second, 1)
    assert first.unit_progress.count() == 4  # the facts about version 1 stay as evidence
    assert AuditEntry.objects.filter(action="enrollments.move", object_id=str(first.pk)).count() == 1
    assert DomainEvent.objects.filter(name="enrollment.moved").count() == 18


def test_what_changed_is_done_again_when_that_is_chosen():
    world = renewed(halfway=1, completed=0)
    moved(world, redo_changed=True)
    enrollment = Enrollment.objects.get(pk=world.halfway[0].pk)
    assert (enrollment.units_done, enrollment.units_required) == (1, 4)
    carried = latest_move(enrollment)
    assert [unit.title["nl"] for unit in carried.kept] == ["Les 1"]
    assert [unit.title["nl"] for unit in carried.again] == ["Les 2"]
    assert [unit.title["nl"] for unit in carried.new] == ["Extra"]
    assert carried.removed == []


def test_chosen_people_move_and_the_others_stay():
    world = renewed(halfway=3, completed=1)
    chosen = [world.halfway[1].pk, world.completed[0].pk]
    outcome = moved(world, offerings=None, enrollments=chosen)
    assert outcome.moved == [world.halfway[1].pk]
    assert outcome.left_alone == [world.completed[0].pk]
    assert [state[1] for state in states(world.halfway)] == [1, 2, 1]


def test_moving_again_changes_nothing():
    world = renewed(halfway=2, completed=0)
    moved(world)
    facts = UnitProgress.objects.count()
    assert moved(world).moved == []
    assert (UnitProgress.objects.count(), VersionMove.objects.count()) == (facts, 2)


def test_large_numbers_go_in_portions(monkeypatch):
    monkeypatch.setattr(moving, "PORTION", 2)
    world = renewed(halfway=5, completed=0)
    assert len(moved(world).moved) == 5
    assert {state[1] for state in states(world.halfway)} == {2}


def test_who_has_nothing_left_to_do_is_completed_by_the_move():
    world = renewed(halfway=2, completed=0, publish=False)
    Unit.objects.filter(section__version=world.second, position__gt=1).delete()
    publish_now(world.second)
    assert (effect(world).completing_kept, effect(world).completing_redone) == (2, 0)
    outcome = moved(world)
    assert len(outcome.completed) == 2
    completion = Completion.objects.get(enrollment=world.halfway[0])
    assert completion.enrollment.version == world.second
    assert DomainEvent.objects.filter(name="enrollment.completed").count() == 2


def test_who_waits_for_a_place_comes_along():
    world = renewed(halfway=1, completed=0, capacity=1)
    waiting = enroll_self(by=UserFactory(), offering=world.offering)
    assert effect(world).waiting == 1
    moved(world)
    assert states([waiting]) == [("waitlisted", 2, 0, 4)]


def test_attempts_stay_with_the_version_in_which_they_were_made():
    world = renewed(halfway=1, completed=1)
    moved(world)
    assert Attempt.objects.get().unit == world.unit(world.first, 2)


def test_learning_goes_on_in_the_new_version_only():
    world = renewed(halfway=1, completed=0)
    moved(world)
    enrollment = world.halfway[0]
    with pytest.raises(NotFound):
        mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=world.unit(world.first, 0))
    mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=world.unit(world.second, 3))
    assert states([enrollment]) == [("active", 2, 3, 4)]


def test_only_the_providers_planner_moves_people():
    world = renewed(halfway=1, completed=0)
    provider = world.first.module.provider
    teacher, stranger = person_with_role(provider, Role.TEACHER), person_with_role(ProviderFactory(), Role.PUBLISHER)
    for other in (teacher, stranger, world.halfway[0].learner):
        with pytest.raises(Forbidden):
            move_enrollments(by=other, version=world.second, offerings=[world.offering.pk], redo_changed=False)
    foreign = renewed(halfway=1, completed=0)
    with pytest.raises(NotFound):
        moved(world, offerings=None, enrollments=[foreign.halfway[0].pk])
    assert moved(world, offerings=[foreign.offering.pk]).moved == []


def test_nobody_goes_back_to_an_older_version():
    world = renewed(halfway=1, completed=0)
    moved(world)
    outcome = move_enrollments(
        by=world.publisher, version=world.first, enrollments=[world.halfway[0].pk], redo_changed=False
    )
    assert outcome.moved == []


def test_the_database_keeps_the_version_of_who_completed_and_every_move():
    world = renewed(halfway=1, completed=1)
    moved(world)
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Enrollment.objects.filter(pk=world.completed[0].pk).update(version=world.second)
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        VersionMove.objects.update(carried={})


def test_the_number_of_queries_does_not_grow_with_the_people(django_assert_max_num_queries):
    def queries(count):
        world = renewed(halfway=count, completed=0)
        with CaptureQueriesContext(connection) as seen:
            effect(world)
            people = older(world.second).ongoing().select_related("version")
            assert len(movers(world.second, list(people))) == count
            moved(world)
        return len(seen)

    assert queries(12) == queries(3)


@pytest.mark.django_db(transaction=True)
def test_people_hear_once_what_changed_and_what_is_kept():
    world = renewed(halfway=1, completed=0)
    User.objects.update(language="en")
    deliver_due()
    mail.outbox.clear()
    moved(world, redo_changed=True)
    moved(world, redo_changed=True)
    deliver_due()
    (message,) = mail.outbox
    assert message.to == [world.halfway[0].learner.email]
    assert f"/leren/{world.halfway[0].pk}/" in message.body
    assert message.subject == "You go on in version 2: Veilig werken aan de draaibank"
    for line in ("1 unit stays done", "1 unit changed: do it again", "1 unit is new"):
        assert line in message.body


def test_newcomers_get_the_newer_version_when_the_provider_says_so():
    world = renewed(halfway=1, completed=0)
    assert enroll_self(by=UserFactory(), offering=world.offering).version == world.first
    switch_offering(by=world.publisher, offering=world.offering, version=world.second)
    newcomer = enroll_self(by=UserFactory(), offering=world.offering)
    assert (newcomer.version, newcomer.units_required) == (world.second, 4)
    assert states(world.halfway) == [("active", 1, 2, 3)]
    assert DomainEvent.objects.filter(name="offering.switched").count() == 1


def test_what_an_offering_cannot_be_switched_to():
    world = renewed(halfway=0, completed=0, publish=False)

    def refusal(version=world.second, offering=world.offering, by=world.publisher):
        with pytest.raises((Conflict, Forbidden, Invalid, NotFound)) as refused:
            switch_offering(by=by, offering=offering, version=version)
        return refused.value.code

    assert refusal() == "draft"
    publish_now(world.second)
    assert refusal(by=person_with_role(world.first.module.provider, Role.TEACHER)) == "forbidden"
    assert refusal(offering=offering_of(world.second)) == "not_newer"
    assert refusal(offering=offering_of(world.first, starts_on="2020-01-01", ends_on="2020-02-01")) == "finished"
    assert refusal(version=renewed(halfway=0, completed=0).second) == "not_found"
    assert refusal(offering=offering_of(world.first, language="en")) == "invalid"
