"""The saved search: which terms are sent to which service, for which question, and when that was
last done.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from evidence.errors import DataError, Fault, UsageError
from evidence.files import UnreadableFile, read_text
from evidence.model.dictionary import Dictionary
from evidence.tables.toml_file import parse_toml

SERVICES = ("pubmed", "europepmc")
PARTS = ("name", "question", "service", "terms")
NAME = re.compile(r"[a-z][a-z0-9_]*")
LAST = re.compile(r'^(last_search *= *)("[^"\n]*"|[0-9-]+)', re.M)

Tell = Callable[[str, str, str], None]  # column, what is wrong, what is allowed


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


def read_search(dictionary: Dictionary) -> SavedSearch:
    """Read the saved search.

    >>> import evidence
    >>> saved = read_search(evidence.load().dictionary)
    >>> sorted({search.service for search in saved.searches})
    ['europepmc', 'pubmed']
    """
    path = dictionary.named_file("search")
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
    path = dictionary.named_file("search")
    if path is None:
        return []
    text, faults = _text(path, shown)
    return faults or parse_search(text, path, dictionary, shown)[1]


def parse_search(
    text: str, path: Path, dictionary: Dictionary, shown: str = ""
) -> tuple[SavedSearch, list[Fault]]:
    """The searches of a text in TOML, and what is wrong with it."""
    shown = shown or str(path)
    read, faults = parse_toml(text, shown)
    if faults:
        return SavedSearch(path, (), None, ""), faults

    def fault(column: str, what: str, allowed: str) -> None:
        lines = enumerate(text.splitlines(), 1)
        begins = re.compile(rf"\s*{column}\s*=").match
        line = next((number for number, content in lines if begins(content)), 0)
        faults.append(Fault(shown, line, column, what, allowed, "search"))

    last = _day(read.get("last_search", ""), fault)
    contact = read.get("contact", "")
    if not isinstance(contact, str) or (contact and not is_address(contact)):
        fault("contact", f"{contact!r} is not an email address", "name@example.org, or empty")
    field = dictionary.field("question", "studies")
    blocks = read.get("search", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        blocks = []
    searches = _searches(blocks, field.values if field else [], fault)
    if not searches and not faults:
        form = "a block [[search]] with name, question, service and terms"
        fault("search", "there is no search here", form)
    contact = contact if isinstance(contact, str) else ""
    return SavedSearch(path, tuple(searches), last, contact), faults


def _searches(
    blocks: Iterable[Mapping[str, object]], questions: Sequence[str], fault: Tell
) -> list[Search]:
    """The searches of the blocks that have all that a search needs."""
    searches: list[Search] = []
    for number, block in enumerate(blocks, 1):
        cells = {part: block.get(part) for part in PARTS}
        texts = {part: cell for part, cell in cells.items() if isinstance(cell, str)}
        missing = next((part for part in PARTS if not texts.get(part, "").strip()), "")
        if missing:
            fault(missing, f"search {number} has no {missing}", "a text")
            continue
        search = Search(**texts | {"terms": " ".join(texts["terms"].split())})
        what = f"search {number}: {{!r}} "
        if search.service not in SERVICES:
            said = what.format(search.service) + "cannot be searched"
            fault("service", said, ", ".join(SERVICES))
        if questions and search.question not in questions:
            said = what.format(search.question) + "is not a question of this data set"
            fault("question", said, ", ".join(questions))
        if not NAME.fullmatch(search.name) or search.name in {one.name for one in searches}:
            said = what.format(search.name) + "is not a name of its own"
            fault("name", said, "lower-case letters, digits and _, each name once")
        searches.append(search)
    return searches


def with_last(text: str, day: date) -> str:
    """The text of a saved search with another day of the last search; nothing else changes.

    >>> with_last('last_search = ""  # never' + chr(10), date(2026, 1, 31))
    'last_search = "2026-01-31"  # never\\n'
    """
    changed = LAST.sub(rf'\g<1>"{day.isoformat()}"', text, count=1)
    try:
        before, after = tomllib.loads(text), tomllib.loads(changed)
    except (ValueError, RecursionError):
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


def _day(value: object, fault: Tell) -> date | None:
    if value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
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
