"""With what each finding compares: the contrast, which is looked at before the outcome.

The dictionary names the contrasts of a data set in its setting ``contrasts``, says which of them
answer its questions (``votes``) and which set one group against another (``groups``), and gives
each comparator its contrast. What compares nothing says ``"compares": false``. An exposure can be
marked as no exposure of interest (``"contrast": "other"``), and then so is every contrast with it.
A data set without that setting has one contrast, which votes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.model.dictionary import Dictionary
from evidence.model.evidence import Evidence

OTHER = "other"
ANY = "any"
UNSTATED = "comparison not stated"  # what a contrast is called that is not known


def contrast_names(dictionary: Dictionary) -> dict[str, str]:
    """Label of each contrast, in the order of the dictionary."""
    named = dictionary.settings.get("contrasts", [])
    return {one["value"]: one["label"] for one in named} or {ANY: "Any contrast"}


def voting_contrasts(dictionary: Dictionary) -> list[str]:
    """Contrasts that answer the questions of the data set."""
    named = dictionary.settings.get("contrasts", [])
    return [one["value"] for one in named if one.get("votes", True)] or [ANY]


def group_contrasts(dictionary: Dictionary) -> list[str]:
    """Contrasts that vote and set one group against another (``groups`` in the dictionary)."""
    named = dictionary.settings.get("contrasts", [])
    return [one["value"] for one in named if one.get("votes", True) and one.get("groups")]


def empty_contrasts(dictionary: Dictionary) -> list[str]:
    """Contrasts that compare nothing (``"compares": false`` in the dictionary)."""
    named = dictionary.settings.get("contrasts", [])
    return [one["value"] for one in named if not one.get("compares", True)]


def contrast_of(dictionary: Dictionary, studies: pd.DataFrame, findings: pd.DataFrame) -> pd.Series:
    """Contrast of each finding, index as the findings.

    A comparator or exposure of the finding counts before that of its study. Where neither
    is known, the contrast is missing: it votes, since nothing says that it compares something else.

    Returns
    -------
    Series of category
    """
    names = list(contrast_names(dictionary))
    if names == [ANY]:
        one = pd.CategoricalDtype([ANY])
        every = pd.Categorical.from_codes(np.zeros(len(findings), dtype=int), dtype=one)
        return pd.Series(every, findings.index)
    found = {}
    for column in ("comparator", "exposure"):
        marks = _marks(dictionary, column)
        found[column] = _own_or_study(studies, findings, column).map(marks)
    contrast = found["comparator"].where(found["exposure"] != OTHER, OTHER)
    return pd.Series(pd.Categorical(contrast, names), findings.index)


def answering(dictionary: Dictionary, found: pd.Series) -> np.ndarray:
    """Whether each contrast votes; one that is not known does."""
    return (found.isna() | found.isin(voting_contrasts(dictionary))).to_numpy(dtype=bool)


def contrasts(ev: Evidence) -> pd.Series:
    """Contrast of each finding of a data set; see :func:`contrast_of`."""
    if contrasts not in ev.known:
        ev.known[contrasts] = contrast_of(ev.dictionary, ev.studies, ev.findings)
    known: pd.Series = ev.known[contrasts]
    return known.copy()


def answers(ev: Evidence) -> np.ndarray:
    """Whether each finding of a data set is of a contrast that votes."""
    return answering(ev.dictionary, contrasts(ev))


def _marks(dictionary: Dictionary, column: str) -> dict[str, str]:
    """The contrast that each value of a column is marked with."""
    fields = filter(None, (dictionary.field(column, name) for name in ("studies", "findings")))
    words = [one for field in fields for one in field.categories]
    return {one.value: one.extra["contrast"] for one in words if "contrast" in one.extra}


def _own_or_study(studies: pd.DataFrame, findings: pd.DataFrame, column: str) -> pd.Series:
    """A column of the findings, filled from their studies."""
    of_study = studies.drop_duplicates("study_id").set_index("study_id")
    own: pd.Series = pd.Series(np.nan, index=findings.index, dtype="str")
    if column in findings:
        own = findings[column].astype("str")
    if column not in of_study:
        return own
    values = findings["study_id"].map(of_study[column].astype("str")).astype("str")
    return own.where(own.notna(), values)
