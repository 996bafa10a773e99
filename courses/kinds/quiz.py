"""Questions with a pass mark."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.errors import FieldError, Invalid
from lms.core.texts import localized

from .base import Verdict

QUESTION_TYPES = ("single", "multiple")


class Quiz:
    """Single and multiple choice; a question is right when exactly the right options are chosen.

    `data`: `{"pass_mark": 0-100, "max_attempts": n or null, "questions": [{"id", "type": single | multiple, "text":
    {nl, en}, "options": [{"id", "text"}], "correct": [option ids], "feedback"?: {nl, en}}]}`.
    A submission is `{question id: [option ids]}`.
    """

    key = "quiz"
    label = gettext_lazy("quiz")
    template = "courses/kinds/quiz.html"
    judged = True

    def check(self, data: dict[str, Any]) -> list[FieldError]:
        """A pass mark, and questions that can be answered."""
        errors = []
        pass_mark = data.get("pass_mark")
        if not isinstance(pass_mark, int) or not 1 <= pass_mark <= 100:
            errors.append(FieldError("pass_mark", "range", _("Give a pass mark from 1 to 100 percent.")))
        questions = data.get("questions") or []
        if not questions:
            errors.append(FieldError("questions", "empty", _("Add at least one question.")))
        for index, question in enumerate(questions):
            errors.extend(_check_question(question, f"questions/{index}", index + 1))
        return errors

    def content(self, data: dict[str, Any], language: str) -> dict[str, Any]:
        """The questions and options without the answers."""
        return {
            "pass_mark": data["pass_mark"],
            "max_attempts": data.get("max_attempts"),
            "questions": [
                {
                    "id": question["id"],
                    "type": question["type"],
                    "text": localized(question["text"], language),
                    "options": [{"id": o["id"], "text": localized(o["text"], language)} for o in question["options"]],
                }
                for question in data["questions"]
            ],
        }

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Share of the questions that are right, in percent; passed at the pass mark or above.

        Raises Invalid when a question is left open or an option is not one of its own.
        """
        questions = data["questions"]
        errors = [error for question in questions for error in _check_answer(question, submission)]
        known = {question["id"] for question in questions}
        errors += [
            FieldError(f"answers/{key}", "unknown", _("This quiz has no such question."))
            for key in submission
            if key not in known
        ]
        if errors:
            raise Invalid(_("Answer every question with its own options."), errors=errors)
        right = {q["id"]: set(submission[q["id"]]) == set(q["correct"]) for q in questions}
        score = (Decimal(100 * sum(right.values())) / len(questions)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return Verdict(passed=score >= data["pass_mark"], score=score, feedback={"right": right})


def _check_question(question: dict[str, Any], path: str, number: int) -> Iterator[FieldError]:
    if not localized(question.get("text"), "nl").strip():
        yield FieldError(f"{path}/text/nl", "empty", _("Question %(n)d: write it in Dutch.") % {"n": number})
    options = question.get("options") or []
    if len(options) < 2:
        yield FieldError(f"{path}/options", "few", _("Question %(n)d: give at least two options.") % {"n": number})
    if any(not localized(option.get("text"), "nl").strip() for option in options):
        yield FieldError(f"{path}/options", "empty", _("Question %(n)d: an option has no text.") % {"n": number})
    correct = set(question.get("correct") or [])
    if question.get("type") not in QUESTION_TYPES:
        yield FieldError(f"{path}/type", "unknown", _("Question %(n)d: choose its type.") % {"n": number})
    if not correct or not correct <= {option.get("id") for option in options}:
        yield FieldError(f"{path}/correct", "empty", _("Question %(n)d: mark what is right.") % {"n": number})
    elif question.get("type") == "single" and len(correct) != 1:
        yield FieldError(f"{path}/correct", "many", _("Question %(n)d: mark one right option.") % {"n": number})


def _check_answer(question: dict[str, Any], submission: dict[str, Any]) -> Iterator[FieldError]:
    chosen = submission.get(question["id"])
    path = f"answers/{question['id']}"
    own = {option["id"] for option in question["options"]}
    if not isinstance(chosen, list) or not chosen:
        yield FieldError(path, "required", _("Answer this question."))
    elif not all(isinstance(option, str) and option in own for option in chosen):
        yield FieldError(path, "unknown", _("Choose from the options of this question."))
    elif question["type"] == "single" and len(chosen) != 1:
        yield FieldError(path, "many", _("Choose one option."))
