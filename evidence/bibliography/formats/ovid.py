"""Ovid's tagged export (MEDLINE, Embase, PsycINFO): a number in angle brackets, then tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.bibliography.bibtex.dates import whole_pages
from evidence.bibliography.formats.lines import Fields, doi_of, records
from evidence.bibliography.formats.people import people
from evidence.bibliography.formats.rows import Record
from evidence.bibliography.formats.tagged import Chunk
from evidence.errors import Fault

BEGIN = re.compile(r"^\ufeff?(?:VN  - Ovid|<\d+\s*\.?\s*>\s*$)", re.M)
NUMBERED = re.compile(r"<\d+\s*\.?\s*>\s*$")
LINE = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)$")
LONG = {
    "unique identifier": "UI",
    "accession number": "AN",
    "title": "TI",
    "authors": "AU",
    "author": "AU",
    "author(s)": "AU",
    "source": "SO",
    "journal": "JN",
    "year of publication": "YR",
    "year": "YR",
    "digital object identifier": "DO",
    "doi": "DO",
    "pmid": "PM",
    "volume": "VO",
    "issue": "IP",
    "pages": "PG",
    "page": "PG",
    "publication type": "PT",
    "database": "DB",
    "status": "ST",
    "abstract": "AB",
    "institution": "IN",
    "language": "LG",
    "mesh subject headings": "SH",
}
SOURCE = re.compile(
    r"(?P<journal>.+?)\.\s+(?:Vol\.?\s*)?(?P<volume>\d[\w ]*?)\s*(?:\((?P<issue>[^)]*)\))?"
    r"(?:\s*\(pp\.?\s*(?P<pp>[\w-]+)\)|\s*:\s*(?P<pages>[\w+.-]+))?[,.\s].*?(?P<year>\d{4})?\b"
)
# Databases, codes, subject headings and addresses.
OF_THE_PROGRAM = [
    "VN",
    "DB",
    "RO",
    "CY",
    "IN",
    "PT",
    "IS",
    "IL",
    "SB",
    "ST",
    "LG",
    "EM",
    "DP",
    "DC",
    "DG",
    "DA",
    "UP",
    "SH",
    "MH",
    "KW",
    "RN",
    "CC",
    "JL",
    "XL",
    "PI",
    "NJ",
    "JA",
    "ED",
    "YR2",
    "OW",
    "CR",
    "PH",
    "PS",
    "PE",
    "MI",
    "FA",
    "FE",
    "EN",
    "OI",
    "RI",
    "CP",
    "MA",
    "HW",
    "TN",
    "DV",
    "MS",
    "TM",
    "PY2",
    "CT",
    "SI",
    "EZ",
    "OD",
    "PP",
    "CI",
]


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of Ovid."""
    return records(_chunks(text), _row, shown)


def _chunks(text: str) -> Iterator[Chunk]:
    current: Chunk | None = None
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), start=1):
        match, label = LINE.match(line), LONG.get(line.strip().lower().rstrip("."))
        begins = NUMBERED.match(line) or (match and match[1] == "VN" and current)
        if begins and current and current.pairs:
            yield current
            current = None
        if match:
            current = current or Chunk(number)
            current.pairs.append([match[1], match[2]])
        elif label and not line.startswith(" "):
            current = current or Chunk(number)
            current.pairs.append([label, ""])
        elif current and current.pairs and line.strip() and not NUMBERED.match(line):
            tag, value = current.pairs[-1]
            if tag == "AU" and value:
                current.pairs.append([tag, line.strip()])
            else:
                current.pairs[-1][1] = f"{value} {line.strip()}".strip()
    if current and current.pairs:
        yield current


def _row(fields: Fields) -> dict[str, str]:
    kinds = fields.peek("PT").lower()
    row = {"entry_type": "phdthesis" if "dissertation" in kinds else "article"}
    names = [name for text in fields.all("FA") or fields.all("AU") for name in _names(text)]
    row["author"] = people(names)
    row["title"] = re.sub(r"(?:\s*\[[A-Z][\w\s]+\])?\.?$", "", fields.one("TI"))
    source = fields.one("SO")
    said = SOURCE.match(source)
    told = said.groupdict() if said else {}
    row["container"] = (
        fields.one("JN", "JT", "JA") or (told.get("journal") or source.split(".")[0]).strip()
    )
    year = fields.one("YR", "PY") or (re.findall(r"\b(?:1[89]|20)\d\d\b", source) or [""])[-1]
    row["year"] = (re.findall(r"\d{4}", year) or [""])[0]
    row["volume"] = fields.one("VO", "VI") or told.get("volume") or ""
    row["number"] = fields.one("IP") or told.get("issue") or ""
    row["pages"] = whole_pages(fields.one("PG") or told.get("pages") or told.get("pp") or "")
    row["doi"] = doi_of(fields.one("DO", "DI"), source)
    number, database = fields.one("PM") or fields.one("UI", "AN"), fields.peek("DB").lower()
    medline = "medline" in database or not database
    row["pmid"] = ""
    if medline and re.fullmatch(r"[1-9]\d{4,8}", number):
        row["pmid"] = number
    fields.drop(*OF_THE_PROGRAM)
    return row


def _names(text: str) -> list[str]:
    """Names of a field; what Ovid adds in brackets, such as an address, goes."""
    without = re.sub(r"\s*[\[(][^\])]*[\])]", "", text)
    if without.count(".") == 1:  # the end of the list, as initials stand without points
        without = without.rstrip(".")
    return [
        name.strip(" .") if " " not in name.strip(" .") else name.strip()
        for name in without.split(";")
    ]
