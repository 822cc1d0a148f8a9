"""RIS, which most databases and reference managers export; read and written with rispy.

Tags vary between programs: each column takes the first of several that holds something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from evidence import quoting
from evidence.bibliography.addresses import BEFORE_DOI
from evidence.bibliography.bibtex.dates import beyond_year, iso_date, page_range, year_of
from evidence.bibliography.bibtex.lists import comma_problem
from evidence.bibliography.bibtex.names import csl_names, has_others
from evidence.bibliography.csl import CONTAINED, GENRES
from evidence.bibliography.formats.people import people
from evidence.bibliography.formats.rows import Record
from evidence.bibliography.formats.tagged import Chunk, Values, chunks, readable
from evidence.errors import Fault

TAG = re.compile(r"\s{0,3}([A-Z][A-Z0-9])(?:  ?-|\t-)(?:\s(.*)|(\S.*)?)$", re.S)
TYPES = {
    **dict.fromkeys(("JOUR", "JFULL", "EJOUR", "MGZN", "NEWS", "INPR", "ABST"), "article"),
    "THES": "phdthesis",
    **dict.fromkeys(("RPRT", "GOVDOC", "STAND"), "techreport"),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK", "SER"), "book"),
    **dict.fromkeys(("CHAP", "ECHAP", "ENCYC", "DICT"), "incollection"),
    **dict.fromkeys(("CONF", "CPAPER"), "inproceedings"),
    **dict.fromkeys(("ELEC", "BLOG", "WEB", "ICOMM", "MULTI"), "online"),
    **dict.fromkeys(("UNPB", "MANSCPT"), "unpublished"),
    "PAMP": "booklet",
    **dict.fromkeys(("DATA", "AGGR", "DBASE"), "dataset"),
    "COMP": "software",
    "PAT": "patent",
    "GEN": "misc",
}
WRITTEN = {
    **{kind: code for code, kind in reversed(TYPES.items())},
    **dict.fromkeys(("mastersthesis", "thesis"), "THES"),
    **dict.fromkeys(("report", "manual"), "RPRT"),
    "proceedings": "CONF",
    "inbook": "CHAP",
}
NUMBERS = (
    ("pmcid", re.compile(r"PMC(?:ID)?:?\s*(?:PMC)?(\d+)\s*[;.]?\s*", re.I)),
    ("pmid", re.compile(r"PMID:?\s*(\d+)\s*[;.]?\s*", re.I)),
)
PEOPLE = ("AU", "A1", "A2", "A3", "ED")
DOI = re.compile(rf"(?:{BEFORE_DOI.pattern})?(10\.\d{{4,9}}/\S+)", re.I)


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of a RIS file."""
    import rispy

    found, faults = chunks(text, TAG, "TY", "ER", shown)
    parser = rispy.RisParser(delimiter_tags_mapping={}, enforce_list_tags=False)
    tags = {name: tag for tag, name in parser.mapping.items()}
    records = []
    for chunk, values in readable(found, parser, "{tag}  - {value}", "RIS", shown, faults):
        # What ends in a comma is an institution, whatever commas are in its name.
        names = [value for tag, value in chunk.pairs if tag in PEOPLE and value[-1:] != ","]
        row = _row(values)
        faults += [
            Fault(shown, chunk.line, "AU", problem, "one name per line, as Family, Given", "format")
            for problem in filter(None, map(comma_problem, names))
        ]
        records.append(
            Record(
                row,
                chunk.line,
                [*(tags.get(name, name) for name in values.left), *_unknown_type(chunk)],
            )
        )
    return records, faults


def write(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows of the bibliography, without their missing cells, as RIS.

    Institutions end in a comma, as EndNote has them; PubMed's numbers stand in AN and C2, as in its
    own export.

    >>> write(
    ...     [
    ...         {
    ...             "key": "a",
    ...             "entry_type": "article",
    ...             "author": "B, C and {D & E}",
    ...             "pages": "1–9",
    ...             "pmid": "7",
    ...         }
    ...     ]
    ... ).splitlines()[:7]
    ['TY  - JOUR', 'ID  - a', 'AU  - B, C', 'AU  - D & E,', 'SP  - 1', 'EP  - 9', 'AN  - 7']
    """
    import rispy

    class Writer(rispy.RisWriter):
        SEPARATOR = ""

        def set_header(self, count: int) -> str:
            return ""

    return rispy.dumps(
        [_written(row) for row in rows], implementation=Writer, delimiter_tags_mapping={}
    )


def _row(values: Values) -> dict[str, str]:
    code = values.one("type_of_reference").upper()
    row = {"entry_type": TYPES.get(code, "misc"), "key": values.one("id")}
    if row["entry_type"] == "phdthesis" and re.search(
        "master|diplom|bachelor|m\\.?sc", values.peek("type_of_work"), re.I
    ):
        row["entry_type"] = "mastersthesis"
    if row["entry_type"] in GENRES.values() or values.peek("type_of_work") in GENRES.values():
        values.drop("type_of_work")
    row["author"] = people(values.all("first_authors", "authors"))
    if row["entry_type"] in ("incollection", "inproceedings", "book"):
        row["editor"] = people(values.all("secondary_authors", "ED"))
    row["title"] = values.one("primary_title", "title")
    container, publisher = (
        values.one("alternate_title3", "secondary_title", "BT", "journal_name"),
        values.one("publisher"),
    )
    if container:
        values.drop("journal_name", "alternate_title1", "alternate_title2")
    container = container or values.one("alternate_title2", "alternate_title1")
    contained = row["entry_type"] in CONTAINED or container
    row["container"] = publisher
    if contained:
        row |= {"container": container, "publisher": publisher}
    row |= _dates(values) | _pages(values)
    row |= {"volume": values.one("volume"), "number": values.one("number")}
    return row | _numbers(values)


def _dates(values: Values) -> dict[str, str]:
    year, date = values.one("year", "publication_year"), iso_date(values.one("date"))
    known = iso_date(year)
    if len(known) > len(date) or known[:4] != date[:4]:
        date = known or date
    year = year.strip("/ ")
    return {"year": date[:4] if beyond_year(date) else year_of(year), "date": beyond_year(date)}


def _pages(values: Values) -> dict[str, str]:
    first, last = values.one("start_page"), values.one("end_page")
    return {"pages": (page_range(first, last, last))}


def _numbers(values: Values) -> dict[str, str]:
    """DOI, the numbers of PubMed, address and notes, wherever they are put."""
    row: dict[str, str] = {}
    row["doi"] = values.peek("doi")
    if doi := DOI.fullmatch(row["doi"].strip()):
        row["doi"] = doi[1]
    values.drop("doi")
    database = f"{values.peek('name_of_database')} {values.peek('database_provider')}".lower()
    if re.fullmatch(r"(?:PMID:?\s*)?\d{1,8}", values.peek("accession_number")) and (
        not database.strip() or "pubmed" in database or "medline" in database
    ):
        row["pmid"] = values.one("accession_number").removeprefix("PMID").strip(": ")
        values.drop("name_of_database", "database_provider")
    if re.fullmatch(r"PMC\d+", values.peek("custom2")):
        row["pmcid"] = values.one("custom2")
    elif "scopus" in database and re.fullmatch(r"\d{1,8}", values.peek("custom2")):
        row["pmid"] = values.one("custom2")
    notes = values.all("notes")
    for place, note in enumerate(notes):
        for column, pattern in NUMBERS:
            found = pattern.search(note)
            if not found:
                continue
            number = f"PMC{found[1]}" if column == "pmcid" else found[1]
            if row.get(column, number) == number:
                row[column] = number
                note = notes[place] = pattern.sub("", note, count=1)
    row["note"] = "; ".join(filter(None, (note.strip() for note in notes)))
    for address in values.all("urls"):
        found = DOI.fullmatch(address.strip())
        if found and row["doi"].casefold() in ("", found[1].casefold()):
            row["doi"] = row["doi"] or found[1]
        elif not row.get("url"):
            row["url"] = address.strip()
        else:
            row["note"] = "; ".join(filter(None, (row["note"], address.strip())))
    return row


def _unknown_type(chunk: Chunk) -> list[str]:
    tag, code = chunk.pairs[0]
    if tag == "TY" and code.upper() not in TYPES:
        return [f"TY={code}"]
    return []


def _written(row: Mapping[str, str]) -> dict[str, object]:
    """A row under rispy's names."""
    kind = row["entry_type"]
    container, publisher = row.get("container"), row.get("publisher")
    if kind not in CONTAINED and not publisher:
        container, publisher = "", container
    database = "PubMed" if row.get("pmid") else ""
    where = {"article": "alternate_title3"}.get(kind, "secondary_title")
    pages_of = row.get("pages", "")
    if pages_of.count("\u2013") == 1 and "," not in pages_of:
        first, _, last = pages_of.partition("\u2013")
    else:
        first, _, last = (pages_of, "", "")
    people, editors = _people(row.get("author", "")), _people(row.get("editor", ""))
    said = {
        "type_of_reference": WRITTEN.get(kind, "GEN"),
        "id": row["key"],
        "authors": people,
        "secondary_authors": editors,
        "title": row.get("title"),
        "type_of_work": GENRES.get(kind),
        where: container,
        "publisher": publisher,
        "year": row.get("year"),
        "date": row.get("date", "").replace("-", "/"),
        "volume": row.get("volume"),
        "number": row.get("number"),
        "start_page": first,
        "end_page": last,
        "doi": row.get("doi"),
        "accession_number": row.get("pmid"),
        "name_of_database": database,
        "custom2": row.get("pmcid"),
        "urls": list(filter(None, [row.get("url")])),
        "notes": list(filter(None, [row.get("note")])),
    }
    return {
        name: list(map(quoting.ris, value)) if isinstance(value, list) else quoting.ris(str(value))
        for name, value in said.items()
        if value
    }


def _people(names: str) -> list[str]:
    people = [_person(name) for name in csl_names(names)]
    if has_others(names):
        people.append("et al.")
    return people


def _person(name: Mapping[str, str]) -> str:
    if "literal" in name:
        return name["literal"] + ","
    family = " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family"))))
    return ", ".join(filter(None, (family, name.get("given"), name.get("suffix"))))
