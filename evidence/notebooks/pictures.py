"""Whether a stored picture is the one that the code draws: nbval skips pictures, so that any
picture could stand above the right words.

Letters and edges fall a little differently on other processors, so pixels are compared in blocks,
and a few may differ.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

# Chosen so that a picture moved by a whole pixel is still the same, and one bar of it moved by
# three is not.
BLOCK = 8  # pixels a side that are averaged before the comparison
STEP = 40  # difference of a block, of 255, that counts
MOST = 3  # blocks that may differ, however large the picture: a bar is as wrong in a large one


def blocks(picture: str, size: tuple[int, int] | None = None) -> Image:
    """A picture in base64, each block of its pixels averaged into one."""
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        flat = Image.alpha_composite(
            Image.new("RGBA", image.size, "white"), image.convert("RGBA")
        ).convert("RGB")
    return flat.resize(
        size or (max(1, flat.width // BLOCK), max(1, flat.height // BLOCK)), Image.Resampling.BOX
    )


def blocks_that_differ(stored: str, drawn: str) -> tuple[int, int]:
    """How many blocks of two pictures in base64 differ, and of how many; all of them when the
    pictures have different shapes.
    """
    if stored == drawn:
        return 0, 1
    import numpy as np

    first = blocks(stored)
    second = blocks(drawn)
    if abs(first.width - second.width) > 1 or abs(first.height - second.height) > 1:
        return first.width * first.height, first.width * first.height
    if first.size != second.size:
        second = blocks(drawn, first.size)
    apart = np.abs(np.asarray(first, dtype=int) - np.asarray(second, dtype=int)).max(axis=2)
    return int((apart > STEP).sum()), apart.size


def complaint(stored: Sequence[Any], drawn: Sequence[Any]) -> str:
    """What is wrong with the stored pictures of a cell; empty when they are those that its code
    draws now.

    >>> complaint([], [{"data": {"image/png": ""}}])
    'the cell draws 1 pictures and 0 are stored'
    """
    old, new = _pictures(stored), _pictures(drawn)
    if len(old) != len(new):
        return f"the cell draws {len(new)} pictures and {len(old)} are stored"
    for before, after in zip(old, new, strict=True):
        differ, of = blocks_that_differ(before, after)
        if differ > MOST:
            return (
                f"the stored picture is not the one that the cell draws now ({differ / of:.1%} of"
                " it differs)"
            )
    return ""


def _pictures(outputs: Sequence[Any]) -> list[str]:
    return [
        output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})
    ]
