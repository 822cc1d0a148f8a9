"""The arithmetic of the results: estimate, interval, p-value and words must fit each other, as far
as rounding lets one tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence.errors import Fault
from evidence.frames import is_true
from evidence.tables.reader import TextTable

if TYPE_CHECKING:
    from evidence.checks.run import Checked

ALPHA = 0.05
# Papers round more than the last digit shows, and use t, score or profile limits; these slacks keep
# such results silent.
SYMMETRY_SLACK = 0.02  # of the width of the interval
NUMBERS = ("estimate", "ci_low", "ci_high", "p_value")
NAMED_LEVEL = re.compile(r"\b([0-9]{2}) ?% ?(?:CI|interval|confidence)")
P_FACTOR = 3.0  # between the printed p-value and the one the interval gives


@dataclass(frozen=True)
class Effects:
    """Columns of one table as arrays; for each row the scale, null value and symmetry of its
    measure.
    """

    text: TextTable
    frame: pd.DataFrame
    log: np.ndarray
    null: np.ndarray
    symmetric: np.ndarray

    def number(self, column: str) -> np.ndarray:
        return self.frame[column].to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def halves(self) -> dict[str, np.ndarray]:
        """Half a unit of the last printed digit of each number."""
        return {column: half_unit(self.text, column) for column in NUMBERS}

    def range(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest value that rounds to what is printed."""
        value, half = self.number(column), self.halves[column]
        return value - half, value + half

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """On the scale on which the interval is symmetric: logarithm for ratios."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.log, np.log(np.clip(values, 1e-12, None)), values)

    def level(self) -> np.ndarray:
        """Confidence level of each interval; 95 where the table has no such column."""
        if "ci_level" in self.text.columns:
            return self.number("ci_level")
        return np.full(len(self.frame), 95.0)


def half_unit(text: TextTable, column: str) -> np.ndarray:
    """Half a unit of the last printed digit of each number."""
    codes, different = text.coded(column)
    decimals = [len(cell) - 1 - cell.rfind(".") if "." in cell else 0 for cell in different]
    return (0.5 * 10.0 ** -np.array(decimals, dtype=float))[codes]


def check_statistics(checked: Checked) -> list[Fault]:
    """Results that contradict themselves; those that ``known_issues.csv`` names are settled
    elsewhere.
    """
    faults = []
    for name, text in checked.texts.items():
        if {"estimate", "ci_low", "ci_high", "p_value", "measure"} <= set(text.columns):
            effects = _effects(checked, name)
            rules = [_missing_parts, _sign, _level]
            if any(text.different(column) != [""] for column in NUMBERS):
                rules += [_interval, _symmetry, _significance, _p_against_interval]
            for rule in rules:
                faults += rule(effects)
    return faults + _arms(checked) + _totals(checked)


def _effects(checked: Checked, name: str) -> Effects:
    frame = checked.frames[name]
    extra = {
        c.value: c.extra for c in checked.dictionary.tables[name].by_name["measure"].categories
    }
    codes, names = pd.factorize(
        frame["measure"]
    )  # the code of a missing measure is -1: the last of each array below
    known = [extra.get(str(measure), {}) for measure in names] + [{}]
    return Effects(
        checked.texts[name],
        frame,
        log=np.array([one.get("scale") == "log" for one in known])[codes],
        null=np.array([one.get("null", np.nan) for one in known], dtype=float)[codes],
        symmetric=np.array([one.get("symmetric", False) for one in known])[codes],
    )


def _interval(e: Effects) -> list[Fault]:
    low, high = e.number("ci_low"), e.number("ci_high")
    (least, most), (low_least, _), (_, high_most) = (
        e.range("estimate"),
        e.range("ci_low"),
        e.range("ci_high"),
    )
    ratio = e.log & ((e.number("estimate") <= 0) | (low < 0) | (high <= 0))
    outside = (most < low_least) | (least > high_most)
    show = lambda i: (
        f"{e.text.columns['estimate'][i]} ({e.text.columns['ci_low'][i]} to"
        f" {e.text.columns['ci_high'][i]})"
    )
    return [
        *e.text.faults(
            low > high,
            "ci_low",
            lambda i: f"the interval runs backwards: {show(i)}",
            "lower end first",
            "estimate_in_interval",
        ),
        *e.text.faults(
            ratio,
            "estimate",
            lambda i: f"a ratio cannot be zero or below: {show(i)}",
            "positive numbers",
            "estimate_in_interval",
        ),
        *e.text.faults(
            outside & (low <= high),
            "estimate",
            lambda i: f"lies outside its interval: {show(i)}",
            "an estimate between ci_low and ci_high",
            "estimate_in_interval",
        ),
    ]


def _symmetry(e: Effects) -> list[Fault]:
    """The estimate is the middle of its interval, on the log scale for ratios. Exact Poisson limits
    of standardised ratios are not.
    """
    (least, most), (low_a, low_b), (high_a, high_b) = (
        e.range("estimate"),
        e.range("ci_low"),
        e.range("ci_high"),
    )
    middle_a, middle_b = (
        (e.scaled(low_a) + e.scaled(high_a)) / 2,
        (e.scaled(low_b) + e.scaled(high_b)) / 2,
    )
    slack = SYMMETRY_SLACK * (e.scaled(e.number("ci_high")) - e.scaled(e.number("ci_low")))
    off = e.symmetric & ((e.scaled(most) < middle_a - slack) | (e.scaled(least) > middle_b + slack))

    def message(i: int) -> str:
        middle = (middle_a[i] + middle_b[i]) / 2
        where = f"{np.exp(middle):.3g} on the log scale" if e.log[i] else f"{middle:.3g}"
        return (
            f"{e.text.columns['estimate'][i]} is not the middle of its interval, which is {where}"
        )

    return e.text.faults(
        off,
        "estimate",
        message,
        "an estimate in the middle of its interval, or a row of known_issues.csv",
        "interval_symmetry",
    )


def _significance(e: Effects) -> list[Fault]:
    """The word significant against the interval and against the p-value."""
    if "significant" not in e.frame:
        return []
    said = e.frame["significant"]
    yes, no = is_true(said).to_numpy(), (~said.fillna(True)).to_numpy(dtype=bool)
    (low_a, low_b), (high_a, high_b), level = e.range("ci_low"), e.range("ci_high"), e.level()
    includes = (low_b < e.null) & (high_a > e.null)
    excludes = (low_a > e.null) | (high_b < e.null)
    wrong = (yes & includes & (level <= 95)) | (no & excludes & (level >= 95))
    p, operator = e.number("p_value"), e.frame["p_operator"].astype("str")
    small = operator.isin(["=", "<", "<="]).to_numpy(dtype=bool) & (p < ALPHA)
    large = operator.isin(["=", ">", ">="]).to_numpy(dtype=bool) & (p > ALPHA)
    return [
        *e.text.faults(
            wrong,
            "significant",
            lambda i: (
                f"is {str(yes[i]).lower()}, but the interval"
                f" {'includes' if includes[i] else 'excludes'} {e.null[i]:g}"
            ),
            "what the interval says, or a row of known_issues.csv",
            "significance_against_interval",
        ),
        *e.text.faults(
            (yes & large) | (no & small),
            "significant",
            lambda i: (
                f"is {str(yes[i]).lower()}, but p {operator.iloc[i]} {e.text.columns['p_value'][i]}"
            ),
            "what the p-value says, or a row of known_issues.csv",
            "significance_against_p",
        ),
    ]


def _p_against_interval(e: Effects) -> list[Fault]:
    """The p-value that the interval gives (normal approximation), beside the printed one."""
    usable = np.isfinite(e.number("ci_low") + e.number("ci_high") + e.number("p_value") + e.null)
    level = e.level()
    usable &= e.symmetric & np.isfinite(level)
    wrong = usable & ~_p_fits(e, level) if usable.any() else usable
    if not wrong.any():
        return []
    smallest, largest = _p_range(e, level)
    fitting = {other: _p_fits(e, np.full(len(level), other)) for other in (95.0, 99.0, 90.0)}

    def message(i: int) -> str:
        others = [other for other, fits in fitting.items() if other != level[i] and fits[i]]
        hint = f"; it would fit an interval of {others[0]:g} %" if others else ""
        printed = f"p {e.frame['p_operator'].iloc[i]} {e.text.columns['p_value'][i]}"
        return (
            f"{printed}, but the {level[i]:g} % interval gives {smallest[i]:.2g} to"
            f" {largest[i]:.2g}{hint}"
        )

    return e.text.faults(
        wrong,
        "p_value",
        message,
        "a p-value that fits the interval, or a row of known_issues.csv",
        "p_against_interval",
    )


def _p_range(e: Effects, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest p-value that the printed interval allows at a level."""
    from scipy.special import ndtr, ndtri

    null = e.scaled(np.where(np.isnan(e.null), 1.0, e.null))
    (low_a, low_b), (high_a, high_b), estimate = (
        tuple(e.scaled(end) for end in e.range(name)) for name in ("ci_low", "ci_high", "estimate")
    )
    least, most = (end - null for end in estimate)
    crosses = least * most < 0
    near = np.where(crosses, 0, np.minimum(np.abs(least), np.abs(most)))
    far = np.maximum(np.abs(least), np.abs(most))
    z = ndtri(0.5 + level / 200)
    wide, narrow = (high_b - low_a) / 2 / z, (high_a - low_b) / 2 / z
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2 * ndtr(-far / np.maximum(narrow, 1e-12)), 2 * ndtr(-near / wide)


def _p_fits(e: Effects, level: np.ndarray) -> np.ndarray:
    """Whether the printed p-value can come from the interval at a level."""
    smallest, largest = _p_range(e, level)
    p, half, operator = (
        e.number("p_value"),
        e.halves["p_value"],
        e.frame["p_operator"].astype("str"),
    )
    exact = ((p + half) * P_FACTOR >= smallest) & ((p - half) / P_FACTOR <= largest)
    below = (p * P_FACTOR >= smallest) | (smallest < 1e-6)
    above = p / P_FACTOR <= largest
    return np.select(
        [operator == "=", operator.isin(["<", "<="]), operator.isin([">", ">="])],
        [exact, below, above],
        True,
    )


def _missing_parts(e: Effects) -> list[Fault]:
    low, high = e.frame["ci_low"].notna(), e.frame["ci_high"].notna()
    measure, estimate = e.frame["measure"].notna(), e.frame["estimate"].notna()
    return [
        *e.text.faults(
            high & ~low,
            "ci_low",
            "one end of the interval is missing",
            "both ends, or a row of known_issues.csv",
            "missing_bound",
        ),
        *e.text.faults(
            low & ~high,
            "ci_high",
            "one end of the interval is missing",
            "both ends, or a row of known_issues.csv",
            "missing_bound",
        ),
        *e.text.faults(
            measure & ~estimate,
            "estimate",
            "is empty although a measure is named",
            "an estimate, or a row of known_issues.csv",
            "no_estimate",
        ),
    ]


def _sign(e: Effects) -> list[Fault]:
    """Conclusion and observed direction do not point in opposite ways."""
    if not {"conclusion", "observed_direction"} <= set(e.frame):
        return []
    said, seen = (
        {word: e.frame[column].eq(word).fillna(False) for word in ("benefit", "harm")}
        for column in ("conclusion", "observed_direction")
    )
    return e.text.faults(
        (said["benefit"] & seen["harm"]) | (said["harm"] & seen["benefit"]),
        "observed_direction",
        "is opposite to the conclusion",
        "a direction that the conclusion can rest on",
        "direction_against_conclusion",
    )


def _level(e: Effects) -> list[Fault]:
    """The confidence level that the words name, and one level per study."""
    if "ci_level" not in e.text.columns:
        return []
    faults = []
    level = e.number("ci_level")
    for column in ("outcome", "subgroup", "statement"):
        if column in e.text.columns:
            codes, different = e.text.coded(column)
            told = [NAMED_LEVEL.search(cell) if "%" in cell else None for cell in different]
            named = np.array([float(one[1]) if one else np.nan for one in told], dtype=float)[codes]
            wrong = np.isfinite(named) & np.isfinite(level) & (named != level)
            faults += e.text.faults(
                wrong,
                "ci_level",
                lambda i: f"is {level[i]:g}, but {column} names {named[i]:g} %",
                "the level that the source names",
                "ci_level_in_text",
            )
    if "study_id" in e.frame and len(set(e.text.different("ci_level")) - {""}) > 1:
        levels = e.frame.groupby("study_id", sort=False)["ci_level"].transform("nunique")
        faults += e.text.faults(
            (levels > 1) & e.frame["ci_level"].notna(),
            "ci_level",
            "findings of this study have intervals of different levels",
            "one level per study, or a row of known_issues.csv",
            "ci_level_in_study",
        )
    return faults


def _arms(checked: Checked) -> list[Fault]:
    """A difference computed from two arm values is their difference; two arms are no more than the
    study.
    """
    if "arms" not in checked.frames:
        return []
    return _differences_of_arms(checked) + _people_in_arms(checked)


def _differences_of_arms(checked: Checked) -> list[Fault]:
    findings, text = checked.frames["findings"], checked.texts["findings"]
    arms, ids = checked.frames["arms"], findings["finding_id"]
    each = arms.drop_duplicates(["finding_id", "arm"]).astype({"arm": "str"})
    means = each.pivot(index="finding_id", columns="arm", values="mean").reindex(
        index=ids, columns=["intervention", "control"]
    )
    difference = means.to_numpy(dtype=float) @ [1, -1]
    halves = pd.Series(half_unit(checked.texts["arms"], "mean"))
    rounding = halves.groupby(arms["finding_id"]).sum().reindex(ids).to_numpy()
    effects = _effects(checked, "findings")
    slack = rounding + effects.halves["estimate"] + 1e-9
    computed = (findings["estimate_origin"] == "computed_from_arm_values").to_numpy(dtype=bool)
    return text.faults(
        computed & (np.abs(difference - effects.number("estimate")) > slack),
        "estimate",
        lambda i: (
            f"{text.columns['estimate'][i]} is not the difference of the arms, {difference[i]:.4g}"
        ),
        "mean of the intervention arm minus mean of the control arm",
        "arm_difference",
    )


def _people_in_arms(checked: Checked) -> list[Fault]:
    findings, studies = checked.frames["findings"], checked.frames["studies"]
    text, arms = checked.texts["arms"], checked.frames["arms"]
    size = studies.drop_duplicates("study_id").set_index("study_id")["sample_size"]
    total = arms.groupby("finding_id")["n"].sum().reindex(findings["finding_id"])
    more = total.to_numpy(dtype=float, na_value=np.nan) > findings["study_id"].map(size).to_numpy(
        dtype=float, na_value=np.nan
    )
    return text.faults(
        pd.Series(text.columns["finding_id"]).isin(set(findings["finding_id"][more])),
        "n",
        "the arms are more than the sample size of the study",
        "arms that add up to no more than sample_size",
        "arms_total",
    )


def _totals(checked: Checked) -> list[Fault]:
    text, studies = checked.texts["studies"], checked.frames["studies"]
    both = studies["n_exposed"].fillna(0) + studies["n_control"].fillna(0)
    over = is_true(both > studies["sample_size"]).to_numpy()
    return text.faults(
        over,
        "n_exposed",
        lambda i: (
            f"{both.iloc[i]} in the two groups, but sample_size is {studies['sample_size'].iloc[i]}"
        ),
        "groups that add up to no more than sample_size, or a row of known_issues.csv",
        "arms_total",
    )
