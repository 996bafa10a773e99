"""Writing a module: drafts, facts, sections, units."""

import pytest

from courses.models import Module, ModuleVersion, Section, Sector, Skill, Unit
from courses.services import authoring
from courses.services.publishing import publish_version
from lms.audit.models import AuditEntry
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.permissions.roles import Role
from tests.factories import ProviderFactory, UserFactory, person_with_role, published_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def teacher(provider):
    return person_with_role(provider, Role.TEACHER)


@pytest.fixture
def draft(provider, teacher):
    return authoring.create_module(
        by=teacher, provider=provider, code="cnc-1", title={"nl": "CNC instellen"}, track="mbo"
    )


def fields(raised):
    return {error.field for error in raised.value.errors}


def test_a_teacher_starts_a_module_of_the_own_provider_only(provider, teacher, draft):
    assert (draft.number, draft.revision, draft.is_draft) == (1, 0, True)
    with pytest.raises(Forbidden):
        authoring.create_module(by=teacher, provider=ProviderFactory(), code="x", title={"nl": "X"}, track="mbo")
    assert AuditEntry.objects.filter(action="courses.create_module", organization_id=provider.pk).exists()


def test_a_code_is_used_once_per_provider(provider, teacher, draft):
    with pytest.raises(Conflict) as raised:
        authoring.create_module(by=teacher, provider=provider, code="cnc-1", title={"nl": "Nog een"}, track="mbo")
    assert raised.value.code == "code_taken"
    assert fields(raised) == {"code"}


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("title/nl", {"title": {"en": "Only English"}}),
        ("code", {"code": "geen spaties"}),
        ("track", {"track": "vwo"}),
        ("title", {"title": {"nl": "Nul\x00byte"}}),
        ("title", {"title": {"nl": "Half \ud800 teken"}}),
    ],
)
def test_a_module_that_cannot_be_stored_is_refused_with_the_field(provider, teacher, field, facts):
    known = {"code": "goed", "title": {"nl": "Goed"}, "track": "mbo"}
    with pytest.raises(Invalid) as raised:
        authoring.create_module(by=teacher, provider=provider, **{**known, **facts})
    assert field in fields(raised)
    assert not Module.objects.exists()


def test_facts_are_saved_and_raise_the_revision(teacher, draft):
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="turn metal")
    saved = authoring.edit_version(
        by=teacher,
        version=draft,
        revision=0,
        facts={"load": "8.5", "level": 2, "outcomes": [{"nl": "Stelt in."}], "skills": [skill]},
    )
    assert saved.revision == 1
    stored = ModuleVersion.objects.get(pk=draft.pk)
    assert (str(stored.load), stored.level, list(stored.skills.all())) == ("8.5", 2, [skill])
    entry = AuditEntry.objects.get(action="courses.edit_version")
    assert entry.changes["level"] == [None, 2]


def test_two_authors_cannot_overwrite_each_other(provider, teacher, draft):
    colleague = person_with_role(provider, Role.TEACHER)
    authoring.edit_version(by=colleague, version=draft, revision=0, facts={"summary": {"nl": "Van de collega"}})
    with pytest.raises(Conflict) as raised:
        authoring.edit_version(by=teacher, version=draft, revision=0, facts={"summary": {"nl": "Van mij"}})
    assert raised.value.code == "stale"
    assert ModuleVersion.objects.get().summary == {"nl": "Van de collega"}


@pytest.mark.parametrize(
    "facts",
    [
        {"summary": None},
        {"summary": []},
        {"crebo": None},
        {"crebo": "123"},
        {"level": 9},
        {"load": "NaN"},
        {"load": None},
        {"languages": "nl"},
        {"languages": ["de"]},
        {"languages": None},
        {"outcomes": {"nl": "geen lijst"}},
        {"outcomes": ["geen object"]},
        {"work_processes": [1]},
        {"quality_framework": {"naam": "x"}},
        {"quality_framework": []},
        {"validity_months": 0},
        {"skills": ["geen vaardigheid"]},
        {"sectors": ["25"]},
        {"number": 7},
        {"title": {"nl": 5}},
    ],
)
def test_facts_of_the_wrong_shape_are_refused_and_nothing_is_saved(teacher, draft, facts):
    with pytest.raises(Invalid) as raised:
        authoring.edit_version(by=teacher, version=draft, revision=0, facts=facts)
    assert raised.value.errors
    assert ModuleVersion.objects.get(pk=draft.pk).revision == 0


def test_strangers_do_not_know_a_draft_and_learners_may_not_change_a_published_version(draft):
    stranger = person_with_role(ProviderFactory(), Role.PUBLISHER)
    with pytest.raises(NotFound):
        authoring.edit_version(by=stranger, version=draft, revision=0, facts={})
    with pytest.raises(Forbidden):
        authoring.edit_version(by=UserFactory(), version=published_version(), revision=0, facts={})


def test_the_next_draft_copies_everything_and_keeps_the_lineage(provider, teacher):
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="turn metal")
    sector = Sector.objects.create(code="25", label_nl="Metaal", label_en="Metal")
    first = published_version(provider, skills=[skill], sectors=[sector])
    second = authoring.create_draft(by=teacher, module=first.module)
    assert (second.number, second.title, second.is_draft) == (2, first.title, True)
    assert (list(second.skills.all()), list(second.sectors.all())) == ([skill], [sector])
    assert [s.title for s in second.sections.all()] == [s.title for s in first.sections.all()]

    def held(version):
        units = Unit.objects.filter(section__version=version)
        return [(u.lineage, u.kind, u.title, u.data, u.minutes, u.required, u.position) for u in units]

    assert held(second) == held(first)
    with pytest.raises(Conflict):
        authoring.create_draft(by=teacher, module=first.module)


def test_sections_and_units_keep_their_order_when_moved(teacher, draft):
    first, second = (authoring.add_section(by=teacher, version=draft, title={"nl": name}) for name in "AB")
    third = authoring.add_section(by=teacher, version=draft, title={"nl": "C"})
    authoring.move_section(by=teacher, section=third, position=0)
    authoring.move_section(by=teacher, section=first, position=99)
    assert [str(s) for s in draft.sections.all()] == ["C", "B", "A"]
    units = [authoring.add_unit(by=teacher, section=second, kind="text", title={"nl": name}) for name in "abc"]
    authoring.move_unit(by=teacher, unit=units[2], position=1)
    authoring.delete_unit(by=teacher, unit=units[0])
    assert [str(u) for u in second.units.all()] == ["c", "b"]
    authoring.move_unit(by=teacher, unit=units[1], position=0, section=first)
    assert [str(u) for u in first.units.all()] == ["b"]
    authoring.delete_section(by=teacher, section=second)
    assert not Unit.objects.filter(section=second.pk).exists()


def test_a_unit_does_not_move_into_another_module(teacher, draft, provider):
    other = authoring.create_module(by=teacher, provider=provider, code="b", title={"nl": "B"}, track="mbo")
    here = authoring.add_section(by=teacher, version=draft, title={"nl": "Hier"})
    there = authoring.add_section(by=teacher, version=other, title={"nl": "Daar"})
    unit = authoring.add_unit(by=teacher, section=here, kind="text", title={"nl": "Les"})
    with pytest.raises(NotFound):
        authoring.move_unit(by=teacher, unit=unit, position=0, section=there)


@pytest.mark.parametrize(
    "facts",
    [{"kind": "film"}, {"kind": ["text"]}, {"title": {"nl": " "}}, {"data": []}, {"minutes": -1}, {"minutes": "x"}],
)
def test_a_unit_that_cannot_be_stored_is_refused(teacher, draft, facts):
    section = authoring.add_section(by=teacher, version=draft, title={"nl": "A"})
    with pytest.raises(Invalid):
        authoring.add_unit(by=teacher, section=section, **{"kind": "text", "title": {"nl": "Les"}, **facts})


def test_a_unit_that_a_colleague_saved_is_not_overwritten(teacher, draft):
    section = authoring.add_section(by=teacher, version=draft, title={"nl": "A"})
    unit = authoring.add_unit(by=teacher, section=section, kind="text", title={"nl": "Les"})
    began = unit.revision
    authoring.edit_unit(by=teacher, unit=unit, revision=began, data={"body": {"nl": "Eerste"}})
    with pytest.raises(Conflict) as raised:
        authoring.edit_unit(by=teacher, unit=unit, revision=began, data={"body": {"nl": "Tweede"}})
    assert raised.value.code == "stale"
    assert Unit.objects.get().data == {"body": {"nl": "Eerste"}}


def test_nothing_of_a_published_version_changes(provider):
    publisher = person_with_role(provider, Role.PUBLISHER)
    version = published_version(provider)
    section = version.sections.get()
    unit = section.units.first()
    changes = [
        lambda: authoring.edit_version(by=publisher, version=version, revision=0, facts={}),
        lambda: authoring.add_section(by=publisher, version=version, title={"nl": "X"}),
        lambda: authoring.edit_section(by=publisher, section=section, title={"nl": "X"}),
        lambda: authoring.move_section(by=publisher, section=section, position=0),
        lambda: authoring.delete_section(by=publisher, section=section),
        lambda: authoring.add_unit(by=publisher, section=section, kind="text", title={"nl": "X"}),
        lambda: authoring.edit_unit(by=publisher, unit=unit, title={"nl": "X"}),
        lambda: authoring.move_unit(by=publisher, unit=unit, position=1),
        lambda: authoring.delete_unit(by=publisher, unit=unit),
        lambda: authoring.discard_draft(by=publisher, version=version),
        lambda: publish_version(by=publisher, version=version),
    ]
    for change in changes:
        with pytest.raises(Conflict):
            change()


def test_a_discarded_draft_is_gone_and_the_only_one_takes_its_module_along(provider, teacher, draft):
    authoring.discard_draft(by=teacher, version=draft)
    assert not Module.objects.exists()
    kept = published_version(provider)
    authoring.discard_draft(by=teacher, version=authoring.create_draft(by=teacher, module=kept.module))
    assert list(ModuleVersion.objects.all()) == [kept]


def test_an_unsaved_foreign_section_is_not_found(teacher, draft):
    section = authoring.add_section(by=teacher, version=draft, title={"nl": "A"})
    stale = Section.objects.get(pk=section.pk)
    authoring.delete_section(by=teacher, section=section)
    with pytest.raises(NotFound):
        authoring.edit_section(by=teacher, section=stale, title={"nl": "B"})
