"""Outcome by outcome: the unit of every answer.

What an exposure does to one outcome, compared with one alternative, in one population, is one
question; a balance that adds up outcomes is an overview and no answer. Here there is a row for each
question, population, outcome and contrast, randomised trials apart, and each study votes once in
each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from evidence.arguments import one_of
from evidence.errors import UsageError
from evidence.frames import is_true
from evidence.model.contrasts import contrast_names, contrasts, voting_contrasts
from evidence.model.evidence import Evidence
from evidence.synthesis.effect_sizes import size_pool
from evidence.synthesis.lens import CONCLUDED, DIRECTION, Lens, one_word
from evidence.synthesis.once import once
from evidence.synthesis.result import Result
from evidence.synthesis.sign_test import SignTest, each_sign_test, sign_test, sign_tests

TESTED = [
    "share",
    "share_low",
    "share_high",
    "p_value",
    "share_worst",
    "share_best",
    "p_worst",
    "p_best",
    "tipping_point",
    "too_few",
]
SIZE = ["pool_id", "measure", "k", "estimate", "ci_low", "ci_high"]
SIZE += ["prediction_low", "prediction_high"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Outcomes(Result):
    """Result of :func:`outcomes`: one row per outcome and contrast."""

    drawn_by = "outcomes"
    headings: ClassVar[Mapping[str, str]] = {
        "concluded_benefit": "Conclude {benefit}",
        "concluded_no_clear_difference": "Conclude no clear difference",
        "concluded_mixed": "Conclude mixed",
        "concluded_harm": "Conclude {harm}",
        "concluded_not_placed": "No conclusion",
        "direction_benefit": "Numbers lean to {benefit}",
        "direction_mixed": "Numbers lean both ways",
        "direction_harm": "Numbers lean to {harm}",
        "direction_unreadable": "Direction not reported",
        "share": "Share pointing to {benefit}",
        "share_worst": "Share in the worst case",
        "share_best": "Share in the best case",
        "p_worst": "p-value in the worst case",
        "p_best": "p-value in the best case",
        "tipping_point": "How many unreported ones, pointing the other way, leave it to chance",
    }
    with_unknown = True
    shown = (
        "question",
        "population",
        "outcome_domain",
        "contrast",
        "randomised",
        "studies",
        "participants",
        "size_unknown",
        "concluded_benefit",
        "concluded_no_clear_difference",
        "concluded_mixed",
        "concluded_harm",
        "concluded_not_placed",
        "direction_benefit",
        "direction_mixed",
        "direction_harm",
        "direction_unreadable",
    )

    def test(self, row: int) -> SignTest:
        """The sign test of a row, by its place."""
        line = self.frame.iloc[row]
        names = ("direction_benefit", "direction_harm", "direction_unreadable")
        return sign_test(*(int(line[name]) for name in names))


@once
def outcomes(
    ev: Evidence,
    question: str | None = None,
    population: str | None = None,
    *,
    contrast: str | None = None,
    main_only: bool = False,
) -> Outcomes:
    """What studies find on each outcome, contrast by contrast, randomised trials apart.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection. Only counted studies enter.
    question, population : str, optional
        One of each; all by default, each with rows of its own.
    contrast : str, optional
        One contrast of the dictionary. One that does not vote (one programme against another,
        say) is shown with the studies that were set aside because of it. Default: all that vote.
    main_only : bool, default False
        Only the main finding of each study, so that each study stands in one row.

    Returns
    -------
    Outcomes
        Columns: those kept apart, ``outcome_domain``, ``contrast``, ``randomised``; ``studies``,
        ``participants`` (sum of the known sample sizes), ``size_unknown``; for the authors'
        conclusions ``concluded_benefit, concluded_no_clear_difference, concluded_mixed,
        concluded_harm, concluded_not_placed``; for the printed directions ``direction_benefit,
        direction_mixed, direction_harm, direction_unreadable``; of the sign test ``share,
        share_low, share_high, p_value, share_worst, share_best, p_worst, p_best, tipping_point,
        too_few, verdict``; of the largest pool of the data set on the row, ``pool_id, measure,
        k, estimate, ci_low, ci_high, prediction_low, prediction_high``.

    Raises
    ------
    UsageError
        For a question, population or contrast that the dictionary does not have.

    Notes
    -----
    Several findings of one study in one row become one vote: see
    :func:`evidence.synthesis.lens.one_word`.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.outcomes(evidence.load(), question="treatment", population="human")
    >>> bool((table["studies"] > 0).all())
    True
    """
    findings = _findings(ev, question, population, contrast, main_only)
    apart = ev.dictionary.kept_apart
    keys = [*apart, "outcome_domain", "contrast", "randomised"]
    group = findings.groupby(keys, observed=True, dropna=False, sort=True).ngroup().to_numpy()
    # One line for each study in each row.
    pair = pd.Series(group.astype(str), findings.index) + "|" + findings["study_id"].astype("str")
    once = findings.assign(group=group, pair=pair).drop_duplicates("pair")
    places = once.drop_duplicates("group").set_index("group")[keys].sort_index()
    table = places.assign(**_sizes(once))
    for lens in (CONCLUDED, DIRECTION):
        votes = one_word(pair, findings[lens.column], lens)["vote"].reindex(once["pair"])
        table = table.assign(**_counted(votes.array, once["group"].to_numpy(), len(table), lens))
    table = _with_test(ev, table).reset_index(drop=True)
    underlying = tuple(findings["study_id"].unique())
    return Outcomes(ev, _with_sizes(ev, table), underlying=underlying)


def outcome_members(
    ev: Evidence,
    question: str | None = None,
    population: str | None = None,
    *,
    contrast: str | None = None,
    main_only: bool = False,
) -> pd.DataFrame:
    """Which studies are in each row of :func:`outcomes`, called in the same way, with their votes.

    Columns: ``row``, the place of the row in the table of :func:`outcomes`; ``study_id``;
    ``concluded`` and ``direction``, its word by each lens, missing where it has none.

    >>> import evidence
    >>> ev = evidence.load()
    >>> members = outcome_members(ev, "risk", "human")
    >>> table = evidence.outcomes(ev, "risk", "human")
    >>> members["row"].value_counts().sort_index().to_list() == table["studies"].to_list()
    True
    """
    findings = _findings(ev, question, population, contrast, main_only)
    keys = [*ev.dictionary.kept_apart, "outcome_domain", "contrast", "randomised"]
    row = findings.groupby(keys, observed=True, dropna=False, sort=True).ngroup()
    pair = row.astype("str") + "|" + findings["study_id"].astype("str")
    once = findings.assign(row=row, pair=pair).drop_duplicates("pair")
    words = {
        lens.name: one_word(pair, findings[lens.column], lens)["vote"]
        .reindex(once["pair"])
        .astype("str")
        .array
        for lens in (CONCLUDED, DIRECTION)
    }
    return once[["row", "study_id"]].assign(**words).reset_index(drop=True)


def _findings(
    ev: Evidence,
    question: str | None,
    population: str | None,
    contrast: str | None,
    main_only: bool,
) -> pd.DataFrame:
    """The findings that enter, with what rows are made of."""
    names, apart = list(contrast_names(ev.dictionary)), ev.dictionary.kept_apart
    wanted = voting_contrasts(ev.dictionary)
    studies = ev.studies
    enters = is_true(studies["counted"])
    if contrast is not None:
        wanted = [one_of("contrast", contrast, names)]
        enters |= (studies["not_counted_because"] == contrast).to_numpy(dtype=bool)
    for column, value in (("question", question), ("population", population)):
        if value is None:
            continue
        field = ev.dictionary.field(column, "studies")
        if field is None or column not in apart:
            raise UsageError(f"this data set does not keep {column} apart")
        one_of(column, value, field.values or [str(one) for one in studies[column].unique()])
        enters &= is_true(studies[column].eq(value))
    trials = ev.dictionary.designs()
    columns = list(dict.fromkeys(["study_id", "sample_size", *apart]))
    chosen = studies[enters].assign(randomised=studies["design"].isin(trials))
    findings = ev.findings.assign(contrast=contrasts(ev))
    unknown = findings["contrast"].isna() & (contrast is None)
    findings = findings[findings["contrast"].isin(wanted) | unknown]
    if main_only:
        findings = findings[is_true(findings["is_primary"])]
    kept = ["study_id", "outcome_domain", "contrast", CONCLUDED.column, DIRECTION.column]
    return findings[kept].merge(chosen[[*columns, "randomised"]], on="study_id")


def _sizes(once: pd.DataFrame) -> dict[str, pd.Series]:
    """How many studies, and how many took part, in each row."""
    groups = once.groupby("group")["sample_size"]
    known = groups.count()
    return {
        "studies": groups.size(),
        "participants": groups.sum().astype("int64"),
        "size_unknown": groups.size() - known,
    }


def _counted(votes: pd.Categorical, group: np.ndarray, rows: int, lens: Lens) -> dict[str, Any]:
    """How many studies have each word of a lens, in each row."""
    count = lambda met: np.bincount(group[met], minlength=rows)
    counts = {
        f"{lens.name}_{word}": count(votes.codes == code) for code, word in enumerate(lens.placed)
    }
    silent = "unreadable" if lens is DIRECTION else "not_placed"
    return counts | {f"{lens.name}_{silent}": count(votes.codes < 0)}


def _with_test(ev: Evidence, table: pd.DataFrame) -> pd.DataFrame:
    """The sign test of each row, with its verdict."""
    names = {f"direction_{word}": word for word in ("benefit", "harm", "unreadable")}
    counts = table[list(names)].rename(columns=names)
    better = [ev.dictionary.sides(row)["benefit"] for row in table.to_dict("records")]
    tests = each_sign_test(counts)
    verdicts = [test.said(word) for test, word in zip(tests, better, strict=True)]
    return pd.concat([table, sign_tests(counts)[TESTED]], axis=1).assign(verdict=verdicts)


def _with_sizes(ev: Evidence, table: pd.DataFrame) -> pd.DataFrame:
    """The pooled size beside the rows that a pool is about: of several the one of most studies."""
    table = table.assign(**dict.fromkeys(SIZE, np.nan))
    table[["pool_id", "measure"]] = table[["pool_id", "measure"]].astype("object")
    if "pools" not in ev.tables:
        return table
    fitting = []
    for pool_id, criteria in ev.pool_criteria.groupby("pool_id", observed=True, sort=False):
        about = {column: set(rows) for column, rows in criteria.groupby("column")["value"]}
        rows = _rows_about(ev, table, about)
        if rows.any() and len(about.get("outcome_domain", ())) == 1:
            fitting.append((size_pool(ev, str(pool_id)), rows))
    for one, rows in sorted(fitting, key=lambda pair: pair[0].k):
        if one.result is None:
            continue
        values = [one.pool_id, one.poolable.measure, one.k, one.summary["estimate"]]
        values += [*one.interval, *one.prediction]
        for name, value in zip(SIZE, values, strict=True):
            table.loc[rows, name] = value
    return table


def _rows_about(ev: Evidence, table: pd.DataFrame, about: dict[str, set[str]]) -> pd.Series:
    """Rows that a pool is about: what is kept apart, outcome, and contrast where it names one. A
    pool of several contrasts is about no row.
    """
    rows = pd.Series(True, table.index)
    for column in [*ev.dictionary.kept_apart, "outcome_domain"]:
        rows &= table[column].astype("str").isin(about.get(column, set()))
    field = ev.dictionary.field("comparator", "studies", "findings")
    marks = {}
    if field:
        marks = {one.value: one.extra.get("contrast") for one in field.categories}
    named = {marks.get(value) for value in about.get("comparator", set())} - {None}
    if named:
        rows &= table["contrast"].astype("str").isin(named) & (len(named) == 1)
    return rows
