"""CSL-JSON, as Zotero, Mendeley, pandoc and Crossref give it."""

from __future__ import annotations

import json
import re

from evidence.bibliography.csl import row_of
from evidence.bibliography.formats.rows import CHANGED, UNREADABLE, Record
from evidence.errors import DataError, Fault

# Names of the record within the program that wrote it, and short forms of what is kept in full.
HALF = re.compile("[\ud800-\udfff]")
OF_THE_PROGRAM = (
    "citation-key",
    "system_id",
    "source",
    "shortTitle",
    "title-short",
    "journalAbbreviation",
    "container-title-short",
)


def read(text: str, shown: str) -> tuple[list[Record], list[Fault]]:
    """Records of CSL-JSON: a list of items, one item, or what holds a list under ``items``."""
    try:
        content = json.loads(text)
    except ValueError as error:
        line, what = getattr(error, "lineno", 0), getattr(error, "msg", str(error))
        raise DataError(
            "The references cannot be read:",
            [Fault(shown, line, "", f"is not JSON: {what}", "CSL-JSON", UNREADABLE)],
        ) from None
    except RecursionError:
        raise DataError(
            "The references cannot be read:",
            [Fault(shown, 0, "", "is JSON within JSON without end", "CSL-JSON", UNREADABLE)],
        ) from None
    if isinstance(content, dict):
        content = content["items"] if isinstance(content.get("items"), list) else [content]
    records, faults = [], []
    for number, item in enumerate(content if isinstance(content, list) else [content], start=1):
        if not isinstance(item, dict):
            faults.append(
                Fault(
                    shown,
                    0,
                    "",
                    f"item {number} is not a JSON object, but {str(item)[:40]!r}",
                    "an object with type and title",
                    UNREADABLE,
                )
            )
            continue
        row, left = row_of(item)
        if any(HALF.search(cell) for cell in row.values()):
            faults.append(
                Fault(
                    shown,
                    0,
                    "",
                    f"item {number} holds half a pair of surrogates, which is not a character; it"
                    " became \ufffd",
                    "whole characters",
                    CHANGED,
                )
            )
            row = {column: HALF.sub("\ufffd", cell) for column, cell in row.items()}
        records.append(Record(row, 0, [name for name in left if name not in OF_THE_PROGRAM]))
    return records, faults
