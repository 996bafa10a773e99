"""Asking the Open Education API in a version, with every answer judged by the published document."""

from tests.ooapi.documents import errors

V5 = "application/json"
V6 = "application/vnd.oeapi+json; version=6"
ACCEPT = {"5.0": V5, "6.0": V6}


def ask(client, path, version="5.0", **query):
    """The raw answer."""
    return client.get(f"/ooapi{path}", query, headers={"accept": ACCEPT[version]})


def told(client, template, version="5.0", ids=(), status=200, **query):
    """The body of the answer to a published path, which must be what the document says."""
    path = template
    for name, value in dict(ids).items():
        path = path.replace("{" + name + "}", str(value))
    answer = ask(client, path, version, **query)
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert errors(version, template, body, status=status) == [], path
    return body


def codes(page):
    """The primary codes of a list, in order."""
    return [item["primaryCode"]["code"] for item in page["items"]]
