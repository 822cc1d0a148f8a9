"""Retracted papers inside a table of counts: counts have no names, so the table carries the ids of
the retracted papers it counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from evidence.model.evidence import Evidence

ATTRIBUTE = "retracted"


def carrying(ev: Evidence, table: pd.DataFrame, *ids: Iterable[str]) -> pd.DataFrame:
    """The same table, with the ids of the retracted papers among those given in
    ``attrs["retracted"]``; untouched when there are none.

    Parameters
    ----------
    ev : Evidence
    table : DataFrame
        A result whose rows do not name their papers.
    *ids : iterables of str
        Studies or reviews that it counts; tables made by this function can be given by their own
        list.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> import evidence
    >>> carrying(evidence.load(), pd.DataFrame(), ["abel2007"]).attrs
    {}
    """
    if ev.retracted:
        there = {key for some in ids for key in some}
        found = [key for key in ev.retracted if key in there]
        if found:
            table.attrs[ATTRIBUTE] = found
    return table
