"""Where a reader of the explorer is."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.explorer.view import View


@dataclass
class State:
    """Where a reader is: kept while the kernel lives, so that running the cell again changes
    nothing.

    Attributes
    ----------
    view : View
    picked : (int, str) or None
        Row of the chart and vote whose studies are listed.
    opened : str
        Column whose boxes are shown; empty when none.
    """

    view: View
    picked: tuple[int, str] | None = None
    opened: str = ""
