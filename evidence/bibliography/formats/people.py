"""Names of persons as databases and reference managers write them, in whatever form."""

from __future__ import annotations

from collections.abc import Iterable

from evidence.bibliography.bibtex.lists import (
    INITIALS_FIRST,
    MIDDLE_INITIAL,
    SUFFIXES,
    WITH_INITIALS,
    is_family,
    is_others,
    is_suffix,
    listed,
    turned,
    with_comma,
)
from evidence.bibliography.bibtex.names import name_list


def people(fields: Iterable[str], groups: Iterable[str] = ()) -> str:
    """The names of some fields, one or several in each, as a list for a table.

    Parameters
    ----------
    fields : iterable of str
    groups : iterable of str, optional
        Names of institutions, which stay as they are.

    Examples
    --------
    >>> people(["Smith, J., Jr.", "O'Neil P.J.", "John A. Berg", "Tea Study Group", "et al."])
    "Smith, Jr., J. and O'Neil, P.J. and Berg, John A. and {Tea Study Group} and others"
    """
    names = [name for field in fields for name in _single(" ".join(field.split()))]
    known = [person(name) for name in names if not is_others(name)]
    known += [{"literal": name} for name in groups]
    return name_list(known, others=any(map(is_others, names)))


def person(name: str) -> dict[str, str]:
    """The parts of one name; an institution has no comma, or one at its end.

    >>> person("Smith, John, Jr."), person("Tea Study Group")
    ({'family': 'Smith', 'given': 'John', 'suffix': 'Jr.'}, {'literal': 'Tea Study Group'})
    """
    before, _, last = name.rpartition(" ")
    if last.casefold().strip(".") in SUFFIXES and "," not in name and _is_person(before):
        return {**person(before), "suffix": last}
    if name.endswith(",") or (" " in name and "," not in name and not _is_person(name)):
        return {"literal": name.rstrip(", ")}
    first, *rest = [part.strip() for part in _in_order(name).split(",", 2)]
    if len(rest) == 2 and is_suffix(rest[0]):
        rest.reverse()
    return {"family": first, **dict(zip(("given", "suffix"), rest, strict=False))}


def without_suffix(name: str) -> tuple[str, str]:
    """A name of PubMed, which sets no comma before a suffix, and the suffix.

    >>> without_suffix("Smith, John Jr"), without_suffix("Smith J 3rd"), without_suffix("Ito II")
    (('Smith, John', 'Jr'), ('Smith J', '3rd'), ('Ito II', ''))
    """
    before, _, last = name.rpartition(" ")
    if " " in before and before[-1] != "," and (is_suffix(last) or last in ("2nd", "3rd", "4th")):
        return before, last
    return name, ""


def _single(text: str) -> list[str]:
    """The names in one field."""
    if text.endswith(",") and ";" not in text:
        return [text]
    return [name for name in listed(text) if name]


def _is_person(name: str) -> bool:
    """Whether initials after or in a name without a comma say that it is a person's."""
    if INITIALS_FIRST.fullmatch(name) or ("." in name and MIDDLE_INITIAL.fullmatch(name)):
        return True
    family, _, initials = with_comma(name).partition(",")
    several = " " in family and not is_family(family)
    return bool(WITH_INITIALS.fullmatch(name)) and ("." in initials or not several)


def _in_order(name: str) -> str:
    """A name without a comma as "Family, Given"."""
    if "," in name or " " not in name or WITH_INITIALS.fullmatch(name):
        return with_comma(name)
    if family_first := turned(name):
        return family_first
    given, _, family = name.rpartition(". ")
    return f"{family}, {given}."
