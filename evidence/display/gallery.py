"""The gallery: every chart on a data set, drawn from its tables, and the chart pack for teaching.

Each entry joins results of the synthesis to a chart. An entry that the data set cannot fill (no
reviews, no second reading) says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence import charts
from evidence.charts.chart import Chart
from evidence.display.answers import Answer
from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.agreement import OVERALL, agreement, confusion
from evidence.synthesis.balance import balance
from evidence.synthesis.claims import judge_claims
from evidence.synthesis.effect_sizes import FEWEST, SizePool, forest_rows, size_pools
from evidence.synthesis.inclusions import citation_matrix
from evidence.synthesis.lenses import lenses
from evidence.synthesis.multiverse import multiverse
from evidence.synthesis.results import results
from evidence.synthesis.sources import source_overview
from evidence.synthesis.study_flow import study_flow
from evidence.synthesis.votes import kept_apart, votes

if TYPE_CHECKING:
    from evidence.charts.words import Words

Draw = Callable[[Evidence, "Words", str], Chart]


@dataclass(frozen=True)
class Entry:
    """One chart of the gallery.

    Attributes
    ----------
    name : str
        File name without ending, and name on the command line.
    shows : str
        What it is good for, in a sentence.
    draw : callable
        Takes the data set, its words and a size; returns a Chart.
    """

    name: str
    shows: str
    draw: Draw


def counted(ev: Evidence) -> Evidence:
    """The studies that enter a balance."""
    return ev.select(counted=True)


def labelled_votes(ev: Evidence, lens: str, by: str | None = None) -> pd.DataFrame:
    """Votes of the studies with their names, designs and the tier of each design."""
    table = votes(ev, lens, "study", by)
    studies = ev.studies.drop_duplicates("study_id").set_index("study_id")
    field = ev.dictionary.tables["studies"].by_name["design"]
    tiers = {category.value: category.extra.get("tier", 1) for category in field.categories}
    design = table["study_id"].map(studies["design"].astype("str"))
    names = ev.names.reindex(table["study_id"]).to_numpy()
    joined = table.assign(
        label=np.where(pd.isna(names), table["study_id"], names),
        design=pd.Categorical(design, field.values),
        tier=design.map(tiers),
    )
    joined.attrs = {"lens": lens, "unit": "study"}
    return joined


def _balance(lens: str, unit: str = "study") -> Draw:
    return lambda ev, words, size: charts.balance(balance(ev, None, lens, unit), words, size=size)


def _gap_map(ev: Evidence, words: Words, size: str) -> Chart:
    return charts.gap_map(balance(ev, "outcome_domain", "direction"), words, size=size)


def _harvest(ev: Evidence, words: Words, size: str) -> Chart:
    tiers = ev.dictionary.settings.get("tiers", ["Tier 1", "Tier 2", "Tier 3"])
    return charts.harvest(labelled_votes(ev, "concluded"), words, tiers=tiers, size=size)


def _group_with_most(ev: Evidence, rows: pd.Series, words: Words) -> tuple[Evidence, str]:
    """The part of what is kept apart with the most rows, and its name; a chart that mixed the parts
    would mislead.

    ``rows`` holds the study of each row that a chart could draw.
    """
    apart = kept_apart(ev)
    studies = ev.studies.set_index("study_id")[apart].reindex(rows)
    if studies.empty:
        raise UsageError("nothing to draw: no result meets the conditions")
    most = studies.value_counts().index[0]
    chosen = pd.DataFrame([most], columns=apart)
    return ev.select(**dict(zip(apart, most, strict=True))), words.rows(chosen, apart)[0]


def _effect_direction(ev: Evidence, words: Words, size: str) -> Chart:
    table = labelled_votes(ev, "direction", "outcome_domain")
    part, name = _group_with_most(ev, table["study_id"], words)
    return charts.effect_direction(
        labelled_votes(part, "direction", "outcome_domain"),
        words,
        title=f"{name}: which way do the results point?",
        size=size,
    )


def _albatross(ev: Evidence, words: Words, size: str) -> Chart:
    part, name = _group_with_most(
        counted(ev),
        results(counted(ev)).dropna(subset=["p_value", "sample_size"])["study_id"],
        words,
    )
    table = results(part).rename(
        columns={"direction": "study_direction", "observed_direction": "direction"}
    )
    scales = {measure: extra.get("scale") for measure, extra in ev.dictionary.measures.items()}
    ratios = table["measure"].astype("str").map(scales).dropna().eq("log").mean() > 0.5
    columns = ["study_id", "sample_size", "p_value", "p_operator", "direction"]
    return charts.albatross(
        table[columns],
        words,
        measure="OR" if ratios else "SMD",
        title=f"{name}: p-values and sample sizes",
        size=size,
    )


def _sizes(ev: Evidence, words: Words, size: str) -> Chart:
    return charts.sample_sizes(counted(ev).studies, words, size=size)


def _timeline(ev: Evidence, words: Words, size: str) -> Chart:
    reviews = ev.reviews if "reviews" in ev.tables else None
    return charts.timeline(counted(ev).studies, words, reviews=reviews, size=size)


def _largest(ev: Evidence) -> SizePool:
    needed(ev, "pools", "nothing to draw")
    pools = [pool for pool in size_pools(ev) if pool.k]
    if not pools:
        raise UsageError(
            "nothing to draw: no results on one measure and one contrast could be put beside each"
            " other"
        )
    return max(pools, key=lambda pool: pool.k)


def _forest(ev: Evidence, words: Words, size: str) -> Chart:
    pool = _largest(ev)
    rows = forest_rows(ev, pool)
    return charts.forest(
        rows,
        words,
        measure=pool.poolable.measure,
        log=pool.poolable.log,
        pooled=pool.pooled_rows,
        title=pool.title,
        size=size,
    )


def _funnel(ev: Evidence, words: Words, size: str) -> Chart:
    pool = _largest(ev)
    rows = forest_rows(ev, pool).assign(
        standard_error=pool.poolable.included["se"], study_id=pool.poolable.included["study_id"]
    )
    middle = pool.summary.get("estimate") if pool.k >= FEWEST else None
    return charts.funnel(
        rows,
        words,
        log=pool.poolable.log,
        pooled=middle,
        measure=pool.poolable.measure,
        title=pool.title,
        size=size,
    )


def _agreement(ev: Evidence, words: Words, size: str) -> Chart:
    table = agreement(ev)
    fields = table.loc[
        (table["kind"] == "category") & (table["field"] != OVERALL), "field"
    ].to_list()
    if not fields:
        raise UsageError("nothing to draw: no category was read twice")
    field = "direction" if "direction" in fields else fields[0]
    row = table.set_index("field").loc[field]
    return charts.agreement_matrix(
        confusion(ev, field),
        words,
        field=field,
        kappa=(row["kappa"], row["kappa_low"], row["kappa_high"]),
        size=size,
    )


def _citations(ev: Evidence, words: Words, size: str) -> Chart:
    matrix = citation_matrix(ev)
    return charts.citation_matrix(
        matrix.rename(index=ev.names.to_dict(), columns=ev.names.to_dict()), words, size=size
    )


def _multiverse(ev: Evidence, words: Words, size: str) -> Chart:
    part, name = _group_with_most(
        counted(ev), counted(ev).findings["study_id"].drop_duplicates(), words
    )
    place = part.studies.iloc[0]
    table = multiverse(
        ev, str(place["question"]), str(place["population"]), only={"exposure": ["all"]}
    )
    return charts.specification_curve(
        table,
        words,
        choices=table.attrs["choices"],
        title=f"{name}: every way of counting",
        size=size,
    )


GALLERY = [
    Entry(
        "balance", "Which way the studies point, as their authors conclude.", _balance("concluded")
    ),
    Entry(
        "balance_by_direction",
        "Which way the differences point, whatever their p-value.",
        _balance("direction"),
    ),
    Entry(
        "balance_by_cohort",
        "The same with one vote for each group that several reports may share.",
        _balance("direction", "cohort"),
    ),
    Entry(
        "three_lenses",
        "The same studies as concluded, by direction and by size, side by side.",
        lambda ev, words, size: charts.three_lenses(lenses(ev), words, size=size),
    ),
    Entry(
        "study_flow",
        "How many studies were read, counted, set aside and placed.",
        lambda ev, words, size: charts.study_flow(study_flow(ev), words, size=size),
    ),
    Entry("sample_sizes", "How many took part, and who does not say.", _sizes),
    Entry("timeline", "When the studies appeared, and which way they point.", _timeline),
    Entry("gap_map", "Where there are studies, and where there are none.", _gap_map),
    Entry(
        "effect_direction",
        "Each study and outcome of the largest part of the evidence: which way, and how large the"
        " study.",
        _effect_direction,
    ),
    Entry("harvest", "Every study as a bar, as high as its design is strong.", _harvest),
    Entry(
        "albatross",
        "P-values against sample sizes in the largest part of the evidence, with contours of"
        " effect.",
        _albatross,
    ),
    Entry("forest", "The largest set of results on one measure and one contrast.", _forest),
    Entry("funnel", "The same results against their standard errors.", _funnel),
    Entry("agreement", "Where two readings of the same sources agree.", _agreement),
    Entry(
        "citations", "Which review includes which study, as far as it could be read.", _citations
    ),
    Entry(
        "claims",
        "What is claimed, and which way the rows that bear on it point.",
        lambda ev, words, size: charts.claims_board(judge_claims(ev), words, size=size),
    ),
    Entry(
        "sources",
        "Which sources can be checked, which were, and what is known of them.",
        lambda ev, words, size: charts.source_status(source_overview(ev), words, size=size),
    ),
    Entry(
        "multiverse",
        "Every defensible way of counting the largest part of the evidence.",
        _multiverse,
    ),
]


def entries(names: list[str] | None = None) -> list[Entry]:
    """Entries by name, all by default.

    Raises
    ------
    UsageError
        For an unknown name.
    """
    known = {entry.name: entry for entry in GALLERY}
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise UsageError(f"no chart {unknown[0]!r}; charts: {', '.join(known)}")
    return [known[name] for name in names] if names else list(GALLERY)


def draw(
    ev: Evidence, names: list[str] | None = None, size: str = "web"
) -> Iterator[tuple[Entry, Chart | str]]:
    """Draw the charts of the gallery, one after the other; text instead of a chart where the data
    set cannot fill it.
    """
    words = charts.words(ev)
    for entry in entries(names):
        try:
            yield entry, entry.draw(ev, words, size)
        except UsageError as error:
            yield entry, str(error)


def chart_or_note(ev: Evidence, name: str, size: str = "web") -> Chart | Answer:
    """One chart of the gallery, or a sentence that says why this data set cannot fill it.

    Parameters
    ----------
    ev, name, size
        As for :func:`chart`.

    Returns
    -------
    Chart or Answer

    Raises
    ------
    UsageError
        For an unknown name.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> evidence.chart_or_note(ev.select(years=(1800, 1801)), "forest")
    Not drawn: nothing to draw: no results on one measure and one contrast could be put beside each
    other.
    """
    entry = entries([name])[0]
    try:
        return entry.draw(ev, charts.words(ev), size)
    except UsageError as error:
        return Answer(f"Not drawn: {error}.")


def chart(ev: Evidence, name: str, size: str = "web") -> Chart:
    """One chart of the gallery.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.
    name : str
        Such as ``"balance"``; a wrong name lists all.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        For an unknown name, or when the data set cannot fill the chart.

    Examples
    --------
    >>> import evidence
    >>> evidence.chart(evidence.load(), "balance").name
    'balance'
    """
    return entries([name])[0].draw(ev, charts.words(ev), size)
