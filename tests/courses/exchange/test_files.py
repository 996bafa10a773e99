"""Modules and offerings in files: out, in again, and what cannot go in."""

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.exchange import workbook
from courses.exchange.exporting import exported
from courses.exchange.importing import import_file
from courses.exchange.parcels import Unreadable
from courses.models import Module, ModuleVersion, Offering, Sector, Skill, Unit
from lms.audit.models import AuditEntry
from lms.core.errors import Forbidden
from lms.permissions.roles import Role
from tests.factories import (
    ModuleVersionFactory,
    ProviderFactory,
    offering_of,
    person_with_role,
    published_version,
    quiz_unit,
    text_unit,
)

pytestmark = pytest.mark.django_db

KINDS = ("json", "xlsx")


@pytest.fixture
def house(provider):
    """A published module with a run, and a draft."""
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="weld")
    sector = Sector.objects.create(code="25", label_nl="Metaal", label_en="Metal")
    version = published_version(
        provider,
        module__code="draaien",
        skills=[skill],
        sectors=[sector],
        outcomes=[{"nl": "Draait.", "en": "Turns."}, {"nl": "Meet."}],
        work_processes=["B1-K1-W1"],
        quality_framework={"name": "Kader"},
        title={"nl": "=1+1 draaien", "en": "Turning"},
    )
    offering_of(version, code="draaien-1", price="1250.50", capacity=12, starts_on=date(2030, 1, 15))
    draft = ModuleVersionFactory(module__provider=provider, module__code="frezen")
    section = draft.sections.create(position=0, title={"nl": "Begin"})
    text_unit(section, 0)
    quiz_unit(section, 1, required=False, points=3)
    draft.sections.create(position=1, title={"nl": "Leeg"})
    return provider


@pytest.fixture
def take_in(provider, publisher):
    def run(content, **options):
        return import_file(by=publisher, provider=provider, content=content, **options).as_json()

    return run


def book_of(**sheets):
    """A workbook with these sheets: rows of cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def refused_at(report):
    return [(problem["sheet"], problem["row"], problem["column"], problem["code"]) for problem in report["problems"]]


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_brought_in_again_changes_nothing(house, publisher, take_in, kind):
    content = exported(publisher, house, kind)
    before = AuditEntry.objects.count(), list(ModuleVersion.objects.values_list("pk", "revision"))
    report = take_in(content)
    assert report["problems"] == []
    assert (report["modules"]["unchanged"], report["offerings"]["unchanged"], report["changes"]) == (2, 1, 0)
    after = AuditEntry.objects.count() - 1, list(ModuleVersion.objects.values_list("pk", "revision"))
    assert after == before, "the import itself is audited, nothing else"


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_makes_the_same_module_elsewhere(house, publisher, kind):
    content = exported(publisher, house, kind)
    elsewhere = ProviderFactory()
    other = person_with_role(elsewhere, Role.PUBLISHER)
    trial = import_file(by=other, provider=elsewhere, content=content, dry_run=True).as_json()
    assert (trial["modules"]["created"], elsewhere.modules.count()) == (2, 0)
    report = import_file(by=other, provider=elsewhere, content=content).as_json()
    assert report["modules"]["created"] == 2
    assert refused_at(report)[0][3] == "draaien-1", "an offering needs a published module"
    made, asked = (
        json.loads(exported(*whose, "json"))["modules"] for whose in ((other, elsewhere), (publisher, house))
    )
    assert made == asked


def test_a_changed_row_makes_the_next_draft_and_leaves_the_published_version(house, take_in):
    report = take_in(
        book_of(Modules=[["Code", "Titel", "Niveau", "Studiebelasting"], ["draaien", "Draaien 2", 3, "8,5"]])
    )
    assert report["modules"]["changed"] == 1, report
    first, second = ModuleVersion.objects.filter(module__code="draaien").order_by("number")
    assert (second.title, second.level, str(second.load)) == ({"nl": "Draaien 2", "en": "Turning"}, 3, "8.5")
    assert (first.title["nl"], second.published_at) == ("=1+1 draaien", None)
    assert Unit.objects.filter(section__version=second).count() == 2
    assert list(second.skills.all()) == list(first.skills.all()), "columns that are left out stay"


def test_a_sheet_makes_a_module_with_chapters_and_an_offering_by_hand(house, take_in):
    units = [
        ["Module", "Hoofdstuk", "Onderdeel", "Soort", "Minuten", "Verplicht", "Tekst", "Inhoud (JSON)"],
        ["tig", "Begin", "Veilig", "tekst", 20, "ja", "Lees **dit**.", None],
        ["tig", "Begin", "Boog", "Tekst", "15", "nee", "Lees.", None],
        ["tig", "Slot", "Toets", "toets", None, None, None, '{"pass_mark": 60, "questions": []}'],
    ]
    runs = [
        ["Code", "Module", "Begin", "Eind", "Plaatsen", "Prijs ex btw", "Vorm"],
        ["draaien-2", "draaien", date(2031, 2, 1), "01-03-2031", 8.0, "1.250,50", "op de hub"],
    ]
    modules = [["TIG-lassen 2026"], [], ["Code", "Titel", "Soort onderwijs", "Crebo", "Leeruitkomsten", "Branches"]]
    modules.append(["tig", "TIG-lassen", "mbo", 25302, "Last.\nSlijpt.", 25])
    report = take_in(book_of(Modules=modules, Onderdelen=units, Uitvoeringen=runs))
    assert report["problems"] == []
    version = ModuleVersion.objects.get(module__code="tig")
    assert (version.crebo, version.outcomes) == ("25302", [{"nl": "Last."}, {"nl": "Slijpt."}])
    assert version.sectors.get().code == "25"
    found = Unit.objects.filter(section__version=version).order_by("section__position", "position")
    assert [(str(u.section), str(u), u.kind, u.minutes, u.required) for u in found.select_related("section")] == [
        ("Begin", "Veilig", "text", 20, True),
        ("Begin", "Boog", "text", 15, False),
        ("Slot", "Toets", "quiz", 15, True),
    ]
    run = Offering.objects.get(code="draaien-2")
    assert (run.starts_on, run.ends_on, run.capacity, str(run.price), run.delivery) == (
        date(2031, 2, 1), date(2031, 3, 1), 8, "1250.50", "hub",
    )  # fmt: skip


def test_each_refusal_names_its_cell_and_the_others_go_in(house, take_in):
    modules = [
        ["Code", "Titel", "Soort onderwijs", "Niveau", "Doel"],
        ["goed", "Goed", "mbo", 2, None],
        ["hoog", "Hoog", "mbo", 9, None],
        ["woord", "Woord", "mbo", "drie", None],
        ["doel", "Doel", "mbo", 2, "zomaar"],
        ["goed", "Dubbel", "mbo", 2, None],
        [None, "Zonder code", "mbo", 2, None],
        ["leeg", None, "mbo", 2, None],
    ]
    units = [["Module", "Hoofdstuk", "Onderdeel", "Soort"], ["half", "A", "B", "tekst"], ["frezen", "A", "B", "film"]]
    runs = [["Code", "Module", "Begin"], ["run-1", "draaien", "31-02-2030"], ["run-2", "niets", "01-02-2030"]]
    report = take_in(book_of(Modules=modules, Onderdelen=units, Uitvoeringen=runs))
    assert set(refused_at(report)) == {
        ("Modules", 3, "Niveau", "hoog"),
        ("Modules", 4, "Niveau", "woord"),
        ("Modules", 5, "Doel", "doel"),
        ("Modules", 6, "Code", "goed"),
        ("Modules", 7, "Code", ""),
        ("Modules", 8, "Titel", "leeg"),
        ("Modules", None, "Titel", "half"),
        ("Modules", None, "Soort onderwijs", "half"),
        ("Onderdelen", 3, "Soort", "frezen"),
        ("Uitvoeringen", 2, "Begin", "run-1"),
        ("Uitvoeringen", 3, "Module", "run-2"),
    }
    assert report["modules"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 8}
    assert ModuleVersion.objects.get(module__code="goed").level == 2
    assert all(problem["reason"] for problem in report["problems"])


def test_nothing_of_a_cell_can_act_as_a_formula(house, publisher):
    book = openpyxl.load_workbook(io.BytesIO(exported(publisher, house, "xlsx")))
    cell = next(cell for cell in book["Modules"]["B"] if cell.value == "=1+1 draaien")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b"Code;Titel\n", "Excel"),
        (b"%PDF-1.7", "Excel"),
        (b"PK\x03\x04 broken", "beschadigd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "xls"),
        (b"{", "JSON"),
        (b"[]", "format"),
        (b'{"format": "modules-and-offerings", "version": 2}', "2"),
        (b'{"format": "modules-and-offerings", "version": 1, "module": []}', "module"),
        (b'{"format": "modules-and-offerings", "version": 1, "modules": {}}', "modules"),
        (b'{"format": "modules-and-offerings", "version": 1, "modules": []}', "geen modules"),
        (b'{"format": "modules-and-offerings", "version": 1, "modules": [NaN]}', "NaN"),
        (b'{"format": "modules-and-offerings", "version": 1, "modules": ' + b"[" * 90_000, "JSON"),
        (b'{"format": "modules-and-offerings", "version": 1, "modules": [' + b"[" * 40 + b"]" * 40 + b"]}", "diep"),
        (b'{"a": "' + b"x" * 10_500_000 + b'"}', "10 MB"),
        (book_of(Blad1=[["Code"]]), "Modules"),
        (book_of(Modules=[["Naam", "Titel"]]), "Code"),
        (book_of(Modules=[["Code", "Titelll"], ["a", "b"]]), "Titelll"),
        (book_of(Modules=[["Code", "Titel", "titel"], ["a", "b", "c"]]), "twee keer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_file_of_no_use_is_refused_with_one_sentence(take_in, content, words):
    with pytest.raises(Unreadable) as refused:
        take_in(content)
    assert words in refused.value.detail


def with_part(name, data, compress=zipfile.ZIP_DEFLATED):
    """A sound workbook with one part put in, or in place of what was there."""
    source = zipfile.ZipFile(io.BytesIO(book_of(Modules=[["Code"], ["a"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as archive:
        for part in source.infolist():
            if part.filename != name:
                archive.writestr(part, source.read(part))
        archive.writestr(name, data)
    return out.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_part("xl/media/bomb.bin", b"\x00" * 130_000_000), "123 MB"),
        (with_part("xl/worksheets/sheet1.xml", ENTITIES), "opdrachten"),
        (with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "beschadigd"),
        (with_part("xl/workbook.bin", b"x"), "Excel"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_hostile_workbook_is_refused(take_in, content, words):
    with pytest.raises(Unreadable) as refused:
        take_in(content)
    assert words in refused.value.detail


def test_far_too_many_rows_are_refused_early(take_in, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 50)
    with pytest.raises(Unreadable, match="50"):
        take_in(book_of(Modules=[["Code"], *([f"code-{n}"] for n in range(60))]))


def test_blank_rows_without_end_are_not_read(take_in):
    """Excel likes to say that a sheet has a million rows."""
    report = take_in(book_of(Modules=[["Code", "Titel", "Soort onderwijs"], ["a", "A", "mbo"], *([[None]] * 30)]))
    assert report["modules"]["created"] == 1


def test_who_has_nothing_to_do_there_is_refused(provider, stranger, api, house, teacher):
    with pytest.raises(Forbidden):
        import_file(by=stranger, provider=provider, content=b'{"format": "modules-and-offerings", "version": 1}')
    content = exported(teacher, house, "json")
    assert json.loads(content)["offerings"] == [], "who does not plan offerings does not take them out"
    assert json.loads(exported(stranger, house, "json"))["modules"] == []


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=30).filter(str.strip)
words = st.fixed_dictionaries({"nl": texts}, optional={"en": texts})
units = st.fixed_dictionaries(
    {
        "kind": st.just("text"),
        "title": words,
        "minutes": st.integers(0, 500),
        "required": st.booleans(),
        "points": st.integers(0, 9),
        "data": st.fixed_dictionaries({"body": words}),
    }
)
modules = st.fixed_dictionaries(
    {
        "title": words,
        "track": st.sampled_from(["mbo", "hbo", "wo"]),
        "sections": st.lists(st.fixed_dictionaries({"title": words, "units": st.lists(units, max_size=3)}), max_size=3),
    },
    optional={
        "summary": words,
        "level": st.none() | st.integers(1, 8),
        "load": st.decimals(0, 9999, places=1).map(str),
        "outcomes": st.lists(words, max_size=3),
        "languages": st.lists(st.sampled_from(["nl", "en"]), unique=True),
        "validity_months": st.none() | st.integers(1, 99),
        "nlqf_number": st.text("ABC-1=+@", max_size=5).map(str.strip),
    },
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(module=modules)
def test_any_module_comes_through_a_file_as_it_was(provider, publisher, take_in, kind, module):
    Module.objects.all().delete()
    whole = {"format": "modules-and-offerings", "version": 1, "modules": [module | {"code": "m"}]}
    assert take_in(json.dumps(whole).encode())["modules"]["created"] == 1
    content, before = exported(publisher, provider, kind), json.loads(exported(publisher, provider, "json"))
    assert take_in(content)["modules"]["unchanged"] == 1
    Module.objects.all().delete()
    assert take_in(content)["problems"] == []
    assert json.loads(exported(publisher, provider, "json")) == before
