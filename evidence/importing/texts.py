"""Columns of texts. Each different cell is looked at once, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, repeat
from typing import Any

import numpy as np
import pandas as pd

from evidence.coded import already_coded, coded, spread


def texts(cells: Iterable[str], index: pd.Index | None = None) -> pd.Series:
    """A column of texts.

    >>> texts(["a", "b"]).to_list()
    ['a', 'b']
    """
    whole = cells if isinstance(cells, np.ndarray) else np.array(list(cells), dtype=object)
    return pd.Series(pd.array(whole, dtype="str", copy=False), index=index, copy=False)


def blank(index: pd.Index) -> pd.Series:
    """A column of empty cells."""
    return texts(_empty(len(index)), index)


@lru_cache(maxsize=2)
def _empty(rows: int) -> np.ndarray:
    return np.full(rows, "", dtype=object)


def filled(cells: pd.Series) -> np.ndarray:
    """Which cells are not empty; a column of pandas takes ten times as long to tell.

    >>> filled(texts(["a", ""])).tolist()
    [True, False]
    """
    whole = cells.to_numpy(dtype=object)
    known = already_coded(whole)
    if known is None:
        return np.asarray(whole != "", dtype=bool)
    codes, different = known
    return codes != (different.index("") if "" in different else len(different))


def either(cells: pd.Series, other: pd.Series) -> pd.Series:
    """A column, with the cells of another one where its own are empty.

    >>> either(texts(["a", ""]), texts(["b", "c"])).to_list()
    ['a', 'c']
    """
    own = filled(cells)
    if own.all():
        return cells
    there = np.where(own, cells.to_numpy(dtype=object), other.to_numpy(dtype=object))
    return texts(there, cells.index)


def distinct(cells: pd.Series) -> list[str]:
    """The different cells, in the order in which they are first met."""
    return factorized(cells)[1]


def changed(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """A column with its cells changed, those that are equal once.

    >>> changed(texts(["a", "b", "a"]), str.upper).to_list()
    ['A', 'B', 'A']
    """
    numbers, different = factorized(cells)
    return texts(spread(numbers, [change(cell) for cell in different]), cells.index)


def looked_up(cells: pd.Series, said: Mapping[Any, str]) -> pd.Series:
    """The text that stands for each cell; empty where none does."""
    if not said:
        return blank(cells.index)
    known = already_coded(cells.to_numpy(dtype=object))
    if known is None or cells.hasnans:
        return texts(map(said.get, cells.to_numpy(dtype=object).tolist(), repeat("")), cells.index)
    codes, different = known
    return texts(spread(codes, [said.get(cell, "") for cell in different]), cells.index)


def factorized(cells: pd.Series) -> tuple[np.ndarray, list[str]]:
    """A number for each cell, the same for equal ones, and the different cells in the order in
    which they are first met.

    >>> factorized(texts(["b", "a", "b"]))[1]
    ['b', 'a']
    """
    return coded(cells.to_numpy(dtype=object))


def codes(cells: pd.Series) -> np.ndarray:
    """A number for each cell, the same for equal ones, in the order in which they are first met.

    >>> codes(texts(["b", "a", "b"])).tolist()
    [0, 1, 0]
    """
    return factorized(cells)[0]


def alike(cells: pd.Series, change: Callable[[str], str]) -> np.ndarray:
    """A number for each cell, the same for those that are equal when they are changed.

    >>> alike(texts(["b", "a", "B"]), str.upper).tolist()
    [0, 1, 0]
    """
    numbers, different = factorized(cells)
    return pd.factorize(np.array([change(cell) for cell in different], dtype=object))[0][numbers]


def number_within(groups: np.ndarray) -> np.ndarray:
    """How many rows of its group are above each row.

    >>> number_within(np.array([0, 1, 0])).tolist()
    [0, 0, 1]
    """
    order = np.argsort(groups, kind="stable")
    begins = np.flatnonzero(np.diff(groups[order], prepend=-1))
    number = np.empty(len(groups), dtype=int)
    number[order] = np.arange(len(groups)) - np.repeat(begins, np.diff(begins, append=len(groups)))
    return number


def first_rows(groups: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The number of the first row of each group among the rows that are true; -1 where none is.

    >>> first_rows(np.array([0, 0, 1]), np.array([False, True, False])).tolist()
    [1, -1]
    """
    found = np.full(groups.max(initial=-1) + 1, -1)
    last_first = np.flatnonzero(rows)[::-1]
    found[groups[last_first]] = last_first
    return found


def taken(cells: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The cells of some rows; empty where the number of the row is -1."""
    if not len(cells):
        return np.full(len(rows), "", dtype=object)
    chosen = cells[rows]
    chosen[rows < 0] = ""
    return chosen


@dataclass(frozen=True)
class Groups:
    """Rows that belong together: the names of the groups in their order, the place of the group of
    each row among them, and the rows in the order of their groups and of the file.
    """

    names: list[str]
    places: np.ndarray
    order: np.ndarray

    @property
    def in_order(self) -> bool:
        """Whether the rows of the file stand in the order of their groups."""
        return bool((np.diff(self.order) == 1).all())

    def first(self, cells: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """For each group the cell of its first row among the rows that are true."""
        return taken(cells, first_rows(self.places, rows))


def grouped(cells: pd.Series) -> Groups:
    """The groups of rows with equal cells.

    >>> grouped(texts(["b", "a", "b"])).places.tolist()
    [1, 0, 1]
    """
    numbers, different = factorized(cells)
    names = sorted(different)
    place = dict(zip(names, count(), strict=False))
    places = np.array([place[name] for name in different], dtype=int)[numbers]
    return Groups(names, places, np.argsort(places, kind="stable"))
