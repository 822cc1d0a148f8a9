"""Scopus's CSV export."""

from __future__ import annotations

import csv
import io
import re

from evidence.bibliography.bibtex.dates import pages
from evidence.bibliography.bibtex.lists import listed
from evidence.bibliography.formats.people import people
from evidence.bibliography.formats.rows import Record, first_row
from evidence.errors import Fault
from evidence.files import LARGEST_CELL

TYPES = {
    "conference paper": "inproceedings",
    "book": "book",
    "book chapter": "incollection",
    "data paper": "article",
}
SIMPLE = {
    "title": "title",
    "source title": "container",
    "year": "year",
    "volume": "volume",
    "issue": "number",
    "doi": "doi",
    "pubmed id": "pmid",
    "publisher": "publisher",
}
# How often it is cited, identifiers of the database, and other forms of what is kept.
OF_THE_PROGRAM = {
    "authors",
    "author full names",
    "author(s) id",
    "eid",
    "source",
    "cited by",
    "link",
    "open access",
    "publication stage",
    "page count",
    "abbreviated source title",
    "document type",
    "art. no.",
    "page start",
    "page end",
    "coden",
    "issn",
    "isbn",
    "language of original document",
    "titles",
}


def is_scopus(text: str) -> bool:
    """Whether the first line is a header of Scopus's.

    >>> is_scopus("Authors,Title,Year,Source title,DOI,EID")
    True
    """
    names = {name.strip().lower() for name in first_row(text)}
    return {"authors", "source title"} <= names and bool(names & {"eid", "cited by"})


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of Scopus's CSV."""
    previous = csv.field_size_limit(LARGEST_CELL)
    records, faults = [], []
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\0", " "), newline=""))
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        begin = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
                records.append(_record({name: cell for name, cell in row.items() if cell}, begin))
            begin = reader.line_num + 1
    except csv.Error as error:
        what = f"cannot be read from here on: {error}"
        faults.append(Fault(shown, reader.line_num, "", what, "quotes closed", "unreadable"))
    finally:
        csv.field_size_limit(previous)
    return records, faults


def _record(cells: dict[str, str], line: int) -> Record:
    kind = cells.get("document type", "").lower()
    row = {"entry_type": TYPES.get(kind, "article")}
    row |= {column: cells[name] for name, column in SIMPLE.items() if name in cells}
    if row["entry_type"] == "article":
        row.pop("publisher", None)
    full = re.sub(r"\s*\(\d+\)", "", cells.get("author full names", ""))
    row["author"] = people(_names(full or cells.get("authors", "")))
    first, last = cells.get("page start", ""), cells.get("page end", "")
    both = first
    if first and last and first != last:
        both = f"{first}\u2013{last}"
    row["pages"] = both if "\u2013" in both else pages(both or cells.get("art. no.", ""))
    left = [name for name in cells if name not in OF_THE_PROGRAM and name not in SIMPLE]
    return Record(row, line, left)


def _names(text: str) -> list[str]:
    """Names separated by semicolons, or by commas as in older exports: "Adams A.R., Conner L."."""
    if "[No author" in text:
        return []
    if ";" in text or "., " in text:
        return listed(text)
    return [text]
