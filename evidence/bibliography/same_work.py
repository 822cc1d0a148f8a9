"""What speaks against two records being one work: numbers that differ, a correction, another part.

One rule for all who compare papers: the intake of spreadsheets, and the search for duplicates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NUMBERS = ("doi", "pmid", "pmcid")
NOTICE = re.compile(
    r"^\W*(?:(?:author|publisher|editorial)s?\W*)?(?:"
    r"(?:correction|corrigend(?:um|a)|errat(?:um|a)|addend(?:um|a)|retraction|retraction note)"
    r"(?:\s+(?:to|for|of|notice|note)\b|\s*[:.\-–—\]])"
    r"|expression of concern\b"
    r"|(?:comment|commentary|reply|response|letter)\s+(?:to|on|re|from)\b"
    r"|(?:comment|commentary|reply|re|in reply|authors? reply)\s*[:\-–—]"
    r")",
    re.I,
)
PARTS = {
    **{
        word: number
        for number, word in enumerate(
            ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), start=1
        )
    },
    **{
        word: number
        for number, word in enumerate(
            ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
        )
    },
    **{
        word: number
        for number, word in enumerate(
            ("first", "second", "third", "fourth", "fifth", "sixth"), start=1
        )
    },
}
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


def numbers_that_differ(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The numbers that both have, and that are not the same.

    >>> numbers_that_differ({"doi": "10.1/a", "pmid": "7"}, {"doi": "10.1/B", "pmid": "7"})
    ['doi']
    """
    both = [name for name in NUMBERS if one.get(name) and other.get(name)]
    return [name for name in both if one[name].casefold() != other[name].casefold()]


def is_notice(title: str) -> bool:
    """Whether a title is that of a correction, a retraction, a comment or a reply.

    >>> is_notice("Correction to: Tea and sleep"), is_notice("Correction of gait by tea")
    (True, True)
    >>> is_notice("Response of plants to tea")
    False
    """
    return bool(NOTICE.search(title))


def other_works(one: str, other: str) -> bool:
    """Whether two titles, however alike, are those of two works.

    >>> other_works("Tea and sleep. Part 1", "Tea and sleep. Part 2")
    True
    >>> other_works("Tea and sleep", "Erratum: Tea and sleep")
    True
    >>> other_works("Tea and sleep in adults", "Tea and sleep in the adults")
    False
    """
    if not (one and other):
        return is_notice(one or other)
    return is_notice(one) != is_notice(other) or _parts(one) != _parts(other)


def _parts(title: str) -> list[int | str]:
    """Numbers in a title, in any spelling, and the letters of its parts."""
    words = re.findall(r"[^\W_]+", title.casefold())
    found: list[int | str] = []
    for before, word in zip(["", *words], words, strict=False):
        ordinal = ORDINAL.fullmatch(word)
        if word.isdecimal() or ordinal:
            found.append(int(ordinal[1] if ordinal else word))
        elif word in PARTS:
            found.append(PARTS[word])
        elif before in ("part", "study", "experiment", "paper") and len(word) == 1:
            found.append(word)
    return sorted(found, key=str)
