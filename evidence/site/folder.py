"""A folder that is replaced as a whole."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evidence.errors import EvidenceError
from evidence.files import refuse_foreign
from evidence.lock import locked
from evidence.site.exchange import exchanged

OLD = "old"


@contextmanager
def replaced_folder(path: str | os.PathLike[str], mark: str) -> Iterator[Path]:
    """A new folder that takes the place of an old one when the block ends well; a reader never sees
    a half-written one.

    Parameters
    ----------
    path : path
        Folder to make or to replace.
    mark : str
        Name of a file that only such folders hold. The new one gets it; an old one without it, and
        not empty, is never replaced.

    Yields
    ------
    Path
        An empty folder beside ``path``, to be filled; when the process is killed, the next one
        removes it.

    Raises
    ------
    UsageError
        When ``path`` is a file, or holds other files than an earlier run left.
    EvidenceError
        When it cannot be written; the old folder, if any, is untouched.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replaced_folder(Path(folder) / "out", ".made") as new:
    ...         _ = (new / "a.txt").write_text("text")
    ...     sorted(path.name for path in (Path(folder) / "out").iterdir())
    ['.made', 'a.txt']
    """
    path = Path(path).absolute()
    refuse_foreign(path, mark)
    made = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _tidy(path)
        made = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.evidence-"))
        with locked(made):  # whoever tidies up sees that somebody is at work
            new = made / "new"
            new.mkdir()
            os.chmod(new, 0o755)
            yield new
            (new / mark).write_bytes(b"")
            _swap(path, new, made / OLD)
    except OSError as error:
        raise EvidenceError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _swap(path: Path, new: Path, old: Path) -> None:
    """Put a new folder in the place of an old one, in one step where the system has one.

    Elsewhere there are two; a process that is killed between them leaves the old folder where the
    next one finds it.
    """
    if not path.exists():
        os.replace(new, path)
    elif not exchanged(path, new):
        os.replace(path, old)
        try:
            os.replace(new, path)
        except BaseException:
            os.replace(old, path)
            raise


def _tidy(path: Path) -> None:
    """Put back and remove what a process left that was killed; leave alone what a living one works
    on.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.evidence-????????"):
        with suppress(OSError, EvidenceError), locked(left, wait=0):
            if (left / OLD).is_dir() and not path.exists():
                os.replace(left / OLD, path)
            shutil.rmtree(left, ignore_errors=True)
