"""For what may take long: a progress bar, and no garbage collection meanwhile."""

from __future__ import annotations

import gc
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


@contextmanager
def paused() -> Iterator[None]:
    """No garbage collection for the moment: it would walk over what was made of a large file again
    and again, and find nothing to collect.

    What is not needed any more should be gone before the pause ends, else all of it is walked over
    once.

    >>> with paused():
    ...     gc.isenabled()
    False
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
