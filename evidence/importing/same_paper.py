"""Whether the authors and the journals of two records can be those of one paper, as tables and
libraries write them: with initials or names, abbreviated or whole.
"""

from __future__ import annotations

import re
from functools import lru_cache

from evidence.checks.references import plain

LIKE = 80  # percent of likeness of two spellings of one family name, or of one word
SHORTEST = 5  # letters of a family name that may be mistyped
ENGLISH = ("the", "of", "and", "for", "in", "on", "a", "an")
OTHERS = ("de", "la", "le", "les", "et", "der", "die", "das", "und", "fur", "des", "y")
SMALL = frozenset([*ENGLISH, *OTHERS])


@lru_cache(maxsize=50_000)
def people(author: str) -> tuple[tuple[str, str], ...]:
    """Family name and given names of each author, in plain letters.

    >>> people("Wang, L. and Li, Jun and others"), people("{World Health Organization}")
    ((('wang', 'l'), ('li', 'jun')), (('world health organization', ''),))
    """
    told = []
    for one in author.split(" and "):
        family, _, given = one.strip("{} ").partition(",")
        if plain(family) and plain(family) != "others":
            told.append((plain(family), plain(given)))
    return tuple(told)


def families_fit(one: str, other: str) -> bool:
    """Whether two family names can be of one person: a name in common, or nearly.

    >>> families_fit("van der berg", "berg"), families_fit("muller", "mueller")
    (True, True)
    >>> families_fit("olsen", "zorn"), families_fit("li", "liu")
    (False, False)
    """
    from rapidfuzz import fuzz

    if set(one.split()) & set(other.split()):
        return True
    return min(len(one), len(other)) >= SHORTEST and fuzz.ratio(one, other) >= LIKE


def first_fits(one: str, other: str) -> bool:
    """Whether the first authors can be one person, as far as both are known."""
    ours, theirs = people(one), people(other)
    return not (ours and theirs) or families_fit(ours[0][0], theirs[0][0])


def authors_that_differ(one: str, other: str) -> str:
    """What speaks against two lists of authors being of one paper: the first author's family name
    or initial, or the second author; empty where nothing does.

    >>> authors_that_differ("Wang, L.", "Wang, Qiang and Li, Jun")
    'its first author is wang, qiang, not wang, l'
    >>> authors_that_differ("Chen, X and Liu, Y", "Chen, Xi and Zhang, Hong")
    'its second author is zhang, not liu'
    >>> authors_that_differ("Chen and others", "Chen, Xi and Zhang, Hong")
    ''
    """
    ours, theirs = people(one), people(other)
    if not (ours and theirs):
        return ""
    (family, given), (other_family, other_given) = ours[0], theirs[0]
    if not families_fit(family, other_family):
        return f"its first author is {other_family}, not {family}"
    second = len(theirs) > 1 and len(ours) == 1 and bool(given) and given == theirs[1][0]
    names = set(given.split()) | set(other_given.split())
    apart = given[:1] != other_given[:1] and not {given, other_given} & {family, other_family}
    if given and other_given and apart and not second and len(names) > 1:
        return f"its first author is {other_family}, {other_given}, not {family}, {given}"
    if len(ours) > 1 and len(theirs) > 1 and not families_fit(ours[1][0], theirs[1][0]):
        return f"its second author is {theirs[1][0]}, not {ours[1][0]}"
    return ""


def journals_that_differ(one: str, other: str) -> bool:
    """Whether two names of journals are those of two, however they are abbreviated.

    >>> journals_that_differ("BMJ Open", "Food Chemistry")
    True
    >>> journals_that_differ("N Engl J Med", "The New England Journal of Medicine")
    False
    >>> journals_that_differ("JAMA", "Journal of the American Medical Association")
    False
    """
    ours, theirs = _words(one), _words(other)
    if not (ours and theirs):
        return False
    short, long = sorted((ours, theirs), key=len)
    if len(short) == 1 and len(long) > 1 and _is_initials(short[0], long):
        return False
    places = iter(long)
    return not all(any(_can_be(word, whole) for whole in places) for word in short)


def is_another_journal(one: str, other: str) -> bool:
    """Whether the whole name of one journal is not that of the other.

    >>> is_another_journal("BMJ", "BMJ Open"), is_another_journal("Food Chem", "Food Chemistry")
    (True, False)
    """
    ours, theirs = _words(one), _words(other)
    short, long = sorted((ours, theirs), key=len)
    initials = len(short) == 1 and len(long) > 1 and _is_initials(short[0], long)
    more = bool(short) and len(long) != len(short) and not initials
    return more or journals_that_differ(one, other)


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    told = plain(re.sub(r"\([^)]*\)|[:=].*", " ", name)).split()
    return tuple(word for word in told if word not in SMALL)


def _can_be(one: str, other: str) -> bool:
    """Whether one word abbreviates the other: its letters in their order, the first the same."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def _is_initials(word: str, words: tuple[str, ...]) -> bool:
    return len(word) > 2 and word == "".join(one[0] for one in words)[: len(word)]


def titles_fit(one: str, other: str) -> bool:
    """Whether what is in one of two titles alone is spelling, not another word; both plain.

    >>> titles_fit("tea and tumour in men", "tea and tumor in men")
    True
    >>> titles_fit("tea and sleep in men", "tea and sleep in women")
    False
    """
    from rapidfuzz import fuzz

    ours, theirs = one.split(), other.split()
    mine = "".join(word for word in ours if word not in theirs and word not in SMALL)
    its = "".join(word for word in theirs if word not in ours and word not in SMALL)
    if not (mine and its):
        return len(mine + its) < 3 or _goes_on(one, other)
    return mine == its or fuzz.ratio(mine, its) > LIKE


def _goes_on(one: str, other: str) -> bool:
    """Whether one title is the other with more at its end, as a subtitle is."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short)
