"""Fields that no page confirmed, against what the services say: what they confirm, and what they
would fill in or correct.

A service is believed about a paper only when its record is certainly that of the paper, and about a
field only when no other service contradicts it.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evidence.bibliography.bibtex.names import first_name, name_list, split_names
from evidence.bibliography.bibtex.write import edit
from evidence.decoding import text_of
from evidence.files import shown_path, write_together
from evidence.frames import frame_rows
from evidence.literature.compare import compare, same_journal, same_name, same_title
from evidence.literature.record import Author, Record, first_stated, normal
from evidence.model.evidence import Evidence
from evidence.synthesis.sources import MARKS
from evidence.tables.writing import with_cells, without_rows

IN_TABLES = ("title", "year", "doi")  # fields that a table has too


@dataclass(frozen=True)
class Settled:
    """One marked field and what the services say about it.

    Attributes
    ----------
    table, id, field : str
        As in ``unverified_fields``.
    ours, theirs : str
        What the entry has, and what it should have; the same when the services confirm it.
    services : tuple of str
        Who says so.
    """

    table: str
    id: str
    field: str
    ours: str
    theirs: str
    services: tuple[str, ...]

    @property
    def confirmed(self) -> bool:
        """Whether the entry is right as it is."""
        return self.ours == self.theirs


def settled(
    ev: Evidence, table: pd.DataFrame, records: Mapping[tuple[str, str], Record]
) -> tuple[list[Settled], list[str]]:
    """What the services say about the marked fields.

    Returned are the fields that are confirmed, or have a value that all services which state it
    agree on; and, in words, what the services disagree about.
    """
    if MARKS not in ev.tables:
        return [], []
    found, disagreements = [], []
    by_id = {entry["id"]: entry for entry in frame_rows(table)}
    for mark in ev.tables[MARKS].to_dict("records"):
        entry, field = by_id.get(mark["id"]), str(mark["field"])
        if entry is None or field not in FIELDS:
            continue
        column, stated, same = FIELDS[field]
        ours = entry[column]
        theirs = {
            service: record
            for (key, service), record in records.items()
            if key == mark["id"] and _is_of(entry, record, field)
        }
        values = {service: stated(record) for service, record in theirs.items() if stated(record)}
        if not values:
            continue
        agreeing = tuple(service for service, value in values.items() if ours and same(ours, value))
        distinct = [
            value
            for number, value in enumerate(values.values())
            if not any(same(value, one) for one in [*values.values()][:number])
        ]
        if agreeing and len(agreeing) == len(values):
            found.append(Settled(str(mark["table"]), mark["id"], field, ours, ours, agreeing))
        elif not agreeing and len(distinct) == 1:
            found.append(
                Settled(
                    str(mark["table"]),
                    mark["id"],
                    field,
                    ours,
                    max(values.values(), key=len),
                    tuple(values),
                )
            )
        else:
            said = "; ".join(f"{service}: {value}" for service, value in values.items())
            disagreements.append(f"{mark['id']}: {field}: {ours or 'empty'} here; {said}")
    return found, disagreements


def _is_of(entry: Mapping[str, str], record: Record, field: str) -> bool:
    """Whether a record is certainly that of the entry: title and first author agree, or for either
    of these the other and the year.
    """
    found = compare(entry, record)
    needed = {"title": ("author", "year"), "author": ("title", "year")}.get(
        field, ("title", "author")
    )
    return all(name in found.agree or (name == "author" and not record.authors) for name in needed)


def place_and_numbers(records: list[Record]) -> dict[str, str]:
    """Where a paper stands in its journal, and its numbers, each as the first of some records that
    states it says; empty where none does.
    """
    names = ("volume", "number", "pages", "doi", "pmid", "pmcid")
    found = {name: first_stated(records, name) for name in names}
    return found | {"pages": pages(found["pages"])}


def pages(text: str) -> str:
    """A range of pages with both numbers in full and an en dash.

    >>> pages("460-70"), pages("e12"), pages("1251--1254")
    ('460–470', 'e12', '1251–1254')
    """
    found = re.fullmatch(r"([A-Za-z]*)(\d+)\s*(?:--|[-–—])\s*([A-Za-z]*)(\d+)", text.strip())
    if not found:
        return text.strip()
    letters, first, again, last = found.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{letters}{first}" if first == last else f"{letters}{first}–{again}{last}"


def names(authors: tuple[Author, ...]) -> str:
    """Authors in the form of a bibliography.

    >>> names((Author("Abe", "B. C."), Author("The Group and Co")))
    'Abe, B. C. and {The Group and Co}'
    """
    return name_list(
        {"family": a.family, "given": a.given} if a.given else {"literal": a.family}
        for a in authors
    )


def _same_names(ours: str, theirs: str) -> bool:
    """Whether two lists have the same family names in the same order."""
    one, other = ([first_name(name)[0] for name in split_names(text)] for text in (ours, theirs))
    return len(one) == len(other) and all(map(same_name, one, other))


def _same(ours: str, theirs: str) -> bool:
    return normal(ours) == normal(theirs)


FIELDS: dict[str, tuple[str, Callable[[Record], str], Callable[[str, str], bool]]] = {
    "title": ("title", lambda record: re.sub(r"(?<!\.)\.$", "", record.title), same_title),
    "year": ("year", lambda record: str(record.year or ""), _same),
    "doi": ("doi", lambda record: record.doi, _same),
    "author": ("author", lambda record: names(record.authors), _same_names),
    "journal": (
        "container",
        lambda record: record.journals[0] if record.journals else "",
        same_journal,
    ),
    "volume": ("volume", lambda record: record.volume, _same),
    "number": ("number", lambda record: record.number, _same),
    "pages": (
        "pages",
        lambda record: pages(record.pages),
        lambda one, other: _same(pages(one), pages(other)),
    ),
}


def changed_files(ev: Evidence, found: list[Settled]) -> dict[Path, tuple[str, str]]:
    """Old and new text of each file that the settled fields change, in the order in which to write
    them: the marks go last.
    """
    dictionary = ev.dictionary
    files: dict[Path, tuple[str, str]] = {}
    new = [one for one in found if not one.confirmed]
    for name in dict.fromkeys(one.table for one in new if one.field in IN_TABLES):
        cells: dict[str, dict[str, str]] = {}
        for one in new:
            if one.table == name and one.field in IN_TABLES:
                cells.setdefault(one.id, {})[one.field] = one.theirs
        path = dictionary.folder / dictionary.tables[name].file
        old = text_of(path)
        files[path] = (old, with_cells(old, dictionary.tables[name], cells))
    if new:
        changes: dict[str, dict[str, str]] = {}
        for one in new:
            changes.setdefault(one.id, {})[one.field] = one.theirs
        old = text_of(dictionary.bibliography)
        files[dictionary.bibliography] = (old, edit(old, changes=changes))
    if found:
        table = dictionary.tables[MARKS]
        marks = ev.tables[MARKS].set_index(["id", "field"])[table.key]
        path = dictionary.folder / table.file
        old = text_of(path)
        files[path] = (old, without_rows(old, table, [marks[one.id, one.field] for one in found]))
    return files


def difference(files: Mapping[Path, tuple[str, str]]) -> str:
    """Unified differences of the files."""
    lines: list[str] = []
    for path, (old, new) in files.items():
        shown = shown_path(Path(os.path.realpath(path)))
        lines += difflib.unified_diff(
            old.splitlines(keepends=True), new.splitlines(keepends=True), shown, shown
        )
    return "".join(lines)


def write(files: Mapping[Path, tuple[str, str]]) -> None:
    """Write all of them, or none when one cannot be written."""
    write_together({path: new for path, (_, new) in files.items()})
