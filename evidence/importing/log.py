"""What is said while a file is placed: cells without a place, and notes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evidence.errors import Fault
from evidence.importing.sheet import Sheet


@dataclass
class Log:
    """What is said on the way: cells without a place, and notes."""

    sheet: Sheet
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    of_rows: list[str] = field(default_factory=list)
    has_references: bool = False  # rows of a study are categories that one of them is the base of

    def cells(
        self,
        rows: pd.Series,
        column: str,
        cells: pd.Series,
        why: pd.Series | str,
        do: str,
        rule: str = "unread",
    ) -> None:
        """A fault for each row where ``rows`` is true; ``THEIRS`` in what to do is the cell."""
        for i in np.flatnonzero(rows.to_numpy(dtype=bool)).tolist():
            said, cell = why if isinstance(why, str) else why.iloc[i], str(cells.iloc[i])
            self.faults.append(
                Fault(
                    self.sheet.path,
                    self.sheet.lines[i],
                    column,
                    said,
                    do.replace("THEIRS", cell),
                    rule,
                    cell,
                )
            )
