"""The saved search: what the services find that the tables do not have."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from evidence.decoding import text_of
from evidence.errors import UsageError
from evidence.frames import frame_rows
from evidence.literature.asking import Asking
from evidence.literature.cache import day_of
from evidence.literature.duplicates import of_entries, of_records, same_papers
from evidence.literature.europepmc import FIRST, incomplete
from evidence.literature.not_read import perhaps
from evidence.literature.record import Record
from evidence.literature.session import ServiceError, Unreachable
from evidence.literature.settings import TITLES
from evidence.model.evidence import Evidence
from evidence.tables.saved_search import SavedSearch, Search, with_last
from evidence.tables.writing import csv_text

DUPLICATE, IN_TABLE, NOT_READ, NEW = "duplicates", "in_table", "not_read", "new"
BECAME = (DUPLICATE, IN_TABLE, NOT_READ, NEW)
LAST = "last search"  # under which the days of the last search are stored


@dataclass(frozen=True)
class Hit:
    """A record that a search found, and what became of it.

    Attributes
    ----------
    search : Search
    record : Record
    became : str
        One of :data:`BECAME`.
    paper : int
        Number of the paper: equal for records of one paper.
    perhaps : str
        Id of the study in ``not_read`` that it may be.
    """

    search: Search
    record: Record
    became: str
    paper: int
    perhaps: str = ""


@dataclass
class Findings:
    """What a search found.

    Attributes
    ----------
    since, until : date or None, date
        Days on which the services took up what was searched.
    numbers : DataFrame
        Rows of the table ``searches``, one for each search that ran to completion.
    hits : list of Hit
    failed : dict of str to str
        Why searches did not run to their end.
    unknown : dict of str to list of str
        Phrases that a service does not know.
    """

    since: date | None
    until: date
    numbers: pd.DataFrame
    hits: list[Hit]
    failed: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, list[str]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every search ran to completion."""
        return not self.failed


def watch(
    ev: Evidence, saved: SavedSearch, asking: Asking, since: date | None, until: date
) -> Findings:
    """Send the saved search to the services.

    Offline, the last search is taken from what is stored, whatever ``since`` and ``until`` say.
    """
    from tqdm import tqdm

    if since and since > until:
        raise UsageError(f"since is {since}, which lies in the future")
    since, until = _days(asking, since, until)
    findings = Findings(since, until, pd.DataFrame(), [])
    found: list[tuple[Search, list[Record]]] = []
    with tqdm(total=0, desc="searching", unit="record", disable=None) as bar:

        def more(n: int) -> None:
            bar.total = (bar.total or 0) + n
            bar.refresh()

        for search in saved.searches:
            bar.set_description(search.name)
            try:
                found.append((search, _records(asking, search, findings, more, bar.update)))
            except (ServiceError, Unreachable) as error:
                findings.failed[search.name] = str(error)
    findings.hits = sorted_out(ev, found)
    findings.numbers = numbers(findings, [search for search, _ in found])
    return findings


def _days(asking: Asking, since: date | None, until: date) -> tuple[date | None, date]:
    """The days to search; offline, those of the last search."""
    if not asking.offline:
        asking.cache.put(
            "watch", {LAST: json.dumps([since.isoformat() if since else "", until.isoformat()])}
        )
        return since, until
    stored = asking.cache.get("watch", [LAST]).get(LAST)
    if stored is None or stored.body is None:
        return since, until
    try:
        first, last = json.loads(stored.body)
        return date.fromisoformat(first) if first else None, date.fromisoformat(last)
    except (ValueError, TypeError, RecursionError):  # something else wrote into the store
        return since, until


def _records(
    asking: Asking,
    search: Search,
    findings: Findings,
    more: Callable[[int], object],
    tick: Callable[[int], object],
) -> list[Record]:
    """All records of one search."""
    days = (findings.since, findings.until)
    if search.service == "pubmed":
        result = asking.numbers(search.terms, *days)
        questions = result["ids"]
        if result["unknown"]:
            findings.unknown[search.name] = result["unknown"]
    else:
        questions = _all_pages(asking, search.terms, *days)
    more(len(questions))
    answers = asking.ask(search.service, questions, tick)
    if answers.failed:
        why = next(iter(answers.failed.values()))
        raise ServiceError(
            f"{len(answers.failed)} of {len(questions)} records have no answer:"
            f" {TITLES[search.service]}: {why}"
        )
    records = [answers.record(search.service, question) for question in dict.fromkeys(questions)]
    return [record for record in records if record is not None]


def _all_pages(asking: Asking, terms: str, since: date | None, until: date) -> list[str]:
    """The questions of all records that Europe PMC finds, page by page.

    As many as it says that it finds, or none: where they are not, the pages are forgotten, so that
    the next search asks for them again.
    """
    questions: dict[str, None] = {}
    cursors, found, cursor = [], 0, FIRST
    while cursor and len(questions) <= found:
        page = asking.page(terms, since, until, cursor)
        cursors.append(cursor)
        before = len(questions)
        questions |= dict.fromkeys(page["ids"])
        # A page that adds nothing is the last: cursors can go round without end.
        found, cursor = max(found, page["found"]), page["next"] if len(questions) > before else ""
    if len(questions) != found:
        asking.forget_pages(terms, since, until, cursors)
        raise ServiceError(incomplete(found, len(questions)))
    return [*questions]


def sorted_out(ev: Evidence, found: list[tuple[Search, list[Record]]]) -> list[Hit]:
    """What became of each record: first those found more than once, then those in the tables, then
    those that may be known but were not read.
    """
    records = [record for _, some in found for record in some]
    searches = [search for search, some in found for _ in some]
    entries = of_entries(ev)
    first = same_papers(pd.concat([entries, of_records(records)], ignore_index=True))[
        len(entries) :
    ]
    known = first < len(entries)
    again = pd.Series(first).duplicated().to_numpy()
    maybe = perhaps(ev, records)
    became = np.select(
        [again, known, np.array([bool(name) for name in maybe], dtype=bool)],
        [DUPLICATE, IN_TABLE, NOT_READ],
        NEW,
    )
    return [
        Hit(*one)
        for one in zip(searches, records, became.tolist(), first.tolist(), maybe, strict=True)
    ]


def numbers(findings: Findings, searches: list[Search]) -> pd.DataFrame:
    """How many records each search gave, and what became of them: rows of ``searches``."""
    rows = []
    for search in searches:
        mine = [hit.became for hit in findings.hits if hit.search.name == search.name]
        row = {
            "search_id": f"{findings.until}:{search.name}",
            "date": findings.until.isoformat(),
            "search": search.name,
            "since": findings.since.isoformat() if findings.since else "",
            "question": search.question,
            "service": search.service,
            "found": str(len(mine)),
        }
        rows.append(row | {name: str(mine.count(name)) for name in BECAME})
    return pd.DataFrame(
        rows,
        columns=["search_id", "date", "search", "since", "question", "service", "found", *BECAME],
        dtype="str",
    )


def today() -> date:
    """The day it is, in world time, as the services count."""
    return day_of(time.time())


def begin(ev: Evidence, saved: SavedSearch) -> date | None:
    """The day from which to search: that of the last search, or, when that was today, the day from
    which it searched; None before the first.
    """
    if saved.last is None or saved.last < today() or "searches" not in ev.tables:
        return saved.last
    same = ev.searches.loc[ev.searches["date"] == saved.last.isoformat(), "since"]
    if same.empty:
        return saved.last
    if pd.isna(same.iloc[0]):
        return None
    return date.fromisoformat(same.iloc[0])


def written(ev: Evidence, saved: SavedSearch, findings: Findings) -> dict[Path, str]:
    """The files that a complete search changes: its numbers (where the data set has such a table),
    then its day.
    """
    files = {}
    if "searches" in ev.tables:
        before = ev.searches.astype("str").fillna("")
        rows = pd.concat(
            [before[~before["search_id"].isin(findings.numbers["search_id"])], findings.numbers],
            ignore_index=True,
        )
        table = ev.dictionary.tables["searches"]
        files[ev.dictionary.folder / table.file] = csv_text(
            table, frame_rows(rows.sort_values("search_id", kind="stable"))
        )
    return files | {saved.path: with_last(text_of(saved.path), findings.until)}
