"""One process at a time reads, changes and writes the files of a folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from evidence.errors import EvidenceError


@contextmanager
def locked(*folders: str | os.PathLike[str], wait: bool = True) -> Iterator[None]:
    """Wait until no other process holds the lock of these folders, and hold it for the length of a
    block.

    The lock belongs to the open folder: it ends with the process, however that ends, and leaves no
    file behind. Windows cannot lock a folder; there a file among the temporary ones stands for it.

    Parameters
    ----------
    folders : path
        Folders that are there; taken in one order by everybody, so that nobody waits for ever.
    wait : bool
        Whether to wait for another process; else it is an error that there is one.

    Raises
    ------
    EvidenceError
        When a folder cannot be locked, as on some network drives: nothing is changed then. Without
        waiting: when another process has the lock.

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


if os.name == "nt":
    import msvcrt
    import time

    def _opened(place: str) -> int:
        name = hashlib.sha256(place.casefold().encode("utf-8", "replace")).hexdigest()[:32]
        return os.open(Path(tempfile.gettempdir(), f"evidence-{name}.lock"), os.O_RDWR | os.O_CREAT)

    def _lock(handle: int, wait: bool) -> None:
        while True:
            try:
                return msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            except PermissionError:
                if not wait:
                    raise
                time.sleep(0.05)

else:
    import fcntl

    def _opened(place: str) -> int:
        return os.open(place, os.O_RDONLY)

    def _lock(handle: int, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
