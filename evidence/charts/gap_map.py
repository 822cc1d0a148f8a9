"""The evidence gap map: where studies stand close together, and where there is none."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    NEUTRAL,
    Size,
    asked,
    body,
    canvas,
    figure_of,
    letters,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.synthesis.balance import Balance

FILL, EMPTY = "#d3e2ec", "#808080"
LARGEST = 0.36  # inches across, at the size of the web
MOST_COLUMNS = 24
SHARE = 0.72  # of the width, for the cells


@draws(Balance, made_by="evidence.balance(ev)")
def gap_map(
    counts: Balance,
    words: Words,
    *,
    rows: str | list[str] | None = None,
    columns: str | list[str] | None = None,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw an evidence gap map.

    The area of a bubble grows with the number of studies, so that a bubble twice as large stands
    for twice as many. Every value that occurs somewhere has its row or column, and a cell without a
    study shows a dash.

    Parameters
    ----------
    counts : Balance
        Several lines for one cell are added up.
    rows : str or list of str, optional
        What makes the rows. Default: the columns kept apart.
    columns : str or list of str, optional
        What makes the columns. Default: the ``by`` of the balance.
    title : str, optional
        Default: where are studies.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` has a line for each cell of the grid, empty ones too.

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, or the columns are too many for the
        width.
    """
    if counts.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    down = _listed(rows) or words.kept_apart
    across = _listed(columns) or [key for key in [counts.by or "outcome_domain"] if key not in down]
    _check(counts.frame, down, across)
    table = _grid(counts.frame, words, down, across)
    names = [
        words.rows(table.drop_duplicates(place).sort_values(place), keys)
        for place, keys in (("row", down), ("column", across))
    ]
    if len(names[1]) > MOST_COLUMNS:
        raise UsageError(
            f"{len(names[1])} columns do not fit one chart; allowed: up to {MOST_COLUMNS}. Swap"
            " rows and columns, or choose fewer."
        )
    title = title or f"{words.topic}: where are studies, and where is none?"
    with styled(size) as chosen:
        cell = (
            chosen.width * SHARE if ax is None else ax.get_window_extent().width / figure_of(ax).dpi
        ) / len(names[1])
        texts, shortened = _participants(table, cell, chosen)
        notes = _notes(table, counts, words, shortened)
        labels = [
            [wrap(name, letters(chosen, 0.22)) for name in names[0]],
            _heads(names[1], cell, chosen),
        ]
        if ax is None:
            subtitle = (
                "Number of studies in each cell; the small number below is how many took part. A"
                " dash: no study."
            )
            figure = canvas(
                chosen, asked(_height(labels, texts, cell, chosen), chosen), title, subtitle, notes
            )
            ax = body(figure).add_subplot()
        _draw(ax, table, texts, labels, cell, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(table, names),
        words.source,
        table.drop(columns=["row", "column"]),
        "gap_map",
        tuple(notes),
    )


def _listed(columns: str | list[str] | None) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns or [])


def _check(counts: pd.DataFrame, down: list[str], across: list[str]) -> None:
    if not across or set(down) & set(across):
        raise UsageError(f"rows {down} and columns {across} must be different columns of the table")
    missing = [
        name
        for name in [*down, *across, "studies", "participants", "size_unknown"]
        if name not in counts
    ]
    if missing:
        raise UsageError(
            f"the table has no column {missing[0]!r}; it has {', '.join(map(str, counts.columns))}"
        )


def _grid(counts: pd.DataFrame, words: Words, down: list[str], across: list[str]) -> pd.DataFrame:
    """One line a cell; ``row`` and ``column`` are its place, from the top left."""
    rows, columns = words.ranked(counts, down), words.ranked(counts, across)
    grid = rows.assign(row=range(len(rows))).merge(
        columns.assign(column=range(len(columns))), how="cross"
    )
    keys, numbers = [*down, *across], ["studies", "participants", "size_unknown"]
    sums: dict[tuple, list[int]] = {}
    for key, line in zip(
        _keys(counts, keys), counts[numbers].fillna(0).itertuples(index=False), strict=True
    ):
        sums[key] = [
            before + int(n) for before, n in zip(sums.get(key, [0, 0, 0]), line, strict=True)
        ]
    cells = [sums.get(key, [0, 0, 0]) for key in _keys(grid, keys)]
    return grid.assign(**{name: [cell[i] for cell in cells] for i, name in enumerate(numbers)})


def _keys(table: pd.DataFrame, keys: list[str]) -> list[tuple]:
    return [
        tuple(None if pd.isna(value) else str(value) for value in line)
        for line in table[keys].itertuples(index=False)
    ]


def _letter(size: Size, small: float = 1.0) -> float:
    """Inches that a digit takes."""
    return 0.089 * size.text * small


def _participants(table: pd.DataFrame, cell: float, size: Size) -> tuple[list[str], bool]:
    """How many took part in each cell, shortened to thousands and millions where the cells are
    narrow.
    """
    room = int(cell * 0.94 / _letter(size, 0.8))
    for shorten in (False, True):
        texts = [
            _took_part(line.studies, line.participants, line.size_unknown, shorten)
            for line in table.itertuples()
        ]
        if max(map(len, texts)) <= room:
            return texts, shorten
    return [text.replace("+", "\n+") for text in texts], True


def _took_part(studies: int, participants: int, unknown: int, shorten: bool) -> str:
    if not studies:
        return ""
    if unknown >= studies:
        return "?"
    return (_short(participants) if shorten else f"{participants:,}") + ("+?" if unknown else "")


def _short(number: int) -> str:
    """
    >>> _short(691), _short(26002), _short(8793510)
    ('691', '26k', '8.8m')
    """
    if number < 1000:
        return str(number)
    thousands = round(number / 1000, 1 if number < 9950 else None)
    return (
        f"{thousands:g}k"
        if thousands < 1000
        else f"{number / 1e6:.{1 if number < 9.95e6 else 0}f}m"
    )


def _heads(names: list[str], cell: float, size: Size) -> list[str]:
    """Column names, wrapped to the cell when their longest word fits it, else for writing upwards."""
    room = int(cell / _letter(size, 0.85))
    if max(len(word) for name in names for word in name.split() or [""]) <= room:
        return [wrap(name, room) for name in names]
    lines = max(1, int(cell / (0.165 * size.text)))
    return [wrap(name, max(16, math.ceil(len(name) / lines) + 4)) for name in names]


def _upwards(heads: list[str], cell: float, size: Size) -> bool:
    return max(len(line) for head in heads for line in head.split("\n")) > int(
        cell / _letter(size, 0.85)
    )


def _bubble(cell: float, size: Size) -> float:
    """Diameter of the largest bubble in points."""
    return 72 * min(LARGEST * size.text, 0.9 * cell)


def _row_inches(labels: list[str], texts: list[str], cell: float, size: Size) -> float:
    below = max(text.count("\n") + 1 for text in texts) * 0.135 * size.text
    label = max(label.count("\n") + 1 for label in labels) * 0.165 * size.text
    return max(_upper(cell, size) + _bubble(cell, size) / 144 + below, label) + 0.1 * size.text


def _upper(cell: float, size: Size) -> float:
    """Inches above the middle of a bubble: its own half, or a small bubble with its number on top."""
    return max(_bubble(cell, size) / 144, 0.21 * size.text if cell < 0.6 * size.text else 0)


def _height(labels: list[list[str]], texts: list[str], cell: float, size: Size) -> float:
    lines = [line for head in labels[1] for line in head.split("\n")]
    heads = (
        0.085 * size.text * max(map(len, lines))
        if _upwards(labels[1], cell, size)
        else 0.165 * size.text * max(head.count("\n") + 1 for head in labels[1])
    )
    return len(labels[0]) * _row_inches(labels[0], texts, cell, size) + heads + 0.2


def _draw(
    ax: Axes,
    table: pd.DataFrame,
    texts: list[str],
    labels: list[list[str]],
    cell: float,
    size: Size,
) -> None:
    last = len(labels[0]) - 1
    diameter = _bubble(cell, size)
    largest = max(1, int(table["studies"].max()))
    filled = table[table["studies"] > 0]
    empty = table[table["studies"] == 0]
    areas = diameter**2 * filled["studies"] / largest
    if len(filled):
        ax.scatter(
            filled["column"],
            last - filled["row"],
            s=areas,
            color=FILL,
            edgecolor=NEUTRAL.color,
            linewidth=1,
            label="studies",
        )
    if len(empty):
        ax.scatter(
            empty["column"],
            last - empty["row"],
            s=26 * size.text,
            marker="_",
            color=EMPTY,
            linewidth=1.4,
            label="no study",
        )
    for line, area in zip(filled.itertuples(), areas, strict=True):
        _number(ax, line.column, last - line.row, line.studies, area**0.5, cell, size)
    for line, text in zip(table.itertuples(), texts, strict=True):
        if text:
            place = (line.column, last - line.row)
            down = (0, -diameter / 2 - 1.5)
            ax.annotate(
                text,
                place,
                xytext=down,
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize="small",
                linespacing=1,
            )
    _frame(ax, labels, texts, cell, size)


def _number(
    ax: Axes, x: float, y: float, studies: int, diameter: float, cell: float, size: Size
) -> None:
    """The number in its bubble where it fits, else beside it, and above it where the cells are
    narrow.
    """
    wide = 72 * _letter(size, 0.83) * len(str(studies))
    if diameter > wide + 1:
        shift, ha, va = (0.0, 0.0), "center", "center"
    elif diameter / 2 + wide + 3 < 36 * cell:
        shift, ha, va = (diameter / 2 + 1.5, 0.0), "left", "center"
    else:
        shift, ha, va = (0.0, diameter / 2 + 0.5), "center", "bottom"
    ax.annotate(
        str(studies),
        (x, y),
        xytext=shift,
        textcoords="offset points",
        ha=ha,
        va=va,
        fontsize="small",
    )


def _frame(ax: Axes, labels: list[list[str]], texts: list[str], cell: float, size: Size) -> None:
    count = len(labels[0])
    ax.set_yticks(range(count - 1, -1, -1), labels[0])
    upwards = _upwards(labels[1], cell, size)
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(labels[1])), labels[1], rotation=90 if upwards else 0)
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    # A row reaches from just above its bubble to just below its number of participants.
    above = min(
        0.5, (_upper(cell, size) + 0.05 * size.text) / _row_inches(labels[0], texts, cell, size)
    )
    ax.set_ylim(-1 + above, count - 1 + above)
    ax.set_xlim(-0.5, len(labels[1]) - 0.5)
    for edge in range(count + 1):
        ax.axhline(edge - 1 + above, color="#d9d9d9", linewidth=0.7, gid="furniture")


def _notes(table: pd.DataFrame, counts: pd.DataFrame, words: Words, shortened: bool) -> list[str]:
    empty = int((table["studies"] == 0).sum())
    signs = (
        ["?: not known", "+?: and studies whose size is not known"]
        if table["size_unknown"].sum()
        else []
    )
    signs += ["k: thousand, m: million"] if shortened else []
    notes = [
        f"{counted(len(table), 'cell', 'cells')}, {empty} of them empty. A study can stand in"
        " several cells, so cells must not be added up: together they hold"
        f" {counted(int(table['studies'].sum()), 'entry', 'entries')},"
        f" {int(table['size_unknown'].sum()):,} of unknown size."
    ]
    if signs:
        notes.append("; ".join(signs) + ".")
    if {"not_placed", "units"} <= set(counts.columns):
        lens = counts.lens_title
        notes.append(
            f"Studies are counted whichever way they point; {int(counts['not_placed'].sum())} of"
            f" {int(counts['units'].sum())} could not be placed"
            + (f" by the lens {lens}." if lens else ".")
        )
    return [*notes, words.caution, f"Source: {words.source}."]


def _alt(table: pd.DataFrame, names: list[list[str]]) -> str:
    parts = []
    for place, name in enumerate(names[0]):
        line = table[table["row"] == place]
        found = line[line["studies"] > 0].sort_values(
            ["studies", "column"], ascending=[False, True], kind="stable"
        )
        said = ", ".join(
            f"{lower_first(names[1][column])} {studies}"
            for column, studies in zip(found["column"], found["studies"], strict=True)
        )
        empty = int((line["studies"] == 0).sum())
        parts.append(
            f"{name}: {said or 'no study'}"
            + (f", {counted(empty, 'empty cell', 'empty cells')}" if empty else "")
        )
    return (
        f"Grid of {len(names[0])} by {len(names[1])} cells, the bubbles grow with the number of"
        " studies. " + "; ".join(parts) + "."
    )
