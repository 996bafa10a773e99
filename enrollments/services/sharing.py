"""A worker shows a grade to the employer, and takes that back."""

from django.db import transaction
from django.utils.translation import gettext as _

from enrollments.models import Completion, Enrollment, GradeShare
from enrollments.policies import can_share_grade
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, Forbidden


@transaction.atomic
def share_grade(*, by: User, enrollment: Enrollment) -> GradeShare:
    """Let the employer that arranged it see the grade, until it is taken back. Sharing again changes nothing.

    Raises: Forbidden for all but the learner; Conflict while there is no grade.
    """
    locked = _locked(by, enrollment)
    completion = Completion.objects.filter(enrollment=locked).first()
    if completion is None or completion.result.get("score") is None:
        raise Conflict(_("There is no grade to share."))
    share, new = GradeShare.objects.get_or_create(enrollment=locked, ended_at=None)
    if new:
        record_audit("enrollments.share_grade", locked, organization_id=locked.employer_id)
    return share


@transaction.atomic
def unshare_grade(*, by: User, enrollment: Enrollment) -> None:
    """The employer sees the grade no more, from now on.

    Raises: Forbidden for all but the learner.
    """
    locked = _locked(by, enrollment)
    if GradeShare.objects.filter(enrollment=locked, ended_at=None).update(ended_at=now()):
        record_audit("enrollments.unshare_grade", locked, organization_id=locked.employer_id)


def _locked(by: User, enrollment: Enrollment) -> Enrollment:
    locked = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
    if not can_share_grade(by, locked):
        raise Forbidden
    return locked
