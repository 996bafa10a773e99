"""Identifiers sort by creation; codes survive being read aloud and typed."""

import time
import uuid

from hypothesis import given
from hypothesis import strategies as st

from lms.core.ids import CODE_ALPHABET, normalize_code, unguessable_code, uuid7


def test_ids_sort_by_creation():
    ids = [uuid7() for _ in range(2000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 2000


def test_ids_are_version_7_and_hold_the_time():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_two_processes_never_make_the_same_id():
    """62 random bits: the part that is not time differs."""
    assert len({uuid7().int & (1 << 62) - 1 for _ in range(5000)}) == 5000


def test_a_code_has_128_bits_and_no_look_alikes():
    code = unguessable_code()
    assert len(code) * 5 >= 128
    assert set(code) <= set(CODE_ALPHABET)
    assert not set("ILOU") & set(CODE_ALPHABET)


@given(st.text(alphabet=CODE_ALPHABET, min_size=26, max_size=26), st.data())
def test_a_code_is_recognized_however_it_is_typed(code, data):
    look_alikes = {"1": "1iIlL", "0": "0oO"}
    typed = "".join(
        data.draw(st.sampled_from(look_alikes.get(letter, letter + letter.lower())))
        + data.draw(st.sampled_from(["", " ", "-"]))
        for letter in code
    )
    assert normalize_code(f" {typed}\n") == code
    assert normalize_code(normalize_code(typed)) == code
