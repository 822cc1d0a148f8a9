"""Where a reader of the explorer is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class State:
    """Where a reader is: kept while the kernel lives, so that running the cell again changes
    nothing.

    Attributes
    ----------
    address : str or None
        The view, and the view beside it, as the address of the page says them; None before the
        reader did anything.
    """

    address: str | None = None
