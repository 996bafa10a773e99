"""Interest in a module for which no date suits yet: shown, and taken back."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Module, ModuleVersion
from enrollments.models import Enrollment, Interest
from enrollments.policies import can_show_interest
from lms.accounts.models import User
from lms.core.errors import Conflict, Forbidden, NotFound


@transaction.atomic
def show_interest(*, by: User, module: Module) -> Interest:
    """A person would take the module when there is a date that suits. Saying it again changes nothing.

    It is one's own wish, of which the provider sees the count alone: so no audit entry names who has it.

    Requires: a published module that is still offered and that they do not take. Raises: NotFound; Forbidden; Conflict.
    """
    seen = Module.objects.visible_to(by).filter(pk=module.pk).first()
    if seen is None:
        raise NotFound
    if not can_show_interest(by):
        raise Forbidden
    if seen.retired_at or not ModuleVersion.objects.published().filter(module=seen).exists():
        raise Conflict(_("This module is not in the catalogue, so no dates will be planned."), code="not_offered")
    if Enrollment.objects.of_learner(by).ongoing().filter(version__module=seen).exists():
        raise Conflict(_("You take this module already."), code="existing")
    interest, _made = Interest.objects.get_or_create(user=by, module=seen)
    return interest


@transaction.atomic
def take_back_interest(*, by: User, module: Module) -> None:
    """The person no longer wishes to be told.

    Requires: an interest of one's own. Raises: NotFound.
    """
    deleted, _rows = Interest.objects.visible_to(by).filter(module=module).delete()
    if not deleted:
        raise NotFound
