"""Between the bibliography and CSL-JSON, the form that reference formatters and managers share: the
one place of that mapping.

CSL 1.0.2, https://docs.citationstyles.org/en/stable/specification.html (appendices III and IV).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

import pandas as pd

from evidence.bibliography.bibtex.dates import beyond_year, iso_date, pages, year_of
from evidence.bibliography.bibtex.lists import are_sure, is_others, is_usual_list, listed
from evidence.bibliography.bibtex.names import OTHERS, csl_names, has_others, name_list
from evidence.bibliography.markup import with_letters
from evidence.frames import frame_rows

TYPES = {
    "article": "article-journal",
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "thesis"),
    **dict.fromkeys(("techreport", "report", "manual"), "report"),
    **dict.fromkeys(("online", "www", "electronic"), "webpage"),
    **dict.fromkeys(("book", "proceedings"), "book"),
    **dict.fromkeys(("incollection", "inbook"), "chapter"),
    **dict.fromkeys(("inproceedings", "conference"), "paper-conference"),
    "unpublished": "manuscript",
    "booklet": "pamphlet",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
    "misc": "document",
}
ENTRY_TYPES = {
    "article-journal": "article",
    **dict.fromkeys(("article-magazine", "article-newspaper", "review", "review-book"), "article"),
    "thesis": "phdthesis",
    "report": "techreport",
    **dict.fromkeys(("webpage", "post", "post-weblog"), "online"),
    "book": "book",
    **dict.fromkeys(("chapter", "entry", "entry-dictionary", "entry-encyclopedia"), "incollection"),
    "paper-conference": "inproceedings",
    "manuscript": "unpublished",
    "pamphlet": "booklet",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
    **dict.fromkeys(("document", "article"), "misc"),
    # Crossref's own words.
    "journal-article": "article",
    "dissertation": "phdthesis",
    "book-chapter": "incollection",
    "proceedings-article": "inproceedings",
    **dict.fromkeys(("monograph", "edited-book", "reference-book"), "book"),
    "posted-content": "misc",
}
# What these stand in has a title of its own; for all others it is the one who publishes: a school,
# an institution, a registry.
CONTAINED = {"article", "book", "incollection", "inproceedings", "online"}
GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
SAME = {
    "title": "title",
    "volume": "volume",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "url": "URL",
    "note": "note",
}
READ = {
    "id",
    "type",
    "author",
    "editor",
    "container-title",
    "publisher",
    "genre",
    "issued",
    "issue",
    "number",
    "page",
    *SAME.values(),
}

# What a single name seldom has in one of its parts.
MARKS_OF_LISTS = re.compile(r"[;；&/|…]|,.*,|\w,? [A-Z]{1,3}, |\s(?:and|und|y|et)\s|\.\.\.")

Item = dict[str, Any]


def csl_items(bibliography: pd.DataFrame) -> list[Item]:
    """Entries of a bibliography as CSL-JSON.

    One item per entry, in the same order, ready for ``json.dumps``: ``id`` is the key; names with
    ``family``, ``given``, ``non-dropping-particle``, ``suffix`` or ``literal``; ``issued`` with
    date parts; what is missing in the row is missing in the item. A list of authors that continues
    ends in the literal name "others", as pandoc writes it.

    >>> import evidence
    >>> item = csl_items(evidence.load().bibliography)[0]
    >>> item["id"], item["type"], item["author"], item["issued"], item["page"]
    ('abel2007', 'article-journal', [{'family': 'Abel', 'given': 'Ernest L.'}], {'date-parts':
    [[2007]]}, '1251-1254')
    """
    return [
        _item({name: value for name, value in row.items() if isinstance(value, str) and value})
        for row in frame_rows(bibliography)
    ]


def row_of(item: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """One CSL item as a row of the bibliography.

    Returned are the text of each column that has one, and the fields of the item that have no
    column, with a type that has no counterpart, as ``type=map``, and what of a date is none, as
    ``issued=2001-13``.

    >>> row_of(
    ...     {
    ...         "id": "a",
    ...         "type": "report",
    ...         "author": [{"literal": "WHO"}],
    ...         "issued": {"date-parts": [[2020, 5]]},
    ...         "page": "1-9",
    ...         "ISSN": "1",
    ...     }
    ... )
    ({'key': 'a', 'entry_type': 'techreport', 'author': '{WHO}', 'year': '2020', 'date': '2020-05',
    'pages': '1–9'}, ['ISSN'])
    """
    kind, genre = _text(item.get("type")), _text(item.get("genre"))
    row = {"key": _text(item.get("id")), "entry_type": ENTRY_TYPES.get(kind, "misc")}
    if kind == "thesis" and re.search("master|diplom|bachelor", genre, re.I):
        row["entry_type"] = "mastersthesis"
    for column, field in SAME.items():
        row[column] = _text(item.get(field))
    for column in ("author", "editor"):
        row[column] = _names(item.get(column))
    container, publisher = _text(item.get("container-title")), _text(item.get("publisher"))
    if row["entry_type"] in CONTAINED or kind not in ENTRY_TYPES or container:
        row["container"], row["publisher"] = container, publisher
    else:
        row["container"] = publisher
    row["year"], row["date"], odd = _issued(item.get("issued"))
    row["number"] = _text(item.get("issue")) or _text(item.get("number"))
    row["pages"] = pages(_text(item.get("page")))
    unknown = [str(field) for field, value in item.items() if field not in READ and value]
    if kind and kind not in ENTRY_TYPES:
        unknown.append(f"type={kind}")
    if odd:
        unknown.append(f"issued={odd}")
    first = ("key", "entry_type", "author", "title", "container", "year", "date")
    order = dict.fromkeys((*(column for column in first if column in row), *row))
    return {column: row[column] for column in order if row[column]}, unknown


def _item(row: Mapping[str, str]) -> Item:
    kind = TYPES.get(row.get("entry_type", ""), "document")
    item: Item = {"id": row["key"], "type": kind}
    if row.get("entry_type") in GENRES:
        item["genre"] = GENRES[row["entry_type"]]
    item |= {field: row[column] for column, field in SAME.items() if column in row}
    for column in ("author", "editor"):
        if column in row:
            item[column] = csl_names(row[column])
            if has_others(row[column]):
                item[column].append({"literal": OTHERS})
    if "container" in row:
        contained = ENTRY_TYPES[kind] in CONTAINED or "publisher" in row
        item["container-title" if contained else "publisher"] = row["container"]
    if "publisher" in row:
        item["publisher"] = row["publisher"]
    if date := row.get("date") or row.get("year"):
        whole = re.fullmatch(r"(-?\d{1,9})(?:-(\d\d?))?(?:-(\d\d?))?", date)
        if whole:
            item["issued"] = {"date-parts": [[int(part) for part in whole.groups() if part]]}
        else:
            item["issued"] = {"literal": date}
    if "number" in row:
        item["issue" if kind == "article-journal" else "number"] = row["number"]
    if "pages" in row:
        # A hyphen is what others expect, unless the pages have hyphens of their own.
        if "-" in row["pages"] or row["pages"].count("\u2013") > 1:
            item["page"] = row["pages"]
        else:
            item["page"] = row["pages"].replace("\u2013", "-")
    return item


def _text(value: Any) -> str:
    """A field as one line of text; of a list the first."""
    if isinstance(value, (list, tuple)):
        value = next((part for part in value if part), "")
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return " ".join(str(value).split())
    return ""


def _names(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        people = [person for person in value if isinstance(person, Mapping)]
    else:
        people = []
    said = [
        {"literal": str(person["name"])} if "name" in person and "family" not in person else person
        for person in people
    ]
    texts: list[dict[str, str]] = [
        {part: with_letters(_text(text)) for part, text in person.items()} for person in said
    ]
    texts = [one for person in texts for one in _one_by_one(person)]
    kept = [
        person
        for person in texts
        if person.get("literal", "").lower() not in (OTHERS, "et al", "et al.")
    ]
    return name_list(kept, others=len(kept) < len(texts))


def _one_by_one(person: dict[str, str]) -> list[dict[str, str]]:
    """Persons of a list that was put into one name."""
    parts = (person.get("family", ""), person.get("given", ""))
    whole = person.get("literal", "") or ", ".join(filter(None, parts))
    if not MARKS_OF_LISTS.search(whole):
        return [person]
    names = listed(whole)
    alone = not all(parts)  # no name has its parts apart
    apart = ";" in whole and ("literal" not in person or is_usual_list(whole))
    if len(names) < 2 or not (apart or (alone and (are_sure(names) or "；" in whole))):
        return [person]
    from evidence.bibliography.formats.people import person as parts_of

    return [{"literal": OTHERS} if is_others(name) else parts_of(name) for name in names]


def _issued(value: Any) -> tuple[str, str, str]:
    """Year, date where more is known, and the whole where a part of it is not kept."""
    if not isinstance(value, Mapping):
        return "", "", ""
    spans = value.get("date-parts")
    first, *more = map(_date_parts, spans) if isinstance(spans, (list, tuple)) and spans else [[]]
    if not first or not re.fullmatch(r"-?\d+", first[0]):
        said = _text(value.get("raw")) or _text(value.get("literal"))
        return year_of(said), beyond_year(iso_date(said)), ""
    whole = "-".join(first)
    year, date = first[0], ""  # of any number of digits, or before our time
    if (known := iso_date(whole)) and whole.startswith(known[:4]):
        year, date = known[:4], beyond_year(known)
    lost = 1 + date.count("-") < len(first) or any(more)
    return year, date, "/".join(map("-".join, (first, *more))) if lost else ""


def _date_parts(parts: Any) -> list[str]:
    """Year, month and day as text, up to the first that says nothing."""
    said = map(_date_part, parts if isinstance(parts, (list, tuple)) else [])
    return [*takewhile(lambda text: text not in ("", "0"), said)]


def _date_part(part: Any) -> str:
    text = _text(int(part) if isinstance(part, float) and part.is_integer() else part)
    if text.isdecimal() and len(text) < 10:
        return str(int(text))
    return text if re.fullmatch(r"-?\d+|[^\W\d_]*", text) else "?"
