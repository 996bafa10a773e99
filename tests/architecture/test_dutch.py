"""A Dutch text that names a value its English text does not know would fall back to English, silently."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(ROOT.glob("*/**/locale/nl/LC_MESSAGES/django.po"))
ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)', re.MULTILINE)
VALUE = re.compile(r"%\((\w+)\)|\{(\w+)\}")


def strangers(text):
    """Values named in a translation that neither of its sources names."""
    known, found = set(), []
    for keyword, words in ENTRY.findall(text):
        if keyword == "msgid":
            known = set()
        if keyword.startswith("msgid"):
            known |= set(VALUE.findall(words))
        else:
            found += [name for name in VALUE.findall(words) if name not in known]
    return found


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_translations_name_the_values_of_their_source(path):
    assert strangers(path.read_text(encoding="utf-8")) == []


def test_a_translated_name_of_a_value_is_found():
    assert CATALOGUES
    assert strangers('msgid "%(reviewer)s agrees"\nmsgstr ""\n"%(beoordelaar)s is akkoord"\n') == [("beoordelaar", "")]
