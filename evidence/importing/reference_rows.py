"""Rows of the category with which the others of a study are compared: their 1 is not a result."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pandas as pd

from evidence.importing.columns import LEFT_OUT, Proposal
from evidence.importing.log import Log
from evidence.importing.texts import blank, changed, distinct, filled
from evidence.importing.who import whole_rows
from evidence.importing.words import known, tidy
from evidence.model.schema import vocabularies
from evidence.nouns import counted

EFFECT = ("estimate", "estimate_ci", "log_estimate", "ci", "ci_low", "ci_high")
PRECISION = ("ci_low", "ci_high", "se", "variance", "p_value", "significant")
OF_RESULT = ("outcome", "outcome_domain", "subgroup")  # the categories of one have one of each
CONCLUDED = ("conclusion", "direction", "observed_direction")
HINT = re.compile("r[eé]f|rif|base", re.I)  # what each word for a reference holds
WHY = "is the reference category, with which other rows are compared: its effect is not a result"
DO = "nothing, if it is; an interval in the row makes a result of it"


def without_references(
    raw: pd.DataFrame, table: pd.DataFrame, keys: pd.Series, proposals: Sequence[Proposal], log: Log
) -> pd.Series:
    """The studies of the rows, empty for each reference category; these are in the log. A study of
    such rows alone keeps them.
    """
    rows = _reference_rows(raw, table, keys, proposals)
    if not rows.any():
        return keys
    results = set(keys[~rows])
    rows &= keys.isin(results) & filled(keys)
    if not rows.any():
        return keys
    effects = {one.theirs for one in proposals if one.ours in EFFECT}
    lines = [log.sheet.lines[i] for i in np.flatnonzero(rows.to_numpy()).tolist()]
    log.has_references = True
    log.faults[:] = [one for one in log.faults if not (one.line in lines and one.column in effects)]
    log.cells(rows, "", whole_rows(raw, rows), WHY, DO, "row")
    listed = ", ".join(map(str, lines[:10])) + ", …" * (len(lines) > 10)
    said = counted(len(lines), "row is", "rows are")
    log.notes.append(f"{said} a reference category (lines {listed}), and became no finding")
    return keys.where(~rows, "")


def _reference_rows(
    raw: pd.DataFrame, table: pd.DataFrame, keys: pd.Series, proposals: Sequence[Proposal]
) -> pd.Series:
    """Rows that are called a reference beside no effect, or have no more than an effect of nothing
    beside others of their study and outcome with an interval.
    """
    none = pd.Series(False, index=keys.index)
    if "estimate" not in table:
        return none
    estimate = pd.to_numeric(table["estimate"].where(filled(table["estimate"])), errors="coerce")
    measure = table.get("measure", blank(table.index))
    nulls = {word["value"]: word["null"] for word in vocabularies()["measure"] if "null" in word}
    is_null = (estimate == measure.map(nulls)) | ((estimate == 1) & ~measure.isin(list(nulls)))
    more = [name for name in (*PRECISION, *CONCLUDED) if name in table]
    bare = ~sum((filled(table[name]) for name in PRECISION if name in table), none.to_numpy())
    can_be = ~sum((filled(table[name]) for name in more), none.to_numpy())
    can_be &= is_null | estimate.isna()
    if not can_be.any():  # which is soon known, and so with most tables
        return none
    said = none.copy()
    for one in proposals:
        if one.ours != LEFT_OUT:
            test = _is_reference if one.ours in EFFECT else _ends_as_reference
            said |= _told(raw[one.theirs], test)
    of = keys
    for name in OF_RESULT:
        of = of + "\n" + table[name] if name in table else of
    whole = of.isin(set(of[estimate.notna() & ~bare]))
    found = can_be & (said | (is_null & whole))
    return pd.Series(found, index=keys.index)


def _told(cells: pd.Series, test: Callable[[str], bool]) -> pd.Series:
    """The cells for which a test holds, which are looked at where any has the letters of a word."""
    if not HINT.search("\n".join(distinct(cells))):
        return pd.Series(False, index=cells.index)
    return changed(cells, lambda cell: "1" * test(cell)) == "1"


@cache
def _words() -> str:
    return "|".join(sorted(map(tidy, known()["reference_categories"]), key=len, reverse=True))


def _is_reference(cell: str) -> bool:
    """Whether a cell of an effect says that it is the reference.

    >>> _is_reference("1.00 (ref.)"), _is_reference("Referent"), _is_reference("1.3 (0.9-1.9)")
    (True, True, False)
    """
    return bool(re.fullmatch(rf"(?:[01](?: 0+)? )?(?:{_words()})", tidy(cell)))


def _ends_as_reference(cell: str) -> bool:
    """Whether a cell says so after its word.

    >>> _ends_as_reference("Never smokers (ref)"), _ends_as_reference("Cross reference")
    (True, False)
    """
    word, mark, after = cell.rstrip(" )]").rpartition("(" if "(" in cell else ",")
    return bool(word and mark and re.fullmatch(_words(), tidy(after)))
