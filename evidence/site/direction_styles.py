"""How a direction looks on the page: the colours of the charts, and a sign for each, so that colour
is never the only one.
"""

from __future__ import annotations

from typing import Any

from evidence.charts.style import LOOKS
from evidence.charts.words import Words

# Markers of the charts as characters and as shapes of Vega.
SIGNS = {
    "^": ("▲", "triangle-up"),
    "v": ("▼", "triangle-down"),
    "o": ("●", "circle"),
    "D": ("◆", "diamond"),
    "s": ("□", "square"),
}
# Letters on a patch of the colour; each pair has a contrast of at least 4.5 to 1.
ON_COLOR = {
    "benefit": "#ffffff",
    "harm": "#ffffff",
    "no_clear_difference": "#000000",
    "null": "#000000",
    "mixed": "#000000",
}


def looks(words: Words) -> dict[str, dict[str, Any]]:
    """Label, colour, sign and shape of each word, from harm to what could not be placed.

    >>> import evidence
    >>> looks(evidence.charts.words(evidence.load()))["benefit"]["sign"]
    '▲'
    """
    order = ("harm", "benefit", "no_clear_difference", "mixed", "not_placed")
    return {
        word: {
            "label": words.word(word),
            "color": "transparent" if word == "not_placed" else LOOKS[word].color,
            "sign": SIGNS[LOOKS[word].marker][0],
            "shape": SIGNS[LOOKS[word].marker][1],
        }
        for word in order
    }


def stylesheet() -> str:
    """A rule for the sign before each word: ``<span class="look harm">``."""
    rules = []
    for word, look in LOOKS.items():
        sign = SIGNS[look.marker][0]
        colors = (
            f"background: {look.color}; color: {ON_COLOR[word]};"
            if word in ON_COLOR
            else "background: none; color: inherit;"
        )
        rules.append(f'.look.{word}::before {{ content: "{sign}" / ""; {colors} }}')
    return "\n".join(rules) + "\n"
