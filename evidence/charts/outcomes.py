"""Outcome by outcome: what studies conclude, which way they lean, and what was not readable."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.messages import VERBS
from evidence.charts.numbers import interval, with_interval
from evidence.charts.page import Frame
from evidence.charts.rows import (
    Column,
    Draw,
    Entry,
    Part,
    grouped,
    placed,
    table_chart,
    text_column,
)
from evidence.charts.squares import MOST_HIGH, WIDEST, Grid, square_line
from evidence.charts.style import DEFAULT_SIZE, INK, WIDTHS, Size, styled, text_width
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.contrasts import UNSTATED
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.effect_sizes import size_pool
from evidence.synthesis.outcomes import Outcomes

PARTS = {
    "concluded": {
        "harm": "concluded_harm",
        "mixed": "concluded_mixed",
        "no_clear_difference": "concluded_no_clear_difference",
        "benefit": "concluded_benefit",
        "not_placed": "concluded_not_placed",
    },
    "direction": {
        "harm": "direction_harm",
        "mixed": "direction_mixed",
        "benefit": "direction_benefit",
        "not_placed": "direction_unreadable",
    },
}
NUMBER = 0.42  # em between two columns of numbers
HEADS = {"concluded": "What the authors conclude", "direction": "Which way the numbers lean"}
KEYS = ["outcome_domain", "contrast"]
OWN = ("their", "its")
MOST_POOLS = 3  # that the note names
# Em from square to square, on up to three lines: large enough to be seen, else the next that fit.
SMALLEST = (0.45, 0.3, 0.22, 0.16, 0.12)


@draws(Outcomes, made_by="evidence.outcomes(ev)")
def outcomes(result: Outcomes, words: Words, *, title: str = "", size: str = DEFAULT_SIZE) -> Chart:
    """Draw outcomes: a row for each outcome and contrast, with one sign per study.

    The shape of a sign is its direction. Before the signs stand their numbers, each shape in a
    column of its own.

    Parameters
    ----------
    result : Outcomes
        What ``evidence.outcomes(ev)`` returns: one row per question, population, outcome, contrast
        and randomised or not.
    title : str, optional
        Default: in how many rows more than half of all studies lean one way.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw, or the table lacks a column.
    """
    table = result.frame.reset_index(drop=True)
    if table.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    needed = [*KEYS, "studies", *PARTS["concluded"].values(), *PARTS["direction"].values()]
    missing = [name for name in needed if name not in table]
    if missing:
        raise UsageError(
            f"the table has no column {missing[0]!r}; it has {', '.join(table.columns)}"
        )
    table = _in_groups(table, words)
    groups, names = _groups(table, words), _names(table, words)
    rows, places = grouped(groups, names)
    lines = placed(places, table.to_dict("records"))
    columns = [
        text_column(
            "Studies", placed(places, [f"{n:,}" for n in table["studies"]], ""), align="right"
        ),
        *(
            Column(
                f"{HEADS[lens]}\n ",  # a line for the signs above the numbers
                draw=_signs(lines, table, lens, words),
                needs=partial(_heights, lines, table),
            )
            for lens in PARTS
        ),
    ]
    with styled(size) as chosen:
        subtitle = words.said(
            f"One sign is one {_drawn(table, words)}; before the signs, how many of each shape"
        )
        notes = (
            _votes_note(table),
            "" if title else _title_note(table, names, words),
            _pools_note(result.ev, table, groups, names),
        )
        message = _of_trials(table, words, _title(table, words))
        frame = Frame(title or message, subtitle, tuple(filter(None, notes)), words)
        figures = table_chart(
            chosen,
            frame,
            rows,
            columns,
            key=_key(table, words, chosen),
            label_share=0.24,
            least=1.8,
        )
    return Chart.of(figures, frame, _alt(table, groups, names, words), table, "outcomes")


def _in_groups(table: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Rows of one group beside each other, randomised trials first, else in the order in which the
    groups appear.
    """
    places = pd.DataFrame(
        {
            "apart": pd.factorize(np.array(_apart(table, words), dtype=object))[0],
            "other": ~table["randomised"].astype(bool) if "randomised" in table else False,
            "group": pd.factorize(np.array(_groups(table, words), dtype=object))[0],
        }
    )
    order = places.sort_values(["apart", "other", "group"], kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _apart(table: pd.DataFrame, words: Words) -> list[str]:
    """What is kept apart, in words."""
    apart = [column for column in words.kept_apart if column in table]
    return words.rows(table, apart) if apart else [""] * len(table)


def _groups(table: pd.DataFrame, words: Words) -> list[str]:
    """Headings: what is kept apart, whether studies were randomised, and what was compared."""
    parts = [_apart(table, words)]
    if "randomised" in table:
        random = table["randomised"].astype(bool)
        kinds = np.where(random, "randomised", "not randomised")
        both = random.groupby(parts[0]).transform("nunique") > 1
        parts.append(np.where(both, kinds, "").tolist())
    if table["contrast"].nunique() > 1:
        given = words.dictionary.settings.get("contrasts", [])
        labels = {contrast["value"]: lower_first(contrast["label"]) for contrast in given}
        parts.append([_contrast(value, labels) for value in table["contrast"]])
    return [", ".join(filter(None, line)) for line in zip(*parts, strict=True)]


def _contrast(value: Any, labels: dict[str, str]) -> str:
    """What was compared, in words."""
    return UNSTATED if pd.isna(value) else labels.get(str(value), str(value))


def _trials(table: pd.DataFrame) -> bool:
    """Whether all rows are of randomised trials."""
    return "randomised" in table and bool(table["randomised"].astype(bool).all())


def _compared(table: pd.DataFrame, words: Words) -> str:
    """What all rows compare, in words; empty where they differ, or none says it."""
    values = table["contrast"].unique()
    if len(values) != 1 or pd.isna(values[0]):
        return ""
    given = words.dictionary.settings.get("contrasts", [])
    labels = {contrast["value"]: lower_first(contrast["label"]) for contrast in given}
    return _contrast(values[0], labels)


def _drawn(table: pd.DataFrame, words: Words) -> str:
    """What a sign stands for: a study, or only a randomised trial, and what it compares."""
    kind, compared = "randomised trial" if _trials(table) else "study", _compared(table, words)
    return f"{kind} ({compared})" if compared else kind


def _of_trials(table: pd.DataFrame, words: Words, message: str) -> str:
    """A message that begins with what alone is drawn, where that is randomised trials."""
    if not _trials(table):
        return message
    compared = _compared(table, words)
    who = f"Randomised trials, {compared}" if compared else "Randomised trials"
    return f"{who}: {lower_first(message)}"


def _names(table: pd.DataFrame, words: Words) -> list[str]:
    return [words.label("outcome_domain", outcome) for outcome in table["outcome_domain"]]


def _shown(table: pd.DataFrame, lens: str) -> dict[str, str]:
    """The directions that occur somewhere through a lens, with their columns."""
    return {word: column for word, column in PARTS[lens].items() if table[column].fillna(0).sum()}


def _signs(lines: list[dict | None], table: pd.DataFrame, lens: str, words: Words) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        size, shown, said = part.size, _shown(table, lens), words.through(lens)
        grid, step = _grid(table, part.width, size), _number_width(table, size)
        axes.set_xlim(0, part.width / grid.step)
        axes.set_label(HEADS[lens])
        _heads(axes, shown, step / grid.step, 0.65 / grid.step, size)
        for y, line in part.items(lines):
            at = math.ceil((len(shown) * step + 0.6) / grid.step)
            for i, (word, column) in enumerate(shown.items()):
                n = 0 if pd.isna(line[column]) else int(line[column])
                look, label = size.look(word), said.side(word, line)
                at = square_line(axes, y, n, look, label, grid, size, at, marker=look.marker)
                if n:
                    axes.text((i + 1) * step / grid.step, y, f"{n:,}", ha="right", va="center",
                              fontsize=size.small)  # fmt: skip

    return draw


def _heads(axes: Axes, shown: Iterable[str], step: float, half: float, size: Size) -> None:
    """The sign of each column of numbers, above it."""
    for i, word in enumerate(shown):
        look = size.look(word)
        axes.scatter(
            [(i + 1) * step - half], [-0.4 - 0.5 * size.small / size.text],
            s=(0.66 * WIDTHS.get(look.marker, 1.0) * size.text) ** 2, marker=look.marker,
            color=size.color(look), edgecolor=INK, linewidth=0.6, clip_on=False, gid="furniture",
        )  # fmt: skip


def _heights(
    lines: list[dict | None], table: pd.DataFrame, width: float, size: Size
) -> list[float]:
    """How much height each line needs, in em."""
    tall = _grid(table, width, size).tall
    return [0.0 if line is None else tall for line in lines]


def _number_width(table: pd.DataFrame, size: Size) -> float:
    """Width of a column of numbers, in em."""
    columns = [column for lens in PARTS for column in _shown(table, lens).values()]
    most = int(table[columns].max().max()) if columns else 0
    return max(text_width(f"{most:,}", size, size.small), 0.9) + NUMBER


def _grid(table: pd.DataFrame, width: float, size: Size) -> Grid:
    """Signs beside each other, with room for the numbers before them."""
    numbers = max(len(_shown(table, lens)) for lens in PARTS) * _number_width(table, size)
    room = max(width - numbers - 1.4, 2)
    parts = [table[list(_shown(table, lens).values())].fillna(0).astype(int) for lens in PARTS]
    longest = {
        high: max(int((-(-part // high)).sum(axis=1).max()) for part in parts if not part.empty)
        for high in range(1, MOST_HIGH + 1)
    }
    steps = {high: min(WIDEST, room / columns) for high, columns in longest.items()}
    fits = (
        Grid(high, step)
        for smallest in SMALLEST
        for high, step in steps.items()
        if step >= smallest
    )
    return next(fits, Grid(0, steps[1]))


def _key(table: pd.DataFrame, words: Words, size: Size) -> list[Entry]:
    lines = table.to_dict("records")
    key: list[Entry] = []
    for word in PARTS["concluded"]:
        columns = [part[word] for part in PARTS.values() if word in part]
        if table[columns].to_numpy(dtype=float, na_value=0).sum():
            there = [line for line in lines if any(line[column] for column in columns)]
            key.append((size.look(word), words.common(word, there), size.look(word).marker))
    return key


def _as_asked(line: dict, words: Words) -> bool:
    """Whether an outcome is called as its question calls it, and not in words of its own."""
    apart = {name: line.get(name) for name in words.kept_apart}
    return words.sides(line) == words.sides(apart)


def _title(table: pd.DataFrame, words: Words) -> str:
    """Rows of two studies or more in which more than half of all lean one way, by direction; those
    alone whose sides are those of the question, where there are any.
    """
    lines = table.to_dict("records")
    several = [line for line in lines if line["studies"] > 1]
    if not several:
        return f"No outcome is shared by studies: {counted(len(lines), 'row', 'rows')} of one study"
    several = [line for line in several if _as_asked(line, words)] or several
    parts = {tuple(str(line.get(name)) for name in words.kept_apart) for line in several}
    if len(parts) > 1:  # rows of different questions are not added up
        rows = counted(len(several), "row is", "rows are")
        return f"{rows} shared by several studies, in {len(parts)} parts that are not added up"
    most = {
        word: [line for line in several if 2 * line[PARTS["direction"][word]] > line["studies"]]
        for word in ("benefit", "harm")
    }
    if not any(most.values()):
        rows = counted(len(several), "row", "rows")
        return f"Where several studies share an outcome ({rows}), no side has most of them"
    first, second = sorted(most, key=lambda word: -len(most[word]))
    sides = {word: words.common(word, several) for word in most}
    verb = VERBS["direction"][1]
    return (
        f"Where several studies share an outcome, most {verb} {sides[first]} in {len(most[first])}"
        f" of {counted(len(several), 'row', 'rows')} and to {sides[second]} in"
        f" {len(most[second]) or 'none'}"
    )


def _votes_note(table: pd.DataFrame) -> str:
    unread = int(table["direction_unreadable"].fillna(0).sum())
    said = "A study may be in several rows."
    if unread:
        said += f" {counted(unread, 'time', 'times')} a study prints no direction."
    return said


def _title_note(table: pd.DataFrame, names: list[str], words: Words) -> str:
    """Outcomes of several studies that the title does not count, as their sides are others."""
    pairs = list(zip(names, table.to_dict("records"), strict=True))
    several = [(name, _as_asked(line, words)) for name, line in pairs if line["studies"] > 1]
    left = list(dict.fromkeys(lower_first(name) for name, asked in several if not asked))
    if not left or not any(asked for _, asked in several):
        return ""
    return f"The title leaves out what has sides of its own: {', '.join(left)}."


def pooled_size(ev: Evidence, line: Mapping[Any, Any]) -> str:
    """The pooled size of a row of :func:`evidence.outcomes`: with its prediction interval, and how
    many of the studies enter with another result than their main one.
    """
    size = with_interval(line["estimate"], line["ci_low"], line["ci_high"])
    said = f"{line['measure']} {size.removesuffix(')')}"
    if not pd.isna(line["prediction_low"]):
        said += f"; prediction {interval(line['prediction_low'], line['prediction_high'])}"
    said += f"), {line['k']:.0f} studies"
    other = 0 if pd.isna(line["pool_id"]) else len(size_pool(ev, str(line["pool_id"])).not_main)
    return f"{said}, {other} of them not with {OWN[other == 1]} main result" if other else said


def _pools_note(ev: Evidence, table: pd.DataFrame, groups: list[str], names: list[str]) -> str:
    """The sizes beside the rows: few rows have one."""
    if "estimate" not in table:
        return ""
    said = [
        f"{name} ({group}): {pooled_size(ev, line)}"
        for group, name, line in zip(groups, names, table.to_dict("records"), strict=True)
        if pd.notna(line["estimate"])
    ]
    if len(said) > MOST_POOLS:
        more = len(said) - MOST_POOLS
        said = [*said[:MOST_POOLS], f"{more} more are in the numbers of the chart"]
    return f"Pooled size: {'; '.join(said)}." if said else ""


def _alt(table: pd.DataFrame, groups: list[str], names: list[str], words: Words) -> str:
    parts = []
    for group, name, line in zip(groups, names, table.to_dict("records"), strict=True):
        said = []
        for lens, columns in PARTS.items():
            named = words.through(lens)
            counts = [
                f"{named.side(word, line)} {int(line[column])}"
                for word, column in columns.items()
                if pd.notna(line[column]) and line[column]
            ]
            said.append(f"{HEADS[lens].lower()}: {', '.join(counts) or 'none'}")
        parts.append(f"{group}, {lower_first(name)}: {'; '.join(said)}")
    rows = counted(len(table), "row", "rows")
    return f"One sign per {_drawn(table, words)}, {rows}. {'. '.join(parts)}."
