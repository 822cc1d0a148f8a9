"""BibTeX of other people: what the parser sets aside for a doubled key is kept under another."""

from __future__ import annotations

import re

from evidence.bibliography.bibtex.blocks import line_of, split
from evidence.bibliography.entries import Bibliography, parse_text
from evidence.bibliography.formats.rows import UNREADABLE, Record
from evidence.errors import Fault
from evidence.frames import frame_rows


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of a BibTeX file."""
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry, String

    parsed = parse_text(text, shown)
    records = _records(parsed)
    again = {
        fault.line
        for fault in parsed.faults
        if fault.message.startswith("key") and "is a duplicate, first" in fault.message
    }
    if again:
        library = split(text)
        strings = "\n".join(
            block.raw or "" for block in library.blocks if isinstance(block, String)
        )
        for block in library.failed_blocks:
            if isinstance(block, DuplicateBlockKeyBlock) and isinstance(
                block.previous_block, Entry
            ):
                records += _records(parse_text(f"{strings}\n{block.raw}", shown), line_of(block))
    faults = [
        _foreign(fault)
        for fault in parsed.faults
        if not (fault.line in again and "is a duplicate, first" in fault.message)
    ]
    return sorted(records, key=lambda record: record.line), faults


def _records(parsed: Bibliography, line: int = 0) -> list[Record]:
    left: dict[str, list[str]] = {}
    for name, keys in parsed.others.items():
        for key in keys:
            left.setdefault(key, []).append(name)
    rows = [
        {name: text for name, text in row.items() if isinstance(text, str)}
        for row in frame_rows(parsed.entries)
    ]
    return [Record(row, line or parsed.lines[row["key"]], left.get(row["key"], [])) for row in rows]


def _foreign(fault: Fault) -> Fault:
    """A fault under the rule that says whether an entry was lost."""
    lost = re.match(r"entry\b.*(?:is not closed|cannot be read)|is outside", fault.message)
    return Fault(
        fault.file,
        fault.line,
        fault.column,
        fault.message,
        fault.allowed,
        UNREADABLE if lost else "format",
        fault.record,
    )
