"""A progress bar for what may take long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
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


@contextmanager
def steps(*names: str) -> Iterator[Callable[[], object]]:
    """A bar for a few long steps, on a terminal: what is called at the end of each goes on to the
    next.

    >>> with steps("read", "write") as done:
    ...     done()
    """
    if not (sys.stderr and sys.stderr.isatty()):
        yield lambda: None
        return
    from tqdm import tqdm

    with tqdm(total=len(names), desc=names[0], unit="step", delay=DELAY, leave=False) as bar:
        left = iter(names[1:])

        def done() -> None:
            bar.set_description(next(left, names[-1]), refresh=False)
            bar.update()

        yield done
