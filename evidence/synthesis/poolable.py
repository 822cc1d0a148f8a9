"""Which results may be pooled: one measure, one contrast, each group of people once. The rest is
listed with the reason why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.model.schema import confidence_level
from evidence.model.selection import cohort_key, cohort_rank
from evidence.synthesis.effects import from_arms, standard_error, standard_error_from_p
from evidence.synthesis.results import matching, refuse_no_conditions, results

# Columns that say what a pool is about; a study outside of them is not a candidate and needs no
# reason.
SCOPE = ("question", "population", "outcome_domain")
# a measure that is worked out from arms in this way is turned so that above zero is benefit
ORIENTED = "standardised"
INCLUDED = [
    "study_id",
    "finding_id",
    "outcome",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "ci_level",
    "origin",
    "design",
    "comparator",
    "sample_size",
    "cohort",
]

# Columns of a result that decide on a pool, beside those that its conditions name.
NEEDED = [
    *(set(INCLUDED) - {"se", "origin"}),
    *(*SCOPE, "counted", "is_primary", "measure", "outcome_scale", "reversed_contrast", "year"),
    *("observed_direction", "p_operator", "p_value", "cohort_overlap", "cohort_representative"),
]


@dataclass(frozen=True)
class Poolable:
    """Results that may be pooled, and those that may not.

    Attributes
    ----------
    measure : str
        The measure.
    log : bool
        Whether ``estimate`` and ``se`` are on the logarithmic scale.
    included : DataFrame
        One row per study: ``study_id, finding_id, outcome, estimate, se`` on the scale of pooling;
        ``ci_low, ci_high, ci_level`` as printed; ``origin`` of the standard error (interval, arm
        values or p_value), ``design, comparator, sample_size, cohort``.
    excluded : DataFrame
        One row per study within the scope that is not included: ``study_id, finding_id, reason``.
    choices : DataFrame
        All results that could stand for the included studies, with the same columns: those of
        ``included``, and others of the same studies that nothing speaks against.
    studies : int
        How many counted studies the question has, whatever they measured.
    of_question : bool
        Whether the conditions name a question; without one, ``studies`` are all that are counted.
    """

    measure: str
    log: bool
    included: pd.DataFrame
    excluded: pd.DataFrame
    choices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=INCLUDED))
    studies: int = 0
    of_question: bool = True

    def why_not(self) -> dict[str, int]:
        """Kinds of reason why studies of the question are not included, each with how many have it;
        most frequent first.
        """
        kinds = self.excluded["reason"].map(lambda reason: _kind(reason, self.measure))
        found = {str(kind): int(n) for kind, n in kinds.value_counts(sort=False).items()}
        outside = self.studies - len(self.included) - len(self.excluded)
        if outside > 0:
            found["another outcome"] = outside
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def copied(self) -> Poolable:
        """The same with frames of its own."""
        frames = {name: getattr(self, name).copy() for name in ("included", "excluded", "choices")}
        return replace(self, **frames)


def poolable(
    ev: Evidence,
    measure: str | Sequence[str] | None,
    criteria: pd.DataFrame,
    one_per_cohort: bool = False,
    ci_level: int | None = None,
    from_p_values: bool = False,
    outcomes_apart: bool = True,
) -> Poolable:
    """Find what may be pooled.

    Parameters
    ----------
    ev : Evidence
        Only counted studies enter.
    measure : str
        One measure of the dictionary that has a null value; none or several are refused, naming
        what would have been mixed. A measure whose property ``from_arms`` is "difference" or
        "standardised" is computed from arm values where no interval is printed; standardised ones
        are turned so that above zero is benefit.
    criteria : DataFrame
        Columns ``column, value``: see :func:`evidence.synthesis.results.matching`.
    one_per_cohort : bool, default False
        Where reports share people, keep the representative of the cohort or the largest known
        sample, and give the others a reason. Without it, reports that share people are refused.
    ci_level : int, optional
        The level at which all intervals are to be read. By default each is read at its own level.
    from_p_values : bool, default False
        Whether a standard error is worked out from an exact p-value where there is neither an
        interval nor arm values. Its ``origin`` is then "p_value".
    outcomes_apart : bool, default True
        Whether results of several outcome domains are refused unless the conditions name each.

    Returns
    -------
    Poolable

    Raises
    ------
    UsageError
        For criteria in another form; when what the dictionary keeps apart, different outcomes,
        contrasts, scales or overlapping cohorts would be mixed; or intervals of another level would
        be read at ``ci_level``. The message lists what would have been mixed, and which selection
        would be legal.

    Notes
    -----
    Standard errors from intervals: Cochrane Handbook 6.3.1; from arm values: 6.5.1.1, and Hedges
    (1981), *Journal of Educational Statistics* 6:107-128; from p-values: 6.5.2.3.

    Examples
    --------
    >>> import evidence
    >>> criteria = pd.DataFrame(
    ...     {"column": ["question", "comparator"], "value": ["risk", "lower_exposure"]}
    ... )
    >>> found = evidence.poolable(evidence.load(), "OR", criteria, one_per_cohort=True)
    >>> found.measure, found.log, bool((found.included["se"] > 0).all())
    ('OR', True, True)
    """
    found = candidates(ev, measure, criteria, ci_level, from_p_values)
    table, reasons, measure = found.table, found.reasons, found.measure
    chosen = table[reasons == ""]
    _refuse_mixed(ev, chosen, criteria, measure, outcomes_apart)
    one = main_first(chosen).drop_duplicates("study_id")
    reasons.loc[chosen.index.difference(one.index)] = "another result of the same study is used"
    one = _once_a_cohort(one, reasons, one_per_cohort)
    could_stand = chosen[chosen["study_id"].isin(one["study_id"])]
    return Poolable(
        measure,
        found.log,
        one.sort_values("study_id")[INCLUDED].reset_index(drop=True),
        _excluded(table, reasons, set(one["study_id"])),
        could_stand.sort_values(["study_id", "finding_id"])[INCLUDED].reset_index(drop=True),
        studies_of_question(ev, criteria),
        names_question(ev, criteria),
    )


@dataclass(frozen=True)
class Candidates:
    """Results within the scope of a pool.

    Attributes
    ----------
    measure : str
    log : bool
        Whether ``estimate`` and ``se`` are on the logarithmic scale.
    table : DataFrame
        One row per result, as :func:`evidence.results` gives it, with ``estimate``, ``se`` and
        ``origin`` for pooling.
    reasons : Series
        Why each stays out; empty where nothing speaks against it. The reason of a result does not
        hang on which others are there.
    """

    measure: str
    log: bool
    table: pd.DataFrame
    reasons: pd.Series


def candidates(
    ev: Evidence,
    measure: str | Sequence[str] | None,
    criteria: pd.DataFrame,
    ci_level: int | None = None,
    from_p_values: bool = False,
) -> Candidates:
    """Results within the scope, before one is chosen for each study and each cohort; the arguments
    are those of :func:`poolable`.
    """
    if ci_level is not None:
        ci_level = confidence_level("ci_level", ci_level)
    refuse_no_conditions(criteria)
    every = results(ev).frame
    asked = {*NEEDED, *ev.dictionary.kept_apart, *criteria["column"]}
    met = matching(every, criteria, ev.dictionary)
    about = [column for column in SCOPE if column in met]
    within = _counted(every) & met[about].to_numpy().all(axis=1)
    table = every.loc[within, [column for column in every if column in asked]]
    met = met[within]
    fitting = met.all(axis=1).to_numpy(dtype=bool)
    measure, scale = _one_measure(ev, table.loc[fitting], measure)
    if ci_level is not None:
        _refuse_other_levels(table.loc[fitting], measure, ci_level)
    table = with_errors(ev, table, measure, scale, from_p_values)
    return Candidates(measure, scale == "log", table, reasons_against(ev, table, met, measure))


def main_first(table: pd.DataFrame) -> pd.DataFrame:
    """Results in the order in which they stand for their study: main findings first."""
    return table.sort_values(["is_primary", "finding_id"], ascending=[False, True], kind="stable")


def leading_first(table: pd.DataFrame) -> pd.DataFrame:
    """Results in the order in which they stand for their cohort, whose name is in ``unit``."""
    unit = cohort_key(table, "possible")
    return table.assign(unit=unit).loc[cohort_rank(table).sort_values().index]


def studies_of_question(ev: Evidence, criteria: pd.DataFrame) -> int:
    """How many counted studies meet the conditions on what is kept apart."""
    apart = criteria[criteria["column"].isin(ev.dictionary.kept_apart)]
    return int((_counted(ev.studies) & matching(ev.studies, apart).to_numpy().all(axis=1)).sum())


def names_question(ev: Evidence, criteria: pd.DataFrame) -> bool:
    """Whether the conditions name the first of what is kept apart, which is the question."""
    return bool(criteria["column"].isin(ev.dictionary.kept_apart[:1]).any())


def _counted(table: pd.DataFrame) -> np.ndarray:
    return table["counted"].to_numpy(dtype=bool, na_value=False)


def _one_measure(
    ev: Evidence, table: pd.DataFrame, measure: str | Sequence[str] | None
) -> tuple[str, str]:
    """The measure and its scale; refuses more than one."""
    scales = {
        name: str(extra["scale"])
        for name, extra in ev.dictionary.measures.items()
        if "null" in extra
    }
    if not scales:
        raise UsageError("This data set has no measure with a null value: there is nothing to pool")
    wanted = [measure] if isinstance(measure, str) else list(measure or [])
    unknown = [name for name in wanted if name not in scales]
    if unknown:
        raise UsageError(f"measure is {unknown[0]!r}; allowed: {', '.join(scales)}")
    if len(wanted) == 1:
        return wanted[0], scales[wanted[0]]
    found = table[table["estimate"].notna() & table["measure"].isin(wanted or list(scales))]
    parts = "; ".join(
        f"{name}: {', '.join(ids)}"
        for name, ids in found["finding_id"].groupby(found["measure"].astype("str"))
    )
    there = set(found["measure"])
    legal = [name for name in wanted or scales if name in there] or wanted or list(scales)
    raise UsageError(
        f"different measures cannot be pooled ({parts or 'none found'}); legal selections: one of"
        f" {', '.join(legal)}"
    )


def _with_interval(table: pd.DataFrame, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Which results are of a measure, and which of them have an interval."""
    own = (table["measure"] == measure).to_numpy(dtype=bool, na_value=False)
    return own, own & table[["estimate", "ci_low", "ci_high"]].notna().all(axis=1).to_numpy()


def _refuse_other_levels(table: pd.DataFrame, measure: str, ci_level: int) -> None:
    """Intervals of another level are not read at this one."""
    whole = _with_interval(table, measure)[1]
    other = table[whole & (table["ci_level"] != ci_level).fillna(True).to_numpy(dtype=bool)]
    if len(other):
        listed = ", ".join(f"{row.finding_id} ({row.ci_level} %)" for row in other.itertuples())
        raise UsageError(
            f"not every interval is a {ci_level} % interval: {listed}; leave the level out to"
            " read each at its own"
        )


def with_errors(
    ev: Evidence,
    table: pd.DataFrame,
    measure: str,
    scale: str,
    from_p_values: bool = False,
) -> pd.DataFrame:
    """Estimate and standard error on the scale of pooling, from the interval, from arm values, or
    from an exact p-value where that is wanted.
    """
    log, from_arm_values = scale == "log", ev.dictionary.measures[measure].get("from_arms", "")
    if from_arm_values == ORIENTED:
        table = _turned(table)
    own, whole = _with_interval(table, measure)
    error = np.full(len(table), np.nan)
    estimate = np.where(own, table["estimate"], np.nan)
    error[whole] = standard_error(
        table["ci_low"].to_numpy()[whole],
        table["ci_high"].to_numpy()[whole],
        table["ci_level"].to_numpy(dtype=float, na_value=np.nan)[whole],
        log,
    )
    origin = np.where(whole, "interval", "")
    if from_arm_values and "arms" in ev.tables:
        oriented = from_arm_values == ORIENTED
        computed = from_arms(ev.arms, standardised=oriented).reindex(table["finding_id"])
        if oriented:
            computed["estimate"] = computed["estimate"].abs() * _side(table).to_numpy()
        usable = computed["estimate"].notna().to_numpy() & np.isnan(error) & (oriented | own)
        estimate, error = (
            np.where(usable, computed["estimate"], estimate),
            np.where(usable, computed["se"], error),
        )
        origin = np.where(usable, "arm values", origin)
    if log:
        estimate = np.log(_positive(table, estimate))
    if from_p_values:
        null = float(ev.dictionary.measures[measure]["null"])
        difference = estimate - (np.log(null) if log else null)
        computed_error = errors_from_p(table, difference, log)
        usable = own & np.isnan(error) & ~np.isnan(computed_error)
        error = np.where(usable, computed_error, error)
        origin = np.where(usable, "p_value", origin)
    return table.assign(estimate=estimate, se=error, origin=origin)


def _positive(table: pd.DataFrame, estimate: np.ndarray) -> np.ndarray:
    """The estimates, or a UsageError where a ratio is not above zero."""
    wrong = table["finding_id"][np.nan_to_num(estimate, nan=1.0) <= 0]
    if len(wrong):
        raise UsageError(f"the ratio of {', '.join(wrong)} is not above zero")
    return estimate


def errors_from_p(table: pd.DataFrame, difference: np.ndarray, log: bool) -> np.ndarray:
    """Standard errors from exact p-values; of differences by t, where the sample size is known."""
    p = table["p_value"].astype("float64").where(exact_p(table)).to_numpy()
    df = np.inf if log else table["sample_size"].astype("float64").to_numpy() - 2
    return standard_error_from_p(difference, p, df)


def exact_p(table: pd.DataFrame) -> pd.Series:
    """Which p-values are printed as a number, and not as a bound."""
    return table["p_operator"].astype("str").eq("=").fillna(False) & table["p_value"].notna()


def _side(table: pd.DataFrame) -> pd.Series:
    """1 where the observed difference favours those exposed, -1 where it does not; missing where
    that is not readable.
    """
    return table["observed_direction"].astype("str").map({"benefit": 1.0, "harm": -1.0})


def _turned(table: pd.DataFrame) -> pd.DataFrame:
    """Printed results on scales that run either way, turned so that above zero is benefit; an
    interval turns with its estimate.
    """
    turn = (np.sign(table["estimate"]) * _side(table) < 0).to_numpy(dtype=bool)
    low, high = (
        table["ci_low"].where(~turn, -table["ci_high"]),
        table["ci_high"].where(~turn, -table["ci_low"]),
    )
    return table.assign(
        estimate=table["estimate"].where(~turn, -table["estimate"]), ci_low=low, ci_high=high
    )


def reasons_against(
    ev: Evidence, table: pd.DataFrame, met: pd.DataFrame, measure: str
) -> pd.Series:
    """Why each result stays out; empty where nothing speaks against it. A later reason replaces an
    earlier one only where that was empty.
    """
    reason = np.full(len(table), "", dtype=object)

    def state(said: pd.Series, what: str | pd.Series) -> None:
        rows = np.asarray(said, dtype=bool) & (reason == "")
        reason[rows] = what if isinstance(what, str) else what.to_numpy(dtype=object)[rows]

    state(table["estimate"].isna(), f"no {measure} shown in what was read")
    for column in met:
        if column not in (*SCOPE, "comparator"):
            state(
                ~met[column],
                str(column).replace("_", " ")
                + ": "
                + table[column]
                .astype("str")
                .map(lambda value, c=column: ev.dictionary.stated(c, value)),
            )
    comparator = table["comparator"].astype("str")
    no_contrast = [
        *ev.dictionary.marked("comparator", "contrast", "other"),
        *ev.dictionary.marked("comparator", "contrast", "none"),
    ]
    state(comparator.isin(no_contrast), "the contrast is not one of exposure: " + table["outcome"])
    if "comparator" in met:
        state(comparator.isna(), "what it was compared with is not stated")
        state(
            ~met["comparator"],
            "another contrast: "
            + comparator.map(lambda value: ev.dictionary.stated("comparator", value)).fillna(""),
        )
    state(table["reversed_contrast"].fillna(False), "the contrast is reversed")
    if "known_issues" in ev.tables:
        issues = ev.known_issues
        issues = issues[
            issues["table"].eq("findings") & issues["field"].isin(["estimate", "ci_low", "ci_high"])
        ].drop_duplicates("id")
        contradiction = table["finding_id"].map(issues.set_index("id")["contradicts"])
        contradiction = contradiction.astype("str")
        state(contradiction.notna(), "known contradiction: " + contradiction.fillna(""))
    without = table["se"].isna()
    state(
        without & exact_p(table),
        "no interval; the standard error that follows from its exact p-value is not used here",
    )
    state(without, "no interval and no arm values with their spread")
    return pd.Series(reason, table.index, dtype="str")


def _kind(reason: str, measure: str) -> str:
    """The kind of a reason, without the names and labels of one study.

    >>> _kind("exposure: Other", "OR"), _kind("shares people with a, which stands for them", "OR")
    ('another exposure', 'the people of one that is in')
    """
    begins = {
        "no interval": "no interval",
        f"no {measure}": f"no {measure}",
        "the contrast is reversed": "a reversed contrast",
        "the contrast": "another contrast",
        "another contrast": "another contrast",
        "what it was compared with": "no stated contrast",
        "known contradiction": "a known contradiction",
        "shares people": "the people of one that is in",
        "another result": "another result of the same study",
    }
    first = next((said for start, said in begins.items() if reason.startswith(start)), "")
    return first or f"another {reason.partition(':')[0]}"


def _refuse_mixed(
    ev: Evidence,
    chosen: pd.DataFrame,
    criteria: pd.DataFrame,
    measure: str,
    outcomes_apart: bool,
) -> None:
    """What is kept apart is never pooled; different contrasts and outcomes only when the conditions
    name each of them; mean differences only on one scale.
    """
    apart = ev.dictionary.kept_apart
    scaled = ev.dictionary.measures[measure].get("from_arms") == "difference"
    more = ["outcome_domain"] * outcomes_apart + ["comparator"] + ["outcome_scale"] * scaled
    for column in [*apart, *(name for name in more if name not in apart)]:
        named = set(criteria.loc[criteria["column"] == column, "value"])
        found = chosen[column].astype("str").fillna("not stated")
        if found.nunique() > 1 and (column in apart or not set(found) <= named):
            raise UsageError(_mixed(column, chosen["finding_id"].groupby(found)))


def _mixed(column: str, ids: Any) -> str:
    """The message about several values of a column, and which of them could be pooled alone."""
    parts = "; ".join(f"{value}: {', '.join(those)}" for value, those in ids)
    legal = " or ".join(f"{column}={value}" for value in sorted(ids.groups))
    return f"different values of {column} would be mixed ({parts}); legal selections: {legal}"


def _once_a_cohort(one: pd.DataFrame, reasons: pd.Series, one_per_cohort: bool) -> pd.DataFrame:
    ranked = leading_first(one)
    again = ranked[ranked.duplicated("unit")]
    if len(again) and not one_per_cohort:
        shared = "; ".join(
            f"{unit.removeprefix('cohort:')}: {', '.join(sorted(ids))}"
            for unit, ids in ranked["study_id"].groupby(ranked["unit"])
            if len(ids) > 1
        )
        raise UsageError(
            f"reports that share people would be pooled as if they were independent ({shared});"
            " legal: one report per cohort"
        )
    first = ranked.drop_duplicates("unit").set_index("unit")["study_id"]
    stands = again["unit"].map(first)
    reasons.loc[again.index] = "shares people with " + stands + ", which stands for them here"
    return one.drop(again.index)


def _excluded(table: pd.DataFrame, reasons: pd.Series, included: set[str]) -> pd.DataFrame:
    """One row per study: the reason of the result that came nearest to being included."""
    columns = ["study_id", "finding_id", "estimate", "se", "is_primary"]
    out = table[columns].assign(reason=reasons)[~table["study_id"].isin(included)]
    nearness = (
        out["estimate"].notna().astype(int)
        + out["se"].notna().astype(int)
        + out["is_primary"].fillna(False).astype(int)
    )
    shared = out["reason"].str.startswith("shares people").astype(int) * 9
    order = out.assign(near=nearness + shared).sort_values(
        ["study_id", "near", "finding_id"], ascending=[True, False, True], kind="stable"
    )
    return order.drop_duplicates("study_id")[["study_id", "finding_id", "reason"]].reset_index(
        drop=True
    )
