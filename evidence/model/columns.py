"""Columns by which studies are chosen: of studies, of findings, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from evidence.arguments import did_you_mean
from evidence.errors import UsageError
from evidence.frames import is_true
from evidence.model.contrasts import contrast_names, contrasts
from evidence.model.dictionary import Category, Dictionary, Field
from evidence.model.evidence import Evidence

CONTRAST = "contrast"


@dataclass(frozen=True)
class Asked:
    """A column that can be asked for.

    Attributes
    ----------
    field : Field
        Its type, title and vocabulary.
    table : str
        ``studies``, ``findings``, or empty for one that is worked out from both.
    """

    field: Field
    table: str

    def cells(self, ev: Evidence) -> pd.Series:
        """The cells of the column: one per finding where it is a column of the findings, else one
        per study.
        """
        if not self.table:
            return contrast_of_studies(ev)
        return ev.tables[self.table][self.field.name]

    def values(self, ev: Evidence) -> dict[str, str]:
        """Values that occur, with their labels: those of the vocabulary in its order, then others
        by the alphabet. The values of a list are taken one by one.
        """
        cells = self.cells(ev).dropna().astype("str")
        if self.field.delimiter:
            cells = cells.str.split(self.field.delimiter, regex=False).explode()
        there = set(cells)
        order = [value for value in self.field.values if value in there]
        order += sorted(there - set(order))
        return {value: self.field.labels.get(value, value) for value in order}


def asked_column(
    dictionary: Dictionary, column: str, others: Mapping[str, str] | None = None
) -> Asked:
    """A column that can be asked for, by its name.

    Parameters
    ----------
    dictionary : Dictionary
    column : str
    others : mapping of str to str, optional
        Conditions beside the columns, which may have been meant, each with the option that states
        it, for the message.

    Raises
    ------
    UsageError
        When there is no column of that name; the message says which may have been meant.
    """
    for table in ("studies", "findings"):
        if column in dictionary.tables[table]:
            return Asked(dictionary.tables[table].by_name[column], table)
    if column == CONTRAST and dictionary.settings.get("contrasts"):
        return Asked(_contrast_field(dictionary), "")
    more = [CONTRAST] if dictionary.settings.get("contrasts") else []
    raise UsageError(no_column(dictionary, column, more, others or {}))


def no_column(
    dictionary: Dictionary, column: object, more: list[str], others: Mapping[str, str]
) -> str:
    """The message about a name that neither studies, findings nor ``more`` have."""
    said = f"no column {column!r} in studies or findings"
    if isinstance(column, str) and column in others:
        return f"{said}; the condition of that name is the option {others[column]}"
    tables = dictionary.tables
    known = list(dict.fromkeys([*tables["studies"].by_name, *tables["findings"].by_name, *more]))
    hint = did_you_mean(column, [*known, *others])
    return f"{said}; {hint or 'columns: ' + ', '.join(known)}"


def contrast_of_studies(ev: Evidence) -> pd.Series:
    """The contrast of the main finding of each study; of the first, where the main one is not
    there.
    """
    findings = ev.findings.assign(contrast=contrasts(ev))
    findings["main"] = is_true(findings["is_primary"])
    first = findings.sort_values("main", ascending=False, kind="stable").drop_duplicates("study_id")
    of_study = first.set_index("study_id")[CONTRAST].astype("str")
    return ev.studies["study_id"].map(of_study).astype("str").rename(CONTRAST)


def _contrast_field(dictionary: Dictionary) -> Field:
    named = contrast_names(dictionary).items()
    categories = tuple(Category(value, label) for value, label in named)
    return Field(
        CONTRAST,
        "string",
        "Contrast",
        "What the main finding compares with what; follows from comparator and exposure.",
        categories=categories,
    )
