"""Errors that a user sees as one readable message, and the exit code that each stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


def visible(text: str) -> str:
    """Text on one line, in which nothing can move a terminal's cursor or hide: what a file holds is
    not to be trusted.

    >>> visible("two" + chr(10) + "lines")
    'two\\\\nlines'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class Fault(NamedTuple):
    """One thing that is wrong in the data, and how to fix it.

    Parameters
    ----------
    file : str
        Path as the user would type it.
    line : int
        Line in that file, counted from 1; 0 when the fault is in the file as a whole.
    column : str
        Name of the column or bibliography field; empty when none applies.
    message : str
        What is wrong.
    allowed : str
        What is allowed instead, or the way to fix it.
    rule : str
        Short name of the rule, as ``known_issues.csv`` uses it.
    record : str
        Id of the row, when there is one.

    Examples
    --------
    >>> print(Fault("data/studies.csv", 7, "year", "'20O1' is not a whole number", "digits only"))
    data/studies.csv:7: year: '20O1' is not a whole number; allowed: digits only
    """

    file: str
    line: int
    column: str
    message: str
    allowed: str = ""
    rule: str = ""
    record: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        column = f"{self.column}: " if self.column else ""
        return visible(
            f"{place}{column}{self.message}"
            + (f"; allowed: {self.allowed}" if self.allowed else "")
        )


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults in the order of file and line.

    >>> [fault.line for fault in in_order([Fault("a", 2, "", ""), Fault("a", 1, "", "")])]
    [1, 2]
    """
    return sorted(faults)


class EvidenceError(Exception):
    """Base of all errors that end a command with one message.

    Examples
    --------
    >>> DataError("no").exit_code, UsageError("no").exit_code
    (1, 2)
    """

    exit_code = 1


class DataError(EvidenceError):
    """The tables or the bibliography cannot be used; ``faults`` says where and why.

    Examples
    --------
    >>> print(DataError("Faults:", [Fault("a.csv", 2, "n", "is empty")]))
    Faults:
    a.csv:2: n: is empty
    """

    exit_code = 1

    def __init__(self, message: str, faults: Sequence[Fault] = ()):
        self.faults = list(faults)
        shown = [str(fault) for fault in self.faults[:20]]
        more = len(self.faults) - len(shown)
        super().__init__(
            "\n".join([message, *shown, *([f"... and {more} more"] if more > 0 else [])])
        )


class NetworkError(EvidenceError):
    """The network is not there, a service did not answer as it should, or (offline) an answer was
    never stored.

    Examples
    --------
    >>> issubclass(NetworkError, EvidenceError)
    True
    """

    exit_code = 3


class UsageError(EvidenceError, ValueError):
    """A command or function was used wrongly; the message says what is allowed.

    Examples
    --------
    >>> isinstance(UsageError("lens is 'size'"), ValueError)
    True
    """

    exit_code = 2


class Terminated(KeyboardInterrupt):
    """The process was asked to end, as by a shell or a process manager."""


class NoTable(UsageError, AttributeError):
    """The data set has no such table; the message says what it lacks, and what therefore cannot be
    shown.
    """
