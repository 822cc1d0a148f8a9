"""A folder that is replaced as a whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence.errors import EvidenceError, UsageError


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
        An empty folder beside ``path``, to be filled.

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
    if path.exists() and not (
        path.is_dir() and ((path / mark).is_file() or not any(path.iterdir()))
    ):
        raise UsageError(
            f"{path} holds other files; allowed: a new folder, an empty one, or one that this"
            " command made"
        )
    new = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        os.chmod(new, 0o755)
        yield new
        (new / mark).write_bytes(b"")
        _swap(path, new)
    except OSError as error:
        raise EvidenceError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        if new is not None:
            shutil.rmtree(new, ignore_errors=True)


def _swap(path: Path, new: Path) -> None:
    """Put a new folder in the place of an old one; the old one comes back when that fails."""
    old = new.with_name(new.name + ".old")
    there = path.exists()
    if there:
        os.replace(path, old)
    try:
        os.replace(new, path)
    except OSError:
        if there:
            os.replace(old, path)
        raise
    shutil.rmtree(old, ignore_errors=True)
