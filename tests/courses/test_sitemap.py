"""What search engines are told: public addresses, when they changed, and where not to go."""

from urllib.robotparser import RobotFileParser

import pytest
from defusedxml import ElementTree
from django.urls import reverse

from courses.models import CatalogueEntry, Module
from courses.services.indexing import rebuild_index
from courses.web import sharing
from lms.core.clock import now
from tests.factories import ModuleVersionFactory, published_version

pytestmark = pytest.mark.django_db
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(response):
    assert response["Content-Type"].startswith("application/xml")
    return {
        place.findtext(f"{NS}loc"): place.findtext(f"{NS}lastmod") for place in ElementTree.fromstring(response.content)
    }


def address(version):
    path = reverse("courses:module", args=[version.module.provider.slug, version.module.code])
    return f"http://localhost:8000{path}"


def test_public_modules_with_the_day_they_changed(client):
    shown, retired, draft = published_version(), published_version(), ModuleVersionFactory()
    Module.objects.filter(pk=retired.module_id).update(retired_at=now())
    rebuild_index()
    response = client.get("/sitemap.xml")
    places = read(response)
    assert set(places) == {"http://localhost:8000/", "http://localhost:8000/leerlijnen/", address(shown)}
    assert places[address(shown)][:19] == f"{sharing.timezone.localtime(shown.published_at):%Y-%m-%dT%H:%M:%S}"
    assert address(draft) not in places
    assert "max-age=3600" in response["Cache-Control"]


def test_many_are_cut_into_parts(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sharing, "PART", 2)
    versions = [published_version() for _ in range(5)]
    rebuild_index()
    assert CatalogueEntry.objects.count() == 5
    with django_assert_num_queries(1):
        parts = list(read(client.get("/sitemap.xml")))
    assert parts == [f"http://localhost:8000/sitemap-{n}.xml" for n in range(3)]
    found = []
    for part in parts:
        with django_assert_num_queries(1):
            found += read(client.get(part.removeprefix("http://localhost:8000")))
    assert sorted(found) == sorted(address(version) for version in versions)
    assert client.get("/sitemap-3.xml").status_code == 404


def test_robots_names_the_sitemap_and_keeps_to_what_is_public(client):
    response = client.get("/robots.txt")
    text = response.content.decode()
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text
    rules = [line for line in text.splitlines() if line.startswith(("Allow", "Disallow"))]
    robots = RobotFileParser()  # knows no longest match, so the general rule goes last
    robots.parse(["User-agent: *", *sorted(rules, key=lambda rule: rule.startswith("Disallow"))])
    assert robots.can_fetch("*", address(published_version()))
    private = ("/mijn-leren/", "/medewerkers/", "/aanbod/", "/accounts/login/", "/admin/", "/api/v1/me/", "/start/")
    assert not any(robots.can_fetch("*", f"http://localhost:8000{path}") for path in private)
