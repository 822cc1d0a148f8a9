"""Where the sources stand: what can be checked, what was, and what is known."""

from __future__ import annotations

from matplotlib.axes import Axes

from evidence.charts.axis import whole_numbers
from evidence.charts.balance import bars, beside
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, grouped, placed, table_chart
from evidence.charts.style import DEFAULT_SIZE, MAIN, WHITE, Look, styled
from evidence.charts.words import Words
from evidence.errors import UsageError
from evidence.model.dictionary import upper_first
from evidence.synthesis.sources import SourceOverview

SERIES = (
    MAIN,
    Look("#9db4c6", "//", "s", "#b5b5b5"),
    Look(WHITE, "..", "D", WHITE),
)
NOT_CHECKED = (
    "No service was asked yet: nothing is known here of corrections, concerns or retractions."
)


@draws(SourceOverview, made_by="evidence.source_overview(ev)")
def source_status(
    overview: SourceOverview, words: Words, *, title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw where the sources stand.

    Parameters
    ----------
    overview : SourceOverview
    title : str, optional
        Default: where the sources stand.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is no entry.
    """
    tables = list(overview.entries_of)
    if overview.empty or not tables or not overview[tables].to_numpy().sum():
        raise UsageError("nothing to draw: no entry")
    checked = _checked(overview)
    note = (
        "An entry can be in several bars. That a record agrees says nothing about the quality"
        " of a study."
    )
    frame = Frame(
        title or f"{words.topic}: where do the sources stand?",
        words.said("Entries of the bibliography", _unselected(tables, words)),
        (checked, note),
        words,
    )
    names = [upper_first(str(what)) for what in overview["what"]]
    groups = (
        [str(group) for group in overview["group"]] if "group" in overview else [""] * len(names)
    )
    rows, places = grouped(groups, names)
    lines = placed(places, overview.frame.to_dict("records"))
    titles = [_name(name, words) for name in tables]
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            rows,
            [Column("", draw=_bars(lines, tables), axis=" ")],
            key=[(look, name) for look, name in zip(SERIES, titles, strict=False)],
            label_share=0.45,
        )
    alt = f"Stacked bars. {'; '.join(_said(line, tables) for line in lines if line)}. {checked}"
    return Chart.of(figures, frame, alt, overview.frame, "source_status")


def _unselected(tables: list[str], words: Words) -> str:
    """Tables that a selection of studies leaves whole."""
    return " and ".join(_name(name, words) for name in tables if name != "studies")


def _checked(overview: SourceOverview) -> str:
    first, last = overview.first, overview.last
    if not last:
        return NOT_CHECKED
    if first == last:
        return f"Checked with services on {last}."
    return f"Checked with services from {first} to {last}."


def _name(table: str, words: Words) -> str:
    found = words.dictionary.tables.get(table)
    return found.title if found else table.replace("_", " ").capitalize()


def _said(line: dict, tables: list[str]) -> str:
    return (
        f"{upper_first(line['what'])}: {', '.join(f'{int(line[name])} {name}' for name in tables)}"
    )


def _bars(lines: list[dict | None], tables: list[str]) -> Draw:
    most = max(sum(int(line[name]) for name in tables) for line in lines if line)

    def draw(axes: Axes, part: Part) -> None:
        axes.set_xlim(0, most * part.width / max(part.width - 6, 2))
        whole_numbers(axes, 4)
        rows = part.items(lines)
        start = [0] * len(rows)
        for name, look in zip(tables, SERIES, strict=False):
            values = [int(line[name]) for _, line in rows]
            spans = [(y, at, n) for (y, _), at, n in zip(rows, start, values, strict=True)]
            bars(axes, spans, name, look, part.size)
            start = [a + b for a, b in zip(start, values, strict=True)]
        for (y, line), end in zip(rows, start, strict=True):
            beside(axes, end, y, " + ".join(str(int(line[name])) for name in tables), part, 1)

    return draw
