"""From a row of the bibliography to the fields of an entry, and from plain Unicode to the values of
BibTeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from evidence.bibliography.bibtex.dates import pages
from evidence.bibliography.bibtex.latex import CODES, MARKED, escaped, to_unicode
from evidence.bibliography.bibtex.names import names_to_latex, normalised
from evidence.bibliography.bibtex.table import CONTAINERS, NAMES, VERBATIM
from evidence.bibliography.bibtex.values import read_value
from evidence.errors import UsageError

# The field that holds what the tables call container, by the type of the entry.
CONTAINER_OF = {
    "article": "journal",
    **dict.fromkeys(
        ("inproceedings", "conference", "incollection", "inbook", "book", "proceedings"),
        "booktitle",
    ),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "school"),
    **dict.fromkeys(("techreport", "report"), "institution"),
    **dict.fromkeys(("online", "manual", "www", "electronic"), "organization"),
}
# A capital in English letters that may stand beyond the first letter of a word.
CAPITAL_INSIDE = re.compile(r"[A-Z](?<=[\w-][A-Z])")  # found sooner than from the letter before
RANGES = ("pages", "year", "volume", "number")
FIELD_NAME = re.compile(r"[A-Za-z][\w+.:-]*")
UNSAFE = re.compile(r"\\|^[^{]*\}")
ORDER = [
    "author",
    "editor",
    "title",
    *CONTAINERS,
    "publisher",
    "year",
    "date",
    "month",
    "volume",
    "number",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
]


def rank(name: str) -> int:
    """Where a field usually stands among others."""
    name = name.lower()
    return ORDER.index(name) if name in ORDER else len(ORDER)


def field_of(name: str, entry_type: str, has: Iterable[str] = ()) -> str:
    """The field that a column or field name means in an entry of a type; ``has`` are the fields in
    lower-case names that the entry has.

    >>> field_of("container", "article"), field_of("container", "misc"), field_of("doi", "misc")
    ('journal', 'howpublished', 'doi')
    """
    if name != "container":
        return name
    has = set(has)
    return next(
        (field for field in CONTAINERS if field in has),
        CONTAINER_OF.get(entry_type.lower(), "howpublished"),
    )


def fields_of(row: Mapping[str, object]) -> dict[str, str]:
    """The fields of a row that say something, by their names in BibTeX and in the usual order."""
    kind = str(row["entry_type"])
    said = {
        field_of(str(name), kind): value
        for name, value in row.items()
        if name not in ("key", "entry_type")
    }
    texts = {
        name: value for name, value in said.items() if isinstance(value, str) and value.strip()
    }
    return {name: texts[name] for name in sorted(texts, key=rank)}


def to_value(name: str, text: str) -> str:
    """A text in plain Unicode as the value of a field, without its braces.

    >>> (
    ...     to_value("title", "The RNA test"),
    ...     to_value("pages", "1–9"),
    ...     to_value("author", "Å, B. and {Oak & Co}"),
    ... )
    ('The {RNA} test', '1--9', 'Å, B. and {Oak \\\\& Co}')
    """
    if not FIELD_NAME.fullmatch(name):
        raise UsageError(f"{name!r} is not the name of a field; letters, digits and hyphens are")
    text = " ".join(text.split())
    kind = name.lower()
    if kind in VERBATIM:
        if UNSAFE.search(text) or text.count("{") != text.count("}"):
            raise UsageError(
                f"{name} {text!r} cannot be written: it holds a backslash, or braces that do not"
                " match"
            )
        return text
    if kind in NAMES:
        return names_to_latex(normalised_names(text))
    if kind == "title":
        return _title(text)
    value = escaped(text, CODES)
    return value.replace("\u2013", "--") if kind in RANGES else value


def normalised_names(text: str) -> str:
    """A list of names in the form of the tables, as it is read back."""
    return normalised(names_to_latex(text))[0]


def same_text(name: str, raw: str, text: str) -> bool:
    """Whether a value as it stands in a file says the given text."""
    read = read_value(raw, {})
    kind, text = name.lower(), " ".join(text.split())
    if read.problem:
        return False
    if kind in VERBATIM:
        return read.text == text
    if kind in NAMES:
        return normalised(read.text)[0] == normalised_names(text)
    said = to_unicode(read.text)
    if kind == "pages":
        return pages(said) == pages(text)
    return said == text


def _title(text: str) -> str:
    """A title with braces around the words that keep their capitals."""
    if text.isascii() and not (CAPITAL_INSIDE.search(text) or MARKED.search(text)):
        return text
    return "".join(
        _protected(part) if place % 2 else escaped(part, CODES)
        for place, part in enumerate(re.split(r"(\w[\w-]*)", text))
    )


def _protected(word: str) -> str:
    """Braces around a word with capitals beyond its first letter, which styles would make small."""
    written = escaped(word, CODES)
    return "{" + written + "}" if word[1:] != word[1:].lower() else written
