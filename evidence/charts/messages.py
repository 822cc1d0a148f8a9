"""Titles that are the message: sentences computed from results, by rules that the data decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evidence.charts.words import UNITS, Words, counted
from evidence.model.dictionary import upper_first
from evidence.nouns import number_form
from evidence.synthesis.result import Counted

VERBS = {"concluded": ("concludes", "conclude"), "direction": ("points to", "point to")}
ONE = {many: one for one, many in UNITS.items()}
IN_TITLE = 3  # rows that a title names one by one


def leaning(
    line: pd.Series | Mapping[str, Any], words: Words, lens: str, noun: str = "studies"
) -> str:
    """Which way one row leans: how many of all its units stand on the fuller side and the other.

    Those of unknown direction are among all.
    """
    sides, one, many = words.sides(line), *VERBS[lens]
    first, second = sorted(sides, key=lambda word: -int(line[word]))
    n, other, total = int(line[first]), int(line[second]), int(line["units"])
    noun = ONE.get(noun, noun) if total == 1 else noun
    if n == 0:
        return " ".join(filter(None, [
            f"none of {total:,}", noun, one, f"{sides[first]} or {sides[second]}",
        ]))  # fmt: skip
    verb = number_form(n, one, many)
    said = " ".join(filter(None, [f"{n:,} of {total:,}", noun, verb, sides[first]]))
    unclear = int(line.get("mixed", 0))
    mixed = f", {unclear:,} {number_form(unclear, 'is', 'are')} mixed" if unclear else ""
    if n == other:
        return f"{said}, as many {sides[second]}{mixed}"
    return f"{said}, {other:,} {sides[second]}{mixed}"


def count_title(counts: Counted, words: Words, rows: list[str]) -> str:
    """The message of counts: of each row where there are up to three, else in how many rows more
    than half of all units stand on one side.
    """
    noun = words.units(counts.unit)
    lines = counts.frame.to_dict("records")
    if len(lines) == 1:
        return upper_first(leaning(lines[0], words, counts.lens, noun))
    if len(lines) <= IN_TITLE:
        said = [leaning(line, words, counts.lens, noun if i == 0 else "").partition(", ")[0]
                for i, line in enumerate(lines)]  # fmt: skip
        return ". ".join(f"{row}: {text}" for row, text in zip(rows, said, strict=True))
    return _rows_title(lines, words, VERBS[counts.lens][1], noun)


def _rows_title(lines: list[dict[str, Any]], words: Words, verb: str, noun: str) -> str:
    """In how many rows most units stand on a side; a row of one unit has no most."""
    several = [line for line in lines if int(line["units"]) > 1]
    if not several:
        return f"No row holds several {noun}: there are {len(lines)} rows of one"
    most = {
        word: sum(2 * int(line[word]) > int(line["units"]) for line in several)
        for word in ("harm", "benefit")
    }
    first, second = sorted(most, key=lambda word: -most[word])
    sides = {word: words.common(word, lines) for word in most}
    rows = counted(len(several), "row", "rows")
    if len(several) < len(lines):
        rows = f"{counted(len(several), 'row', 'rows')} with several {noun}"
        noun = ""
    said = " ".join(filter(None, ["most", noun, verb, sides[first]]))
    to = "to " if verb.endswith(" to") else ""
    return f"In {most[first]} of {rows} {said}, in {most[second] or 'none'} {to}{sides[second]}"
