"""Effects as people report them become estimates with intervals, and each says how it was made.

What the file states stays as it is. An interval that is missing is worked out from a standard
error, a variance or an exact p-value; an estimate that is missing, from the numbers of two arms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from evidence.importing.measured import each_with
from evidence.importing.shares import events_of
from evidence.importing.texts import blank, factorized, filled, texts
from evidence.model.dictionary import lower_first
from evidence.model.schema import vocabularies
from evidence.nouns import counted
from evidence.synthesis.effects import hedges_g, mean_difference, standard_error_from_p
from evidence.synthesis.two_arms import fisher_z, log_odds_ratio, log_rate_ratio, log_risk_ratio

LEVEL = "95"
STATED = "stated_in_file"
FROM_ERROR, FROM_P = "computed_from_standard_error", "computed_from_p_value"
FROM_COUNTS, FROM_MEANS = "computed_from_counts", "computed_from_means"
FROM_LOG_RANK = "computed_from_log_rank"
FROM_LOG, FROM_CORRELATION = "computed_from_logarithm", "computed_from_correlation"
SPREADS = ("se", "variance")
ROUNDED = 0.15  # a standard error and the root of its variance differ by no more
ARMS = tuple(
    f"{stat}_{arm}"
    for stat in ("events", "nonevents", "percent", "proportion", "mean", "sd", "se", "time")
    for arm in ("exposed", "control")
)
# Columns with two numbers of an arm in each cell, and the columns of one number that they fill.
PAIRED = {
    f"{first}_{second}_{arm}": (f"{first}_{arm}", f"{second}_{arm}")
    for first, second in (("events", "n"), ("mean", "sd"), ("mean", "se"))
    for arm in ("exposed", "control")
}
# Columns that go into an effect, and stay as columns of the file's own beside it.
KEPT = (*SPREADS, "log_estimate", "o_minus_e", "correlation", *ARMS, *PAIRED)
SHARES = {"percent": 100.0, "proportion": 1.0}
COUNTS = {"RR": log_risk_ratio, "OR": log_odds_ratio}
MEANS = {"MD": mean_difference, "SMD": hedges_g}
Note = Callable[[str], None]


def complete(table: pd.DataFrame, wanted: str, note: Note, lines: Sequence[int] = ()) -> None:
    """Fill estimates and intervals that can be worked out; ``table`` changes.

    Parameters
    ----------
    table : DataFrame of str
        Columns under our names; those of :data:`KEPT` hold numbers as text.
    wanted : str
        Measure that the user wants from arms, such as OR or SMD; empty for RR and MD.
    note : callable
        Called with what was done.
    lines : sequence of int
        Lines of the rows in the file.
    """
    if not len(table):
        return
    origin = pd.Series("", index=table.index, dtype="str")
    _from_logarithms(table, origin)
    if "o_minus_e" in table:
        _from_log_rank(table, origin, note)
    if "log_estimate" in table:
        _ends_of_logarithms(table, origin, note)
    _from_spread(table, origin, note)
    _from_p(table, origin)
    _from_arms(table, origin, wanted, note, lines)
    if "correlation" in table and "sample_size" in table:
        _from_correlations(table, origin, note)
    made = filled(origin)
    if made.any():
        stated = ~made & _filled(table, "estimate")
        table["estimate_origin"] = origin.where(~stated, STATED)
        for code, number in origin[made].value_counts().items():
            label = origins()[str(code)]["label"]
            note(f"{number} estimates or intervals {lower_first(label)} (estimate_origin)")


def origins() -> dict[str, dict]:
    """The words for how an estimate was made, by their codes."""
    return {word["value"]: word for word in vocabularies()["estimate_origin"]}


def number_texts(values: np.ndarray) -> list[str]:
    """Computed numbers with four telling digits, without an exponent.

    >>> number_texts(np.array([0.0004, -0.091993, 1234567.8]))
    ['0.0004', '-0.09199', '1234568']
    """
    size = np.abs(values)
    if ((size >= 1e-4) & (size < 9999)).all():
        return [f"{value:.4g}" for value in values.tolist()]
    told = np.isfinite(values) & (values != 0)
    size = np.floor(np.log10(np.abs(np.where(told, values, 1.0))))
    decimals = np.maximum(0, 3 - size.astype(int)).tolist()
    found = zip(values.tolist(), decimals, told.tolist(), strict=True)
    return [_shown(value, places) if use else "0" * (value == 0) for value, places, use in found]


def _shown(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(table: pd.DataFrame, name: str) -> pd.Series:
    if name in table:
        return table[name]
    return blank(table.index)


def _filled(table: pd.DataFrame, name: str) -> np.ndarray:
    return filled(_text(table, name))


def _number(table: pd.DataFrame, name: str) -> np.ndarray:
    """The numbers of a column, each different cell read once."""
    if name not in table:
        return np.full(len(table), np.nan)
    numbers, different = factorized(table[name])
    cells = texts(different)
    read = pd.to_numeric(cells.where(cells != ""), errors="coerce").to_numpy(dtype=float)
    return read[numbers]


def _is_log(table: pd.DataFrame) -> np.ndarray:
    scales = {word["value"]: word.get("scale") for word in vocabularies()["measure"]}
    numbers, different = factorized(_text(table, "measure"))
    return np.array([scales.get(code) == "log" for code in different], dtype=bool)[numbers]


def _bare(table: pd.DataFrame) -> np.ndarray:
    """Rows with an estimate and neither end of an interval."""
    ends = _filled(table, "ci_low") | _filled(table, "ci_high")
    return _filled(table, "estimate") & ~ends


def _put(table: pd.DataFrame, rows: np.ndarray, column: str, values: np.ndarray | str) -> None:
    cells = np.array(_text(table, column), dtype=object)
    cells[rows] = values if isinstance(values, str) else number_texts(values[rows])
    table[column] = texts(cells, table.index)


def _interval(
    table: pd.DataFrame, rows: np.ndarray, centre: np.ndarray, error: np.ndarray, log: np.ndarray
) -> None:
    from scipy.special import ndtri

    z = ndtri(0.975)
    with np.errstate(over="ignore"):
        low, high = centre - z * error, centre + z * error
        low, high = np.where(log, np.exp(low), low), np.where(log, np.exp(high), high)
    for name, values in (("ci_low", low), ("ci_high", high), ("ci_level", LEVEL)):
        _put(table, rows, name, values)


def _centre(table: pd.DataFrame, log: np.ndarray) -> np.ndarray:
    estimate = _number(table, "estimate")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(log, np.log(np.where(estimate > 0, estimate, np.nan)), estimate)


def _from_logarithms(table: pd.DataFrame, origin: pd.Series) -> None:
    if "log_estimate" not in table:
        return
    value = _number(table, "log_estimate")
    rows = ~_filled(table, "estimate") & np.isfinite(value)
    rows &= np.abs(value) < 50
    _put(table, rows, "estimate", np.exp(np.where(rows, value, 0)))
    if "log_measure" in table:
        table["measure"] = _text(table, "measure").where(~rows, table["log_measure"])
    origin[rows] = FROM_LOG


def _ends_of_logarithms(table: pd.DataFrame, origin: pd.Series, note: Note) -> None:
    """Intervals around logarithms become intervals of ratios, when the logarithm is in their
    middle and the ratio is not.
    """
    low, value, high = (_number(table, name) for name in ("ci_low", "log_estimate", "ci_high"))
    rows = np.isfinite(low + value + high) & (origin == FROM_LOG).to_numpy()
    off = np.abs(value - (low + high) / 2) / np.where(high > low, high - low, np.nan)
    if not rows.any() or not np.nanmedian(off[rows]) < 0.1:
        return
    with np.errstate(over="ignore"):
        _put(table, rows, "ci_low", np.exp(low))
        _put(table, rows, "ci_high", np.exp(high))
    table["log_ends"] = np.where(rows, "true", "")
    note("the ends of the intervals are logarithms as well, and became those of the ratios")


def _from_spread(table: pd.DataFrame, origin: pd.Series, note: Note) -> None:
    if not set(SPREADS) & set(table):
        return
    error = _number(table, "se")
    if "variance" in table:
        variance = _number(table, "variance")
        root = np.sqrt(np.where(variance > 0, variance, np.nan))
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.abs(error / root - 1) > ROUNDED
        if said := int(apart.sum()):
            rows = counted(said, "row has a standard error", "rows have standard errors")
            note(f"{rows} beside another variance: no interval was worked out from either")
        error = np.where(apart, np.nan, np.where(np.isfinite(error), error, root))
    log, bare = _is_log(table), _bare(table)
    exact = _centre(table, log)
    if "log_estimate" in table:  # not rounded by the way there and back
        exact = np.where(origin == FROM_LOG, _number(table, "log_estimate"), exact)
    rows = bare & np.isfinite(error) & (error > 0) & np.isfinite(exact)
    if not rows.any():
        return
    _interval(table, rows, exact, error, log)
    if (rows & log & (origin != FROM_LOG).to_numpy()).any():
        note("standard errors of ratios were read as those of their logarithms")
    origin[rows] = FROM_ERROR


def _from_p(table: pd.DataFrame, origin: pd.Series) -> None:
    if "p_value" not in table:
        return
    exact = (_text(table, "p_operator") == "=").to_numpy(dtype=bool)
    log = _is_log(table)
    measured = _filled(table, "measure")
    centre = _centre(table, log)
    p = _number(table, "p_value")
    error = standard_error_from_p(centre, np.where((p > 0) & (p < 1), p, np.nan))
    rows = _bare(table) & exact & measured & np.isfinite(error) & (error > 0)
    if rows.any():
        _interval(table, rows, centre, error, log)
        origin[rows] = FROM_P


class OfArms(NamedTuple):
    """What the numbers of two arms give: estimates with their standard errors, on the scale on
    which these are symmetric, and what to map a column to for another measure.
    """

    measure: str
    estimate: np.ndarray
    error: np.ndarray
    log: bool
    how: str
    what: str
    other: str


def _from_arms(
    table: pd.DataFrame, origin: pd.Series, wanted: str, note: Note, lines: Sequence[int]
) -> None:
    shares = next((one for one in SHARES if f"{one}_exposed" in table), "")
    if "events_exposed" in table:
        made = _by_counts(table, wanted, _arm_values(table, "events"))
    elif shares:
        made = _by_shares(table, wanted, shares)
    elif "mean_exposed" in table:
        made = _by_means(table, wanted)
    else:
        return
    free = ~_filled(table, "estimate")
    rows = free & np.isfinite(made.estimate) & np.isfinite(made.error) & (made.error > 0)
    if rows.any():
        with np.errstate(over="ignore"):
            _put(table, rows, "estimate", np.exp(made.estimate) if made.log else made.estimate)
        _put(table, rows, "measure", made.measure)
        _interval(table, rows, made.estimate, made.error, np.full(len(table), made.log))
        origin[rows] = made.how
        _of_what(table, rows, note)
        crossed = int(_text(table, "design")[rows].str.contains("cross_?over").sum())
        if crossed:
            said = counted(crossed, "effect is", "effects are")
            note(f"{said} of crossover trials, worked out as if the arms were different people")
        hint = f"; --map 'THEIRS={made.other}' works out {made.other.partition(':')[2]}"
        note(f"{made.what} of both arms were read as {made.measure}" + hint * bool(made.other))
    if left := int((free & ~rows).sum()):
        few = "the arms are too small, or their spread is 0 or less"
        few = "no event tells, or there are more events than people" if made.log else few
        if made.what == "percentages":
            few += ", or no whole number of the people is that percentage"
        where = [str(lines[i]) for i in np.flatnonzero(free & ~rows).tolist() if i < len(lines)]
        listed = f" (lines {', '.join(where[:10])}{', …' * (len(where) > 10)})" * bool(where)
        rows_say = f"{counted(left, 'row', 'rows')}{listed} {'says' if left == 1 else 'say'}"
        note(f"{rows_say} nothing of an effect: numbers of arms are missing, or {few}")


def _arm_values(table: pd.DataFrame, stat: str) -> tuple[np.ndarray, np.ndarray]:
    return _number(table, f"{stat}_exposed"), _number(table, f"{stat}_control")


def _of_what(table: pd.DataFrame, rows: np.ndarray, note: Note) -> None:
    """The outcome of effects of arms whose columns say that they are of something else."""
    if "arms_of" not in table:
        return
    measured = str(table["arms_of"].iloc[0])
    outcome = _text(table, "outcome")
    if "outcome" not in table:
        outcome = _text(table, "outcome_domain").str.replace("_", " ")
    said = each_with(outcome[rows].unique(), measured)
    if any(one != other for one, other in said.items()):
        table["outcome"] = outcome.where(~rows, outcome.map(said))
        note(f"numbers of both arms are of {measured!r}; the outcome of their effects says so")


def _by_shares(table: pd.DataFrame, wanted: str, shares: str) -> OfArms:
    """Events by percentages of the people of each arm, or proportions."""
    people = _arm_values(table, "n")
    events = [
        events_of(_text(table, f"{shares}_{arm}"), n, SHARES[shares])
        for arm, n in zip(("exposed", "control"), people, strict=True)
    ]
    made = _by_counts(table, wanted, (events[0], events[1]))
    other = made.other.replace("events", shares)
    return made._replace(what="percentages", other=other)


def _by_counts(table: pd.DataFrame, wanted: str, events: tuple[np.ndarray, np.ndarray]) -> OfArms:
    (e1, e2), (n1, n2) = events, _arm_values(table, "n")
    if "time_exposed" in table:
        t1, t2 = _arm_values(table, "time")
        return OfArms("RR", *log_rate_ratio(e1, t1, e2, t2), True, FROM_COUNTS, "events", "")
    if "nonevents_exposed" in table:
        b, d = _arm_values(table, "nonevents")
        n1, n2 = e1 + b, e2 + d
    of_cases = (_text(table, "design") == "case_control").mean() > 0.5
    usual = "OR" if of_cases else "RR"
    measure = wanted if wanted in COUNTS else usual
    other = "events_exposed:" + ("OR" if measure == "RR" else "RR")
    found = COUNTS[measure](e1, n1, e2, n2)
    return OfArms(measure, *found, True, FROM_COUNTS, "events", other)


def _by_means(table: pd.DataFrame, wanted: str) -> OfArms:
    (m1, m2), (s1, s2), (n1, n2) = (_arm_values(table, stat) for stat in ("mean", "sd", "n"))
    if "se_exposed" in table:
        (e1, e2) = _arm_values(table, "se")
        s1, s2 = e1 * np.sqrt(n1), e2 * np.sqrt(n2)
    measure = wanted if wanted in MEANS else "MD"
    other = "mean_exposed:" + ("SMD" if measure == "MD" else "MD")
    # One person has no spread, and a spread of 0 or less is a slip or a rounding.
    s1, s2 = (np.where((s > 0) & (n > 1), s, np.nan) for s, n in ((s1, n1), (s2, n2)))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = MEANS[measure](n1, m1, s1, n2, m2, s2)
    return OfArms(measure, *found, False, FROM_MEANS, "means", other)


def _from_log_rank(table: pd.DataFrame, origin: pd.Series, note: Note) -> None:
    """Hazard ratios from observed minus expected events and their variance: Cochrane Handbook
    6.8.2.
    """
    difference, variance = _number(table, "o_minus_e"), _number(table, "variance")
    free = ~_filled(table, "estimate")
    rows = free & np.isfinite(difference) & (variance > 0)
    if not rows.any():
        return
    spread = np.where(rows, variance, 1)
    logarithm = np.where(rows, difference, 0) / spread
    _put(table, rows, "estimate", np.exp(logarithm))
    _put(table, rows, "measure", "HR")
    _interval(table, rows, logarithm, 1 / np.sqrt(spread), rows)
    origin[rows] = FROM_LOG_RANK
    note("observed minus expected events and their variance were read as HR")


def _from_correlations(table: pd.DataFrame, origin: pd.Series, note: Note) -> None:
    estimate, error = fisher_z(_number(table, "correlation"), _number(table, "sample_size"))
    rows = ~_filled(table, "estimate") & np.isfinite(estimate + error)
    if rows.any() and np.isfinite(_number(table, "se")[rows]).mean() > 0.5:
        note(
            "standard errors stand beside the correlations, so that these may be no effects, and"
            " were not read as such; --map 'THEIRS=own' for the standard errors reads them"
        )
    elif rows.any():
        _put(table, rows, "estimate", estimate)
        _put(table, rows, "measure", "ZCOR")
        _interval(table, rows, estimate, error, np.zeros(len(table), dtype=bool))
        origin[rows] = FROM_CORRELATION
