"""The saved search: which terms are sent to which service, for which question, and when that was
last done.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evidence.errors import DataError, Fault, UsageError
from evidence.files import UnreadableFile, read_text
from evidence.model.dictionary import Dictionary

SERVICES = ("pubmed", "europepmc")
NAME = re.compile(r"[a-z][a-z0-9_]*")
LAST = re.compile(r'^(last_search *= *)("[^"\n]*"|[0-9-]+)', re.M)


@dataclass(frozen=True)
class Search:
    """The terms of one question for one service.

    Attributes
    ----------
    name : str
        Name of the search.
    question : str
        Value of ``question`` that what is found bears on.
    service : {"pubmed", "europepmc"}
    terms : str
        The search in the language of the service, on one line.
    """

    name: str
    question: str
    service: str
    terms: str


@dataclass(frozen=True)
class SavedSearch:
    """All searches of a data set.

    Attributes
    ----------
    path : Path
        The file they stand in.
    searches : tuple of Search
    last : datetime.date or None
        Day on which they last ran to the end.
    contact : str
        Address for the services; empty when none is given.
    """

    path: Path
    searches: tuple[Search, ...]
    last: date | None
    contact: str


def search_path(dictionary: Dictionary) -> Path | None:
    """The file of the saved search, when the dictionary names one."""
    name = dictionary.settings.get("search")
    if name:
        return dictionary.folder / name
    return None


def read_search(dictionary: Dictionary) -> SavedSearch:
    """Read the saved search.

    >>> import evidence
    >>> saved = read_search(evidence.load().dictionary)
    >>> sorted({search.service for search in saved.searches})
    ['europepmc', 'pubmed']
    """
    path = search_path(dictionary)
    if path is None:
        raise UsageError(
            'This data set has no saved search. Name a file in datapackage.json, "evidence":'
            ' {"search": "search.toml"}.'
        )
    text, faults = _text(path)
    if faults:
        raise DataError("The saved search cannot be read:", faults)
    saved, faults = parse_search(text, path, dictionary)
    if faults:
        raise DataError("The saved search cannot be used:", faults)
    return saved


def check_search(dictionary: Dictionary, shown: str) -> list[Fault]:
    """Faults of the saved search; none when the data set has no such file named."""
    path = search_path(dictionary)
    if path is None:
        return []
    text, faults = _text(path, shown)
    return faults or parse_search(text, path, dictionary, shown)[1]


def parse_search(
    text: str, path: Path, dictionary: Dictionary, shown: str = ""
) -> tuple[SavedSearch, list[Fault]]:
    """The searches of a text in TOML, and what is wrong with it."""
    shown = shown or str(path)
    nothing = SavedSearch(path, (), None, "")
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        return nothing, [
            Fault(
                shown,
                int(found[1]) if found else 0,
                "",
                f"is not readable as TOML: {error}",
                "https://toml.io",
            )
        ]
    faults: list[Fault] = []

    def fault(column: str, what: str, allowed: str) -> None:
        line = next(
            (
                number
                for number, content in enumerate(text.splitlines(), 1)
                if re.match(rf"\s*{column}\s*=", content)
            ),
            0,
        )
        faults.append(Fault(shown, line, column, what, allowed, "search"))

    last = _day(read.get("last_search", ""), fault)
    contact = read.get("contact", "")
    if not isinstance(contact, str) or (contact and not is_address(contact)):
        fault("contact", f"{contact!r} is not an email address", "name@example.org, or empty")
    field = dictionary.field("question", "studies")
    questions = []
    if field:
        questions = field.values
    searches: list[Search] = []
    for number, block in enumerate(read.get("search", []), 1):
        values = {name: block.get(name, "") for name in ("name", "question", "service", "terms")}
        if not all(isinstance(value, str) and value.strip() for value in values.values()):
            missing = next(
                name
                for name, value in values.items()
                if not isinstance(value, str) or not value.strip()
            )
            fault(missing, f"search {number} has no {missing}", "a text")
            continue
        if values["service"] not in SERVICES:
            fault(
                "service",
                f"search {number}: {values['service']!r} cannot be searched",
                ", ".join(SERVICES),
            )
        if questions and values["question"] not in questions:
            fault(
                "question",
                f"search {number}: {values['question']!r} is not a question of this data set",
                ", ".join(questions),
            )
        if not NAME.fullmatch(values["name"]) or values["name"] in {
            search.name for search in searches
        }:
            fault(
                "name",
                f"search {number}: {values['name']!r} is not a name of its own",
                "lower-case letters, digits and _, each name once",
            )
        searches.append(
            Search(
                values["name"],
                values["question"],
                values["service"],
                " ".join(values["terms"].split()),
            )
        )
    if not searches and not faults:
        fault(
            "search",
            "there is no search here",
            "a block [[search]] with name, question, service and terms",
        )
    return (
        SavedSearch(path, tuple(searches), last, contact if isinstance(contact, str) else ""),
        faults,
    )


def with_last(text: str, day: date) -> str:
    """The text of a saved search with another day of the last search; nothing else changes.

    >>> with_last('last_search = ""  # never' + chr(10), date(2026, 1, 31))
    'last_search = "2026-01-31"  # never\\n'
    """
    changed = LAST.sub(rf'\g<1>"{day.isoformat()}"', text, count=1)
    try:
        before, after = tomllib.loads(text), tomllib.loads(changed)
    except tomllib.TOMLDecodeError:
        before, after = {}, {}
    if after != before | {"last_search": day.isoformat()} or not after:
        raise DataError('The saved search has no line that begins with: last_search = ""')
    return changed


def is_address(text: str) -> bool:
    """Whether a text has the form of an email address.

    >>> is_address("a@example.org"), is_address("a@example.org\\r\\nX: y"), is_address("nobody")
    (True, False, False)
    """
    return re.fullmatch(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", text) is not None


def _day(value: object, fault) -> date | None:
    if value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        fault("last_search", f"{value!r} is not a date", "year-month-day, or empty")
        return None


def _text(path: Path, shown: str = "") -> tuple[str, list[Fault]]:
    try:
        return read_text(path), []
    except UnreadableFile as error:
        if error.line or "UTF" in error.what:
            allowed = error.allowed
        else:
            allowed = f"{error.allowed}, in TOML; or no setting search in datapackage.json"
        return "", [Fault(shown or str(path), error.line, "", error.what, allowed)]
