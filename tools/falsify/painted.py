"""Pictures that lie: one letter in the place of another, paint, or the picture of another chart.

What a picture says about itself (title, description, marks) stays inside, as a forger would leave
it.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, PngImagePlugin

LETTER = (10, 30)  # height in points: letters of labels and titles at the size of the web
BLUE = (0, 114, 178)
Box = tuple[slice, slice]


def repainted(picture: bytes, change: Callable[[np.ndarray], None]) -> bytes:
    """The picture after a change of its colours, with all its words inside."""
    with Image.open(io.BytesIO(picture)) as image:
        kept = PngImagePlugin.PngInfo()
        for key, value in image.info.items():
            if isinstance(value, str):
                kept.add_itxt(key, value)
        points = np.array(image.convert("RGB"))
    before = points.copy()
    change(points)
    assert (points != before).any(), "nothing was painted"
    stream = io.BytesIO()
    Image.fromarray(points).save(stream, "png", pnginfo=kept)
    return stream.getvalue()


def with_another_letter(picture: bytes, chance: random.Random) -> bytes:
    """One letter or digit in the place of another of its size: 28 becomes 23, or the like."""

    def change(points: np.ndarray) -> None:
        one, other = chance.choice(_pairs(points))
        points[one] = points[other].copy()

    return repainted(picture, change)


def with_exchanged_parts(picture: bytes) -> bytes:
    """The left and the right half of the lowest line of words exchanged: the ends of an axis."""

    def change(points: np.ndarray) -> None:
        boxes = _letters(points)
        line = max(box[0].stop for box in boxes)
        inside = [box for box in boxes if box[0].stop > line - LETTER[1]]
        top, left = min(box[0].start for box in inside), min(box[1].start for box in inside)
        right = max(box[1].stop for box in inside)
        half = (right - left) // 2
        ends = points[top:line, left : left + half].copy(), points[top:line, right - half : right]
        points[top:line, left : left + half] = ends[1]
        points[top:line, right - half : right] = ends[0]

    return repainted(picture, change)


def with_a_bar(picture: bytes) -> bytes:
    """A blue bar in the middle."""

    def change(points: np.ndarray) -> None:
        height, width = points.shape[:2]
        points[height // 2 : height // 2 + 20, width // 2 : width // 2 + 40] = BLUE

    return repainted(picture, change)


def all_blue(picture: bytes) -> bytes:
    """Blue all over."""

    def change(points: np.ndarray) -> None:
        points[:] = BLUE

    return repainted(picture, change)


def _letters(points: np.ndarray) -> list[Box]:
    """Boxes of dark shapes as high as letters, alone on their ground."""
    from scipy.ndimage import find_objects, label

    dark = points.max(axis=2) < 140
    shapes, _ = label(dark, structure=np.ones((3, 3)))
    boxes = [box for box in find_objects(shapes) if box is not None]
    size = [(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in boxes]
    low, high = LETTER
    return [
        box
        for box, (height, width) in zip(boxes, size, strict=True)
        if low <= height <= high and 4 <= width <= high
    ]


def _pairs(points: np.ndarray) -> list[tuple[Box, Box]]:
    """Letters of one size that are not the same letter."""
    by_size: dict[tuple[int, int], list[Box]] = {}
    for rows, columns in _letters(points):
        size = (rows.stop - rows.start, columns.stop - columns.start)
        by_size.setdefault(size, []).append((rows, columns))
    found = []
    for boxes in by_size.values():
        first = boxes[0]
        for other in boxes[1:]:
            apart = np.abs(points[first].astype(int) - points[other]).max(axis=2) > 120
            if apart.mean() > 0.1:
                found.append((first, other))
    return found
