"""Whether two pictures look the same.

Lines fall a pixel beside on other machines, so pictures are looked at in small tiles, and each may
have moved by one pixel in any direction; what is in it must be the same. A digit of a label is not.
"""

from __future__ import annotations

import base64
import io
import itertools
from typing import Any

# Chosen so that each digit can be distinguished from each other one in text of 7 points at 72 dpi.
TILE = 8  # points a side
STEP = 40  # difference of a colour, of 255, that counts
FAINT = 2  # difference that counts where nearly all points of a tile have it, the same way
MANY = 56  # points of the 64 of a tile
MOST = 2  # points that may differ, however large the picture


def points_that_differ(stored: str, drawn: str) -> tuple[int, int]:
    """How many points of two pictures in base64 differ, and of how many.

    All of them when the shapes differ by more than a row or column.
    """
    if stored == drawn:
        return 0, 1
    first, second = pixels(stored), pixels(drawn)
    if first.shape == second.shape and (first == second).all():
        return 0, first[..., 0].size
    size = first.shape[0] * first.shape[1]
    if any(abs(a - b) > 1 for a, b in zip(first.shape[:2], second.shape[:2])):
        return size, size
    height, width = (min(a, b) for a, b in zip(first.shape[:2], second.shape[:2]))
    first, second = first[:height, :width], second[:height, :width]
    return apart(first, second), size


def any_point_differs(stored: str, drawn: str) -> bool:
    first, second = pixels(stored), pixels(drawn)
    return first.shape != second.shape or bool((first != second).any())


def pixels(picture: str) -> Any:
    """Red, green and blue of a picture in base64, on white."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        white = Image.new("RGBA", image.size, "white")
        return np.asarray(Image.alpha_composite(white, image.convert("RGBA")).convert("RGB"), "i2")


def apart(first: Any, second: Any) -> int:
    """Points that differ when each tile lies as well on the second picture as it can."""
    import numpy as np

    height, width = first.shape[:2]
    framed = np.pad(second, ((1, 1), (1, 1), (0, 0)), mode="edge")
    least = None
    for y, x in itertools.product((1, 0, 2), repeat=2):  # in place first
        moved = framed[y : y + height, x : x + width]
        counts = tiled(np.abs(moved - first).max(axis=2) > STEP) + faint(moved - first)
        least = counts if least is None else np.minimum(least, counts)
        if not least.any():
            break
    assert least is not None
    return int(least.sum())


def faint(by: Any) -> Any:
    """Tiles that are lighter or darker all over, in a colour: as many points as they have."""
    import numpy as np

    found = [tiled(by[..., one] * way > FAINT) >= MANY for one in range(3) for way in (1, -1)]
    return np.any(found, axis=0) * TILE * TILE


def tiled(differs: Any) -> Any:
    """How many points of each tile differ."""
    import numpy as np

    rest = [(0, -size % TILE) for size in differs.shape]
    whole = np.pad(differs, rest)
    rows, columns = (size // TILE for size in whole.shape)
    return whole.reshape(rows, TILE, columns, TILE).sum(axis=(1, 3))
