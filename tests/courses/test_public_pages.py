"""The catalogue and module pages, as anybody sees them."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from courses.kinds import kind_named
from courses.models import Image, Skill, Unit
from lms.core.clock import today
from lms.permissions.roles import Role
from tests.factories import (
    ModuleVersionFactory,
    OrganizationFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


def page_of(client, version):
    return client.get(f"/modules/{version.module.provider.slug}/{version.module.code}/")


def test_an_empty_catalogue_says_so(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "empty" in answer.content.decode()


def test_a_card_tells_what_people_compare(client):
    version = published_version(load_unit="hour")
    offering_of(version, price="1250.50", vat_percentage="21.0", capacity=12, taken=3)
    html = client.get("/").content.decode()
    for words in (str(version), "Instellen en draaien", "8 uur", "1.250,50", "9 van 12", "indicatief niveau 2"):
        assert words.replace(" v1", "") in html, words


def test_a_level_is_official_only_by_right(client):
    by_law = published_version(nlqf_basis="formal", crebo="25297", level=3)
    assert "NLQF-niveau 3" in page_of(client, by_law).content.decode()
    without_code = published_version(nlqf_basis="formal", level=3)
    html = page_of(client, without_code).content.decode()
    assert "indicatief niveau 3" in html
    assert "NLQF-niveau" not in html


def test_search_and_filters_work_without_javascript(client):
    version = published_version()
    assert str(version.module.code) in client.get("/?q=draaibank&track=mbo").content.decode()
    html = client.get("/?q=lassen").content.decode()
    assert version.module.code not in html
    assert client.get("/?level=boom&provider=niemand&delivery=x").status_code == 200


def test_drafts_are_not_in_the_catalogue(client):
    draft = ModuleVersionFactory()
    assert draft.module.code not in client.get("/").content.decode()
    assert page_of(client, draft).status_code == 404


def test_a_reserved_run_is_shown_to_its_employer_only(client):
    employer = OrganizationFactory()
    version = published_version()
    offering = offering_of(version, visibility="employers", price="777")
    offering.employers.add(employer)
    assert "777,00" not in page_of(client, version).content.decode()
    client.force_login(person_with_role(employer, Role.HR_MANAGER))
    assert "777,00" in page_of(client, version).content.decode()


def test_a_run_that_opens_later_is_announced(client):
    version = published_version()
    offering_of(version, code="later", enroll_from=today() + timedelta(days=9), starts_on=today() + timedelta(days=30))
    offering_of(version, code="dicht", enroll_until=today() - timedelta(days=1))
    html = page_of(client, version).content.decode()
    assert "inschrijven vanaf" in html
    assert "/inschrijven/later/" not in html
    assert "dicht" not in html


def test_the_module_page_never_holds_an_answer(client):
    version = published_version()
    html = page_of(client, version).content.decode()
    assert "Toets" in html
    assert "Eén?" not in html


def test_what_authors_write_cannot_run(client):
    version = published_version(
        title={"nl": "<script>alert(1)</script>"},
        description={"nl": "<img src=x onerror=alert(1)> [klik](javascript:alert(1))"},
    )
    html = page_of(client, version).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript:' not in html


def test_queries_do_not_grow_with_the_catalogue(client, django_assert_max_num_queries):
    skill = Skill.objects.create(uri="http://x.test/1", label_en="turn")
    for _number in range(15):
        version = published_version(skills=[skill])
        offering_of(version)
        offering_of(version)
    with django_assert_max_num_queries(12):
        client.get("/")
    with django_assert_max_num_queries(9):  # its programmes are asked for since there are programmes
        page_of(client, version)


def test_the_pictures_of_the_module_are_shown_with_their_words():
    version = published_version(units=())
    image = Image.objects.create(module=version.module, file="a.png", width=1, height=1, alt={"nl": "Een [draai]bank"})
    other = Image.objects.create(
        module=published_version().module, file="b.png", width=1, height=1, alt={"nl": "Ander"}
    )
    unit = Unit(kind="text", data={"body": {"nl": f"![](image:{image.pk})\n\n![elders](image:{other.pk})"}})
    unit.section = version.sections.get()
    html = render_to_string(
        "courses/kinds/text.html", {"unit": unit, "content": kind_named("text").content(unit.data, "nl")}
    )
    assert f'src="/modules/images/{image.pk}"' in html
    assert 'alt="Een (draai)bank"' in html
    assert str(other.pk) not in html


def test_a_quiz_is_a_form_that_a_screen_reader_can_follow():
    unit = published_version(units=("quiz",)).sections.get().units.get()
    content = kind_named("quiz").content(unit.data, "nl")
    html = render_to_string(
        "courses/kinds/quiz.html",
        {"unit": unit, "content": content, "answers": {"q1": ["b"]}, "errors": {"q2": "Beantwoord deze vraag."}},
    )
    assert html.count("<fieldset") == html.count("<legend") == 2
    assert 'type="radio" name="q-q1" value="b" checked' in html
    assert 'type="checkbox" name="q-q2"' in html
    assert "Beantwoord deze vraag." in html
