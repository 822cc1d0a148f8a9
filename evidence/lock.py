"""One process at a time reads, changes and writes the files of a folder."""

from __future__ import annotations

import errno
import hashlib
import math
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from evidence.errors import EvidenceError

PAUSE = 0.02  # seconds between two attempts


@contextmanager
def locked(*folders: str | os.PathLike[str], wait: float = math.inf) -> Iterator[None]:
    """Wait until no other process holds the lock of these folders, and hold it for the length of a
    block.

    The lock belongs to the open folder: it ends with the process, however that ends, and leaves no
    file behind. Windows cannot lock a folder; there a file among the temporary ones stands for it.

    Parameters
    ----------
    folders : path
        Folders that are there; taken in one order by everybody, so that nobody waits for ever.
    wait : float
        Seconds to wait for another process at most; then it is an error that there is one.

    Raises
    ------
    EvidenceError
        When a folder cannot be locked, as on some network drives, or another process has the lock
        for longer than the wait: nothing is changed then.

    Examples
    --------
    >>> with locked(tempfile.gettempdir()):
    ...     pass
    """
    with ExitStack() as held:
        for place in sorted({os.path.realpath(folder) for folder in folders}):
            try:
                handle = _opened(place)
                held.callback(os.close, handle)
                _lock(handle, wait)
            except OSError as error:
                raise EvidenceError(
                    f"{place} cannot be locked against other processes: {error.strerror}; nothing"
                    " was changed."
                ) from None
        yield


def _lock(handle: int, wait: float) -> None:
    until = time.monotonic() + wait
    while not _taken(handle):
        if time.monotonic() >= until:
            raise OSError(errno.EBUSY, "one of them is at work there, try again")
        time.sleep(PAUSE)


if os.name == "nt":
    import msvcrt

    def _opened(place: str) -> int:
        name = hashlib.sha256(place.casefold().encode("utf-8", "replace")).hexdigest()[:32]
        return os.open(Path(tempfile.gettempdir(), f"evidence-{name}.lock"), os.O_RDWR | os.O_CREAT)

    def _taken(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _opened(place: str) -> int:
        return os.open(place, os.O_RDONLY)

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
