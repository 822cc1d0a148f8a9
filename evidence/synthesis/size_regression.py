"""Does the size of an effect go with a class of exposure? All ratios of a question in one
three-level model, with the class as moderator.

This puts together what :func:`evidence.poolable` keeps apart: ratios of several kinds, contrasts
that differ, several results of one study. What has to be assumed for that is said in the result.
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
from evidence.model.contrasts import answers
from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key
from evidence.synthesis.pool_multilevel import MultilevelPool, pool_multilevel
from evidence.synthesis.poolable import reasons_against, studies_of_question, with_errors
from evidence.synthesis.result import Result
from evidence.synthesis.results import matching, results

GROUP = "group"  # property of a category that names its class
UNITS_DIFFER = "units_differ"  # property of a comparator whose ratios are per unit
CORRELATION = 0.6


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SizeRegression(Result):
    """Result of :func:`size_regression`: one row per ratio that entered.

    Attributes
    ----------
    moderator, group : str
        Column and class that are compared with the rest.
    excluded : DataFrame
        ``study_id, finding_id, reason`` of each ratio that did not enter.
    together : MultilevelPool
        All ratios, without a moderator.
    by_group : MultilevelPool
        With the moderator: its first coefficient is the effect outside of the class, the second
        one the difference that the class makes; on the logarithmic scale.
    inside : MultilevelPool
        The same model the other way round: its first coefficient is the effect inside the class.
    correlation : float
        Assumed between the sampling errors of two results of one cohort.
    studies : int
        How many counted studies the question has.
    """

    moderator: str
    group: str
    excluded: pd.DataFrame
    together: MultilevelPool
    by_group: MultilevelPool
    inside: MultilevelPool
    correlation: float
    studies: int

    headings: ClassVar[Mapping[str, str]] = {"class": "Class"}
    shown = ("study_id", "outcome", "measure", "estimate", "ci_low", "ci_high", "class")

    @property
    def ratios(self) -> pd.DataFrame:
        """What the model says, as ratios: one row each for all results together, the class, the
        rest, and the class divided by the rest. ``results, studies, cohorts`` that enter;
        ``estimate, ci_low, ci_high, p_value`` cluster-robust (CR1, t).
        """
        inside = self.frame["in_class"].to_numpy()
        everything = np.ones(len(inside), dtype=bool)
        rows = [
            ("all", everything, self.together, 0),
            (self.group, inside, self.inside, 0),
            ("other", ~inside, self.by_group, 0),
            (f"{self.group} / other", everything, self.by_group, 1),
        ]
        return pd.DataFrame([self._ratio(*row) for row in rows])

    def _ratio(
        self, name: str, rows: np.ndarray, fit: MultilevelPool, place: int
    ) -> dict[str, Any]:
        table = self.frame[rows]
        limits = fit.cr1_ci_low[place], fit.cr1_ci_high[place]
        return {
            "what": name,
            "results": len(table),
            "studies": table["study_id"].nunique(),
            "cohorts": table["cohort"].nunique(),
            "estimate": float(np.exp(fit.beta[place])),
            "ci_low": float(np.exp(limits[0])),
            "ci_high": float(np.exp(limits[1])),
            "p_value": float(fit.cr1_p[place]),
        }

    @property
    def verdict(self) -> str:
        """The result in plain words."""
        table: Any = self.ratios.set_index("what")
        parts = [f"{name} {self._words(table.loc[name])}" for name in (self.group, "other", "all")]
        divided = table.loc[f"{self.group} / other"]
        results, studies, cohorts = (
            int(table.loc["all", name]) for name in ("results", "studies", "cohorts")
        )
        return (
            f"{'; '.join(parts)}. {self.group} against other: {self._words(divided)},"
            f" p = {divided['p_value']:.2g}. {results} ratios of {studies} of {self.studies}"
            f" studies of the question, in {cohorts} cohorts"
            f" ({int(table.loc[self.group, 'cohorts'])} with {self.group})"
        )

    @staticmethod
    def _words(row: pd.Series) -> str:
        return f"{row['estimate']:.2f} (95 % interval {row['ci_low']:.2f} to {row['ci_high']:.2f})"

    @property
    def assumptions(self) -> str:
        """What has to be assumed, to be said beside the numbers."""
        kinds = ", ".join(sorted(self.frame["measure"].astype("str").unique()))
        notes = f"{self.by_group.note} " if self.by_group.note else ""
        return (
            "Exploratory: the classes were compared with each other after the results were known,"
            f" across studies that differ in much else. Ratios of different kinds ({kinds}) are"
            " read as one, which holds where the outcome is rare; so are contrasts of different"
            " kinds, and results of parts of a study beside those of the whole. Sampling errors of"
            " results from one cohort are assumed to correlate"
            f" {self.correlation:g}. {notes}Intervals are cluster-robust (CR1, t with"
            f" {self.by_group.cr1_df} degrees of freedom where the classes are compared)."
        )


def size_regression(
    ev: Evidence,
    question: str | None = None,
    population: str | None = None,
    outcome_domain: str | None = None,
    *,
    moderator: str = "exposure",
    group: str | None = None,
    correlation: float = CORRELATION,
    overlap: str = "possible",
    from_p_values: bool = False,
) -> SizeRegression:
    """Set the ratios of one class of exposure against the others, over all results of a question.

    Parameters
    ----------
    ev : Evidence
        Only counted studies enter, with findings whose contrast answers the question.
    question, population : str, optional
        Needed where the data set has several.
    outcome_domain : str, optional
        Default: the first in the dictionary's order of outcomes.
    moderator : str, default "exposure"
        A column whose categories the dictionary marks with ``"group"``.
    group : str, optional
        The mark that is compared with all other categories; needed where there are several marks.
    correlation, overlap
        Assumed correlation of the sampling errors inside a cohort, and which overlaps make one
        (see :func:`evidence.votes`).
    from_p_values : bool, default False
        As for :func:`evidence.poolable`.

    Returns
    -------
    SizeRegression
        ``study_id, finding_id, outcome, measure``; ``estimate, ci_low, ci_high, ci_level`` as
        printed; ``se`` on the logarithmic scale and its ``origin``; the moderator; ``class`` and
        ``in_class``; ``cohort``, under which results share individuals.

    Raises
    ------
    UsageError
        When several questions, populations or classes are there and none is named, when nothing is
        marked, or when there are too few ratios, or none of one side.

    Notes
    -----
    See :func:`evidence.pool_multilevel` for the model. Results against the direction of the
    exposure, per unit (units differ between studies), or with a known contradiction stay out, by
    the rules of :func:`evidence.poolable`.

    Examples
    --------
    >>> import evidence
    >>> found = evidence.size_regression(evidence.load(), "risk", "human")
    >>> found.ratios["what"].to_list()
    ['all', 'sport', 'other', 'sport / other']
    """
    group = _group(ev, moderator, group)
    criteria = _criteria(ev, question, population, outcome_domain)
    rows = _ratios(ev, criteria, from_p_values)
    reasons = _reasons(ev, rows, criteria, moderator)
    found = rows[reasons == ""].sort_values("finding_id").reset_index(drop=True)
    marked = ev.dictionary.marked(moderator, GROUP, group)
    inside = found[moderator].astype("str").isin(marked).to_numpy()
    if not inside.any() or inside.all():
        raise UsageError(
            f"{int(inside.sum())} of {len(found)} ratios are of {group!r}: there is nothing to set"
            " against each other"
        )
    cohort = cohort_key(found, overlap).str.removeprefix("cohort:")
    in_class = pd.Series(inside.astype(float), found.index, name=group)
    pools = [
        pool_multilevel(found["estimate"], found["se"], cohort, correlation, column)
        for column in (None, in_class, (1 - in_class).rename("other"))
    ]
    return SizeRegression(
        ev,
        _as_printed(found, moderator, inside, group, cohort),
        underlying=tuple(found["study_id"].unique()),
        moderator=moderator,
        group=group,
        excluded=_left_out(rows, reasons),
        together=pools[0],
        by_group=pools[1],
        inside=pools[2],
        correlation=float(correlation),
        studies=studies_of_question(ev, criteria),
    )


def _group(ev: Evidence, moderator: str, group: str | None) -> str:
    """The class that is asked about."""
    field = ev.dictionary.field(moderator, "studies", "findings")
    if field is None:
        raise UsageError(f"no column {moderator!r} in studies or findings")
    marks = {str(one.extra[GROUP]): None for one in field.categories if GROUP in one.extra}
    if not marks:
        raise UsageError(
            f'no category of {moderator} has the property "{GROUP}" in the dictionary: there are no'
            " classes to compare with each other"
        )
    if group is None and len(marks) > 1:
        raise UsageError(f"name one group; groups: {', '.join(marks)}")
    return next(iter(marks)) if group is None else one_of("group", group, marks)


def _criteria(
    ev: Evidence, question: str | None, population: str | None, outcome_domain: str | None
) -> pd.DataFrame:
    """The conditions on what is asked, one value per column."""
    studies = ev.counted_studies
    asked = {}
    for column, value in (("question", question), ("population", population)):
        if column not in ev.dictionary.kept_apart:
            continue
        present = sorted(studies[column].astype("str").dropna().unique())
        if value is None and len(present) != 1:
            raise UsageError(f"name one {column}; allowed: {', '.join(present)}")
        asked[column] = present[0] if value is None else one_of(column, value, present)
    order = ev.dictionary.outcome_order(*asked.values())
    domains = sorted(ev.findings["outcome_domain"].astype("str").dropna().unique())
    if outcome_domain is None and not order:
        raise UsageError(f"name one outcome_domain; allowed: {', '.join(domains)}")
    first = order[0] if order else ""
    domain = first
    if outcome_domain is not None:
        domain = one_of("outcome_domain", outcome_domain, domains)
    pairs = [*asked.items(), ("outcome_domain", domain)]
    return pd.DataFrame(pairs, columns=["column", "value"], dtype="str")


def _ratios(ev: Evidence, criteria: pd.DataFrame, from_p_values: bool) -> pd.DataFrame:
    """All ratios of the question with their standard errors, and with the printed numbers."""
    table = results(ev).frame
    table = table.assign(answers=answers(ev), printed=table["estimate"])
    enters = is_true(table["counted"])
    met = matching(table, criteria, ev.dictionary).all(axis=1)
    table = table[enters & met & table["estimate"].notna()]
    kinds = [name for name, extra in ev.dictionary.measures.items() if extra.get("scale") == "log"]
    parts = [
        with_errors(ev, table[rows], name, "log", from_p_values)
        for name in kinds
        if (rows := is_true(table["measure"].eq(name))).any()
    ]
    if parts:
        return pd.concat(parts)
    return table.iloc[:0].assign(se=np.nan, origin="")


def _reasons(ev: Evidence, rows: pd.DataFrame, criteria: pd.DataFrame, moderator: str) -> pd.Series:
    """Why each ratio stays out; empty where nothing speaks against it."""
    met = matching(rows, criteria, ev.dictionary)
    reasons = reasons_against(ev, rows, met, "ratio")
    units_differ = ev.dictionary.marked("comparator", UNITS_DIFFER)
    further = {
        "its contrast does not answer the question": ~rows["answers"],
        "per unit, and units differ between studies": rows["comparator"].isin(units_differ),
        f"{moderator} not stated": rows[moderator].isna(),
    }
    for reason, speaks in further.items():
        silent = (reasons == "") | reasons.str.startswith("no interval")
        reasons[silent & speaks.to_numpy(dtype=bool)] = reason
    return reasons


def _as_printed(
    found: pd.DataFrame, moderator: str, inside: np.ndarray, group: str, cohort: pd.Series
) -> pd.DataFrame:
    """What entered, with the ratios as printed."""
    first = ["study_id", "finding_id", "outcome", "measure"]
    table = found[[*first, "ci_low", "ci_high", "ci_level", "se", "origin", moderator]]
    table = table.assign(cohort=cohort, in_class=inside)
    table["class"] = np.where(inside, group, "other")
    table.insert(len(first), "estimate", found["printed"])
    return table


def _left_out(rows: pd.DataFrame, reasons: pd.Series) -> pd.DataFrame:
    table: Any = rows.assign(reason=reasons)[reasons != ""]
    columns = ["study_id", "finding_id", "reason"]
    ordered: pd.DataFrame = table.sort_values("finding_id")[columns].reset_index(drop=True)
    return ordered
