"""A new row from a DOI or a PubMed number: what the services know is filled in, what a person has
to judge stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from evidence.bibliography.addresses import plain_doi, plain_pmid
from evidence.bibliography.bibtex.write import edit
from evidence.decoding import text_of
from evidence.errors import EvidenceError, NetworkError, UsageError
from evidence.literature.asking import Asking
from evidence.literature.compare import same_title
from evidence.literature.confirm import names, place_and_numbers
from evidence.literature.duplicates import of_entries, of_records, same_papers
from evidence.literature.europepmc import question
from evidence.literature.record import Record, first_stated, normal
from evidence.literature.settings import TITLES
from evidence.model.evidence import Evidence
from evidence.model.source_notices import paper_keys
from evidence.tables.writing import with_row


@dataclass(frozen=True)
class Draft:
    """A paper to add.

    Attributes
    ----------
    table, key : str
        Where its row goes, and its id.
    entry : dict of str to str
        Columns of the bibliography.
    finished : bool
        Whether the bibliography has the entry already, from a run that was stopped before the row
        was written.
    records : tuple of Record
        What the services know.
    warnings : tuple of str
        What a person should look at.
    """

    table: str
    key: str
    entry: Mapping[str, str]
    finished: bool
    records: tuple[Record, ...]
    warnings: tuple[str, ...]


def doi_of(text: str) -> str:
    """A DOI in the form of the tables: lower case, no address before it.

    >>> doi_of("https://doi.org/10.1007/S00415-017-8719-1")
    '10.1007/s00415-017-8719-1'
    """
    doi = plain_doi(text)
    if not doi:
        raise UsageError(
            f"{text!r} is not a DOI; allowed: 10.NUMBER/TEXT, with or without https://doi.org/"
            " before it"
        )
    return doi


def pmid_of(text: str) -> str:
    """A PubMed number.

    >>> pmid_of("PMID: 29285652")
    '29285652'
    """
    number = plain_pmid(text)
    if not number:
        raise UsageError(f"{text!r} is not a PubMed number; allowed: digits")
    return number


@dataclass(frozen=True)
class Known:
    """What the services know of a paper.

    Attributes
    ----------
    shown : str
        The number that was asked for.
    records : tuple of Record
        PubMed first; at least one.
    failed : tuple of str
        Services that could not be asked.
    """

    shown: str
    records: tuple[Record, ...]
    failed: tuple[str, ...]


def asked(asking: Asking, doi: str = "", pmid: str = "") -> Known:
    """Ask the services about a paper, by one of its numbers or both.

    Raises
    ------
    EvidenceError
        When no service knows it.
    NetworkError
        When no service could be asked.
    """
    records, failed = known_of(asking, doi, pmid)
    shown = doi or f"PubMed {pmid}"
    if not records:
        if failed:
            raise NetworkError(f"{shown}: no service could be asked.\n" + "\n".join(failed))
        raise EvidenceError(
            f"{shown}: neither Crossref nor PubMed nor Europe PMC knows it. Nothing was added."
        )
    return Known(shown, tuple(records), tuple(failed))


def refuse_table(ev: Evidence, table: str) -> None:
    """Refuse a table that holds no papers with a :class:`UsageError`."""
    if table not in paper_keys(ev.dictionary):
        raise UsageError(f"table is {table!r}; allowed: {', '.join(paper_keys(ev.dictionary))}")


def draft(ev: Evidence, known: Known, table: str = "studies") -> Draft:
    """A row and an entry of what the services know of a paper.

    Parameters
    ----------
    ev : Evidence
        The data set as it is at the moment of writing: the key of the row must still be free then.
    known : Known
    table : str
        Table of the new row.

    Returns
    -------
    Draft

    Raises
    ------
    UsageError
        When the paper is in the tables already, or the table is unknown.
    """
    refuse_table(ev, table)
    records = list(known.records)
    _refuse_known(ev, records, known.shown)
    entry = entry_of(records)
    half = _half_added(ev, records)
    key = half or new_key(ev, entry)
    return Draft(
        table,
        key,
        {"key": key} | entry,
        bool(half),
        known.records,
        (*known.failed, *_warnings(records)),
    )


def known_of(asking: Asking, doi: str, pmid: str) -> tuple[list[Record], list[str]]:
    """What the services know of a paper, PubMed first, and which could not be asked. A number that
    one of them states leads to the others.
    """
    found: dict[str, Record] = {}
    failed: list[str] = []

    def ask(service: str, wanted: str) -> None:
        if not wanted or service in found:
            return
        answers = asking.ask(service, [wanted])
        failed.extend(
            why if why.startswith(TITLES[service]) else f"{TITLES[service]}: {why}"
            for why in answers.failed.values()
        )
        record = answers.record(service, wanted)
        if record is not None and (
            not found or any(_one_paper(record, other) for other in found.values())
        ):
            found[service] = record

    ask("pubmed", pmid)
    ask("crossref", doi)
    ask("europepmc", question(doi, pmid))
    ask("pubmed", next((record.pmid for record in found.values() if record.pmid), ""))
    ask("crossref", next((record.doi for record in found.values() if record.doi), ""))
    return [
        found[service] for service in ("pubmed", "crossref", "europepmc") if service in found
    ], list(dict.fromkeys(failed))


def _one_paper(record: Record, other: Record) -> bool:
    """Whether two records are of one paper: a number leads astray when it is wrong somewhere."""
    return (
        not record.titles
        or not other.titles
        or any(same_title(one, two) for one in record.titles for two in other.titles)
    )


def entry_of(records: list[Record]) -> dict[str, str]:
    """Columns of the bibliography from the records of one paper; what none states is left out."""

    first = partial(first_stated, records)
    full = max(
        records, key=lambda record: sum(len(a.family) + len(a.given) for a in record.authors)
    )
    journals = sorted(
        (record for record in records if record.journals),
        key=lambda record: record.service != "crossref",
    )
    entry = {
        "entry_type": next(
            (record.kind for record in records if record.service == "crossref"), records[0].kind
        ),
        "author": names(full.authors),
        "title": re.sub(r"(?<!\.)\.$", "", first("title")),
        "container": journals[0].journals[0] if journals else "",
        "year": first("year"),
        **place_and_numbers(records),
    }
    return {name: value for name, value in entry.items() if value}


def new_key(ev: Evidence, entry: Mapping[str, str]) -> str:
    """Family name and year in lower case, with a letter after it when that is taken.

    >>> import evidence
    >>> ev = evidence.load()
    >>> (
    ...     new_key(ev, {"author": "Dal Bello-Haas, V.", "year": "1999"}),
    ...     new_key(ev, {"author": "Abel, E.", "year": "2007"}),
    ... )
    ('dalbellohaas1999', 'abel2007b')
    """
    from evidence.bibliography.bibtex.names import first_name

    family = re.sub(r"[^a-z]", "", normal(first_name(entry.get("author", ""))[0]))
    stem = f"{family or 'anonymous'}{entry.get('year', '')}"
    taken = {
        str(key)
        for name, column in paper_keys(ev.dictionary).items()
        for key in ev.tables[name][column]
    } | set(ev.bibliography["key"])
    return next(
        key
        for key in (stem + letter for letter in ["", *"bcdefghijklmnopqrstuvwxyz"])
        if key not in taken
    )


def _refuse_known(ev: Evidence, records: list[Record], shown: str) -> None:
    entries = of_entries(ev)
    first = same_papers(pd.concat([entries, of_records(records)], ignore_index=True))[
        len(entries) :
    ]
    known = entries.loc[first[first < len(entries)], "id"]
    if len(known):
        raise UsageError(f"{shown} is in the tables already: {known.iloc[0]}. Nothing was added.")


def _half_added(ev: Evidence, records: list[Record]) -> str:
    """Key of an entry of the bibliography that is this paper and has no row: what a run leaves that
    was stopped between the two files.
    """
    rows = {
        str(key)
        for name, column in paper_keys(ev.dictionary).items()
        for key in ev.tables[name][column]
    }
    lonely = ev.bibliography[~ev.bibliography["key"].isin(rows)]
    for record in records:
        same = lonely["doi"].str.lower().eq(record.doi or " ") | lonely["pmid"].eq(
            record.pmid or " "
        )
        if same.fillna(False).any():
            return str(lonely.loc[same.fillna(False), "key"].iloc[0])
    return ""


def _warnings(records: list[Record]) -> list[str]:
    warnings = []
    years = {year for record in records for _, year in record.years}
    if len(years) > 1:
        warnings.append(f"several years are stated: {', '.join(map(str, sorted(years)))}")
    notice = max((record.most_serious for record in records), key=lambda notice: notice.rank)
    if notice.rank:
        kind = notice.kind.replace("_", " ").upper()
        warnings.append(f"{kind}: {notice.said} {notice.link}".rstrip())
    return warnings + [
        f"{TITLES[record.service]}: it {record.remark}" for record in records if record.remark
    ]


def changed_files(ev: Evidence, new: Draft) -> dict[Path, tuple[str, str]]:
    """Old and new text of the bibliography and of the table, in the order of writing."""
    dictionary = ev.dictionary
    files: dict[Path, tuple[str, str]] = {}
    if not new.finished:
        old = text_of(dictionary.bibliography)
        files[dictionary.bibliography] = (old, edit(old, add=[new.entry]))
    table = dictionary.tables[new.table]
    path = dictionary.folder / table.file
    old = text_of(path)
    row = {
        name: new.entry[name]
        for name in ("title", "year", "doi", "pmid", "pmcid")
        if name in new.entry and name in table
    }
    files[path] = (old, with_row(old, table, row | {table.key: new.key}))
    return files
