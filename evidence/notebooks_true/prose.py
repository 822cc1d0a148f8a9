"""Numbers in sentences, and whole passages, bound to what the code gives.

``28<!-- =len(studies) -->`` shows 28 and nothing else where Markdown is read, and
``<!-- [=answer -->All of it.<!-- =] -->`` a passage. What follows the equals sign is what would be
in the braces of an f-string, format included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.notebooks_true.settings import Settings

NUMBER = r"(?:(?<![\w)])[-+−])?(?:\d[\d,'\u202f\u00a0]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
PICTURE = r"!\[[^\]]*\]\([^()\s]+\)"
BOUND = re.compile(
    rf"(?P<shown>{PICTURE}|{NUMBER}\s?%|{NUMBER})<!--\s*=(?!\])(?P<says>.*?)-->", re.S
)
PASSAGE = re.compile(r"<!--\s*\[=(?P<says>.*?)-->(?P<shown>.*?)<!--\s*=\]\s*-->", re.S)
MARKER = re.compile(r"<!--\s*\[?=(?P<says>.*?)-->", re.S)
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
    re.compile(r"</?[A-Za-z][^>\n]*>|https?://\S+|&#?\w+;|\[\^\w+\]"),
]
LISTED = re.compile(r"^([ \t>]*|#+[ \t]+)\d+[.)](?=\s)", re.M)
NAMED = re.compile(
    r"\b[A-Z][\w'’-]+(?: (?:and|&) [A-Z][\w'’-]+| et al\.?)?,? \(?(?:1[5-9]|20)\d\d[a-z]?\b"
)
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
IN_WORDS = re.compile(
    rf"\b(?:(?:{TENS})(?:-[a-z]+)?|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|hundred|thousand|million|billion|trillion)\b",
    re.I,
)
# Not in a name such as x_1, H2O, v2.5 or COVID-19, and not 3D; but in _12_, 12kg and 12th.
PLAIN = re.compile(
    r"(?<![^\W_])(?<![A-Za-z][_-])(?<!\d\.)(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?(?!\d|[Dd]\b)"
)


@dataclass(frozen=True)
class Binding:
    """A number, a passage or a picture of the text, and what it is bound to.

    Attributes
    ----------
    shown : str
        What stands in front of the marker, or between the two of a passage.
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
    """Bound numbers, passages and pictures of a text cell, in their order.

    >>> [
    ...     (one.shown, one.says)
    ...     for one in bindings("Of 28<!-- =n --> studies, 50 %<!-- =x:.0%-->.")
    ... ]
    [('28', 'n'), ('50 %', 'x:.0%')]
    >>> [(one.shown, one.says) for one in bindings("<!-- [=said -->Of 28, 3.<!-- =] -->")]
    [('Of 28, 3.', 'said')]
    """
    source = blank(FENCED, source)
    passages = list(PASSAGE.finditer(source))
    found = [*passages, *BOUND.finditer(blank(PASSAGE, source))]
    return [
        Binding(one["shown"], one["says"].strip(), one.start("shown"), one.end("shown"))
        for one in sorted(found, key=re.Match.start)
    ]


def blank(pattern: re.Pattern[str], source: str) -> str:
    """The text with what matches replaced by blanks, so that places stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)


def unattached(source: str) -> Iterator[str]:
    """Markers without a number or a passage."""
    rest = PASSAGE.sub("", blank(FENCED, source))
    rest = re.sub(r"(`+)(?:(?!\1).)+?\1", "", BOUND.sub("", rest))
    for found in MARKER.finditer(rest):
        yield found[0]


def unbound(source: str, settings: Settings) -> list[str]:
    """Numbers of a text cell that are neither bound nor declared.

    >>> unbound("Of 28 studies 3<!-- =n --> and 70<!-- constant: rule --> `12`.", Settings())
    ['28']
    >>> unbound("Ninety per cent of two.", Settings(words=True))
    ['Ninety']
    """
    text = blank(PASSAGE, blank(FENCED, source))
    text = LISTED.sub(r"\1", BOUND.sub(" ", DECLARED.sub(" ", text)))
    for pattern in NO_PROSE:
        text = pattern.sub(" ", text)
    if settings.years:
        text = NAMED.sub(" ", text)
    found = [one.rstrip(",") for one in PLAIN.findall(text)]
    if settings.words:
        found += IN_WORDS.findall(text)
    return [one for one in found if one.lower() not in settings.constants]


def written(source: str, values: dict[Binding, str]) -> str:
    """The text with what is bound replaced by its values; pictures stay."""
    for one, value in sorted(values.items(), key=lambda item: -item[0].start):
        if not one.is_picture:
            source = source[: one.start] + value + source[one.end :]
    return source
