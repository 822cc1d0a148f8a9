"""How numbers are printed on charts: one convention for all."""

from __future__ import annotations

import math

import pandas as pd

from evidence.synthesis.effect_text import decimals

MINUS = "\N{MINUS SIGN}"


def number(value: float, places: int = 2) -> str:
    """A number with as many digits as it needs: small ones keep two that count.

    >>> number(1.405), number(0.0004), number(1234.5), number(-0.5), number(float("nan"))
    ('1.41', '0.0004', '1,235', '−0.50', '?')
    >>> number(2.4e-10), number(-0.000004)
    ('2.4e−10', '−0.000004')
    """
    if pd.isna(value):
        return "?"
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-6:
        return f"{value:.2g}".replace("-", MINUS)
    if size < 0.1:
        digits = min(6, 1 - math.floor(math.log10(size)))
        return f"{value:.{digits}f}".rstrip("0").replace("-", MINUS)
    digits = places
    if places == 2 and size >= 100:
        digits = 0 if size >= 1000 else 1
    return f"{value + math.copysign(1e-9, value):,.{digits}f}".replace("-", MINUS)


def interval(low: float, high: float, places: int | None = None) -> str:
    """An interval in words.

    >>> interval(0.91, 2.17), interval(1.0012, 1.005)
    ('0.91 to 2.17', '1.0012 to 1.0050')
    """
    places = decimals(low, high) if places is None else places
    return f"{number(low, places)} to {number(high, places)}"


def with_interval(estimate: float, low: float, high: float) -> str:
    """An estimate with its interval.

    >>> with_interval(1.405, 0.91, 2.17), with_interval(1.0031, 1.0012, 1.005)
    ('1.41 (0.91 to 2.17)', '1.0031 (1.0012 to 1.0050)')
    """
    places = decimals(estimate, low, high)
    return f"{number(estimate, places)} ({interval(low, high, places)})"


def short(n: float | None) -> str:
    """A sample size in a few characters.

    >>> short(48), short(2.5), short(25064), short(2407161), short(None)
    ('48', '2–3', '25k', '2.4M', '?')
    """
    if n is None or pd.isna(n):
        return "?"
    if n >= 1e6:
        return f"{n / 1e6:.1f}M"
    if n >= 1e4:
        return f"{n / 1e3:.0f}k"
    return middle(n, "{}–{}")


def middle(n: float, between: str = "between {} and {}") -> str:
    """A median of whole numbers, as nobody is half: a large one is rounded.

    >>> middle(1234.0), middle(2.5), middle(1204404.5)
    ('1,234', 'between 2 and 3', '1,204,405')
    """
    low = int(n)
    if n == low:
        return f"{low:,}"
    return between.format(low, low + 1) if n < 100 else f"{int(n + 0.5):,}"
