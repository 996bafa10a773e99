"""What an author writes can never become script, foreign content or a second h1."""

import re
from uuid import UUID, uuid4

import pytest

from lms.web.markdown import render_markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](java\nscript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.gif)",
    "![x](//evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    "![x](image:not-a-uuid)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "<iframe src='https://evil.example'></iframe>",
    "<style>body{display:none}</style>",
    "<svg><script>alert(1)</script></svg>",
    '<a href="x" onclick="alert(1)">x</a>',
    '[x](/a "title\\" onmouseover=alert(1) x=\\"")',
    '```"><script>alert(1)</script>\ncode\n```',
    "`<b onmouseover=alert(1)>`",
    "<form action=https://evil.example><input name=password></form>",
    "<base href=https://evil.example>",
    "<!--><script>alert(1)</script>-->",
    "[x]: javascript:alert(1)\n\n[x]",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_is_harmless(source):
    html = render_markdown(source, image_url=lambda _id: "/image")
    tags = re.findall(r"<[^>]*>", html)
    for tag in tags:
        assert not re.match(r"</?(script|style|iframe|svg|form|input|base|object|embed)\b", tag, re.I), html
        assert not re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag), re.I), html
        assert not re.search(r"(href|src)=\"\s*(javascript|data|vbscript):", tag, re.I), html
    assert 'src="http' not in html
    assert 'src="//' not in html


def test_headings_leave_the_page_one_h1():
    html = render_markdown("# One\n\n## Two\n\n###### Six")
    assert html == "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>\n"


def test_an_image_is_shown_only_where_the_page_resolves_it():
    image = uuid4()
    shown = render_markdown(f"![A *lathe*](image:{image})", image_url=lambda found: f"/images/{found}")
    assert f'src="/images/{image}"' in shown
    assert 'alt="A lathe"' in shown
    hidden = render_markdown(f"![A *lathe*](image:{image})", image_url=lambda _id: None)
    assert "<img" not in hidden
    assert "A lathe" in hidden


def test_the_resolver_gets_the_id():
    seen: list[UUID] = []
    image = uuid4()
    render_markdown(f"![x](image:{image})", image_url=seen.append)
    assert seen == [image]


def test_links_out_do_not_hand_over_the_window():
    assert 'rel="noopener"' in render_markdown("[x](https://voorbeeld.test)")
    assert 'rel="noopener"' in render_markdown("[x](//voorbeeld.test)")
    assert "rel=" not in render_markdown("[x](/account/)")


def test_tables_are_allowed():
    html = render_markdown("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert "<table>" in html
    assert '<th scope="col">' in html
    assert "style" not in html
