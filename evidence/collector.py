"""No garbage collection while much is made and little thrown away."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
