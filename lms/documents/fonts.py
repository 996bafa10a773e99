"""The typefaces that travel with the code, so that a document looks the same whatever machine made it.

Source Serif 4 and Open Sans for Latin, Greek, Cyrillic and Vietnamese; Noto Sans for names in other scripts. All under
the SIL Open Font License, whose notices lie beside the files. A file never changes: another cut gets another name.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "font_files"

SERIF, SANS = "Source Serif 4", "Open Sans"
_EUROPEAN = ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
_OTHER_SCRIPTS = ("arabic", "hebrew", "ethiopic", "devanagari", "tamil", "thai", "armenian", "georgian")


def font_rules(base: str) -> str:
    """CSS that declares every face, with addresses under `base`, and the two stacks `--serif` and `--sans`.

    Each file is a family of its own: WeasyPrint takes two files of one family for the same font.
    """
    faces = [
        (f"{family} {script}", weight, f"{slug}-{script}-{weight}-normal.woff2")
        for family, slug in ((SERIF, "source-serif-4"), (SANS, "open-sans"))
        for weight in (400, 600)
        for script in _EUROPEAN
    ]
    faces += [("Open Sans symbols", 400, "open-sans-symbols-400-normal.woff2")]
    faces += [(f"Noto {script}", 400, f"noto-sans-{script}-400-normal.woff2") for script in _OTHER_SCRIPTS]
    return (
        "".join(
            f"@font-face{{font-family:'{family}';font-weight:{weight};src:url({base}{file}) format('woff2')}}\n"
            for family, weight, file in faces
        )
        + f":root{{--serif:{_stack(SERIF)};--sans:{_stack(SANS)}}}\n"
    )


def _stack(family: str) -> str:
    names = [f"{family} {script}" for script in _EUROPEAN]
    names += ["Open Sans symbols", *(f"Noto {script}" for script in _OTHER_SCRIPTS)]
    return ",".join(f"'{name}'" for name in names)
