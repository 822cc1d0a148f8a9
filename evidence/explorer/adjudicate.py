"""``adjudicate``: cell by cell, a person says whether the table is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from evidence.arguments import whole
from evidence.display.html_table import table_of
from evidence.errors import NoTable, UsageError
from evidence.explorer.cells import Cell, cells_of
from evidence.explorer.explore import _wanted, display_widget
from evidence.model.evidence import Evidence
from evidence.tables.decisions import TABLE
from evidence.tables.loading import load

if TYPE_CHECKING:
    from evidence.explorer.desk import Desk

MOST = 100_000


def adjudicate(
    ev: Evidence | None = None,
    sample: int = 100,
    *,
    who: str = "",
    seed: int = 1,
    widgets: bool | None = None,
) -> Adjudication:
    """Decide, cell by cell, whether the table says what the source says.

    Each cell is shown with what every reading wrote, the statement of the result and the link to
    the source. One key decides: r right, w wrong, c cannot tell, s skip. Each decision is
    appended to ``adjudications.csv``, with name, time and reason; nothing is ever changed there,
    nor in the tables. :func:`evidence.accuracy` works out how often the table was right.

    Parameters
    ----------
    ev : Evidence, optional
        By default ``evidence.load()``.
    sample : int, default 100
        How many cells, drawn at random; the same ones for everybody.
    who : str, optional
        Your name, as it shall stand in the file; can be typed later.
    seed : int, default 1
        Another number draws another sample.
    widgets : bool, optional
        As for :func:`evidence.explore`.

    Returns
    -------
    Adjudication

    Raises
    ------
    UsageError
        When the data set has no readings or no table of decisions, or a part of it was selected
        by which no row of a reading is left.

    Examples
    --------
    >>> import evidence
    >>> evidence.adjudicate(evidence.load(), sample=3, widgets=False)
    3 cells to decide on, drawn at random (seed 1); open this in JupyterLab to decide.
    """
    data = load() if ev is None else ev
    if TABLE not in data.dictionary.tables:
        raise NoTable(
            "This data set has no table of decisions (adjudications.csv): nothing can be kept"
        )
    number = whole("sample", sample)
    if not 1 <= number <= MOST:
        raise UsageError(f"sample is {number}; allowed: 1 to {MOST:,}")
    cells = cells_of(data, number, whole("seed", seed))
    if not cells:
        raise UsageError("no reading of a counted study is left to decide on")
    return Adjudication(data, tuple(cells), who, seed, _wanted(widgets))


@dataclass(frozen=True)
class Adjudication:
    """Cells to decide on, which show themselves in a notebook.

    Attributes
    ----------
    ev : Evidence
    cells : tuple of Cell
    who : str
    seed : int
    widgets : bool
        Whether it shows controls.
    """

    ev: Evidence
    cells: tuple[Cell, ...]
    who: str = ""
    seed: int = 1
    widgets: bool = False

    def desk(self) -> Desk:
        """The controls, new ones at each call."""
        from evidence.explorer.desk import Desk

        return Desk(self.ev, self.cells, self.who)

    def __repr__(self) -> str:
        number = len(self.cells)
        cells = f"{number} cell{'s' * (number != 1)} to decide on"
        return f"{cells}, drawn at random (seed {self.seed}); open this in JupyterLab to decide."

    def _ipython_display_(self) -> None:
        if self.widgets:
            display_widget(self.desk().root, **{"text/plain": repr(self)})
        else:
            print(repr(self))


def cell_html(cell: Cell, labels: Mapping[str, str], place: str) -> str:
    """A cell for the eye: where it stands, what the table says, what each reading wrote."""
    link = f'<a href="{escape(cell.link)}" target="_blank" rel="noopener">the source</a>'
    where = link if cell.link else "no link to the source"
    head = f"<p>{escape(place)}</p><p><b>{escape(cell.study)}</b>, {where}</p>"
    of = f" of “{escape(cell.outcome)}”" if cell.outcome else ""
    said = [("The table says", cell.value), *cell.readings]
    rows = [(title, labels.get(value, value) or "empty") for title, value in said]
    table = table_of(pd.DataFrame(rows, columns=["Who", "What"])).for_notebook()
    statement = f"<p>{escape(cell.statement)}</p>" if cell.statement else ""
    return f"{head}<p><b>{escape(cell.title)}</b>{of}</p>{table}{statement}"
