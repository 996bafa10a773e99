"""What a module asks beforehand: one button per module to add or take away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from courses.models import Module
from courses.policies import can_set_prerequisites
from courses.services.prerequisites import set_prerequisites
from courses.titles import titles_of
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.core.texts import words_asked

from .access import own_module
from .module_search import find_modules, published_module


@login_required
@require_http_methods(["GET", "POST"])
def prerequisites(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is asked now, and a search for more."""
    module = own_module(request, pk)
    if not can_set_prerequisites(request.user, module):
        raise Forbidden
    words = words_asked(request.GET.get("q", ""))
    if request.method == "POST":
        _change(request, module)
        address = reverse("courses:prerequisites", args=[pk])
        return HttpResponseRedirect(f"{address}?{request.GET.urlencode()}")
    asked = titles_of(module.prerequisites.values_list("requires", flat=True))
    context = {
        "module": module,
        "title": titles_of([pk])[pk],
        "asked": asked.items(),
        "words": words,
        "found": find_modules(words, leave_out=[pk, *asked]),
    }
    return render(request, "courses/authoring/prerequisites.html", context)


def _change(request: HttpRequest, module: Module) -> None:
    named = published_module(request.POST.get("module", ""))
    if named is None:
        return
    asked = Module.objects.filter(required_by__module=module).exclude(pk=named.pk)
    wanted = [*asked, named] if request.POST.get("do") == "add" else list(asked)
    user: Any = request.user
    try:
        set_prerequisites(by=user, module=module, requires=wanted)
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.detail)
