"""The same studies through three lenses: as concluded, direction of effect, size of effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, MultipleLocator, NullFormatter
from mpl_toolkits.axes_grid1 import make_axes_locatable

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    LOOKS,
    NEUTRAL,
    Size,
    asked,
    body,
    canvas,
    figure_of,
    legend_above,
    letters,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted, took_part
from evidence.errors import UsageError
from evidence.synthesis.lenses import Lenses

LENSES = ("concluded", "direction", "size")
CONCLUDED = ("harm", "mixed", "no_clear_difference", "benefit", "not_placed")
MOST_SCALES = 3
NUMBERS = ("benefit", "no_clear_difference", "mixed", "harm", "not_placed", "units")
COLUMNS = (
    "lens",
    *NUMBERS,
    "share",
    "share_low",
    "share_high",
    "p_value",
    "measure",
    "estimate",
    "ci_low",
    "ci_high",
    "k",
    "verdict",
)


@dataclass(frozen=True)
class Scale:
    """One axis of the third lens: ratios share a logarithmic one, any other measure has its own."""

    title: str
    measures: frozenset[str]
    ratio: bool


@draws(Lenses, made_by="evidence.lenses(ev)")
def three_lenses(
    result: Lenses,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw three lenses side by side.

    Parameters
    ----------
    result : Lenses
    title : str, optional
        Default: the same studies through three lenses.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller. Panels are cut off at its
        right.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw, a lens is unknown, or a group has a lens twice.
    """
    table = result.frame
    if table.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    _check(table, words)
    full = table.reindex(columns=list(dict.fromkeys([*words.kept_apart, *table.columns, *COLUMNS])))
    groups = words.ranked(full, words.kept_apart)
    rows = words.rows(groups, words.kept_apart)
    lenses = {name: _of_lens(full, groups, name, words) for name in LENSES}
    title = title or f"{words.topic}: the same studies through three lenses"
    notes = _notes(lenses, rows, words)
    with styled(size) as chosen:
        labels = [wrap(row, letters(chosen, 0.15)) for row in rows]
        said = _said(lenses, chosen)
        if ax is None:
            inches = _row_inches(labels, said, chosen) * len(rows) + 1.25 * chosen.text
            subtitle = (
                "One row a group of studies, never added up. Each lens answers another question."
            )
            figure = canvas(chosen, asked(inches, chosen), title, subtitle, notes)
            ax = body(figure).add_subplot()
        _draw(ax, lenses, labels, said, words, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(lenses, rows, words),
        words.source,
        table,
        "three_lenses",
        tuple(notes),
    )


def _check(table: pd.DataFrame, words: Words) -> None:
    missing = [name for name in [*words.kept_apart, "lens"] if name not in table]
    if missing:
        raise UsageError(
            f"the table has no column {missing[0]!r}; it has {', '.join(map(str, table.columns))}"
        )
    unknown = [value for value in table["lens"] if value not in LENSES]
    if unknown:
        raise UsageError(f"lens is {unknown[0]!r}; allowed: {', '.join(LENSES)}")
    if table.duplicated([*words.kept_apart, "lens"]).any():
        raise UsageError(
            "a group of studies has the same lens twice; allowed: one row a group and lens"
        )


def _of_lens(table: pd.DataFrame, groups: pd.DataFrame, lens: str, words: Words) -> pd.DataFrame:
    """One row a group, in the order of the chart; all missing for a group without this lens."""
    part = {
        _key(line): i
        for i, line in zip(
            table.index, table[words.kept_apart].itertuples(index=False), strict=True
        )
        if table.at[i, "lens"] == lens
    }
    found = [part.get(_key(line)) for line in groups.itertuples(index=False)]
    rows = [
        table.loc[i] if i is not None else pd.Series(np.nan, index=table.columns, dtype=object)
        for i in found
    ]
    result = pd.DataFrame([row.to_dict() for row in rows], columns=table.columns)
    numbers = [name for name in COLUMNS if name not in ("lens", "measure", "verdict")]
    return result.assign(
        **{name: pd.to_numeric(result[name], errors="coerce").astype(float) for name in numbers}
    )


def _key(values: tuple) -> tuple:
    return tuple(None if pd.isna(value) else str(value) for value in values)


def _scales(sizes: pd.DataFrame, words: Words) -> list[Scale]:
    drawn = sizes[sizes["estimate"].notna()]
    measures = [str(name) for name in drawn["measure"].fillna("estimate").unique()]
    ratios = [name for name in measures if words.is_ratio(name)]
    others = [
        Scale(words.label("measure", name), frozenset({name}), False)
        for name in measures
        if name not in ratios
    ]
    return (
        [Scale(", ".join(words.label("measure", name) for name in ratios), frozenset(ratios), True)]
        if ratios
        else []
    ) + others


def _said(lenses: dict[str, pd.DataFrame], size: Size) -> dict[str, list[str]]:
    """What each panel prints above its marks, or in place of them."""
    concluded = [_counts(line) for line in lenses["concluded"].itertuples()]
    direction = [_share(line) for line in lenses["direction"].itertuples()]
    sizes = [_estimate(line) for line in lenses["size"].itertuples()]
    return {
        "concluded": [wrap(text, letters(size, 0.2, 0.85)) for text in concluded],
        "direction": [wrap(text, letters(size, 0.22, 0.88)) for text in direction],
        "size": [wrap(text, letters(size, 0.32, 0.88)) for text in sizes],
    }


def _counts(line) -> str:
    if all(np.isnan(getattr(line, name)) for name in CONCLUDED):
        return _verdict(line, "not reported")
    shown = [
        name
        for name in CONCLUDED
        if not np.isnan(getattr(line, name)) and (name != "not_placed" or line.not_placed > 0)
    ]
    return " + ".join(f"{getattr(line, name):.0f}" for name in shown)


def _share(line) -> str:
    if np.isnan(line.share):
        return _verdict(line, "no result has a readable direction")
    total = line.benefit + line.harm
    of = "" if np.isnan(total) else f"{line.benefit:.0f} of {total:.0f}: "
    span = (
        ""
        if np.isnan(line.share_low) or np.isnan(line.share_high)
        else f" ({line.share_low:.0%} to {line.share_high:.0%})"
    )
    return f"{of}{line.share:.0%}{span}"


def _estimate(line) -> str:
    if np.isnan(line.estimate):
        return _verdict(line, "no pooled estimate")
    measure = f"{line.measure} " if isinstance(line.measure, str) else ""
    span = (
        ""
        if np.isnan(line.ci_low) or np.isnan(line.ci_high)
        else f" ({line.ci_low:.2f} to {line.ci_high:.2f})"
    )
    return f"{measure}{line.estimate:.2f}{span}" + (
        "" if np.isnan(line.k) else f", {counted(int(line.k), 'study', 'studies')}"
    )


def _verdict(line, otherwise: str) -> str:
    return line.verdict if isinstance(line.verdict, str) and line.verdict.strip() else otherwise


def _row_inches(labels: list[str], said: dict[str, list[str]], size: Size) -> float:
    """A line of marks below as many lines of words as the longest cell has."""
    label = max(label.count("\n") + 1 for label in labels)
    return max(_content_inches(said), 0.165 * label + 0.12) * size.text


def _content_inches(said: dict[str, list[str]]) -> float:
    return 0.15 * max(text.count("\n") + 1 for texts in said.values() for text in texts) + 0.34


def _draw(
    ax: Axes,
    lenses: dict[str, pd.DataFrame],
    labels: list[str],
    said: dict[str, list[str]],
    words: Words,
    size: Size,
) -> None:
    # Marks stand low in their row and words above them.
    inches = _row_inches(labels, said, size)
    low = -0.5 + (0.17 * size.text + (inches - _content_inches(said) * size.text) / 2) / inches
    places = [len(labels) - 1 - i for i in range(len(labels))]
    scales = _scales(lenses["size"], words)[:MOST_SCALES]
    divider = make_axes_locatable(ax)
    direction = divider.append_axes("right", size="112%", pad=0.2 * size.text, sharey=ax)
    wide = 1.5 / max(1, len(scales))
    sizes = [
        divider.append_axes("right", size=f"{wide:.0%}", pad=0.22 * size.text, sharey=ax)
        for _ in range(max(1, len(scales)))
    ]
    _concluded(ax, lenses["concluded"], places, low, 0.2 * size.text / inches, words)
    half = 0.1 * size.text / inches
    _direction(direction, lenses["direction"], places, low, half, size)
    for axes, scale in zip(sizes, scales, strict=False):
        _sizes(axes, lenses["size"], scale, places, low, half, size)
    for axes, name in ((ax, "concluded"), (direction, "direction"), (sizes[0], "size")):
        x = axes.get_xlim()[0]
        for place, text in zip(places, said[name], strict=True):
            up = 72 * 0.12 * size.text
            axes.annotate(
                text,
                (x, place + low),
                xytext=(2, up),
                textcoords="offset points",
                va="bottom",
                fontsize="small",
                zorder=5,
            )
    for axes, name in (
        (ax, "As concluded"),
        (direction, "Direction of effect"),
        (sizes[0], "Size of effect"),
    ):
        axes.set_title(name, loc="left", fontweight="bold")
    if not scales:
        sizes[0].set_xticks([])
        sizes[0].spines["bottom"].set_visible(False)
    for axes in sizes[1:]:
        axes.set_label(f"size, {scales[sizes.index(axes)].title}")
        axes.patch.set_visible(False)
    _rows(ax, [direction, *sizes], labels)
    shown = [
        Patch(
            facecolor=LOOKS[w].color,
            hatch=LOOKS[w].hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=_name(w, words),
        )
        for w in CONCLUDED
    ]
    legend_above(ax, shown, size)


def _rows(ax: Axes, others: list[Axes], labels: list[str]) -> None:
    for axes in others:
        axes.tick_params(axis="y", labelleft=False, length=0)
        axes.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.set_yticks([len(labels) - 1 - i for i in range(len(labels))], labels)
    ax.set_ylim(-0.5, len(labels) - 0.5)
    for axes in [ax, *others]:
        for edge in range(1, len(labels)):
            axes.axhline(edge - 0.5, color="#e3e3e3", linewidth=0.7, gid="furniture")


def _name(word: str, words: Words) -> str:
    return "Not placed" if word == "not_placed" else words.word(word)


def _concluded(
    ax: Axes, table: pd.DataFrame, places: list[int], low: float, height: float, words: Words
) -> None:
    start = np.zeros(len(table))
    for word in CONCLUDED:
        wide = table[word].fillna(0).to_numpy()
        drawn = wide > 0
        if drawn.any():
            look = LOOKS[word]
            at = np.array(places)[drawn] + low
            shown = {
                "color": look.color,
                "hatch": look.hatch,
                "edgecolor": INK,
                "linewidth": 0.6,
                "label": _name(word, words),
            }
            ax.barh(at, wide[drawn], left=start[drawn], height=height, **shown)
        start = start + wide
    ax.set_xlim(0, max(1.0, start.max()) * 1.02)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    ax.set_xlabel("Studies")


def _direction(
    ax: Axes, table: pd.DataFrame, places: list[int], low: float, half: float, size: Size
) -> None:
    for place in places:
        _no_difference(ax, 0.5, place + low, half)
    for word, chosen in (
        ("benefit", table["share"] > 0.5),
        ("harm", table["share"] < 0.5),
        ("null", table["share"] == 0.5),
    ):
        label = {"benefit": "more benefit", "harm": "more harm", "null": "half and half"}[word]
        part = table[chosen]
        at = np.array(places)[chosen.to_numpy()] + low
        _intervals(ax, part["share_low"], part["share_high"], at)
        if len(part):
            ax.scatter(
                part["share"],
                at,
                s=46 * size.text,
                marker=LOOKS[word].marker,
                color=LOOKS[word].color,
                edgecolor=INK,
                linewidth=0.6,
                label=label,
            )
    ax.set_xlim(-0.03, 1.03)
    ax.xaxis.set_major_locator(MultipleLocator(0.5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    ax.set_xlabel("Share of benefit")


def _no_difference(ax: Axes, x: float, place: float, half: float) -> None:
    """Short, so that it does not run through the words above."""
    ax.plot(
        [x, x],
        [place - half, place + half],
        color=INK,
        linewidth=1,
        linestyle=(0, (2, 1.2)),
        gid="furniture",
    )


def _intervals(ax: Axes, low: pd.Series, high: pd.Series, at: np.ndarray) -> None:
    for left, right, place in zip(low, high, at, strict=True):
        if not (np.isnan(left) or np.isnan(right)):
            ax.plot(
                [left, right],
                [place, place],
                color=INK,
                linewidth=1.4,
                label="interval",
                solid_capstyle="butt",
            )


def _sizes(
    ax: Axes,
    table: pd.DataFrame,
    scale: Scale,
    places: list[int],
    low: float,
    half: float,
    size: Size,
) -> None:
    chosen = (
        table["estimate"].notna()
        & table["measure"].fillna("estimate").astype(str).isin(scale.measures)
    ).to_numpy()
    part, at = table[chosen], np.array(places)[chosen] + low
    none = 1.0 if scale.ratio else 0.0
    for place in at:
        _no_difference(ax, none, place, half)
    _intervals(ax, part["ci_low"], part["ci_high"], at)
    ax.scatter(
        part["estimate"],
        at,
        s=40 * size.text,
        marker="s",
        color=NEUTRAL.color,
        edgecolor=INK,
        linewidth=0.6,
        label="estimate",
    )
    ends = pd.concat(
        [part["estimate"], part["ci_low"], part["ci_high"], pd.Series([none])]
    ).dropna()
    if scale.ratio:
        ax.set_xscale("log")
        ends = np.log(ends[ends > 0])
        low_end, high_end = ends.min(), max(ends.max(), ends.min() + 0.2)
        pad = 0.06 * (high_end - low_end)
        ax.set_xlim(np.exp(low_end - pad), np.exp(high_end + pad))
        ax.xaxis.set_major_locator(
            LogLocator(
                base=10,
                subs=(1, 2, 5) if high_end - low_end > 1.2 else (0.5, 1, 1.5, 2, 3, 5),
                numticks=6,
            )
        )
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
    else:
        low_end, high_end = ends.min(), max(ends.max(), ends.min() + 0.1)
        pad = 0.06 * (high_end - low_end)
        ax.set_xlim(low_end - pad, high_end + pad)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=3))
    ax.set_xlabel(wrap(scale.title + (" (log)" if scale.ratio else ""), 14))


def _notes(lenses: dict[str, pd.DataFrame], rows: list[str], words: Words) -> list[str]:
    concluded, direction, sizes = (lenses[name] for name in LENSES)
    studies, mute = concluded["units"].sum(), concluded["not_placed"].sum()
    leaning, aside = (
        direction[["benefit", "harm"]].sum().sum(),
        direction[["mixed", "not_placed"]].sum(),
    )
    pooled, k = (
        int(sizes["estimate"].notna().sum()),
        int(sizes["k"].where(sizes["estimate"].notna()).sum()),
    )
    order = ", ".join(words.word(word).lower() for word in CONCLUDED[:4])
    more = _scales(sizes, words)[MOST_SCALES:]
    people = []
    if {"studies", "participants", "size_unknown"} <= set(concluded.columns):
        people = [
            took_part(
                *(
                    int(concluded[name].fillna(0).sum())
                    for name in ("studies", "participants", "size_unknown")
                )
            )
            + "."
        ]
    named = []
    if "what" in sizes and pooled:
        known = sizes["estimate"].notna() & sizes["what"].notna()
        named = [
            f"{row}: {what}"
            for row, what, keep in zip(rows, sizes["what"], known, strict=True)
            if keep
        ]
    return [
        *people,
        (
            f"As concluded: {studies:.0f} studies, {mute:.0f} not placed; numbers in the order"
            f" {order}, not placed. It leans on significance."
        ),
        (
            f"Direction: {leaning:.0f} studies point one way; {aside['mixed']:.0f} mixed and"
            f" {aside['not_placed']:.0f} without a readable direction are left out. Lines: 95 %"
            " interval."
        ),
        f"Size: a pooled estimate in {pooled} of {len(sizes)} rows, from"
        f" {counted(k, 'study', 'studies')}."
        + " Dashes mark no difference: 50 % of the studies, 1 for ratios, 0 for other measures."
        + (f" In words only: {', '.join(scale.title for scale in more)}." if more else ""),
        *([f"Pooled: {'; '.join(named)}."] if named else []),
        words.caution,
        f"Source: {words.source}.",
    ]


def _alt(lenses: dict[str, pd.DataFrame], rows: list[str], words: Words) -> str:
    parts = []
    for i, row in enumerate(rows):
        concluded, direction, sizes = (next(lenses[name].iloc[[i]].itertuples()) for name in LENSES)
        counts = ", ".join(
            f"{_name(w, words).lower()} {getattr(concluded, w):.0f}"
            for w in CONCLUDED
            if getattr(concluded, w) > 0
        )
        parts.append(
            f"{row}: as concluded {counts or _counts(concluded)}; direction {_share(direction)};"
            f" size {_estimate(sizes)}"
        )
    return "Three panels side by side. " + ". ".join(parts) + "."
