"""Effects as sentences print them."""

from __future__ import annotations

import math

SMALL, LARGE = 0.005, 1e6  # below and above, two decimals say nothing


def effect_text(value: float) -> str:
    """An estimate or an end of its interval: two decimals, and as many digits as tell something
    where it is very small or very large.

    >>> [effect_text(value) for value in (0.5, 0.0004, -0.00031, 0.0, 9e12)]
    ['0.50', '0.0004', '-0.00031', '0.00', '9e+12']
    """
    if not math.isfinite(value):
        return f"{value}"
    size = abs(value)
    if 0 < size < SMALL:
        digits = 1 - math.floor(math.log10(size))
        text = f"{value:.{digits}f}".rstrip("0") if digits < 9 else f"{value:.1e}"
        return text
    if size >= LARGE:
        return f"{value:.3g}"
    return f"{value:.2f}"
