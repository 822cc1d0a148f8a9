"""The evidence gap map: where studies stand close together, and where there is none."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.numbers import short
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart
from evidence.charts.style import DEFAULT_SIZE, INK, NEUTRAL, SOFT, WHITE, Size, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.nouns import number_form
from evidence.synthesis.balance import Balance, left_out
from evidence.synthesis.votes import OUTCOME

MOST_COLUMNS = 24
NUMBERS = ["studies", "participants", "size_unknown"]


@draws(Balance, made_by="evidence.balance(ev)")
def gap_map(
    counts: Balance,
    words: Words,
    *,
    rows: str | list[str] | None = None,
    columns: str | list[str] | None = None,
    title: str = "",
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw an evidence gap map: a table whose cells are the darker, the more studies they hold.

    Every value that occurs somewhere has its row or column, and in a selection every outcome that
    the dictionary lists for what is drawn. A cell without a study shows a dash; where the
    dictionary lists the outcomes of what is kept apart, a cell of another outcome is blank, and in
    no count.

    Parameters
    ----------
    counts : Balance
        Several lines for one cell are added up.
    rows : str or list of str, optional
        What makes the rows. Default: the ``by`` of the balance.
    columns : str or list of str, optional
        What makes the columns. Default: the columns kept apart.
    title : str, optional
        Default: which cell holds most studies, and how many of the possible ones hold none.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has a line for each cell of the grid, empty ones too; ``possible`` says whether an
        outcome is one of those that the dictionary lists.

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, or the columns are too many for the
        width.
    """
    if counts.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    across = _listed(columns) or [key for key in words.kept_apart if key not in _listed(rows)]
    down = _listed(rows) or [key for key in [counts.by or "outcome_domain"] if key not in across]
    _check(counts.frame, down, across)
    lines = _with_listed(counts, words, {*down, *across})
    table = _grid(lines, words, down, across)
    names = [
        words.rows(table.drop_duplicates(place).sort_values(place), keys)
        for place, keys in (("row", down), ("column", across))
    ]
    if len(names[1]) > MOST_COLUMNS:
        raise UsageError(
            f"{len(names[1])} columns do not fit one chart; allowed: up to {MOST_COLUMNS}. Swap"
            " rows and columns, or choose fewer."
        )
    frame = Frame(
        title or _title(table, names),
        words.said(
            "In each cell the number of studies, then how many took part; the stronger the colour,"
            " the more studies"
        ),
        (f"{_distinct(table, counts)}; one may be in several cells.",),
        words,
        " ".join(filter(None, [_key(table), _left_out(counts)])),
    )
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            [Row(name) for name in names[0]],
            [Column("", draw=_cells(table), cells=names[1], most_cell=13)],
            label_share=0.3,
            least=2.1,
        )
    data = table.drop(columns=["row", "column"])
    return Chart.of(figures, frame, _alt(table, names), data, "gap_map")


def _listed(columns: str | list[str] | None) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns or [])


def _check(counts: pd.DataFrame, down: list[str], across: list[str]) -> None:
    if not across or not down or set(down) & set(across):
        raise UsageError(f"rows {down} and columns {across} must be different columns of the table")
    missing = [name for name in [*down, *across] if name not in counts]
    if missing:
        raise UsageError(
            f"the table has no column {missing[0]!r}; it has {', '.join(map(str, counts.columns))}"
        )


def _with_listed(counts: Balance, words: Words, shown: set[str]) -> pd.DataFrame:
    """The counts, and in a selection that was not made by outcomes a line of zeros for each listed
    outcome that it leaves without a study: a filter must not hide a gap.
    """
    apart = words.kept_apart
    chosen = not words.selection or OUTCOME in counts.ev.columns_of_findings
    if chosen or not {OUTCOME, *apart} <= shown:
        return counts.frame
    lines = [
        {**group, OUTCOME: outcome} | dict.fromkeys(NUMBERS, 0)
        for group in counts[apart].drop_duplicates().to_dict("records")
        for outcome in words.dictionary.outcome_order(*map(str, group.values()))
    ]
    plain = counts.frame.astype(dict.fromkeys([*apart, OUTCOME], "object"))
    return pd.concat([plain, pd.DataFrame(lines)], ignore_index=True) if lines else plain


def _left_out(counts: Balance) -> str:
    """Which studies of a selection by findings are in no cell."""
    if counts.unit == "cohort" or not counts.ev.columns_of_findings:
        return ""
    return left_out(counts.ev, len(set(counts.underlying)))


def _grid(counts: pd.DataFrame, words: Words, down: list[str], across: list[str]) -> pd.DataFrame:
    """One line per cell; ``row`` and ``column`` are its place, from the top left."""
    rows, columns = words.ranked(counts, down), words.ranked(counts, across)
    grid = rows.assign(row=range(len(rows))).merge(
        columns.assign(column=range(len(columns))), how="cross"
    )
    keys = [*down, *across]
    sums = counts.assign(**{key: counts[key].astype("object") for key in keys})
    sums = sums.groupby(keys, dropna=False, sort=False)[NUMBERS].sum().reset_index()
    full = grid.merge(sums, how="left", on=keys)
    full = full.assign(**{name: full[name].fillna(0).astype("int64") for name in NUMBERS})
    possible = [line["studies"] > 0 or _is_listed(line, words) for line in full.to_dict("records")]
    return full.assign(possible=possible)


def _is_listed(cell: dict, words: Words) -> bool:
    """Whether the outcome of a cell is one that the dictionary lists for what is kept apart."""
    apart = [str(cell[name]) for name in words.kept_apart if name in cell]
    outcomes = words.dictionary.outcome_order(*apart) if "outcome_domain" in cell else []
    return not outcomes or str(cell["outcome_domain"]) in outcomes


def shade(share: float, size: Size) -> str:
    """White to a tint of the neutral colour, on which dark text can be read."""
    if not share:
        return WHITE
    tint = 0.08 + 0.54 * share
    return to_hex([1 - tint * (1 - part) for part in to_rgb(size.color(NEUTRAL))])


def _cells(table: pd.DataFrame) -> Draw:
    most = max(1, int(table["studies"].max()))

    def draw(axes: Axes, part: Part) -> None:
        cell = part.width / (int(table["column"].max()) + 1)
        for line in table[table["row"].isin(part.rows) & table["possible"]].itertuples():
            y, tall = part.y[line.row], part.heights[line.row]
            share = (line.studies / most) ** 0.7
            axes.add_patch(
                Rectangle(
                    (line.column + 0.02, y - tall / 2 + 0.06), 0.96, tall - 0.12,
                    facecolor=shade(share, part.size), edgecolor="none",
                    label=f"{line.studies} studies",
                )
            )  # fmt: skip
            text, took = _said(line)
            middle = line.column + 0.5
            at, side, color, weight = middle, "center", SOFT, "normal"
            beside = took and cell > 6.2
            if beside:
                at, side = middle - 0.06, "right"
            if line.studies:
                color, weight = INK, "bold"
            axes.text(at, y, text, ha=side, va="center", color=color, fontweight=weight)
            if beside:
                axes.text(
                    middle, y, took, ha="left", va="center", color=INK,
                    fontsize=part.size.small,
                )  # fmt: skip

    return draw


def _said(line) -> tuple[str, str]:
    """Number of studies, and how many took part in them."""
    if not line.studies:
        return "–", ""
    if line.size_unknown >= line.studies:
        return f"{line.studies}", "(n ?)"
    if line.size_unknown:
        return f"{line.studies}", f"(n {short(line.participants)}+?)"
    return f"{line.studies}", f"(n {short(line.participants)})"


def _title(table: pd.DataFrame, names: list[list[str]]) -> str:
    """Which cell holds most studies, and how many of those that could hold some are empty."""
    possible = table[table["possible"]]
    empty = int(_empty(table).sum())
    most = table.loc[table["studies"].idxmax()]
    where = f"{names[1][most['column']]}, {lower_first(names[0][most['row']])}"
    verb = number_form(empty, "holds", "hold")
    kind = "possible " if len(possible) < len(table) else ""
    cells = counted(len(possible), f"{kind}cell", f"{kind}cells")
    full = f"Each of {cells} holds some" if len(possible) > 1 else "The only cell holds some"
    said = f"{empty} of {cells} {verb} none" if empty else full
    return f"Most studies ({most['studies']:,}): {where}. {said}"


def _distinct(table: pd.DataFrame, counts: Balance) -> str:
    """How many studies there are over all cells."""
    return counted(len(set(counts.underlying)) or int(table["studies"].max()), "study", "studies")


def _key(table: pd.DataFrame) -> str:
    """What stands in a cell."""
    known = table.loc[table["studies"] > 0, "participants"].max()
    said = [
        ("k thousand", known >= 1e4),
        ("M million", known >= 1e6),
        ("? not known", (table["size_unknown"] > 0).any()),
        ("+? not known of some", _partly(table).any()),
    ]
    signs = ", ".join(text for text, there in said if there)
    size = f"n: how many took part ({signs})" if signs else "n: how many took part"
    dash = "A dash: no counted study" if _empty(table).any() else ""
    blank = "" if table["possible"].all() else "Blank: not listed as an outcome of that question"
    return " ".join(f"{text}." for text in (size, dash, blank) if text)


def _empty(table: pd.DataFrame) -> pd.Series:
    """Whether a cell could hold studies, and holds none."""
    return table["possible"] & (table["studies"] == 0)


def _partly(table: pd.DataFrame) -> pd.Series:
    """Whether the size of some of the studies of a cell is not known, but that of others is."""
    return (table["size_unknown"] > 0) & (table["size_unknown"] < table["studies"])


def _alt(table: pd.DataFrame, names: list[list[str]]) -> str:
    parts = []
    for place, name in enumerate(names[0]):
        line = table[(table["row"] == place)]
        found = line[line["studies"] > 0].sort_values("studies", ascending=False, kind="stable")
        said = ", ".join(
            f"{lower_first(names[1][column])} {studies}"
            for column, studies in zip(found["column"], found["studies"], strict=True)
        )
        empty = int(_empty(line).sum())
        more = ""
        if empty:
            more = f", {counted(empty, 'empty cell', 'empty cells')}"
        parts.append(f"{name}: {said or 'no study'}{more}")
    return f"Table of {len(names[0])} by {len(names[1])} cells. {'; '.join(parts)}."
