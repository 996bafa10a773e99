"""Unit kinds never stumble over what an author or a learner sends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.kinds import KINDS, kind_named
from lms.core.errors import Invalid

KEYS = ["pass_mark", "max_attempts", "questions", "id", "type", "text", "options", "correct", "feedback", "body", "nl"]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 200)
    | st.floats(allow_nan=False)
    | st.sampled_from(["single", "multiple", "a", "b", "q1", "", "nl"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)
OPTION = st.fixed_dictionaries({"id": st.sampled_from("abc") | JSON, "text": st.just({"nl": "Optie"}) | JSON})
QUESTION = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["q1", "q2"]) | JSON,
        "type": st.sampled_from(["single", "multiple"]),
        "text": st.just({"nl": "Vraag"}) | JSON,
        "options": st.lists(OPTION, max_size=3) | JSON,
        "correct": st.lists(st.sampled_from("abc"), max_size=2) | JSON,
    }
)
QUIZ = st.fixed_dictionaries(
    {"pass_mark": st.integers(0, 101) | JSON, "questions": st.lists(QUESTION, max_size=3) | JSON}
)


def quiz(**changes):
    options = [{"id": "a", "text": {"nl": "Ja"}}, {"id": "b", "text": {"nl": "Nee"}}]
    question = {"id": "q1", "type": "single", "text": {"nl": "Klopt het?"}, "options": options, "correct": ["a"]}
    return {"pass_mark": 60, "questions": [question | changes.pop("question", {})], **changes}


@given(data=JSON | QUIZ, submission=JSON)
@settings(max_examples=400, deadline=None)
def test_no_data_and_no_submission_makes_a_kind_stumble(data, submission):
    for kind in KINDS.values():
        errors = kind.check(data)
        assert all(error.field and error.message for error in errors)
        kind.content(data, "nl")
        if not errors:
            try:
                verdict = kind.judge(data, submission)
            except Invalid:
                continue
            else:
                assert 0 <= verdict.score <= 100


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "pass_mark"),
        (None, "questions"),
        (quiz(pass_mark=0), "pass_mark"),
        (quiz(pass_mark=True), "pass_mark"),
        (quiz(pass_mark="60"), "pass_mark"),
        (quiz(max_attempts=0), "max_attempts"),
        (quiz(max_attempts=21), "max_attempts"),
        (quiz(max_attempts=1.5), "max_attempts"),
        (quiz(questions={"id": "q1"}), "questions"),
        (quiz(questions=[None]), "questions/0/text/nl"),
        (quiz(questions=quiz()["questions"] * 2), "questions/1/id"),
        (quiz(questions=quiz()["questions"] * 101), "questions"),
        (quiz(question={"id": None}), "questions/0/id"),
        (quiz(question={"id": "q 1"}), "questions/0/id"),
        (quiz(question={"type": "open"}), "questions/0/type"),
        (quiz(question={"type": ["single"]}), "questions/0/type"),
        (quiz(question={"text": {"en": "Right?"}}), "questions/0/text/nl"),
        (quiz(question={"options": [None, None]}), "questions/0/options/0/text/nl"),
        (quiz(question={"options": quiz()["questions"][0]["options"][:1]}), "questions/0/options"),
        (quiz(question={"options": quiz()["questions"][0]["options"] * 2}), "questions/0/options/2/id"),
        (quiz(question={"correct": []}), "questions/0/correct"),
        (quiz(question={"correct": "a"}), "questions/0/correct"),
        (quiz(question={"correct": [["a"]]}), "questions/0/correct"),
        (quiz(question={"correct": ["a", "b"]}), "questions/0/correct"),
    ],
)
def test_a_quiz_that_cannot_be_answered_is_told_where(data, field):
    assert field in {error.field for error in kind_named("quiz").check(data)}


def test_what_a_learner_gets_holds_no_answers():
    data = quiz(question={"correct": ["a"], "feedback": {"nl": "GEHEIM"}, "hint": "GEHEIM"})
    content = kind_named("quiz").content(data, "nl")
    assert "GEHEIM" not in str(content)
    assert "correct" not in str(content)
    assert content["questions"][0]["options"] == [{"id": "a", "text": "Ja"}, {"id": "b", "text": "Nee"}]


def test_two_thirds_does_not_pass_at_67_percent():
    questions = [quiz()["questions"][0] | {"id": f"q{n}"} for n in range(3)]
    verdict = kind_named("quiz").judge(
        {"pass_mark": 67, "questions": questions}, {"q0": ["a"], "q1": ["a"], "q2": ["b"]}
    )
    assert (str(verdict.score), verdict.passed) == ("66.67", False)
    assert verdict.feedback == {"right": {"q0": True, "q1": True, "q2": False}}


def test_english_readers_get_dutch_where_nothing_else_was_written():
    assert kind_named("text").content({"body": {"nl": "Tekst", "en": " "}}, "en") == {"body": "Tekst"}
