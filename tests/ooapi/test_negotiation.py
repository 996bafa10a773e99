"""Which version is served: by `Accept` alone, said in the Content-Type, refused in words that a machine can read."""

import pytest

from tests.ooapi.documents import errors, schema_errors

V6 = "application/vnd.oeapi+json"


def get(client, path, accept=None):
    return client.get(f"/ooapi{path}", headers={"accept": accept} if accept else {})


@pytest.mark.parametrize(
    ("accept", "told"),
    [
        (None, "application/json; version=5.0"),
        ("*/*", "application/json; version=5.0"),
        ("application/json", "application/json; version=5.0"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json; version=5.0"),
        (f"{V6}; version=5", f"{V6}; version=5.0"),
        (f"{V6};version=5.0", f"{V6}; version=5.0"),
        (V6, f"{V6}; version=6.0"),
        (f"{V6}; version=6", f"{V6}; version=6.0"),
        (f"{V6}; version=6.0", f"{V6}; version=6.0"),
        (f"{V6}; version=6.4", f"{V6}; version=6.0"),
        ("application/json; version=6", "application/json; version=6.0"),
        (f"application/json;q=0.5, {V6};version=6", f"{V6}; version=6.0"),
        (f"application/json, {V6};version=6;q=0.9", f"{V6}; version=6.0"),
    ],
)
def test_the_version_that_was_asked_for_is_served_and_told(region, client, accept, told):
    answer = get(client, "/courses", accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, told)
    assert {"Accept", "Authorization"} <= {name.strip() for name in answer["Vary"].split(",")}
    version = told.rpartition("=")[2]
    assert errors(version, "/courses", answer.json()) == []
    assert errors("6.0" if version == "5.0" else "5.0", "/courses", answer.json())


@pytest.mark.parametrize("version", ["7", "7.0", "4.1", "x"])
def test_another_major_version_is_refused_with_what_is_served(region, client, version):
    for accept in (f"{V6}; version={version}", f"{V6}; version={version}, */*;q=0.1"):
        answer = get(client, "/courses", accept)
        assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")
        body = answer.json()
        assert errors("6.0", "/courses", body, status=406) == []
        assert (body["requestedVersion"], body["supportedVersions"]) == (version, ["6.0", "5.0"])


def test_what_is_no_json_at_all_is_refused_too(region, client):
    answer = get(client, "/courses", "text/html")
    assert answer.status_code == 406
    assert answer.json()["requestedVersion"] == "text/html"
    assert errors("6.0", "/courses", answer.json(), status=406) == []


@pytest.mark.parametrize(
    ("path", "accept", "requested", "supported", "there"),
    [
        ("/organizations", f"{V6};version=6", "6.0", ["5.0"], "/organisations"),
        ("/organisations", "application/json", "5.0", ["6.0"], "/organizations"),
        ("/programmes", "application/json", "5.0", ["6.0"], "/programs"),
        ("/learning-outcomes", f"{V6};version=5", "5.0", ["6.0"], ""),
    ],
)
def test_a_path_of_the_other_version_says_which_that_is(region, client, path, accept, requested, supported, there):
    answer = get(client, path, accept)
    body = answer.json()
    assert (answer.status_code, body["requestedVersion"], body["supportedVersions"]) == (406, requested, supported)
    assert there in body["detail"]
    if requested == "5.0":
        assert schema_errors("5.0", "#/components/schemas/Problem", body) == []
        assert body["status"] == "406"


def test_who_states_no_version_gets_the_one_that_the_path_has(region, client):
    for accept in (None, "*/*"):
        assert get(client, "/organisations", accept)["Content-Type"] == f"{V6}; version=6.0"
        assert get(client, "/organizations", accept)["Content-Type"] == "application/json; version=5.0"


def test_data_for_one_consumer_is_refused_by_its_name(region, client):
    answer = get(client, "/courses", f"{V6};version=6.0;consumer=rio;consumer-version=2.0")
    body = answer.json()
    assert (answer.status_code, body["consumer"]) == (406, {"consumerKey": "rio"})
    assert (body["requestedVersion"], body["supportedVersions"]) == ("2.0", [])
    assert errors("6.0", "/courses", body, status=406) == []


@pytest.mark.parametrize(("version", "accept"), [("5.0", "application/json"), ("6.0", f"{V6}; version=6")])
def test_errors_are_problems_in_the_spelling_of_the_version(region, client, version, accept):
    nobody = "00000000-0000-7000-8000-000000000000"
    missing = get(client, f"/courses/{nobody}", accept)
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert errors(version, "/courses/{courseId}", missing.json(), status=404) == []
    assert missing.json()["detail"].startswith("Er is niets met dit id")
    wrong = client.post("/ooapi/courses", headers={"accept": accept})
    assert wrong.status_code == 405
    assert errors(version, "/courses", wrong.json(), status=405) == []
    token = client.get("/ooapi/courses", headers={"accept": accept, "authorization": "Bearer lms_no"})
    assert token.status_code == 401
    assert errors(version, "/courses", token.json(), status=401) == []
    assert isinstance(token.json()["status"], str if version == "5.0" else int)


def test_the_type_of_a_problem_can_be_read_by_people(region, client):
    page, _hash, anchor = get(client, "/nothing", f"{V6};version=6").json()["type"].partition("#")
    text = client.get(page).content.decode()
    for each in (anchor, "version-not-acceptable", "invalid", "forbidden", "state", "not-authenticated"):
        assert f'id="{each}"' in text
