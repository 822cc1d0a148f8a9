"""Columns whose cells hold two things, as 12 (10%) or 1.5 (1.1-2.0), p = 0.01: they become two."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from evidence.frames import each_once
from evidence.importing.arms_in_rows import ARMS
from evidence.importing.measured import describes_people
from evidence.importing.sheet import Sheet
from evidence.importing.words import tidy

LOOKED_AT = 200
LONGEST = 120  # letters of a cell with two numbers
# A number of people with what share of all it is, by the name of the column and in its cells.
WITH_SHARE = re.compile(r"[\s,;(\[]*\b(?:n|no\.?|number)[\s,;/]*[(\[]?\s*%\s*[)\]]*", re.I)
SHARE_SIGN = re.compile(r"[\s,;]*[(\[]\s*%\s*[)\]]")
COUNT = re.compile(r"(?P<one>\d+)\s*[(\[]\s*(?P<two>\d+(?:[.,]\d+)?)\s*(?P<sign>%?)\s*[)\]]")
# An effect with its p-value.
WITH_P = re.compile(r"(?:[\s,;/]+(?:and\s)?|\s?\()p(?:[ -]?values?)?\)?$", re.I)
EFFECT = re.compile(
    r"(?P<one>.*\d\s*[)\]]?[*†‡]?)\s*[,;]?\s+\(?(?P<two>p\s?(?:[=<>≤≥]|value).*?)\)?", re.I
)
Parts = tuple[str, str, re.Pattern[str]]


def two_columns_each(sheet: Sheet, given: Collection[str] = ()) -> Sheet:
    """A table with two columns for each that holds two things; any other table as it is.

    Parameters
    ----------
    sheet : Sheet
    given : collection of str
        Columns that the user has given a role: they stay as they are.

    Examples
    --------
    >>> sheet = Sheet("a.csv", ["study", "OR (95% CI), p"], [["a", "1.5 (1.1-2.0), p<0.01"]], [2])
    >>> made = two_columns_each(sheet)
    >>> made.header, made.rows
    (['study', 'OR (95% CI)', 'p'], [['a', '1.5 (1.1-2.0)', 'p<0.01']])
    """
    free = [name for name in sheet.header if name not in given]
    counts = {name: parts for name in free if (parts := _count_and_share(sheet, name))}
    if len(counts) < 2 and not any(tidy(name) in ARMS for name in sheet.header):
        counts = {}
    found = counts | {name: parts for name in free if (parts := _effect_and_p(sheet, name))}
    if not found:
        return sheet
    header: list[str] = []
    forms: list[re.Pattern[str] | None] = []
    for name in sheet.header:
        parts = found.get(name)
        header += parts[:2] if parts else [name]
        forms.append(parts[2] if parts else None)
    rows = [
        [part for cell, form in zip(row, forms, strict=True) for part in _cells(cell, form)]
        for row in sheet.rows
    ]
    said = "{!r} holds two numbers and became {!r} and {!r}"
    remarks = [*sheet.remarks, *(said.format(name, *parts[:2]) for name, parts in found.items())]
    return replace(sheet, header=each_once(header, "{} {}"), rows=rows, remarks=remarks)


def _cells(cell: str, form: re.Pattern[str] | None) -> list[str]:
    """The parts of a cell; one that does not have them stays whole."""
    if form is None:
        return [cell]
    found = form.fullmatch(cell) if len(cell) <= LONGEST else None
    return [found["one"].strip(" ,;"), found["two"]] if found else [cell, ""]


def _first(sheet: Sheet, name: str) -> list[str]:
    cells = sheet.filled(sheet.header.index(name), LOOKED_AT)
    return [cell[: LONGEST + 1] for cell in cells]


def _count_and_share(sheet: Sheet, name: str) -> Parts | None:
    """What a column of numbers of people with shares becomes; those who took part stay apart."""
    cells = _first(sheet, name)
    found = [match for cell in cells if (match := COUNT.fullmatch(cell))]
    if not found or len(found) < 0.8 * len(cells) or describes_people(name):
        return None
    signs = sum(bool(match["sign"]) for match in found)
    if not WITH_SHARE.search(name) and signs < 0.8 * len(found):
        return None
    count = " ".join(SHARE_SIGN.sub("", WITH_SHARE.sub(" ", name)).split()).strip(" ,;:")
    return (count, f"{count} percent", COUNT) if count else None


def _effect_and_p(sheet: Sheet, name: str) -> Parts | None:
    """What a column of effects with p-values becomes."""
    cells = _first(sheet, name)
    if sum(bool(_cells(cell, EFFECT)[1]) for cell in cells) < 0.3 * len(cells) or not cells:
        return None
    effect = WITH_P.sub("", name).strip() or name
    has_p = any(tidy(other) in ("p", "p value") for other in sheet.header)
    return effect, f"{effect} p" if has_p else "p", EFFECT
