"""Lists of names: as BibTeX writes them, as tables hold them, and as the parts that a reference is
made of.

In a table a list of names is plain Unicode: each person as ``Family, Given`` or ``Family, Jr,
Given``, a person without a given name by the family name alone, joined by ``and``. What is not a
person, such as an institution, stands in braces. ``others`` at the end says that there are more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from evidence.bibliography.bibtex.latex import CODES, escaped, to_unicode
from evidence.bibliography.bibtex.lists import (
    SUFFIXES,
    are_sure,
    is_others,
    is_suffix,
    listed,
    with_comma,
)

OTHERS = "others"
LONE_AND = re.compile(r"(?:^|\s)\\?&(?:\s|$)")
# A run of spaces is looked at once, from its beginning.
AND = re.compile(r"(?<!\s)\s+and\s+", re.I)
BOUNDARY = re.compile(r"\\.|[{}]|(?:(?<!\s)|(?<=\\\s))\s+and\s+", re.I | re.S)
LONELY_AND = re.compile(r"^and\s|\sand(?:$|\s+and\s)", re.I)
# characters of a name that is taken apart: the parser needs more than twice the time for twice the
# characters
LONGEST = 2_000
# "Smith J, Jones K" and "Smith, J., Jones, K." in one field.
IN_ONE_FIELD = re.compile(
    r"[^\W\d_]{2} (?:[A-Z]\.)+, [^\W\d_][\w'’-]+ [A-Z]\."  # "Smith J., Jones K."
    r"|\w [A-Z]{1,3}, [^\W\d_]{2,}|, (?:[A-Z]\.[ -]?)+, [^\W\d_]{2,}"
    r"|\. [^\W\d_]{2}[\w'’-]*, (?:[A-Z]\.[ -]?)+[^\W\d_]{2}"  # "J. Smith, K. Jones"
    r"|, (?:[A-Z]\.[ -]?)+, (?:[A-Z]\.[ -]?)+[^\W\d_]{2}"  # "Smith, J., K. Jones"
)
# What may join names beside "and", or stand for some.
OTHER_MARKS = re.compile(r"[;；、&/|…]|\.\.\.|\(\d| (?:und|u\.|y|e|et|i|en|och|og) ")
# "Smith J" for "Smith, J": BibTeX itself reads J as the family name.
ENDS_IN_INITIALS = re.compile(r" [A-Z]{2,3}\Z")  # one capital alone can be that of "Malcolm X"
FAMILY_AND_INITIALS = re.compile(r"[^\W\d_]['’]?[\w'’-]*[a-zß-ÿ] (?!I{2,3}$|IV$)[A-Z]{1,3}")
LIKE_ONE_FIELD = re.compile(
    r",(?:(?<=[A-Z],)|(?<=[A-Z]\.,)| [A-Z]\.)"
)  # found sooner, and part of each
NO_NAME = ("et al", "et al.", "others", "and others", "and")
# As most lists are, with semicolons for "and": each name with one comma, and nothing to decode.
USUAL = re.compile(
    r"(?!and )N, N(?:;(?!and )N, N)*(?:;others)?(?<! and)".replace("N", r"[^,;{}\\~\n\t]+")
)
USUAL_LISTS = re.compile(rf"(?:{USUAL.pattern}\n)*+")
PLAIN_NAME = re.compile(
    r"[^,{}\\~\s]+(?: [^,{}\\~\s]+)*, [^,{}\\~\s]+(?:"
    r" [^,{}\\~\s]+)*|[^,{}\\~\s]+|\{[^{}\\~\s`'-]+(?: [^{}\\~\s`'-]+)*\}"
)
CODES_OF_NAMES = {mark: code for mark, code in CODES.items() if mark not in "{}"}


def normalised(names: str) -> tuple[str, str]:
    """A list of names as BibTeX writes it, in the form of the tables; and what is wrong with it.

    >>> normalised(r"Sch{\\"o}ler, L. and Vivian E. Drory and {Duke University} and others")
    ('Schöler, L. and Drory, Vivian E. and {Duke University} and others', '')
    >>> normalised("A., B., C., D.")[1]
    "'A., B., C., D.' has 3 commas"
    """
    if OTHER_MARKS.search(names) or IN_ONE_FIELD.search(names):
        several = _several(names)
        if several[-1:] == ["et al."] and "et al" not in names:
            several[-1] = OTHERS  # dots stood for more names
        names = " and ".join(several)
    elif "," not in names and (" and " in names or ENDS_IN_INITIALS.search(names)):
        split = split_names(names)
        if all(FAMILY_AND_INITIALS.fullmatch(name) for name in split if name != OTHERS):
            names = " and ".join(map(with_comma, split))
    if "  " not in names and USUAL.fullmatch(names.replace(" and ", ";")):
        return names.strip(), ""
    return _normalised(names)


def _several(names: str) -> list[str]:
    """The people of a list, also of what no "and" parts, where it says that these are several."""
    whole = listed(names.replace(r"\&", "&")) if "{" not in names else []
    if are_sure(whole):
        return [name if is_others(name) else with_comma(name) for name in whole]
    return [one for name in split_names(names) for one in _in_one_field(name)]


def _in_one_field(name: str) -> list[str]:
    """The people of what no "and" parts: several only where that name itself says so."""
    plain = ";" in name or bool(IN_ONE_FIELD.search(name))
    if not plain and not OTHER_MARKS.search(name):
        return [name]
    names = listed(name.replace(r"\&", "&"))
    apart = "," not in name and any(mark in name for mark in "；、|")
    if len(names) < 2 or not (plain or apart or are_sure(names)):
        return [name]
    return list(map(with_comma, names))


def all_normalised(lists: Collection[str]) -> bool:
    """Whether one look at all lists shows that :func:`normalised` leaves each as it is.

    >>> (
    ...     all_normalised(["Berg, Ann and Lee, Bo", "Dow, Cy"]),
    ...     all_normalised(["Berg, Ann;Lee, Bo"]),
    ... )
    (True, False)
    """
    whole = "\n".join(["", *lists, ""])
    if any(mark in whole for mark in ("  ", "\n ", " \n")) or OTHER_MARKS.search(whole):
        return False
    if LIKE_ONE_FIELD.search(whole) and IN_ONE_FIELD.search(whole):
        return False
    usual = USUAL_LISTS.fullmatch(whole.replace(" and ", ";"), 1)
    return usual is not None and whole.count("\n") == len(lists) + 1


def csl_names(names: str) -> list[dict[str, str]]:
    """The names of a list as CSL has them: with ``family``, ``given``, ``non-dropping-particle``,
    ``suffix``, or ``literal``.

    ``others`` becomes no name; ask :func:`has_others`.

    >>> csl_names("van Groenestijn, Annerieke C. and {Duke University} and others")
    [{'family': 'Groenestijn', 'given': 'Annerieke C.', 'non-dropping-particle': 'van'}, {'literal':
    'Duke University'}]
    """
    return [dict(_parts(name)) for name in split_names(names) if name != OTHERS]


def has_others(names: str) -> bool:
    """Whether a list ends in "and others"."""
    return names == OTHERS or names.endswith(f" and {OTHERS}")


def name_list(names: Iterable[Mapping[str, str]], others: bool = False) -> str:
    """Names with CSL's parts as a list for a table; :func:`csl_names` takes it apart again.

    >>> name_list(
    ...     [
    ...         {"family": "Groenestijn", "given": "A. C.", "non-dropping-particle": "van"},
    ...         {"literal": "Oak, Ash and Co"},
    ...     ]
    ... )
    'van Groenestijn, A. C. and {Oak, Ash and Co}'
    """
    return " and ".join([*filter(None, map(_joined, names)), *([OTHERS] if others else [])])


def names_to_latex(names: str) -> str:
    """A list of names of a table as a BibTeX value."""
    return escaped(names, CODES_OF_NAMES)


def first_name(names: str) -> tuple[str, int]:
    """What a short reference calls the first author, and how many there are ("others" is one more).

    >>> first_name("van Groenestijn, A. C. and others"), first_name("{Oak and Ash}")
    (('van Groenestijn', 2), ('Oak and Ash', 1))
    """
    split = split_names(names)
    if not split:
        return "", 0
    family = split[0]
    if not (family.startswith("{") and family.endswith("}")):
        family = _before_comma(family)
    return _bare(family), len(split)


def _before_comma(name: str) -> str:
    """What stands before the first comma that is in no braces."""
    comma = None
    for mark in re.finditer("[{},]", name):
        if mark[0] == "," and comma is None:
            comma = mark.start()
        elif mark[0] == "}":
            comma = None
        elif mark[0] == "{" and comma is not None:
            break
    return name[:comma]


def split_names(names: str) -> list[str]:
    """The names of a list one by one; an "and" in braces parts nothing."""
    if "{" not in names:
        return [name for name in AND.split(names.strip()) if name]
    # bibtexparser's own function loses the backslash of a name that begins with one.
    parts, begin, depth = [], 0, 0
    for mark in BOUNDARY.finditer(names):
        if mark[0] in "{}":
            depth = max(0, depth + (1 if mark[0] == "{" else -1))
        elif not depth and mark[0][0] != "\\":
            parts.append(names[begin : mark.start()])
            begin = mark.end()
    return [part.strip() for part in [*parts, names[begin:]] if part.strip()]


def _normalised(names: str) -> tuple[str, str]:
    split = split_names(names)
    problems, shown = [], []
    bare = ""
    if "and" in names.lower():
        bare = " ".join(re.sub(r"\{[^{}]*\}", "x", names).split())
    if LONELY_AND.search(bare) or bare.lower() == "and":
        problems.append("a name is missing next to 'and'")
        split = [re.sub(r"^and\s+|\s+and$", "", name, flags=re.I) for name in split]
    for place, name in enumerate(split, start=1):
        if name == OTHERS and place == len(split):
            shown.append(OTHERS)
        elif name.lower() in NO_NAME:
            if name.lower() != "and":
                problems.append(f"{name!r} is not a name")
            if place == len(split) and name.lower() != "and":
                shown.append(OTHERS)
        else:
            text, problem = _one(name)
            if text:
                shown.append(text)
            if problem:
                problems.append(problem)
    return " and ".join(shown), problems[0] if problems else ""


def _one(name: str) -> tuple[str, str]:
    """One name in the form of the tables, and what is wrong with it."""
    if PLAIN_NAME.fullmatch(name):
        return name, ""
    if _in_braces(name):
        return _literal(to_unicode(name[1:-1])), ""
    if "," not in name and LONE_AND.search(re.sub(r"\{[^{}]*\}", "", name)):
        literal = _literal(to_unicode(name))
        return literal, f"{literal[1:-1]!r} may be several people, and was read as one"
    if len(name) > LONGEST:
        return _literal(to_unicode(name)), f"{name[:40]!r}... has {len(name):,} characters"
    from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

    problem = ""
    try:
        parts = parse_single_name_into_parts(name)
    except InvalidNameError as error:
        shown = to_unicode(name)
        if "commas" in error.reason:
            problem = f"{shown!r} has {name.count(',')} commas"
        else:
            problem = f"{shown!r}: {error.reason[0].lower()}{error.reason[1:]}"
        parts = parse_single_name_into_parts(name, strict=False)
    second = " ".join(parts.jr)
    if is_suffix(" ".join(parts.first)) and not (is_suffix(second) or second[:1] in ("", "{")):
        # "Smith, J., PhD" for "Smith, PhD, J."
        parts.jr, parts.first = parts.first, parts.jr
    von, last, jr, first = (
        to_unicode(" ".join(words)) for words in (parts.von, parts.last, parts.jr, parts.first)
    )
    return (
        _joined({"non-dropping-particle": von, "family": last, "suffix": jr, "given": first}),
        problem,
    )


def _in_braces(name: str) -> bool:
    """Whether one pair of braces holds the whole name."""
    depth = 0
    for place, letter in enumerate(name, start=1):
        depth += (letter == "{") - (letter == "}")
        if depth == 0 and place < len(name):
            return False
    return name[:1] == "{" and name[-1:] == "}"


@lru_cache(maxsize=50_000)
def _parts(name: str) -> tuple[tuple[str, str], ...]:
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    if _in_braces(name):
        return (("literal", name[1:-1]),)
    if len(name) > LONGEST:
        return (("literal", _bare(name)),)
    parts = parse_single_name_into_parts(name, strict=False)
    pairs = (
        ("family", parts.last),
        ("given", parts.first),
        ("non-dropping-particle", parts.von),
        ("suffix", parts.jr),
    )
    return tuple((part, _bare(" ".join(words))) for part, words in pairs if words)


def _joined(name: Mapping[str, str]) -> str:
    """A name with CSL's parts in the form of the tables."""
    said = {
        part: _bare(str(name.get(part) or "")) for part in ("literal", "family", "given", "suffix")
    }
    if said["literal"]:
        return _literal(said["literal"])
    particles = [
        _bare(str(name.get(part) or "")) for part in ("dropping-particle", "non-dropping-particle")
    ]
    family = " ".join(filter(None, [*particles, _guarded(said["family"])]))
    given, suffix = _guarded(said["given"]), _guarded(said["suffix"])
    if not family or not (given or suffix):
        alone = family or _bare(f"{given} {suffix}")
        if any(mark in alone for mark in " ,;；、|/") or alone.lower() in NO_NAME:
            return _literal(alone)
        return alone
    # "van A, AA, Bo" could be two people: a suffix that no list knows is kept together.
    if given and suffix[:1] not in ("", "{") and suffix.rstrip(".").lower() not in SUFFIXES:
        suffix = "{" + suffix + "}"
    return ", ".join(filter(None, (family, suffix, given)))


def _bare(text: str) -> str:
    return " ".join(
        text.replace("{", "").replace("}", "").replace("\\", "").replace("~", " ").split()
    )


def _guarded(text: str) -> str:
    """Braces around a part of a name that would otherwise be read as the end of one."""
    if "," in text or ";" in text or AND.search(f" {text} "):
        return "{" + text + "}"
    return text


def _literal(text: str) -> str:
    text = _bare(text)
    return "{" + text + "}" if text else ""
