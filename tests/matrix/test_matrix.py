"""The permission matrix: every door x every role x own and foreign objects. Read from the URL configuration.

A door without a row in `tests/matrix/table.py` fails the build: say there who may, and it is held for good.
"""

import json

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from .routes import doors
from .row import filled, foreign_variants
from .table import OTHERS, TABLE
from .world import CANARY, ROLES, build_tenant

REFUSED = (401, 403, 404)


def ours():
    """The doors that are the product's own; Django's admin, allauth and the documentation are held elsewhere."""
    return [door for door in doors() if not door.name.startswith(OTHERS)]


def held():
    """The doors with a row."""
    return [door for door in ours() if str(door) in TABLE]


@pytest.fixture
def tenants(db):
    """One's own tenant and the foreign one, whose private texts carry the canary."""
    return build_tenant("EIGEN"), build_tenant(CANARY)


def client_for(tenant, role) -> Client:
    client = Client(headers={"accept-language": "nl"})
    if role != "anonymous":
        client.force_login(tenant.people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def knock(client, door, row, tenant, body=None):
    """Ask once, and undo whatever it did."""
    address = reverse(door.name, kwargs=filled(row.path, tenant))
    data = filled(row.body, tenant) if body is None else body
    point = transaction.savepoint()
    try:
        if row.form or door.method == "GET":
            return getattr(client, door.method.lower())(address, data or None)
        return client.generic(door.method, address, json.dumps(data or {}), content_type="application/json")
    finally:
        transaction.savepoint_rollback(point)


def refused(response) -> bool:
    to_login = response.status_code == 302 and "/accounts/login/" in response["Location"]
    return to_login or response.status_code in REFUSED


def let_through(response) -> bool:
    return not refused(response) and (response.status_code < 400 or response.status_code == 409)


def leaks(response) -> bool:
    text = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:  # not response.close(): that ends the request, and its connection
        close()
    return CANARY.lower().encode() in text.lower()


def test_every_door_has_a_row():
    unknown = [str(door) for door in ours() if str(door) not in TABLE and not door.guessed]
    assert not unknown, "Say in tests/matrix/table.py who may:\n" + "\n".join(unknown)


def test_methods_without_a_row_are_refused(tenants):
    own, _foreign = tenants
    client, wrong = client_for(own, "staff"), []
    for door in ours():
        if door.guessed and str(door) not in TABLE:
            other = TABLE.get(f"{door.name} {'POST' if door.method == 'GET' else 'GET'}")
            status = knock(client, door, other, own, body={}).status_code if other else None
            if status != 405:
                wrong.append(f"{door}: {status}")
    assert not wrong, "Say in tests/matrix/table.py who may:\n" + "\n".join(wrong)


def test_every_row_has_a_door():
    known = {str(door) for door in ours()}
    assert set(TABLE) - known == set()


@pytest.mark.parametrize("role", ROLES)
def test_own_tenant(role, tenants):
    own, _foreign = tenants
    client, wrong = client_for(own, role), []
    for door in held():
        row = TABLE[str(door)]
        response = knock(client, door, row, own)
        if role in row.roles and not (let_through(response) or (row.incomplete and response.status_code == 400)):
            wrong.append(f"{door}: {response.status_code}, the table says yes: {response.content[:200]!r}")
        if role not in row.roles and not (refused(response) or response.status_code == 400):
            wrong.append(f"{door}: {response.status_code}, the table says no")
        if leaks(response) and role != "staff" and role not in row.region:
            wrong.append(f"{door}: shows the foreign tenant's data")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "staff"])
def test_foreign_objects_are_not_there(role, tenants):
    own, foreign = tenants
    client, wrong = client_for(own, role), []
    for door in held():
        row = TABLE[str(door)]
        if not row.names_an_object or row.public or role in row.region:
            continue
        response = knock(client, door, row, foreign, body=filled(row.body, own) or {})
        expected = (401, 404) if role == "anonymous" else (403, 404) if row.visible else (404,)
        hidden = response.status_code in expected or (role == "anonymous" and refused(response))
        if not hidden:
            wrong.append(f"{door}: {response.status_code} for a foreign object")
        if leaks(response):
            wrong.append(f"{door}: shows the foreign tenant's data")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("staff", "anonymous")])
def test_foreign_ids_in_a_body_are_refused(role, tenants):
    own, foreign = tenants
    client, wrong = client_for(own, role), []
    for door in held():
        row = TABLE[str(door)]
        for field, body in foreign_variants(row.body, own, foreign):
            response = knock(client, door, row, own, body=body)
            shown_again = row.form and response.status_code == 200
            if not (shown_again or response.status_code in (400, *REFUSED, 409, 422)):
                wrong.append(f"{door}: {response.status_code} with a foreign {field}")
            if leaks(response):
                wrong.append(f"{door}: shows the foreign tenant's data for a foreign {field}")
    assert not wrong, "\n".join(wrong)


def test_addresses_can_be_made(tenants):
    own, _foreign = tenants
    for door in held():
        try:
            reverse(door.name, kwargs=filled(TABLE[str(door)].path, own))
        except NoReverseMatch as error:
            pytest.fail(f"{door}: {error}")
