"""Two folders change names in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

AT_FDCWD, EXCHANGE, SWAP = -100, 2, 2  # of Linux (renameat2) and of macOS (renamex_np)


def exchanged(one: Path, other: Path) -> bool:
    """Give each of two folders the name of the other, at once: nobody sees a moment without either.

    Returns
    -------
    bool
        False where the system or the kind of disk has no such step; nothing is changed then.

    Examples
    --------
    >>> exchanged(Path("/nowhere/a"), Path("/nowhere/b"))
    False
    """
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return library.renamex_np(first, second, SWAP) == 0
        return library.renameat2(AT_FDCWD, first, AT_FDCWD, second, EXCHANGE) == 0
    except (AttributeError, OSError, TypeError):  # another system, or an old one
        return False
