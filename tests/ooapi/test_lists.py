"""Lists of what is offered: pages, filters, sorting, and who sees what."""

from datetime import timedelta

import pytest

from courses.models import Module, ModuleVersion, Offering
from lms.core.clock import now, today
from lms.permissions.roles import Role
from tests.factories import offering_of, person_with_role, published_version, session_of
from tests.ooapi.asking import ask, codes, told


def many_courses(school, number):
    for index in range(number):
        published_version(school, module__code=f"reeks-{index:03}", title={"nl": f"Reeks {index:03}"}, units=())


def test_a_page_has_ten_items_unless_another_of_the_five_sizes_is_asked(region, client):
    many_courses(region.school, 23)
    first = told(client, "/courses")
    assert (first["pageSize"], first["pageNumber"], len(first["items"])) == (10, 1, 10)
    assert (first["hasPreviousPage"], first["hasNextPage"]) == (False, True)
    last = told(client, "/courses", pageNumber=3)
    assert (len(last["items"]), last["hasPreviousPage"], last["hasNextPage"]) == (5, True, False)
    assert (len(told(client, "/courses", "6.0", pageSize=50)["items"])) == 25
    beyond = told(client, "/courses", pageNumber=9)
    assert (beyond["items"], beyond["hasPreviousPage"], beyond["hasNextPage"]) == ([], True, False)


def test_pages_together_hold_everything_once(region, client):
    many_courses(region.school, 23)
    for version in ("5.0", "6.0"):
        seen = [code for number in (1, 2, 3) for code in codes(told(client, "/courses", version, pageNumber=number))]
        assert sorted(seen) == sorted({*seen})
        assert len(seen) == 25


@pytest.mark.parametrize("version", ["5.0", "6.0"])
@pytest.mark.parametrize(
    "query",
    [
        {"pageSize": "11"},
        {"pageSize": "0"},
        {"pageSize": "-10"},
        {"pageSize": "ten"},
        {"pageNumber": "0"},
        {"pageNumber": "x"},
        {"pageNumber": "99999999999999999999"},
        {"level": "expert"},
        {"q": "a\x00b"},
        {"teachingLanguage": "Nederlands"},
        {"kleur": "blauw"},
        {"filter_query[name][like]": "*"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_name_of_the_parameter(region, client, version, query):
    body = told(client, "/courses", version, status=400, **query)
    assert next(iter(query)) in body["detail"]


def test_only_version_5_sorts(region, client):
    assert codes(told(client, "/courses", sort="name")) == ["data", "draaien"]
    assert codes(told(client, "/courses", sort="-name")) == ["draaien", "data"]
    told(client, "/courses", status=400, sort="level")
    told(client, "/courses", "6.0", status=400, sort="name")


@pytest.mark.parametrize(
    ("version", "query", "found"),
    [
        ("5.0", {"q": "turn"}, ["draaien"]),
        ("5.0", {"q": "DRAAI"}, ["draaien"]),
        ("5.0", {"q": "niets"}, []),
        ("5.0", {"primaryCode": "data"}, ["data"]),
        ("5.0", {"teachingLanguage": "eng"}, ["draaien"]),
        ("5.0", {"teachingLanguage": "deu"}, []),
        ("6.0", {"teachingLanguage": "en-GB"}, ["draaien"]),
        ("5.0", {"level": "secondary vocational education 3"}, ["draaien"]),
        ("6.0", {"level": "secondary_vocational_education_3"}, ["draaien"]),
        ("5.0", {"level": "bachelor"}, []),
        ("5.0", {"level": "undefined"}, ["data"]),
        ("5.0", {"level": "nt2-1"}, []),
        ("5.0", {"modeOfDelivery": "on campus"}, ["draaien"]),
        ("6.0", {"modeOfDelivery": "presential"}, ["draaien"]),
        ("5.0", {"modeOfDelivery": "online"}, []),
        ("5.0", {"consumer": "rio"}, ["data", "draaien"]),
        ("6.0", {"fields": "(name)"}, ["data", "draaien"]),
    ],
)
def test_courses_are_filtered_under_the_published_names(region, client, version, query, found):
    assert codes(told(client, "/courses", version, **query)) == found


def test_each_level_that_is_shown_finds_its_course_again(region, client):
    for level, basis in ((1, "formal"), (4, "register"), (2, "indicative")):
        code = {"formal": {"crebo": "25297"}, "register": {"nlqf_number": "N-1"}}.get(basis, {})
        published_version(region.school, level=level, nlqf_basis=basis, units=(), **code)
    for version in ("5.0", "6.0"):
        for course in told(client, "/courses", version)["items"]:
            again = told(client, "/courses", version, level=course["level"])["items"]
            assert course["courseId"] in {each["courseId"] for each in again}
            assert {each["level"] for each in again} == {course["level"]}


def test_offerings_are_those_from_today_on_unless_since_says_otherwise(region, client):
    past = offering_of(region.lathe, code="voorbij", starts_on=today() - timedelta(days=90), ends_on=today())
    ids = {"courseId": region.lathe.module_id}
    listed = "/courses/{courseId}/offerings"
    assert codes(told(client, listed, ids=ids)) == ["draaien-1"]
    assert codes(told(client, listed, ids=ids, since="2020-01-01")) == ["voorbij", "draaien-1"]
    assert codes(told(client, listed, ids=ids, since="2020-01-01", until=today().isoformat())) == [past.code]
    six = "/courses/{courseId}/course-offerings"
    for since in ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00+01:00", "2020-01-01"):
        assert len(told(client, six, "6.0", ids=ids, since=since)["items"]) == 2
    told(client, listed, ids=ids, status=400, since="2020-13-01")
    told(client, listed, ids=ids, status=400, since="gisteren")


def test_a_cancelled_run_has_a_word_in_version_6_only(region, client):
    Offering.objects.filter(pk=region.run.pk).update(cancelled_at=now())
    ids = {"courseId": region.lathe.module_id}
    assert told(client, "/courses/{courseId}/offerings", ids=ids)["items"] == []
    (run,) = told(client, "/courses/{courseId}/course-offerings", "6.0", ids=ids)["items"]
    assert run["state"] == "cancelled"
    assert told(client, "/courses/{courseId}/course-offerings", "6.0", ids=ids, state="active")["items"] == []


def test_who_works_for_the_employer_sees_what_is_reserved_for_it(region, client):
    ids = {"organizationId": region.school.pk}
    path = "/organizations/{organizationId}/offerings"
    assert codes(told(client, path, ids=ids)) == ["draaien-1"]
    assert ask(client, f"/offerings/{region.reserved.pk}").status_code == 404
    client.force_login(person_with_role(region.employer, Role.HR_MANAGER))
    assert set(codes(told(client, path, ids=ids))) == {"draaien-1", "draaien-besloten"}
    told(client, "/offerings/{offeringId}", ids={"offeringId": region.reserved.pk})


@pytest.mark.parametrize("role", [None, Role.PUBLISHER, Role.TEACHER])
def test_drafts_are_nowhere_not_even_for_who_writes_them(region, client, role):
    if role:
        client.force_login(person_with_role(region.school, role))
    for version, paths in {
        "5.0": ["/courses", "/programs", f"/organizations/{region.school.pk}/courses"],
        "6.0": ["/courses", "/programmes", f"/organisations/{region.school.pk}/courses"],
    }.items():
        for path in paths:
            assert "GEHEIM" not in ask(client, path, version).content.decode()
        assert ask(client, f"/courses/{region.draft.module_id}", version).status_code == 404


def test_the_way_into_a_digital_classroom_is_nowhere_not_even_for_the_provider(region, client):
    session_of(region.run, hours=0, link="https://klas.example/GEHEIM")
    client.force_login(person_with_role(region.school, Role.PUBLISHER))
    course = region.lathe.module_id
    for version, offering in (("5.0", "offerings"), ("6.0", "course-offerings")):
        for path in (f"/courses/{course}", f"/courses/{course}/{offering}", f"/{offering}/{region.run.pk}"):
            answer = ask(client, path, version)
            assert answer.status_code == 200
            assert "klas.example" not in answer.content.decode()


def test_a_school_without_anything_published_is_not_there(region, client):
    ModuleVersion.objects.filter(module=region.college.module)
    names = [item["shortName"] for item in told(client, "/organizations")["items"]]
    assert names == ["Oosterveen", "Reestdal"]
    assert ask(client, f"/organizations/{region.employer.pk}").status_code == 404


def test_a_retired_module_leaves_the_list(region, client):
    Module.objects.filter(pk=region.college.module_id).update(retired_at=now())
    assert codes(told(client, "/courses")) == ["draaien"]


@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_a_list_costs_the_same_whatever_its_length(region, client, version, django_assert_max_num_queries):
    def cost(path, **query):
        with django_assert_max_num_queries(14) as seen:
            ask(client, path, version, since="2020-01-01", **query) if "offerings" in path else ask(
                client, path, version, **query
            )
        return len(seen)

    org, prog, off = (
        ("organizations", "programs", "offerings")
        if version == "5.0"
        else ("organisations", "programmes", "course-offerings")
    )
    paths = [
        "/courses",
        f"/{org}",
        f"/{org}/{region.school.pk}/{off}",
        f"/{prog}",
        f"/{prog}/{region.programme.pk}/courses",
    ]
    before = [cost(path) for path in paths]
    many_courses(region.school, 8)
    for version_of in ModuleVersion.objects.published():
        offering_of(version_of)
    assert [cost(path, pageSize=250) for path in paths] == before
