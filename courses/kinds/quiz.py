"""Questions with a pass mark."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.errors import FieldError, Invalid

from .base import FileReference, Verdict, as_list, as_object, written

QUESTION_TYPES = ("single", "multiple")
MAX_QUESTIONS = 100
MAX_OPTIONS = 20
MAX_ATTEMPTS = 20


class Quiz:
    """Single and multiple choice; a question is right when exactly the right options are chosen.

    `data`: `{"pass_mark": 1-100, "max_attempts": 1-20 or null, "questions": [{"id", "type": single | multiple, "text":
    {nl, en}, "options": [{"id", "text"}], "correct": [option ids], "feedback"?: {nl, en}}]}`.
    A submission is `{question id: [option ids]}`.
    """

    key = "quiz"
    label = gettext_lazy("quiz")
    template = "courses/kinds/quiz.html"
    judged = True

    def check(self, data: Any) -> list[FieldError]:
        """A pass mark, a sane number of attempts, and questions that can be answered."""
        data = as_object(data)
        errors = []
        if not _is_number(data.get("pass_mark"), 1, 100):
            errors.append(FieldError("pass_mark", "range", _("Give a pass mark from 1 to 100 percent.")))
        if data.get("max_attempts") is not None and not _is_number(data["max_attempts"], 1, MAX_ATTEMPTS):
            message = _("Give a number of attempts from 1 to %(max)d, or leave it empty for no limit.")
            errors.append(FieldError("max_attempts", "range", message % {"max": MAX_ATTEMPTS}))
        questions = as_list(data.get("questions"))
        if not 1 <= len(questions) <= MAX_QUESTIONS:
            message = _("Ask from 1 to %(max)d questions.") % {"max": MAX_QUESTIONS}
            errors.append(FieldError("questions", "empty" if not questions else "many", message))
        ids = [as_object(question).get("id") for question in questions]
        for index, question in enumerate(questions[:MAX_QUESTIONS]):
            errors.extend(_check_question(as_object(question), f"questions/{index}", index + 1))
            if not _is_id(ids[index]) or ids[index] in ids[:index]:
                message = _("Question %(n)d: give it an id of its own.") % {"n": index + 1}
                errors.append(FieldError(f"questions/{index}/id", "id", message))
        return errors

    def content(self, data: Any, language: str) -> dict[str, Any]:
        """The questions and options without the answers."""
        data = as_object(data)
        return {
            "pass_mark": _number(data.get("pass_mark"), 1, 100),
            "max_attempts": _number(data.get("max_attempts"), 1, MAX_ATTEMPTS),
            "questions": [
                {
                    "id": _id(question.get("id")),
                    "type": question.get("type"),
                    "text": written(question.get("text"), language),
                    "options": [
                        {"id": _id(option.get("id")), "text": written(option.get("text"), language)}
                        for option in map(as_object, as_list(question.get("options")))
                    ],
                }
                for question in map(as_object, as_list(data.get("questions")))
            ],
        }

    def files(self, data: Any) -> list[FileReference]:
        """None."""
        return []

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Share of the questions that are right, in percent; passed at the pass mark or above.

        Raises Invalid when a question is left open or an option is not one of its own.
        """
        questions = data["questions"]
        answers = as_object(submission)
        errors = [error for question in questions for error in _check_answer(question, answers)]
        known = {question["id"] for question in questions}
        errors += [
            FieldError(f"answers/{key}", "unknown", _("This quiz has no such question."))
            for key in answers
            if key not in known
        ]
        if errors:
            raise Invalid(_("Answer every question with its own options."), errors=errors)
        right = {q["id"]: set(answers[q["id"]]) == set(q["correct"]) for q in questions}
        share = Decimal(100 * sum(right.values())) / len(questions)
        score = share.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return Verdict(passed=share >= data["pass_mark"], score=score, feedback={"right": right})


def _check_question(question: dict[str, Any], path: str, number: int) -> Iterator[FieldError]:
    n = {"n": number}
    options = [as_object(option) for option in as_list(question.get("options"))]
    if not written(question.get("text"), "nl"):
        yield FieldError(f"{path}/text/nl", "empty", _("Question %(n)d: write it in Dutch.") % n)
    if question.get("type") not in QUESTION_TYPES:
        yield FieldError(f"{path}/type", "unknown", _("Question %(n)d: choose its type.") % n)
    if not 2 <= len(options) <= MAX_OPTIONS:
        message = _("Question %(n)d: give from 2 to %(max)d options.") % {**n, "max": MAX_OPTIONS}
        yield FieldError(f"{path}/options", "few" if len(options) < 2 else "many", message)
    ids = [option.get("id") for option in options]
    for index, option in enumerate(options[:MAX_OPTIONS]):
        if not written(option.get("text"), "nl"):
            message = _("Question %(n)d: write option %(option)d in Dutch.") % {**n, "option": index + 1}
            yield FieldError(f"{path}/options/{index}/text/nl", "empty", message)
        if not _is_id(ids[index]) or ids[index] in ids[:index]:
            message = _("Question %(n)d: give option %(option)d an id of its own.") % {**n, "option": index + 1}
            yield FieldError(f"{path}/options/{index}/id", "id", message)
    yield from _check_correct(question, ids, f"{path}/correct", n)


def _check_correct(question: dict[str, Any], ids: list[Any], path: str, n: dict[str, int]) -> Iterator[FieldError]:
    correct = as_list(question.get("correct"))
    if not correct or not all(_is_id(option) and option in ids for option in correct):
        yield FieldError(path, "empty", _("Question %(n)d: mark what is right.") % n)
    elif question.get("type") == "single" and len(set(correct)) != 1:
        yield FieldError(path, "many", _("Question %(n)d: mark one right option.") % n)


def _check_answer(question: dict[str, Any], answers: dict[str, Any]) -> Iterator[FieldError]:
    chosen = answers.get(question["id"])
    path = f"answers/{question['id']}"
    own = {option["id"] for option in question["options"]}
    if not isinstance(chosen, list) or not chosen:
        yield FieldError(path, "required", _("Answer this question."))
    elif not all(isinstance(option, str) and option in own for option in chosen):
        yield FieldError(path, "unknown", _("Choose from the options of this question."))
    elif question["type"] == "single" and len(chosen) != 1:
        yield FieldError(path, "many", _("Choose one option."))


def _is_number(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _number(value: Any, lowest: int, highest: int) -> int | None:
    return value if _is_number(value, lowest, highest) else None


def _id(value: Any) -> str:
    return value if _is_id(value) else ""


def _is_id(value: Any) -> bool:
    """A short word: it becomes a key of a submission and part of a form field's name."""
    return isinstance(value, str) and 0 < len(value) <= 40 and value.replace("-", "").replace("_", "").isalnum()
