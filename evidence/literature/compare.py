"""An entry of the bibliography against what a service knows: title, year, journal, first author and
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evidence.bibliography.bibtex.names import first_name
from evidence.literature.record import Record, normal, plain_text

COMPARED = ("title", "year", "container", "author", "doi", "pmid", "pmcid")
SHOWN = {
    "container": "journal",
    "author": "first author",
    "doi": "DOI",
    "pmid": "PubMed number",
    "pmcid": "PMC number",
}
SHORTEST = 20  # characters of a title that may be there without its subtitle
SMALL = {
    "the",
    "of",
    "and",
    "for",
    "in",
    "on",
    "de",
    "la",
    "le",
    "des",
    "du",
    "et",
    "der",
    "die",
    "das",
    "und",
    "fur",
    "y",
    "e",
}


@dataclass(frozen=True)
class Comparison:
    """What came of comparing.

    Attributes
    ----------
    differ : dict of str to str
        Field and what both say, for those that differ.
    agree : tuple of str
        Fields on which both agree.
    unstated : tuple of str
        Fields that the entry has and the service does not state.
    years : str
        The years by print and online, when they differ and one of them is that of the entry.
    """

    differ: dict[str, str]
    agree: tuple[str, ...]
    unstated: tuple[str, ...]
    years: str = ""


def compare(entry: Mapping[str, str], record: Record) -> Comparison:
    """Compare an entry with a record.

    The entry has ``title, year, container, author, doi, pmid, pmcid`` in plain text; an empty field
    is not compared.

    >>> record = Record(
    ...     "crossref",
    ...     titles=("A study.",),
    ...     years=(("issue", 2002), ("online", 2001)),
    ...     journals=("J. Neurol.",),
    ... )
    >>> found = compare(
    ...     {
    ...         "title": "A study",
    ...         "year": "2001",
    ...         "container": "Journal of Neurology",
    ...         "author": "Abe, B.",
    ...     },
    ...     record,
    ... )
    >>> found.differ, found.unstated, found.years
    ({}, ('author',), '2002 in its issue, 2001 online')
    """
    theirs = {
        "title": record.titles,
        "year": tuple(str(year) for _, year in record.years),
        "container": record.journals,
        "author": tuple(author.family for author in record.authors[:1]),
        "doi": (record.doi,) if record.doi else (),
        "pmid": (record.pmid,) if record.pmid else (),
        "pmcid": (record.pmcid,) if record.pmcid else (),
    }
    tests = {
        "title": same_title,
        "container": same_journal,
        "author": lambda ours, one: same_name(first_name(ours)[0], one),
    }
    differ, agree, unstated = {}, [], []
    for field in COMPARED:
        ours = (entry.get(field) or "").strip()
        if not ours:
            continue
        if not theirs[field]:
            unstated.append(field)
        elif any(
            tests.get(field, lambda one, other: one.lower() == other.lower())(ours, one)
            for one in theirs[field]
        ):
            agree.append(field)
        else:
            shown = first_name(ours)[0] if field == "author" else ours
            differ[field] = (
                f"{SHOWN.get(field, field)} {shown!r} here,"
                f" {' or '.join(map(repr, dict.fromkeys(theirs[field])))} there"
            )
    years = dict(record.years)
    both = "year" in agree and len(set(years.values())) > 1
    said = ""
    if both:
        said = f"{years['issue']} in its issue, {years['online']} online"
    return Comparison(
        differ,
        tuple(agree),
        tuple(field for field in unstated if field not in ("doi", "pmid", "pmcid")),
        said,
    )


def same_title(ours: str, theirs: str) -> bool:
    """Whether two titles are the same but for capitals, accents, marks and spaces, and a subtitle
    that one of them leaves out.

    >>> (
    ...     same_title("The running of small animals: a trial", "The running of small animals."),
    ...     same_title("Walking birds", "Walking cats"),
    ... )
    (True, False)
    """
    short, long = sorted((ours, theirs), key=lambda title: len(_letters(title)))
    head = _letters(re.split(r"[:.?]\s", long)[0])
    return _letters(short) == _letters(long) or (_letters(short) == head and len(head) >= SHORTEST)


def same_journal(ours: str, theirs: str) -> bool:
    """Whether two names are of one journal; one may be abbreviated, and have a place or a subtitle
    after it.

    >>> (
    ...     same_journal("Journal of Neurology", "J Neurol"),
    ...     same_journal("Brain", "Brain (London, England)"),
    ...     same_journal("Brain", "Bone"),
    ... )
    (True, True, False)
    """
    names = [[_main_name(name), name] for name in (ours, theirs)]
    return any(
        _abbreviates(one, other) or _abbreviates(other, one)
        for one in names[0]
        for other in names[1]
    )


def _main_name(name: str) -> str:
    return re.split(r"\s*[(:=]\s*", plain_text(name))[0] or name


def _abbreviates(short: str, long: str) -> bool:
    """Whether each word of the short name begins the next word of the long one; small words do not
    count.

    >>> (
    ...     _abbreviates("Acta Neurol Scand", "Acta Neurologica Scandinavica"),
    ...     _abbreviates("J Neurol", "J Neurol Sci"),
    ... )
    (True, False)
    """
    words = [[word for word in normal(name).split() if word not in SMALL] for name in (short, long)]
    if "".join(words[0]) == "".join(words[1]):
        return True
    if len(words[0]) == 1 and len(words[1]) > 1:  # an acronym
        return words[0][0] == "".join(word[0] for word in words[1])
    return len(words[0]) == len(words[1]) and all(
        _begins(one, other) for one, other in zip(*words, strict=True)
    )


def _begins(short: str, long: str) -> bool:
    """Whether a word is a shortened one: its beginning, or some of its letters in their order as in
    Dtsch for Deutsche.

    >>> _begins("neurol", "neurology"), _begins("dtsch", "deutsche"), _begins("bone", "brain")
    (True, True, False)
    """
    if long.startswith(short):
        return True
    letters = iter(long)
    return len(short) > 2 and short[0] == long[0] and all(letter in letters for letter in short)


def same_name(ours: str, theirs: str) -> bool:
    """Whether two family names are the same, with or without particles and second names.

    >>> (
    ...     same_name("van den Berg", "Berg"),
    ...     same_name("Dal Bello-Haas", "Bello-Haas"),
    ...     same_name("Åberg", "Aberg"),
    ...     same_name("Berg", "Burg"),
    ... )
    (True, True, True, False)
    """
    one, other = normal(ours).split(), normal(theirs).split()
    if not one or not other:
        return False
    return "".join(one) == "".join(other) or set(one) <= set(other) or set(other) <= set(one)


def _letters(text: str) -> str:
    return normal(plain_text(text)).replace(" ", "")
