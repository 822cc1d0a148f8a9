"""One change of one or more files, in words and as it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Content = str | bytes


@dataclass(frozen=True)
class Mutation:
    """A change to be noticed.

    Attributes
    ----------
    kind : str
        What is changed, in a word or two: a row of the table of results.
    name : str
        Where, and old -> new.
    files : tuple of (str, str or bytes)
        Changed files, relative to the repository, each with its whole content after the change.
    tests : tuple of str
        Test files that are asked when neither notebooks nor checks notice.
    first : tuple of str
        Parts of the names of the notebooks that are replayed first, as they are the likeliest to
        notice.
    ask : str
        ``all``: notebooks, checks, then tests; ``tests first``: the other way round; ``tests``:
        nothing but tests, as no notebook can show it; ``alone``: a changed notebook, which is
        replayed alone, as the others cannot differ.
    """

    kind: str
    name: str
    files: tuple[tuple[str, Content], ...]
    tests: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    ask: str = "all"

    @property
    def without_lines(self) -> str:
        """The name as it stays when lines move."""
        return re.sub(r"(?<=\.py):\d+", "", self.name)


def text_of(file: str) -> str:
    """A file of the repository."""
    return (ROOT / file).read_text(encoding="utf-8")


def short(text: str, most: int = 46) -> str:
    """Text for one line of a list."""
    line = " ".join(text.split())
    return repr(line if len(line) <= most else line[: most - 1] + "…")
