"""LaTeX in titles and names: to Unicode, and back."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache

DRAWN = {"---": "\u2014", "--": "\u2013", "``": "\u201c", "''": "\u201d", "~": " "}
ESCAPED = re.compile(r"\\([&%#_])")
# A formula that only sets a text higher or lower, as in "CO$_2$" and "m$^{-2}$".
SCRIPT = re.compile(r"(?<!\\)\$[_^](\{[^{}$]*\}|\\[A-Za-z]+|[^\\{}$\s])\$")
UNESCAPED = {mark: re.compile(rf"(?<!\\)\{mark}") for mark in "%&~$"}
# What pylatexenc does not know, or gives as another character than the one meant.
MACROS = {
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textdollar": "$",
    "textunderscore": "_",
    "textquotedbl": '"',
    "-": "",
}
CODES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
} | {mark: "\\" + mark for mark in "$&%#_"}
# Two marks that LaTeX would draw as one; an empty group keeps them apart.
LIGATURES = re.compile(r"-(?=-)|`(?=`)|'(?=')|[!?](?=`)")
# Whatever may have to be written in another way; a text without is written as it stands.
MARKED = re.compile(r"[\\{}^~$&%#_\0]|--|``|''|[!?]`")


def to_unicode(text: str) -> str:
    """LaTeX to Unicode, in one line.

    The decoder is slow and stops at a bare per cent sign. It is asked only for what is more than
    braces, dashes, quotes and escaped marks.

    >>> to_unicode(r"Gains of 50% \\& more -- in {RNA} tests")
    'Gains of 50% & more – in RNA tests'
    """
    if "\\" in text or "$" in text:
        simple = ESCAPED.sub(r"\1", text)
        if "\\" in simple or _has_math(text):
            return " ".join(_decoded(SCRIPT.sub(r"$\1$", text)).split())
        text = simple
    if "--" in text or "``" in text or "''" in text or "~" in text:
        for mark, drawn in DRAWN.items():
            text = text.replace(mark, drawn)
    if "{" in text or "}" in text:
        text = text.replace("{", "").replace("}", "")
    if "  " in text or "\n" in text or "\t" in text or text[:1] == " " or text[-1:] == " ":
        return " ".join(text.split())
    return text


def escaped(text: str, codes: Mapping[str, str]) -> str:
    """A text with the given marks in LaTeX's code, and marks that LaTeX would draw as one kept
    apart.
    """
    if not MARKED.search(text):
        return text
    kept = LIGATURES.sub(lambda found: found[0] + "\0", text.replace("\0", " "))
    return "".join(codes.get(letter, letter) for letter in kept).replace("\0", "{}")


def _has_math(text: str) -> bool:
    """Dollar signs in pairs begin and end a formula; a single one is money."""
    number = len(UNESCAPED["$"].findall(text)) if "$" in text else 0
    return number > 0 and number % 2 == 0


@lru_cache(maxsize=50_000)
def _decoded(text: str) -> str:
    """What pylatexenc makes of it; the text as it stands when it fails."""
    escaped = UNESCAPED["~"].sub(" ", UNESCAPED["&"].sub(r"\\&", UNESCAPED["%"].sub(r"\\%", text)))
    if not _has_math(escaped):
        escaped = UNESCAPED["$"].sub(r"\\$", escaped)
    try:
        return _decoder().latex_to_text(escaped)
    except Exception:  # whatever a third of a formula makes it raise, the text must not be lost
        return text


@lru_cache(maxsize=1)
def _decoder():
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    logging.getLogger("pylatexenc").addHandler(logging.NullHandler())
    known = get_default_latex_context_db()
    known.add_context_category(
        "evidence",
        macros=[MacroTextSpec(name, text) for name, text in MACROS.items()],
        prepend=True,
    )
    return LatexNodes2Text(latex_context=known, keep_comments=True, strict_latex_spaces=True)
