"""References of other programs, and the studies of a spreadsheet that they belong to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from evidence.bibliography.bibtex.table import COLUMNS
from evidence.bibliography.formats.read import read_references
from evidence.bibliography.formats.rows import CHANGED, UNREADABLE
from evidence.checks.references import plain
from evidence.errors import Fault
from evidence.files import shown_path
from evidence.importing.naming import surname
from evidence.importing.placed import Placed

NUMBERS = ("doi", "pmid", "pmcid")
SHARED = ("title", "year", *NUMBERS)  # what the table of studies and the bibliography both say
LIKE = 90  # percent of likeness of two titles that are one, given the same year


def with_references(
    placed: Placed, paths: Sequence[str | os.PathLike[str]]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """The bibliography of the studies: their references where one fits, else what the spreadsheet
    says of them.

    A reference fits a study by DOI, PMID or PMCID, by title, or by first author and year where only
    one of each has them. What a study lacks of title, year and numbers is filled from its
    reference, and the other way round; ``placed.studies`` changes.

    Parameters
    ----------
    placed : Placed
    paths : sequence of path
        As :func:`evidence.bibliography.formats.read_references` reads them.

    Returns
    -------
    entries : DataFrame
        One row a study, its key the study id.
    unused : DataFrame
        References that fit no study.
    faults : list of Fault
        Those, and what of the files could not be read; ``record`` is the key.
    """
    read = [(shown_path(Path(path)), read_references(path)) for path in paths]
    entries = (
        pd.concat([one.entries for _, one in read], ignore_index=True)
        .reindex(columns=COLUMNS)
        .astype("str")
        .fillna("")
    )
    places = [(shown, one.lines.get(key, 0)) for shown, one in read for key in one.entries["key"]]
    faults = [
        fault for _, one in read for fault in one.problems if fault.rule in (UNREADABLE, CHANGED)
    ]
    placed.notes.extend(
        str(fault)
        for _, one in read
        for fault in one.problems
        if fault.rule not in (UNREADABLE, CHANGED)
    )
    found = _matched(placed.entries, entries)
    rows = []
    for number, own in enumerate(
        placed.entries.reindex(columns=COLUMNS).astype("str").fillna("").to_dict("records")
    ):
        row = dict(own)
        if number in found:
            theirs = entries.iloc[found[number]].to_dict()
            row = (
                theirs
                | {
                    name: text
                    for name, text in own.items()
                    if text and (name in NUMBERS or not theirs[name])
                }
                | {"key": own["key"]}
            )
            row["entry_type"] = theirs["entry_type"] or own["entry_type"]
        rows.append(row)
    made = pd.DataFrame(rows, columns=COLUMNS).astype("str")
    _fill(placed.studies, made)
    unused = [i for i in range(len(entries)) if i not in found.values()]
    for i in unused:
        title = entries.at[i, "title"] or entries.at[i, "author"]
        what = f"reference {entries.at[i, 'key']!r} fits no study ({title[:60]!r})"
        faults.append(
            Fault(
                *places[i],
                "",
                what,
                "a study with this title or number, or nothing",
                "reference",
                entries.at[i, "key"],
            )
        )
    return made, entries.iloc[unused].reset_index(drop=True), faults


def _fill(studies: pd.DataFrame, entries: pd.DataFrame) -> None:
    """Cells of the studies that are empty, from the entries; both have the studies in one order."""
    for name in SHARED:
        own = studies[name] if name in studies else pd.Series("", index=studies.index, dtype="str")
        studies[name] = own.where(own != "", entries[name].to_numpy())


def _matched(studies: pd.DataFrame, entries: pd.DataFrame) -> dict[int, int]:
    """For the number of each study the number of its reference, the surest sign first."""
    found: dict[int, int] = {}

    def pair(left: pd.Series, right: pd.Series) -> None:
        """Studies and references, not yet paired, that are the only ones with a value."""
        left = left[~left.index.isin(list(found)) & (left != "")]
        right = right[~right.index.isin(list(found.values())) & (right != "")]
        left, right = left[~left.duplicated(keep=False)], right[~right.duplicated(keep=False)]
        places = dict(zip(right, right.index, strict=True))
        found.update({int(i): int(places[value]) for i, value in left.items() if value in places})

    for name in NUMBERS:
        pair(studies[name].str.lower(), entries[name].str.lower())
    ours, theirs = studies["title"].map(plain), entries["title"].map(plain)
    pair(ours, theirs)
    _alike(found, ours, theirs, studies["year"], entries["year"])
    pair(_author_and_year(studies), _author_and_year(entries))
    return found


def _author_and_year(table: pd.DataFrame) -> pd.Series:
    who = table["author"].map(surname).map(plain) + "|" + table["year"]
    return who.where((table["author"] != "") & (table["year"] != ""), "")


def _alike(
    found: dict[int, int],
    ours: pd.Series,
    theirs: pd.Series,
    our_years: pd.Series,
    their_years: pd.Series,
) -> None:
    """Titles in nearly the same words, of one year."""
    from rapidfuzz import fuzz, process

    for i, title in ours.items():
        if title and i not in found:
            free = {
                j: other
                for j, other in theirs.items()
                if other and j not in found.values() and our_years[i] in ("", their_years[j])
            }
            best = process.extractOne(title, free, scorer=fuzz.token_sort_ratio, score_cutoff=LIKE)
            if best:
                found[int(i)] = int(best[2])
