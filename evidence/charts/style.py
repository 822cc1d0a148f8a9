"""The design of all charts: fonts, sizes of text and pages, colours."""

from __future__ import annotations

import threading
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.ft2font import LoadFlags

from evidence.errors import UsageError
from evidence.model.source_notices import MARK

HERE = Path(__file__).parent
STYLE = HERE / "evidence.mplstyle"
FONTS = HERE / "fonts"
SCREEN, JOURNAL = "Evidence Inter", "Evidence Arimo"
INK = "#1b1f24"
WHITE = "#ffffff"
SOFT = "#5a6169"  # subtitles, notes, ticks: 6 to 1 on white
RULE = "#d5d9de"  # lines that lead the eye and mean nothing
BAND = "#f2f4f6"
FAINT = "#9aa1aa"  # lines that mean something, but less than the marks
EDGE = "#6b727b"  # outline of a sign that is drawn empty
LINE = 1.28  # height of a line, in em
MM = 1 / 25.4


@dataclass(frozen=True)
class Look:
    """How a direction is drawn: fill, marker, and a hatch for prints in grey."""

    color: str
    hatch: str
    marker: str
    grey: str = WHITE


# Distinguished by lightness: 39, 49, 70 and 84 of 100, for every kind of vision.
LOOKS = {
    "benefit": Look("#0b5ea8", "", "^", "#3a3a3a"),
    "no_clear_difference": Look("#a4abb5", "..", "o", "#b5b5b5"),
    "mixed": Look("#f3cf5f", "xx", "D", "#e8e8e8"),
    "harm": Look("#cc4a08", "//", "v", "#8a8a8a"),
    "null": Look("#a4abb5", "..", "o", "#b5b5b5"),
    "not_placed": Look(WHITE, "", "s", WHITE),
}
NEUTRAL = Look("#4d6a80", "", "o", "#5f5f5f")
# What is neither benefit nor harm: for a claim, included, read.
MAIN = Look("#35516b", "", "o", "#3a3a3a")
HOLLOW = Look(WHITE, "", "o", WHITE)
# Of some markers, so that they look as large as a square of the same size.
WIDTHS = {"D": 0.78, "^": 1.1, "v": 1.1}
EDGES = {"not_placed": "#8b929b"}  # outline of what is drawn empty


@dataclass(frozen=True)
class Size:
    """What a picture is made for.

    Attributes
    ----------
    name : str
    width, most : float
        Inches; a chart that is higher than ``most`` continues on further pages.
    fixed : bool
        Whether every page is ``most`` high.
    text, small, title : float
        Points: of words, of notes and ticks (the smallest text), of the title.
    margin : float
        Inches on all sides.
    dpi : int
    family : str
        Font.
    titled : bool
        Whether title, subtitle and notes are drawn; else they stand in the caption alone.
    grey : bool
        Whether colours are greys with hatches.
    """

    name: str
    width: float
    most: float
    fixed: bool
    text: float
    small: float
    title: float
    margin: float
    dpi: int
    family: str = SCREEN
    titled: bool = True
    grey: bool = False

    @property
    def em(self) -> float:
        """Inches of one em: the unit in which charts are laid out."""
        return self.text / 72

    @property
    def spacing(self) -> float:
        """Matplotlib's spacing of lines that makes a line LINE em high."""
        return LINE / {SCREEN: 1.21, JOURNAL: 1.15}[self.family]

    @property
    def across(self) -> float:
        """Width between the margins, in em."""
        return (self.width - 2 * self.margin) / self.em

    def look(self, word: str) -> Look:
        """How a direction looks."""
        return LOOKS[word]

    def fill(self, look: Look, edge: str | None = None) -> dict[str, Any]:
        """Fill of bars and areas."""
        if self.grey:
            return {
                "facecolor": look.grey,
                "hatch": look.hatch,
                "edgecolor": WHITE if look.grey == "#3a3a3a" else "#333333",
                "linewidth": 0.5,
            }
        hollow = look.color == WHITE
        outline = edge or (EDGES["not_placed"] if hollow else WHITE)
        return {"facecolor": look.color, "edgecolor": outline, "linewidth": 0.7}

    def color(self, look: Look) -> str:
        """Colour of a mark."""
        return look.grey if self.grey else look.color


SIZES = {
    "web": Size("web", 9.0, float("inf"), False, 10.5, 9.0, 17.0, 0.32, 192),
    "slide": Size("slide", 40 / 3, 7.5, True, 18.0, 18.0, 26.0, 0.5, 144),
    "paper": Size(
        "paper", 183 * MM, 170 * MM, False, 7.0, 6.0, 7.0, 0.04, 600, family=JOURNAL, titled=False
    ),
    "print": Size("print", 180 * MM, 255 * MM, False, 9.5, 8.5, 14.0, 0.1, 300, grey=True),
}
DEFAULT_SIZE = "web"

_DRAWING = threading.RLock()


@lru_cache(1)
def _add_fonts() -> None:
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


@contextmanager
def styled(size: str | Size = DEFAULT_SIZE) -> Iterator[Size]:
    """Matplotlib in the house style at one of the sizes, for as long as the block lasts.

    A character that no font has is drawn as a box, without a warning: the alt text and the data
    hold it as it is. One thread at a time: Matplotlib's settings are those of the whole process,
    and a notebook draws in cells and in controls at once.
    """
    if isinstance(size, str) and size not in SIZES:
        raise UsageError(f"size is {size!r}; allowed: {', '.join(SIZES)}")
    chosen = SIZES[size] if isinstance(size, str) else size
    _add_fonts()
    with _DRAWING, mpl.rc_context(fname=str(STYLE)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ")
        mpl.rcParams["font.family"] = [chosen.family, "DejaVu Sans"]
        for name in ("font.size", "axes.labelsize", "axes.titlesize"):
            mpl.rcParams[name] = chosen.text
        for name in ("xtick.labelsize", "ytick.labelsize", "legend.fontsize"):
            mpl.rcParams[name] = chosen.small
        yield chosen


@lru_cache
def _font_files(family: str, bold: bool) -> list[str]:
    weight = "bold" if bold else "normal"
    found = font_manager.FontProperties(family=[family, "DejaVu Sans"], weight=weight)
    return font_manager.fontManager._find_fonts_by_props(found)


@lru_cache(200_000)
def _inked(text: str, family: str, bold: bool) -> float:
    """Width of what is inked of a line, in em."""
    font = font_manager.get_font(_font_files(family, bold))
    font.set_size(100, 72)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ")
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)  # the fonts hold no hints
    return float(font.get_width_height()[0]) / 64 / 100


@lru_cache(200_000)
def _word_width(word: str, family: str, bold: bool) -> float:
    """Width of a word with the space on both sides of its letters, in em. Words come again, lines
    do not: measuring lines takes several times as long.
    """
    return _inked(f"n{word}n", family, bold) - _inked("nn", family, bold)


def _line_width(line: str, family: str, bold: bool) -> float:
    words = line.split(" ")
    between = (len(words) - 1) * _word_width(" ", family, bold)
    return sum(_word_width(word, family, bold) for word in words) + between


def text_width(text: str, size: Size, points: float = 0, bold: bool = False) -> float:
    """Width of the longest line of a text, in em of the size."""
    _add_fonts()
    longest = max(_line_width(line, size.family, bold) for line in text.split("\n"))
    return longest * (points or size.text) / size.text * 1.02


def wrap(
    text: str, width: float, size: Size, points: float = 0, bold: bool = False, most: int = 12
) -> str:
    """Text in lines that fit a width (in em of the size); at most so many lines."""

    def wide(part: str) -> float:
        return text_width(part, size, points, bold)

    def starts(word: str, n: int) -> float:
        return wide(word[:n])

    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if wide(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while wide(word) > width and len(word) > 2:
                fits = max(1, bisect_right(range(1, len(word)), width, key=partial(starts, word)))
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        while last and wide(f"{last} …") > width:
            last = last[: last.rfind(" ")] if " " in last else last[:-1]
        lines = [*lines[: most - 1], f"{last} …"]
    return "\n".join(lines)


def height_of(text: str, size: Size, points: float = 0) -> float:
    """Height of a wrapped text, in em of the size; nothing for no text."""
    lines = text.count("\n") + 1 if text else 0
    return lines * LINE * (points or size.text) / size.text


def cut(name: str, most: int) -> str:
    """A name of at most ``most`` characters; that a paper was retracted is never cut off.

    >>> cut("Somebody et al. 2001", 12), cut("Somebody et al. 2001 (retracted)", 12)
    ('Somebody et…', 'Somebody et… (retracted)')
    """
    stem = name.removesuffix(MARK)
    return (stem if len(stem) <= most else stem[: most - 1].rstrip() + "…") + name[len(stem) :]


def widest(texts: Sequence[str], size: Size, points: float = 0, bold: bool = False) -> float:
    """Width of the widest of some texts, in em of the size."""
    return max((text_width(text, size, points, bold) for text in texts), default=0.0)
