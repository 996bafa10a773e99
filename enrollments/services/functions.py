"""Saying what a function is: once, for everybody who has it."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Occupation
from enrollments.models import JobFunction
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import FieldError, Forbidden, Invalid
from lms.organizations.models import Employment, Organization
from lms.organizations.policies import can_manage_staff


@transaction.atomic
def link_function(*, by: User, employer: Organization, title: str, occupation: Occupation | None) -> JobFunction:
    """The function of this name is that ESCO occupation, or none any more.

    Requires: manage_staff. Raises: Forbidden; Invalid for a name that nobody has at this employer. Audits: yes.
    """
    if not can_manage_staff(by, employer):
        raise Forbidden
    Organization.objects.select_for_update(no_key=True).get(pk=employer.pk)
    function = JobFunction.objects.filter(employer=employer, title=title).first()
    if function is None:
        if not Employment.objects.filter(employer=employer, job_title=title).exclude(job_title="").exists():
            message = _("Nobody at %(employer)s has this function.") % {"employer": employer}
            raise Invalid(message, errors=[FieldError("title", "unknown", message)])
        function = JobFunction.objects.create(employer=employer, title=title)
    before = function.occupation_id
    function.occupation = occupation
    function.save(update_fields=["occupation"])
    after = function.occupation_id
    record_audit(
        "enrollments.link_function",
        function,
        changes={"occupation": (str(before) if before else None, str(after) if after else None)},
        organization_id=employer.pk,
    )
    return function
