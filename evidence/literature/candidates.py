"""Candidates: papers that a search found and the tables do not have, those first that are most like
the studies in the table.
"""

from __future__ import annotations

import io
import os
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from evidence.decoding import text_of
from evidence.errors import DataError, Fault
from evidence.files import shown_path
from evidence.literature.confirm import names, place_and_numbers
from evidence.literature.duplicates import COLUMNS as COMPARED
from evidence.literature.duplicates import of_entries, same_papers
from evidence.literature.likeness import likeness
from evidence.literature.record import Record, first_stated, normal
from evidence.literature.watch import NEW, NOT_READ, Findings
from evidence.model.evidence import Evidence
from evidence.tables.formulas import restored

COLUMNS = [
    "rank",
    "likeness",
    "nearest",
    "perhaps",
    "question",
    "title",
    "author",
    "year",
    "container",
    "volume",
    "number",
    "pages",
]
COLUMNS += ["doi", "pmid", "pmcid", "notice", "services", "found_on", "entry_type", "abstract"]
SEPARATOR = "; "


def candidates(
    ev: Evidence, findings: Findings, before: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The papers to look at.

    Columns :data:`COLUMNS`, most like first. ``perhaps`` names the row of ``not_read`` that it may
    be, ``nearest`` the study in the table that it is most like, ``notice`` the most serious notice
    about it.
    """
    table = pd.DataFrame([_row(group, findings) for group in _papers(findings)], columns=COLUMNS)
    if before is not None and len(before):
        table = _with_earlier(ev, table, before.reindex(columns=COLUMNS).astype("str").fillna(""))
    if table.empty:
        return table.astype("str")
    studies = ev.studies
    models = (studies["title"].fillna("") + " " + studies["note"].fillna("")).to_list()
    score, nearest = likeness((table["title"] + " " + table["abstract"]).to_list(), models)
    called = ev.names.reindex(studies["study_id"]).fillna("").to_list()
    table = table.assign(
        likeness=score, nearest=[called[place] if place >= 0 else "" for place in nearest]
    )
    table = table.sort_values("likeness", ascending=False, kind="stable", ignore_index=True)
    return table.assign(
        rank=[str(number) for number in range(1, len(table) + 1)],
        likeness=table["likeness"].map("{:.3f}".format),
    ).astype("str")


def read_candidates(path: Path) -> pd.DataFrame | None:
    """Candidates of an earlier search; None when there is no such file.

    A file that is something else is refused: it would be lost, with what a reader noted in it.
    """
    if not os.path.lexists(path):
        return None
    text = text_of(path).removeprefix("\ufeff")
    what = "does not have the columns of a list of candidates"
    try:
        read = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)
    except ValueError as error:
        read, what = pd.DataFrame(), f"is not readable as CSV: {str(error).splitlines()[0]}"
    if not {"title", "doi", "pmid"} <= set(read.columns):
        allowed = (
            "cells separated by commas, as an earlier search wrote them; or move the file away, or"
            " name another folder"
        )
        raise DataError(
            "A file is in the place of the candidates:",
            [Fault(shown_path(path), 0, "", what, allowed)],
        )
    return read.map(restored)


def _papers(findings: Findings) -> list[list]:
    """The hits of each paper that is new or not read, in the order in which they were found."""
    wanted = {hit.paper for hit in findings.hits if hit.became in (NEW, NOT_READ)}
    groups: dict[int, list] = {}
    for hit in findings.hits:
        if hit.paper in wanted:
            groups.setdefault(hit.paper, []).append(hit)
    return list(groups.values())


def _row(hits: list, findings: Findings) -> dict[str, str]:
    """One paper, with what any of its records states."""
    records: list[Record] = [hit.record for hit in hits]

    first = partial(first_stated, records)
    full = max(records, key=lambda record: len(record.authors))
    notices = [notice for record in records for notice in record.notices]
    most_serious = max(notices, key=lambda notice: notice.rank, default=None)
    return {
        "perhaps": next((hit.perhaps for hit in hits if hit.perhaps), ""),
        "question": SEPARATOR.join(dict.fromkeys(hit.search.question for hit in hits)),
        "title": first("title").removesuffix("."),
        "author": names(full.authors),
        "year": first("year"),
        "container": next((record.journals[0] for record in records if record.journals), ""),
        **place_and_numbers(records),
        "notice": most_serious.kind if most_serious else "none",
        "services": SEPARATOR.join(dict.fromkeys(hit.search.service for hit in hits)),
        "found_on": findings.until.isoformat(),
        "entry_type": records[0].kind,
        "abstract": first("abstract"),
    }


def _with_earlier(ev: Evidence, table: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The candidates, and those of earlier searches that are neither among them nor in the tables
    by now.
    """
    entries = of_entries(ev)
    both = pd.concat([entries, _compared(table), _compared(before)], ignore_index=True)
    first = same_papers(both)[len(entries) + len(table) :]
    own = np.arange(len(entries) + len(table), len(both))
    return pd.concat([table, before[first == own]], ignore_index=True)


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    family = (
        table["author"]
        .str.split(r",| and ", regex=True)
        .str[0]
        .str.strip("{}")
        .map(normal)
        .str.split()
        .str[-1]
        .fillna("")
    )
    shown = table[["doi", "pmid", "pmcid"]].assign(
        id="",
        words=table["title"].map(normal),
        year=pd.to_numeric(table["year"], errors="coerce"),
        family=family,
    )
    return shown[COMPARED]
