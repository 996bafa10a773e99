"""The rounds of a version in the browser: what one may do is a button, what one may not has its reason."""

import pytest
from django.urls import reverse

from courses.models import ModuleVersion, Section
from courses.services.reviewing import approve_version, request_changes, submit_for_review
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, UserFactory, person_with_role, published_version, text_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(provider):
    return person_with_role(provider, Role.REVIEWER)


@pytest.fixture
def draft(provider):
    return complete_draft(provider)


@pytest.fixture
def see(client):
    """The page of a version's review as somebody meets it."""

    def as_user(user, version):
        client.force_login(user)
        return client.get(to("review", version.pk)).content.decode()

    return as_user


def complete_draft(provider, **facts):
    version = ModuleVersionFactory(module__provider=provider, **facts)
    text_unit(Section.objects.create(version=version, position=0, title={"nl": "Begin"}))
    return version


def to(name, *args):
    return reverse(f"courses:{name}", args=args)


def buttons(html, version):
    names = ("submit", "take_back", "approve", "request_changes", "publish")
    return {name for name in names if f'action="{to(name, version.pk)}"' in html}


def test_who_may_do_what_while_it_is_written(see, draft, teacher, reviewer):
    assert buttons(see(teacher, draft), draft) == {"submit"}
    html = see(reviewer, draft)
    assert buttons(html, draft) == set()
    assert "Een auteur van deze module dient haar in" in html


def test_an_unfinished_draft_says_how_much_is_missing_and_where(see, draft, teacher):
    ModuleVersion.objects.filter(pk=draft.pk).update(summary={}, load=0, outcomes=[])
    html = see(teacher, draft)
    assert buttons(html, draft) == set()
    assert "er ontbreken nog 3 dingen" in html
    assert to("check", draft.pk) in html


def test_who_may_do_what_while_it_is_with_a_reviewer(see, draft, teacher, reviewer, publisher):
    submit_for_review(by=publisher, version=draft, request="Let op de toets.")
    html = see(reviewer, draft)
    assert buttons(html, draft) == {"approve", "request_changes"}
    assert "Let op de toets." in html
    html = see(publisher, draft)
    assert buttons(html, draft) == {"take_back"}
    assert "U hebt deze versie zelf geschreven of ingediend" in html
    assert buttons(see(teacher, draft), draft) == {"take_back"}


def test_who_may_do_what_once_it_is_approved(see, draft, teacher, reviewer, publisher):
    submit_for_review(by=teacher, version=draft)
    approve_version(by=reviewer, version=draft, notes="Sterk begin.")
    html = see(publisher, draft)
    assert buttons(html, draft) == {"publish", "request_changes", "take_back"}
    assert "Sterk begin." in html
    assert buttons(see(teacher, draft), draft) == {"take_back"}


def test_changes_without_notes_are_refused_at_the_field(client, draft, teacher, reviewer):
    submit_for_review(by=teacher, version=draft)
    client.force_login(reviewer)
    answer = client.post(to("request_changes", draft.pk), {"notes": ""})
    assert answer.status_code == 400
    assert "Schrijf wat er moet veranderen" in answer.content.decode()
    assert client.post(to("request_changes", draft.pk), {"notes": "Korter."}).status_code == 302
    client.force_login(teacher)
    assert "Korter." in client.get(to("review", draft.pk)).content.decode()


def test_what_came_too_late_is_said_and_nothing_happens(client, draft, teacher, provider, reviewer):
    submit_for_review(by=teacher, version=draft)
    request_changes(by=reviewer, version=draft, notes="Korter.")
    client.force_login(person_with_role(provider, Role.REVIEWER))
    html = client.post(to("approve", draft.pk), {"notes": "Prima"}, follow=True).content.decode()
    assert "ligt niet bij een beoordelaar" in html
    assert ModuleVersion.objects.get().state == "draft"


def test_the_queue_shows_what_one_may_decide_and_what_waits_elsewhere(client, provider, teacher, publisher, reviewer):
    mine = complete_draft(provider, title={"nl": "Van mijzelf"})
    submit_for_review(by=publisher, version=mine)
    theirs = complete_draft(provider, title={"nl": "Van een collega"})
    submit_for_review(by=teacher, version=theirs)
    ready = complete_draft(provider, title={"nl": "Al goedgekeurd"})
    submit_for_review(by=teacher, version=ready)
    approve_version(by=reviewer, version=ready)
    foreign = complete_draft(published_version().module.provider, title={"nl": "Van een ander"})
    submit_for_review(by=person_with_role(foreign.module.provider, Role.TEACHER), version=foreign)
    client.force_login(publisher)
    context = client.get(to("reviews")).context
    assert [round.version for round in context["page"]] == [theirs]
    assert [round.version for round in context["elsewhere"]] == [mine]
    assert list(context["approved"]) == [ready]


def test_the_queue_takes_a_bounded_number_of_queries(
    client, provider, teacher, reviewer, django_assert_max_num_queries
):
    for _round in range(12):
        submit_for_review(by=teacher, version=complete_draft(provider))
    client.force_login(reviewer)
    with django_assert_max_num_queries(8):
        assert len(client.get(to("reviews")).context["page"]) == 12


def test_the_navigation_leads_reviewers_to_the_queue(client, reviewer, teacher):
    for person, shown in ((reviewer, True), (teacher, False), (UserFactory(), False)):
        client.force_login(person)
        assert (to("reviews") in client.get("/").content.decode()) is shown


def test_people_of_another_provider_find_no_review(client, draft, teacher, stranger):
    submit_for_review(by=teacher, version=draft)
    client.force_login(stranger)
    assert client.get(to("review", draft.pk)).status_code == 404
    for name in ("submit", "take_back", "approve", "request_changes", "publish"):
        assert client.post(to(name, draft.pk), {"notes": "X"}).status_code == 404


def test_the_start_page_says_whose_step_it_is(client, draft, provider, teacher, reviewer, publisher):
    colleague = person_with_role(provider, Role.TEACHER)

    def who_waits():
        seen = set()
        for name, person in {
            "teacher": teacher,
            "reviewer": reviewer,
            "publisher": publisher,
            "other": colleague,
        }.items():
            client.force_login(person)
            if to("review", draft.pk) in client.get("/start/").content.decode():
                seen.add(name)
        return seen

    assert who_waits() == set()
    submit_for_review(by=teacher, version=draft)
    assert who_waits() == {"reviewer", "publisher"}
    request_changes(by=reviewer, version=draft, notes="Leg hoofdstuk 1 uit.")
    assert who_waits() == {"teacher"}
    submit_for_review(by=teacher, version=draft)
    approve_version(by=reviewer, version=draft)
    assert who_waits() == {"publisher"}
