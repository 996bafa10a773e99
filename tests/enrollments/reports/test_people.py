"""My people now: every figure opens to exactly its rows, on the page, by API and in both files."""

import csv
import datetime as dt
import html
import io
import re

import openpyxl
import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from enrollments.models import Enrollment
from enrollments.reports.filters import read_filters
from enrollments.reports.people import PEOPLE, counts_by_department
from lms.audit.models import AuditEntry
from lms.core.clock import today
from lms.core.errors import Forbidden, Invalid
from lms.organizations.models import Employment
from tests.factories import EmploymentFactory

from .conftest import random_works

pytestmark = pytest.mark.django_db
ADDRESS = "/rapporten/mijn-mensen/"
FIGURES = [figure.key for figure in PEOPLE.figures]


def client_of(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def content(response):
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def csv_rows(response):
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig")), delimiter=";"))[1:]


def xlsx_rows(response):
    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]


def filters_of(works):
    """Any combination of filters that this employer could ask."""
    day = today()
    return st.fixed_dictionaries(
        {},
        optional={
            "department": st.sampled_from([*(str(one.pk) for one in works.departments), "none"]),
            "function": st.sampled_from(["lasser", "operator", "niemand"]),
            "manager": st.just(str(works.leader.pk)),
            "module": st.sampled_from(["café", "lassen 1", works.offerings[0].version.module.code]),
            "provider": st.sampled_from([one.provider.slug for one in works.offerings]),
            "state": st.sampled_from(["active", "waitlisted", "completed", "withdrawn"]),
            "mandatory": st.sampled_from(["yes", "no"]),
            "since": st.sampled_from([str(day - dt.timedelta(days=50)), str(day)]),
            "until": st.sampled_from([str(day - dt.timedelta(days=50)), str(day)]),
        },
    )


def by_hand(works, asked):
    """The figures as somebody with pencil and paper counts them: row by row, without the query."""
    day, counts = today(), dict.fromkeys(FIGURES, 0)
    present = {
        one.user_id
        for one in Employment.objects.filter(employer=works.employer)
        if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
    }
    for one in Enrollment.objects.filter(pk__in=PEOPLE.query(asked)).select_related("offering"):
        assert one.learner_id in present
        assert one.arranged_by == "employer"
        last = one.due_on or one.offering.ends_on or dt.date.max
        if one.state == "completed":
            key = "completed"
        elif one.state != "active":
            key = "waiting"
        elif last < day + dt.timedelta(days=30):
            key = "overdue" if last < day else "due_soon"
        else:
            key = "running" if one.last_activity_at else "not_begun"
        counts[key] += 1
    return counts


@pytest.mark.parametrize("seed", [1, 2])
def test_a_figure_is_the_rows_it_opens_to_everywhere(seed):
    works = random_works(seed, people=16)
    api, page = api_of(works.hr), client_of(works.hr)

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(said=filters_of(works))
    def check(said):
        asked = read_filters(works.hr, said)
        figures = {one["key"]: one["count"] for one in api.get("/api/v1/reports/people/", said).json()["figures"]}
        assert figures == by_hand(works, asked)
        assert PEOPLE.query(asked).count() == sum(figures.values())
        for key, count in figures.items():
            opened = said | {"figure": key}
            rows = api.get("/api/v1/reports/people/rows/", opened | {"page_size": 250}).json()["results"]
            assert len(rows) == len({row["id"] for row in rows}) == count
            shown = page.get(f"{ADDRESS}regels/", opened).context["lines"]
            assert len(shown) == min(count, 50)
            in_csv = csv_rows(page.get(f"{ADDRESS}regels.csv", opened))
            in_xlsx = xlsx_rows(api.get("/api/v1/reports/people/xlsx/", opened))
            assert [row[0] for row in in_csv] == [row[0] for row in in_xlsx] == [row["name"] for row in rows]

    check()


@pytest.mark.parametrize("seed", [1, 3])
def test_the_figures_of_a_department_open_to_its_people(seed):
    works = random_works(seed)
    for said in ({}, {"mandatory": "yes"}, {"department": str(works.departments[1].pk)}, {"department": "none"}):
        rows = counts_by_department(read_filters(works.hr, said))
        assert rows
        for row in rows:
            asked = read_filters(works.hr, said | {"department": str(row["department"])})
            assert PEOPLE.count(asked) == row["figures"]
        tops = [row["figures"] for row in rows if row["depth"] == 0]
        total = PEOPLE.count(read_filters(works.hr, said))
        assert {key: sum(top[key] for top in tops) for key in FIGURES} == total


def test_who_leads_people_sees_those_alone(works):
    asked = read_filters(works.leader, {})
    led = {one.user_id for one in Employment.objects.current().filter(manager=works.leader)}
    found = set(PEOPLE.query(asked).values_list("learner", flat=True))
    assert found
    assert found <= led
    everybody = PEOPLE.query(read_filters(works.hr, {}))
    assert PEOPLE.query(asked).count() == everybody.filter(learner__in=led).count()
    gone = today() - dt.timedelta(days=1)
    Employment.objects.filter(user=works.leader).update(starts_on=gone, ends_on=gone)
    with pytest.raises(Forbidden):
        read_filters(works.leader, {})


def test_figures_of_the_start_page_open_to_their_rows(works, stranger):
    assert "panel-people" not in client_of(stranger).get("/start/").content.decode()
    for person in (works.leader, works.hr):
        page = client_of(person).get("/start/").content.decode()
        counts = PEOPLE.count(read_filters(person, {}))
        for key, count in counts.items():
            opened = next(link for link in re.findall(r'href="([^"]+)"', page) if f"figure={key}" in link)
            rows = client_of(person).get(html.unescape(opened).replace("/regels/", "/regels.csv")).getvalue()
            assert len(rows.decode().splitlines()) - 1 == count, key


def test_others_are_kept_out(works, other_hr, stranger):
    assert api_of(stranger).get("/api/v1/reports/people/").status_code == 403
    asked = {"employer": works.employer.slug}
    answer = api_of(other_hr).get("/api/v1/reports/people/", asked)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "employer"
    assert client_of(stranger).get(f"{ADDRESS}regels.csv").status_code == 403
    EmploymentFactory(employer=other_hr.memberships.get().organization, user=works.staff[0].user)
    assert api_of(other_hr).get("/api/v1/reports/people/rows/").json()["results"] == []


def test_a_wrong_filter_is_refused_with_what_it_may_be(works, other_hr):
    theirs = other_hr.memberships.get().organization.departments.create(name="Elders")
    said = {
        "state": "halfway",
        "since": "31-12-2026",
        "department": str(theirs.pk),
        "figure": "late",
        "mandatory": "ja",
    }
    with pytest.raises(Invalid) as refused:
        read_filters(works.hr, said, figures=tuple(FIGURES))
    assert {error.field for error in refused.value.errors} == set(said)
    assert client_of(works.hr).get(ADDRESS, said).status_code == 400


def test_a_file_holds_real_values_and_runs_no_formula(works):
    works.staff[0].user.given_name = '=HYPERLINK("x")'
    works.staff[0].user.family_name = ""
    works.staff[0].user.save()
    raw = content(client_of(works.hr).get(f"{ADDRESS}regels.csv"))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\n=HYPERLINK" not in raw
    book = openpyxl.load_workbook(io.BytesIO(content(client_of(works.hr).get(f"{ADDRESS}regels.xlsx"))))
    header = [cell.value for cell in book.active[1]]
    assert header == [str(column.label) for column in PEOPLE.columns]
    rows = list(book.active.iter_rows(min_row=2))
    values = {name: [row[place] for row in rows] for place, name in enumerate(header)}
    enrolled = values[str(PEOPLE.columns[13].label)]
    assert all(cell.is_date for cell in enrolled)
    assert all(isinstance(cell.value, int | float) for cell in values[str(PEOPLE.columns[-1].label)])
    assert all(cell.data_type == "s" for cell in values[header[0]])


def test_it_is_kept_who_took_a_file(works):
    content(client_of(works.hr).get(f"{ADDRESS}regels.xlsx", {"figure": "overdue"}))
    entry = AuditEntry.objects.get(action="enrollments.export_report")
    assert entry.organization_id == works.employer.pk
    assert entry.changes["figure"] == [None, "overdue"]


def test_the_page_costs_the_same_however_many_rows(works, django_assert_max_num_queries):
    client = client_of(works.hr)
    client.get(ADDRESS)
    with django_assert_max_num_queries(24):
        page = client.get(ADDRESS)
    assert page.status_code == 200
    with django_assert_max_num_queries(16):
        client.get(f"{ADDRESS}regels/")
