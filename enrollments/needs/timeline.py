"""Where a need is, as everybody sees it: what happened when, and what is still to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from enrollments.models import BundleState, NeedState, TrainingNeed


@dataclass(frozen=True)
class Step:
    """One step; `at` is None while it is still to come."""

    name: str
    words: str
    at: datetime | None


def steps_of(need: TrainingNeed) -> list[Step]:
    """Posted, bundled, asked, answered by each provider, met; or taken back. Two queries."""
    steps = [Step("posted", _("posted"), need.posted_at), *_bundle_steps(need)]
    if need.met_at:
        steps.append(Step("met", _("met"), need.met_at))
    if need.taken_back_at:
        steps.append(Step("taken_back", _("taken back"), need.taken_back_at))
    steps.sort(key=lambda step: step.at.timestamp() if step.at else 0)
    return [*steps, *_to_come(need, {step.name for step in steps})]


def _bundle_steps(need: TrainingNeed) -> Iterator[Step]:
    bundle = need.bundle
    if bundle is None:
        return
    yield Step("bundled", _("bundled with needs of other employers"), need.bundled_at)
    if bundle.asked_at is None or bundle.state == BundleState.GATHERING:
        return
    yield Step("asked", _("providers are asked"), bundle.asked_at)
    for answer in bundle.answers.select_related("provider").order_by("answered_at"):
        words = _("answered by %(provider)s") % {"provider": answer.provider.name}
        yield Step("answered", words, answer.answered_at)


def _to_come(need: TrainingNeed, done: set[str]) -> Iterator[Step]:
    if need.state in (NeedState.MET, NeedState.TAKEN_BACK):
        return
    words = {
        "bundled": _("bundled with needs of other employers"),
        "asked": _("providers are asked"),
        "answered": _("answered with reserved places"),
        "met": _("met"),
    }
    for name, text in words.items():
        if name not in done:
            yield Step(name, text, None)
