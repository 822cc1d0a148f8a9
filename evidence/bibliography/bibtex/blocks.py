"""The blocks of a BibTeX text, and the place of each entry and field in it."""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Entry

# Else what the parser has to say goes to stderr, beside the faults that say the same.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())


def split(text: str) -> Library:
    """The blocks of a BibTeX text, their values as they stand. What the parser has to say is in the
    blocks; its log stays quiet.
    """
    import bibtexparser

    library = bibtexparser.parse_string(text, parse_stack=[])
    if "\\\n" in text:
        _count_all_lines(library, text)
    return library


def _count_all_lines(library: Library, text: str) -> None:
    """The parser counts no line that ends in a backslash: give blocks and fields the lines on which
    they stand.
    """
    begins = [
        0,
        *(found.end() for found in re.finditer(r"(?<!\\)\n", text)),
    ]  # of what the parser calls a line
    ends = [found.start() for found in re.finditer(r"\n", text)]
    for block in library.blocks:
        inner = getattr(block, "ignore_error_block", None) or block
        for field in getattr(inner, "fields", []):
            at = re.compile(rf"{re.escape(field.key)}\s*=").search(
                text, begins[field.start_line or 0]
            )
            field._start_line = bisect_left(
                ends, at.start() if at else begins[field.start_line or 0]
            )
        line = bisect_left(
            ends,
            max(
                text.find(block.raw or "", begins[block.start_line or 0]),
                begins[block.start_line or 0],
            ),
        )
        block._start_line_in_file = inner._start_line_in_file = line


def entries_of(library: Library) -> list[Entry]:
    """Entries that could be read, in their order; one with a doubled field too."""
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry

    found = []
    for block in library.blocks:
        if isinstance(block, Entry):
            found.append(block)
        elif isinstance(block, DuplicateFieldKeyBlock):
            found.append(block.ignore_error_block)
    return found


def line_of(block: Block) -> int:
    """Line on which a block or field begins, counted from 1."""
    return (block.start_line or 0) + 1


@dataclass(frozen=True)
class Splice:
    """Characters of a text, and what takes their place."""

    begin: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """A text with all replacements made.

    >>> spliced("abc", [Splice(1, 2, "B"), Splice(3, 3, "d")])
    'aBcd'
    """
    pieces, at = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.begin, splice.end)):
        pieces += [text[at : splice.begin], splice.text]
        at = splice.end
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True)
class Span:
    """One field: from after the comma before it to after its own if it has one, and its value
    within.
    """

    name: str
    raw: str
    begin: int
    name_begin: int
    equals: int
    value_begin: int
    value_end: int
    end: int


@dataclass(frozen=True)
class Place:
    """A block and where it stands in the text."""

    block: Entry
    text: str
    begin: int

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.begin + len(self.block.raw or "")

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry that could be read."""
        from bibtexparser.model import Entry

        return isinstance(self.block, Entry)

    @cached_property
    def fields(self) -> list[Span]:
        """Its fields in their order."""
        spans, at = [], self.text.index(",", self.begin) + 1 if self.block.fields else self.end
        for field in self.block.fields:
            pattern = rf"\s*({re.escape(field.key)})\s*(=)\s*({re.escape(field.value)})\s*(,?)"
            found = re.compile(pattern).match(self.text, at, self.end)
            if not found:
                raise AssertionError(f"field {field.key!r} is not where the parser saw it")
            at, begin = found.end() if found[4] else found.end(3), at
            spans.append(
                Span(
                    field.key,
                    field.value,
                    begin,
                    found.start(1),
                    found.start(2),
                    found.start(3),
                    found.end(3),
                    at,
                )
            )
        return spans


def places(text: str, library: Library) -> list[Place]:
    """Entries and other blocks with their places, but for comments between them."""
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ImplicitComment

    lines = [0, *(end for end in accumulate(len(line) + 1 for line in text.split("\n")))]
    found, at = [], 0
    for block in library.blocks:
        if isinstance(block, ImplicitComment) or not block.raw:
            continue
        begin = text.find(block.raw, max(at, lines[block.start_line or 0]))
        if begin < 0:
            continue
        found.append(Place(block, text, begin))
        # A block that failed can reach into the next one.
        at = begin + (len(block.raw) if isinstance(block, (Entry, DuplicateFieldKeyBlock)) else 1)
    return found
