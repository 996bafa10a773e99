"""What messages about an enrollment say, in plain words."""

from typing import Any

from django.urls import reverse
from django.utils import formats, translation

from lms.core.texts import localized

from .models import Enrollment


def context_of(enrollment: Enrollment, language: str = "") -> dict[str, Any]:
    """In the learner's language, or that of another reader."""
    offering, employer = enrollment.offering, enrollment.employer
    with translation.override(language or enrollment.learner.language):
        return {
            "title": localized(enrollment.version.title),
            "provider": enrollment.provider.name,
            "employer": employer.name if employer else "",
            "starts_on": formats.date_format(offering.starts_on, "DATE_FORMAT"),
            "ends_on": formats.date_format(offering.ends_on, "DATE_FORMAT") if offering.ends_on else "",
            "path": reverse("enrollments:learn", args=[enrollment.pk]),
        }
