"""One change of one file, in words and as it is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mutation:
    """A change to be noticed.

    Attributes
    ----------
    room : str
        ``data``, ``notebook``, ``chart`` or ``synthesis``.
    file : str
        Changed file, relative to the repository.
    name : str
        Where, and old -> new.
    text : str
        The whole file after the change.
    tests : tuple of str
        Test files that are asked when neither notebooks nor checks notice.
    first : tuple of str
        Parts of the names of the notebooks that are replayed first, as they are the likeliest to
        notice.
    tests_first : bool
        Whether the tests are asked before the notebooks, as they are the likelier to notice.
    """

    room: str
    file: str
    name: str
    text: str
    tests: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    tests_first: bool = False


def short(text: str, most: int = 46) -> str:
    """Text for one line of a list."""
    line = " ".join(text.split())
    return repr(line if len(line) <= most else line[: most - 1] + "…")
