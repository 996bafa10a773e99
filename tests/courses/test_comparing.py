"""Modules side by side: by page and by API, with whatever is in the address."""

import uuid

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from courses.models import Skill
from lms.permissions.roles import Role
from tests.factories import (
    ModuleVersionFactory,
    OrganizationFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


def skill(label):
    return Skill.objects.get_or_create(uri=f"http://x.test/{label}", defaults={"label_en": label})[0]


def teaching(*labels, **facts):
    return published_version(skills=[skill(label) for label in labels], **facts)


def page(client, *modules):
    return client.get(reverse("courses:compare"), {"m": [str(module) for module in modules]})


def test_facts_side_by_side_in_the_order_chosen(client):
    lathe = teaching("turning", "measuring", title={"nl": "Draaien"}, load="8.0")
    mill = teaching("milling", "measuring", title={"nl": "Frezen"}, load="5.0", load_unit="ects", level=None)
    offering_of(lathe, price="100", vat_percentage=21)
    html = page(client, mill.module_id, lathe.module_id).content.decode()
    assert html.index("Frezen") < html.index("Draaien")
    for words in ("5 EC", "8 uur", "indicatief niveau 2", "€ 100,00", "€ 121,00", "niet vermeld"):
        assert words in html, words
    common, apart = html.split("Vaardigheden alleen hier")
    assert "measuring" in common.split("Vaardigheden gemeen")[1]
    assert "measuring" not in apart.split("</tr>")[0]
    assert "milling" in apart
    assert f"?m={lathe.module_id}" in html


def test_what_is_unknown_foreign_or_twice_is_left_out_with_a_sentence(client):
    here, draft = published_version(title={"nl": "Draaien"}), ModuleVersionFactory(title={"nl": "Geheim concept"})
    chosen = (here.module_id, here.module_id, draft.module_id, uuid.uuid4(), "geen-id")
    html = page(client, *chosen).content.decode()
    assert "3 modules" in html
    assert "Geheim concept" not in html
    author = person_with_role(draft.module.provider, Role.TEACHER)
    client.force_login(author, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Geheim concept" not in page(client, *chosen).content.decode()


def test_a_fifth_does_not_fit(client):
    modules = [published_version(title={"nl": f"Vak {n}"}).module_id for n in range(5)]
    html = page(client, *modules).content.decode()
    assert "Vak 3" in html
    assert "Vak 4" not in html
    assert "eerste vier" in html


def test_nothing_chosen_or_one_leads_on(client):
    alike, other = teaching("turning", title={"nl": "Verwant"}), published_version(title={"nl": "Zelfde richting"})
    teaching(title={"nl": "Andere richting"}, track="wo")
    html = page(client, teaching("turning").module_id).content.decode()
    assert html.index("Verwant") < html.index("Zelfde richting")
    assert f"&amp;m={alike.module_id}" in html
    assert f"&amp;m={other.module_id}" in html
    assert "Andere richting" not in html
    assert page(client).status_code == 200


def test_a_reserved_date_is_for_its_employer_only(client):
    employer = OrganizationFactory()
    version = published_version()
    offering_of(version, visibility="employers", price="777").employers.add(employer)
    assert "777,00" not in page(client, version.module_id).content.decode()
    hr = person_with_role(employer, Role.HR_MANAGER)
    client.force_login(hr, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "777,00" in page(client, version.module_id).content.decode()


def test_what_authors_write_cannot_run(client):
    version = published_version(title={"nl": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page(client, version.module_id).content.decode()


def test_by_api():
    lathe, mill = teaching("turning", "measuring"), teaching("milling", "measuring")
    offering_of(mill)
    asked = {"m": [str(mill.module_id), str(lathe.module_id), str(uuid.uuid4())]}
    answer = APIClient().get("/api/v1/catalogue/compare/", asked).json()
    assert [found["entry"]["module"] for found in answer["modules"]] == asked["m"][:2]
    assert [found["label_en"] for found in answer["skills_in_common"]] == ["measuring"]
    assert [[apart["label_en"] for apart in m["skills_apart"]] for m in answer["modules"]] == [["milling"], ["turning"]]
    assert len(answer["modules"][0]["entry"]["offerings"]) == 1
    assert answer["unknown"] == 1


@pytest.mark.parametrize("number", [0, 1, 5])
def test_the_api_says_how_many(number):
    answer = APIClient().get("/api/v1/catalogue/compare/", {"m": [str(uuid.uuid4()) for _ in range(number)]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "m"


def test_queries_do_not_grow(client, django_assert_num_queries):
    pair = [teaching("turning", "measuring") for _ in range(2)]
    four = [teaching("turning", "measuring", "milling") for _ in range(4)]
    for version in (*pair, *four, *four):
        offering_of(version)
    with django_assert_num_queries(7):  # modules, sectors, skills, offerings, employers; and twice what to add
        page(client, *(version.module_id for version in pair))
    with django_assert_num_queries(5):
        page(client, *(version.module_id for version in four))
