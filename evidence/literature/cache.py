"""What services answered, kept on disk record by record.

One SQLite file: an answer is there whole or not at all, whatever ends the process, and several
processes can read and write at once. The unit is a question ("what do you know of this DOI?"), not
a request, because PubMed and Europe PMC answer many questions in one request.
"""

from __future__ import annotations

import contextlib
import math
import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from evidence.errors import EvidenceError

FILE = "answers.sqlite"
TABLE = (
    "CREATE TABLE IF NOT EXISTS answers (service TEXT, question TEXT, asked REAL, body TEXT,"
    " PRIMARY KEY (service, question)) WITHOUT ROWID"
)
PATIENCE = 60.0  # seconds to wait for another process that writes
DAY = 86_400
MOST = 500  # questions in one statement


def day_of(seconds: float) -> date:
    """The day of a moment, in world time.

    >>> day_of(0).isoformat()
    '1970-01-01'
    """
    return datetime.fromtimestamp(seconds, UTC).date()


@dataclass(frozen=True)
class Answer:
    """What a service said.

    Attributes
    ----------
    body : str or None
        Its words; None when it does not know what was asked for.
    asked : float
        When it said so, in seconds of the Unix epoch.
    """

    body: str | None
    asked: float

    @property
    def day(self) -> str:
        """The day, as year-month-day in world time."""
        return day_of(self.asked).isoformat()


class Cache:
    """Stored answers in a folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Cache(Path(folder)) as cache:
    ...     cache.put("crossref", {"10.1/a": "{}", "10.1/b": None})
    ...     sorted(cache.get("crossref", ["10.1/a", "10.1/b", "10.1/c"]))
    ['10.1/a', '10.1/b']
    """

    def __init__(self, folder: Path):
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = self._opened(folder / FILE)
        except (OSError, sqlite3.Error) as error:
            raise EvidenceError(
                f"Answers cannot be kept in {folder}: {error}. Set EVIDENCE_CACHE to a folder that"
                " can be written."
            ) from None

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _opened(self, path: Path) -> sqlite3.Connection:
        try:
            return self._connected(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # Something else wrote into the file. Answers can be had again; the file stays, in case
            # someone wants to look.
            aside = path.with_suffix(".broken")
            os.replace(path, aside)
            print(
                f"evidence: {path} is not readable and was set aside as {aside.name}; answers are"
                " asked for again",
                file=sys.stderr,
            )
            return self._connected(path)

    def _connected(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=PATIENCE)
        try:
            # Two that open a new file at once: sqlite does not wait with this change, but refuses.
            _patiently(connection, "PRAGMA journal_mode=WAL", PATIENCE)
            connection.execute("PRAGMA synchronous=NORMAL")
            with connection:
                connection.execute(TABLE)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def get(self, service: str, questions: Sequence[str], since: float = 0.0) -> dict[str, Answer]:
        """Answers to these questions not older than ``since`` (seconds of the Unix epoch)."""
        found = {}
        for start in range(0, len(questions), MOST):
            part = questions[start : start + MOST]
            marks = ",".join("?" * len(part))
            with self._told():
                rows = self._connection.execute(
                    "SELECT question, body, asked FROM answers WHERE service = ? AND asked >= ?"
                    f" AND question IN ({marks})",
                    (service, since, *part),
                )
                found.update(
                    {
                        question: Answer(body, asked)
                        for question, body, asked in rows
                        if _possible(body, asked)
                    }
                )
        return found

    def put(self, service: str, answers: Mapping[str, str | None]) -> None:
        """Keep answers, all or none."""
        now = time.time()
        with self._told(), self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
                [(service, question, now, body) for question, body in answers.items()],
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong with the store in words: another program holds it, the disk is full, it
        is damaged, it may not be written.
        """
        try:
            yield
        except sqlite3.Error as error:
            fix = (
                "Set EVIDENCE_CACHE to another folder, or delete this one: answers are asked for"
                " again"
            )
            raise EvidenceError(
                f"The stored answers in {self.folder} cannot be used: {error}. {fix}."
            ) from None

    @contextmanager
    def turn(self, service: str, pause: float) -> Iterator[None]:
        """Only one process at a time asks a service, and none sooner than ``pause`` seconds after
        the one before.

        The lock is one of the operating system and ends with the process. The time of the last
        request is that of the file.
        """
        path = self.folder / f"{service}.turn"
        with self._told():
            lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            with self._told():
                _patiently(lock, "BEGIN EXCLUSIVE")
            wait = path.stat().st_mtime + pause - time.time()
            if wait > 0:
                time.sleep(min(wait, pause))
            try:
                yield
            finally:
                with contextlib.suppress(
                    OSError
                    # somebody emptied the folder, or took the right to write: the pause is lost,
                    # no answer
                ):
                    os.utime(path)
        finally:
            lock.close()


def _possible(body: object, asked: object) -> bool:
    """Whether a stored answer can be one: text or nothing, of a day until tomorrow. Other programs
    may write into the file, too.
    """
    return (
        (body is None or isinstance(body, str))
        and isinstance(asked, (int, float))
        and 0 <= asked <= time.time() + DAY
    )


def _patiently(connection: sqlite3.Connection, command: str, seconds: float = math.inf) -> None:
    """Run a command as soon as no other process holds the file, at most so many seconds later."""
    end = time.monotonic() + seconds
    while True:
        try:
            connection.execute(command)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
