"""Components of pages: see `lms/web/README.md` for an example of each."""

import json
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lms.core.texts import Text, localized
from lms.web.navigation import navigation_for
from lms.web.registry import panels_of

register = template.Library()

UNSAFE_IN_A_PAGE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.filter
def text(value: Text | None) -> str:
    """Content an author wrote, in the reader's language."""
    return localized(value)


@register.simple_tag
def text_lang(value: Text | None) -> SafeString:
    """The `lang` attribute where the text shown is not in the page's language: for the tag around `value|text`."""
    page = (get_language() or "nl")[:2]
    shown = page if not value or value.get(page) else "nl"
    return SafeString("") if shown == page else format_html(' lang="{}"', shown)


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The field's control, without a placeholder that only repeats the label (and vanishes when one types)."""
    attributes = field.field.widget.attrs
    if attributes.get("placeholder") == field.label:
        del attributes["placeholder"]
    return field.as_widget()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative line icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("web/icons.svg"), name
    )


@register.simple_tag
def chip(label: Any, kind: str = "") -> SafeString:
    """A state in one or two words; `kind` is info, pos, warn, neg or nothing."""
    if not kind:
        return format_html('<span class="chip">{}</span>', label)
    return format_html('<span class="chip" data-kind="{}">{}</span>', kind, label)


@register.inclusion_tag("web/progress.html")
def progress(value: int, label: Any) -> dict[str, Any]:
    """A bar of 0 to 100 with the figure in words; `label` says whose or what progress, for who cannot see it."""
    return {"value": int(value), "label": label}


@register.inclusion_tag("web/breadcrumbs.html")
def breadcrumbs(*parts: Any) -> dict[str, Any]:
    """The way here: label, address, label, address, …, label of this page."""
    pairs = list(zip(parts[::2], [*parts[1::2], ""], strict=False))
    return {"crumbs": [{"label": label, "url": url} for label, url in pairs]}


@register.inclusion_tag("web/empty.html")
def empty_state(title: Any, text: Any = "", url: str = "", label: Any = "", icon_name: str = "info") -> dict[str, Any]:
    """What a list shows when nothing is in it, and the way on."""
    return {"title": title, "text": text, "url": url, "label": label, "icon_name": icon_name}


@register.inclusion_tag("web/pagination.html", takes_context=True)
def pagination(context: Any, page: Any) -> dict[str, Any]:
    """Links to the pages before and after a `lms.web.paging.Page`, keeping the other parameters."""
    request = context["request"]

    def link(**cursor: str) -> str:
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query.update(cursor)
        return f"?{query.urlencode()}"

    return {
        "previous_url": link(before=page.before) if page.before else "",
        "next_url": link(after=page.after) if page.after else "",
    }


@register.simple_tag
def linked_data(data: Any) -> SafeString:
    """JSON-LD in the page. The browser does not run such a block, so that the content security policy lets it be."""
    written = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder).translate(UNSAFE_IN_A_PAGE)
    return SafeString(f'<script type="application/ld+json">{written}</script>')


@register.inclusion_tag("web/panels.html", takes_context=True)
def panels(context: Any, page: str, about: Any) -> dict[str, Any]:
    """What higher apps have to say to this person on a page about one thing; see `lms.web.registry.Panel`."""
    return {**context.flatten(), "panels": panels_of(page, context["request"], about)}


@register.inclusion_tag("web/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """All problems of one or more forms at the top, each a link to its field."""
    problems: list[dict[str, Any]] = []
    for form in forms:
        if not form.is_bound:
            continue
        problems += [{"message": message} for message in form.non_field_errors()]
        for field in form:
            problems += [
                {"message": message, "label": field.label, "target": "" if field.is_hidden else field.auto_id}
                for message in field.errors
            ]
    return {"problems": problems}


@register.simple_tag(takes_context=True)
def main_navigation(context: Any) -> list[dict[str, Any]]:
    """What this person sees, in groups; the entry that leads here, or to the part of the site that this page is in."""
    request = context.get("request")
    user = getattr(request, "user", None) or AnonymousUser()
    return navigation_for(user, getattr(request, "path", ""))
