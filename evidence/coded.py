"""The different cells of a column, looked for once as long as the column is there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    import numpy as np

_SEEN: dict[int, tuple[ref[np.ndarray], np.ndarray, list[str]]] = {}


def coded(cells: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A number for each cell of a column, the same for equal ones, and the different cells in the
    order in which they are first met. Columns that were looked at are not changed in place.

    >>> import numpy as np
    >>> coded(np.array(["b", "a", "b"], dtype=object))
    (array([0, 1, 0]), ['b', 'a'])
    """
    import pandas as pd

    key = id(cells)
    if key not in _SEEN or _SEEN[key][0]() is not cells:
        codes, different = pd.factorize(cells)
        codes.flags.writeable = False
        _SEEN[key] = ref(cells, lambda _: _SEEN.pop(key, None)), codes, different.tolist()
    return _SEEN[key][1:]
