"""How many studies were read, counted, set aside and placed."""

from __future__ import annotations

import pandas as pd

from evidence.dataset.evidence import Evidence
from evidence.synthesis.balance import balance, set_aside
from evidence.synthesis.votes import LENSES


def study_flow(ev: Evidence) -> pd.DataFrame:
    """The steps from all studies to those that are placed in each counting lens.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    DataFrame
        One row a step: ``what``, ``n``, ``left_out`` (pairs of reason and number, lost on the way into the step) and ``of`` (the step that it is
        a part of). Each step and what was lost make up the step before.

    Examples
    --------
    >>> import evidence
    >>> steps = evidence.study_flow(evidence.load())
    >>> int(steps["n"].iloc[0]) == int(steps["n"].iloc[1]) + sum(n for _, n in steps["left_out"].iloc[1])
    True
    """
    aside = set_aside(ev)
    reasons = [(ev.dictionary.label("not_counted_because", reason), int(n)) for reason, n in aside.items()]
    counted = len(ev) - int(aside.sum())
    first, second = "Studies in the table", "Counted: one vote each"
    rows = [{"what": first, "n": len(ev), "left_out": [], "of": None}, {"what": second, "n": counted, "left_out": reasons, "of": first}]
    for name, lens in LENSES.items():
        table = balance(ev, None, name)
        lost = int(table["not_placed"].sum())
        left_out = [("no readable direction" if name == "direction" else "says nothing either way", lost)] if lost else []
        rows.append({"what": f"Placed: {lens.title}", "n": int(table["placed"].sum()), "left_out": left_out, "of": second})
    return pd.DataFrame(rows)
