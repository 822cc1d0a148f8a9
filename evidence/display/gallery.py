"""The gallery: every chart on a data set, drawn from its tables, and the chart pack for teaching.

Each entry joins results of the synthesis to a chart. An entry that the data set cannot fill (no
reviews, no second reading) says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from evidence import charts
from evidence.arguments import not_there
from evidence.charts.chart import Chart
from evidence.display.answers import Answer
from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.agreement import OVERALL, agreement, confusion
from evidence.synthesis.balance import balance
from evidence.synthesis.claims import judge_claims
from evidence.synthesis.effect_sizes import SizePool, size_pools
from evidence.synthesis.inclusions import citation_matrix
from evidence.synthesis.lenses import lenses
from evidence.synthesis.multiverse import multiverse
from evidence.synthesis.outcomes import outcomes
from evidence.synthesis.results import results
from evidence.synthesis.study_flow import study_flow
from evidence.synthesis.votes import votes

Draw = Callable[[Evidence, str], Chart]
Rows = Callable[[Evidence], pd.Series]
LARGEST = "the part of the evidence that gives it most rows"
POINT, SIZE = "Which way the studies point", "How large the effect is"
STUDIED, SURE = "What was studied", "How sure it is"
OUTCOMES = "Outcomes, question by question"
GROUPS = (POINT, SIZE, OUTCOMES, STUDIED, SURE)


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
        Takes the data set and a size; returns a Chart.
    kind, group : str
        What this form of chart is called, and what it is about, of ``GROUPS``.
    tested : str
        The study in which readers were tested on this form of chart.
    rows : callable, optional
        For a chart of the largest part of the evidence: the study of each row that it could draw.
    """

    name: str
    shows: str
    draw: Draw
    kind: str = ""
    group: str = POINT
    tested: str = "No study known to us tested readers on this form."
    rows: Rows | None = None

    def of(self, ev: Evidence) -> Entry:
        """The same for a data set: the part of the evidence that is drawn has its name."""
        if self.rows is None:
            return self
        _, name = _largest_part(ev, self.rows(ev))
        return replace(self, shows=self.shows.replace(LARGEST, f"{LARGEST} ({name})"))


def counted(ev: Evidence) -> Evidence:
    """The studies that enter a balance."""
    return ev.select(counted=True)


def _of(result: Callable[..., Any], *args: Any, **options: Any) -> Draw:
    """Draw a result of the whole data set."""
    return lambda ev, size: result(ev, *args, **options).chart(size=size)


def _largest_part(ev: Evidence, rows: pd.Series) -> tuple[Evidence, str]:
    """The part of what is kept apart with the most rows, and its name; a chart that mixed the parts
    would mislead. ``rows`` holds the study of each row that a chart could draw.
    """
    apart = ev.dictionary.kept_apart
    studies = ev.studies.set_index("study_id")[apart].reindex(rows)
    if studies.empty:
        raise UsageError("nothing to draw: no result meets the conditions")
    most = studies.value_counts().index[0]
    name = charts.words(ev).rows(pd.DataFrame([most], columns=apart), apart)[0]
    return ev.select(**dict(zip(apart, most, strict=True))), name


def _with_outcomes(ev: Evidence) -> pd.Series:
    """The study of each outcome that votes."""
    return votes(ev, "direction", by="outcome_domain")["study_id"]


def _with_p_value(ev: Evidence) -> pd.Series:
    """The study of each counted result with a p-value and a sample size."""
    return results(counted(ev)).dropna(subset=["p_value", "sample_size"])["study_id"]


def _with_findings(ev: Evidence) -> pd.Series:
    """The counted studies that have findings."""
    return counted(ev).findings["study_id"].drop_duplicates()


def _effect_direction(ev: Evidence, size: str) -> Chart:
    part, _ = _largest_part(ev, _with_outcomes(ev))
    return charts.effect_direction(votes(part, "direction", by="outcome_domain"), size=size)


def _albatross(ev: Evidence, size: str) -> Chart:
    part, _ = _largest_part(counted(ev), _with_p_value(ev))
    found = results(part)
    scales = {measure: extra.get("scale") for measure, extra in ev.dictionary.measures.items()}
    ratios = found["measure"].astype("str").map(scales).dropna().eq("log").mean() > 0.5
    return charts.albatross(found, measure="OR" if ratios else "SMD", size=size)


def largest_pool(ev: Evidence) -> SizePool:
    """The pool of the data set with the most studies."""
    needed(ev, "pools", "nothing to draw")
    pools = [pool for pool in size_pools(ev) if pool.k]
    if not pools:
        raise UsageError(
            "nothing to draw: no results on one measure and named comparisons could be put beside"
            " each other"
        )
    return max(pools, key=lambda pool: pool.k)


def _agreement(ev: Evidence, size: str) -> Chart:
    table = agreement(ev)
    is_category = (table["kind"] == "category") & (table["field"] != OVERALL)
    fields = table.loc[is_category, "field"].to_list()
    if not fields:
        raise UsageError("nothing to draw: no category was read twice")
    return confusion(ev, "direction" if "direction" in fields else fields[0]).chart(size=size)


def _multiverse(ev: Evidence, size: str) -> Chart:
    part, _ = _largest_part(counted(ev), _with_findings(ev))
    place = part.studies.iloc[0]
    only = {"exposure": ["all"]}
    table = multiverse(ev, str(place["question"]), str(place["population"]), only=only)
    return table.chart(size=size)


FITZGERALD = (
    "Fitzgerald and others 2025 (Research Synthesis Methods): in a randomised survey readers took"
    " more from a rain cloud than from a forest plot."
)
GALLERY = [
    Entry(
        "headline",
        "One square per study, with what its authors conclude, which way its numbers lean, and why"
        " to be careful.",
        lambda ev, size: charts.headline(ev, size=size),
        "Squares",
    ),
    Entry(
        "balance",
        "Which way the studies point, as their authors conclude.",
        _of(balance, None),
        "Two-sided bars",
    ),
    Entry(
        "balance_by_direction",
        "Which way the differences point, whatever their p-value.",
        _of(balance, None, "direction"),
        "Two-sided bars by direction",
    ),
    Entry(
        "balance_by_cohort",
        "The same with one vote for each group that several reports may share.",
        _of(balance, None, "direction", "cohort"),
        "Two-sided bars by cohort",
    ),
    Entry(
        "three_lenses",
        "The same studies as concluded, by direction and by size, side by side.",
        _of(lenses),
        "Three lenses",
    ),
    Entry(
        "forest",
        "The largest set of results on one measure and named comparisons.",
        lambda ev, size: charts.forest(largest_pool(ev), size=size),
        "Forest plot",
        SIZE,
        FITZGERALD,
    ),
    Entry(
        "rain_cloud",
        "The same results as drops, the heavier the larger, and the average as a cloud above them.",
        lambda ev, size: charts.rain_cloud(largest_pool(ev), size=size),
        "Rain cloud",
        SIZE,
        FITZGERALD,
    ),
    Entry(
        "albatross",
        f"P-values against sample sizes in {LARGEST}, with contours of effect.",
        _albatross,
        "Albatross plot",
        SIZE,
        rows=_with_p_value,
    ),
    Entry(
        "outcomes",
        "Outcome by outcome, randomised trials apart, with conclusion, direction and size.",
        _of(outcomes),
        "Table of squares",
        OUTCOMES,
    ),
    Entry(
        "effect_direction",
        f"Each study and outcome of {LARGEST}, with which way it leans and how large it is.",
        _effect_direction,
        "Effect direction plot",
        OUTCOMES,
        rows=_with_outcomes,
    ),
    Entry(
        "gap_map",
        "Where there are studies, and where there are none.",
        lambda ev, size: charts.gap_map(balance(ev, "outcome_domain", "direction"), size=size),
        "Gap map",
        STUDIED,
    ),
    Entry(
        "study_flow",
        "How many studies were read, counted, set aside and placed.",
        _of(study_flow),
        "Flow diagram",
        STUDIED,
    ),
    Entry(
        "sample_sizes",
        "How many took part, and who does not say.",
        lambda ev, size: charts.sample_sizes(ev, size=size),
        "Dot plot",
        STUDIED,
    ),
    Entry(
        "timeline",
        "How the studies added up over the years, and on which side.",
        lambda ev, size: charts.timeline(ev, size=size),
        "Timeline",
        STUDIED,
    ),
    Entry(
        "risk_of_bias",
        "What published reviews say about the risk of bias of single studies.",
        lambda ev, size: charts.risk_of_bias(ev, size=size),
        "Traffic lights",
        SURE,
    ),
    Entry(
        "certainty",
        "How certain reviews say they are, outcome by outcome.",
        lambda ev, size: charts.certainty(ev, size=size),
        "Steps of certainty",
        SURE,
    ),
    Entry(
        "agreement",
        "Where two readings of the same sources agree.",
        _agreement,
        "Agreement matrix",
        SURE,
    ),
    Entry(
        "citations",
        "Which review includes which study, as far as it could be read.",
        _of(citation_matrix),
        "Citation matrix",
        SURE,
    ),
    Entry(
        "claims",
        "What is claimed, and how many studies speak for it and against it.",
        _of(judge_claims),
        "Board of claims",
        SURE,
    ),
    Entry(
        "multiverse",
        f"Ways of counting {LARGEST}, with all kinds of exposure together.",
        _multiverse,
        "Specification curve",
        SURE,
        rows=_with_findings,
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
        raise UsageError(not_there("chart", unknown[0], known))
    if names:
        return [known[name] for name in names]
    return list(GALLERY)


def draw(
    ev: Evidence, names: list[str] | None = None, size: str = "web"
) -> Iterator[tuple[Entry, Chart | str]]:
    """Draw the charts of the gallery, one after the other; text instead of a chart where the data
    set cannot fill it.
    """
    for entry in entries(names):
        try:
            yield entry.of(ev), entry.draw(ev, size)
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
    Not drawn: nothing to draw: no results on one measure and named comparisons could be put
    beside each other.
    """
    entry = entries([name])[0]
    try:
        return entry.draw(ev, size)
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
    size : {"web", "slide", "paper", "print"}

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
    return entries([name])[0].draw(ev, size)
