"""EndNote's own export, whose tags are a percent sign and a letter (also called refer or BibIX)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.bibliography.bibtex.dates import beyond_year, iso_date, whole_pages
from evidence.bibliography.formats.lines import Fields, doi_of, records
from evidence.bibliography.formats.people import people
from evidence.bibliography.formats.rows import Record
from evidence.bibliography.formats.tagged import Chunk
from evidence.errors import Fault

BEGIN = re.compile(r"^\ufeff?%[0A-Z] \S", re.M)
LINE = re.compile(r"%([0-9A-Z@!?$&*()+<>^\[\]{}~#=|]) ?(.*)$")
TYPES = {
    "journal article": "article",
    "electronic article": "article",
    "magazine article": "article",
    "newspaper article": "article",
    "thesis": "phdthesis",
    "report": "techreport",
    "government document": "techreport",
    "book": "book",
    "electronic book": "book",
    "edited book": "book",
    "book section": "incollection",
    "conference paper": "inproceedings",
    "conference proceedings": "inproceedings",
    "web page": "online",
    "unpublished work": "unpublished",
    "manuscript": "unpublished",
    "dataset": "dataset",
    "computer program": "software",
    "patent": "patent",
}
NOTES = ("Z",)
# Labels, databases, keywords and what is not of the paper.
OF_THE_PROGRAM = ("F", "W", "~", "[", "G", "+", ">", "^", "@", "!", "(", "<", "=", "#", "?")


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of EndNote's export."""
    return records(_chunks(text), _row, shown)


def _chunks(text: str) -> Iterator[Chunk]:
    current: Chunk | None = None
    blank = False
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), start=1):
        match = LINE.match(line)
        if match:
            begins = match[1] == "0" or (blank and match[1] in "AT")
            if current and begins:
                yield current
                current = None
            current = current or Chunk(number)
            current.pairs.append([match[1], match[2]])
        elif current and line.strip():
            current.pairs[-1][1] += f" {line.strip()}"
        blank = not line.strip()
    if current:
        yield current


def _row(fields: Fields) -> dict[str, str]:
    kind = fields.one("0")
    usual = "article" if fields.peek("J") else "misc"
    row = {"entry_type": TYPES.get(kind.lower(), usual)}
    if row["entry_type"] == "phdthesis" and re.search("master|diplom", fields.peek("9"), re.I):
        row["entry_type"] = "mastersthesis"
    row["author"] = people(fields.all("A"))
    row["editor"] = people(fields.all("E"))
    row["title"] = fields.one("T")
    publisher, container = fields.one("I"), fields.one("J", "B", "S")
    contained = row["entry_type"] in ("article", "incollection", "inproceedings", "book", "online")
    if not contained and not container:
        container, publisher = publisher, ""
    row["container"], row["publisher"] = container, publisher
    year, date = fields.one("D"), iso_date(f"{fields.peek('D')} {fields.one('8')}".strip())
    row["year"] = (re.findall(r"\d{4}", year) or [year])[0]
    row["date"] = beyond_year(date)
    row["volume"], row["number"], row["pages"] = (
        fields.one("V"),
        fields.one("N"),
        whole_pages(fields.one("P")),
    )
    row["doi"] = doi_of(fields.one("R"), fields.peek("U"))
    row["pmid"] = fields.one("M")
    if not re.fullmatch(r"[1-9]\d{4,8}", row["pmid"]):
        row["pmid"] = ""
    row["pmcid"] = next((m[0] for v in fields.all("2") if (m := re.search(r"PMC\d+", v))), "")
    row["url"] = fields.one("U")
    if row["doi"] and row["doi"] in row["url"]:
        row["url"] = ""
    row["note"] = "; ".join(fields.all(*NOTES))
    fields.drop(*OF_THE_PROGRAM, "9")
    return row
