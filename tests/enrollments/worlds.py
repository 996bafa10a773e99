"""Worlds of somebody who learns."""

from dataclasses import dataclass

from courses.models import ModuleVersion, Offering, Section, Unit
from courses.services.authoring import add_unit, create_draft, edit_unit
from enrollments.models import Enrollment
from enrollments.services.enrolling import enroll_self
from enrollments.services.learning import mark_unit_done, submit_attempt
from lms.accounts.models import User
from lms.core.clock import now
from lms.permissions.roles import Role
from tests.factories import (
    ModuleVersionFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    quiz_unit,
    text_unit,
)


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
    version.approved_at = version.published_at = now()
    version.save()
    learner = UserFactory()
    return learner, enroll_self(by=learner, offering=offering_of(version))


@dataclass
class Renewed:
    """A module of which version 2 is written: who is halfway in version 1, and who completed it.

    Version 1 is: read, practise, quiz. In version 2 the practice has other words, and there is a lesson more.
    """

    first: ModuleVersion
    second: ModuleVersion
    offering: Offering
    halfway: list[Enrollment]
    completed: list[Enrollment]
    publisher: User

    def unit(self, version: ModuleVersion, place: int) -> Unit:
        """A unit by its place."""
        return Unit.objects.select_related("section").get(section__version=version, position=place)


def renewed(*, halfway=18, completed=2, publish=True, capacity=None) -> Renewed:
    """People read the first two lessons of version 1; some passed the quiz too; then version 2 comes."""
    first = published_version(units=("text", "text", "quiz"))
    provider = first.module.provider
    publisher, offering = person_with_role(provider, Role.PUBLISHER), offering_of(first, capacity=capacity)
    people = [enroll_self(by=UserFactory(), offering=offering) for _n in range(halfway + completed)]
    read, practise, quiz = Unit.objects.filter(section__version=first).select_related("section").order_by("position")
    for enrollment in people:
        for unit in (read, practise):
            mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=unit)
    for enrollment in people[halfway:]:
        answers = {"q1": ["a"], "q2": ["a", "b"]}
        submit_attempt(by=enrollment.learner, enrollment=enrollment, unit=quiz, answers=answers)
    second = create_draft(by=publisher, module=first.module)
    edit_unit(by=publisher, unit=Unit.objects.get(section__version=second, position=1), data={"body": {"nl": "Nieuw."}})
    body = {"body": {"nl": "Een les erbij."}}
    add_unit(by=publisher, section=second.sections.get(), kind="text", title={"nl": "Extra"}, data=body)
    if publish:
        publish_now(second)
    return Renewed(first, second, offering, people[:halfway], people[halfway:], publisher)


def publish_now(version: ModuleVersion) -> None:
    """As published, whatever the publishing service asks beforehand."""
    version.approved_at = version.published_at = now()
    version.save(update_fields=["approved_at", "published_at"])
