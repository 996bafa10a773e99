"""One's own details and API tokens, by page and by API."""

import pytest

from lms.accounts.models import ApiToken
from lms.accounts.services import issue_token
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = UserFactory(language="en")
    client.force_login(user)
    return user


def test_changes_name_and_language(client, person):
    client.post("/account/", {"given_name": "Anna", "name_prefix": "van der", "family_name": "Berg", "language": "nl"})
    person.refresh_from_db()
    assert (person.full_name, person.language) == ("Anna van der Berg", "nl")


def test_a_name_is_required(client, person):
    page = client.post("/account/", {"given_name": "", "family_name": "", "language": "nl"})
    assert "There are 2 problems" in page.content.decode()


def test_a_token_is_shown_once_and_works(client, person):
    page = client.post("/account/tokens/", {"name": "HR system"}).content.decode()
    secret = page.split('class="secret">')[1].split("<")[0]
    assert secret not in client.get("/account/tokens/").content.decode()
    client.logout()
    answer = client.get("/api/v1/me/tokens/", headers={"authorization": f"Bearer {secret}"})
    assert [row["name"] for row in answer.json()["results"]] == ["HR system"]
    assert secret not in answer.content.decode()


def test_revokes_own_tokens_only(client, person):
    issue_token(person, "mine")
    issue_token(UserFactory(), "theirs")
    mine, theirs = ApiToken.objects.get(name="mine"), ApiToken.objects.get(name="theirs")
    assert client.post(f"/account/tokens/{theirs.pk}/revoke/").status_code == 404
    assert client.post(f"/account/tokens/{mine.pk}/revoke/")["Location"] == "/account/tokens/"
    assert list(ApiToken.objects.all()) == [theirs]


def test_tokens_by_api(client, person):
    made = client.post("/api/v1/me/tokens/", {"name": "script"}, content_type="application/json")
    assert made.status_code == 201
    secret = made.json()["secret"]
    client.logout()
    bearer = {"authorization": f"Bearer {secret}"}
    path = f"/api/v1/me/tokens/{made.json()['id']}/"
    assert client.delete(path, headers=bearer).status_code == 204
    assert client.get("/api/v1/me/tokens/", headers=bearer).status_code == 401


def test_a_foreign_token_is_not_there(client, person):
    issue_token(UserFactory(), "theirs")
    assert client.delete(f"/api/v1/me/tokens/{ApiToken.objects.get().pk}/").status_code == 404


def test_a_token_needs_a_name(client, person):
    answer = client.post("/api/v1/me/tokens/", {}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "name"
