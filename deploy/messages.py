"""Translations with Babel: collect the texts of each app, compile them; `--check` only tells what is missing.

The platform's apps share the catalog of lms/web; each domain package has its own. Source texts are English.
"""

import gettext
import io
import re
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = {
    "lms": "lms/web/locale",
    "courses": "courses/locale",
    "enrollments": "enrollments/locale",
    "certificates": "certificates/locale",
}
KEYWORDS: dict[str, tuple] = {}
for _suffix in ("", "_lazy", "_noop"):
    KEYWORDS |= {
        f"gettext{_suffix}": (1,),
        f"ngettext{_suffix}": (1, 2),
        f"pgettext{_suffix}": ((1, "c"), 2),
        f"npgettext{_suffix}": ((1, "c"), 2, 3),
    }
KEYWORDS["_"] = (1,)
MOMENTS = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team).*\n', re.M)


def texts_of(path: Path):
    """What gettext is asked for in one file."""
    if path.suffix == ".py":
        source = path.read_bytes()
    else:
        from django.utils.translation.template import templatize

        lines = templatize(path.read_text()).splitlines()
        source = "\n".join(line.strip() for line in lines).encode()
    yield from extract("python", io.BytesIO(source), keywords=KEYWORDS, comment_tags=["Translators:"])


def collect(package: str) -> Catalog:
    """Every text of a package, from its code and its templates."""
    catalog = Catalog(locale="nl")
    found = sorted((ROOT / package).rglob("*.py")) + sorted((ROOT / package).rglob("templates/**/*.*"))
    for path in found:
        if "migrations" in path.parts or path.suffix not in (".py", ".html", ".txt"):
            continue
        for _line, message, _comments, context in texts_of(path):
            catalog.add(message, None, [(str(path.relative_to(ROOT)), 1)], context=context)
    return catalog


def files_of(package: str) -> tuple[Path, Path]:
    """The catalog's text and its compiled form."""
    folder = ROOT / CATALOGS[package] / "nl" / "LC_MESSAGES"
    return folder / "django.po", folder / "django.mo"


def translated(package: str) -> Catalog:
    """The catalog as it is stored."""
    text, _compiled = files_of(package)
    if not text.exists():
        return Catalog(locale="nl")
    with text.open("rb") as file:
        return read_po(file, locale="nl")


def write(package: str) -> None:
    """Bring the stored catalog up to date with the code and compile it."""
    text, compiled = files_of(package)
    catalog = translated(package)
    catalog.update(collect(package), no_fuzzy_matching=True)
    text.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True, omit_header=False)
    text.write_text(MOMENTS.sub("", buffer.getvalue().decode()))
    with compiled.open("wb") as file:
        write_mo(file, translated(package))


def problems(package: str) -> list[str]:
    """What lacks Dutch, and whether the compiled form is that of the text."""
    text, compiled = files_of(package)
    wanted, catalog = collect(package), translated(package)
    missing = []
    for message in wanted:
        known = catalog.get(message.id, message.context) if message.id else None
        strings = known.string if known and isinstance(known.string, tuple) else (known.string,) if known else ("",)
        if message.id and (known is None or known.fuzzy or not all(strings)):
            missing.append(f"{text.relative_to(ROOT)}: no Dutch for {message.id!r} ({message.locations[0][0]})")
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    buffer.seek(0)
    if not compiled.exists() or compiled_texts(buffer) != compiled_texts(io.BytesIO(compiled.read_bytes())):
        missing.append(f"{compiled.relative_to(ROOT)} is not compiled from its .po: run 'make messages'")
    return missing if wanted or text.exists() else []


def compiled_texts(file: io.BytesIO) -> dict:
    """The texts in a compiled catalog, without its heading."""
    texts = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]  # noqa: SLF001
    texts.pop("", None)
    return texts


def main() -> int:
    """Write all catalogs, or check them."""
    if "--check" not in sys.argv:
        for package in CATALOGS:
            write(package)
    found = [problem for package in CATALOGS for problem in problems(package)]
    for problem in found:
        print(problem)
    print(f"{len(found)} texts to translate or compile" if found else "every text has its Dutch")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
