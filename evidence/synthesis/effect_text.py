"""Effects as sentences print them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

SMALL, LARGE = 0.005, 1e6  # below and above, two decimals say nothing
NARROW = 0.02  # what lies closer together than this would print alike
MOST_DECIMALS = 9


def decimals(*values: float) -> int:
    """How many decimals an estimate and its interval need so that they do not print alike.

    >>> decimals(0.5, 0.3, 0.8), decimals(1.003, 1.001, 1.005), decimals(1.0, 1.0)
    (2, 4, 2)
    """
    known = [value for value in values if math.isfinite(value)]
    width = max(known) - min(known) if known else 0
    if not 0 < width < NARROW:
        return 2
    return min(MOST_DECIMALS, 1 - math.floor(math.log10(width)))


def effect_text(value: float, places: int = 2) -> str:
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
        return f"{value:.{digits}f}".rstrip("0") if digits < MOST_DECIMALS else f"{value:.1e}"
    if size >= LARGE:
        return f"{value:.3g}"
    return f"{value:.{places}f}"


def effect_texts(*values: float) -> list[str]:
    """An estimate and the ends of its interval, with as many decimals as keep them apart.

    >>> effect_texts(1.405, 0.91, 2.17), effect_texts(1.0031, 1.0012, 1.005)
    (['1.41', '0.91', '2.17'], ['1.0031', '1.0012', '1.0050'])
    """
    places = decimals(*values)
    return [effect_text(value, places) for value in values]


def pointing(effects: Iterable[float]) -> str:
    """How many effects lie on which side of no difference, which is 0 on the scale of pooling.

    >>> pointing([0.2, 0.5, 0.1]), pointing([0.2, -0.5, 0, 0.1])
    ('3 above no difference', '2 above, 1 below, 1 at no difference')
    """
    n = Counter("above" if one > 0 else "below" if one < 0 else "at" for one in effects)
    sides = [f"{n[side]} {side}" for side in ("above", "below", "at") if n[side]]
    return f"{', '.join(sides)} no difference"
