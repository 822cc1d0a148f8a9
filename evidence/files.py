"""Read files that may be anything, and write files so that a reader never sees half of one."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from evidence.errors import EvidenceError, UsageError

LARGEST_FILE = 2**31  # bytes; a table is far smaller, and this much still fits into memory
LARGEST_CELL = 1_000_000  # characters; more are a quote that was left open
TRIES = 3
# Temporary files of a process that was killed. A write takes seconds: what is older than an hour
# has nobody who will finish it.
TEMPORARY = re.compile(r"\.evidence-[0-9a-f]{16}\.tmp")
STALE_AFTER = 3600.0


class UnreadableFile(EvidenceError):
    """A file that cannot be read as what it should be.

    Attributes
    ----------
    what, allowed : str
        What is wrong, and the way to fix it.
    line : int
        Where, counted from 1; 0 when the file as a whole is meant.
    """

    def __init__(self, what: str, allowed: str, line: int = 0):
        self.what, self.allowed, self.line = what, allowed, line
        super().__init__(f"{what}; allowed: {allowed}")


def shown_path(path: Path) -> str:
    """A path as a user would type it: relative where it lies below the working folder."""
    try:
        return str(Path(os.path.realpath(path)).relative_to(os.getcwd()))
    except (ValueError, OSError):
        return str(path)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """All of a file, as it was at one moment.

    Only plain files are read: a pipe or device would keep a reader waiting for ever.

    >>> read_bytes("/nowhere/studies.csv")
    Traceback (most recent call last):
        ...
    evidence.files.UnreadableFile: cannot be read: No such file or directory; allowed: a plain file
    that this user may read
    """
    allowed = "a plain file that this user may read"
    try:
        for _ in range(TRIES):
            # Without waiting for a writer, should it be a pipe.
            handle = os.open(
                path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            )
            try:
                before = os.fstat(handle)
                if not stat.S_ISREG(before.st_mode):
                    raise UnreadableFile("is not a plain file", allowed)
                if before.st_size > LARGEST_FILE:
                    raise UnreadableFile(
                        f"is larger than {LARGEST_FILE / 2**30:.0f} GB", "a smaller file"
                    )
                with os.fdopen(handle, "rb", closefd=False) as file:
                    content = file.read()
                after = os.fstat(handle)
            finally:
                os.close(handle)
            if before.st_mtime_ns == after.st_mtime_ns and len(content) == after.st_size:
                return content
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise UnreadableFile(
            f"cannot be read: {getattr(error, 'strerror', None) or error}", allowed
        ) from None
    raise UnreadableFile(
        "changes while it is read", "a file that nothing writes to at the moment; try again"
    )


def read_text(path: str | os.PathLike[str]) -> str:
    """Text of a file in UTF-8; raises as :func:`read_bytes` and :func:`decode` do."""
    return decode(read_bytes(path))


def decode(content: bytes) -> str:
    """Text of a file in UTF-8.

    >>> decode("Åberg".encode())
    'Åberg'
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or content[:200].count(0) * 4 > len(content[:200]):
        raise UnreadableFile(
            "is not UTF-8 but UTF-16, or no text at all",
            "plain UTF-8; a spreadsheet asks for the character set when it saves as CSV",
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        odd = content[error.start : error.start + 1].hex()
        raise UnreadableFile(
            f"is not UTF-8 (byte {odd} at place {error.start})",
            "plain UTF-8; a spreadsheet asks for the character set when it saves as CSV",
            line,
        ) from None


def inside(folder: str | os.PathLike[str], name: str) -> Path:
    """Path of a file in a folder, for names that come from data.

    >>> inside("build", "a/b.txt").as_posix()
    'build/a/b.txt'
    >>> inside("build", "../b.txt")
    Traceback (most recent call last):
        ...
    evidence.errors.UsageError: '../b.txt' is not the name of a file inside a folder
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or re.search(r"[\\:\x00-\x1f\x7f]", name):
        raise UsageError(f"{name!r} is not the name of a file inside a folder")
    return Path(folder, *parts)


def closed(folder: str | os.PathLike[str]) -> str:
    """Why a folder may not be looked into, as what it holds would count as not there; empty when it
    may, or is not a folder.

    >>> closed("/"), closed("/nowhere")
    ('', '')
    """
    try:
        os.stat(os.path.join(folder, os.curdir))
        os.scandir(folder).close()
    except PermissionError as error:
        allowed = "a folder that this user may read"
        return f"{os.fspath(folder)} cannot be read: {error.strerror}; allowed: {allowed}"
    except (OSError, ValueError):  # ValueError: a path with a null character
        pass
    return ""


def refuse_inputs(outputs: Iterable[str | os.PathLike[str]], inputs: Iterable[Path]) -> None:
    """Refuse to write where a command reads: an output never replaces an input, and no folder is
    replaced that holds one.

    Raises
    ------
    UsageError
        When an output is an input, by whatever name or link, or a folder with one in it.

    Examples
    --------
    >>> refuse_inputs(["/data/a.csv"], [Path("/data/../data/a.csv")])
    Traceback (most recent call last):
        ...
    evidence.errors.UsageError: /data/a.csv would replace what is read from /data/a.csv; name
    another place for the output
    """
    read = [os.path.realpath(path) for path in inputs]
    for output in outputs:
        place = os.path.realpath(output)
        for path in read:
            same = os.path.exists(place) and os.path.exists(path) and os.path.samefile(place, path)
            if same or path == place or path.startswith(os.path.join(place, "")):
                raise UsageError(
                    f"{os.fspath(output)} would replace what is read from {path}; name another"
                    " place for the output"
                )


def refuse_foreign(folder: str | os.PathLike[str], mark: str) -> None:
    """Refuse a folder that holds something and not the file by which an earlier run is known.

    Raises
    ------
    UsageError
    """
    path = Path(folder)
    try:
        mine = path.is_dir() and ((path / mark).is_file() or not any(path.iterdir()))
        foreign = path.exists() and not mine
    except (OSError, ValueError):  # whoever writes into it says why that fails
        return
    if foreign:
        raise UsageError(
            f"{os.fspath(folder)} holds other files; allowed: a new folder, an empty one, or one"
            " that this command made"
        )


def write_atomically(path: str | os.PathLike[str], content: bytes | str) -> Path:
    """Write a file through a temporary one in the same folder, which then takes its place.

    Folders are made. When the file cannot be written, the old one is untouched.

    Whoever reads at the same time, and whoever comes after a crash, sees the old file or the new
    one, never half of one. An old file keeps its permissions; a new one gets those that the user's
    umask leaves. A link is replaced by the file: writing through it could change something outside
    of the folder. Temporary files that a killed process left are removed by the next write into
    their folder, an hour later. What is not a file (a pipe, ``/dev/stdout``) is written to as it
    is.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "new" / "a.txt", "text").read_text()
    'text'
    """
    return write_together({Path(path): content})[0]


def write_together(contents: Mapping[Path, bytes | str]) -> list[Path]:
    """Write several files: all of them are made ready first, then each takes its place, in the
    order given.

    When one cannot be written, none is changed. A process that is killed at the moment of the last
    step can leave the first files new and the others old; whoever calls chooses the order so that
    this can be seen and fixed. Each file is written as :func:`write_atomically` says.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [
    ...         path.read_text()
    ...         for path in write_together(
    ...             {Path(folder) / "a.txt": "1", Path(folder) / "b.txt": "2"}
    ...         )
    ...     ]
    ['1', '2']
    """
    path = Path()
    ready: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            data = content.encode("utf-8") if isinstance(content, str) else content
            if _is_stream(path):
                path.write_bytes(data)
            else:
                _make_ready(path, data, ready)
        for temporary, path in ready:
            os.replace(temporary, path)
    except (
        OSError,
        ValueError,
        # ValueError: a path with a null character or without a name, a text that is not Unicode
    ) as error:
        raise EvidenceError(f"Cannot write {path}: {_reason(path, error)}.") from None
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)
    for folder in {path.parent for _, path in ready}:
        _settle(folder)
    return list(contents)


def _make_ready(path: Path, data: bytes, ready: list[tuple[Path, Path]]) -> None:
    """Write a file beside the one whose place it will take."""
    temporary = path.with_name(
        f".evidence-{secrets.token_hex(8)}.tmp"
    )  # ValueError when the path has no name, as that of a root folder
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(path.parent)
    ready.append((temporary, path))
    handle = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
    )
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _keep_permissions(path, temporary)


def _is_stream(path: Path) -> bool:
    """Whether something stands there that takes what is written and is not a file: replacing it
    would take it away from everybody.
    """
    if path.is_absolute() and path.parts[1:2] in (("dev",), ("proc",)):
        return True
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _reason(path: Path, error: OSError | ValueError) -> str:
    """What stands in the way, in words; the system's own words when nothing better is known."""
    if isinstance(error, OSError):
        first = next((folder for folder in path.parents if os.path.lexists(folder)), None)
    else:
        first = None
    if first is not None and os.path.islink(first) and not os.path.exists(first):
        return f"{first} is a link that leads to no folder"
    if first is not None and not os.path.isdir(first):
        return f"{first} is a file, not a folder"
    if isinstance(error, OSError) and os.path.isdir(path):
        return "it is a folder"
    return getattr(error, "strerror", None) or str(error)


def _keep_permissions(path: Path, temporary: Path) -> None:
    try:
        old = os.lstat(path)
    except FileNotFoundError:
        return
    if stat.S_ISREG(old.st_mode):
        os.chmod(temporary, stat.S_IMODE(old.st_mode))


def _settle(folder: Path) -> None:
    """Have the folder itself written to the disk, where the system can do that, so that the new
    name is still there after a power cut.
    """
    with contextlib.suppress(
        OSError
    ):  # Windows and some network file systems cannot; the file itself is safe
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_stale(folder: Path) -> None:
    now = time.time()
    with os.scandir(folder) as entries:
        for entry in entries:
            if TEMPORARY.fullmatch(entry.name):
                with contextlib.suppress(OSError):  # another process was quicker
                    if now - entry.stat(follow_symlinks=False).st_mtime > STALE_AFTER:
                        os.unlink(entry.path)
