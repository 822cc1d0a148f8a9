"""Zotero's CSV export."""

from __future__ import annotations

import csv
import io
import re

from evidence.bibliography.bibtex.dates import beyond_year, iso_date, pages
from evidence.bibliography.bibtex.names import name_list
from evidence.bibliography.csl import CONTAINED
from evidence.bibliography.formats.rows import UNREADABLE, Record, first_row
from evidence.errors import Fault
from evidence.files import LARGEST_CELL

TYPES = {
    **dict.fromkeys(("journalArticle", "magazineArticle", "newspaperArticle"), "article"),
    "thesis": "phdthesis",
    "report": "techreport",
    "book": "book",
    **dict.fromkeys(("bookSection", "encyclopediaArticle", "dictionaryEntry"), "incollection"),
    "conferencePaper": "inproceedings",
    **dict.fromkeys(("webpage", "blogPost", "forumPost"), "online"),
    "manuscript": "unpublished",
    "dataset": "dataset",
    "computerProgram": "software",
    "patent": "patent",
    **dict.fromkeys(("document", "preprint"), "misc"),
}
SIMPLE = {
    "Title": "title",
    "Volume": "volume",
    "DOI": "doi",
    "Url": "url",
    "Publication Title": "container",
    "Publisher": "publisher",
}
TAKEN = {
    *SIMPLE,
    "Key",
    "Item Type",
    "Publication Year",
    "Author",
    "Editor",
    "Date",
    "Pages",
    "Issue",
    "Number",
    "Extra",
    "Type",
}
# How and when the record was made, and what another column says already.
OF_THE_PROGRAM = {
    "Date Added",
    "Date Modified",
    "Access Date",
    "Library Catalog",
    "File Attachments",
    "Link Attachments",
    "Journal Abbreviation",
    "Short Title",
}
END = "\ue000"
NUMBER = re.compile(r"^\s*(PMID|PMCID|DOI):\s*(\S+)\s*$", re.I | re.M)


def delimiter(text: str) -> str:
    """What parts the cells when the first line is a header of Zotero's; empty when it is not."""
    for mark in ",;\t":
        if {"Item Type", "Title"} <= {name.strip() for name in first_row(text, mark)}:
            return mark
    return ""


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of Zotero's CSV."""
    previous = csv.field_size_limit(LARGEST_CELL)
    # A last row that is known: where it is missing, a quote before it was never closed and
    # swallowed it, with every record in between.
    reader = csv.reader(
        io.StringIO(f"{text.replace(chr(0), ' ')}\n{END}", newline=""), delimiter=delimiter(text)
    )
    records: list[Record] = []
    faults: list[Fault] = []
    header: list[str] = []
    begin = 1
    try:
        for cells in reader:
            line, begin = begin, reader.line_num + 1
            if cells == [END]:
                break
            if cells and cells[-1].endswith(END):
                cells[-1] = cells[-1].removesuffix(END)
                what = "a quote is never closed from here on, and everything after it is one cell"
                faults.append(Fault(shown, line, "", what, "quotes closed", UNREADABLE))
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                continue
            if len(cells) != len(header):
                what = f"has {len(cells)} cells, the header has {len(header)}; it was kept"
                faults.append(Fault(shown, line, "", what, "one cell for each column", "format"))
            beyond = [f"cell {place + 1}" for place in range(len(header), len(cells))]
            named = zip([*header, *beyond], cells, strict=False)
            row = {name: cell for name, cell in named if cell.strip()}
            records.append(_record(row, line))
    except csv.Error as error:
        what = f"cannot be read from here on: {error}"
        allowed = "cells separated by commas, quotes closed"
        faults.append(Fault(shown, begin, "", what, allowed, UNREADABLE))
    finally:
        csv.field_size_limit(previous)
    return records, faults


def _record(cells: dict[str, str], line: int) -> Record:
    kind = TYPES.get(cells.get("Item Type", ""), "misc")
    if kind == "phdthesis" and re.search("master|diplom|bachelor", cells.get("Type", ""), re.I):
        kind = "mastersthesis"
    row = {"entry_type": kind} | {column: cells.get(name, "") for name, column in SIMPLE.items()}
    if not row["container"] and kind not in CONTAINED:
        row["container"], row["publisher"] = row["publisher"], ""
    row["author"], row["editor"] = _names(cells.get("Author", "")), _names(cells.get("Editor", ""))
    date = iso_date(cells.get("Date", ""))
    row["year"] = date[:4] or cells.get("Publication Year", "") or cells.get("Date", "")
    row["date"] = beyond_year(date)
    row["number"], row["pages"] = (
        cells.get("Issue", "") or cells.get("Number", ""),
        pages(cells.get("Pages", "")),
    )
    extra = cells.get("Extra", "")
    for name, number in NUMBER.findall(extra):
        row[name.lower()] = row.get(name.lower()) or number
    row["note"] = "; ".join(
        line.strip() for line in NUMBER.sub("", extra).splitlines() if line.strip()
    )
    left = [name for name in cells if name not in TAKEN and name not in OF_THE_PROGRAM]
    if cells.get("Issue") and cells.get("Number"):
        left.append("Number")
    if cells.get("Item Type") and cells["Item Type"] not in TYPES:
        left.append(f"Item Type={cells['Item Type']}")
    return Record(row, line, left)


def _names(text: str) -> str:
    """Names separated by semicolons; one without a comma is an institution's, or a single word."""
    people = []
    for name in filter(None, (part.strip() for part in text.split(";"))):
        family, comma, given = name.partition(",")
        if comma or " " not in name:
            people.append({"family": family, "given": given})
        else:
            people.append({"literal": name})
    return name_list(people)
