"""The workbook of exchange, written: an export that can be changed and sent back, and an empty template."""

import io
from collections.abc import Iterable
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .columns import MODULES, OFFERINGS, SHEETS, UNITS, Column
from .documents import Document

LONGEST = 32_000  # characters; Excel keeps 32,767 in a cell
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CHOSEN_ROWS = 2_000
EXPLANATION = (
    "Vul de bladen Modules, Onderdelen en Uitvoeringen. Een blad of kolom die u weglaat, blijft zoals het is.",
    "Wat al bestaat, herkennen wij aan uw eigen code. Hetzelfde bestand nog een keer verandert niets.",
    "Wijzigingen komen in een concept. Gepubliceerde versies veranderen nooit; publiceren doet u zelf.",
    "Staat een module in het blad Onderdelen, dan zijn dat al haar onderdelen: wat er niet staat, vervalt.",
    "Plaatjes en bestanden gaan niet mee: verwijzingen in teksten blijven staan.",
    "Een toets staat met vragen en antwoorden in Inhoud (JSON). Bewaar het bestand daarom goed.",
)


def write_workbook(modules: Iterable[Document], offerings: Iterable[Document]) -> bytes:
    """An export; without modules and offerings the template."""
    book = openpyxl.Workbook()
    _explain(book.active)
    documents = list(modules)
    _fill(book.create_sheet("Modules"), MODULES, (_module_row(document) for document in documents))
    _fill(book.create_sheet("Onderdelen"), UNITS, (row for document in documents for row in _unit_rows(document)))
    _fill(book.create_sheet("Uitvoeringen"), OFFERINGS, offerings)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _explain(sheet: Any) -> None:
    sheet.title = "Uitleg"
    for line in EXPLANATION:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Blad", "Kolom", "Wat"])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for name, columns in SHEETS.items():
        for column in columns:
            sheet.append([name, column.header, column.help])
    for letter, width in (("A", 16), ("B", 28), ("C", 70)):
        sheet.column_dimensions[letter].width = width


def _fill(sheet: Any, columns: tuple[Column, ...], rows: Iterable[Document]) -> None:
    for index, column in enumerate(columns, start=1):
        cell = sheet.cell(row=1, column=index, value=column.header)
        cell.font = Font(bold=True)
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = max(14, min(40, len(column.header) + 6))
        if column.words:
            choice = DataValidation("list", formula1=f'"{",".join(column.words)}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{CHOSEN_ROWS}")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = "B2"
    for number, values in enumerate(rows, start=2):
        for index, column in enumerate(columns, start=1):
            value = values.get(column.path)
            if value not in (None, "", [], {}):
                _put(sheet.cell(row=number, column=index), column.write(value))


def _put(cell: Any, value: Any) -> None:
    """A text stays a text: Excel must not run it as a formula."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text="\n" in value)
    if value.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def _module_row(document: Document) -> Document:
    row = dict(document)
    for name in ("title", "summary", "description", "quality_framework"):
        row |= {f"{name}/{part}": text for part, text in document[name].items()}
    for language in ("nl", "en"):
        row[f"outcomes/{language}"] = [outcome.get(language, "") for outcome in document["outcomes"]]
    return row


def _unit_rows(document: Document) -> Iterable[Document]:
    for index, section in enumerate(document["sections"], start=1):
        chapter = {"module": document["code"], "section": index}
        chapter |= {f"section_title/{language}": text for language, text in section["title"].items()}
        for unit in section["units"]:
            titles = {f"title/{language}": text for language, text in unit["title"].items()}
            yield chapter | unit | titles | _content(unit)
        if not section["units"]:
            yield chapter


def _content(unit: Document) -> Document:
    """A plain text in its own columns, other content as JSON; what is too long for a cell stays away, so as it is."""
    data = unit["data"]
    body = data.get("body")
    if unit["kind"] == "text" and set(data) <= {"body"} and isinstance(body or {}, dict):
        texts = {f"data/body/{language}": text for language, text in (body or {}).items()}
        if all(isinstance(text, str) and len(text) <= LONGEST for text in texts.values()):
            return {"data": None, **texts}
        return {"data": None}
    return {"data": data if len(str(data)) <= LONGEST else None}
