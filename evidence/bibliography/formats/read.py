"""References of other people in any format: which it is follows from what the file holds, not from
its name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evidence.bibliography.bibtex.lists import doubtful
from evidence.bibliography.formats import (
    bib,
    csl_json,
    endnote,
    nbib,
    ovid,
    ris,
    scopus,
    wos,
    zotero,
)
from evidence.bibliography.formats.rows import ENCODING, Record, assembled
from evidence.bibliography.markup import with_letters, without_markup
from evidence.decoding import decoded
from evidence.errors import DataError, Fault
from evidence.files import UnreadableFile, read_bytes, shown_path
from evidence.nouns import counted

READERS: dict[str, Callable[[str, str], tuple[list[Record], list[Fault]]]] = {
    "RIS": ris.read,
    "PubMed": nbib.read,
    "CSL-JSON": csl_json.read,
    "Zotero CSV": zotero.read,
    "BibTeX": bib.read,
    "Web of Science": wos.read,
    "Ovid": ovid.read,
    "EndNote": endnote.read,
    "Scopus CSV": scopus.read,
}
BEGINS = (
    ("RIS", re.compile(r"^\s{0,3}TY(?:  ?-|\t-)", re.M)),
    ("PubMed", re.compile(r"^(?:PMID ?- ?\d|OWN - ERIC)", re.M)),
    ("BibTeX", re.compile(r"^[ \t]*@\w+[ \t]*[{(]", re.M)),
    ("Web of Science", wos.BEGIN),
    ("Ovid", ovid.BEGIN),
    ("EndNote", endnote.BEGIN),
)


@dataclass(frozen=True, repr=False)
class ReadReferences:
    """References as they were read; shown as a summary with every problem.

    Attributes
    ----------
    entries : DataFrame
        One row per entry, in the columns of ``ev.bibliography``, with a key for each.
    problems : list of Fault
        Everything that was not understood, with its place. Its ``rule`` says what became of it:
        ``unreadable`` (lost), ``not_kept`` (a field without a column), ``changed`` (a key),
        ``format`` and ``encoding`` (kept, but look at it).
    kind : str
        The format: RIS, PubMed (ERIC's too), CSL-JSON, Zotero CSV, BibTeX, Web of Science, Ovid,
        EndNote or Scopus CSV.
    lines : dict of str to int
        Line on which each entry begins, by its key; 0 in CSL-JSON.
    """

    entries: pd.DataFrame
    problems: list[Fault]
    kind: str
    lines: dict[str, int]

    def __repr__(self) -> str:
        entries = counted(len(self.entries), "entry", "entries")
        first = f"{self.kind}: {entries}, {counted(len(self.problems), 'problem', 'problems')}"
        return "\n".join([first, *map(str, self.problems)])


def read_references(path: str | os.PathLike[str]) -> ReadReferences:
    """Read references that another program has written.

    Parameters
    ----------
    path : path
        RIS, BibTeX, CSL-JSON, PubMed's or ERIC's export (``.nbib``), the CSV of Zotero and Scopus,
        and the tagged files of Web of Science, Ovid and EndNote (``%``); in UTF-8, UTF-16, UTF-32,
        Windows-1252 or Mac Roman, with any line ends.

    Returns
    -------
    ReadReferences

    Raises
    ------
    DataError
        When the file cannot be read, or is of none of these formats.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.ris"
    ...     _ = path.write_text(
    ...         "TY  - JOUR\\nAU  - Drory, V. E.\\nPY  - 2001///\\nKW  - training\\nER  - "
    ...     )
    ...     read = read_references(path)
    >>> (
    ...     read.kind,
    ...     read.entries[["key", "author", "year"]].iloc[0].to_list(),
    ...     [(fault.column, fault.rule) for fault in read.problems],
    ... )
    ('RIS', ['drory2001', 'Drory, V. E.', '2001'], [('KW', 'not_kept')])
    """
    shown = shown_path(Path(path))
    try:
        content = read_bytes(path)
    except UnreadableFile as error:
        raise _unreadable(shown, error) from None
    return read_text(content, shown)


def read_text(content: bytes | str, shown: str) -> ReadReferences:
    """Read references from bytes or text; ``shown`` is the path for messages. See
    :func:`read_references`.
    """
    try:
        text, encoding = decoded(content) if isinstance(content, bytes) else (content, "UTF-8")
    except UnreadableFile as error:
        raise _unreadable(shown, error) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kind = kind_of(text, shown)
    if kind != "CSL-JSON":  # names are decoded after it is parsed
        text = with_letters(text)
    records, faults = READERS[kind](text, shown)
    _without_markup(records)
    entries, lines, others = assembled(records, shown)
    faults = sorted([*faults, *_doubts(records, shown), *others])
    if encoding != "UTF-8":
        faults = [
            Fault(
                shown,
                0,
                "",
                f"was read as {encoding}: look at the characters with accents",
                "UTF-8",
                ENCODING,
            ),
            *faults,
        ]
    return ReadReferences(entries, faults, kind, lines)


def _without_markup(records: list[Record]) -> None:
    """Titles and journals without tags and entities, which databases leave in every format."""
    for record in records:
        for column in ("title", "container", "publisher"):
            text = record.row.get(column, "")
            if "<" in text or "&" in text:
                record.row[column] = without_markup(text)


def _doubts(records: list[Record], shown: str) -> list[Fault]:
    """Names that may be those of several people, each read as one."""
    found = [(record.line, doubtful(record.row.get("author", ""))) for record in records]
    return [
        Fault(
            shown,
            line,
            "author",
            f"{name[:60]!r} may be several people, and was read as one",
            "each name apart, as Family, Given",
            "format",
        )
        for line, name in found
        if name
    ]


def _unreadable(shown: str, error: UnreadableFile) -> DataError:
    return DataError(
        "The references cannot be read:", [Fault(shown, error.line, "", error.what, error.allowed)]
    )


def kind_of(text: str, shown: str) -> str:
    """The format of a text.

    >>> kind_of("PMID- 1", "a"), kind_of("[]", "a"), kind_of('"Key","Item Type","Title"', "a")
    ('PubMed', 'CSL-JSON', 'Zotero CSV')
    """
    if text.lstrip()[:1] in ("[", "{"):
        return "CSL-JSON"
    if zotero.delimiter(text):
        return "Zotero CSV"
    if wos.TABS.match(text):
        return "Web of Science"
    if scopus.is_scopus(text):
        return "Scopus CSV"
    found = {name: match.start() for name, begin in BEGINS if (match := begin.search(text))}
    if not found:
        what = "is in none of the known formats" if text.strip() else "is empty"
        raise DataError(
            "The references cannot be read:", [Fault(shown, 0, "", what, ", ".join(READERS))]
        )
    return min(found, key=lambda name: found[name])
