"""Rows of a frame for code that goes through them one by one."""

from __future__ import annotations

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
