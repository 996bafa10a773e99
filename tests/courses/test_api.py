"""The API: what everybody reads, what authors write, what nobody else learns."""

import json
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from courses.models import ModuleVersion, Occupation, Offering, Section, Sector, Skill, Unit
from lms.core.clock import now
from lms.organizations.models import Location
from lms.permissions.roles import Role
from tests.factories import (
    ModuleVersionFactory,
    OrganizationFactory,
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    quiz_unit,
)

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
CANARY = "kanarie-in-het-antwoord"


def draft_of(provider):
    version = ModuleVersionFactory(module__provider=provider)
    section = Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    return version, section, quiz_unit(section)


def with_canary(provider):
    """A published version whose quiz gives itself away by one word."""
    version, _section, unit = draft_of(provider)
    for question in unit.data["questions"]:
        question |= {"correct": ["a", CANARY], "feedback": {"nl": CANARY}, "hint": CANARY}
    unit.data["note"] = CANARY
    unit.save()
    ModuleVersion.objects.filter(pk=version.pk).update(approved_at=now(), published_at=now())
    return version, unit


def test_a_module_from_nothing_to_an_offering_by_api(api, provider, publisher):
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="turn metal")
    Sector.objects.create(code="25", label_nl="Metaal", label_en="Metal")
    client = api(publisher)
    made = client.post(
        f"{V1}/modules/", {"provider": provider.slug, "code": "tig", "title": {"nl": "TIG-lassen"}, "track": "mbo"}
    )
    assert made.status_code == 201, made.data
    version = f"{V1}/versions/{made.data['id']}"
    early = client.post(f"{version}/submit/")
    assert (early.status_code, early["Content-Type"]) == (400, "application/problem+json")
    assert {error["field"] for error in early.json()["errors"]} >= {"summary/nl", "outcomes", "load", "sections"}
    facts = {
        "revision": 0,
        "summary": {"nl": "Kort"},
        "description": {"nl": "Lang", "en": "Long"},
        "outcomes": [{"nl": "Last"}],
        "load": "16.0",
        "level": 3,
        "skills": [skill.uri],
        "sectors": ["25"],
    }
    changed = client.patch(f"{version}/", facts)
    assert (changed.status_code, changed.data["revision"]) == (200, 1), changed.data
    assert [found["uri"] for found in changed.data["skills"]] == [skill.uri]
    assert [found["label_nl"] for found in changed.data["sectors"]] == ["Metaal"]
    assert client.patch(f"{version}/", {"revision": 1, "sectors": ["99"]}).status_code == 400
    section = client.post(f"{V1}/sections/", {"version": made.data["id"], "title": {"nl": "Begin"}}).data
    unit = client.post(
        f"{V1}/units/",
        {"section": section["id"], "kind": "text", "title": {"nl": "Les"}, "data": {"body": {"nl": "Lees."}}},
    )
    assert (unit.status_code, unit.data["content"]) == (201, {"body": "Lees."})
    check = client.get(f"{version}/publish-check/").data
    assert (check["publishable"], check["errors"]) == (True, [])
    unreviewed = client.post(f"{version}/publish/")
    assert (unreviewed.status_code, unreviewed.json()["code"]) == (409, "not_approved")
    assert client.post(f"{version}/submit/", {"request": "Klaar?"}).data["state"] == "in_review"
    assert client.post(f"{version}/approve/").status_code == 403
    reviewing = api(person_with_role(provider, Role.REVIEWER))
    (waiting,) = reviewing.get(f"{V1}/reviews/?open=true").data["results"]
    assert (waiting["version"], waiting["request"]) == (UUID(made.data["id"]), "Klaar?")
    assert reviewing.post(f"{version}/request-changes/").status_code == 400
    assert reviewing.post(f"{version}/approve/", {"notes": "Mooi."}).data["state"] == "approved"
    assert client.post(f"{version}/publish/").data["state"] == "published"
    assert client.post(f"{version}/publish/").status_code == 409
    offering = client.post(
        f"{V1}/offerings/", {"version": made.data["id"], "code": "tig-1", "capacity": 8, "price": "100"}
    )
    assert (offering.status_code, offering.data["state"]) == (201, "open"), offering.data
    assert client.patch(f"{V1}/offerings/{offering.data['id']}/", {"capacity": 9}).data["places_left"] == 9
    shown = api().get(f"{V1}/catalogue/").data["results"]
    assert [entry["offerings"][0]["code"] for entry in shown] == ["tig-1"]
    assert client.post(f"{V1}/offerings/{offering.data['id']}/cancel/").data["state"] == "cancelled"
    assert client.post(f"{V1}/versions/{made.data['id']}/draft/").data["number"] == 2
    assert client.post(f"{V1}/modules/{made.data['module']}/draft/").status_code == 409


def test_a_stale_change_is_refused(api, provider, teacher):
    version, _section, unit = draft_of(provider)
    client = api(teacher)
    for url, revision in ((f"versions/{version.pk}", 0), (f"units/{unit.pk}", unit.revision)):
        change = {"revision": revision, "title": {"nl": "Nieuw"}}
        assert client.patch(f"{V1}/{url}/", change).status_code == 200
        again = client.patch(f"{V1}/{url}/", change | {"title": {"nl": "Ouder"}})
        assert (again.status_code, again.json()["code"]) == (409, "stale")
        assert client.patch(f"{V1}/{url}/", {"title": {"nl": "Zonder"}}).status_code == 400


def paths_of(version, section, unit):
    return [
        ("get", f"modules/{version.module_id}/", None),
        ("post", f"modules/{version.module_id}/draft/", {}),
        ("get", f"versions/{version.pk}/", None),
        ("patch", f"versions/{version.pk}/", {"revision": 0, "title": {"nl": "Van mij"}}),
        ("delete", f"versions/{version.pk}/", None),
        ("get", f"versions/{version.pk}/publish-check/", None),
        ("post", f"versions/{version.pk}/publish/", {}),
        ("post", f"versions/{version.pk}/draft/", {}),
        ("get", f"sections/{section.pk}/", None),
        ("patch", f"sections/{section.pk}/", {"title": {"nl": "Van mij"}, "revision": section.revision}),
        ("delete", f"sections/{section.pk}/", None),
        ("post", f"sections/{section.pk}/move/", {"position": 0}),
        ("get", f"units/{unit.pk}/", None),
        ("patch", f"units/{unit.pk}/", {"revision": unit.revision, "title": {"nl": "Van mij"}}),
        ("delete", f"units/{unit.pk}/", None),
        ("post", f"units/{unit.pk}/move/", {"position": 0}),
    ]


def test_another_providers_draft_does_not_exist(api, provider, stranger):
    world = draft_of(provider)
    for method, path, body in paths_of(*world):
        for user in (stranger, UserFactory()):
            answer = getattr(api(user), method)(f"{V1}/{path}", body)
            assert answer.status_code == 404, (method, path, answer.status_code)
        assert getattr(api(), method)(f"{V1}/{path}", body).status_code in (401, 404), path
    version, section, _unit = world
    for path, body in (
        ("sections", {"version": version.pk, "title": {"nl": "X"}}),
        ("units", {"section": section.pk, "kind": "text", "title": {"nl": "X"}}),
        ("offerings", {"version": version.pk, "code": "x"}),
        ("modules", {"provider": provider.slug, "code": "x", "title": {"nl": "X"}, "track": "mbo"}),
    ):
        answer = api(stranger).post(f"{V1}/{path}/", body)
        assert answer.status_code == 400, path
    assert Unit.objects.count() == 1
    assert api(stranger).get(f"{V1}/modules/").data["results"] == []
    assert api(stranger).get(f"{V1}/units/").data["results"] == []


def test_what_is_published_can_be_read_by_all_and_changed_by_nobody(api, provider, publisher, stranger):
    version = published_version(provider)
    section = version.sections.get()
    world = (version, section, section.units.first())
    for method, path, body in paths_of(*world):
        answer = getattr(api(stranger), method)(f"{V1}/{path}", body)
        assert answer.status_code == (200 if method == "get" and "check" not in path else 403), (method, path)
        if method != "get" and not path.endswith("draft/"):
            assert getattr(api(publisher), method)(f"{V1}/{path}", body).status_code == 409, (method, path)


def test_a_teacher_writes_but_does_not_publish_or_plan(api, provider, teacher):
    version, _section, _unit = draft_of(provider)
    assert api(teacher).post(f"{V1}/versions/{version.pk}/publish/").status_code == 403
    offering = offering_of(published_version(provider))
    assert api(teacher).post(f"{V1}/offerings/{offering.pk}/cancel/").status_code == 403
    assert api(teacher).patch(f"{V1}/offerings/{offering.pk}/", {"price": "1"}).status_code == 403


def test_answers_reach_authors_and_reviewers_only(api, provider, teacher, stranger):
    version, unit = with_canary(provider)
    offering_of(version)
    reads = [
        "catalogue/",
        f"catalogue/{version.pk}/",
        f"modules/{version.module_id}/",
        f"versions/{version.pk}/",
        "sections/",
        f"sections/{unit.section_id}/",
        "units/",
        f"units/{unit.pk}/",
        "offerings/",
    ]
    learner = UserFactory()
    for path in reads:
        for user in (None, learner, stranger):
            answer = api(user).get(f"{V1}/{path}")
            assert CANARY not in answer.content.decode(), (path, user)
            assert '"correct"' not in answer.content.decode(), (path, user)
            if "units" in path and answer.status_code == 200:
                assert unit.revision not in answer.content.decode()
    reviewer = person_with_role(provider, Role.REVIEWER)
    for user in (teacher, reviewer):
        assert CANARY in api(user).get(f"{V1}/units/{unit.pk}/").content.decode()
        assert CANARY in api(user).get(f"{V1}/versions/{version.pk}/").content.decode()
    assert api(learner).get(f"{V1}/units/{unit.pk}/").data["content"] is None  # learners read at their enrollment
    content = api(teacher).get(f"{V1}/units/{unit.pk}/").data["content"]
    assert [option["id"] for option in content["questions"][0]["options"]] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "query",
    ["q=draaibank", "track=mbo", "level=2", "purpose=upskilling", "language=nl", "delivery=hub", "q=veilig werken"],
)
def test_filters_find_what_fits(api, query):
    offering_of(published_version(), delivery="hub")
    assert len(api().get(f"{V1}/catalogue/?{query}").data["results"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "q=lassen",
        "track=wo",
        "level=4",
        "purpose=retraining",
        "language=en",
        "delivery=online",
    ],
)
def test_filters_leave_out_what_does_not_fit(api, query):
    offering_of(published_version(), delivery="hub")
    assert api().get(f"{V1}/catalogue/?{query}").data["results"] == []


def test_a_module_is_found_by_its_skill(api):
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_nl="metaal draaien", label_en="turn")
    published_version(skills=[skill])
    for name in (skill.uri, skill.pk):
        assert len(api().get(f"{V1}/catalogue/", {"skill": name}).data["results"]) == 1
    assert api().get(f"{V1}/skills/?q=draai").data["results"][0]["uri"] == skill.uri


def test_an_occupation_tells_its_skills(api):
    occupation = Occupation.objects.create(uri="http://data.europa.eu/esco/occupation/1", label_en="turner")
    occupation.skills.add(Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="turn metal"))
    assert len(api().get(f"{V1}/occupations/?q=turn").data["results"]) == 1
    answer = api().get(f"{V1}/occupations/{occupation.pk}/skills/")
    assert [skill["label_en"] for skill in answer.data["results"]] == ["turn metal"]


def test_the_catalogue_shows_the_newest_version_with_the_runs_of_older_ones(api, provider):
    old = published_version(provider)
    offering = offering_of(old)
    new = published_version(module=old.module, number=2)
    [entry] = api().get(f"{V1}/catalogue/").data["results"]
    assert entry["id"] == str(new.pk)
    assert [run["code"] for run in entry["offerings"]] == [offering.code]


def test_reserved_runs_and_their_employers_are_for_those_concerned(api, provider, publisher, stranger):
    employer = OrganizationFactory()
    version = published_version(provider)
    body = {"version": version.pk, "code": "besloten", "visibility": "employers", "employers": [employer.slug]}
    made = api(publisher).post(f"{V1}/offerings/", body)
    assert (made.status_code, made.data["employers"]) == (201, [employer.slug]), made.data
    hr = person_with_role(employer, Role.HR_MANAGER)
    assert api(hr).get(f"{V1}/offerings/{made.data['id']}/").data["employers"] is None
    for user in (None, stranger):
        assert api(user).get(f"{V1}/offerings/{made.data['id']}/").status_code == 404
        assert "besloten" not in api(user).get(f"{V1}/catalogue/").content.decode()
    unknown = api(publisher).post(f"{V1}/offerings/", {**body, "code": "y", "employers": ["bestaat-niet"]})
    assert unknown.status_code == 400


def test_a_place_comes_from_the_list_of_places(api, provider, publisher):
    hub = Location.objects.create(organization=provider, name="Hub", city="Hardenberg")
    version = published_version(provider)
    body = {"version": version.pk, "code": "hub", "location": str(hub.pk)}
    assert api(publisher).post(f"{V1}/offerings/", body).data["location"]["city"] == "Hardenberg"
    wrong = api(publisher).post(f"{V1}/offerings/", {**body, "code": "h2", "location": str(version.pk)})
    assert wrong.json()["errors"][0]["field"] == "location"
    assert Offering.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"revision": "x"},
        {"revision": 0, "load": "veel"},
        {"revision": 0, "outcomes": [1]},
        {"revision": 0, "title": {"de": "Deutsch"}},
        {"revision": 0, "title": {"nl": "a\x00b"}},
        {"revision": 0, "skills": ["x"]},
        {"revision": 0, "skills": ["00000000-0000-0000-0000-000000000000"]},
        {"revision": 0, "quality_framework": {"x": "y"}},
        {"revision": 0, "level": 99},
        [],
        "tekst",
    ],
)
def test_a_body_of_the_wrong_shape_is_a_problem_that_names_the_field(api, provider, teacher, body):
    version, _section, _unit = draft_of(provider)
    answer = api(teacher).patch(f"{V1}/versions/{version.pk}/", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    assert ModuleVersion.objects.get(pk=version.pk).revision == 0


def test_a_draft_with_malformed_content_can_still_be_read_and_checked(api, provider, teacher):
    version, _section, unit = draft_of(provider)
    for data in ({"questions": [None, {"options": "x"}]}, {"questions": {"a": 1}}, {}):
        unit.refresh_from_db()
        body = {"revision": unit.revision, "data": data}
        assert api(teacher).patch(f"{V1}/units/{unit.pk}/", body).status_code == 200
        assert api(teacher).get(f"{V1}/versions/{version.pk}/").status_code == 200
        assert not api(teacher).get(f"{V1}/versions/{version.pk}/publish-check/").data["publishable"]


def picture(name="foto.png", form="PNG"):
    written = BytesIO()
    Pillow.new("RGB", (4, 4)).save(written, format=form)
    return SimpleUploadedFile(name, written.getvalue())


def test_a_picture_is_uploaded_and_served_to_who_may_see_the_module(api, client, provider, teacher, stranger):
    version, _section, _unit = draft_of(provider)
    body = {"module": str(version.module_id), "file": picture(), "alt": json.dumps({"nl": "Een draaibank"})}
    made = api(teacher).post(f"{V1}/images/", body, format="multipart")
    assert made.status_code == 201, made.data
    path = f"/modules/images/{made.data['id']}"
    assert made.data["url"].endswith(path)
    for user, status in ((None, 404), (stranger, 404), (teacher, 200)):
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get(path)
        b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == status
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert api(stranger).get(f"{V1}/images/").data["results"] == []
    refused = api(stranger).post(f"{V1}/images/", {**body, "file": picture()}, format="multipart")
    assert refused.status_code == 400
    fake = {**body, "file": SimpleUploadedFile("foto.png", b"<svg onload=alert(1)>")}
    answer = api(teacher).post(f"{V1}/images/", fake, format="multipart")
    assert answer.json()["errors"][0]["field"] == "file"


def test_lists_take_a_bounded_number_of_queries(api, provider, publisher, django_assert_max_num_queries):
    for _number in range(12):
        version = published_version(provider)
        offering_of(version)
        offering_of(version)
    for path, most in (("catalogue", 5), ("offerings", 4), ("modules", 4), ("units", 3), ("sections", 2)):
        client = api(type(publisher).objects.get(pk=publisher.pk))
        with django_assert_max_num_queries(most):
            assert client.get(f"{V1}/{path}/").status_code == 200
    with django_assert_max_num_queries(6):
        assert api(publisher).get(f"{V1}/versions/{version.pk}/").status_code == 200


def test_pages_of_the_catalogue_do_not_overlap(api):
    for _number in range(5):
        published_version(units=())
    first = api().get(f"{V1}/catalogue/?page_size=3").data
    second = api().get(first["next"]).data
    ids = [entry["id"] for page in (first, second) for entry in page["results"]]
    assert (len(ids), len(set(ids))) == (5, 5)


def test_writing_needs_signing_in(api):
    for path in ("modules", "sections", "units", "offerings", "images"):
        assert api().post(f"{V1}/{path}/", {}).status_code == 401
    assert api().get(f"{V1}/modules/").status_code == 401
    assert ProviderFactory()
