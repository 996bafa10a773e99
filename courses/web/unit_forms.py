"""Forms of units: a text, and a quiz of which every button press is saved."""

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.kinds.base import as_list, as_object
from courses.kinds.quiz import MAX_ATTEMPTS, MAX_OPTIONS, MAX_QUESTIONS
from courses.models import Module, Unit

from .facts_form import lines, texts

SHOWN_OPTIONS = 4  # so many rows a question shows at least


class UnitForm(forms.Form):
    """What every unit has."""

    title_nl = forms.CharField(label=_("Title in Dutch"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    minutes = forms.IntegerField(label=_("Estimated minutes"), min_value=1, max_value=10_000)
    required = forms.BooleanField(
        label=_("Required"), help_text=_("Counts for finishing the module."), required=False, initial=True
    )
    points = forms.IntegerField(
        label=_("Points"), help_text=_("What doing it is worth."), min_value=0, max_value=1_000, required=False
    )
    revision = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, module: Module, by_points: bool = False, **kwargs: Any) -> None:
        """A form of a unit in `module`. Points are asked only where the completion rule counts them."""
        self.module = module
        super().__init__(*args, **kwargs)
        if not by_points:
            del self.fields["points"]

    def facts(self) -> dict[str, Any]:
        """As `edit_unit` wants them. Requires: a valid form."""
        given = self.cleaned_data
        return {
            "title": texts(given["title_nl"], given["title_en"]),
            "minutes": given["minutes"],
            "required": given["required"],
            "data": self.content(),
            **({"points": given["points"] or 0} if "points" in given else {}),
        }

    def content(self) -> dict[str, Any]:
        """The kind's own data."""
        raise NotImplementedError

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        """What a unit holds, as this form shows it."""
        title = as_object(unit.title)
        return {
            "title_nl": title.get("nl", ""),
            "title_en": title.get("en", ""),
            "minutes": unit.minutes,
            "required": unit.required,
            "points": unit.points,
            "revision": unit.revision,
        }


class TextForm(UnitForm):
    """A text to read, and a picture to add to it."""

    body_nl = forms.CharField(label=_("Text in Dutch"), widget=lines(16), required=False)
    body_en = forms.CharField(label=_("Text in English"), widget=lines(16), required=False)
    image_file = forms.FileField(label=_("Picture"), help_text=_("PNG, JPEG or WebP, at most 5 MB."), required=False)
    image_alt_nl = forms.CharField(
        label=_("What it shows, in Dutch"),
        help_text=_("For who cannot see it."),
        max_length=400,
        required=False,
    )
    image_alt_en = forms.CharField(label=_("What it shows, in English"), max_length=400, required=False)

    @property
    def texts(self) -> list[dict[str, Any]]:
        """The fields of the text with their language."""
        return [{"language": code, "bound": self[f"body_{code}"]} for code in ("nl", "en")]

    def content(self) -> dict[str, Any]:
        """The markdown per language."""
        return {"body": texts(self.cleaned_data["body_nl"], self.cleaned_data["body_en"])}

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        """With the markdown."""
        body = as_object(as_object(unit.data).get("body"))
        bodies = {f"body_{code}": str(body.get(code, "")) for code in ("nl", "en")}
        return {**UnitForm.values_of(unit), **bodies}


class QuizForm(UnitForm):
    """Pass mark and attempts; the questions are read from the form's other fields by `questions_of`."""

    pass_mark = forms.IntegerField(label=_("Pass mark (%)"), min_value=1, max_value=100, initial=60)
    max_attempts = forms.IntegerField(
        label=_("Attempts"), help_text=_("Empty: no limit."), min_value=1, max_value=MAX_ATTEMPTS, required=False
    )

    def content(self) -> dict[str, Any]:
        """Pass mark, attempts and questions, after what the pressed button asks."""
        given = self.cleaned_data
        return {
            "pass_mark": given["pass_mark"],
            "max_attempts": given["max_attempts"],
            "questions": questions_of(self.data),
        }

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        """With pass mark and attempts."""
        data = as_object(unit.data)
        marks = {"pass_mark": data.get("pass_mark", 60), "max_attempts": data.get("max_attempts")}
        return {**UnitForm.values_of(unit), **marks}


def questions_of(sent: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions that the form sent, changed as its button asks: `do` is a verb and the question's number."""
    questions = [_question(sent, f"question-{n}") for n in range(_count(sent, "questions", MAX_QUESTIONS))]
    verb, _colon, number = str(sent.get("do", "")).partition(":")
    chosen = next((place for place in range(len(questions)) if str(place) == number), None)
    if verb == "add-question" and len(questions) < MAX_QUESTIONS:
        questions.append({"id": _new_id(), "type": "single", "text": {}, "options": [], "correct": []})
    elif chosen is not None and verb == "delete":
        del questions[chosen]
    elif chosen is not None and verb in ("up", "down"):
        place = max(0, chosen - 1) if verb == "up" else chosen + 1
        questions.insert(place, questions.pop(chosen))
    return questions


def shown_questions(data: Any) -> list[dict[str, Any]]:
    """What a quiz holds, as its form shows it: with some empty rows for options to come."""
    return [
        {
            "prefix": f"question-{number}",
            "number": number + 1,
            "id": question.get("id", ""),
            "type": question.get("type", "single"),
            "text": as_object(question.get("text")),
            "feedback": as_object(question.get("feedback")),
            "options": _shown_options(question, f"question-{number}"),
        }
        for number, question in enumerate(map(as_object, as_list(as_object(data).get("questions"))))
    ]


def _shown_options(question: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    options = [as_object(option) for option in as_list(question.get("options"))]
    rows = min(MAX_OPTIONS, max(SHOWN_OPTIONS, len(options) + 1))
    options += [{} for _row in range(rows - len(options))]
    return [
        {
            "prefix": f"{prefix}-option-{row}",
            "number": row + 1,
            "id": option.get("id", ""),
            "text": as_object(option.get("text")),
            "correct": bool(option) and option.get("id") in as_list(question.get("correct")),
        }
        for row, option in enumerate(options)
    ]


def _question(sent: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    options, correct = [], []
    for row in range(_count(sent, f"{prefix}-options", MAX_OPTIONS)):
        name = f"{prefix}-option-{row}"
        text = texts(sent.get(f"{name}-nl", ""), sent.get(f"{name}-en", ""))
        if not text:
            continue
        options.append({"id": sent.get(f"{name}-id") or _new_id(), "text": text})
        if sent.get(f"{name}-correct"):
            correct.append(options[-1]["id"])
    question: dict[str, Any] = {
        "id": sent.get(f"{prefix}-id") or _new_id(),
        "type": "multiple" if sent.get(f"{prefix}-type") == "multiple" else "single",
        "text": texts(sent.get(f"{prefix}-nl", ""), sent.get(f"{prefix}-en", "")),
        "options": options,
        "correct": correct,
    }
    feedback = texts(sent.get(f"{prefix}-feedback-nl", ""), sent.get(f"{prefix}-feedback-en", ""))
    return question | ({"feedback": feedback} if feedback else {})


def _count(sent: Mapping[str, Any], name: str, most: int) -> int:
    given = str(sent.get(name, ""))
    return min(int(given), most) if given.isascii() and given.isdigit() and len(given) < 4 else 0


def _new_id() -> str:
    return secrets.token_hex(4)
