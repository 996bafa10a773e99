"""Who did what is known wherever it was done: on a page, by API token, in a task, by a command."""

import os
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.services import issue_token
from lms.audit.models import AuditEntry
from lms.audit.services import changed_fields, record_audit, record_audit_many
from lms.core.clock import now, today
from tests.factories import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def touch(request):
    record_audit("test.touch", OrganizationFactory())
    return HttpResponse()


class Touch(APIView):
    def post(self, request):
        record_audit("test.touch", OrganizationFactory())
        return Response()


urlpatterns = [path("page", touch), path("api", Touch.as_view())]
on_these_urls = pytest.mark.urls(__name__)


def entry():
    return AuditEntry.objects.get(action="test.touch")


@on_these_urls
def test_on_a_page_it_is_the_person_signed_in(client):
    person = UserFactory()
    client.force_login(person)
    client.get("/page", REMOTE_ADDR="192.0.2.7")
    assert (entry().actor_id, entry().via, entry().origin) == (person.pk, "request", "192.0.2.7")


@on_these_urls
def test_by_api_it_is_the_owner_of_the_token(client):
    person = UserFactory()
    token = issue_token(person, "test")
    client.post("/api", HTTP_AUTHORIZATION=f"Bearer {token}", REMOTE_ADDR="192.0.2.8")
    assert (entry().actor_id, entry().via, entry().origin) == (person.pk, "request", "192.0.2.8")


@on_these_urls
def test_a_visitor_without_account_is_nobody_from_somewhere(client):
    client.get("/page", REMOTE_ADDR="192.0.2.9")
    assert (entry().actor_id, entry().via, entry().origin) == (None, "request", "192.0.2.9")


@on_these_urls
def test_the_proxy_is_believed_only_when_it_is_trusted(client, settings):
    client.get("/page", HTTP_X_FORWARDED_FOR="203.0.113.5")
    assert entry().origin == "127.0.0.1"
    entry().delete()
    settings.TRUST_PROXY = True
    client.get("/page", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.5")
    assert entry().origin == "203.0.113.5", "the last address is the proxy's own word, the first the visitor's claim"


@on_these_urls
def test_the_next_request_is_not_done_by_the_last_one(client):
    client.force_login(UserFactory())
    client.get("/page")
    entry().delete()
    client.logout()
    client.get("/page")
    assert entry().actor_id is None


@pytest.mark.any_database
def test_a_command_is_named(tmp_path):
    """Through manage.py, in a process of its own."""
    code = (
        "from lms.organizations.models import Organization; from lms.audit.services import record_audit; "
        "record_audit('test.touch', Organization(slug='x'))"
    )
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    for arguments in (["migrate", "--verbosity=0"], ["shell", "--verbosity=0", "-c", code]):
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)
    with sqlite3.connect(tmp_path / "db.sqlite3") as connection:
        found = connection.execute("SELECT via, origin, actor_id FROM audit_auditentry WHERE action = 'test.touch'")
        assert found.fetchall() == [("command", "shell", None)]


def test_old_and_new_are_kept_as_plain_values():
    organization = OrganizationFactory()
    changes = {"price": (Decimal("1.50"), None), "day": (today(), today()), "employer": (None, organization.pk)}
    record_audit("test.touch", organization, changes=changes, organization_id=organization.pk)
    day = today().isoformat()
    assert entry().changes == {"price": ["1.50", None], "day": [day, day], "employer": [None, str(organization.pk)]}
    assert (entry().object_type, entry().object_id) == ("organizations.organization", str(organization.pk))
    assert entry().organization_id == organization.pk


def test_only_what_differs_is_a_change():
    assert changed_fields({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {"b": (2, 3), "c": (None, 4)}


def test_many_subjects_take_one_statement(django_assert_max_num_queries):
    organizations = OrganizationFactory.create_batch(20)
    with django_assert_max_num_queries(1):
        record_audit_many("test.touch", organizations)
    assert AuditEntry.objects.filter(action="test.touch", at__lte=now()).count() == 20


def test_an_entry_outlives_the_person(client):
    person = UserFactory()
    record_audit("test.touch", person)
    pk = person.pk
    person.delete()
    assert entry().object_id == str(pk)
