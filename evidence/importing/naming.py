"""Who a study is: from names such as "Smith et al., 2010" to author, year and id."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from evidence.bibliography.bibtex.lists import (
    ANY,
    LONE_INITIALS,
    LOWER,
    MIDDLE_INITIAL,
    ONE_PERSON,
    PARTICLES,
    WITH_INITIALS,
    and_in_english,
    in_capitals,
    is_family,
    is_others,
    is_usual_list,
    listed,
    turned,
    with_comma,
)
from evidence.importing.cells import SIGNS, bare_name, without_year_to_come
from evidence.importing.layout import letter
from evidence.importing.texts import changed, number_within, texts
from evidence.quoting import code

# Each begins where no letter of its own kind stands before it: a long run is looked at once.
YEAR = re.compile(r"(?<!\d)(?P<year>(?:1[5-9]|20)\d\d)(?P<letter>[a-z]?)[)\]]*$")
OTHERS = re.compile(
    r"(?<![,;\s])[,;\s]*(?:\b(?:et\.? al|et alii|and others|and colleagues|et coll(?:aborateurs)?"
    r"|(?:y|e) (?:cols?|colaboradores)|e coll(?:aboratori)?|e altri|(?:mit|und) anderen?"
    r"|(?-i:u\. ?a))\b\.?|& cols?\b\.?)",
    re.I,
)
# The number of a study in a list of references, before its name.
IN_LIST = re.compile(r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)]|#\d{1,3})\s+(?=[^\W\d_])")
# Raised marks after a name in a list, which lead to a note.
AFTER_AUTHOR = re.compile(rf"[{SIGNS}⁰¹²³⁴-⁹ᵃ-ᵛ]+(?=\s*(?:[,;&]|$|\b(?:and|und|et|y)\b))")
MOST_WORDS = 3  # of a name around "et"
SHORT_AND = re.compile(r"(?<!\s)\s+u\.\s+(?=[^\W\d_]{2})")
ET = re.compile(r"(?<!\s)\s+et\s+")
AROUND_PARTICLE = re.compile(  # "Jan van der Berg"
    rf"(?!{ANY} )[^\W\d_][\w'’-]+ (?:(?P<surely>v[ao]n )|(?:{LOWER}) )"
    rf"(?:(?:{LOWER}|['’]t) )*[^\W\d_][\w'’-]+"
)
SUFFIX = r"(?:[JS]r\.?|I{2,3}|IV)"
SUFFIX_APART = re.compile(r"(?<=[^\W\d_] )((?:[A-Z]\.?-?){1,3}),? ([JS]r|I{2,3}|IV)\.?(?![\w.])")
SUFFIX_LAST = re.compile(rf"(?P<name>.+) (?P<suffix>{SUFFIX})")
SUFFIX_FIRST = re.compile(rf"(?P<family>.+) (?P<suffix>{SUFFIX}) (?P<given>(?:[A-Z]\.?[ -]?)+)")

# Whole references in one cell, in the two usual orders.
SHORTEST_REFERENCE = 40
APA = re.compile(
    r"(?P<who>[^\W\d_][^(]{2,300}?),?\s*\((?P<year>(?:1[5-9]|20)\d\d)(?P<letter>[a-z]?)\)[.,:]\s*\S"
)
VANCOUVER = re.compile(r"(?P<who>[^\W\d_][^.]{2,300})\.\s+\S")
ISSUE_YEAR = re.compile(r"\b((?:19|20)\d\d)(?=[ \w]*;)")
ANY_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# "Smith (2011, study 2)" and "Smith 2011, experiment 1b".
PART = (
    r"(?:study|studie|trial|exp(?:t|eriment)?|[ée]tude|estudio|sample|cohort|part|phase|wave)\b\.?"
)
WITH_PART = re.compile(
    r"(?P<name>\D{2,120}?)[\s,]*[(\[]?(?<!\d)(?P<year>(?:1[5-9]|20)\d\d)(?P<letter>[a-z]?)"
    rf"(?:(?<=[(\[]....)[,;:]\s[^()]+\)|[,;:)\]]*\s\(?{PART}\s?\w{{1,3}}\)?)",
    re.I,
)
# "Smith 2010; Jones 2011" and "Smith 2010, 2012": two years with a mark between, no other number.
A_YEAR = r"(?:1[5-9]|20)\d\d"
TWO_YEARS = re.compile(r"\d{4}[^\d\n]+\d{4}")
SEVERAL = re.compile(
    rf"(?P<first>\D+{A_YEAR}[a-z]?[)\]]*+)(?:\s*[;/+&,]|\s(?:and|und|y|et)\b)"
    rf"(?:\D*{A_YEAR}[a-z]?[)\]]*+)(?:\D+{A_YEAR}[a-z]?[)\]]*+)*"
)
MARKS_OF_OTHERS = ("et", "others", "col", "u.", "andere", "altri")


def from_reference(text: str) -> tuple[str, str, str]:
    """Authors, year and letter of a whole reference in one cell; empty where it is none.

    >>> from_reference("Adams, J., & Berg, L. (2010a). On tea. Pain, 5(2), 1-9.")
    ('Adams, J. and Berg, L.', '2010', 'a')
    >>> from_reference("Baker L, Kim S, et al. Tea in 1999. Pain. 2012;7:11-19.")
    ('Baker, L and Kim, S and others', '2012', '')
    """
    if found := APA.match(text):
        return authors(found["who"]), found["year"], found["letter"]
    found = VANCOUVER.match(text)
    years = ISSUE_YEAR.findall(text) or ANY_YEAR.findall(text)
    if not (found and years):
        return ("", "", "")
    names = OTHERS.sub("", found["who"]).split(", ")
    if all(WITH_INITIALS.fullmatch(name.strip()) for name in names):
        return authors(found["who"]), years[-1], ""
    return ("", "", "")


def ends_with_year(label: str) -> bool:
    """Whether a name ends with a year, with something before it.

    >>> ends_with_year("Smith et al. (2010)"), ends_with_year("2010")
    (True, False)
    """
    found = YEAR.search(bare_name(label.strip()))
    return bool(found and found.start())


@lru_cache(maxsize=100_000)
def from_label(label: str) -> tuple[str, str, str]:
    """Author in the form of the bibliography, year, and the letter after it, as far as a name says
    them.

    >>> (
    ...     from_label("Smith et al., 2010"),
    ...     from_label("Müller & Jones (1999a)"),
    ...     from_label("ABC trial"),
    ... )
    (('Smith and others', '2010', ''), ('Müller and Jones', '1999', 'a'), ('', '', ''))
    >>> from_label("van Essen (1992)"), from_label("Smith 2010; Berg 2011")
    (('{van Essen}', '1992', ''), ('Smith', '2010', ''))
    >>> from_label("Smith [12] 2010"), from_label("Smith, J. (in press)")
    (('Smith', '2010', ''), ('Smith, J.', '', ''))
    """
    label = without_number(bare_name(label.strip()))
    if several := SEVERAL.fullmatch(label):
        label = several["first"]
    found = YEAR.search(label)
    if found and ends_with_year(label):
        return _named(label[: found.start()]), found["year"], found["letter"]
    if len(label) >= SHORTEST_REFERENCE and (said := from_reference(label))[1]:
        return said
    if (name := without_year_to_come(label)) != label:
        return _named(name), "", ""
    if found := WITH_PART.fullmatch(label):
        return _named(found["name"]), found["year"], found["letter"]
    if _has_others(label):
        years = {*ISSUE_YEAR.findall(label)} or {*ANY_YEAR.findall(label)}
        return _named(label), years.pop() if len(years) == 1 else "", ""
    return ("", "", "")


def of_several(labels: Collection[str]) -> list[str]:
    """The names that are those of two studies and more.

    >>> of_several(["Smith et al., 2016; Jones et al., 2017", "Smith & Berg 2016"])
    ['Smith et al., 2016; Jones et al., 2017']
    """
    if not TWO_YEARS.search("\n".join(labels)):
        return []
    return [text for text in labels if SEVERAL.fullmatch(without_number(bare_name(text.strip())))]


def _named(text: str) -> str:
    """Authors of a name of a study: what follows "et al." is a journal or the part of a study."""
    if _has_others(text) and (found := OTHERS.search(text)):
        text = text[: found.end()]
    return authors(text.strip(" ,;(["))


@lru_cache(maxsize=100_000)
def authors(text: str, given_first: bool = False) -> str:
    """A list of authors in the form of the bibliography.

    Parameters
    ----------
    text : str
    given_first : bool, default False
        Whether two words without a comma are a given and a family name, as
        :func:`shows_given_names` finds; else they are one family name, in braces.

    Examples
    --------
    >>> authors("Smith J, Jones K"), authors("Smith, John; Anna Berg"), authors("Smith et al.")
    ('Smith, J and Jones, K', 'Smith, John and Berg, Anna', 'Smith and others')
    >>> authors("Smith J¹, Jones K²"), authors("Smith [12]")
    ('Smith, J and Jones, K', 'Smith')
    >>> (
    ...     authors("World Health Organization"),
    ...     authors("van Essen"),
    ...     authors("Smith, J., & Berg, L."),
    ... )
    ('{World Health Organization}', '{van Essen}', 'Smith, J. and Berg, L.')
    """
    text = without_marks(without_number(text))
    others = _has_others(text)
    if not others and is_usual_list(text):
        return text.replace("; ", " and ")
    if not others and ONE_PERSON.fullmatch(text):
        return text.replace(" ", ", ")
    parts = listed(_in_english(OTHERS.sub("", text) if others else text), tables=True)
    if not given_first and any("," not in part for part in parts):
        given_first = shows_given_names(parts)
    others = others or any(map(is_others, parts))
    parts = [part for part in parts if part.strip(" ,") and not is_others(part)]
    people = [_person(part, given_first) for part in parts]
    return " and ".join([*people, *(["others"] if others else [])])


def without_marks(people: str) -> str:
    """A list of authors without the raised marks after their names."""
    return AFTER_AUTHOR.sub("", bare_name(people))


def without_number(name: str) -> str:
    """A name without the number that it has in a list.

    >>> without_number("[12] Baker et al. 2012"), without_number("1. Adams"), without_number("3M")
    ('Baker et al. 2012', 'Adams', '3M')
    """
    return IN_LIST.sub("", name, count=1) if name[:1] in "[(#0123456789" else name


def _in_english(text: str) -> str:
    """A list of names with "and" between its last two, and no comma before "Jr".

    >>> _in_english("Jones K. y López M."), _in_english("Ortega y Gasset J")
    ('Jones K. and López M.', 'Ortega y Gasset J')
    """
    if "r" in text or "I" in text:
        text = SUFFIX_APART.sub(r"\1 \2", text)
    if (joined := and_in_english(text)) != text:
        return joined
    text = SHORT_AND.sub(" and ", text)
    parts = ET.split(text)
    if max(len(name.split()) for part in parts for name in part.split(",")) > MOST_WORDS:
        return text  # an institution
    return " and ".join(parts)


def _has_others(text: str) -> bool:
    """Whether a text says that there are more names."""
    small = text.casefold()
    return any(mark in small for mark in MARKS_OF_OTHERS) and bool(OTHERS.search(text))


def shows_given_names(cells: Iterable[str]) -> bool:
    """Whether cells show that a name without a comma begins with a given name: one has an initial
    in its middle, or a given name after a comma, or nearly all have two words around a particle or
    none. "Van" and "von" between them count twice: they part few families.

    >>> shows_given_names(["van Essen", "Garcia Marquez", "Smit"])
    False
    >>> shows_given_names(["John A. Smith"]), shows_given_names(["Ann Berg", "Bo Lee", "Cy Ray"])
    (True, True)
    """
    one = two = 0
    for cell in cells:
        if ONE_PERSON.fullmatch(cell):
            continue
        for name in listed(OTHERS.sub("", cell) if _has_others(cell) else cell, tables=True):
            given = name.partition(",")[2].strip()
            if MIDDLE_INITIAL.fullmatch(name) or re.match(r"[^\W\d_]{3,}", given):
                return True
            plain = "," not in name and not WITH_INITIALS.fullmatch(name)
            words = len(name.split())
            two += plain and words == 2 and not is_family(name) and not re.search(r"\d", name)
            if plain and words > 2 and (found := AROUND_PARTICLE.fullmatch(name)):
                two += 1 + bool(found["surely"])
            one += plain and (words == 1 or is_family(name))
    return two >= 3 and two >= 4 * one


def _person(text: str, given_first: bool) -> str:
    """A name as "Family, Given"; one whose parts cannot be distinguished is kept, in braces."""
    if found := SUFFIX_LAST.fullmatch(text):
        family, _, given = with_comma(found["name"]).partition(", ")
        if given:
            return f"{family}, {found['suffix']}, {given.strip(' ,')}"
    elif found := SUFFIX_FIRST.fullmatch(text):
        return f"{found['family']}, {found['suffix']}, {found['given']}"
    if "," in text:
        return text.strip(" ,")
    words = text.replace("{", "").replace("}", "").split()
    name = " ".join(words)
    if len(words) < 2:
        return text.strip(" ,")
    if WITH_INITIALS.fullmatch(name):
        return with_comma(name)
    if family_first := turned(name):
        return family_first
    if in_capitals(name):
        return f"{{{name}}}"
    if LONE_INITIALS.fullmatch(" ".join(words[:-1])):
        return f"{words[-1]}, {' '.join(words[:-1])}"
    if MIDDLE_INITIAL.fullmatch(name) or (
        given_first and len(words) == 2 and not is_family(name) and not words[-1].isdecimal()
    ):
        return f"{words[-1]}, {' '.join(words[:-1])}"
    begin = next((i for i, word in enumerate(words) if word in PARTICLES), 0)
    if given_first and begin:
        return f"{' '.join(words[begin:])}, {' '.join(words[:begin])}"
    return f"{{{name}}}"


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
    ids = changed(names, _stem).to_numpy(dtype=object) + years.to_numpy(dtype=object)
    groups = pd.factorize(ids)[0]
    number = number_within(groups)
    several = np.bincount(groups)[groups] > 1
    ids[several] += [letter(place).lower() for place in number[several].tolist()]
    again = pd.Series(ids).duplicated().to_numpy()
    ids[again] += [f"x{place}" for place in number[again].tolist()]
    return texts(ids, names.index)


def _stem(name: str) -> str:
    """A name as the beginning of an id."""
    stem = code(name, "") or "study"
    return stem if "a" <= stem[0] <= "z" else f"s{stem}"
