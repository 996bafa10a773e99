"""Saving while somebody types. The script that asks it is a comfort: the Save button does the same, and more."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from lms.core.clock import now
from lms.core.errors import Conflict, Invalid


def asks_autosave(request: HttpRequest) -> bool:
    """The script sent this form, not a person."""
    return request.method == "POST" and request.POST.get("do") == "autosave"


def autosave(form: forms.Form, save: Callable[[], int | str]) -> JsonResponse:
    """Save what is in the form. `save` returns the revision that comes of it, with which the script goes on.

    What a colleague saved meanwhile is never overwritten: 409, and the page leads to both texts side by side.
    """
    if not form.is_valid():
        problem = next(message for messages in form.errors.values() for message in messages)
        return _refused(_("Not saved yet: %(problem)s") % {"problem": problem}, 422)
    try:
        revision = save()
    except Invalid as refused:
        return _refused(_("Not saved yet: %(problem)s") % {"problem": refused.detail}, 422)
    except Conflict as refused:
        if refused.code != "stale":
            return _refused(refused.detail, 409)
        return _refused(_("Not saved: a colleague has changed this too. Compare both texts."), 409)
    moment = time_format(timezone.localtime(now()), "H:i")
    return JsonResponse({"revision": revision, "message": _("Saved at %(time)s.") % {"time": moment}})


def _refused(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)
