"""What a forest plot says in words: its rows, and the columns of text beside them."""

from __future__ import annotations

import pandas as pd

from evidence.charts.numbers import number, with_interval
from evidence.synthesis.effect_sizes import SizePool
from evidence.synthesis.number_texts import p_text


def weights(pool: SizePool) -> list[float]:
    """Share of each study in the pooled estimate: one over the sum of its variance and tau²; equal
    when nothing was pooled.
    """
    variance = pool.poolable.included["se"].astype(float) ** 2
    tau2 = pool.result.tau2 if pool.result is not None else float("nan")
    if pool.result is None:
        return [1 / len(variance)] * len(variance)
    raw = 1 / (variance + (0.0 if pd.isna(tau2) else tau2))
    return [float(value) for value in raw / raw.sum()]


def estimate_text(line: pd.Series | dict) -> str:
    """An estimate with its interval; what is missing is said."""
    estimate, low, high = (line[name] for name in ("estimate", "ci_low", "ci_high"))
    if pd.isna(estimate):
        return "not reported"
    if pd.isna(low) and pd.isna(high):
        return f"{number(estimate)} (no interval)"
    return with_interval(estimate, low, high)


def spread_text(pool: SizePool) -> str:
    """How much the studies differ: tau² where the model has one, I² with its interval, Q with its
    p-value.
    """
    result = pool.result
    if result is None or pd.isna(result.i2):
        return ""
    i2 = f"I² {result.i2:.0f} %"
    if pd.notna(result.i2_low):
        i2 += f" ({result.i2_low:.0f} to {result.i2_high:.0f} %)"
    q = f"Q {number(result.q)} with {result.k - 1} degrees of freedom, {p_text(result.q_p_value)}"
    tau2 = "" if pool.common else f"tau² {number(result.tau2)}, "
    return f"How much the studies differ: {tau2}{i2}, {q}."


def benefit_side(pool: SizePool) -> str:
    """Which side of no difference is benefit, where the directions of the studies say so with one
    voice; else nothing.
    """
    included = pool.poolable.included
    directions = pool.ev.findings.set_index("finding_id")["observed_direction"].astype("str")
    found = included["finding_id"].map(directions)
    estimates = included["estimate"].astype(float)
    known = found.isin(["benefit", "harm"]) & (estimates != 0)
    above = (estimates > 0) == (found == "benefit")
    sides = {"right" if right else "left" for right in above[known]}
    return sides.pop() if len(sides) == 1 else ""
