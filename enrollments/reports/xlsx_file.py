"""A report as XLSX, written as it is read: real days and numbers, and texts that stay texts.

Written out here because a library keeps a temporary copy and takes minutes where this takes seconds: 100,000 rows of
44 columns go out in one pass, in the memory of one portion. The parts are those of ECMA-376, with texts in the cells.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from .columns import FORMULA_STARTS, Column, Kind, Line

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PORTION = 1 << 16
LONGEST = 32_767  # characters in a cell
DAY_ZERO = date(1899, 12, 30)
PLAIN, BOLD, DAY, MONEY, QUOTED = range(5)  # places in the styles below
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{MEDIA_TYPE}.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="4" applyNumberFormat="1"/><xf quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class _Passing:
    """A file without a way back: what the archive writes is taken out portion by portion."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, content: bytes) -> int:
        self.written.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        content, self.written = b"".join(self.written), []
        return content


def xlsx_portions(title: str, columns: Iterable[Column], lines: Iterable[Line]) -> Iterator[bytes]:
    """One sheet with the header frozen on top."""
    columns = list(columns)
    file: Any = _Passing()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in (*_PARTS.items(), ("xl/workbook.xml", _workbook(title))):
            archive.writestr(name, _XML + content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            waiting = _XML + _head(columns)
            for line in lines:
                waiting += "<row>" + "".join(_cell(column, line.get(column.key)) for column in columns) + "</row>"
                if len(waiting) >= PORTION:
                    sheet.write(waiting.encode())
                    waiting = ""
                    yield file.taken()
            sheet.write(f"{waiting}</sheetData></worksheet>".encode())
    yield file.taken()


def _workbook(title: str) -> str:
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31], {'"': "&quot;"})
    sheets = f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{sheets}</workbook>'


def _head(columns: list[Column]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{max(12, min(40, len(str(column.label)) + 4))}" customWidth="1"/>'
        for place, column in enumerate(columns, start=1)
    )
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    titles = "".join(_text(str(column.label), BOLD) for column in columns)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{titles}</row>"
    )


def _cell(column: Column, value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if column.kind is Kind.DAY:
        return f'<c s="{DAY}"><v>{(value - DAY_ZERO).days}</v></c>'
    if column.kind.is_figure:
        return f'<c s="{MONEY if column.kind is Kind.MONEY else PLAIN}"><v>{value}</v></c>'
    text = str(_("yes") if value else _("no")) if column.kind is Kind.YES_NO else str(value)
    return _text(text, QUOTED if text.startswith(FORMULA_STARTS) else PLAIN)


def _text(text: str, style: int) -> str:
    """A text in the cell itself: a spreadsheet never runs it as a formula, also not when somebody edits it."""
    kept = escape(_UNWRITABLE.sub("", text)[:LONGEST])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'
