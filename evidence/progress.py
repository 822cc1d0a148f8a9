"""A progress bar for what may take long."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from typing import TypeVar

Item = TypeVar("Item")
DELAY = 1.0  # seconds before a bar is shown: what is quicker needs none


def progress(items: Collection[Item], what: str, unit: str) -> Iterator[Item]:
    """The items, with a bar on a terminal; nothing is shown, nor loaded, where there is none.

    >>> list(progress([1, 2], "numbers", "number"))
    [1, 2]
    """
    if not (sys.stderr and sys.stderr.isatty()):
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, desc=what, unit=unit, delay=DELAY, leave=False)
