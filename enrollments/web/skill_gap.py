"""The skill gap of an employer: a table with bars, the people behind each figure, and the same as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.models import Skill
from enrollments.needs import gap
from enrollments.needs.policies import can_view_skill_gap
from enrollments.reports.columns import Column, Line
from enrollments.services.gap_export import export_skill_gap
from lms.core.errors import Forbidden
from lms.organizations.models import Department, Organization
from lms.web.paging import keyset_page

from .need_form import uuids

MISSING = {"missing": True, "have": False, "": None}
MOST_IN_LINK = 40  # skills that a link to the form of a need names


@dataclass
class Asked:
    """Whose gap, of which department; opened at one function and skill when somebody asks who."""

    employers: list[Organization]
    employer: Organization
    departments: list[Department]
    department: Department | None
    gaps: list[gap.FunctionGap]
    function: gap.FunctionGap | None = None
    skill: Skill | None = None
    who: str = ""

    def address(self, **more: Any) -> str:
        """The parameters of a link that stays with this employer and department."""
        kept: dict[str, Any] = {"employer": self.employer.slug}
        if self.department:
            kept["department"] = self.department.pk
        return urlencode(kept | more, doseq=True)


@login_required
@never_cache
@require_safe
def skill_gap(request: HttpRequest) -> HttpResponse:
    """Functions, what they need and how many completed it, the largest gap first."""
    asked = read_gap(request)
    rows = [
        {
            "gap": one,
            "post": _post_link(asked, one, one.lacking),
            "skills": [(skill, _post_link(asked, one, [skill]), _who_link(asked, one, skill)) for skill in one.skills],
        }
        for one in asked.gaps
    ]
    context = {
        "asked": asked,
        "rows": rows,
        "unlinked": gap.unlinked_people(asked.employer, asked.department, asked.gaps),
        "parameters": asked.address(),
    }
    return render(request, "enrollments/needs/skill_gap.html", context)


@login_required
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who misses a skill, or has it."""
    asked = read_gap(request)
    if asked.function is None or asked.skill is None:
        return redirect(f"{reverse('enrollments:skill_gap')}?{asked.address()}")
    found = _behind(asked)
    page = keyset_page(request, found, order=("user__family_name", "user__given_name", "id"))
    context = {
        "asked": asked,
        "page": page,
        "lines": gap.people_lines(asked.employer, asked.skill, page.items),
        "parameters": asked.address(function=asked.function.function.pk, skill=asked.skill.pk),
        "post": _post_link(asked, asked.function, [one for one in asked.function.skills if one.skill == asked.skill]),
    }
    return render(request, "enrollments/needs/skill_gap_people.html", context)


@login_required
@never_cache
@require_safe
def file(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The table, or the people behind a figure, from the same queries."""
    asked = read_gap(request)
    columns, lines = _table(asked)
    said = request.GET.dict()
    return export_skill_gap(
        by=request.user,  # type: ignore[arg-type]
        employer=asked.employer,
        form=form,
        said=said,
        columns=columns,
        lines=lines,
    )


def read_gap(request: HttpRequest) -> Asked:
    """What the address asks; what it names and is not there is a 404."""
    employers = [
        employer
        for employer in Organization.objects.allowing(request.user, "post_needs").filter(is_employer=True)
        if can_view_skill_gap(request.user, employer)
    ]
    if not employers:
        raise Forbidden(_("This page is for HR of an employer."))
    data = request.GET
    slug = data.get("employer") or employers[0].slug
    employer = next((one for one in employers if one.slug == slug), None)
    if employer is None:
        raise Http404
    departments = list(Department.objects.filter(employer=employer))
    department = _named(departments, data.get("department", ""))
    asked = Asked(employers, employer, departments, department, gap.skill_gap(employer, department))
    _open(asked, data)
    return asked


def _open(asked: Asked, data: QueryDict) -> None:
    if named := data.get("function", ""):
        asked.function = next((one for one in asked.gaps if str(one.function.pk) == named), None)
        if asked.function is None:
            raise Http404
    if asked.function and (wanted := data.get("skill", "")):
        asked.skill = next((one.skill for one in asked.function.skills if str(one.skill.pk) == wanted), None)
        if asked.skill is None:
            raise Http404
    asked.who = data.get("who", "") if data.get("who", "") in MISSING else ""


def _named(departments: list[Department], value: str) -> Department | None:
    if not value:
        return None
    known = uuids([value])
    found = next((one for one in departments if known and str(one.pk) == known[0]), None)
    if found is None:
        raise Http404
    return found


def _behind(asked: Asked) -> Any:
    if asked.function is None or asked.skill is None:
        raise Http404
    found = gap.people_behind(asked.employer, asked.department, asked.function, asked.skill, missing=MISSING[asked.who])
    return found.select_related("user", "department")


def _table(asked: Asked) -> tuple[tuple[Column, ...], Iterable[Line]]:
    if asked.function is None or asked.skill is None:
        return gap.GAP_COLUMNS, gap.gap_lines(asked.gaps)
    rows = list(_behind(asked).order_by("user__family_name", "user__given_name", "id"))
    lines: list[Line] = gap.people_lines(asked.employer, asked.skill, rows)
    return gap.PEOPLE_COLUMNS, lines


def _post_link(asked: Asked, one: gap.FunctionGap, skills: list[gap.SkillGap]) -> str:
    """The form of a need, filled in: these skills for as many people as miss the one that is missed most."""
    most = max((skill.missing for skill in skills), default=0)
    if not most:
        return ""
    said: dict[str, Any] = {
        "employer": asked.employer.slug,
        "occupation": one.occupation.pk,
        "prefilled": one.occupation.pk,
        "skill": [skill.skill.pk for skill in skills[:MOST_IN_LINK]],
        "people": most,
    }
    if asked.department:
        said["department"] = asked.department.pk
    return urlencode(said, doseq=True)


def _who_link(asked: Asked, one: gap.FunctionGap, skill: gap.SkillGap) -> str:
    return asked.address(function=one.function.pk, skill=skill.skill.pk)
