"""Columns of texts. Each different cell is looked at once, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd


def texts(cells: Iterable[str], index: pd.Index | None = None) -> pd.Series:
    """A column of texts.

    >>> texts(["a", "b"]).to_list()
    ['a', 'b']
    """
    whole = cells if isinstance(cells, np.ndarray) else np.array(list(cells), dtype=object)
    return pd.Series(pd.array(whole, dtype="str"), index=index)


def blank(index: pd.Index) -> pd.Series:
    """A column of empty cells."""
    return texts(np.full(len(index), "", dtype=object), index)


def distinct(cells: pd.Series) -> list[str]:
    """The different cells, in the order in which they are first met."""
    return list(dict.fromkeys(cells.to_numpy(dtype=object).tolist()))


def changed(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """A column with its cells changed, those that are equal once.

    >>> changed(texts(["a", "b", "a"]), str.upper).to_list()
    ['A', 'B', 'A']
    """
    return looked_up(cells, {cell: change(cell) for cell in distinct(cells)})


def looked_up(cells: pd.Series, said: Mapping[Any, str]) -> pd.Series:
    """The text that stands for each cell; empty where none does."""
    if not said:
        return blank(cells.index)
    found = map(_Said(said).__getitem__, cells.to_numpy(dtype=object).tolist())
    return texts(found, cells.index)


class _Said(dict):
    """What stands for a cell; nothing where none does."""

    def __missing__(self, cell: object) -> str:
        return ""


def codes(cells: pd.Series) -> np.ndarray:
    """A number for each cell, the same for equal ones, in the order in which they are first met.

    >>> codes(texts(["b", "a", "b"])).tolist()
    [0, 1, 0]
    """
    return pd.factorize(cells.to_numpy(dtype=object))[0]


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


def sorted_codes(cells: pd.Series) -> tuple[list[str], np.ndarray]:
    """The different cells in their order, and the place of each cell among them.

    >>> sorted_codes(texts(["b", "a", "b"]))[1].tolist()
    [1, 0, 1]
    """
    numbers, different = pd.factorize(cells.to_numpy(dtype=object))
    order = sorted(range(len(different)), key=different.tolist().__getitem__)
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    return [different[place] for place in order], rank[numbers]


def by_study(keys: pd.Series) -> np.ndarray:
    """Numbers of the rows in the order of their studies, and in that of the file within each."""
    return np.argsort(sorted_codes(keys)[1], kind="stable")
