"""The different cells of a column, looked for once as long as the column is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    import numpy as np

_SEEN: dict[int, tuple[ref[np.ndarray], np.ndarray, list[str]]] = {}
_SPREAD: dict[int, tuple[ref[np.ndarray], np.ndarray, np.ndarray]] = {}


def coded(cells: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A number for each cell of a column, the same for equal ones, and the different cells in the
    order in which they are first met. Columns that were looked at are not changed in place.

    >>> import numpy as np
    >>> coded(np.array(["b", "a", "b"], dtype=object))
    (array([0, 1, 0]), ['b', 'a'])
    """
    import pandas as pd

    known = already_coded(cells)
    if known is None:
        codes, different = pd.factorize(cells)
        known = _kept(cells, codes, different.tolist())
    return known


def already_coded(cells: np.ndarray) -> tuple[np.ndarray, list[str]] | None:
    """The same, if the column was looked at before."""
    if (found := _SEEN.get(id(cells))) and found[0]() is cells:
        return found[1:]
    if (made := _SPREAD.pop(id(cells), None)) and made[0]() is cells:
        _, numbers, each = made
        codes, different = coded(each)
        return _kept(cells, codes[numbers], different)
    return None


def rows_from(cells: np.ndarray, first: int) -> np.ndarray:
    """The cells of a column from a row on; what is known of the whole column is known of them.

    >>> import numpy as np
    >>> coded(rows_from(np.array(["Name", "b", "a"], dtype=object), 1))[1]
    ['b', 'a']
    """
    (codes, different), below = coded(cells), cells[first:]
    above = int(codes[:first].max(initial=-1)) + 1
    if codes[first:].min(initial=above) >= above:
        _kept(below, codes[first:] - above, different[above:])
    return below


def spread(numbers: np.ndarray, each: Sequence[str]) -> np.ndarray:
    """A column of one text for each number, all of which are there, the first time in their order;
    its different cells are looked for among these few.

    >>> import numpy as np
    >>> cells = spread(np.array([0, 1, 0, 2]), ["a", "b", "a"])
    >>> cells.tolist(), coded(cells)[1]
    (['a', 'b', 'a', 'a'], ['a', 'b'])
    """
    import numpy as np

    few = np.array(each, dtype=object)
    cells = few[numbers]
    key = id(cells)
    _SPREAD[key] = ref(cells, lambda _: _SPREAD.pop(key, None)), numbers, few
    return cells


def _kept(
    cells: np.ndarray, codes: np.ndarray, different: list[str]
) -> tuple[np.ndarray, list[str]]:
    codes.flags.writeable = False
    key = id(cells)
    _SEEN[key] = ref(cells, lambda _: _SEEN.pop(key, None)), codes, different
    return codes, different
