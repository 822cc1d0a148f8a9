"""Web of Science: plain text with tags of two letters, as its "plain text file" is; and its
tab-delimited file, which has the same tags as a header.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from evidence.bibliography.bibtex.dates import beyond_year, iso_date, page_range
from evidence.bibliography.formats.lines import Fields, doi_of, records
from evidence.bibliography.formats.people import people
from evidence.bibliography.formats.rows import Record
from evidence.bibliography.formats.tagged import Chunk
from evidence.errors import Fault

BEGIN = re.compile(r"^(?:\ufeff?FN (?:Clarivate|Thomson|ISI)|VR 1\.0$|PT [JBSP]$)", re.M)
TABS = re.compile(r"^\ufeff?PT\tAU\t")
LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?$")
LISTS = ("AU", "AF", "BA", "BF", "BE", "ED", "CA", "BS")
# How the record was made, what is counted, and what another tag says already.
OF_THE_PROGRAM = [
    "FN",
    "VR",
    "EF",
    "PT",
    "AU",
    "J9",
    "JI",
    "SN",
    "EI",
    "BN",
    "UT",
    "DA",
    "HC",
    "HP",
    "OA",
    "GA",
    "PG",
    "NR",
    "CR",
    "TC",
    "Z9",
    "U1",
    "U2",
    "WC",
    "WE",
    "SC",
    "PI",
    "PA",
    "LA",
    "DT",
    "BA",
    "BF",
    "MA",
    "ESI",
]


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of Web of Science."""
    found = _from_tabs(text) if TABS.match(text) else _chunks(text)
    return records(found, _row, shown)


def _chunks(text: str) -> Iterator[Chunk]:
    current: Chunk | None = None
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), start=1):
        match = LINE.match(line)
        if match and match[1] in ("ER", "EF"):
            if current:
                yield current
            current = None
        elif match and match[1] not in ("FN", "VR"):
            current = current or Chunk(number)
            current.pairs.append([match[1], match[2] or ""])
        elif current and current.pairs and line.strip():
            tag, value = current.pairs[-1]
            if tag in LISTS:
                current.pairs.append([tag, line.strip()])
            else:
                current.pairs[-1][1] = f"{value} {line.strip()}"
    if current:
        yield current


def _from_tabs(text: str) -> Iterator[Chunk]:
    source = io.StringIO(text.lstrip("\ufeff"))
    reader = csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(reader, [])
    for cells in reader:
        if any(cells):
            pairs = [[tag, cell] for tag, cell in zip(header, cells, strict=False) if cell]
            several = [
                [tag, one]
                for tag, cell in pairs
                for one in (cell.split(";") if tag in LISTS else [cell])
            ]
            yield Chunk(reader.line_num, several)


def _row(fields: Fields) -> dict[str, str]:
    kind, document = fields.one("PT"), fields.one("DT").lower()
    book = kind in ("B", "S")
    row = {"entry_type": "article"}
    if book and "proceedings" in document:
        row["entry_type"] = "inproceedings"
    elif book:
        row["entry_type"] = "incollection"
    row["author"] = people(fields.all("AF", "BF") or fields.all("AU", "BA"), fields.all("CA"))
    row["editor"] = people(fields.all("BE", "ED"))
    row["title"], row["container"] = fields.one("TI"), fields.one("SO", "BS")
    row["publisher"], year = "", fields.one("PY")
    if book:
        row["publisher"] = fields.one("PU")
    fields.drop("PU")
    early = fields.one("EA")
    date = iso_date(f"{year} {fields.one('PD')}".strip())
    row["year"] = year or (re.findall(r"\d{4}", early) or [""])[-1]
    row["date"] = beyond_year(date)
    row["volume"], row["number"] = fields.one("VL"), fields.one("IS")
    first, last, article = fields.one("BP"), fields.one("EP"), fields.one("AR")
    row["pages"] = page_range(first, last, article)
    row["doi"], row["pmid"] = doi_of(fields.one("DI", "D2")), fields.one("PM")
    fields.drop(*OF_THE_PROGRAM)
    return row
