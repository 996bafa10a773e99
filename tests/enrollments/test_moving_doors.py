"""Eighteen people are halfway, by page and by API: previewed, nobody moved without a choice, the choice carried out."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from enrollments.models import Enrollment, VersionMove
from enrollments.services.moving import move_enrollments
from lms.accounts.models import User
from lms.permissions.roles import Role
from tests.enrollments.worlds import publish_now, renewed
from tests.factories import person_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return renewed(publish=False)


def browser(client, user):
    """With this person signed in, who reads English."""
    User.objects.filter(pk=user.pk).update(language="en")
    client.force_login(User.objects.get(pk=user.pk))
    return client


def numbers(enrollments):
    rows = Enrollment.objects.filter(pk__in=[e.pk for e in enrollments]).order_by("pk")
    return list(rows.values_list("version__number", flat=True))


def test_by_page_from_the_preview_of_a_draft_to_what_the_learner_reads(client, world):
    client = browser(client, world.publisher)
    page = reverse("enrollments:transition", args=[world.second.pk])
    assert page in client.get(reverse("courses:check", args=[world.second.pk])).content.decode()
    preview = client.get(page).content.decode()
    assert "18 people are halfway in an older version" in preview
    assert "This is a preview" in preview
    assert 'name="person"' not in preview
    publish_now(world.second)
    assert page in client.get(reverse("courses:authored_module", args=[world.first.module_id])).content.decode()
    assert client.get(page).content.decode().count('name="person"') == 18
    assert numbers(world.halfway) == [1] * 18

    nothing = client.post(page, {}, follow=True).content.decode()
    assert "nobody moves" in nothing
    confirm = client.post(page, {"offering": world.offering.code, "redo": "on"}).content.decode()
    assert "must be done again" in confirm
    assert numbers(world.halfway) == [1] * 18
    choice = {"offering": world.offering.code, "redo": "on", "confirmed": "yes"}
    done = client.post(page, choice, follow=True).content.decode()
    assert "18 people go on in version 2." in done
    assert numbers(world.halfway + world.completed) == [2] * 18 + [1] * 2

    moved = world.halfway[0]
    learned = browser(client, moved.learner).get(reverse("enrollments:learn", args=[moved.pk])).content.decode()
    assert "You go on in version 2 since" in learned
    assert "Changed, do it again:" in learned
    stayed = world.completed[0]
    kept = browser(client, stayed.learner).get(reverse("enrollments:learn", args=[stayed.pk])).content.decode()
    assert "You go on in version" not in kept


def test_people_one_by_one_and_newcomers_by_page(client, world):
    publish_now(world.second)
    client = browser(client, world.publisher)
    page = reverse("enrollments:transition", args=[world.second.pk])
    chosen = [world.halfway[3].pk, world.completed[0].pk]
    confirm = client.post(page, {"person": chosen}).content.decode()
    assert str(world.halfway[3].learner) in confirm
    done = client.post(page, {"person": chosen, "confirmed": "yes"}, follow=True).content.decode()
    assert "1 person goes on in version 2." in done
    assert "1 person stays" in done
    assert client.post(page, {"person": "x"}).status_code == 404
    switch = reverse("enrollments:switch_offering", args=[world.second.pk, world.offering.code])
    assert "takes version 2" in client.post(switch, follow=True).content.decode()
    again = client.post(switch, follow=True).content.decode()
    assert "a newer one already" in again


def test_a_teacher_looks_and_does_not_move(client, world):
    publish_now(world.second)
    teacher = person_with_role(world.first.module.provider, Role.TEACHER)
    client = browser(client, teacher)
    page = reverse("enrollments:transition", args=[world.second.pk])
    shown = client.get(page).content.decode()
    assert "18 people" in shown
    assert "Look at the outcome" not in shown
    assert client.post(page, {"offering": world.offering.code, "confirmed": "yes"}).status_code == 403
    assert VersionMove.objects.count() == 0


def test_by_api_preview_dry_run_and_move(world):
    api = APIClient()
    api.force_authenticate(User.objects.get(pk=world.publisher.pk))
    effect = api.get(f"/api/v1/versions/{world.second.pk}/effect/").json()
    assert (effect["active"], effect["completed"]) == (18, 2)
    assert [unit["fate"] for unit in effect["passages"][0]["units"]] == ["unchanged", "changed", "unchanged", "new"]
    move = f"/api/v1/versions/{world.second.pk}/move/"
    body = {"offerings": [world.offering.code], "redo_changed": False}
    assert api.post(move, body, format="json").status_code == 409
    publish_now(world.second)
    dry = api.post(move, body | {"dry_run": True}, format="json").json()
    assert (dry["effect"]["active"], dry["result"]) == (18, None)
    assert numbers(world.halfway) == [1] * 18
    halfway = api.get(f"/api/v1/versions/{world.second.pk}/halfway/?page_size=5").json()
    assert len(halfway["results"]) == 5
    assert halfway["results"][0]["percent_after_with_redo"] == 25
    one = {"enrollments": [str(world.halfway[0].pk), str(world.completed[0].pk)], "redo_changed": True}
    result = api.post(move, one, format="json").json()["result"]
    assert result["moved"] == [str(world.halfway[0].pk)]
    assert result["left_alone"] == [str(world.completed[0].pk)]
    assert len(api.post(move, body, format="json").json()["result"]["moved"]) == 17
    assert numbers(world.halfway + world.completed) == [2] * 18 + [1] * 2
    both = body | one
    assert api.post(move, both, format="json").status_code == 400


def test_newcomers_by_api_and_the_version_in_rows(world):
    publish_now(world.second)
    api = APIClient()
    api.force_authenticate(User.objects.get(pk=world.publisher.pk))
    url = f"/api/v1/offerings/{world.offering.pk}/switch/"
    assert api.post(url, {"version": str(world.second.pk)}, format="json").status_code == 200
    choice = {"by": world.publisher, "version": world.second, "redo_changed": False}
    move_enrollments(enrollments=[world.halfway[0].pk], **choice)
    rows = api.get("/api/v1/enrollments/?page_size=50").json()["results"]
    assert sorted(row["version"] for row in rows) == [1] * 19 + [2]


def test_the_preview_page_costs_the_same_for_many(client, django_assert_max_num_queries):
    world = renewed(halfway=40, completed=0)
    client = browser(client, world.publisher)
    with django_assert_max_num_queries(25):
        client.get(reverse("enrollments:transition", args=[world.second.pk]))
