"""The tests' own strictness works: otherwise it would prove nothing."""

import socket
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.urls import path
from zeal import NPlusOneError

from lms.organizations.models import Location, Organization
from tests import strict
from tests.factories import OrganizationFactory

ROOT = Path(__file__).resolve().parents[2]


def ask_for_each(request):
    return HttpResponse("".join(place.organization.name for place in Location.objects.all()))


urlpatterns = [path("places", ask_for_each)]


def test_other_machines_are_out_of_reach():
    with pytest.raises(strict.NetworkUseError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(strict.NetworkUseError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


def test_this_machine_is_in_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


def test_a_file_left_in_the_project_is_seen(tmp_path):
    with strict.files_written() as written:
        (tmp_path / "own").write_text("fine")
        stray = ROOT / "var" / "stray"
        stray.parent.mkdir(exist_ok=True)
        stray.write_text("not fine")
        stray.unlink()
        assert written == [str(stray)]
        written.clear()


def test_everything_the_product_writes_lies_in_a_temporary_folder(settings, tmp_path):
    assert Path(settings.MEDIA_ROOT).is_relative_to(tmp_path)
    assert not Path(settings.STATIC_ROOT).is_relative_to(ROOT)


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_page_that_asks_once_per_row_fails(client):
    for _ in range(3):
        Location.objects.create(organization=OrganizationFactory(), name="Hal", city="Emmen")
    assert Organization.objects.count() == 3
    with pytest.raises(NPlusOneError):
        client.get("/places")
