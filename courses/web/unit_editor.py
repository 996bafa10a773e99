"""The editors of units, one per kind."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.kinds.text import MAX_LENGTH
from courses.models import Unit
from courses.services import authoring
from lms.core.errors import Conflict, DomainError, Invalid

from .access import unit_to_edit
from .autosave import asks_autosave, autosave
from .content import content_page
from .facts_form import differences, texts
from .file_forms import FileForm, VideoForm, WithFiles
from .refusals import add_errors
from .unit_forms import QuizForm, TextForm, UnitForm, questions_of, shown_questions

FORMS: dict[str, type[UnitForm]] = {"text": TextForm, "quiz": QuizForm, "video": VideoForm, "file": FileForm}


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The editor of a unit. Every button saves; where a colleague saved meanwhile nothing is lost."""
    found = unit_to_edit(request, pk)
    form = _form_of(request, found)
    if asks_autosave(request):
        return autosave(form, lambda: _save_words(request, found, form).revision)
    if request.method == "GET" or not form.is_valid():
        return _unit_page(request, found, form)
    try:
        _save(request, found, form)
    except Invalid as refused:
        add_errors(form, refused)
        return _unit_page(request, found, form)
    except Conflict as refused:
        if refused.code != "stale":
            raise
        found.refresh_from_db()
        return _unit_page(request, found, form, stale=refused)
    return _after_saving(request, found)


@login_required
@require_POST
def preview_text(request: HttpRequest, pk: UUID, language: str) -> HttpResponse:
    """What is in the editor at this moment, as a learner will see it; nothing is kept."""
    found = unit_to_edit(request, pk)
    source = request.POST.get(f"body_{language}", "")[:MAX_LENGTH]
    context = {"source": source, "module_id": found.section.version.module_id}
    return render(request, "courses/authoring/preview_text.html", context)


def _form_of(request: HttpRequest, found: Unit) -> UnitForm:
    form_class, version = FORMS[found.kind], found.section.version
    known = {
        "initial": form_class.values_of(found),
        "module": version.module,
        "by_points": version.rule["units"] == "points",
    }
    if request.method == "GET":
        return form_class(**known)
    return form_class(request.POST, request.FILES, **known)


def _save(request: HttpRequest, found: Unit, form: UnitForm) -> None:
    """First the words, which may be stale; then what was uploaded, so that nothing is kept that nothing names."""
    user: Any = request.user
    saved = _save_words(request, found, form)
    form.data = {**request.POST.dict(), "revision": saved.revision}
    module = found.section.version.module
    if isinstance(form, WithFiles):
        for name, upload in form.uploaded():
            try:
                kept = authoring.add_file(by=user, module=module, file=upload, name=upload.name or "")
            except Invalid as refused:
                raise _renamed(refused, {"file": form.uploads[name]}) from refused
            form.cleaned_data[name] = kept
            saved = authoring.edit_unit(by=user, unit=found, revision=saved.revision, data=form.content())
            form.data = {**form.data, name: str(kept.pk), "revision": saved.revision}
    picture = form.cleaned_data.get("image_file")
    if picture is not None:
        alt = texts(form.cleaned_data["image_alt_nl"], form.cleaned_data["image_alt_en"])
        try:
            authoring.add_image(by=user, module=module, file=picture, alt=alt)
        except Invalid as refused:
            names = {"file": "image_file", "alt/nl": "image_alt/nl", "alt": "image_alt/nl"}
            raise _renamed(refused, names) from refused
        messages.success(request, _("The picture is added: put it in your text with the button beside it."))


def _save_words(request: HttpRequest, found: Unit, form: UnitForm) -> Unit:
    user: Any = request.user
    return authoring.edit_unit(by=user, unit=found, revision=form.cleaned_data["revision"], **form.facts())


def _renamed(refused: Invalid, names: dict[str, str]) -> DomainError:
    """Errors of an upload's own fields under the names they have in this form."""
    errors = [type(error)(names.get(error.field, error.field), error.code, error.message) for error in refused.errors]
    return Invalid(refused.detail, errors=errors)


def _after_saving(request: HttpRequest, found: Unit) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "preview":
        return redirect("courses:preview_unit", found.pk)
    if do == "save":
        messages.success(request, _("Saved."))
        return content_page(found.section.version, f"section-{found.section_id}")
    anchors = {"add-question": "questions-end", "add-image": "pictures", "upload": "files"}
    anchor = anchors.get(do, "questions")
    verb, _colon, number = do.partition(":")
    if verb in ("up", "down", "options") and number.isdecimal() and len(number) < 4:
        step = {"up": -1, "down": 1, "options": 0}[verb]
        anchor = f"question-{max(0, int(number) + step)}"
    return HttpResponseRedirect(f"{reverse('courses:unit', args=[found.pk])}#{anchor}")


def _unit_page(request: HttpRequest, found: Unit, form: UnitForm, *, stale: Conflict | None = None) -> HttpResponse:
    version = found.section.version
    context: dict[str, Any] = {"unit": found, "version": version, "tab": "content", "form": form}
    if isinstance(form, QuizForm):
        typed = {"questions": questions_of(form.data)} if form.is_bound else found.data
        context["questions"] = shown_questions(typed)
    elif isinstance(form, TextForm):
        context["images"] = version.module.images.order_by("-id")[:50]
    if stale:
        stored = type(form).values_of(found)
        context |= {"stale": stale.detail, "differences": differences(form, stored)}
        form.data = {**request.POST.dict(), "revision": found.revision}
    template = f"courses/authoring/{found.kind}.html"
    return render(request, template, context, status=409 if stale else 200)
