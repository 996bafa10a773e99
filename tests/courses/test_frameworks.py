"""Skills and occupations of several frameworks side by side."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from courses.models import Occupation, Skill
from tests.factories import published_version

pytestmark = pytest.mark.django_db

HEADER = "uri,code,kind,label_nl,label_en\n"
LASSEN = "https://competentnl.test/id/lassen,S1,skill,Lassen,\n"
SLIJPEN = "https://competentnl.test/id/slijpen,S2,skill,Slijpen,grinding\n"
LASSER = "https://competentnl.test/id/lasser,B1,occupation,Lasser,welder\n"


@pytest.fixture
def said():
    """What the command wrote."""
    return StringIO()


@pytest.fixture
def load(tmp_path, said):
    """Loads concepts and relations, given as text, with options of the command; returns what it says."""

    def run(concepts, *options, relations=None, name="CompetentNL"):
        file = tmp_path / "concepts.csv"
        file.write_bytes(concepts if isinstance(concepts, bytes) else concepts.encode())
        if relations is not None:
            needs = tmp_path / "needs.csv"
            needs.write_text(relations)
            options = (*options, "--relations", str(needs))
        start = said.tell()
        call_command("load_framework", name, str(file), *options, stdout=said, stderr=said)
        return said.getvalue()[start:]

    return run


def test_a_second_framework_stands_beside_the_first(load, api):
    Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="weld", label_nl="lassen")
    needs = "occupation_uri,skill_uri\nhttps://competentnl.test/id/lasser,https://competentnl.test/id/lassen\n"
    assert "3 new" in load(HEADER + LASSEN + SLIJPEN + LASSER, relations=needs)
    again = load(HEADER + LASSEN + SLIJPEN + LASSER, relations=needs)
    assert again.startswith("0 new, 0 changed, 3 as they were, 0 retired, 0 new relations.")
    skills = api().get("/api/v1/skills/?q=lassen").data["results"]
    assert {found["framework"] for found in skills} == {"ESCO", "CompetentNL"}
    only = api().get("/api/v1/skills/?q=lassen&framework=CompetentNL").data["results"]
    assert [(found["label_nl"], found["label_en"]) for found in only] == [("Lassen", "Lassen")]
    needed = api().get("/api/v1/skills/?occupation=https://competentnl.test/id/lasser").data["results"]
    assert [found["code"] for found in needed] == ["S1"]
    assert [found["code"] for found in api().get("/api/v1/occupations/?q=welder").data["results"]] == ["B1"]


def test_a_dry_run_stores_nothing(load):
    assert "2 new" in load(HEADER + LASSEN + LASSER, "--dry-run")
    assert not Skill.objects.exists()


def test_what_the_framework_drops_stays_where_it_is_used(load, api):
    load(HEADER + LASSEN + SLIJPEN)
    esco = Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="weld")
    grinding = Skill.objects.get(code="S2")
    version = published_version(skills=[grinding])
    load(HEADER + LASSEN)
    grinding.refresh_from_db()
    assert grinding.retired_at is None, "a part of a framework retires nothing"
    assert "1 retired" in load(HEADER + LASSEN, "--whole")
    grinding.refresh_from_db()
    esco.refresh_from_db()
    assert (list(version.skills.all()), grinding.retired_at is None, esco.retired_at) == ([grinding], False, None)
    current = api().get("/api/v1/skills/?current=true&framework=CompetentNL").data["results"]
    assert [found["code"] for found in current] == ["S1"]
    assert "1 changed" in load(HEADER + LASSEN + SLIJPEN, "--whole")
    grinding.refresh_from_db()
    assert grinding.retired_at is None


def test_a_corrected_label_is_found_anew(load):
    load(HEADER + LASSEN)
    assert "1 changed" in load(HEADER + LASSEN.replace("Lassen", "Booglassen"))
    assert Skill.objects.named("booglas").exists()


@pytest.mark.parametrize(
    ("concepts", "where"),
    [
        ("geen adres,S1,skill,Lassen,\n", "3/uri"),
        (f"https://x.test/{'a' * 300},S1,skill,Lassen,\n", "3/uri"),
        (LASSEN + LASSEN, "4/uri"),
        ("http://data.europa.eu/esco/skill/1,S1,skill,Lassen,\n", "3/uri"),
        ("https://x.test/1,S1,trade,Lassen,\n", "3/kind"),
        ("https://x.test/1,S1,skill,,\n", "3/label_nl"),
        (f"https://x.test/1,S1,skill,{'a' * 256},\n", "3/label_nl"),
        (f"https://x.test/1,{'1' * 41},skill,Lassen,\n", "3/code"),
    ],
)
def test_a_row_at_fault_is_named_and_nothing_is_loaded(load, said, concepts, where):
    Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="weld")
    with pytest.raises(CommandError, match="1 errors"):
        load(HEADER + SLIJPEN + concepts)
    assert Skill.objects.count() == 1
    assert f"{where}: " in said.getvalue()


@pytest.mark.parametrize("relation", ["https://x.test/no,https://competentnl.test/id/lassen", "x,y", ","])
def test_a_relation_to_nothing_is_refused(load, relation):
    with pytest.raises(CommandError, match="errors"):
        load(HEADER + LASSEN, relations=f"occupation_uri,skill_uri\n{relation}\n")
    assert not Occupation.objects.exists()
    assert not Skill.objects.exists()


@pytest.mark.parametrize(
    ("concepts", "name", "words"),
    [
        ("uri,label_nl\n", "CompetentNL", "lacks code, kind, label_en"),
        ("", "CompetentNL", "lacks uri"),
        (HEADER.encode() + b"https://x.test/1,S1,skill,Caf\xe9,\n", "CompetentNL", "UTF-8"),
        (HEADER + LASSEN, "een te lange naam voor een raamwerk", "1 errors"),
    ],
)
def test_a_file_that_is_no_framework_is_refused(load, concepts, name, words):
    with pytest.raises(CommandError, match=words):
        load(concepts, name=name)


def test_a_file_with_semicolons_and_a_mark_is_read(load):
    load(b"\xef\xbb\xbf" + (HEADER + LASSEN).replace(",", ";").encode())
    assert Skill.objects.get().code == "S1"
