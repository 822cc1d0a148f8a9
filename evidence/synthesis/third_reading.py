"""A third, blind reading against the table: before the differences were looked at, and after.

The two readings of :mod:`evidence.synthesis.agreement` made the table. The third did not see it. A
difference was settled at the source, and the table changed where the source said so
(``reconciliations``): so that they agree after is not an independent sign of being right; how far
they agreed before is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.kappa import Kappa, kappa
from evidence.synthesis.reading_cells import MAIN_FINDING, held, kind_of, same, square
from evidence.synthesis.result import Result
from evidence.synthesis.sign_test import wilson

ALL = "all fields"
SETTLED = ("kept", "changed", "wording")
READING = "third_reading"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ThirdReading(Result):
    """Result of :func:`third_reading`: one row per field."""

    headings: ClassVar[Mapping[str, str]] = {
        "n": "Cells read",
        "agree_before": "Agreed before",
        "share_before": "Agreement before",
        "share_before_low": "95 % from",
        "share_before_high": "95 % to",
        "kappa_before": "Kappa before",
        "agree_after": "Agree now",
        "share_after": "Agreement now",
        "kappa_after": "Kappa now",
        "kept": "Table kept",
        "changed": "Table changed",
        "wording": "Same in other words",
    }
    shown = (
        "field",
        "n",
        "share_before",
        "share_before_low",
        "share_before_high",
        "kappa_before",
        "share_after",
        "kappa_after",
        *SETTLED,
    )


def third_reading(ev: Evidence) -> ThirdReading:
    """How often a third, blind reading says what the table says, field by field.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``readings`` with a column ``third_reading``; differences are taken from
        ``reconciliations`` where there is one.

    Returns
    -------
    ThirdReading
        One row per field in the order of the dictionary, then one for all. ``field, kind``; ``n``,
        cells that the third reading filled; then for the table ``before`` and ``after`` the
        differences were settled: ``agree, share, share_low, share_high`` (95 % Wilson interval)
        and ``kappa, kappa_low, kappa_high`` (categories only, an empty cell of the table as one
        more), each with ``_before`` or ``_after``; last how differences were settled: ``kept,
        changed, wording`` (the same in other words, which counts as no agreement), ``unsettled``.

    Raises
    ------
    NoTable
        When the data set has no readings.

    Notes
    -----
    A cell that the third reading left empty says nothing: it may not have covered the field.
    Intervals treat cells as independent; as a study has several, they are too narrow.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.third_reading(evidence.load())
    >>> bool((table["agree_after"] >= table["agree_before"]).all())
    True
    """
    cells = compared(ev)
    rows = [_row(ev, str(field), part) for field, part in cells.groupby("field", observed=True)]
    if rows:
        rows.append(_row(ev, ALL, cells))
    table = pd.DataFrame(rows, columns=list(_row(ev, ALL, cells)))
    return ThirdReading(ev, table, underlying=tuple(cells["study_id"].unique()))


def compared(ev: Evidence) -> pd.DataFrame:
    """The cells that the third reading filled, with what the table held before and holds now.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    DataFrame
        ``reading_id, study_id, finding_id, field, third_reading, before, after, same_before,
        same_after, settled, reason, address``, in the order of the readings.
    """
    readings = needed(ev, "readings", "there is nothing to compare")
    if READING not in readings:
        readings[READING] = pd.Series(pd.NA, readings.index, dtype="str")
    filled = readings[readings[READING].notna()].reset_index(drop=True)
    columns = ["reading_id", "study_id", "finding_id", "field", READING]
    cells = filled[columns].assign(after=held(ev, filled))
    cells = with_reasons(ev, cells)
    settled = cells["settled"].notna()
    cells["before"] = cells["value_before"].where(settled, cells["after"])
    kinds = {name: kind_of(ev, str(name)) for name in cells["field"].unique()}
    number = cells["field"].astype("str").map(kinds) == "number"
    for when in ("before", "after"):
        cells[f"same_{when}"] = _same(cells[READING], cells[when], number)
    return cells.drop(columns="value_before")


def with_reasons(ev: Evidence, cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with how a difference was settled: ``value_before, settled, reason, address``."""
    columns = ["value_before", "settled", "reason", "address"]
    if "reconciliations" not in ev.tables:
        return cells.assign(**dict.fromkeys(columns, pd.Series(pd.NA, cells.index, dtype="str")))
    how = ev.tables["reconciliations"][["reading_id", *columns]]
    how = how.drop_duplicates("reading_id").assign(settled=how["settled"].astype("str"))
    return cells.merge(how, on="reading_id", how="left")


def _same(one: pd.Series, other: pd.Series, number: pd.Series) -> np.ndarray:
    """Whether cells say the same; operators of numbers count where both carry one."""
    parts = [cells.astype("str").str.extract(r"^([<>=]*)(.*)$") for cells in (one, other)]
    signs = [part[0].replace("", pd.NA) for part in parts]
    agree = (signs[0].eq(signs[1]) | signs[0].isna() | signs[1].isna()).fillna(True)
    operators = agree.to_numpy(dtype=bool)
    plain = same(parts[0][1], parts[1][1], number)
    return np.where(number, operators & plain, same(one, other, number))


def _row(ev: Evidence, field: str, cells: pd.DataFrame) -> dict[str, object]:
    """One field, or all of them."""
    whole = field == ALL
    row: dict[str, object] = {"field": field, "kind": "" if whole else kind_of(ev, field)}
    row["n"] = len(cells)
    for when in ("before", "after"):
        agree = int(cells[f"same_{when}"].sum())
        share, low, high = wilson(np.array([agree]), np.array([len(cells)]))
        row |= {f"agree_{when}": agree, f"share_{when}": share[0]}
        row |= {f"share_{when}_low": low[0], f"share_{when}_high": high[0]}
        beyond = Kappa(len(cells), agree, 0.0)
        if not whole and len(cells) and field != MAIN_FINDING and row["kind"] == "category":
            pairs = cells.rename(columns={READING: "first", when: "second"})
            beyond = kappa(square(pairs))
        row |= {f"kappa_{when}": beyond.kappa, f"kappa_{when}_low": beyond.ci_low}
        row[f"kappa_{when}_high"] = beyond.ci_high
    row |= {how: int(cells["settled"].eq(how).sum()) for how in SETTLED}
    unsettled = cells["settled"].isna() & ~cells["same_before"]
    return row | {"unsettled": int(unsettled.sum())}
