"""PubMed's own export (``.nbib``), which is MEDLINE's format, and ERIC's, which has no number of
PubMed.

https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format lists the tags.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evidence.bibliography.bibtex.dates import beyond_year, iso_date, whole_pages, year_of
from evidence.bibliography.bibtex.names import name_list
from evidence.bibliography.formats.lines import doi_of
from evidence.bibliography.formats.people import without_suffix
from evidence.bibliography.formats.rows import Record
from evidence.bibliography.formats.tagged import Values, chunks, readable
from evidence.errors import Fault

if TYPE_CHECKING:
    from rispy import RisParser

TAG = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)$", re.S)
LISTS = ["FAU", "AU", "CN", "FED", "ED", "AID", "LID", "PT"]
# What another tag says already, or how and when the record was made.
REPEATED = (
    "AU",
    "TA",
    "SO",
    "OWN",
    "STAT",
    "DCOM",
    "LR",
    "CRDT",
    "EDAT",
    "MHDA",
    "PHST",
    "PST",
    "JID",
    "PMCR",
    "SB",
)


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of PubMed's export."""
    eric = re.search(r"^OWN - ERIC", text, re.M) and not re.search(r"^PMID ?- ?\d", text, re.M)
    found, faults = chunks(text, TAG, "OWN" if eric else "PMID", "", shown)
    parser = _parser({tag for chunk in found for tag, _ in chunk.pairs})
    records = []
    for chunk, values in readable(found, parser, "{tag}- {value}", "PubMed", shown, faults):
        row = _row(values)
        values.drop(*REPEATED)
        records.append(Record(row, chunk.line, values.left))
    return records, faults


def _parser(tags: set[str]) -> RisParser:
    import rispy

    class PubMedParser(rispy.RisParser):
        START_TAG, END_TAG = "PMID", "\0"

        def parse_line(self, line: str) -> tuple[str, str]:
            tag, _, value = line.partition("- ")
            return tag, value.strip()

    mapping = {tag: tag for tag in tags | {"PMID"}} | {"UK": "unknown_tag"}
    return PubMedParser(
        mapping=mapping, list_tags=LISTS, delimiter_tags_mapping={}, enforce_list_tags=False
    )


def _entry_type(values: Values) -> str:
    if "dissertation" in " ".join(values.all("PT")).lower():
        return "phdthesis"
    if values.peek("BTI"):
        return "incollection"
    return "article"


def _row(values: Values) -> dict[str, str]:
    row = {"entry_type": _entry_type(values)}
    people = [_person(name) for name in values.all("FAU") or values.peek_all("AU")]
    row["author"] = name_list([*people, *({"literal": name} for name in values.all("CN"))])
    row["editor"] = name_list([_person(name) for name in values.all("FED") or values.all("ED")])
    row["title"] = _sentence(values.one("TI") or values.one("TT"))
    row["container"] = _sentence(values.one("BTI")) or values.one("JT") or values.peek("TA")
    date = iso_date(values.peek("DP"))
    row["year"], row["date"] = year_of(values.peek("DP")), beyond_year(date)
    values.drop("DP")
    row |= {
        "volume": values.one("VI"),
        "number": values.one("IP"),
        "pages": whole_pages(values.one("PG")),
        "publisher": values.one("PB"),
    }
    row |= {"pmid": values.one("PMID"), "pmcid": values.one("PMC")}
    others = values.all("AID", "LID")
    numbers = [text for text in others if text.lower().endswith("[doi]")]
    values.drop("OID", "ISSN")
    row["doi"] = doi_of(*others)
    if numbers:
        row["doi"] = numbers[0].rsplit("[", 1)[0].strip()
    return row


def _person(name: str) -> dict[str, str]:
    name, ending = without_suffix(name)
    family, comma, rest = name.partition(",")
    given, _, suffix = rest.partition(",")
    suffix = suffix or ending
    if not comma and " " in name:
        # An abbreviated name: family name, then initials without points.
        family, _, given = name.rpartition(" ")
    return {"family": family, "given": given, "suffix": suffix}


def _sentence(title: str) -> str:
    """A title without the full stop that PubMed sets, and without the brackets around a translated
    one.
    """
    if title.endswith(".") and not title.endswith(".."):
        title = title[:-1]
    if title.startswith("[") and title.endswith("]") and title.count("[") == 1:
        return title[1:-1]
    return title
