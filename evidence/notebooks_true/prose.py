"""Numbers in sentences, bound to what the code gives.

``28<!-- =len(studies) -->`` shows 28 and nothing else where Markdown is read. What follows
the equals sign is what would be in the braces of an f-string, format included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.notebooks_true.settings import Settings

NUMBER = r"(?:(?<![\w)])[-+−])?(?:\d[\d,'\u202f\u00a0]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
PICTURE = r"!\[[^\]]*\]\([^()\s]+\)"
BOUND = re.compile(rf"(?P<shown>{PICTURE}|{NUMBER}\s?%|{NUMBER})<!--\s*=(?P<says>.*?)-->", re.S)
MARKER = re.compile(r"<!--\s*=(?P<says>.*?)-->", re.S)
DECLARED = re.compile(rf"{NUMBER}\s?%?<!--\s*constant\b(?::[^>]*?)?\s*-->", re.S)
FENCED = re.compile(r"^(```+|~~~+)[^\n]*\n.*?^\1[ \t]*$", re.M | re.S)
# What is not prose: fenced code, code, formulas, targets of links, addresses, tags and comments.
NO_PROSE = [
    FENCED,
    re.compile(r"(`+).+?\1", re.S),
    re.compile(r"\$\$.+?\$\$|\$(?=\S)[^$\n]+?(?<=\S)\$(?!\d)", re.S),
    re.compile(r"(?<=\])\([^)]*\)"),
    re.compile(r"^\[[^\]]+\]:.*$", re.M),
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"<[^>\n]+>|https?://\S+|&#?\w+;"),
]
LISTED = re.compile(r"^([ \t>]*|#+[ \t]+)\d+[.)](?=\s)", re.M)
NAMED = re.compile(
    r"\b[A-Z][\w'’-]+(?: (?:and|&) [A-Z][\w'’-]+| et al\.?)?,? \(?(?:1[5-9]|20)\d\d[a-z]?\b"
)
PLAIN = re.compile(r"(?<![\w.])(?<![A-Za-z]-)\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w)")


@dataclass(frozen=True)
class Binding:
    """A number of the text, or a picture, and what it is bound to.

    Attributes
    ----------
    shown : str
        What stands in front of the marker.
    says : str
        The expression, with its format.
    start, end : int
        Where ``shown`` stands in the source.
    """

    shown: str
    says: str
    start: int
    end: int

    @property
    def is_picture(self) -> bool:
        return self.shown.startswith("![")

    @property
    def target(self) -> str:
        """File of a picture."""
        return self.shown.rpartition("](")[2][:-1]

    def expression(self) -> str:
        """What the kernel evaluates to a text."""
        if self.is_picture:
            return f"__import__('sys').modules['_true_notebooks_marks'].png({self.says})"
        return f"f'''{{{self.says}}}'''"


def bindings(source: str) -> list[Binding]:
    """Bound numbers and pictures of a text cell.

    >>> [
    ...     (one.shown, one.says)
    ...     for one in bindings("Of 28<!-- =n --> studies, 50 %<!-- =x:.0%-->.")
    ... ]
    [('28', 'n'), ('50 %', 'x:.0%')]
    """
    source = blank(FENCED, source)
    return [
        Binding(found["shown"], found["says"].strip(), found.start("shown"), found.end("shown"))
        for found in BOUND.finditer(source)
    ]


def blank(pattern: re.Pattern[str], source: str) -> str:
    """The text with what matches replaced by blanks, so that places stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)


def unattached(source: str) -> Iterator[str]:
    """Markers that follow no number."""
    rest = blank(FENCED, source)
    rest = re.sub(r"(`+)(?:(?!\1).)+?\1", "", BOUND.sub("", rest))
    for found in MARKER.finditer(rest):
        yield found[0]


def unbound(source: str, settings: Settings) -> list[str]:
    """Numbers of a text cell that are neither bound nor declared.

    >>> unbound("Of 28 studies 3<!-- =n --> and 70<!-- constant: rule --> `12`.", Settings())
    ['28']
    """
    text = LISTED.sub(r"\1", BOUND.sub(" ", DECLARED.sub(" ", blank(FENCED, source))))
    for pattern in NO_PROSE:
        text = pattern.sub(" ", text)
    if settings.years:
        text = NAMED.sub(" ", text)
    found = [one.rstrip(",") for one in PLAIN.findall(text)]
    return [one for one in found if one not in settings.constants]


def written(source: str, values: dict[Binding, str]) -> str:
    """The text with what is bound replaced by its values; pictures stay."""
    for one, value in sorted(values.items(), key=lambda item: -item[0].start):
        if not one.is_picture:
            source = source[: one.start] + value + source[one.end :]
    return source
