"""Pages of HR about the functions of its people, and the ESCO occupations they are."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Occupation
from enrollments.functions import functions_of, occupations_like, occupations_named
from enrollments.services.functions import link_function
from lms.accounts.models import User
from lms.core.texts import words_asked
from lms.organizations.employers import chosen_employer
from lms.organizations.models import Organization


@login_required
@require_safe
def functions(request: HttpRequest) -> HttpResponse:
    """Every function among the staff, with the occupation it is."""
    chosen = chosen_employer(request)
    found = functions_of(chosen.employer)
    unlinked = sum(function.occupation is None for function in found)
    return render(request, "enrollments/functions.html", {"chosen": chosen, "functions": found, "unlinked": unlinked})


@login_required
@require_http_methods(["GET", "POST"])
def function(request: HttpRequest) -> HttpResponse:
    """`?title=`: find the occupation, in Dutch or English, and choose it for everybody with this function."""
    chosen = chosen_employer(request)
    title = (request.POST if request.method == "POST" else request.GET).get("title", "")
    here = next((one for one in functions_of(chosen.employer) if one.title == title), None)
    if here is None:
        raise Http404
    if request.method == "POST":
        return _link(request, chosen.employer, title)
    words = words_asked(request.GET.get("q", ""))
    found = occupations_named(words) if words else occupations_like(title)
    context = {"chosen": chosen, "function": here, "words": words, "found": found, "back": _list(chosen.employer.slug)}
    return render(request, "enrollments/function.html", context)


def _link(request: HttpRequest, employer: Organization, title: str) -> HttpResponse:
    occupation = None
    if asked := request.POST.get("occupation"):
        try:
            occupation = get_object_or_404(Occupation.objects.current(), pk=UUID(asked))
        except ValueError as error:
            raise Http404 from error
    link_function(by=cast(User, request.user), employer=employer, title=title, occupation=occupation)
    facts = {"title": title, "occupation": occupation}
    done = _("%(title)s is now %(occupation)s.") if occupation else _("%(title)s is linked to no occupation any more.")
    messages.success(request, done % facts)
    return redirect(_list(employer.slug))


def _list(slug: str) -> str:
    return f"{reverse('enrollments:functions')}?employer={slug}"
