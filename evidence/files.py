"""Write files so that a reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from evidence.errors import EvidenceError


def write_atomically(path: str | os.PathLike[str], content: bytes | str) -> Path:
    """Write a file through a temporary one in the same folder, which then takes its place.

    Raises
    ------
    EvidenceError
        When the file cannot be written; the old one, if any, is untouched.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "new" / "a.txt", "text").read_text()
    'text'
    """
    return write_together({Path(path): content})[0]


def write_together(contents: Mapping[Path, bytes | str]) -> list[Path]:
    """Write several files: all of them are made ready first, then each takes its place, in the order given.

    When one cannot be written, none is changed. A process that is killed at the moment of the last step can leave the first files new and the
    others old; whoever calls chooses the order so that this can be seen and mended.

    Raises
    ------
    EvidenceError
        When a file cannot be written; the old ones, if any, are untouched.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.read_text() for path in write_together({Path(folder) / "a.txt": "1", Path(folder) / "b.txt": "2"})]
    ['1', '2']
    """
    ready: list[tuple[str, Path]] = []
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            ready.append((temporary, path))
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
        for temporary, path in ready:
            os.replace(temporary, path)
    except OSError as error:
        raise EvidenceError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        for temporary, _ in ready:
            if os.path.exists(temporary):
                os.unlink(temporary)
    return [path for _, path in ready]
