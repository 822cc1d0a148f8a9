"""Records of tagged lines, as RIS and PubMed have them, made ready for rispy.

rispy leaves out a record without its end, whatever stands outside of records, and the second value
of a tag that is to stand once; it stumbles over a line without a tag at the beginning. So records
are separated here, with their lines, and rispy gets one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evidence.bibliography.formats.rows import UNREADABLE
from evidence.errors import Fault

if TYPE_CHECKING:
    from rispy import RisParser

# Lines between records that say nothing: their numbers, and the end of file of old systems.
NO_RECORD = re.compile(r"\s*\d+\.?\s*|\x1a")


@dataclass
class Chunk:
    """The tagged lines of one record: tag and value, and where it begins."""

    line: int
    pairs: list[list[str]] = field(default_factory=list)
    more: list[str] = field(default_factory=list)  # lines that continue the last pair

    def join(self) -> None:
        """Put the lines after the last pair into it."""
        if self.more:
            tag, value = self.pairs[-1]
            self.pairs[-1] = [tag, " ".join(filter(None, [value, *self.more]))]
            self.more = []


def chunks(
    text: str, tag: re.Pattern[str], start: str, end: str, shown: str
) -> tuple[list[Chunk], list[Fault]]:
    """The records of a text.

    Each has one pair for each tag; lines without a tag are joined to the one before. Returned too
    are faults: lines outside of any record, records without their beginning or end.
    """
    found: list[Chunk] = []
    faults: list[Fault] = []
    current: Chunk | None = None

    def fault(line: int, name: str, what: str, allowed: str, rule: str = "format") -> None:
        faults.append(Fault(shown, line, name, what, allowed, rule))

    def unended() -> None:
        if current and end:
            what = f"record has no {end} at its end; it was kept"
            fault(current.line, "", what, f"a line '{end}  - '")

    for number, line in enumerate(text.split("\n"), start=1):
        match, words = tag.match(line), line.strip()
        if not match:
            if current and words:
                current.more.append(words)
            elif words and not NO_RECORD.fullmatch(line):
                what = f"{words[:40]!r} stands outside of any record"
                fault(number, "", what, f"records that begin with {start}", UNREADABLE)
            continue
        if current:
            current.join()
        name, value = match[1], (match[2] or "").strip()
        if end and name == end:
            current = None
            continue
        if name == start or current is None:
            unended()
            if name != start:
                what = f"record does not begin with {start}; it was kept"
                fault(number, name, what, f"{start} first")
            current = Chunk(number)
            found.append(current)
        current.pairs.append([name, value])
    if current:
        current.join()
    unended()
    return found, faults


class Values:
    """The values of one record by rispy's names for its tags; remembers which were taken."""

    def __init__(self, record: Mapping[str, Any]):
        unknown = record.get("unknown_tag", {})
        values = {name: value for name, value in record.items() if name != "unknown_tag"} | dict(
            unknown
        )
        self._left: dict[str, list[str]] = {}
        for name, value in values.items():
            if texts := [text for text in (value if isinstance(value, list) else [value]) if text]:
                self._left[name] = texts

    def all(self, *names: str) -> list[str]:
        """Every value of some names, in the order of the names."""
        return [text for name in names for text in self._left.pop(name, [])]

    def one(self, *names: str) -> str:
        """The first value among some names; what else the others say stays left."""
        found = next((texts[0] for name in names if (texts := self._left.get(name))), "")
        for name in names:
            rest = [
                text for text in self._left.pop(name, []) if text.casefold() != found.casefold()
            ]
            if rest:
                self._left[name] = rest
        return found

    def peek_all(self, name: str) -> list[str]:
        """Every value of a name, without taking them."""
        return list(self._left.get(name, []))

    def peek(self, name: str) -> str:
        """The first value of a name, without taking it."""
        return next(iter(self._left.get(name, [])), "")

    def drop(self, *names: str) -> None:
        """Names that say in another form what is taken already."""
        for name in names:
            self._left.pop(name, None)

    @property
    def left(self) -> list[str]:
        """Names with values that nobody took."""
        return list(self._left)


def readable(
    found: Iterable[Chunk],
    parser: RisParser,
    pattern: str,
    source: str,
    shown: str,
    faults: list[Fault],
) -> Iterator[tuple[Chunk, Values]]:
    """Each record with its values, as :func:`values_of` gives them; what a parser of other people
    stumbles over is one record lost, and said.
    """
    for chunk in found:
        try:
            values = values_of(chunk, parser, pattern)
        except Exception as error:
            what = f"record cannot be read: {error}"
            faults.append(Fault(shown, chunk.line, "", what, f"tags of {source}", UNREADABLE))
        else:
            yield chunk, values


def values_of(chunk: Chunk, parser: RisParser, pattern: str) -> Values:
    """The values of one record; ``pattern`` is how its lines look, with ``tag`` and ``value``."""
    start, end = (
        (chunk.pairs[0] if chunk.pairs[0][0] == parser.START_TAG else [parser.START_TAG, ""]),
        [parser.END_TAG, ""],
    )
    body = chunk.pairs[1:] if start is chunk.pairs[0] else chunk.pairs
    return Values(
        parser.parse(
            "\n".join(pattern.format(tag=tag, value=value) for tag, value in [start, *body, end])
        )[0]
    )
