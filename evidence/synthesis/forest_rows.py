"""The studies of a pool, as a forest plot takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from evidence.frames import is_true
from evidence.model.evidence import Evidence
from evidence.synthesis.effect_sizes import SizePool
from evidence.synthesis.effect_text import effect_texts


def forest_rows(ev: Evidence, one: SizePool) -> pd.DataFrame:
    """The studies of a pool as a forest plot takes them, on the printed scale.

    Columns: ``label, estimate, ci_low, ci_high, n, design, printed``. Intervals of 95 % stand as
    printed. Others, and those worked out from arm values, are those that the standard error gives;
    ``printed`` then says what is printed, and is empty elsewhere.

    Parameters
    ----------
    ev : Evidence
        The data set of the pool, for names and labels.
    one : SizePool
        See :func:`size_pool`.

    Returns
    -------
    DataFrame
        One row per study, in the order of the pool; ``n`` is the sample size, ``design`` its label.

    Raises
    ------
    DataError
        When the bibliography cannot be read.

    Notes
    -----
    estimate ± 1.96 standard errors on the scale of pooling: Cochrane Handbook 6.3.1.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> rows = evidence.forest_rows(ev, evidence.size_pool(ev, "or_activity"))
    >>> bool(rows["estimate"].between(rows["ci_low"], rows["ci_high"]).all())
    True
    """
    from scipy.special import ndtri

    table, z = one.poolable.included, ndtri(0.975)
    back = np.exp if one.poolable.log else lambda values: values
    printed = is_true(table["ci_level"] == 95) & (table["origin"] == "interval")
    other = table["ci_level"].notna() & ~printed
    rows = table.assign(other=other).to_dict("records")
    names = pd.Series(ev.names.reindex(table["study_id"]).to_numpy(), index=table.index)
    return pd.DataFrame(
        {
            "label": names,
            "estimate": back(table["estimate"]),
            "ci_low": table["ci_low"].where(printed, back(table["estimate"] - z * table["se"])),
            "ci_high": table["ci_high"].where(printed, back(table["estimate"] + z * table["se"])),
            "n": table["sample_size"],
            "design": (
                table["design"]
                .map(lambda value: ev.dictionary.label("design", value))
                .astype("str")
            ),
            "printed": [_printed(row) if row["other"] else "" for row in rows],
        }
    )


def _printed(row: Mapping[Any, Any]) -> str:
    """The interval of a study as it is printed, with its level."""
    level, low, high = row["ci_level"], row["ci_low"], row["ci_high"]
    ends = "" if pd.isna(low) or pd.isna(high) else f" {' to '.join(effect_texts(low, high))}"
    return f"{level} % interval{ends}"
