"""One thing at a time."""

from __future__ import annotations

import threading


class Turn:
    """Held while a click is answered: others wait, and what the answer itself changes is not
    answered again.

    JupyterLab hands clicks to threads of their own, beside each other and beside the cells. Without
    this the answer to one would be overwritten by that to another which began earlier.

    Examples
    --------
    >>> turn = Turn()
    >>> with turn as first, turn as again:
    ...     print(first, again)
    True False
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0

    def __enter__(self) -> bool:
        """Whether this is the beginning of a turn: False for what happens within it."""
        self._lock.acquire()
        self._depth += 1
        return self._depth == 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        self._lock.release()
