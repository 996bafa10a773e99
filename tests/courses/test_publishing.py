"""The publish check names every error; what is published is frozen."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from courses.models import Image, Module, ModuleVersion, Section, Unit
from courses.services.publishing import publish_check, publish_version
from lms.core.errors import Forbidden, Invalid
from lms.events.models import DomainEvent
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, ProviderFactory, approved, person_with_role, quiz_unit, text_unit

pytestmark = pytest.mark.django_db

CREBO = "25297"


@pytest.fixture
def known_crebo(monkeypatch):
    """A crebo code of level 3, whatever the list holds."""
    from courses import reference
    from courses.services import publish_rules

    found = reference.Qualification(CREBO, "Verspaner", "Verspaning", "Techniek", 3, "", "bol")
    monkeypatch.setattr(publish_rules, "qualification", {CREBO: found}.get)
    return CREBO


def complete(**facts):
    version = ModuleVersionFactory(**facts)
    section = Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    text_unit(section, 0)
    quiz_unit(section, 1)
    return version


def problems(version):
    return {(error.field, error.code) for error in publish_check(version)}


def test_a_complete_module_has_no_errors():
    assert publish_check(complete()) == []


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"title": {"en": "English"}}, ("title/nl", "empty")),
        ({"summary": {"nl": "  "}}, ("summary/nl", "empty")),
        ({"description": {}}, ("description/nl", "empty")),
        ({"outcomes": []}, ("outcomes", "empty")),
        ({"outcomes": [{"nl": "A"}, {"en": "B"}]}, ("outcomes/1/nl", "empty")),
        ({"load": Decimal(0)}, ("load", "empty")),
        ({"load_unit": "ects"}, ("load_unit", "track")),
        ({"languages": []}, ("languages", "empty")),
        ({"nlqf_basis": "register"}, ("nlqf_number", "empty")),
        ({"nlqf_basis": "register", "nlqf_number": "R1", "level": None}, ("level", "empty")),
        ({"nlqf_basis": "formal"}, ("crebo", "empty")),
        ({"nlqf_basis": "formal", "track": "hbo", "level": 6}, ("croho", "empty")),
        ({"nlqf_basis": "formal", "track": "hbo", "croho": "34421", "level": 3}, ("level", "track")),
        ({"nlqf_basis": "formal", "crebo": CREBO, "level": 2}, ("level", "crebo")),
        ({"crebo": "1234"}, ("crebo", "pattern")),
        ({"crebo": "00000"}, ("crebo", "unknown")),
        ({"croho": "x"}, ("croho", "pattern")),
        ({"isced": "71"}, ("isced", "pattern")),
        ({"certificate_code": "22"}, ("certificate_code", "pattern")),
        ({"work_processes": ["B1-K1-W1", "lassen"]}, ("work_processes/1", "pattern")),
        ({"document_type": "praktijkverklaring"}, ("document_type", "school")),
        ({"document_type": "mbo_verklaring", "track": "hbo"}, ("document_type", "track")),
        ({"document_type": "mbo_verklaring"}, ("crebo", "empty")),
        ({"document_type": "mbo_certificaat"}, ("certificate_code", "empty")),
        ({"document_type": "praktijkverklaring"}, ("work_processes", "empty")),
        ({"document_type": "microcredential"}, ("document_type", "track")),
        ({"document_type": "microcredential", "track": "hbo"}, ("load_unit", "unit")),
        (
            {"document_type": "microcredential", "track": "hbo", "load_unit": "ects", "load": Decimal(31)},
            ("load", "range"),
        ),
        ({"document_type": "microcredential", "track": "wo", "level": None}, ("level", "empty")),
        ({"document_type": "microcredential", "track": "wo"}, ("quality_framework/name", "empty")),
        ({"document_type": "microcredential", "track": "wo"}, ("quality_framework/url", "empty")),
        ({"document_type": "microcredential", "track": "wo"}, ("participation_form", "empty")),
        ({"document_type": "microcredential", "track": "wo"}, ("assessment_type", "empty")),
        ({"document_type": "microcredential", "track": "wo"}, ("identity_check", "empty")),
    ],
)
def test_each_rule_names_its_field(known_crebo, facts, problem):
    assert problem in problems(complete(**facts))


def test_a_recognised_school_publishes_the_three_school_documents(known_crebo):
    school = {"module__provider__is_recognised_school": True, "crebo": CREBO, "nlqf_basis": "formal", "level": 3}
    for facts in (
        {"document_type": "praktijkverklaring", "work_processes": ["B1-K1-W1"]},
        {"document_type": "mbo_verklaring"},
        {"document_type": "mbo_certificaat", "certificate_code": "C0022"},
    ):
        assert problems(complete(**school, **facts)) == set()


def test_a_whole_microcredential_is_published_only_with_a_required_quiz():
    version = complete(
        track="hbo",
        level=6,
        load=Decimal(5),
        load_unit="ects",
        document_type="microcredential",
        quality_framework={"name": "Nationaal kader", "url": "https://kader.example.org/v1"},
        participation_form="online",
        assessment_type="toets",
        identity_check="met legitimatie",
    )
    assert problems(version) == set()
    Unit.objects.filter(kind="quiz").update(required=False)
    assert problems(version) == {("sections", "assessed")}


def test_the_tree_is_checked_down_to_the_option():
    version = ModuleVersionFactory()
    assert ("sections", "empty") in problems(version)
    first = Section.objects.create(version=version, position=0, title={})
    Section.objects.create(version=version, position=1, title={"nl": "Leeg"})
    text_unit(first, 0, minutes=0)
    unit = quiz_unit(first, 1)
    unit.title = {"en": "Quiz"}
    unit.data["questions"][1]["correct"] = ["z"]
    unit.save()
    assert problems(version) == {
        ("sections/0/title/nl", "empty"),
        ("sections/0/units/0/minutes", "range"),
        ("sections/0/units/1/title/nl", "empty"),
        ("sections/0/units/1/data/questions/1/correct", "empty"),
        ("sections/1/units", "empty"),
    }


def test_optional_units_alone_are_not_enough():
    version = complete()
    Unit.objects.update(required=False)
    assert problems(version) == {("sections", "empty")}


def test_pictures_in_texts_are_the_modules_own_and_have_words():
    version = complete()
    own = Image.objects.create(module=version.module, file="a.png", width=1, height=1, alt={"nl": "Een draaibank"})
    mute = Image.objects.create(module=version.module, file="b.png", width=1, height=1, alt={})
    foreign = Image.objects.create(module=complete().module, file="c.png", width=1, height=1, alt={"nl": "Anders"})
    unit = Unit.objects.get(section__version=version, kind="text")
    unit.data = {"body": {"nl": f"![](image:{own.pk}) ![](image:{mute.pk})", "en": f"![](image:{foreign.pk})"}}
    unit.save()
    path = "sections/0/units/0/data/body"
    assert problems(version) == {(f"{path}/nl", "image_alt"), (f"{path}/en", "image")}
    unit.data = {"body": {"nl": "![](image:geen-nummer)"}}
    unit.save()
    assert problems(version) == {(f"{path}/nl", "image")}


def test_a_publisher_publishes_and_others_hear_of_it():
    version = complete()
    publisher = person_with_role(version.module.provider, Role.PUBLISHER)
    published = publish_version(by=publisher, version=approved(version))
    assert not published.is_draft
    assert list(ModuleVersion.objects.current()) == [published]
    fact = DomainEvent.objects.get(name="module_version.published")
    assert (fact.subject_id, fact.payload["module"]) == (version.pk, str(version.module_id))


def test_a_teacher_does_not_publish():
    version = approved(complete())
    with pytest.raises(Forbidden):
        publish_version(by=person_with_role(version.module.provider, Role.TEACHER), version=version)


def test_an_incomplete_draft_stays_a_draft_and_every_error_is_told():
    version = approved(complete())
    ModuleVersion.objects.filter(pk=version.pk).update(summary={}, load=Decimal(0))
    with pytest.raises(Invalid) as raised:
        publish_version(by=person_with_role(version.module.provider, Role.PUBLISHER), version=version)
    assert {error.field for error in raised.value.errors} == {"summary/nl", "load"}
    assert ModuleVersion.objects.get(pk=version.pk).is_draft


def test_the_database_itself_refuses_changes_to_what_is_published():
    version = approved(complete())
    publish_version(by=person_with_role(version.module.provider, Role.PUBLISHER), version=version)
    section = version.sections.get()
    for change in (
        lambda: ModuleVersion.objects.filter(pk=version.pk).update(load=Decimal(1)),
        lambda: Section.objects.filter(version=version).update(position=5),
        lambda: Unit.objects.filter(section=section).update(minutes=1),
        lambda: text_unit(section, 7),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_check_takes_a_bounded_number_of_queries(django_assert_max_num_queries):
    version = ModuleVersionFactory(module__provider=ProviderFactory())
    for position in range(6):
        section = Section.objects.create(version=version, position=position, title={"nl": "Deel"})
        for place in range(5):
            text_unit(section, place)
    version = ModuleVersion.objects.select_related("module__provider").get(pk=version.pk)
    with django_assert_max_num_queries(3):
        publish_check(version)
    assert Module.objects.count() == 1
