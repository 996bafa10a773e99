"""A partner system puts modules and offerings on its own codes."""

import copy

import pytest

from courses.models import Module, ModuleVersion, Offering, Sector, Skill, Unit
from courses.services.authoring import create_draft
from courses.services.publishing import publish_version
from lms.audit.models import AuditEntry
from lms.core.clock import now
from lms.organizations.models import Location
from tests.factories import OrganizationFactory, approved, published_version

pytestmark = pytest.mark.django_db

SKILL = "http://data.europa.eu/esco/skill/1"
MODULE = {
    "title": {"nl": "TIG-lassen", "en": "TIG welding"},
    "summary": {"nl": "Kort"},
    "description": {"nl": "Lang"},
    "track": "mbo",
    "level": 3,
    "load": "16",
    "languages": ["nl"],
    "outcomes": [{"nl": "Last een hoeknaad."}],
    "rule": {"units": "any", "count": 1},
    "skills": [SKILL],
    "sectors": ["25"],
    "sections": [
        {
            "title": {"nl": "Begin"},
            "units": [
                {"kind": "text", "title": {"nl": "Veilig"}, "data": {"body": {"nl": "Lees."}}, "minutes": 20},
                {"kind": "text", "title": {"nl": "Boog"}, "data": {"body": {"nl": "Lees."}}},
            ],
        },
        {"title": {"nl": "Oefenen"}, "units": [{"kind": "quiz", "title": {"nl": "Toets"}, "required": False}]},
    ],
}


@pytest.fixture(autouse=True)
def lists():
    Skill.objects.create(uri=SKILL, label_en="weld")
    Sector.objects.create(code="25", label_nl="Metaal", label_en="Metal")


@pytest.fixture
def put(api, provider, publisher):
    """Puts a body on a code of the provider."""

    def send(kind, code, body, user=publisher, **headers):
        return api(user).put(f"/api/v1/providers/{provider.slug}/{kind}/{code}/", body, format="json", headers=headers)

    return send


def written():
    return (AuditEntry.objects.count(), list(ModuleVersion.objects.values_list("pk", "revision")))


def tree(version):
    units = Unit.objects.filter(section__version=version).order_by("section__position", "position")
    return [(str(unit), unit.section.title["nl"], unit.lineage) for unit in units.select_related("section")]


def test_a_module_is_made_by_its_code_and_the_same_body_again_writes_nothing(put, provider):
    made = put("modules", "tig", MODULE)
    assert (made.status_code, made.data["result"], made.data["state"]) == (201, "created", "draft"), made.data
    version = ModuleVersion.objects.get(pk=made.data["version"])
    assert (str(version.load), version.level, version.rule["count"]) == ("16.0", 3, 1)
    assert (version.skills.get().uri, version.sectors.get().code) == (SKILL, "25")
    assert [row[:2] for row in tree(version)] == [("Veilig", "Begin"), ("Boog", "Begin"), ("Toets", "Oefenen")]
    assert "sections/1/units/0/data/questions" in [error["field"] for error in made.data["publish_errors"]]
    before = written()
    again = put("modules", "tig", MODULE)
    assert (again.status_code, again.data["result"], again["ETag"]) == (200, "unchanged", made["ETag"])
    assert put("modules", "tig", made.data["module"]).data["result"] == "unchanged"
    assert written() == before
    assert provider.modules.count() == 1


def test_what_changed_is_written_and_units_keep_their_lineage(put):
    version = ModuleVersion.objects.get(pk=put("modules", "tig", MODULE).data["version"])
    before = {title: lineage for title, _section, lineage in tree(version)}
    body = copy.deepcopy(MODULE)
    boog, veilig = body["sections"][0]["units"][::-1]
    body["sections"][0]["units"] = [boog]
    body["sections"][1]["title"] = {"nl": "Doen"}
    body["sections"][1]["units"] = [veilig | {"minutes": 30}, {"kind": "text", "title": {"nl": "Nieuw"}}]
    body["level"] = None
    changed = put("modules", "tig", body)
    assert (changed.status_code, changed.data["result"], changed.data["version"]) == (200, "changed", str(version.pk))
    after = tree(version)
    assert [row[:2] for row in after] == [("Boog", "Begin"), ("Veilig", "Doen"), ("Nieuw", "Doen")]
    assert [lineage for title, _section, lineage in after if title in before] == [before["Boog"], before["Veilig"]]
    version.refresh_from_db()
    assert version.level is None
    assert put("modules", "tig", body | {"sections": []}).data["module"]["sections"] == []


def test_a_published_version_stays_and_the_next_draft_is_made_only_when_something_differs(put, provider, publisher):
    first = published_version(provider, module__code="draaien")
    held = put("modules", "draaien", {"title": {"nl": "x"}, "track": "mbo"}).data["module"]
    ModuleVersion.objects.filter(published_at=None).delete()
    document = api_get(publisher, provider, "modules", "draaien").data["module"]
    assert put("modules", "draaien", document).data["result"] == "unchanged"
    assert ModuleVersion.objects.count() == 1
    changed = put("modules", "draaien", document | {"level": 4})
    assert (changed.data["result"], changed.data["number"]) == ("changed", 2)
    first.refresh_from_db()
    assert (first.level, held["level"]) == (2, None)
    assert {row[2] for row in tree(first)} == {row[2] for row in tree(ModuleVersion.objects.get(number=2))}


def api_get(user, provider, kind, code):
    from rest_framework.test import APIClient

    client = APIClient()
    client.force_authenticate(user)
    return client.get(f"/api/v1/providers/{provider.slug}/{kind}/{code}")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"titel": "x"}, "titel"),
        ({"title": None}, "title"),
        ({"title": {"en": "Only English"}}, "title/nl"),
        ({"title": "TIG"}, "title/nl"),
        ({"code": "anders"}, "code"),
        ({"level": 9}, "level"),
        ({"level": "drie"}, "level"),
        ({"level": 2.5}, "level"),
        ({"level": True}, "level"),
        ({"load": "1,5"}, "load"),
        ({"load": "1.55"}, "load"),
        ({"load": "NaN"}, "load"),
        ({"load": 1e30}, "load"),
        ({"crebo": 25302}, "crebo"),
        ({"track": "vmbo"}, "track"),
        ({"rule": {"units": "some"}}, "rule/units"),
        ({"outcomes": ["x"]}, "outcomes/0"),
        ({"skills": ["http://nergens.test/1"]}, "skills/0"),
        ({"skills": "x"}, "skills"),
        ({"sectors": ["99"]}, "sectors/0"),
        ({"sections": {}}, "sections"),
        ({"sections": [1]}, "sections/0"),
        ({"sections": [{"title": {"nl": "A"}, "unit": []}]}, "sections/0/unit"),
        ({"sections": [{"title": {"nl": "A"}, "units": 1}]}, "sections/0/units"),
        ({"sections": [{"title": {"nl": "A"}, "units": [None]}]}, "sections/0/units/0"),
        ({"sections": [{"title": {"nl": "A"}, "units": [{"kind": "film", "title": {"nl": "B"}}]}]},
         "sections/0/units/0/kind"),
        ({"sections": [{"title": {"nl": "A"}, "units": [{"kind": "text", "title": {"nl": "B"}, "minutes": "9"}]}]},
         "sections/0/units/0/minutes"),
        ({"sections": [{"title": {"nl": "A"}, "units": [{"kind": "text", "title": {"nl": "B"}, "key": "9"}]}]},
         "sections/0/units/0/key"),
        ({"sections": [{"title": {"en": "A"}}]}, "sections/0/title/nl"),
        ({"sections": [{"title": {"nl": "A"}}] * 101}, "sections"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(put, change, field):
    answer = put("modules", "tig", MODULE | change)
    assert answer.status_code == 400, answer.data
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Module.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="courses.").exists()


@pytest.mark.parametrize("body", [[], "x", None, 3])
def test_a_body_that_is_no_object_is_refused(put, body):
    assert put("modules", "tig", body).status_code == 400


def test_if_match_keeps_two_systems_apart(put):
    assert put("modules", "tig", MODULE, **{"If-Match": '"x"'}).status_code == 412
    made = put("modules", "tig", MODULE)
    changed = put("modules", "tig", MODULE | {"level": 2}, **{"If-Match": made["ETag"]})
    assert changed.status_code == 200
    stale = put("modules", "tig", MODULE | {"level": 4}, **{"If-Match": made["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert put("modules", "tig", MODULE | {"level": 4}, **{"If-Match": "*"}).status_code == 200


def test_a_draft_in_review_is_not_changed(put):
    version = ModuleVersion.objects.get(pk=put("modules", "tig", MODULE).data["version"])
    ModuleVersion.objects.filter(pk=version.pk).update(submitted_at=now())
    refused = put("modules", "tig", MODULE | {"level": 2})
    assert (refused.status_code, refused.json()["code"]) == (409, "in_review")
    assert put("modules", "tig", MODULE).data["result"] == "unchanged"


def test_an_offering_is_planned_changed_and_left_alone(put, provider, publisher):
    version = published_version(provider, module__code="draaien")
    Location.objects.create(organization=provider, name="Hub Hardenberg", city="Hardenberg")
    employer = OrganizationFactory(slug="werkgever-x")
    body = {
        "module": "draaien",
        "starts_on": "2030-01-15",
        "ends_on": "2030-03-15",
        "capacity": 12,
        "minimum": 4,
        "price": "1250.50",
        "vat_percentage": "21",
        "delivery": "hub",
        "location": "Hub Hardenberg",
        "visibility": "employers",
        "employers": ["werkgever-x"],
    }
    made = put("offerings", "draaien-1", body)
    assert (made.status_code, made.data["result"], made.data["state"]) == (201, "created", "open"), made.data
    offering = Offering.objects.get(code="draaien-1")
    assert (offering.version, offering.capacity, str(offering.price)) == (version, 12, "1250.50")
    assert (offering.location.name, list(offering.employers.all())) == ("Hub Hardenberg", [employer])
    entries = AuditEntry.objects.count()
    assert put("offerings", "draaien-1", body).data["result"] == "unchanged"
    assert put("offerings", "draaien-1", body | {"location": str(offering.location.pk)}).data["result"] == "unchanged"
    assert AuditEntry.objects.count() == entries
    changed = put("offerings", "draaien-1", body | {"capacity": 14})
    assert (changed.status_code, changed.data["offering"]["capacity"]) == (200, 14)
    assert AuditEntry.objects.latest("pk").changes == {"capacity": [12, 14]}
    publish_version(by=publisher, version=approved(create_draft(by=publisher, module=version.module)))
    put("offerings", "draaien-1", body | {"capacity": 15})
    offering.refresh_from_db()
    assert (offering.version, offering.capacity) == (version, 15)
    read = api_get(publisher, provider, "offerings", "draaien-1")
    assert (read.status_code, read.data["offering"]["price"]) == (200, "1250.50")


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"modul": "x"}, 400, "modul"),
        ({"module": None}, 400, "module"),
        ({"module": "onbekend"}, 400, "module"),
        ({"module": "concept"}, 409, "module"),
        ({"starts_on": "31-12-2030"}, 400, "starts_on"),
        ({"starts_on": None}, 400, "starts_on"),
        ({"ends_on": "2020-01-01"}, 400, "ends_on"),
        ({"capacity": 0}, 400, "capacity"),
        ({"price": "-1"}, 400, "price"),
        ({"price": "1.999"}, 400, "price"),
        ({"location": "Nergens"}, 400, "location"),
        ({"location": 3}, 400, "location"),
        ({"employers": ["niemand"]}, 400, "employers/0"),
        ({"visibility": "employers"}, 400, "employers"),
        ({"language": "de"}, 400, "language"),
    ],
)
def test_an_offering_that_cannot_be_is_refused(put, provider, teacher, change, status, field):
    published_version(provider, module__code="draaien")
    put("modules", "concept", MODULE)
    answer = put("offerings", "run-1", {"module": "draaien", "starts_on": "2030-01-01"} | change)
    assert answer.status_code == status, answer.data
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Offering.objects.exists()


def test_who_may_not(put, api, provider, teacher, stranger):
    published_version(provider, module__code="draaien")
    url = f"/api/v1/providers/{provider.slug}/modules/tig"
    assert api(stranger).put(url, MODULE, format="json").status_code == 404
    assert api().put(url, MODULE, format="json").status_code == 401
    assert api(stranger).get(f"/api/v1/providers/{provider.slug}/modules/draaien").status_code == 404
    assert put("offerings", "run-1", {"module": "draaien"}, user=teacher).status_code == 403
    assert put("modules", "tig", MODULE, user=teacher).status_code == 201


def test_a_code_of_another_provider_is_not_taken_over(put, provider):
    published_version(provider, module__code="draaien")
    other = published_version()
    Offering.objects.create(code="run-1", version=other, provider=other.module.provider)
    answer = put("offerings", "run-1", {"module": "draaien"})
    assert (answer.status_code, answer.json()["code"]) == (409, "code_taken")
    again = put("modules", other.module.code, MODULE)
    assert again.status_code == 201, "module codes are a provider's own"


def test_a_value_that_is_no_choice_is_answered_with_the_choices(put):
    answer = put("modules", "tig", MODULE | {"load_unit": "hours"})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.data["errors"]] == ["load_unit"]
    assert "hour, sbu, ects" in answer.data["errors"][0]["message"]
