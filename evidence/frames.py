"""Rows, cells and names of a frame, for code that goes through them one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def frame_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, each as a dictionary by column.

    >>> import pandas as pd
    >>> frame_rows(pd.DataFrame({"n": [1, 2]}))
    [{'n': 1}, {'n': 2}]
    """
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def text_or_empty(value: Any) -> str:
    """A cell as text; a missing one is empty.

    >>> text_or_empty("a"), text_or_empty(float("nan"))
    ('a', '')
    """
    import pandas as pd

    return "" if pd.isna(value) else str(value)


def cell_texts(cells: pd.Series) -> pd.Series:
    """A column as its file writes it: truth values in lower case, whole numbers without a point. A
    missing cell stays missing.

    >>> import pandas as pd
    >>> cell_texts(pd.Series([True, None], dtype="boolean")).to_list()
    ['true', nan]
    >>> cell_texts(pd.Series([12.0, 1.5])).to_list()
    ['12', '1.5']
    """
    import pandas as pd

    if cells.dtype == object:
        texts = cells.map(cell_text)
    elif pd.api.types.is_bool_dtype(cells.dtype):
        texts = cells.astype("str").str.lower()
    elif pd.api.types.is_float_dtype(cells.dtype):
        texts = cells.astype("str").str.removesuffix(".0")
    else:
        texts = cells.astype("str")
    return texts.where(cells.notna(), None).astype("str")


def cell_text(value: Any) -> str:
    """A cell as its file writes it; a missing one is empty.

    >>> cell_text(True), cell_text(12.0), cell_text(None)
    ('true', '12', '')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = text_or_empty(value)
    return text.lower() if text in ("True", "False") else text


def whole_or_none(value: Any) -> int | None:
    """A cell as a whole number; None for a missing one.

    >>> whole_or_none(3.0), whole_or_none(float("nan"))
    (3, None)
    """
    import pandas as pd

    return None if pd.isna(value) else int(value)


def is_true(column: pd.Series) -> pd.Series:
    """Where a column of true and false says true; a missing cell does not.

    >>> import pandas as pd
    >>> is_true(pd.Series([True, None, False], dtype="boolean")).to_list()
    [True, False, False]
    """
    return column.fillna(False).astype(bool)


def each_once(names: Sequence[str], form: str = "{} ({})") -> list[str]:
    """Names of which each is there once: the first of its kind stays, later ones are numbered, and
    no number makes a name that is there already.

    >>> each_once(["a", "a", "a (2)"]), each_once(["tau", "tau"], "{}-{}")
    (['a', 'a (3)', 'a (2)'], ['tau', 'tau-2'])
    """
    given, found, numbers = set(names), dict[str, None](), dict[str, Iterator[int]]()
    for name in names:
        if name in found:
            further = (form.format(name, n) for n in numbers.setdefault(name, count(2)))
            name = next(one for one in further if one not in given and one not in found)
        found[name] = None
    return list(found)


def filled_from(own: pd.Series, other: pd.Series) -> pd.Series:
    """A column whose empty cells hold those of another; it may hold the words of both.

    >>> import pandas as pd
    >>> own, other = (pd.Series(cells, dtype="category") for cells in (["b", None], ["a", "a"]))
    >>> filled_from(own, other).cat.categories.to_list()
    ['b', 'a']
    """
    import pandas as pd

    if own.dtype != other.dtype:
        both: Any = object
        if all(isinstance(one.dtype, pd.CategoricalDtype) for one in (own, other)):
            words = dict.fromkeys([*own.cat.categories, *other.cat.categories])
            both = pd.CategoricalDtype(list(words))
        own, other = own.astype(both), other.astype(both)
    return own.where(own.notna(), other)
