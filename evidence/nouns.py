"""Numbers with their nouns, in the singular and the plural."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "study", "studies"), counted(2, "study", "studies")
    ('1 study', '2 studies')
    """
    return f"{n:,} {number_form(n, one, many)}"


def studies_text(n: int) -> str:
    """How many studies.

    >>> studies_text(1), studies_text(33)
    ('1 study', '33 studies')
    """
    return counted(n, "study", "studies")


def share_of(n: int, whole: int, one: str, many: str) -> str:
    """Some of all, with the noun that goes with all.

    >>> share_of(1, 33, "study", "studies"), share_of(1, 1, "study", "studies")
    ('1 of 33 studies', '1 of 1 study')
    """
    return f"{n:,} of {counted(whole, one, many)}"


def number_form(n: int, one: str, many: str) -> str:
    """The noun or verb that goes with a number.

    >>> number_form(1, "has", "have"), number_form(0, "has", "have")
    ('has', 'have')
    """
    return one if n == 1 else many


def do_not(n: int) -> str:
    """The verb of a sentence on a number.

    >>> f"1 study {do_not(1)} say, 2 {do_not(2)} say"
    '1 study does not say, 2 do not say'
    """
    return number_form(n, "does not", "do not")


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence, with commas and "and".

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def either(names: Iterable[str]) -> str:
    """Different names of one thing, each once.

    >>> either(["worse"]), either(["worse", "more", "worse"]), either("abc")
    ('worse', 'worse or more', 'a, b or c')
    """
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} or {last}" if first else last
