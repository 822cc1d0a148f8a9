"""Faults of a BibTeX file: what the parser set aside, and what it reads without a word although it
is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evidence.bibliography.bibtex.blocks import line_of
from evidence.errors import Fault

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.model import Entry

RULE = "bibliography"
ENTRY = "@type{key, field = {value},}"
ODD_KEY = re.compile(r"[\s{}()\"#%~\\=']|^$")
STRAY_FIELD = re.compile(r'^[ \t,}]*([A-Za-z][\w-]*)\s*=\s*[{"]', re.M)


def faults_of_blocks(text: str, library: Library, shown: str) -> list[Fault]:
    """Blocks that bibtexparser set aside, and what stands outside of any."""
    from bibtexparser.model import (
        DuplicateBlockKeyBlock,
        DuplicateFieldKeyBlock,
        ImplicitComment,
        String,
    )

    if text.startswith("\ufeff"):
        faults = [Fault(shown, 1, "", "starts with a byte order mark", "plain UTF-8", RULE)]
    else:
        faults = []
    for block in library.failed_blocks:
        line = line_of(block)
        if isinstance(block, DuplicateBlockKeyBlock):
            kind = "@string" if isinstance(block.previous_block, String) else "key"
            first = line_of(block.previous_block)
            faults.append(
                Fault(
                    shown,
                    line,
                    "",
                    f"{kind} {block.key!r} is a duplicate, first in line {first}",
                    "each key once",
                    RULE,
                    block.key,
                )
            )
        elif not isinstance(block, DuplicateFieldKeyBlock):
            faults.append(_failed(block, line, shown))
    for block in library.blocks:
        if isinstance(block, ImplicitComment):
            for found in STRAY_FIELD.finditer(block.comment):
                line = line_of(block) + block.comment.count("\n", 0, found.start(1))
                faults.append(
                    Fault(
                        shown,
                        line,
                        found[1],
                        "is outside of any entry",
                        "the brace that closes the entry, below its last field",
                        RULE,
                    )
                )
    return faults


def _failed(block, line: int, shown: str) -> Fault:
    reason = getattr(block.error, "abort_reason", None) or str(block.error)
    begun = re.search(r"(?:Unexpected block start:|but found) `(@.*?)`", reason)
    key = re.match(r"@\w+\s*[{(]\s*([^\s,{}=\"]+)\s*,", block.raw or "")
    named = f"entry {key[1]!r}" if key else "entry"
    if begun:
        message = f"{named} is not closed before a line that begins with '{begun[1].strip()}{{'"
        allowed = "the missing brace; where the line belongs to a text, a word before the @"
    else:
        message, allowed = f"{named} cannot be read: {reason.strip().rstrip('.')}", ENTRY
    return Fault(shown, line, "", message, allowed, RULE, key[1] if key else "")


def faults_of_keys(
    library: Library, entries: Sequence[Entry], mixed: bool, shown: str
) -> list[Fault]:
    """Keys and field names that are empty, doubled or differ only in their capitals.

    ``mixed`` says that somewhere one name of a field is written in two ways.
    """
    from bibtexparser.model import DuplicateFieldKeyBlock

    faults = []
    for entry in entries:
        if ODD_KEY.search(entry.key):
            if entry.key:
                what = f"key {entry.key!r} holds a space or a mark"
            else:
                what = "entry without a key"
            faults.append(
                Fault(
                    shown,
                    line_of(entry),
                    "",
                    what,
                    "a key of letters and digits after the opening brace",
                    RULE,
                    entry.key,
                )
            )
    small = [entry.key.lower() for entry in entries]
    if len(set(small)) < len(entries):
        faults += _capitals(entries, small, shown)
    failed = [
        block.ignore_error_block
        for block in library.failed_blocks
        if isinstance(block, DuplicateFieldKeyBlock)
    ]
    return faults + [
        fault for entry in (entries if mixed else failed) for fault in _doubled(entry, shown)
    ]


def _capitals(entries: Sequence[Entry], small: Sequence[str], shown: str) -> list[Fault]:
    faults = []
    begins: dict[str, Entry] = {}
    for entry, key in zip(entries, small, strict=True):
        first = begins.setdefault(key, entry)
        if first.key != entry.key:
            what = (
                f"key {entry.key!r} differs from {first.key!r} in line {line_of(first)} only in its"
                " capitals"
            )
            faults.append(
                Fault(
                    shown,
                    line_of(entry),
                    "",
                    what,
                    "keys that differ in more than capitals",
                    RULE,
                    entry.key,
                )
            )
    return faults


def _doubled(entry: Entry, shown: str) -> list[Fault]:
    names = [field.key.lower() for field in entry.fields]
    if len(set(names)) == len(names):
        return []
    again = [field for place, field in enumerate(entry.fields) if names[place] in names[:place]]
    return [
        Fault(
            shown,
            line_of(field),
            field.key,
            "field is there more than once in one entry",
            "each field once",
            RULE,
            entry.key,
        )
        for field in again
    ]
