"""How a direction looks on the page: the colours of the charts, and a sign for each, so that colour
is never the only one.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from typing import Any

from evidence.charts.style import BAND, FONTS, INK, LOOKS, NEUTRAL, RULE, SCREEN, SOFT
from evidence.charts.words import Words
from evidence.model.dictionary import lower_first
from evidence.site.dark_drawing import DARK, NEUTRAL_DARK

# Markers of the charts as characters and as shapes of Vega.
SIGNS = {
    "^": ("▲", "triangle-up"),
    "v": ("▼", "triangle-down"),
    "o": ("●", "circle"),
    "D": ("◆", "diamond"),
    "s": ("□", "square"),
}
LICENCE = FONTS / "OFL.txt"
WEIGHTS = {"Inter-Regular": 400, "Inter-SemiBold": 600}
# Text on a patch of the colour; each pair has a contrast of at least 4.5 to 1.
ON_COLOR = {
    "benefit": "#ffffff",
    "harm": "#ffffff",
    "no_clear_difference": "#000000",
    "null": "#000000",
    "mixed": "#000000",
}


def looks(words: Words) -> dict[str, dict[str, Any]]:
    """Label (``small`` within a sentence), colour, sign and shape of each word, from harm to what
    could not be placed.

    >>> import evidence
    >>> looks(evidence.charts.words(evidence.load()))["benefit"]["sign"]
    '▲'
    """
    order = ("harm", "benefit", "no_clear_difference", "mixed", "not_placed")
    return {
        word: {
            "label": words.word(word),
            "small": lower_first(words.word(word)),
            "color": "transparent" if word == "not_placed" else LOOKS[word].color,
            "sign": SIGNS[LOOKS[word].marker][0],
            "shape": SIGNS[LOOKS[word].marker][1],
        }
        for word in order
    }


def font_faces(letters: Iterable[str]) -> str:
    """The fonts of the charts for a style sheet, cut down to some letters and those of ASCII.

    They stand inside of the style sheet: so they are there before the page is painted, and nothing
    moves.
    """
    wanted = frozenset(map(ord, letters)) | frozenset(range(0x20, 0x7F))
    return "".join(
        f'@font-face {{ font-family: "{SCREEN}"; font-weight: {weight}; font-display: swap;'
        f" src: url(data:font/woff;base64,{b64encode(font(name, wanted)).decode()})"
        f" format('woff'); }}\n"
        for name, weight in WEIGHTS.items()
    )


def palette() -> str:
    """The colours of the charts as a style sheet: as variables, a sign before each word
    (``<span class="look harm">``) and a fill for each square (``<i class="sq harm">``).
    """
    colors = {"ink": INK, "soft": SOFT, "rule": RULE, "band": BAND, "neutral": NEUTRAL.color}
    colors |= {word.replace("_", "-"): look.color for word, look in LOOKS.items()}
    named = " ".join(f"--{name}: {color};" for name, color in colors.items())
    dark = {**DARK, "neutral": NEUTRAL_DARK}
    for_dark = " ".join(f"--{name.replace('_', '-')}: {color};" for name, color in dark.items())
    rules = [f":root {{ {named} }}"]
    rules.append(f"@media (prefers-color-scheme: dark) {{ :root {{ {for_dark} }} }}")
    for word, look in LOOKS.items():
        sign, variable = SIGNS[look.marker][0], f"var(--{word.replace('_', '-')})"
        filled = word in ON_COLOR
        painted = f"background: {look.color}; color: {ON_COLOR.get(word, '')};"
        empty = "background: none; color: inherit;"
        style = painted if filled else empty
        rules.append(f'.look.{word}::before {{ content: "{sign}" / ""; {style} }}')
        rules.append(f".sq.{word} {{ background: {variable}; }}" if filled else "")
    return "\n".join(filter(None, rules)) + "\n"


@cache
def font(name: str, letters: frozenset[int]) -> bytes:
    """A font of the charts, cut down to some letters."""
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    whole = TTFont(FONTS / f"{name}.ttf", recalcTimestamp=False)
    cut = subset.Subsetter(subset.Options(layout_features=["kern", "tnum", "liga"]))
    cut.populate(unicodes=letters)
    cut.subset(whole)
    whole.flavor = "woff"
    content = io.BytesIO()
    whole.save(content, reorderTables=False)
    return content.getvalue()
