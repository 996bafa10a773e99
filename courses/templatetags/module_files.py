"""The files of a module in the pages of its units."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from courses.file_types import FILE_TYPES, VTT
from courses.models import ModuleFile
from courses.subtitles import read_subtitles

register = template.Library()


@register.simple_tag
def module_file(pk: Any, module_id: Any) -> ModuleFile | None:
    """A file of this module by its id; nothing where there is none."""
    return ModuleFile.objects.filter(pk=pk, module=module_id).first() if pk else None


@register.simple_tag
def subtitle_text(pk: Any, module_id: Any) -> SafeString:
    """The words of a subtitles file, each with the moment it is said."""
    stored = ModuleFile.objects.filter(pk=pk, module=module_id, content_type=VTT).first()
    if stored is None:
        return SafeString()
    with stored.file.open("rb") as content:
        cues = read_subtitles(content.read())
    said = ((f"{cue.starts // 60_000}:{cue.starts // 1000 % 60:02}", cue.words) for cue in cues)
    return format_html_join("\n", '<p><span class="muted number">{}</span> {}</p>', said)


@register.filter
def file_words(file: ModuleFile) -> str:
    """What kind of file it is and how large: `PDF, 1,2 MB`."""
    kind = FILE_TYPES.get(file.content_type)
    return f"{kind.ending.upper() if kind else file.content_type}, {filesizeformat(file.size)}"


@register.filter
def site_name(address: str) -> str:
    """The site of a web address: `youtube.com`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
