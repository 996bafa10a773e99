"""Worlds of somebody who learns."""

from courses.models import Section
from enrollments.services.enrolling import enroll_self
from lms.core.clock import now
from tests.factories import ModuleVersionFactory, UserFactory, offering_of, quiz_unit, text_unit


def enroll_in(units, **facts):
    """Enroll a new person in a version of `units`: (kind, required, max_attempts). `facts` are the version's own."""
    version = ModuleVersionFactory(**facts)
    section = Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    for position, (kind, required, max_attempts) in enumerate(units):
        make = text_unit if kind == "text" else quiz_unit
        unit = make(section, position, required=required)
        if kind == "quiz":
            unit.data["max_attempts"] = max_attempts
            unit.save()
    version.published_at = now()
    version.save()
    learner = UserFactory()
    return learner, enroll_self(by=learner, offering=offering_of(version))
