"""Words of a file, and the codes that they stand for."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from evidence.importing.cells import Read
from evidence.model.schema import words_of
from evidence.quoting import code as code_of
from evidence.quoting import with_signs

SIZE_AFTER = re.compile(r"\s*[(\[,;]\s*n\s*=\s*\d+\s*[)\]]?$", re.I)
CODES = {"concluded": words_of("direction"), "observed": words_of("observed_direction")}
AMBIGUOUS = "does not say which way"
# A mistyped word of the method is still read: so many letters of it may differ.
SHORTEST, LONG = 5, 8
TURNING = re.compile("[?¿↑↓⬆⬇▲▼≠¬<>≤≥±]")
DENYING = re.compile(r"un|in|im|ir|non?|dis|des?|mis|anti|ohne|nicht")


@cache
def known() -> dict[str, Any]:
    """The lists of ``words.json``."""
    return json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=10_000)
def tidy(text: str) -> str:
    """A text without capitals, accents and marks between words.

    >>> tidy("  No-significant DIFFERENCE "), tidy("Größe")
    ('no significant difference', 'grosse')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c)).replace("ß", "ss")
    return " ".join(re.sub(r"[^\w%+]|_", " ", letters).split())


@cache
def _nothing() -> frozenset[str]:
    return frozenset(word.casefold() for word in known()["nothing"])


def says_nothing(cell: str) -> bool:
    """Whether a cell says that nothing is known.

    >>> says_nothing("n/a"), says_nothing("none"), says_nothing("0")
    (True, False, False)
    """
    return cell.strip().casefold() in _nothing()


# Columns of names: people are called Na, Nan and Null, so only marks say nothing there.
NAMES = ("study", "study_id", "author", "title", "journal")
NOT_IN_NAMES = frozenset(("", *"-–—_=:?.… "))


def names_nothing(cell: str) -> bool:
    """Whether a cell of a column of names is empty, or holds marks alone.

    >>> names_nothing("Na"), names_nothing("-"), names_nothing("-----")
    (False, True, True)
    """
    return not cell.strip("-–—_=:?.… ")


def nothing_of(target: str) -> Callable[[str], bool]:
    """How a cell of a column says that nothing is known, by what the column is."""
    return names_nothing if target in NAMES else says_nothing


def nothing_among(target: str, cells: Iterable[str]) -> set[str]:
    """The cells of a column that say that nothing is known; none of them is long.

    >>> nothing_among("outcome", ["n/a", "Pain"])
    {'n/a'}
    """
    longest, is_nothing = _longest_nothing(), nothing_of(target)
    if target in NAMES:
        return {cell for cell in cells if cell[-1:] in NOT_IN_NAMES and is_nothing(cell)}
    return {cell for cell in cells if len(cell) <= longest and is_nothing(cell)}


@cache
def _longest_nothing() -> int:
    return max(map(len, _nothing()))


def truth(cell: str, decimal: str = "") -> Read:
    """Yes or no."""
    word = cell.strip().casefold()
    for answer, words in (("true", known()["yes"]), ("false", known()["no"])):
        if word in words or tidy(word) in words:
            return Read((answer,))
    return Read(why=f"{cell!r} is neither yes nor no")


def conclusion(cell: str, decimal: str = "") -> Read:
    """What authors conclude, in a word of the method.

    >>> conclusion("No significant difference").text, conclusion("Benfit").text
    ('no_clear_difference', 'benefit')
    >>> conclusion("positive").why
    "'positive' does not say which way: it can mean a helpful result or a larger number"
    """
    return _direction(cell, "concluded")


def observed(cell: str, decimal: str = "") -> Read:
    """Which way the observed difference points, in a word of the method."""
    return _direction(cell, "observed")


@cache
def _names(lens: str) -> dict[str, str]:
    """Every word that is known for a code of a lens."""
    words = known()["directions"] | (known()["observed"] if lens == "observed" else {})
    codes = {tidy(code): code for code in CODES[lens]}
    return {
        tidy(name): code for code, found in words.items() if code in CODES[lens] for name in found
    } | codes


@lru_cache(maxsize=10_000)
def _direction(cell: str, lens: str) -> Read:
    word, raw, names = tidy(cell), cell.strip().casefold(), _names(lens)
    if raw not in known()["ambiguous"] and (sign := TURNING.search(raw)):
        return Read(why=f"{cell!r} {AMBIGUOUS}: {sign[0]!r} can turn or doubt its word")
    if word in names:
        return Read((names[word],))
    for mark in (raw, word):
        if mark in known()["ambiguous"]:
            return Read(why=f"{cell!r} {AMBIGUOUS}: {known()['ambiguous'][mark]}")
    near = {names[name] for name in _alike(lens).get(_initials(word), ()) if _mistyped(word, name)}
    if len(near) == 1:
        return Read((near.pop(),))
    return Read(why=f"{cell!r} is not one of {', '.join(CODES[lens])}")


def _initials(text: str) -> str:
    """First letters of the words of a text, which a mistyped text shares with the right one."""
    return "".join(word[0] for word in text.split())


@cache
def _alike(lens: str) -> dict[str, list[str]]:
    """Words of a lens by the first letters of their parts."""
    found: dict[str, list[str]] = {}
    for name in _names(lens):
        found.setdefault(_initials(name), []).append(name)
    return found


def _mistyped(text: str, name: str) -> bool:
    """Whether a text is a name with letters mistyped; as many words, of which none denies more.

    >>> _mistyped("benefical", "beneficial"), _mistyped("no diference", "no difference")
    (True, True)
    >>> _mistyped("inimproved", "improved"), _mistyped("not harmful", "now harmful")
    (False, False)
    """
    from rapidfuzz.distance import OSA

    for one, other in zip(text.split(), name.split(), strict=True):
        long = max(len(one), len(other))
        differ = OSA.distance(one, other)
        if differ and (long < SHORTEST or differ > 1 + (long >= LONG)):
            return False
        if differ and (_denies(one, other) or {one, other} & set(known()["denials"])):
            return False
    return True


def _denies(one: str, other: str) -> bool:
    """Whether one of two words is the other with a denying syllable before it.

    >>> _denies("unimproved", "improved"), _denies("unfavourable", "unfavorable")
    (True, False)
    """
    starts = [DENYING.match(word) for word in (one, other)]
    return (starts[0] and starts[0][0]) != (starts[1] and starts[1][0])


def measure(cell: str, decimal: str = "") -> Read:
    """An effect measure: the code of a known one, else a code of its own."""
    code = known_measure(cell) or code_of(with_signs(cell))
    return Read((code,)) if code else Read(why=f"{cell!r} names no measure")


def known_measure(text: str) -> str:
    """The code of a measure that is known; empty for any other.

    >>> known_measure("Odds ratio"), known_measure("g"), known_measure("yield")
    ('OR', 'SMD', '')
    """
    word = tidy(text)
    for code, names in known()["measures"].items():
        if word == tidy(code) or word in names or known()["letters"].get(word) == code:
            return code
    return ""


def design(cell: str, decimal: str = "") -> Read:
    """A design: the code of a known one, else a code of its own."""
    code = _designs().get(tidy(cell))
    return Read((code,)) if code else own(cell)


@cache
def _designs() -> dict[str, str]:
    """The code of each name of a design; of a name that two have, the first."""
    pairs = [
        (name, code) for code, names in known()["designs"].items() for name in (tidy(code), *names)
    ]
    return dict(reversed(pairs))


def without_size(cell: str) -> str:
    """A word without the number of people that some put after it.

    >>> without_size("Usual care (n = 23)"), without_size("Walking, n=12"), without_size("(n=3)")
    ('Usual care', 'Walking', '(n=3)')
    """
    if "=" in cell:
        return SIZE_AFTER.sub("", cell) or cell
    return cell


def own(cell: str, decimal: str = "") -> Read:
    """A word of the file's own vocabulary as a code; spellings that differ only in capitals,
    accents and marks are one word, those that differ in signs are not.

    >>> own("Two Words").text == own("two-words").text
    True
    >>> own("HIV-").text, own("≥65 years").text, own("short- and long-term").text
    ('hiv_minus', 'at_least_65_years', 'short_and_long_term')
    """
    code = code_of(with_signs(without_size(cell)))
    if code:
        return Read((code,))
    return Read(why=f"{cell!r} has neither letters nor digits")
