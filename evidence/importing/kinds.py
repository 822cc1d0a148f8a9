"""What kind of effect numbers are whose file does not name their measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from evidence.importing.columns import Proposal


def name_kind(
    table: pd.DataFrame, proposals: Sequence[Proposal], note: Callable[[str], None]
) -> None:
    """A measure for effect sizes of which the file does not say what they are.

    Parameters
    ----------
    table : DataFrame of str
        Columns under our names; ``measure`` is filled.
    proposals : sequence of Proposal
        What the columns of the file became.
    note : callable
        Called with what was taken for granted.
    """
    measure = table.get("measure", pd.Series("", index=table.index, dtype="str"))
    unnamed = (table["estimate"] != "") & (measure == "")
    if not unnamed.any():
        return
    theirs = next(
        (p.theirs for p in proposals if p.ours in ("estimate", "estimate_ci")), "estimate"
    )
    ratios = _like_ratios(table[unnamed])
    table["measure"] = measure.where(~unnamed, "other" if ratios else "ES")
    what = "became ES"
    if ratios:
        what = "look like ratios, and became 'other', which is never pooled"
    note(
        f"the file does not say what kind of effect {theirs!r} is: its numbers {what}; --map"
        f" '{theirs}=estimate:{'OR' if ratios else 'SMD'}' names it"
    )


def _like_ratios(table: pd.DataFrame) -> bool:
    """Whether estimates stand in the middle of their intervals only on the logarithmic scale."""
    if not {"ci_low", "ci_high"} <= set(table):
        return False
    numbers = table[["ci_low", "estimate", "ci_high"]].apply(pd.to_numeric, errors="coerce")
    numbers = numbers[(numbers > 0).all(axis=1)]
    if len(numbers) < 3 or len(numbers) * 2 < len(table):
        return False
    low, middle, high = (numbers[name].to_numpy() for name in numbers)
    off = [
        np.median(np.abs(mid - (lo + hi) / 2) / np.maximum(hi - lo, 1e-12))
        for lo, mid, hi in ((low, middle, high), (np.log(low), np.log(middle), np.log(high)))
    ]
    return bool(off[1] < 0.02 < off[0])
