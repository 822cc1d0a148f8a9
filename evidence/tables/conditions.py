"""Conditions on studies in one cell of a table, such as ``design=rct|cohort;sample_size<50``.

Conditions are separated by ``;`` and must all hold. ``COLUMN=VALUE`` with ``|`` between
alternatives, ``COLUMN!=VALUE``, ``COLUMN<NUMBER``, ``COLUMN>NUMBER``, ``COLUMN~TEXT`` (the cell
holds that text, in capital or lower-case letters). Nothing after ``=`` means an empty cell. A
column is one of the studies or findings, or ``TABLE.COLUMN`` of a table that has rows for studies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from evidence.errors import UsageError
from evidence.frames import cell_texts, is_true
from evidence.model.dictionary import Dictionary, Field

FORM = re.compile(
    r"(?:(?P<table>[a-z][a-z0-9_]*)\.)?(?P<column>[a-z][a-z0-9_]*)"
    r"(?P<sign>!=|=|<|>|~)(?P<value>[^;]*)"
)
# One term of what a claim expects.
TERM = re.compile(r"(?P<column>[a-z][a-z0-9_]*)(?P<sign>[=<])(?P<value>.+)")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ALLOWED = "COLUMN=VALUE, COLUMN!=VALUE, COLUMN<NUMBER, COLUMN>NUMBER or COLUMN~TEXT, with ; between"


@dataclass(frozen=True)
class Condition:
    """One condition.

    Attributes
    ----------
    table : str
        Empty for a column of the studies or findings.
    column : str
    sign : {"=", "!=", "<", ">", "~"}
    value : str
    """

    table: str
    column: str
    sign: str
    value: str

    @property
    def alternatives(self) -> list[str]:
        """The values between the bars."""
        return self.value.split("|")

    def __str__(self) -> str:
        place = f"{self.table}.{self.column}" if self.table else self.column
        return f"{place}{self.sign}{self.value}"


def parse_criteria(text: str) -> list[Condition]:
    """The conditions of a cell.

    >>> [str(one) for one in parse_criteria("design=rct|cohort; sample_size<50")]
    ['design=rct|cohort', 'sample_size<50']
    """
    found = []
    for part in (part.strip() for part in text.split(";")):
        match = FORM.fullmatch(part)
        if match is None:
            raise UsageError(f"{part!r} is not a condition; allowed: {ALLOWED}")
        one = Condition(match["table"] or "", match["column"], match["sign"], match["value"])
        if one.sign in "<>" and not NUMBER.fullmatch(one.value):
            raise UsageError(f"{part!r} compares with something that is not a number")
        if one.sign == "~" and not one.value:
            raise UsageError(f"{part!r} looks for an empty text; an empty cell is {one.column}=")
        found.append(one)
    return found


def field_of(dictionary: Dictionary, condition: Condition) -> Field | None:
    """The column that a condition is about; None when there is no such column."""
    if condition.table:
        table = dictionary.tables.get(condition.table)
        known = table is not None and "study_id" in table
        if table and known:
            return table.by_name.get(condition.column)
        return None
    return dictionary.field(condition.column, "studies", "findings")


def meets(cells: pd.Series, condition: Condition, field: Field | None = None) -> pd.Series:
    """Which cells meet a condition. An empty cell meets ``=`` with nothing after it, and ``!=``.

    >>> (one,) = parse_criteria("n<50")
    >>> meets(pd.Series([20, 80, None]), one).to_list()
    [True, False, False]
    """
    if condition.sign in "<>":
        numbers = pd.to_numeric(cells, errors="coerce")
        limit = float(condition.value)
        met = numbers < limit if condition.sign == "<" else numbers > limit
        return is_true(met)
    texts = cell_texts(cells).fillna("")
    if condition.sign == "~":
        return texts.str.contains(condition.value, case=False, regex=False)
    delimiter = field.delimiter if field else ""
    equal = _equal(texts, condition.alternatives, delimiter)
    return equal if condition.sign == "=" else ~equal


def _equal(texts: pd.Series, values: Sequence[str], delimiter: str) -> pd.Series:
    if not delimiter:
        return texts.isin(values)
    wanted = set(values)
    return texts.map(lambda text: bool(wanted.intersection(text.split(delimiter)))).astype(bool)
