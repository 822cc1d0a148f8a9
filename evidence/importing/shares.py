"""Percentages and proportions of people: they are not counts, and counts can follow from them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from evidence.importing.cells import Read, number
from evidence.importing.sheet import Sheet
from evidence.importing.texts import factorized, texts
from evidence.importing.words import known, tidy

OF_NUMBER = re.compile(r"\d\s*%")  # as in 95% CI: no share of people
PERCENT = re.compile(r"\d+(?:[.,]\d+)?\s*%$")
DIGIT = re.compile(r"\d")
LOOKED_AT = 300
MOST_ODD = 0.3  # share of the rows with more events than people that can be slips


def kind_of_share(name: str) -> str:
    """What kind of share the name of a column says: percent, proportion or rate; empty for none.

    >>> (
    ...     kind_of_share("Responders (%)"),
    ...     kind_of_share("Event rate"),
    ...     kind_of_share("Lower 95% CI"),
    ... )
    ('percent', 'rate', '')
    """
    if OF_NUMBER.search(name):
        return ""
    words = _words(name)
    return next((kind for kind, ours in known()["shares"].items() if set(words) & set(ours)), "")


def without_share(name: str) -> str:
    """The name of a column without the words for a share; its capitals are kept.

    >>> without_share("Responders drug (%)"), without_share("eventRate")
    ('Responders drug', 'event')
    """
    shares = {word for words in known()["shares"].values() for word in words}
    kept = [word for word in _split(name) if tidy(word) not in shares]
    return " ".join(kept) if len(kept) < len(_split(name)) else name


def _split(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name).replace("%", " % ")
    return re.findall(r"[^\W_]+|%", spaced)


def _words(name: str) -> list[str]:
    return [tidy(word) for word in _split(name)]


def told_by_cells(sheet: Sheet, targets: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Targets of a set of events, when its cells say what they are: percentages where they are
    written so, and nothing where they cannot be counts; then why.
    """
    of = {ours: theirs for theirs, ours in targets.items()}
    for arm in ("exposed", "control"):
        theirs, total = of.get(f"events_{arm}"), of.get(f"n_{arm}")
        if not theirs or not total:
            continue
        if share_of_cells(sheet, theirs, PERCENT) > 0.5:
            said = {one: ours.replace("events", "percent") for one, ours in targets.items()}
            return said, ""
        if why := _no_counts(sheet, theirs, total):
            hint = f"--map '{theirs}=percent_{arm}' and so on reads percentages"
            return {}, f"{theirs!r} cannot be counts out of {total!r}: {why}; {hint}"
    return dict(targets), ""


def share_of_cells(sheet: Sheet, name: str, form: re.Pattern[str]) -> float:
    """The share of the first different cells of a column that have a form."""
    cells = sheet.filled(sheet.header.index(name), LOOKED_AT)
    return sum(bool(form.match(cell.strip())) for cell in cells) / max(len(cells), 1)


def percentage(cell: str, decimal: str = "") -> Read:
    """A percentage, with or without its mark.

    >>> percentage("12.5 %").text, percentage("40").text
    ('12.5', '40')
    """
    return number(cell.strip().removesuffix("%").strip(), decimal)


def _no_counts(sheet: Sheet, theirs: str, total: str) -> str:
    events, people = (_numbers(sheet, name) for name in (theirs, total))
    with np.errstate(invalid="ignore"):
        parts = (events % 1 > 0) & (people % 1 == 0)
        more = (events > people) & np.isfinite(events + people)
    slips = parts.mean() <= MOST_ODD and not _can_be_percent(events[~parts], people[~parts])
    if parts.any() and not slips:
        return f"{events[parts][0]:g} of {people[parts][0]:g} is not a whole number"
    if more.sum() > MOST_ODD * len(more):
        return f"{int(more.sum())} of {len(more)} rows have more of them than there are"
    return ""


def _can_be_percent(numbers: np.ndarray, people: np.ndarray) -> bool:
    """Whether each of some whole numbers can be a rounded percentage of people.

    >>> _can_be_percent(np.array([40, 3]), np.array([50, 300]))
    True
    >>> _can_be_percent(np.array([40, 3]), np.array([50, 50]))
    False
    """
    with np.errstate(invalid="ignore", over="ignore"):
        exact = numbers * people / 100
        near = np.abs(np.round(exact) - exact) * 100 <= people / 2 + 1e-9
        return not (np.isfinite(exact) & (~near | (numbers > 100))).any()


def _numbers(sheet: Sheet, name: str) -> np.ndarray:
    """The numbers of a column, with a point or a comma as the decimal mark; three digits after
    it can be thousands, and say nothing.
    """
    column = pd.Series(sheet.columns[sheet.header.index(name)])
    plain = {cell: cell.strip().replace(",", ".") for cell in column.unique()}
    plain |= {cell: "" for cell in plain if re.search(r"[.,]\d{3}$", cell)}
    return pd.to_numeric(column.map(plain), errors="coerce").to_numpy(dtype=float)


def events_of(shares: pd.Series, people: np.ndarray, whole: float) -> np.ndarray:
    """Events that shares of people are: missing where no whole number is that share as it is
    rounded.

    Parameters
    ----------
    shares : Series of str
    people : array of float
    whole : float
        The share of everyone: 100 for percentages, 1 for proportions.

    >>> events_of(pd.Series(["40", "12.5", "33"]), np.array([120, 15, 10]), 100)
    array([48., nan, nan])
    """
    numbers, different = factorized(shares)
    cells = texts(different)
    value = pd.to_numeric(cells.where(cells != ""), errors="coerce").to_numpy(dtype=float)
    digits = np.array([len(cell.partition(".")[2]) for cell in cells], dtype=float)
    value = np.where((value >= 0) & (value <= whole), value, np.nan)[numbers]
    half = 0.5 * 10.0 ** -digits[numbers]
    near = np.round(value * people / whole)
    fits = np.abs(near - value * people / whole) <= half * people / whole + 1e-9
    return np.where(fits, near, np.nan)
