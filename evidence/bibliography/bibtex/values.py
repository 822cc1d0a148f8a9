"""What a BibTeX value says: its braces, quotes, abbreviations and joins resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.bibliography.bibtex.blocks import line_of
from evidence.errors import Fault
from evidence.files import LARGEST_CELL

if TYPE_CHECKING:
    from bibtexparser.library import Library

# Every BibTeX style defines these twelve.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NESTED = re.compile(r"\{[^{}\\]*(?:(?:\\.|\{[^{}\\]*(?:\\.[^{}\\]*)*\})[^{}\\]*)*\}", re.S)
MARK = re.compile(r'(?<!\\)[{}"#]')
SWALLOWED = re.compile(
    r'(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|"[^"]*"|[^\s={}",]+)\s+([A-Za-z][\w:.+-]*)\s*=\s*(.+)', re.S
)


@dataclass(frozen=True)
class Value:
    """A value as text.

    Attributes
    ----------
    text : str
        What it says, LaTeX and all.
    problem : str
        What is wrong with it; empty when nothing is.
    swallowed : tuple of (str, str)
        Name and value of the field that a missing comma made a part of this one; empty when there
        is none.
    """

    text: str
    problem: str = ""
    swallowed: tuple[str, str] | tuple[()] = ()


def inner(raw: str) -> str | None:
    """The text of a value in one pair of braces; None for any other, which :func:`read_value` takes
    apart.

    >>> inner("{The {DNA} Register}"), inner('"quoted"'), inner("{a} # {b}")
    ('The {DNA} Register', None, None)
    """
    if (
        raw[:1] == "{"
        and raw[-1:] == "}"
        and (("{" not in raw[1:] and "\\" not in raw) or NESTED.fullmatch(raw))
    ):
        return raw[1:-1]
    return None


def read_value(raw: str, strings: Mapping[str, str]) -> Value:
    """The text of a value, and what is wrong with it.

    >>> read_value('{The } # jn # "!"', {"jn": "Journal"})
    Value(text='The Journal!', problem="is joined with '#'", swallowed=())
    >>> read_value("vol", {}).problem
    "'vol' is an undefined @string"
    """
    text = inner(raw)
    if text is not None:
        return Value(text)
    found = SWALLOWED.fullmatch(raw)
    if found and not _enclosed(raw):
        name = found[2]
        return Value(
            read_value(found[1], strings).text,
            f"a comma is missing after this field, which swallows {name!r}",
            (name, found[3].strip()),
        )
    parts = _parts(raw)
    texts = [_part(part.strip(), strings) for part in parts]
    if sum(map(len, filter(None, texts))) > LARGEST_CELL > len(raw):
        # abbreviations of abbreviations double without end
        return Value("", f"stands for more than {LARGEST_CELL:,} characters, and was left out")
    undefined = [part.strip() for part, said in zip(parts, texts, strict=True) if said is None]
    whole = "".join(
        part.strip() if said is None else said for part, said in zip(parts, texts, strict=True)
    )
    problem = ""
    if undefined:
        problem = "is empty"
        if undefined[0]:
            problem = f"{undefined[0]!r} is an undefined @string"
    elif len(parts) > 1:
        problem = "is joined with '#'"
    return Value(whole, problem)


def strings_of(library: Library, shown: str) -> tuple[dict[str, str], list[Fault]]:
    """What each ``@string`` stands for, by its name in lower case; and what is wrong."""
    known: dict[str, str] = {}
    faults = []
    for string in library.strings:
        value = read_value(string.value, known)
        known[string.key.lower()] = value.text
        if value.problem and not value.problem.startswith("is joined"):
            faults.append(
                Fault(
                    shown,
                    line_of(string),
                    string.key,
                    value.problem,
                    "{text in braces}",
                    "bibliography",
                )
            )
    return known, faults


def _enclosed(raw: str) -> bool:
    """Whether one pair of braces or quotes holds all of it."""
    return len(raw) > 1 and _unwrapped(raw) is not None


def _unwrapped(raw: str) -> str | None:
    from bibtexparser.library import Library
    from bibtexparser.middlewares import RemoveEnclosingMiddleware
    from bibtexparser.model import String

    string = RemoveEnclosingMiddleware().transform_string(String("", raw), Library())
    if string.enclosing == "no-enclosing" or string.value == raw:
        return None
    return string.value


def _parts(raw: str) -> list[str]:
    """Pieces between the '#' that stand in neither braces nor quotes."""
    parts, begin, depth, quoted = [], 0, 0, False
    for mark in MARK.finditer(raw):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
        elif mark[0] == '"' and not depth:
            quoted = not quoted
        elif mark[0] == "#" and not depth and not quoted:
            parts.append(raw[begin : mark.start()])
            begin = mark.end()
    return [*parts, raw[begin:]]


def _part(part: str, strings: Mapping[str, str]) -> str | None:
    if part.isdigit():
        return part
    text = _unwrapped(part)
    if text is not None:
        return text
    name = part.lower()
    return strings.get(name, name if name in MONTHS else None)
