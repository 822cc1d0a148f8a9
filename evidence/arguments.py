"""What functions are given is looked at before it is used, so that a wrong value gets one message
that says what is allowed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from evidence.errors import UsageError

NEAR = 60  # percent of the characters that two spellings share, from which one may mean the other
LARGEST = 10**9  # more studies, people or years than there are


def one_of(name: str, value: Any, allowed: Iterable[str]) -> str:
    """A word of a short list.

    >>> one_of("unit", "studies", ["study", "cohort"])
    Traceback (most recent call last):
        ...
    evidence.errors.UsageError: unit is 'studies' (did you mean 'study'?); allowed: study, cohort
    """
    words = list(allowed)
    if not isinstance(value, str) or value not in words:
        hint = did_you_mean(value, words)
        meant = f" ({hint})" if hint else ""
        raise UsageError(f"{name} is {value!r}{meant}; allowed: {', '.join(words)}")
    return value


def not_there(what: str, word: Any, known: Iterable[str], others: Iterable[str] = ()) -> str:
    """The message about a name that is not one of the known ones; ``others`` may have been meant
    too.

    >>> not_there("chart", "balnce", ["balance", "harvest"])
    "no chart 'balnce' (did you mean 'balance'?); charts: balance, harvest"
    """
    names = list(known)
    hint = did_you_mean(word, [*names, *others])
    meant = f" ({hint})" if hint else ""
    return f"no {what} {word!r}{meant}; {what}s: {', '.join(names)}"


def did_you_mean(word: Any, known: Iterable[str]) -> str:
    """The question which of some known words was meant; empty when none is near.

    >>> did_you_mean("desing", ["design", "direction"])
    "did you mean 'design'?"
    >>> did_you_mean("zzz", ["design"])
    ''
    """
    near = nearest(word, known, 1)
    return f"did you mean {near[0]!r}?" if near else ""


def nearest(word: Any, known: Iterable[str], most: int = 3, least: int = NEAR) -> list[str]:
    """The words that are spelled most like one, the nearest first; capitals do not count."""
    from rapidfuzz import fuzz, process

    if not isinstance(word, str):
        return []
    words = list(dict.fromkeys(known))
    found = process.extract(
        word.casefold(),
        [one.casefold().replace("_", " ") for one in words],
        processor=lambda text: text.replace("_", " "),
        scorer=fuzz.ratio,
        score_cutoff=least,
        limit=most,
    )
    return [words[place] for _, _, place in found]


def whole(name: str, value: Any, least: int = 0) -> int:
    """A whole number; 3.0 is one, "3" and True are none.

    >>> whole("benefit", 3.0)
    3
    """
    try:
        number = int(value)
        good = (
            number == value
            and least <= number <= LARGEST
            and not isinstance(value, (bool, str, bytes))
        )
    except (TypeError, ValueError, OverflowError):
        good = False
    if not good:
        raise UsageError(f"{name} is {value!r}; allowed: {whole_from(least)}")
    return number


def whole_from(least: int) -> str:
    """The whole numbers that are allowed, in words.

    >>> whole_from(1)
    'a whole number from 1 up to 1,000,000,000'
    """
    return f"a whole number from {least} up to {LARGEST:,}"


def share(name: str, value: Any) -> float:
    """A number between 0 and 1, both excluded."""
    if not (is_number(value) and 0 < value < 1):
        raise UsageError(f"{name} is {value!r}; allowed: a number between 0 and 1, such as 0.95")
    return float(value)


def is_number(value: Any) -> bool:
    """Whether it is one finite number; True and False are none."""
    try:
        return (
            not isinstance(value, (bool, str, bytes))
            and math.isfinite(value)
            and float(value) == value
        )
    except (TypeError, ValueError, OverflowError):
        return False


def listed(name: str, value: Any) -> list[Any]:
    """The members of a list, tuple or the like, never those of a text."""
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes)):
        raise UsageError(f"{name} is {value!r}; allowed: a list")
    return list(value)
