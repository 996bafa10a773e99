"""Four eyes: what a teacher wrote is published only after a colleague who did not write it approved it."""

import pytest
from django.contrib import admin
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import RequestFactory

from courses.models import Decision, ModuleVersion, Review, Section, Unit
from courses.services import authoring
from courses.services.publishing import publish_version
from courses.services.reviewing import approve_version, request_changes, submit_for_review, take_back
from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.clock import now
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.models import DomainEvent
from lms.events.services import deliver_due
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, UserFactory, person_with_role, text_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(provider):
    return person_with_role(provider, Role.REVIEWER)


@pytest.fixture
def draft(provider):
    version = ModuleVersionFactory(module__provider=provider)
    text_unit(Section.objects.create(version=version, position=0, title={"nl": "Begin"}))
    return version


@pytest.fixture
def submitted(draft, teacher):
    submit_for_review(by=teacher, version=draft, request="Hoofdstuk 2 is nieuw.")
    draft.refresh_from_db()
    return draft


def state(version):
    return ModuleVersion.objects.get(pk=version.pk).state


def test_from_draft_to_published_with_two_people(draft, teacher, reviewer, publisher):
    review = submit_for_review(by=teacher, version=draft, request="Hoofdstuk 2 is nieuw.")
    assert state(draft) == "in_review"
    approve_version(by=reviewer, version=draft, notes="Helder.")
    assert state(draft) == "approved"
    publish_version(by=publisher, version=draft)
    assert state(draft) == "published"
    review.refresh_from_db()
    held = (review.submitted_by, review.request, review.decision, review.decided_by, review.notes)
    assert held == (teacher, "Hoofdstuk 2 is nieuw.", Decision.APPROVED, reviewer, "Helder.")
    names = list(DomainEvent.objects.order_by("id").values_list("name", flat=True))
    assert names == ["module_version.submitted", "module_version.approved", "module_version.published"]
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions)[-3:] == ["courses.submit_for_review", "courses.decide_review", "courses.publish_version"]


def test_an_unfinished_draft_is_refused_with_everything_that_is_missing(draft, teacher):
    ModuleVersion.objects.filter(pk=draft.pk).update(summary={}, load=0, outcomes=[])
    with pytest.raises(Invalid) as raised:
        submit_for_review(by=teacher, version=draft)
    assert {error.field for error in raised.value.errors} == {"summary/nl", "load", "outcomes"}
    assert (state(draft), Review.objects.count()) == ("draft", 0)


def test_nobody_publishes_what_nobody_approved(draft, submitted, publisher):
    for version in (draft, submitted):
        with pytest.raises(Conflict) as raised:
            publish_version(by=publisher, version=version)
        assert raised.value.code == "not_approved"


def test_who_wrote_or_submitted_it_does_not_review_it(draft, provider, teacher, reviewer, publisher):
    writing_publisher = person_with_role(provider, Role.PUBLISHER)
    authoring.edit_unit(by=writing_publisher, unit=Unit.objects.get(), minutes=30)
    submitting_publisher = person_with_role(provider, Role.PUBLISHER)
    submit_for_review(by=submitting_publisher, version=draft)
    for person in (writing_publisher, submitting_publisher, teacher):
        for decide in (approve_version, request_changes):
            with pytest.raises(Forbidden):
                decide(by=person, version=draft, notes="Goed zo")
    assert list(Review.objects.waiting_for(publisher)) == [Review.objects.get()]
    assert list(Review.objects.waiting_for(writing_publisher)) == []
    assert list(Review.objects.waiting_for(submitting_publisher)) == []


def test_having_taken_part_in_an_earlier_round_counts_too(submitted, provider, teacher):
    publisher = person_with_role(provider, Role.PUBLISHER)
    take_back(by=teacher, version=submitted)
    submit_for_review(by=publisher, version=submitted)
    take_back(by=teacher, version=submitted)
    submit_for_review(by=teacher, version=submitted)
    with pytest.raises(Forbidden):
        approve_version(by=publisher, version=submitted)


def test_platform_staff_follow_four_eyes_too(draft):
    staff = UserFactory(is_staff=True, is_superuser=True)
    other = UserFactory(is_staff=True, is_superuser=True)
    submit_for_review(by=staff, version=draft)
    with pytest.raises(Forbidden):
        approve_version(by=staff, version=draft)
    with pytest.raises(Conflict):
        publish_version(by=staff, version=draft)
    approve_version(by=other, version=draft)
    publish_version(by=staff, version=draft)


def test_the_database_holds_four_eyes(submitted, teacher):
    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.update(decision=Decision.APPROVED, decided_by=teacher, decided_at=now())


def test_people_of_another_provider_know_nothing_of_it(submitted, stranger):
    for verb in (submit_for_review, take_back, approve_version):
        with pytest.raises(NotFound):
            verb(by=stranger, version=submitted)
    with pytest.raises(NotFound):
        request_changes(by=stranger, version=submitted, notes="Mag ik dit?")
    assert not Review.objects.visible_to(stranger).exists()


@pytest.mark.parametrize("approve", [False, True])
def test_no_door_changes_what_is_with_a_reviewer(submitted, teacher, reviewer, approve):
    if approve:
        approve_version(by=reviewer, version=submitted)
    section = submitted.sections.get()
    unit = section.units.get()
    for change in (
        lambda: authoring.edit_version(by=teacher, version=submitted, revision=0, facts={"level": 3}),
        lambda: authoring.add_section(by=teacher, version=submitted, title={"nl": "X"}),
        lambda: authoring.edit_section(by=teacher, section=section, title={"nl": "X"}),
        lambda: authoring.move_section(by=teacher, section=section, position=0),
        lambda: authoring.delete_section(by=teacher, section=section),
        lambda: authoring.add_unit(by=teacher, section=section, kind="text", title={"nl": "X"}),
        lambda: authoring.edit_unit(by=teacher, unit=unit, title={"nl": "X"}),
        lambda: authoring.move_unit(by=teacher, unit=unit, position=1),
        lambda: authoring.delete_unit(by=teacher, unit=unit),
        lambda: authoring.discard_draft(by=teacher, version=submitted),
        lambda: submit_for_review(by=teacher, version=submitted),
    ):
        with pytest.raises(Conflict) as raised:
            change()
        assert raised.value.code == "in_review"


def test_in_the_admin_a_reviewed_draft_is_looked_at_and_who_mends_one_becomes_an_author(draft, teacher):
    staff = UserFactory(is_staff=True, is_superuser=True)
    request = RequestFactory().get("/")
    request.user = staff
    for row in (draft, draft.sections.get(), Unit.objects.get()):
        page = admin.site.get_model_admin(type(row))
        assert page.has_change_permission(request, row)
        page.save_model(request, row, form=None, change=True)
    assert draft.authors.get() == staff
    submit_for_review(by=teacher, version=draft)
    for row in (ModuleVersion.objects.get(), Section.objects.get(), Unit.objects.get()):
        page = admin.site.get_model_admin(type(row))
        assert not page.has_change_permission(request, row)
        assert not page.has_delete_permission(request, row)


def admin_form(row, **sent):
    """The admin's form of a row, with these fields changed."""
    request = RequestFactory().get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    form = admin.site.get_model_admin(type(row)).get_form(request, row)
    shown = form(instance=row)
    held = {name: shown[name].value() for name in shown.fields}
    return form({name: value for name, value in held.items() if value is not None} | sent, instance=row)


def test_in_the_admin_nothing_moves_into_a_reviewed_draft(draft, submitted, provider):
    other = ModuleVersionFactory(module__provider=provider)
    section = Section.objects.create(version=other, position=1, title={"nl": "Smokkel"})
    unit = text_unit(section)
    admin_form(section, version=submitted.pk, position=5).save()
    admin_form(unit, section=draft.sections.get().pk, position=5).save()
    admin_form(other, module=draft.module_id, crebo="12345").save()
    for row in (section, unit, other):
        row.refresh_from_db()
    assert (section.position, unit.position, other.crebo) == (5, 5, "12345")
    assert (section.version, unit.section) == (other, section)
    assert other.module_id != draft.module_id


@pytest.mark.parametrize("rule", ["true", "{}", '{"units": "any", "count": 1e9}', '{"units": ["all"]}'])
def test_in_the_admin_a_rule_keeps_its_shape(draft, rule):
    assert admin_form(draft, rule='{"units": "any", "count": 1}').is_valid()
    assert not admin_form(draft, rule=rule).is_valid()


def test_changes_are_requested_with_notes_and_the_draft_can_be_written_again(submitted, teacher, reviewer):
    with pytest.raises(Invalid) as raised:
        request_changes(by=reviewer, version=submitted, notes="  ")
    assert [error.field for error in raised.value.errors] == ["notes"]
    request_changes(by=reviewer, version=submitted, notes="Leg de spoedhoek uit.")
    assert state(submitted) == "draft"
    authoring.edit_unit(by=teacher, unit=Unit.objects.get(), minutes=20)
    submit_for_review(by=teacher, version=submitted)
    approve_version(by=reviewer, version=submitted)
    assert [review.decision for review in submitted.reviews.all()] == ["approved", "changes_requested"]


def test_taking_back_or_second_thoughts_end_an_approval(submitted, teacher, reviewer, publisher):
    approve_version(by=reviewer, version=submitted)
    take_back(by=teacher, version=submitted)
    assert state(submitted) == "draft"
    with pytest.raises(Conflict):
        publish_version(by=publisher, version=submitted)
    submit_for_review(by=teacher, version=submitted)
    approve_version(by=reviewer, version=submitted)
    request_changes(by=reviewer, version=submitted, notes="Toch niet.")
    assert state(submitted) == "draft"
    decisions = [review.decision for review in submitted.reviews.all()]
    assert decisions == ["changes_requested", "approved", "taken_back", "approved"]


def test_nothing_is_decided_about_what_was_not_submitted(draft, submitted, teacher, reviewer):
    take_back(by=teacher, version=submitted)
    for decide in (
        lambda: approve_version(by=reviewer, version=draft),
        lambda: request_changes(by=reviewer, version=draft, notes="Hm"),
        lambda: take_back(by=teacher, version=draft),
    ):
        with pytest.raises(Conflict) as raised:
            decide()
        assert raised.value.code == "not_in_review"


@pytest.mark.parametrize("words", ["Nul\x00byte", "x" * 10_001])
def test_notes_that_cannot_be_kept_are_refused(submitted, reviewer, words):
    with pytest.raises(Invalid) as raised:
        approve_version(by=reviewer, version=submitted, notes=words)
    assert [error.field for error in raised.value.errors] == ["notes"]
    assert state(submitted) == "in_review"


@pytest.mark.django_db(transaction=True)
def test_reviewers_are_asked_and_the_submitter_hears_each_once_per_round(draft, provider, teacher, reviewer):
    writer = person_with_role(provider, Role.PUBLISHER)
    authoring.edit_unit(by=writer, unit=Unit.objects.get(), minutes=30)
    publisher = person_with_role(provider, Role.PUBLISHER)
    person_with_role(provider, Role.COORDINATOR)

    def told():
        deliver_due()
        assert deliver_due() == 0
        found = {(message.to[0], message.subject.split(":")[0]) for message in mail.outbox}
        assert len(found) == len(mail.outbox)
        mail.outbox.clear()
        return found

    User.objects.update(language="en")
    submit_for_review(by=teacher, version=draft)
    assert told() == {(reviewer.email, "Please review"), (publisher.email, "Please review")}
    request_changes(by=reviewer, version=draft, notes="Meer plaatjes.")
    assert told() == {(teacher.email, "Changes requested")}
    submit_for_review(by=teacher, version=draft)
    assert told() == {(reviewer.email, "Please review"), (publisher.email, "Please review")}
    approve_version(by=reviewer, version=draft)
    assert told() == {(teacher.email, "Approved")}


@pytest.mark.django_db(transaction=True)
def test_a_draft_thrown_away_before_the_mail_leaves_bothers_nobody(draft, teacher, reviewer):
    with transaction.atomic():
        submit_for_review(by=teacher, version=draft)
        take_back(by=teacher, version=draft)
        authoring.discard_draft(by=teacher, version=draft)
    deliver_due()
    assert DomainEvent.objects.get().name == "module_version.submitted"
    assert mail.outbox == []
