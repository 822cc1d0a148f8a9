"""What the readers of all formats share: rows become a table, with a key for each, and what found
no place is said.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from evidence.bibliography.addresses import BEFORE_DOI
from evidence.bibliography.bibtex.names import first_name
from evidence.bibliography.bibtex.table import COLUMNS
from evidence.errors import Fault
from evidence.nouns import counted

KEY = re.compile(r"[A-Za-z][\w.:+-]{0,79}", re.A)

UNREADABLE, NOT_KEPT, CHANGED, ENCODING = "unreadable", "not_kept", "changed", "encoding"


@dataclass
class Record:
    """One entry on its way to the table.

    Attributes
    ----------
    row : dict of str to str
        Column to text; a key is one that the file gives.
    line : int
        Line on which it begins; 0 where lines say nothing.
    left : list of str
        What it has and no column takes.
    """

    row: dict[str, str]
    line: int
    left: list[str] = field(default_factory=list)


def first_row(text: str, mark: str = ",") -> list[str]:
    """The cells of the first line of a text that may be a table; none where they cannot be.

    >>> first_row('a,"b"\\n1,2'), first_row("x" * 200_000)
    (['a', 'b'], [])
    """
    line = text.lstrip("\ufeff\n").split("\n", 1)[0]
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:  # a cell longer than any name of a column, as in BibTeX on one line
        return []


def assembled(
    records: Iterable[Record], shown: str
) -> tuple[pd.DataFrame, dict[str, int], list[Fault]]:
    """Records as the table of the bibliography, the line of each key, and what was left or changed
    on the way.
    """
    rows, faults = [], []
    lines: dict[str, int] = {}
    keys = Keys()
    left: dict[str, list[int]] = {}
    for record in records:
        row = _tidy(record)
        given = row.get("key", "")
        if not given and not set(row) - {"entry_type"}:
            what, allowed = (
                "record says nothing that could be kept",
                "a title, an author or a number",
            )
            faults.append(Fault(shown, record.line, "", what, allowed, UNREADABLE))
            continue
        key = row["key"] = keys.free(given if KEY.fullmatch(given) else _made(row))
        if given and given != key:
            why = "is a duplicate" if given in lines else "cannot be used"
            what = f"key {given!r} {why}, and became {key!r}"
            allowed = "each key once, of letters and digits"
            faults.append(Fault(shown, record.line, "", what, allowed, CHANGED, key))
        lines[key] = record.line
        rows.append(row)
        for name in dict.fromkeys(record.left):
            left.setdefault(name, []).append(record.line)
    for name, where in left.items():
        many = counted(len(where), "entry", "entries")
        what = f"has no column here and was not kept, in {many}"
        faults.append(Fault(shown, where[0], name, what, rule=NOT_KEPT))
    return pd.DataFrame(rows, columns=COLUMNS).astype("str"), lines, faults


def _tidy(record: Record) -> dict[str, str]:
    """What a record says, without stray spaces and the address before a DOI."""
    cells = {column: " ".join((text or "").split()) for column, text in record.row.items()}
    row = {column: text for column, text in cells.items() if text}
    if "doi" in row:
        row["doi"] = BEFORE_DOI.sub("", row["doi"])
    return row


def _made(row: dict[str, str]) -> str:
    """A key in the manner of the tables: family name of the first author and year; the first words
    of the title where there is no author.

    >>> _made({"author": "Öztürk, A. and X, Y", "year": "2001"}), _made({"title": "The 4 types"})
    ('ozturk2001', 'the4types')
    """
    name = first_name(row.get("author", ""))[0]
    base = _plain(name)[:24] or _plain(" ".join(row.get("title", "").split()[:3]))[:24]
    made = base + "".join(re.findall(r"\d{4}", row.get("year", ""))[:1])
    return made if made[:1].isalpha() else f"entry{made}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize(
        "NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O")
    ).lower()
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


class Keys:
    """Keys given out; ones that differ only in their capitals are one to many programs, and count
    as the same here.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def free(self, key: str) -> str:
        """The key, or where it is taken with a letter after it, later a number.

        >>> keys = Keys()
        >>> [keys.free("a2001") for _ in range(3)], keys.free("A2001")
        (['a2001', 'a2001b', 'a2001c'], 'A2001d')
        """
        number, found = self._next.get(key.lower(), 0), key
        while found.lower() in self._taken:
            number += 1
            found = f"{key}-{number + 1}"
            if number < 26:
                found = key + chr(ord("a") + number)
        self._next[key.lower()] = number
        self._taken.add(found.lower())
        return found
