"""Records of tagged lines whose tags are separated from their values by a blank: what Web of
Science, Ovid and EndNote write. Every line is a pair; those without a tag continue the one
before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from evidence.bibliography.formats.rows import UNREADABLE, Record
from evidence.bibliography.formats.tagged import Chunk
from evidence.errors import Fault

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
Reader = Callable[["Fields"], dict[str, str]]


class Fields:
    """Values of one record by their tags; remembers which were taken."""

    def __init__(self, chunk: Chunk):
        self._left: dict[str, list[str]] = {}
        for tag, value in chunk.pairs:
            if value.strip():
                self._left.setdefault(tag, []).append(" ".join(value.split()))

    def all(self, *tags: str) -> list[str]:
        """Every value of some tags, which are taken."""
        return [value for tag in tags for value in self._left.pop(tag, [])]

    def one(self, *tags: str) -> str:
        """The first value of some tags; all of them are taken."""
        return next(iter(self.all(*tags)), "")

    def peek(self, *tags: str) -> str:
        """The first value, without taking it."""
        return next((value for tag in tags for value in self._left.get(tag, [])), "")

    def drop(self, *tags: str) -> None:
        """Tags that say nothing of the paper, or say it again."""
        self.all(*tags)

    @property
    def left(self) -> list[str]:
        """Tags that nobody took."""
        return list(self._left)


def records(chunks: Iterator[Chunk], row: Reader, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of chunks; a chunk of which nothing can be read is a fault."""
    found, faults = [], []
    for chunk in chunks:
        fields = Fields(chunk)
        made = row(fields)
        if any(made.get(name) for name in ("title", "author", "doi", "pmid")):
            found.append(Record(made, chunk.line, fields.left))
        else:
            what, allowed = "record has no title, author or number", "a title in each record"
            faults.append(Fault(shown, chunk.line, "", what, allowed, UNREADABLE))
    return found, faults


def doi_of(*texts: str) -> str:
    """The first DOI in some texts.

    >>> doi_of("", "https://dx.doi.org/10.1000/a1.")
    '10.1000/a1'
    """
    found = next((match[0] for text in texts if (match := DOI.search(text))), "")
    if found.count("(") < found.count(")"):
        return found.rstrip(".,;)")
    return found.rstrip(".,;")
