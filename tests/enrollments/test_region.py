"""Figures of the region: what is counted, who sees it, and that an attacker finds nothing that is hidden."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enrollments.models import Enrollment, RegionalQuarter, TrainingNeed
from enrollments.services.regional import publish_next_quarter
from lms.accounts.services import issue_token
from lms.audit.models import AuditEntry
from lms.core import clock
from lms.organizations.models import Location
from lms.permissions.roles import Role
from tests.factories import OrganizationFactory, UserFactory, offering_of, person_with_role, published_version

pytestmark = pytest.mark.django_db
MAY, AUGUST, OCTOBER = (datetime(2026, month, 10, tzinfo=UTC) for month in (5, 8, 10))
PAGE, API = "/regio/cijfers/", "/api/v1/regional-figures/"


@pytest.fixture
def officer():
    return person_with_role(OrganizationFactory(is_employer=False, is_public_body=True), Role.COORDINATOR)


@pytest.fixture
def region():
    """Four employers; six people of each completed welding in August, one of the first did something else alone."""
    welding, rare = published_version(track="mbo", level=3), published_version(track="hbo", level=6)
    employers = [OrganizationFactory(name=f"Geheim bedrijf {number}") for number in range(4)]
    for employer in employers:
        Location.objects.create(organization=employer, name="Vestiging", city="Hardenberg")
        for _one in range(6):
            take(employer, offering_of(welding), "completed", AUGUST)
        TrainingNeed.objects.create(employer=employer, title="Lassen", people=3, place="Emmen", posted_at=MAY)
    take(employers[0], offering_of(rare), "completed", AUGUST)
    return employers


def take(employer, offering, state, ended_at=None):
    return Enrollment.objects.create(
        learner=UserFactory(),
        offering=offering,
        version=offering.version,
        provider=offering.provider,
        employer=employer,
        arranged_by="employer",
        state=state,
        created_at=MAY,
        activated_at=MAY,
        ended_at=ended_at,
    )


def publish():
    """Every quarter that is over in October."""
    with clock.at(OCTOBER):
        while publish_next_quarter():
            pass


def api(user, key):
    response = Client(headers={"authorization": f"Bearer {issue_token(user, 'proef')}"}).get(f"{API}{key}/")
    assert response.status_code == 200, response.content
    found = response.json()
    totals = {one["measure"]: one["count"] for one in found["totals"]}
    cells = {
        (table["key"], row["key"], value["measure"]): value["count"]
        for table in found["tables"]
        for row in table["rows"]
        for value in row["values"]
    }
    return totals, cells


def test_a_quarter_tells_what_happened_in_it_and_how_it_ended(region, officer):
    publish()
    spring, _cells = api(officer, "2026-K2")
    totals, cells = api(officer, "2026-K3")
    assert spring == {"completed": 0, "learning": 25, "waiting": 0, "unmet": 12, "met": 0}
    assert totals == {"completed": 25, "learning": 0, "waiting": 0, "unmet": 12, "met": 0}
    assert cells["municipality", "Hardenberg", "completed"] == 25
    assert cells["need_municipality", "Emmen", "unmet"] == 12
    year, _cells = api(officer, "2026")
    assert year == totals


def test_one_person_alone_disappears_together_with_what_would_give_them_away(region, officer):
    publish()
    _totals, cells = api(officer, "2026-K3")
    assert cells["level", "hbo-6", "completed"] is None
    assert cells["level", "mbo-3", "completed"] is None  # 25 less 24 would be the one
    assert cells["level", "remainder", "completed"] == 25


def test_a_published_quarter_never_changes(region, officer):
    publish()
    before = list(RegionalQuarter.objects.values_list("year", "quarter", "figures"))
    take(region[0], offering_of(published_version()), "completed", AUGUST)
    publish()
    assert list(RegionalQuarter.objects.values_list("year", "quarter", "figures")) == before
    assert [row[:2] for row in before] == [(2026, 3), (2026, 2)]


def test_nothing_is_kept_that_is_not_told(region):
    """Who reads the table finds no more than who reads the page."""
    publish()
    figures = RegionalQuarter.objects.get(quarter=3).figures
    assert figures["completed"]["tables"]["level"] == {}
    assert "Geheim" not in json.dumps(figures)
    assert not {str(employer.pk) for employer in region} & set(json.dumps(figures).split('"'))


def test_page_and_file_say_the_same_and_the_file_is_audited(region, officer, client):
    publish()
    client.force_login(officer)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(PAGE, {"periode": "2026-K3"}).content.decode()
    assert len(asked) <= 16
    assert "Geheim" not in page
    assert "alles wat niet getoond is" in page.lower()
    response = client.get("/regio/cijfers.csv", {"periode": "2026-K3"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert ["Gemeente van de werkgever", "Hardenberg", "modules afgerond", "25"] in [row[1:5] for row in rows]
    assert b"".join(client.get("/regio/cijfers.xlsx").streaming_content).startswith(b"PK")
    entry = AuditEntry.objects.filter(action="enrollments.export_regional_figures").order_by("id").first()
    assert entry.actor_id == officer.pk
    assert client.get(PAGE, {"periode": "2020-K1"}).status_code == 404


def test_only_public_bodies_see_them(region, client):
    publish()
    former = person_with_role(region[0], Role.COORDINATOR)
    type(region[0]).objects.filter(pk=region[0].pk).update(is_public_body=False)
    for user in (
        former,  # of what is no public body any more
        person_with_role(region[0], Role.HR_MANAGER),
        person_with_role(OrganizationFactory(is_public_body=True), Role.ORG_ADMIN),
    ):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.get(API).status_code == 403
        assert client.get("/regio/cijfers.csv").status_code == 403


def test_an_administrator_of_a_municipality_lets_a_colleague_in_by_page(client):
    municipality = OrganizationFactory(is_employer=False, is_public_body=True)
    client.force_login(person_with_role(municipality, Role.ORG_ADMIN))
    colleague = UserFactory()
    client.post(f"/organisaties/{municipality.slug}/leden/", {"email": colleague.email, "role": Role.COORDINATOR})
    client.force_login(type(colleague).objects.get(pk=colleague.pk))
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "nog geen kwartaal" in page.content.decode()


def test_quarters_follow_the_clock_of_amsterdam(officer):
    """Half past eleven in the evening of 30 September, in summer time, is still the third quarter."""
    for _one in range(6):
        late = datetime(2026, 9, 30, 21, 30, tzinfo=UTC)
        take(OrganizationFactory(), offering_of(published_version()), "completed", late)
    publish()
    assert api(officer, "2026-K3")[0]["completed"] == 6
    assert date(2026, 10, 1) > late.date()
