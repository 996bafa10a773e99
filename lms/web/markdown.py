"""An author's markdown as safe HTML: no raw HTML, no foreign images, no scripts, one h1 per page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

ImageResolver = Callable[[UUID], str | None]

_TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"scope"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_IMAGE_SCHEME = "image:"

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def _may_link(url: str) -> bool:
    return url.strip().lower().startswith(("http://", "https://", "mailto:", "tel:", "/", "#", _IMAGE_SCHEME))


_parser.validateLink = _may_link  # type: ignore[method-assign]


def render_markdown(source: str, *, image_url: ImageResolver = lambda _id: None, first_heading: int = 2) -> SafeString:
    """Safe HTML of `source`.

    `image_url` gives the address of an image written as `![alt](image:<uuid>)`, or None where the page may not show it:
    then its alternative text stands in its place. A `#` becomes `h<first_heading>`, deeper ones follow.
    """
    tokens = _parser.parse(source or "")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + first_heading - 1, 6)}"
        elif token.type == "th_open":
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            token.attrs = {}
        elif token.children:
            token.children = [_settled(child, image_url) for child in token.children]
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(  # noqa: S308 - nh3 has just cleaned it
        nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    )


def _settled(token: Token, image_url: ImageResolver) -> Token:
    if token.type == "image":
        return _image(token, image_url)
    if token.type == "link_open" and not str(token.attrGet("href") or "").startswith(("/", "#")):
        token.attrSet("rel", "noopener")
    if token.type == "link_open" and str(token.attrGet("href") or "").startswith("//"):
        token.attrSet("rel", "noopener")
    return token


def _image(token: Token, image_url: ImageResolver) -> Token:
    source = str(token.attrGet("src") or "")
    address = None
    if source.startswith(_IMAGE_SCHEME):
        try:
            address = image_url(UUID(source.removeprefix(_IMAGE_SCHEME)))
        except ValueError:
            address = None
    if address is None:
        return Token("text", "", 0, content=_words(token))
    token.attrs = {"src": address, "alt": _words(token), "loading": "lazy", **_title(token)}
    return token


def _title(token: Token) -> dict[str, Any]:
    title = token.attrGet("title")
    return {"title": title} if title else {}


def _words(token: Token) -> str:
    if token.children:
        return "".join(_words(child) for child in token.children)
    return " " if token.type == "softbreak" else token.content
