"""Which mark parts the decimals in a column, and which of its cells could mean two numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from evidence.importing.cells import can_be_thousands, even, told_marks, unmarked, whole
from evidence.importing.columns import reader_of

COUNTS = ("events_exposed", "events_control", "nonevents_exposed", "nonevents_control")
OTHER = {".": ",", ",": "."}


@dataclass(frozen=True)
class Marks:
    """How the numbers of a column are read.

    Attributes
    ----------
    mark : str
        Decimal mark of the column; empty where nothing tells.
    said : bool
        Whether the user said so.
    each : dict of str to str
        Cells of which another decimal mark is known.
    unread : dict of str to str
        Cells that can mean two numbers, and why.
    noted : list of str
        Cells of which the reading is to be said.
    """

    mark: str = ""
    said: bool = False
    each: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    noted: list[str] = field(default_factory=list)

    def of(self, cell: str) -> str:
        """The decimal mark of a cell."""
        return self.each.get(cell, self.mark)


def is_count(target: str) -> bool:
    """Whether a target holds whole numbers of people or events."""
    return reader_of(target) is whole or target in COUNTS


def marks_of_columns(
    columns: dict[str, Sequence[str]], counts: Collection[str], said: str, numbers: Collection[str]
) -> dict[str, Marks]:
    """The marks of each column with numbers.

    Parameters
    ----------
    columns : dict of str to sequence of str
        The different cells of each.
    counts : collection of str
        Columns of people or events, which are whole.
    said : {"", ".", ","}
        The decimal mark, as the user says.
    numbers : collection of str
        Texts of cells that a spreadsheet program keeps as numbers: their point is one.

    Examples
    --------
    >>> cells = {"OR": ["0,85", "1.325"], "SE": ["1.125", "0.9"], "n": ["1.000", "850"]}
    >>> found = marks_of_columns(cells, ["n"], "", [])
    >>> [(one.mark, one.each, list(one.unread)) for one in found.values()]
    [(',', {}, ['1.325']), ('.', {}, []), ('.', {'1.000': ','}, [])]
    """
    typed = {
        name: [cell for cell in cells if cell not in numbers] if numbers else cells
        for name, cells in columns.items()
    }
    told = {name: told_marks(cells) for name, cells in typed.items()}
    of_file = _most(told.values())
    found = {}
    for name, cells in typed.items():
        mark = said or _most([told[name]]) or of_file
        look = _of_counts if name in counts else _of_numbers
        one = look(cells, mark, bool(said))
        if numbers:
            one.each.update({cell: "." for cell in columns[name] if cell in numbers})
        found[name] = one
    return found


def _most(told: Iterable[tuple[int, int]]) -> str:
    """The mark that most numbers tell."""
    both = list(told)
    points, commas = sum(one[0] for one in both), sum(one[1] for one in both)
    return "," if commas > points else "." if points else ""


def _of_numbers(cells: Sequence[str], mark: str, said: bool) -> Marks:
    """Numbers in which the other mark is before three digits mean two, unless groups of thousands
    stand elsewhere in the column.
    """
    other = OTHER.get(mark, "")
    joined = "\n".join(cells) if other and not said else ""
    if other not in joined or not joined:
        return Marks(mark, said)
    o, m = re.escape(other), re.escape(mark)
    if re.search(rf"(?<![\d.,])\d{{1,3}}{o}\d{{3}}(?:{o}\d{{3}}|{m}\d)", joined):
        return Marks(mark, said)
    doubtful = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}{o}\d{{3}}(?!\d|[.,]\d)")
    why = "{!r} can be a thousand or a decimal number"
    unread = {cell: why.format(cell) for cell in cells if doubtful.search(even(cell))}
    return Marks(mark, said, unread=unread)


def _of_counts(cells: Sequence[str], mark: str, said: bool) -> Marks:
    """Numbers of people: three digits after a mark are a thousand, unless all cells of the column
    have three decimals, as programs write them.
    """
    parts = [cell for cell in cells if "." in cell or "," in cell]
    grouped = [cell for cell in parts if can_be_thousands(unmarked(cell))]
    if not grouped:
        return Marks(mark, said)
    own = {cell: "," if "." in cell else "." for cell in grouped}
    others = set(cells) - set(grouped)
    parted = next((m for cell in others for m in ".," if re.fullmatch(rf"\d+\{m}\d+", cell)), "")
    if parted:  # decimals stand in the column
        why = "{!r} can be a thousand or a decimal number"
        unread = {cell: why.format(cell) for cell, other in own.items() if other != parted}
        unread = {} if said else unread
        return Marks(mark, said, {c: m for c, m in own.items() if m == parted}, unread, grouped)
    alike = not others and all(OTHER[other] == mark for other in own.values())
    if alike and (said or all("000" in cell for cell in grouped)):
        return Marks(mark, said, noted=[] if said else grouped)
    noted = [cell for cell in grouped if not said or OTHER[own[cell]] == mark]
    return Marks(mark, said, own, noted=noted)
