"""What was made of a file, and what of it found no place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from evidence.errors import Fault
from evidence.importing.columns import Proposal
from evidence.quoting import toml
from evidence.tables.formulas import neutralised

NOT_PLACED = ("file", "line", "column", "cell", "why", "what to do")


@dataclass(frozen=True)
class Placed:
    """The tables made from a file.

    Attributes
    ----------
    studies, findings : DataFrame of str
        Rows as text; an empty cell is ``""``. Their columns are those that the file fills, and
        those that every row has.
    entries : DataFrame of str
        One row per study for the bibliography: ``key, entry_type, author, title, container, year,
        doi, pmid, pmcid``.
    vocabularies : mapping
        Categories of the data set's own vocabularies, as the file brings them.
    columns : mapping
        Columns of the file's own, by table, as fields of a table schema.
    proposals : list of Proposal
        What became of each column.
    words : mapping
        For each column the words that were read, and the codes that they were read as.
    faults : list of Fault
        Rows and cells that found no place; ``record`` holds the cell.
    notes : list of str
        What was taken for granted, and what should be looked at.
    rows : int
        Rows of the file that hold something.
    unread : list of str
        Where no effect was read: columns that look like effects or numbers of arms.
    """

    studies: pd.DataFrame
    findings: pd.DataFrame
    entries: pd.DataFrame
    vocabularies: Mapping[str, list[dict]]
    columns: Mapping[str, list[dict]]
    proposals: Sequence[Proposal]
    words: Mapping[str, Mapping[str, str]]
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    unread: list[str] = field(default_factory=list)


def not_placed_rows(faults: Sequence[Fault]) -> list[list[str]]:
    """The list of what found no place, for a spreadsheet program: a header, one row per cell."""
    rows = [
        [fault.file, str(fault.line), fault.column, fault.record, fault.message, fault.allowed]
        for fault in faults
    ]
    return [list(NOT_PLACED), *([neutralised(cell) for cell in row] for row in rows)]


def mapping_text(proposals: Sequence[Proposal], words: Mapping[str, Mapping[str, str]]) -> str:
    """How the file was read, as a mapping that ``--mapping`` takes."""
    lines = [
        (
            "# How the spreadsheet was read. Change what is wrong, and give this file to `evidence"
            " new --mapping`."
        ),
        "[columns]",
    ]
    lines += [f"{toml(proposal.theirs)} = {toml(proposal.target)}" for proposal in proposals]
    for column, read in words.items():
        lines += [
            "",
            f"[words.{toml(column)}]",
            *(f"{toml(theirs)} = {toml(ours)}" for theirs, ours in read.items()),
        ]
    return "\n".join(lines) + "\n"
