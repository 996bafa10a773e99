"""The golden queries: what people type, and what they must get on either database."""

import tomllib
from pathlib import Path

import pytest

from courses.catalogue.searching import understand
from courses.models import CatalogueEntry

GOLDEN = tomllib.loads(Path(__file__).with_name("golden.toml").read_text())["query"]

pytestmark = pytest.mark.django_db


def found_by(text):
    ranked = understand(text).ranked(CatalogueEntry.objects.all()).order_by("-score", "-pk")
    return [entry.module.code for entry in ranked.select_related("module")]


def test_there_are_many():
    assert len({query["asks"] for query in GOLDEN}) == len(GOLDEN) >= 60


def test_every_golden_query_is_answered(modules):
    wrong = []
    for query in GOLDEN:
        found, meant = found_by(query["asks"]), understand(query["asks"]).read_as
        first = query.get("first", [])
        if found[: len(first)] != first:
            wrong.append(f"{query['asks']!r} gives {found[:5]} first, not {first}")
        missing = set(query.get("among", [])) - set(found)
        if missing or set(query.get("not", [])) & set(found):
            wrong.append(f"{query['asks']!r} gives {found}, without {missing}")
        if not {"first", "among"} & query.keys() and found:
            wrong.append(f"{query['asks']!r} gives {found}, not nothing")
        if "meant" in query and meant != query["meant"]:
            wrong.append(f"{query['asks']!r} was read as {meant!r}, not {query['meant']!r}")
    assert wrong == [], "\n".join(wrong)
