"""Page of the provider: letting somebody in without what a module asks beforehand."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from courses.models import Module
from courses.titles import titles_of
from enrollments.models import PrerequisiteOverride
from enrollments.policies import can_give_overrides
from enrollments.prerequisites import asked_beforehand
from enrollments.services.overriding import LONGEST, let_in
from lms.core.errors import Forbidden
from lms.web.paging import keyset_page


class OverrideForm(forms.Form):
    """Who, and why."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the person"))
    reason = forms.CharField(
        label=gettext_lazy("Why they can do without"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


@login_required
@require_http_methods(["GET", "POST"])
def overrides(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form, and whom among the participants somebody let in."""
    module = get_object_or_404(Module.objects.visible_to(request.user).select_related("provider"), pk=pk)
    if not can_give_overrides(request.user, module):
        raise Forbidden
    form = OverrideForm(request.POST or None)
    if form.is_valid():
        user: Any = request.user
        let_in(by=user, module=module, **form.cleaned_data)
        told = _("Whoever has an account with %(email)s can now enroll in this module.")
        messages.success(request, told % {"email": form.cleaned_data["email"]})
        return redirect("enrollments:overrides", pk)
    given = PrerequisiteOverride.objects.visible_to(request.user).filter(module=module)
    context = {
        "module": module,
        "title": titles_of([pk])[pk],
        "asked": asked_beforehand(pk).values(),
        "form": form,
        "page": keyset_page(request, given.select_related("learner", "given_by")),
    }
    return render(request, "enrollments/overrides.html", context)
