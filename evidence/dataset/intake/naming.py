"""Who a study is: from names such as "Smith et al., 2010" to author, year and id."""

from __future__ import annotations

import re
from string import ascii_lowercase

import pandas as pd

from evidence.dataset.starting import slug

LABEL = re.compile(r"^(?P<name>.*?\D)[\s,(\[]*(?P<year>(?:1[5-9]|20)\d\d)(?P<letter>[a-z]?)[)\]]*$")
INITIALS = re.compile(r"[^\W\d]{2,} [A-Z][A-Z.\-]{0,4}$")  # "Smith JA"
OTHERS = re.compile(r"[,;\s]*\b(?:et\.? al\.?|and others|and colleagues|u\. ?a\.|mit anderen)\b\.?", re.I)


def from_label(label: str) -> tuple[str, str, str]:
    """Author in the manner of BibTeX, year, and the letter behind it, as far as a name says them.

    >>> from_label("Smith et al., 2010"), from_label("Müller & Jones (1999a)"), from_label("ABC trial")
    (('Smith and others', '2010', ''), ('Müller and Jones', '1999', 'a'), ('', '', ''))
    """
    found = LABEL.match(label.strip())
    if not found:
        return "", "", ""
    name = found["name"].strip(" ,;([")
    others = bool(OTHERS.search(name))
    people = [part.strip(" ,") for part in re.split(r"\s*(?:&|\band\b|\bund\b|;)\s*", OTHERS.sub("", name)) if part.strip(" ,")]
    return " and ".join([*people, *(["others"] if others else [])]), found["year"], found["letter"]


def authors(text: str) -> str:
    """A list of authors in the manner of BibTeX: parted by "and".

    >>> authors("Smith J, Jones K"), authors("Smith, John; Doe, Ann"), authors("Smith et al.")
    ('Smith J and Jones K', 'Smith, John and Doe, Ann', 'Smith and others')
    """
    others = bool(OTHERS.search(text))
    rest = OTHERS.sub("", text)
    if len(rest.split(",")) > 1 and all(INITIALS.search(part.strip()) for part in rest.split(",")):
        rest = rest.replace(",", ";")
    parts = [part.strip(" ,") for part in re.split(r"\s*(?:;|&|\band\b|\bund\b)\s*", rest) if part.strip(" ,")]
    return " and ".join([*parts, *(["others"] if others else [])])


def surname(author: str) -> str:
    """Family name of the first author.

    >>> surname("van der Berg, Anna and others"), surname("Smith JA and Doe B"), surname("Anna Berg")
    ('van der Berg', 'Smith', 'Berg')
    """
    first = author.split(" and ")[0]
    if "," in first:
        return first.split(",")[0].strip()
    words = first.split()
    initials = len(words) > 1 and re.fullmatch(r"[A-Z][A-Z.\-]{0,4}", words[-1])
    return " ".join(words[:-1]) if initials else words[-1] if words else ""


def study_ids(names: pd.Series, years: pd.Series) -> pd.Series:
    """An id for each study: family name and year (which may have a letter), with a further letter where several have the same.

    >>> study_ids(pd.Series(["Åberg", "Smith", "Smith", "3M"]), pd.Series(["2010", "1999", "1999", ""])).to_list()
    ['aberg2010', 'smith1999a', 'smith1999b', 's3m']
    """
    stems = names.map(lambda name: slug(name, "")).where(lambda stem: stem != "", "study")
    stems = stems.where(stems.str.match(r"[a-z]"), "s" + stems) + years
    number = stems.groupby(stems).cumcount()
    several = stems.groupby(stems).transform("size") > 1
    letters = number.map(lambda n: ascii_lowercase[n] if n < 26 else ascii_lowercase[n // 26 - 1] + ascii_lowercase[n % 26])
    ids = stems.where(~several, stems + letters)
    return ids.where(~ids.duplicated(), ids + "x" + number.astype("str"))
