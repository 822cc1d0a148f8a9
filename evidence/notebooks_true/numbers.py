"""Two texts, equal but for the last digits of floats."""

from __future__ import annotations

import math
import re

NUMBER = re.compile(
    r"(?<![\w.])[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|(?<![\w.])[-+]?\.\d+(?:[eE][-+]?\d+)?"
)
WHOLE = re.compile(r"[-+]?\d+")
NOISE = 1e-9  # of floats, relative; a larger tolerance is one that somebody chose
ROUNDED = 12  # digits; a number with no more was rounded, and shows no noise


def same_text(stored: str, drawn: str, tolerance: float) -> bool:
    """Whether two texts have the same words and whole numbers, and floats that are close.

    >>> same_text("mean 0.30000000000000004", "mean 0.3", 1e-9)
    True
    >>> same_text("28 studies", "29 studies", 0.5), same_text("1.50", "1.5", 0.5)
    (False, False)
    """
    if stored == drawn:
        return True
    old, new = NUMBER.findall(stored), NUMBER.findall(drawn)
    if len(old) != len(new) or not all(map(lambda a, b: same_number(a, b, tolerance), old, new)):
        return False
    if old == new:
        return False  # it is the words that differ
    words = [NUMBER.split(text) for text in (stored, drawn)]
    if [len(number) for number in old] != [len(number) for number in new]:
        words = [[_narrow(part) for part in parts] for parts in words]
    return words[0] == words[1]


def _narrow(text: str) -> str:
    """Text without the blanks and rules that align a table."""
    return re.sub(r"[ \t]+|-{2,}|={2,}|─{2,}", " ", text).strip(" ")


def same_number(stored: str, drawn: str, tolerance: float) -> bool:
    """Whether two numbers, as they are printed, are the same but for the noise of floats.

    Of the same value with more or fewer zeros, the format has changed, which noise does not do.

    >>> same_number("12345678.91", "12345678.92", NOISE), same_number("0.1", "0.10", 0.5)
    (False, False)
    """
    if stored == drawn:
        return True
    if WHOLE.fullmatch(stored) or WHOLE.fullmatch(drawn):
        return False
    if tolerance <= NOISE and max(digits(stored), digits(drawn)) <= ROUNDED:
        return False
    if float(stored) == float(drawn):
        return len(stored) == len(drawn)
    return close(float(stored), float(drawn), tolerance)


def digits(number: str) -> int:
    """How many digits of a printed number count.

    >>> digits("-0.0120"), digits("1.5e-08")
    (3, 2)
    """
    return len(re.sub(r"[eE].*|\D", "", number).lstrip("0"))


def close(stored: float, drawn: float, tolerance: float, scale: float = 0.0) -> bool:
    """Whether two floats are close, relative to the larger or to a scale."""
    if math.isnan(stored) or math.isnan(drawn):
        return math.isnan(stored) and math.isnan(drawn)
    return math.isclose(stored, drawn, rel_tol=tolerance, abs_tol=tolerance * scale)


def same_values(stored: object, drawn: object, tolerance: float) -> bool:
    """The same for values of JSON; floats of one list are close relative to its largest."""
    if isinstance(stored, dict) and isinstance(drawn, dict):
        return stored.keys() == drawn.keys() and all(
            same_values(stored[key], drawn[key], tolerance) for key in stored
        )
    if isinstance(stored, list) and isinstance(drawn, list):
        if len(stored) != len(drawn):
            return False
        if numeric(stored) and numeric(drawn):
            scale = max(map(abs, filter(math.isfinite, stored + drawn)), default=0.0)
            return all(same_float(a, b, tolerance, scale) for a, b in zip(stored, drawn))
        return all(same_values(a, b, tolerance) for a, b in zip(stored, drawn))
    if isinstance(stored, float) and isinstance(drawn, (int, float)):
        return close(stored, drawn, tolerance)
    if isinstance(stored, str) and isinstance(drawn, str):
        return same_text(stored, drawn, tolerance)
    return type(stored) is type(drawn) and stored == drawn


def same_float(stored: float, drawn: float, tolerance: float, scale: float) -> bool:
    if isinstance(stored, int) and isinstance(drawn, int):
        return stored == drawn
    return close(stored, drawn, tolerance, scale)


def numeric(values: list[object]) -> bool:
    """Whether a list holds numbers alone."""
    return bool(values) and all(type(value) in (int, float) for value in values)
