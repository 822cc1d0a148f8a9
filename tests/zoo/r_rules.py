"""R as far as a script is split into words: strings, comments, names, numbers, operators."""

from __future__ import annotations

import re

WORDS = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<name>`[^`]*`|[A-Za-z.][\w.]*(?:::[A-Za-z.][\w.]*)?)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<operator>%[^%\n]*%|<-|->|<=|>=|==|!=|\|\||&&|[-+*/^<>=!&|~?:$@,;(){}\[\]])
    |(?P<space>\s+)""",
    re.X | re.S,
)


def words(script: str) -> list[tuple[str, str]]:
    """Kind and text of each word; what is not R raises."""
    found, place = [], 0
    while place < len(script):
        word = WORDS.match(script, place)
        assert word and word.lastgroup, f"no R: {script[place : place + 40]!r}"
        if word.lastgroup != "space":
            found.append((word.lastgroup, word[0]))
        place = word.end()
    return found


def runs(script: str) -> list[str]:
    """What of a script runs: everything but comments, strings without what they hold."""
    return [
        "string" if kind == "string" else text for kind, text in words(script) if kind != "comment"
    ]


def told(literal: str) -> str:
    """The text of a string, as R reads it."""
    escapes = re.sub(
        r"\\U([0-9a-f]{8})",
        lambda found: chr(int(found[1], 16)),
        literal[1:-1].replace("\\\\", "\0"),
    )
    return escapes.replace('\\"', '"').replace("\0", "\\")
