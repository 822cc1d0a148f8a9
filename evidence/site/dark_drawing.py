"""Drawings for readers who have their screen dark: the colours of a drawing, turned over.

Directions keep their hue, as on the page. All else is turned from dark on light to light on dark,
so that what stood out most still does.
"""

from __future__ import annotations

import colorsys
import re

from evidence.charts.style import LOOKS

COLOR = re.compile(r"#[0-9a-f]{6}\b")
PAPER, LIGHTEST = 0.108, 0.92  # lightness of white, and of black, on a dark page
DARK = {
    "benefit": "#4c9ce2",
    "no_clear_difference": "#8b939d",
    "mixed": "#dcb84e",
    "harm": "#ee7b38",
    "null": "#8b939d",
}
NEUTRAL_DARK = "#7fa3bd"
OF_LOOKS = {LOOKS[word].color: color for word, color in DARK.items()}


def dark_drawing(svg: str) -> str:
    """An SVG with the colours of a dark page.

    >>> dark_drawing('<path fill="#ffffff" stroke="#0b5ea8"/>')
    '<path fill="#171b20" stroke="#4c9ce2"/>'
    """
    known = {color: OF_LOOKS.get(color) or _turned(color) for color in set(COLOR.findall(svg))}
    return COLOR.sub(lambda found: known[found[0]], svg)


def _turned(color: str) -> str:
    """A colour with its lightness turned over, no more colourful than before."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, colourful = colorsys.rgb_to_hls(red, green, blue)
    turned = LIGHTEST - (LIGHTEST - PAPER) * light
    if light == 1:
        hue, colourful = 0.592, 0.164  # the paper of the page
    parts = colorsys.hls_to_rgb(hue, turned, min(colourful, 0.6))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
