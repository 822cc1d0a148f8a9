"""Who a study is: from names such as "Smith et al., 2010" to author, year and id."""

from __future__ import annotations

import re
from string import ascii_lowercase

import pandas as pd

from evidence.quoting import slug

# Each begins where no letter of its own kind stands before it: a long run is looked at once.
YEAR = re.compile(r"(?<!\d)(?P<year>(?:1[5-9]|20)\d\d)(?P<letter>[a-z]?)[)\]]*$")
INITIALS = re.compile(r"(?<![^\W\d])[^\W\d]{2,} [A-Z][A-Z.\-]{0,4}$")  # "Smith JA"
BETWEEN = re.compile(r"(?<!\s)\s*(?:;|&|\band\b|\bund\b)\s*")
OTHERS = re.compile(
    r"(?<![,;\s])[,;\s]*\b(?:et\.? al\.?|and others|and colleagues|u\. ?a\.|mit anderen)\b\.?", re.I
)


def from_label(label: str) -> tuple[str, str, str]:
    """Author in the form of the bibliography, year, and the letter behind it, as far as a name says
    them.

    >>> (
    ...     from_label("Smith et al., 2010"),
    ...     from_label("Müller & Jones (1999a)"),
    ...     from_label("ABC trial"),
    ... )
    (('Smith and others', '2010', ''), ('Müller and Jones', '1999', 'a'), ('', '', ''))
    """
    found = YEAR.search(label.strip())
    if not found or not found.start():
        return "", "", ""
    name = label.strip()[: found.start()].strip(" ,;([")
    people = [part.strip(" ,") for part in BETWEEN.split(OTHERS.sub("", name)) if part.strip(" ,")]
    families = [
        part if " " not in part or part[0].islower() or "," in part else f"{{{part}}}"
        for part in people
    ]
    return (
        " and ".join([*families, *(["others"] if OTHERS.search(name) else [])]),
        found["year"],
        found["letter"],
    )


def authors(text: str) -> str:
    """A list of authors in the form of the bibliography.

    >>> (
    ...     authors("Smith J, Jones K"),
    ...     authors("Smith, John; Anna Berg"),
    ...     authors("Smith et al."),
    ...     authors("World Health Organization"),
    ... )
    ('Smith, J and Jones, K', 'Smith, John and Berg, Anna', 'Smith and others', '{World Health
    Organization}')
    """
    rest = OTHERS.sub("", text)
    if len(rest.split(",")) > 1 and all(INITIALS.search(part.strip()) for part in rest.split(",")):
        rest = rest.replace(",", ";")
    parts = [part.strip(" ,") for part in BETWEEN.split(rest) if part.strip(" ,")]
    return " and ".join([*map(_person, parts), *(["others"] if OTHERS.search(text) else [])])


def _person(text: str) -> str:
    """A name as "Family, Given"; one whose parts cannot be told apart stays as it is, in braces."""
    words = text.replace("{", "").replace("}", "").split()
    if "," in text or len(words) < 2:
        return text
    if INITIALS.search(" ".join(words)):
        return f"{' '.join(words[:-1])}, {words[-1]}"
    return f"{words[1]}, {words[0]}" if len(words) == 2 else f"{{{' '.join(words)}}}"


def surname(author: str) -> str:
    """Family name of the first author.

    >>> surname("van der Berg, Anna and others"), surname("{World Health Organization}")
    ('van der Berg', 'World Health Organization')
    """
    return author.split(" and ")[0].split(",")[0].strip("{} ")


def study_ids(names: pd.Series, years: pd.Series) -> pd.Series:
    """An id for each study: family name and year (which may have a letter), with a further letter
    where several have the same.

    >>> study_ids(
    ...     pd.Series(["Åberg", "Smith", "Smith", "3M"]), pd.Series(["2010", "1999", "1999", ""])
    ... ).to_list()
    ['aberg2010', 'smith1999a', 'smith1999b', 's3m']
    """
    stems = names.map(lambda name: slug(name, "")).where(lambda stem: stem != "", "study")
    stems = stems.where(stems.str.match(r"[a-z]"), "s" + stems) + years
    number = stems.groupby(stems).cumcount()
    several = stems.groupby(stems).transform("size") > 1
    letters = number.map(
        lambda n: (
            ascii_lowercase[n] if n < 26 else ascii_lowercase[n // 26 - 1] + ascii_lowercase[n % 26]
        )
    )
    ids = stems.where(~several, stems + letters)
    return ids.where(~ids.duplicated(), ids + "x" + number.astype("str"))
