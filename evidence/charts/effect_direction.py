"""The effect-direction plot: one row a study, one column an outcome domain, an arrow for the
direction.

Thomson and Thomas (2013), *Research Synthesis Methods* 4:95-101, doi 10.1002/jrsm.1060; revised by
Boon and Thomson (2021), *Research Synthesis Methods* 12:29-33, doi 10.1002/jrsm.1458: the size of
an arrow tells the size of the study, a small number how many outcomes stand behind it.
"""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.path import Path

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    LOOKS,
    Size,
    asked,
    body,
    canvas,
    cut,
    figure_of,
    legend_above,
    letters,
    row_height,
    styled,
    text_width,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.synthesis.votes import Votes

NEEDED = ("study_id", "label", "outcome_domain", "vote", "results", "sample_size", "design")
# An arrow with a head at either end, about as large as the other markers.
_CORNERS = [
    (-0.8, 0),
    (-0.15, 0.6),
    (-0.15, 0.2),
    (0.15, 0.2),
    (0.15, 0.6),
    (0.8, 0),
    (0.15, -0.6),
    (0.15, -0.2),
    (-0.15, -0.2),
    (-0.15, -0.6),
]
SIDEWAYS = Path([*_CORNERS, _CORNERS[0]], closed=True)
MARKERS = {"benefit": "^", "harm": "v", "mixed": SIDEWAYS, "not_placed": "o"}
CLASSES = {"small": ("under 50", 36.0), "medium": ("50 to 300", 80.0), "large": ("over 300", 150.0)}
HOLLOW = "#ffffff"
LEAST = 0.29  # inches of a row
MOST_COLUMNS = 24


@draws(Votes, made_by='evidence.votes(ev, by="outcome_domain")')
def effect_direction(
    votes_by_domain: Votes,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw an effect-direction plot.

    An arrow up is benefit, down harm, to both sides mixed or conflicting; an open circle is a
    result whose direction was not readable. An empty cell means that the study has no result in
    that domain.

    Parameters
    ----------
    votes_by_domain : Votes
        By outcome domain. Rows of the chart are grouped by the columns that are kept apart, where
        they differ, and by design.
    title : str, optional
        Default: which way the results point.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, a study has two votes in one domain, or
        there are too many domains.
    """
    if votes_by_domain.empty:
        raise UsageError("nothing to draw: no result meets the conditions")
    votes = votes_by_domain.named
    _check(votes)
    table = _ordered(votes, words)
    domains = _domains(table)
    title = title or f"{words.topic}: which way do the results point?"
    rows = _rows(table, words)
    notes = _notes(table, words)
    with styled(size) as chosen:
        labels = [wrap(label, letters(chosen, 0.24)) for _, label in rows]
        heights = [row_height([label], chosen, LEAST) for label in labels]
        sizes = text_width(_sizes(table)["text"].to_list()) + 0.1
        width = (0.68 * chosen.width - sizes) / len(domains)
        heads, across = _heads(
            [words.label("outcome_domain", domain) for domain in domains], width, chosen
        )
        if ax is None:
            head = (
                text_width(heads)
                if not across
                else 0.17 * chosen.text * max(head.count("\n") + 1 for head in heads)
            )
            figure = canvas(
                chosen,
                sum(heights) + asked(head + 0.85 * chosen.text, chosen),
                title,
                "One arrow a study and outcome domain: direction of effect",
                notes,
            )
            ax = body(figure).add_subplot()
        _draw(
            ax,
            table,
            rows,
            labels,
            [height / LEAST for height in heights],
            domains,
            sizes / width,
            heads,
            across,
            chosen,
        )
        legend_above(ax, _legend(words, chosen), chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(table, domains, words),
        words.source,
        table.drop(columns="_group"),
        "effect_direction",
        tuple(notes),
    )


def _check(table: pd.DataFrame) -> None:
    missing = [column for column in NEEDED if column not in table]
    if missing:
        raise UsageError(f"votes have no column {', '.join(missing)}; needed: {', '.join(NEEDED)}")
    twice = table[table.duplicated(["study_id", "outcome_domain"])]
    if len(twice):
        raise UsageError(
            f"{twice['study_id'].iloc[0]} has two votes in {twice['outcome_domain'].iloc[0]};"
            " allowed: one vote a study and domain"
        )
    if table["outcome_domain"].nunique(dropna=False) > MOST_COLUMNS:
        raise UsageError(
            f"{table['outcome_domain'].nunique()} outcome domains do not fit one chart; allowed: up"
            f" to {MOST_COLUMNS}"
        )


def _ordered(votes: pd.DataFrame, words: Words) -> pd.DataFrame:
    keys = [
        *(key for key in words.kept_apart if key in votes and votes[key].nunique(dropna=False) > 1),
        "design",
    ]
    table = votes.assign(
        vote=votes["vote"]
        .astype("str")
        .where(votes["vote"].astype("str").isin(list(MARKERS)), "not_placed")
    )
    table = table.sort_values([*keys, "label", "study_id"], kind="stable")
    names = [
        ", ".join([first, *map(lower_first, rest)])
        for first, *rest in (
            [words.label(key, value) for key, value in zip(keys, line, strict=True)]
            for line in table[keys].itertuples(index=False)
        )
    ]
    return table.assign(_group=names).reset_index(drop=True)


def _domains(table: pd.DataFrame) -> list:
    column = table["outcome_domain"]
    if isinstance(column.dtype, pd.CategoricalDtype):
        found = [value for value in column.cat.categories if (column == value).any()]
        return found + ([pd.NA] if column.isna().any() else [])
    return list(column.drop_duplicates())


def _rows(table: pd.DataFrame, words: Words) -> list[tuple[str, str]]:
    """Id and label of each line; a heading has no id."""
    rows: list[tuple[str, str]] = []
    for group, part in table.groupby("_group", sort=False):
        rows.append(("", str(group)))
        once = part.drop_duplicates("study_id")
        rows += [
            (str(study), str(label))
            for study, label in zip(once["study_id"], once["label"], strict=True)
        ]
    return rows


def _heads(names: list[str], width: float, size: Size) -> tuple[list[str], bool]:
    """Names of the columns, side by side where their longest word fits the column, else upright."""
    room = int(width * 11 / size.text)
    if room >= max(len(word) for name in names for word in name.split() or [""]):
        return [wrap(name, max(room, 4)) for name in names], True
    lines = int(width / (0.17 * size.text))
    if lines < 2:
        return [cut(name, 40) for name in names], False
    return [wrap(name, max(16, len(name) // lines + 6)) for name in names], False


def _draw(
    ax: Axes,
    table: pd.DataFrame,
    rows: list[tuple[str, str]],
    labels: list[str],
    heights: list[float],
    domains: list,
    beside: float,
    heads: list[str],
    across: bool,
    size: Size,
) -> None:
    total, top = sum(heights), 0.0
    places, middle = {}, []
    for (study, _), height in zip(rows, heights, strict=True):
        middle.append(total - top - height / 2)
        if study:
            places[study] = middle[-1]
        if len(middle) % 2:
            ax.axhspan(
                total - top - height,
                total - top,
                color="#f3f3f3",
                linewidth=0,
                zorder=0,
                gid="furniture",
            )
        top += height
    ax.set_ylim(0, total)
    last = len(domains) - 0.4 + beside / 2  # where the sample sizes stand
    ax.set_xlim(-0.6, last + beside / 2 + 0.1)
    ax.set_yticks(middle, labels)
    for tick, (study, _) in zip(ax.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("normal" if study else "bold")
    ax.set_xticks([*range(len(domains)), last], [*heads, "n"], rotation=0 if across else 90)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(axis="x")
    ax.get_xgridlines()[-1].set_visible(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    _arrows(ax, table, places, {_key(domain): at for at, domain in enumerate(domains)}, size)
    for study, text in _sizes(table).itertuples(index=False):
        ax.text(
            last,
            places[study],
            text,
            ha="center",
            va="center",
            fontsize=mpl.rcParams["xtick.labelsize"],
        )


def _sizes(table: pd.DataFrame) -> pd.DataFrame:
    once = table.drop_duplicates("study_id")
    return pd.DataFrame(
        {
            "study_id": once["study_id"].astype("str"),
            "text": ["–" if pd.isna(n) else f"{n:,.0f}" for n in once["sample_size"]],
        }
    )


def _arrows(
    ax: Axes, table: pd.DataFrame, places: dict[str, float], columns: dict[str, int], size: Size
) -> None:
    x = table["outcome_domain"].map(_key, na_action=None).astype("str").map(columns).astype(float)
    y = table["study_id"].astype("str").map(places).astype(float)
    areas = [CLASSES[_class(n) or "medium"][1] * size.text**2 for n in table["sample_size"]]
    for word, marker in MARKERS.items():
        drawn = [i for i, vote in enumerate(table["vote"]) if vote == word]
        if drawn:
            fill = [
                HOLLOW if pd.isna(table["sample_size"].iloc[i]) else LOOKS[word].color
                for i in drawn
            ]
            area = [
                areas[i] if word != "not_placed" else CLASSES["small"][1] * size.text**2
                for i in drawn
            ]
            ax.scatter(
                x.iloc[drawn],
                y.iloc[drawn],
                s=area,
                marker=marker,
                c=fill,
                edgecolors=INK,
                linewidths=0.8,
                label=word,
                zorder=3,
            )
    for i, results in enumerate(table["results"]):
        if pd.notna(results) and results > 1:
            beside = (areas[i] ** 0.5 / 2 + 1.5, -(areas[i] ** 0.5) / 2)
            ax.annotate(
                f"{results:.0f}",
                (x.iloc[i], y.iloc[i]),
                xytext=beside,
                textcoords="offset points",
                fontsize=7 * size.text,
                va="center",
                ha="left",
            )


def _key(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _class(n: object) -> str | None:
    """Class of a sample size, after Boon and Thomson; none where it is not known."""
    if pd.isna(n):
        return None
    return "small" if float(str(n)) < 50 else "medium" if float(str(n)) <= 300 else "large"


def _legend(words: Words, size: Size) -> list[Line2D]:
    def handle(label: str, marker: str | Path, area: float, fill: str) -> Line2D:
        points = area**0.5 * size.text
        return Line2D(
            [],
            [],
            linestyle="",
            marker=marker,
            markersize=points,
            markerfacecolor=fill,
            markeredgecolor=INK,
            markeredgewidth=0.8,
            label=label,
        )

    medium, grey = CLASSES["medium"][1], "#bbbbbb"
    named = {
        "benefit": words.word("benefit"),
        "harm": words.word("harm"),
        "mixed": words.word("mixed"),
        "not_placed": "Direction not readable",
    }
    shown = [
        handle(
            label,
            MARKERS[word],
            medium if word != "not_placed" else CLASSES["small"][1],
            LOOKS[word].color if word != "not_placed" else HOLLOW,
        )
        for word, label in named.items()
    ]
    sizes = [handle(f"n {text}", "^", area, grey) for text, area in CLASSES.values()]
    return [*shown, *sizes, handle("n not known", "^", medium, HOLLOW)]


def _notes(table: pd.DataFrame, words: Words) -> list[str]:
    once = table.drop_duplicates("study_id")
    known, unknown = once["sample_size"].sum(), int(once["sample_size"].isna().sum())
    unread = int((table["vote"] == "not_placed").sum())
    who = f"{counted(len(once), 'study', 'studies')}, {known:,.0f} took part" + (
        f" (size of {unknown} not known)." if unknown else "."
    )
    how = (
        "Direction of effect, whatever its p-value; several results of one domain make one arrow"
        " where 70 % agree, else they are mixed."
    )
    return [
        f"{who} {how} A small number: how many results stand behind an arrow, where more than one.",
        (
            f"Direction not readable: {unread} of {counted(len(table), 'cell', 'cells')}. An empty"
            " cell: no result."
        ),
        words.caution,
        f"Source: {words.source}.",
    ]


def _alt(table: pd.DataFrame, domains: list, words: Words) -> str:
    parts = []
    for domain in domains:
        votes = table.loc[
            table["outcome_domain"].map(_key, na_action=None).astype("str") == _key(domain), "vote"
        ]
        said = [
            f"{words.word(word).lower()} {(votes == word).sum()}"
            for word in ("benefit", "harm", "mixed")
        ]
        parts.append(
            f"{words.label('outcome_domain', domain)}: {', '.join(said)}, not readable"
            f" {(votes == 'not_placed').sum()}"
        )
    studies = counted(table["study_id"].nunique(), "study", "studies")
    return (
        f"Effect-direction plot, {studies} by"
        f" {counted(len(domains), 'outcome domain', 'outcome domains')}. " + "; ".join(parts) + "."
    )
