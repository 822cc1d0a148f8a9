"""JSON whose every wrong value can be named, with its line and the way to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.errors import Fault
from evidence.files import UnreadableFile, read_text
from evidence.quoting import HIDDEN

PLAIN = "plain text; of one line, but for descriptions"
Way = tuple[str | int, ...]
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(slots=True)
class Node:
    """A value in a JSON file, and the way to it; wrong values are written down, and a harmless one
    is given in their place.

    Attributes
    ----------
    value : Any
        The value; None when it is absent.
    way : tuple of str or int
        Keys and positions from the top.
    faults : list of (way, message, allowed)
        Shared by all nodes of a file.

    Examples
    --------
    >>> top = Node({"title": 7})
    >>> top.get("title").text("untitled"), top.faults
    ('untitled', [(('title',), '7 is not a text', 'a text in quotes')])
    """

    value: Any
    way: Way = ()
    faults: list[tuple[Way, str, str]] = field(default_factory=list)

    def wrong(self, message: str, allowed: str) -> None:
        """Write a fault down."""
        self.faults.append((self.way, message, allowed))

    def get(self, key: str) -> Node:
        """A member of an object."""
        return Node(
            self.value.get(key) if isinstance(self.value, dict) else None,
            (*self.way, key),
            self.faults,
        )

    def _refused(self, kind: str, allowed: str, needed: bool) -> None:
        if self.value is not None:
            self.wrong(f"{_shown(self.value)} is not {kind}", allowed)
        elif needed:
            self.wrong("is missing", allowed)

    def object(self, needed: bool = False) -> Node:
        """Itself when it is an object, else an empty one."""
        if isinstance(self.value, dict):
            return self
        self._refused("an object", "{...}", needed)
        return Node({}, self.way, self.faults)

    def members(self, needed: bool = False) -> list[Node]:
        """The members of a list; none when it is not a list."""
        if isinstance(self.value, list):
            return [
                Node(value, (*self.way, place), self.faults)
                for place, value in enumerate(self.value)
            ]
        self._refused("a list", "[...]", needed)
        return []

    def text(self, default: str = "", needed: bool = False) -> str:
        """A text of one line, without characters that cannot be shown: it ends up in titles,
        scripts, names and on terminals.
        """
        return self._text(default, needed, "")

    def lines(self, default: str = "") -> str:
        """A text that may have several lines, such as a description."""
        return self._text(default, False, "\n\t")

    def refuse_hidden(self) -> None:
        """Refuse characters that cannot be shown, however deep they stand in it, and in names of
        its members.
        """
        if not _holds_hidden(self.value):  # as nearly always, and quicker than a node for each
            return
        if isinstance(self.value, str):
            self.lines()
        elif isinstance(self.value, list):
            for member in self.members():
                member.refuse_hidden()
        elif isinstance(self.value, dict):
            for key in self.value:
                Node(key, self.way, self.faults).text()
                self.get(key).refuse_hidden()

    def _text(self, default: str, needed: bool, kept: str) -> str:
        if not isinstance(self.value, str):
            self._refused("a text", "a text in quotes", needed)
            return default
        found = HIDDEN.search(self.value)
        if found and HIDDEN.search(self.value.translate(dict.fromkeys(map(ord, kept)))):
            self.wrong(
                f"{_shown(self.value)} holds a line break, or characters that cannot be shown",
                PLAIN,
            )
            return default
        if needed and not self.value:
            self.wrong("is empty", "a text")
            return default
        return self.value

    def flag(self) -> bool:
        """True or false; false when it is absent."""
        if isinstance(self.value, bool):
            return self.value
        self._refused("true or false", "true or false, without quotes", False)
        return False

    def number(self) -> float | int | None:
        """A finite number; None when it is absent."""
        if (
            isinstance(self.value, (int, float))
            and not isinstance(self.value, bool)
            and abs(self.value) < 1e300
        ):
            return self.value
        self._refused("a number", "a number, without quotes", False)
        return None


def read_json(path: Path) -> tuple[Node, str]:
    """The top of a JSON file, and its text.

    Refused are also a key twice in one object, NaN and Infinity, and nesting without end.
    """
    text = read_text(path).removeprefix("\ufeff")
    try:
        return Node(json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)), text
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"is not readable as JSON: {error.msg}",
            "JSON; a comma between members, texts in double quotes",
            error.lineno,
        ) from None
    except _Twice as error:
        raise UnreadableFile(
            f"{_shown(error.args[0])} is there more than once in one object",
            "each key once",
            _second(text),
        ) from None
    except _Constant as error:
        line = next((line for _, line, token in _tokens(text) if token == error.args[0]), 0)
        raise UnreadableFile(
            f"{error.args[0]} is not JSON", "a finite number, or null", line
        ) from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, RecursionError):
            what = "is nested too deeply"
        else:
            what = "holds a number with too many digits"
        raise UnreadableFile(what, "JSON that a data dictionary needs") from None


def located(faults: Sequence[tuple[Way, str, str]], text: str, shown: str) -> list[Fault]:
    """Faults of nodes with the lines on which they stand; of something absent, the line of what
    lacks it.
    """
    lines = dict(_places(text)) if faults else {}
    found = []
    for way, message, allowed in dict.fromkeys(faults):
        there = next(
            (way[:length] for length in range(len(way), -1, -1) if way[:length] in lines), ()
        )
        found.append(
            Fault(shown, lines.get(there, 1), written(way), message, allowed, "dictionary")
        )
    return found


def written(way: Way) -> str:
    """The way to a value as one would type it.

    >>> written(("resources", 0, "path"))
    'resources[0].path'
    """
    return "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in way
    ).removeprefix(".")


class _Twice(ValueError):
    pass


class _Constant(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for place, key in enumerate(keys) if key in keys[:place]))
    return made


def _no_constant(name: str) -> Any:
    raise _Constant(name)


def _holds_hidden(value: Any) -> bool:
    """Whether a character that cannot be shown, or a line break, stands anywhere in it."""
    if isinstance(value, str):
        return HIDDEN.search(value) is not None
    if isinstance(value, list):
        return any(map(_holds_hidden, value))
    if isinstance(value, dict):
        return any(map(_holds_hidden, value)) or any(map(_holds_hidden, value.values()))
    return False


KINDS: dict[type, str] = {dict: "an object", list: "a list"}


def _shown(value: Any) -> str:
    said = KINDS.get(type(value)) or repr(value)
    return said if len(said) <= 60 else said[:57] + "..."


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    line, seen = 1, 0
    for found in TOKEN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield seen, line, found[0]


def _second(text: str) -> int:
    """Line of the first value whose way was there before."""
    seen = set()
    for way, line in _places(text):
        if way in seen:
            return line
        seen.add(way)
    return 0


def _places(text: str) -> Iterator[tuple[Way, int]]:
    """The way to every value of a JSON text that can be read, and the line on which it begins."""
    way: list[str | int] = []
    expects_key = False
    for _, line, token in _tokens(text):
        if token in "{[":
            yield tuple(way), line
            expects_key = token == "{"
            way.append("" if expects_key else 0)
        elif token in "}]":
            way.pop()
            expects_key = False
        elif token == ",":
            if isinstance(way[-1], int):
                way[-1] += 1
            else:
                expects_key = True
        elif token == ":":
            expects_key = False
        elif expects_key:
            way[-1] = json.loads(token)
        else:
            yield tuple(way), line
