"""From the entries of a BibTeX file to columns of plain text.

Column by column, because ten thousand entries have a hundred thousand values and few of them need
more than their braces taken off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from evidence.bibliography.bibtex.blocks import line_of
from evidence.bibliography.bibtex.dates import beyond_year, iso_date, pages
from evidence.bibliography.bibtex.latex import to_unicode
from evidence.bibliography.bibtex.names import normalised
from evidence.bibliography.bibtex.values import inner, read_value
from evidence.errors import Fault

if TYPE_CHECKING:
    from bibtexparser.model import Entry

COLUMNS = [
    *(
        "key",
        "entry_type",
        "author",
        "title",
        "container",
        "year",
        "volume",
        "number",
        "pages",
        "doi",
        "pmid",
        "pmcid",
        "note",
    ),
    *("date", "editor", "publisher", "url"),
]
CONTAINERS = (
    "journal",
    "journaltitle",
    "booktitle",
    "school",
    "institution",
    "organization",
    "howpublished",
)
NAMES = ("author", "editor")
# What an entry has from the one that it names as crossref, where it has none of its own; fields in
# one group stand for each other. A number or an address is that of the whole, not of its part.
INHERITED = (
    ("year", "date", "month", "day"),
    ("booktitle", "journal", "journaltitle"),
    *(("editor",), ("publisher",), ("volume",), ("number",)),
)
WHOLE = {"book", "proceedings", "collection", "mvbook", "mvcollection", "reference", "periodical"}
DECODED = ("title", "container", "note", "publisher", "year", "volume", "number")
VERBATIM = ("doi", "pmid", "pmcid", "url")
KNOWN = {*COLUMNS, "month", "day"} - {"key", "entry_type", "container"}
ADDRESS = re.compile(r"\\url\{([^{}\s]+)\}|(https?://\S+)")

Column = list[str | None]


def raw_columns(entries: Sequence[Entry]) -> tuple[dict[str, Column], bool]:
    """Values as they stand, by the names of the fields in lower case, of a doubled field the
    first; and whether a name is written in two ways.
    """
    records = [{field.key: field.value for field in reversed(entry.fields)} for entry in entries]
    names = list(dict.fromkeys(chain.from_iterable(records)))
    small = dict.fromkeys(name.lower() for name in names)
    if len(small) < len(names):
        records = [
            {field.key.lower(): field.value for field in reversed(entry.fields)}
            for entry in entries
        ]
        return {name: [record.get(name) for record in records] for name in small}, True
    return {name.lower(): [record.get(name) for record in records] for name in names}, False


def filled(first: Column, second: Column) -> Column:
    """The values of a column, and where there is none those of another."""
    return [other if value is None else value for value, other in zip(first, second, strict=True)]


def text_columns(
    raw: dict[str, Column], entries: Sequence[Entry], strings: Mapping[str, str], shown: str
) -> tuple[dict[str, Column], list[Fault]]:
    """Values without their braces and quotes, abbreviations and joins resolved; and what is wrong
    with them.

    A field that a missing comma hid in the one before is put back, where the entry has no other of
    that name.
    """
    texts: dict[str, Column] = {}
    faults, hidden = [], []
    for name, values in raw.items():
        column = _unwrapped(values)
        if None in column:
            unusual = [
                row for row, text in enumerate(column) if text is None and values[row] is not None
            ]
        else:
            unusual = []
        for row in unusual:
            said = read_value(values[row] or "", strings)
            column[row] = said.text
            if said.swallowed:
                hidden.append((row, *said.swallowed))
            if said.problem:
                field = next(field for field in entries[row].fields if field.key.lower() == name)
                allowed = "{text in braces} and a comma after it"
                faults.append(
                    Fault(
                        shown,
                        line_of(field),
                        field.key,
                        said.problem,
                        allowed,
                        "bibliography",
                        entries[row].key,
                    )
                )
        texts[name] = column
    for row, name, value in hidden:
        column = texts.setdefault(name.lower(), [None] * len(entries))
        if column[row] is None:
            column[row] = read_value(value, strings).text
    return texts, faults


def inherit(texts: dict[str, Column], entries: Sequence[Entry]) -> None:
    """Give entries what BibTeX takes from the entry that their ``crossref`` names, where it is in
    the file; the title of a book becomes the container of its parts.
    """
    asked = texts.get("crossref", [])
    if not any(asked):
        return
    places = {entry.key.lower(): row for row, entry in reversed([*enumerate(entries)])}
    nothing: Column = [None] * len(entries)
    names = [name for group in INHERITED for name in group]
    own = {name: [*texts.get(name, nothing)] for name in (*names, "title")}
    for row, key in enumerate(asked):
        whole = places.get((key or "").strip().lower(), row)
        if whole == row:
            continue
        asked[row] = None
        for group in INHERITED:
            given = {name: own[name][whole] for name in group if own[name][whole]}
            if "booktitle" in group and not given and entries[whole].entry_type in WHOLE:
                given = {"booktitle": own["title"][whole]}
            if not any(own[name][row] for name in group):
                for name, text in given.items():
                    texts.setdefault(name, [*nothing])[row] = text


def _unwrapped(values: Column) -> Column:
    """Values without their pair of braces; None for those in none, and for missing ones."""
    present = [value for value in values if value is not None]
    joined = "\0".join(present)
    if (
        joined.count("{") == joined.count("}") == len(present) == joined.count("}\0{") + 1
        and joined[0] == "{"
        and joined[-1] == "}"
        and "\\" not in joined
    ):
        # Years, numbers, pages: all of them plain, taken apart at once.
        texts = iter(joined[1:-1].split("}\0{"))
        return [None if value is None else next(texts) for value in values]
    return _each(_without_braces, values)


def _without_braces(value: str) -> str | None:
    is_plain = value[:1] == "{" and value.find("{", 1) < 0 and "\\" not in value
    return value[1:-1] if is_plain else inner(value)


def table_columns(
    texts: dict[str, Column], entries: Sequence[Entry], shown: str
) -> tuple[dict[str, Column], list[Fault]]:
    """The columns of the table; and what is wrong with names."""
    nothing: Column = [None] * len(entries)
    columns: dict[str, Column] = {name: texts.get(name, nothing) for name in COLUMNS}
    columns["key"], columns["entry_type"] = (
        [entry.key for entry in entries],
        [entry.entry_type for entry in entries],
    )
    if "howpublished" in texts:
        texts["howpublished"], columns["url"] = _addresses(texts["howpublished"], columns["url"])
    columns["container"] = nothing
    for name in CONTAINERS:
        if name in texts:
            columns["container"] = filled(columns["container"], texts[name])
    for name in DECODED:
        columns[name] = _each(to_unicode, columns[name])
    faults = []
    for name in NAMES:
        column = [("", "") if text is None else normalised(text) for text in columns[name]]
        for row in [row for row, (_, problem) in enumerate(column) if problem]:
            field = next(
                (field for field in entries[row].fields if field.key.lower() == name), None
            )
            line = ((entries[row].start_line if field is None else field.start_line) or 0) + 1
            allowed = "names as 'Family, Given', separated by 'and'"
            faults.append(
                Fault(shown, line, name, column[row][1], allowed, "bibliography", entries[row].key)
            )
        columns[name] = [text or None for text, _ in column]
    for name in VERBATIM:
        if any("\\" in text for text in filter(None, columns[name])):
            columns[name] = _each(lambda text: re.sub(r"\\([&%#_~{}])", r"\1", text), columns[name])
    columns["pages"] = _each(pages, columns["pages"])
    if "date" in texts or "month" in texts:
        columns["year"], columns["date"] = _dates(texts | {"year": columns["year"]}, nothing)
    return columns, faults


def _each(change: Callable[[str], str | None], column: Column) -> Column:
    """A column changed value by value; what stands in it often, as names of journals do, is changed
    once.
    """
    changed: dict[str | None, str | None] = {
        text: change(text) for text in set(column) if text is not None
    }
    return [changed.get(text) for text in column]


def left_over(texts: Mapping[str, Column]) -> dict[str, list[int]]:
    """Fields that no column takes, with the rows that have them: all that have no column, and a
    second container of one entry.
    """
    left = {}
    taken: Column = []
    for name in CONTAINERS:
        if name in texts:
            both = filled(taken, texts[name]) if taken else texts[name]
            if taken and both.count(None) > taken.count(None) + texts[name].count(None) - len(
                taken
            ):
                left[name] = [
                    row
                    for row, text in enumerate(texts[name])
                    if text is not None and taken[row] is not None
                ]
            taken = both
    left |= {
        name: [row for row, text in enumerate(column) if text is not None]
        for name, column in texts.items()
        if name not in KNOWN | set(CONTAINERS)
    }
    return {name: rows for name, rows in sorted(left.items()) if rows}


def _addresses(texts: Column, urls: Column) -> tuple[Column, Column]:
    """What is only a web address, as many write where a site was published, belongs to the
    addresses.
    """
    found = {
        row: match
        for row, text in enumerate(texts)
        if text and urls[row] is None and (match := ADDRESS.fullmatch(text))
    }
    if not found:
        return texts, urls
    kept, moved = list(texts), list(urls)
    for row, match in found.items():
        kept[row], moved[row] = None, match[1] or match[2]
    return kept, moved


def _dates(texts: dict[str, Column], nothing: Column) -> tuple[Column, Column]:
    """Years, and dates where more is known: of ``date``, or of ``year``, ``month`` and ``day``."""
    years = texts.get("year", nothing)
    parts = zip(
        texts.get("date", nothing),
        years,
        texts.get("month", nothing),
        texts.get("day", nothing),
        strict=True,
    )
    dates = [iso_date(date or "-".join(filter(None, rest))) for date, *rest in parts]
    return filled(years, [date[:4] or None for date in dates]), [
        beyond_year(date) or None for date in dates
    ]
