"""An end to what could take for ever."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 20.0


@contextmanager
def within_time() -> Iterator[None]:
    """Stop what is inside after twenty seconds: a pattern such as ``(a+)+`` can take longer than
    anybody lives over a cell of thirty characters.

    It works where the system can interrupt a program (not on Windows) and in the main thread;
    elsewhere nothing is limited, and Ctrl-C still ends it.
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not able or signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
