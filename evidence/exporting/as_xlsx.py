"""The data set as a workbook: one sheet per table, and the dictionary.

No cell is ever a formula: text is written as text, and what begins like a formula is marked so that
it stays text when somebody edits it. Numbers carry a format with as many decimals as are printed,
so that 1.50 shows as 1.50 and is read back as such.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from evidence.errors import DataError
from evidence.exporting.about import Outgoing
from evidence.exporting.as_package import EPOCH
from evidence.exporting.set_text import SetText
from evidence.progress import progress
from evidence.tables.formulas import RISKY, escaped

LONGEST = 32_767  # characters that a cell can hold
WIDEST, NARROWEST = 60, 8
ABOUT, DICTIONARY = "about", "dictionary"
# Hidden sheets that hold files line by line, so that the data set can be restored.
FILE_SHEET = "file {}"


def to_xlsx(out: Outgoing) -> bytes:
    """The workbook; the same data give the same bytes."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    _sheet(book, ABOUT, [["", ""], *map(list, out.about.lines)], {1: 20, 2: 90}, frozen=None)
    for resource in progress(out.text.package["resources"], "workbook", "table"):
        rows = out.text.rows(resource["name"])
        kinds = [field["type"] for field in resource["schema"]["fields"]]
        _sheet(book, resource["name"], rows, _widths(rows), kinds=kinds)
    words = _dictionary(out.text)
    _sheet(book, DICTIONARY, words, _widths(words))
    for number, (name, content) in enumerate(_as_files(out.text).items(), start=1):
        sheet = book.create_sheet(FILE_SHEET.format(number))
        sheet.sheet_state = "hidden"
        for line in [name, *content.split("\n")]:
            sheet.append([_cell(sheet, line, "string")])
    stream = io.BytesIO()
    book.save(stream)
    return _steady(stream.getvalue(), out.about.date or "1980-01-01")


def _as_files(text: SetText) -> dict[str, str]:
    """Files that no sheet shows as a table."""
    tables = {resource["path"] for resource in text.package["resources"]}
    return {name: content for name, content in text.files.items() if name not in tables}


def _sheet(
    book: Any,
    name: str,
    rows: list[list[str]],
    widths: dict[int, float],
    kinds: list[str] | None = None,
    frozen: str | None = "B2",
) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(name)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    header, *body = rows
    if frozen:
        sheet.freeze_panes = frozen
        sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(header)))}{len(rows)}"
        head = [_cell(sheet, cell, "string", f"{name}: header") for cell in header]
        for cell in head:
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.append(head)
    for number, row in enumerate(body, start=2):
        cells = [
            _cell(sheet, cell, kind, f"{name}: row {number}")
            for cell, kind in zip(row, kinds or ["string"] * len(row), strict=True)
        ]
        if not frozen:
            cells[0].font = Font(bold=True)
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)


def _cell(sheet: Any, text: str, kind: str, where: str = "") -> Any:
    """A cell of its own type; text never becomes anything else."""
    from openpyxl.cell import WriteOnlyCell

    if text == "":
        return WriteOnlyCell(sheet, None)
    if kind == "boolean" and text in ("true", "false"):
        return WriteOnlyCell(sheet, text == "true")
    if kind in ("integer", "number") and (number := _number(text)) is not None:
        cell = WriteOnlyCell(sheet, number)
        decimals = len(text.partition(".")[2])
        cell.number_format = "0." + "0" * decimals if decimals else "0"
        return cell
    safe = escaped(text)
    if len(safe) > LONGEST:
        raise DataError(
            f"{where}: a cell has {len(safe):,} characters, a workbook can hold {LONGEST:,}."
        )
    cell = WriteOnlyCell(sheet, safe)
    cell.data_type = "s"
    if RISKY.match(text):
        cell.quotePrefix = True
    return cell


def _number(text: str) -> int | float | None:
    """The number of a cell, if it can be written back as it stands."""
    if (
        not re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", text)
        or len(text) > 16
        or (text.startswith("-") and float(text) == 0)
    ):
        return None
    if "." not in text:
        return int(text)
    number = float(text)
    if f"{number:.{len(text.partition('.')[2])}f}" == text:
        return number
    return None


def _widths(rows: list[list[str]]) -> dict[int, float]:
    """A width for each column, from what most of its cells need."""
    widths = {}
    for column in range(len(rows[0])):
        lengths = sorted(len(row[column]) for row in rows[1:]) or [0]
        typical = lengths[int(0.9 * (len(lengths) - 1))]
        widths[column + 1] = float(
            min(WIDEST, max(NARROWEST, typical + 2, min(len(rows[0][column]) + 4, 24)))
        )
    return widths


def _dictionary(text: SetText) -> list[list[str]]:
    """Every column and every word, a row each."""
    rows = [["table", "column", "value", "label", "type", "unit", "rules", "meaning"]]
    for resource in text.package["resources"]:
        rows.append(
            [
                resource["name"],
                "",
                "",
                resource.get("title", ""),
                "table",
                "",
                "",
                resource.get("description", ""),
            ]
        )
        for field in resource["schema"]["fields"]:
            constraints = field.get("constraints", {})
            rules = "; ".join(
                f"{name} {str(value).lower() if isinstance(value, bool) else value}"
                for name, value in constraints.items()
                if name != "enum"
            )
            first = [resource["name"], field["name"]]
            rows.append(
                [
                    *first,
                    "",
                    field.get("title", ""),
                    field["type"],
                    field.get("unit", ""),
                    rules,
                    field.get("description", ""),
                ]
            )
            for word in field.get("categories", []):
                if isinstance(word, str):
                    word = {"value": word, "label": word}
                rows.append(
                    [
                        *first,
                        word["value"],
                        word.get("label", word["value"]),
                        "value",
                        "",
                        "",
                        word.get("description", ""),
                    ]
                )
    return rows


def _steady(content: bytes, date: str) -> bytes:
    """The workbook without the time at which it was written."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in given.infolist():
            part = given.read(entry)
            if entry.filename == "docProps/core.xml":
                part = re.sub(
                    rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*",
                    rb"\g<1>" + date.encode() + b"T00:00:00Z",
                    part,
                )
            made.writestr(zipfile.ZipInfo(entry.filename, EPOCH), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
