"""Forms of units that are made of files: a document, a video. A file is chosen from the module's, or uploaded here."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.file_types import VTT
from courses.kinds.base import as_object, file_id
from courses.models import Module, ModuleFile, Unit

from .facts_form import lines, texts
from .unit_forms import UnitForm


class FileChoice(forms.ModelChoiceField):
    """A file that the module has already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ModuleFile.objects.none(), required=False, empty_label=_("none"), **kwargs)


class WithFiles(UnitForm):
    """`uploads`: by the name of a choice, the field in which one can upload instead."""

    uploads: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, module: Module, **kwargs: Any) -> None:
        super().__init__(*args, module=module, **kwargs)
        files = module.files.order_by("name", "id")
        for name in self.uploads:
            choice: Any = self.fields[name]
            choice.queryset = self.suitable(name, files)

    def suitable(self, name: str, files: Any) -> Any:
        """Of the module's files those that fit the choice."""
        return files

    def uploaded(self) -> list[tuple[str, Any]]:
        """Names of choices with the file that was uploaded for each. Requires: a valid form."""
        given = self.cleaned_data
        return [(name, given[upload]) for name, upload in self.uploads.items() if given.get(upload)]

    def chosen(self, name: str) -> str | None:
        """The id of the chosen file."""
        file = self.cleaned_data.get(name)
        return str(file.pk) if file else None


class FileForm(WithFiles):
    """A document to download."""

    uploads = {"file": "file_upload"}

    file = FileChoice(label=_("File"), help_text=_("One that this module has already."))
    file_upload = forms.FileField(
        label=_("Or upload a file"),
        help_text=_("PDF, picture or office document without macros, at most 25 MB."),
        required=False,
    )
    description_nl = forms.CharField(label=_("What it is, in Dutch"), widget=lines(4), required=False)
    description_en = forms.CharField(label=_("What it is, in English"), widget=lines(4), required=False)

    def content(self) -> dict[str, Any]:
        """The file and what is said about it."""
        given = self.cleaned_data
        return {"file": self.chosen("file"), "description": texts(given["description_nl"], given["description_en"])}

    def suitable(self, name: str, files: Any) -> Any:
        """Everything but subtitles."""
        return files.exclude(content_type=VTT)

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        """With the file."""
        data = as_object(unit.data)
        words = as_object(data.get("description"))
        described = {f"description_{code}": words.get(code, "") for code in ("nl", "en")}
        return {**UnitForm.values_of(unit), "file": file_id(data.get("file")), **described}


class VideoForm(WithFiles):
    """A video by its address or uploaded, with subtitles."""

    uploads = {"file": "file_upload", "subtitles_nl": "subtitles_nl_upload", "subtitles_en": "subtitles_en_upload"}

    url = forms.CharField(
        label=_("Address of the video"),
        help_text=_("Such as https://youtu.be/… or https://vimeo.com/…; it opens in a new tab."),
        max_length=2000,
        required=False,
    )
    file = FileChoice(label=_("Or a video of this module"))
    file_upload = forms.FileField(
        label=_("Or upload a video"), help_text=_("MP4 or WebM, at most 500 MB."), required=False
    )
    subtitles_nl = FileChoice(label=_("Subtitles in Dutch"))
    subtitles_nl_upload = forms.FileField(
        label=_("Or upload subtitles in Dutch"), help_text=_("WebVTT (.vtt), UTF-8."), required=False
    )
    subtitles_en = FileChoice(label=_("Subtitles in English"))
    subtitles_en_upload = forms.FileField(
        label=_("Or upload subtitles in English"), help_text=_("WebVTT (.vtt), UTF-8."), required=False
    )
    transcript_nl = forms.CharField(label=_("What is said, in Dutch"), widget=lines(6), required=False)
    transcript_en = forms.CharField(label=_("What is said, in English"), widget=lines(6), required=False)

    def content(self) -> dict[str, Any]:
        """Address or file, subtitles, transcript."""
        given = self.cleaned_data
        subtitles = {code: self.chosen(f"subtitles_{code}") for code in ("nl", "en")}
        return {
            "url": given["url"].strip(),
            "file": self.chosen("file"),
            "subtitles": {code: chosen for code, chosen in subtitles.items() if chosen},
            "transcript": texts(given["transcript_nl"], given["transcript_en"]),
        }

    def suitable(self, name: str, files: Any) -> Any:
        """Videos, or subtitles."""
        return files.filter(content_type__startswith="video/") if name == "file" else files.filter(content_type=VTT)

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        """With address, files and transcript."""
        data = as_object(unit.data)
        subtitles, words = as_object(data.get("subtitles")), as_object(data.get("transcript"))
        per_language = {
            name: value
            for code in ("nl", "en")
            for name, value in (
                (f"subtitles_{code}", file_id(subtitles.get(code))),
                (f"transcript_{code}", words.get(code, "")),
            )
        }
        where = {"url": data.get("url") or "", "file": file_id(data.get("file"))}
        return {**UnitForm.values_of(unit), **where, **per_language}
