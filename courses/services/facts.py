"""The facts of a version: which there are, and the shape of those that are kept as JSON."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courses.completion_rule import rule_errors
from courses.models import ModuleVersion
from lms.core.errors import FieldError
from lms.core.texts import LANGUAGES, validate_text

from .validity import refuse

FACTS = (
    "title",
    "summary",
    "description",
    "track",
    "purpose",
    "level",
    "nlqf_basis",
    "nlqf_number",
    "load",
    "load_unit",
    "languages",
    "outcomes",
    "rule",
    "document_type",
    "validity_months",
    "crebo",
    "croho",
    "certificate_code",
    "work_processes",
    "quality_framework",
    "assessment_type",
    "participation_form",
    "identity_check",
    "isced",
)


def require_facts(version: ModuleVersion) -> None:
    """The JSON facts have their shape, so that pages and certificates can rely on it. Raises: Invalid."""
    refuse([*_shape_errors(version)])


def _shape_errors(version: ModuleVersion) -> Iterator[FieldError]:
    languages = version.languages
    if not _is_list_of(languages, str) or not set(languages) <= set(LANGUAGES) or len(set(languages)) < len(languages):
        yield FieldError("languages", "unknown", _("Choose from nl and en."))
    if not isinstance(version.outcomes, list):
        yield FieldError("outcomes", "type", _("Give a list of texts by language."))
    else:
        yield from _outcome_errors(version.outcomes)
    if not _is_list_of(version.work_processes, str):
        yield FieldError("work_processes", "type", _("Give a list of codes such as B1-K1-W1."))
    framework = version.quality_framework
    known = isinstance(framework, dict) and set(framework) <= {"name", "url"}
    if not known or not all(isinstance(value, str) for value in framework.values()):
        yield FieldError("quality_framework", "type", _("Give a name and a url."))
    yield from rule_errors(version.rule)
    if version.validity_months == 0:
        yield FieldError("validity_months", "range", _("Give at least one month, or leave it empty."))


def _outcome_errors(outcomes: list[Any]) -> Iterator[FieldError]:
    for index, outcome in enumerate(outcomes):
        try:
            validate_text(outcome)
        except ValidationError as error:
            yield FieldError(f"outcomes/{index}", "type", error.messages[0])


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)
