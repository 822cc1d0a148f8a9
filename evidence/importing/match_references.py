"""References of other programs, and the studies of a spreadsheet that they belong to."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from evidence.bibliography.bibtex.table import COLUMNS
from evidence.bibliography.formats.read import read_references
from evidence.bibliography.formats.rows import CHANGED, UNREADABLE
from evidence.bibliography.same_work import NUMBERS, numbers_that_differ, other_works
from evidence.checks.references import plain
from evidence.errors import Fault
from evidence.files import shown_path
from evidence.importing.naming import surname
from evidence.importing.placed import Placed
from evidence.importing.same_paper import (
    authors_that_differ,
    first_fits,
    is_another_journal,
    journals_that_differ,
    people,
    titles_fit,
)

SHARED = ("title", "year", *NUMBERS)  # what the table of studies and the bibliography both say
NAMES = {"container": "journal"}
Fits = Callable[[pd.Series, pd.Series], bool]
LONG_TITLE = 5  # words of a title that two papers hardly have in common
LIKE = 90  # percent of likeness of two titles that are one, given the same year


def with_references(
    placed: Placed, paths: Sequence[str | os.PathLike[str]]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """The bibliography of the studies: the reference of each, else what the spreadsheet says.

    A reference fits a study by DOI, PMID or PMCID, by title, or by first author and year where
    only one of each has them; never where both have such a number and it differs, and never a
    correction, a reply or another part. What a study lacks of title, year and numbers is filled
    from its reference, and the other way round; ``placed.studies`` changes.

    Parameters
    ----------
    placed : Placed
    paths : sequence of path
        As :func:`evidence.bibliography.formats.read_references` reads them.

    Returns
    -------
    entries : DataFrame
        One row per study, its key the study id.
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
    own = placed.entries.reindex(columns=COLUMNS).astype("str").fillna("").reset_index(drop=True)
    found = _matched(_with_labels(own, placed), entries)
    rows = []
    for number, said in enumerate(own.to_dict("records")):
        row = dict(said)
        if number in found:
            theirs = entries.iloc[found[number]].to_dict()
            kept = {n: text for n, text in said.items() if text and (n in NUMBERS or not theirs[n])}
            row = theirs | kept | {"key": said["key"]}
            row["entry_type"] = theirs["entry_type"] or said["entry_type"]
        rows.append(row)
    made = pd.DataFrame(rows, columns=COLUMNS).astype("str")
    _fill(placed.studies, made)
    faults += [
        _contradiction(*places[j], own.iloc[i], entries.iloc[j])
        for i, j in found.items()
        if numbers_that_differ(own.iloc[i], entries.iloc[j])
    ]
    placed.notes.extend(_replaced(own, entries, found))
    unused = [i for i in range(len(entries)) if i not in found.values()]
    near = _near_misses(own, entries, unused)
    for i in unused:
        title = entries.at[i, "title"] or entries.at[i, "author"]
        what = f"reference {entries.at[i, 'key']!r} fits no study ({title[:60]!r}{near.get(i, '')})"
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


def _replaced(own: pd.DataFrame, entries: pd.DataFrame, found: Mapping[int, int]) -> list[str]:
    """Notes on authors and journals of the table that are others in the reference of its study."""
    notes = []
    differ: dict[str, Callable[[str, str], object]] = {
        "author": authors_that_differ,
        "container": is_another_journal,
    }
    for name, test in differ.items():
        ours, theirs, what = own[name].tolist(), entries[name].tolist(), NAMES.get(name, name)
        pairs = [(i, j) for i, j in found.items() if ours[i] and theirs[j]]
        told = [(i, j) for i, j in pairs if test(ours[i], theirs[j])]
        if told:
            i, j = told[0]
            more = f", and so on in {len(told) - 1} more" * (len(told) > 1)
            notes.append(
                f"{own.at[i, 'key']}: the reference with its number or title has the {what} "
                f"{theirs[j][:60]!r}, the table {ours[i][:60]!r}; the reference's was taken{more}"
            )
    return notes


def _with_labels(own: pd.DataFrame, placed: Placed) -> pd.DataFrame:
    """Entries of studies without an author, whose name can be the family name of one."""
    if "label" not in placed.studies:
        return own
    names = placed.studies["label"].reset_index(drop=True)
    single = names.where(names.str.fullmatch(r"[^\W\d_][\w'’-]+"), "")
    return own.assign(author=own["author"].where(own["author"] != "", single))


def _contradiction(shown: str, line: int, study: pd.Series, entry: pd.Series) -> Fault:
    """A reference that has one number of a study, and another of a different paper."""
    name = numbers_that_differ(study, entry)[0]
    what = (
        f"reference {entry['key']!r} has a number of {study['key']}, "
        f"but its {name.upper()} is {entry[name]}, not {study[name]}; the table's was kept"
    )
    return Fault(
        shown, line, "", what, "one paper's numbers; look them up", "reference", entry["key"]
    )


def _fill(studies: pd.DataFrame, entries: pd.DataFrame) -> None:
    """Cells of the studies that are empty, from the entries; both have the studies in one order."""
    for name in SHARED:
        own = studies[name] if name in studies else pd.Series("", index=studies.index, dtype="str")
        studies[name] = own.where(own != "", entries[name].to_numpy())


def _matched(studies: pd.DataFrame, entries: pd.DataFrame) -> dict[int, int]:
    """For the number of each study the number of its reference, the surest sign first."""
    found: dict[int, int] = {}

    def pair(left: pd.Series, right: pd.Series, fits: Fits) -> None:
        """Studies and references, not yet paired, that are the only ones with a value."""
        left = left[~left.index.isin(list(found)) & (left != "")]
        right = right[~right.index.isin(list(found.values())) & (right != "")]
        left, right = left[~left.duplicated(keep=False)], right[~right.duplicated(keep=False)]
        places = dict(zip(right, right.index, strict=True))
        for i, value in left.items():
            if value in places and fits(studies.loc[i], entries.loc[places[value]]):
                found[int(i)] = int(places[value])

    for name in NUMBERS:
        pair(studies[name].str.lower(), entries[name].str.lower(), lambda one, other: True)
    ours, theirs = studies["title"].map(plain), entries["title"].map(plain)
    pair(ours, theirs, _same_title)
    _alike(found, studies, entries, ours, theirs)
    pair(_author_and_year(studies), _author_and_year(entries), _may_be_one)
    return found


def _same_title(study: pd.Series, entry: pd.Series) -> bool:
    """Whether a title in common is of one paper: a short one of other people or of another year
    need not be.
    """
    if numbers_that_differ(study, entry):
        return False
    if first_fits(study["author"], entry["author"]):
        return True
    apart = study["year"] and entry["year"] and study["year"] != entry["year"]
    return not apart and len(study["title"].split()) >= LONG_TITLE


def _may_be_one(study: pd.Series, entry: pd.Series) -> bool:
    """Whether nothing speaks against a study and a reference that have one author and year."""
    return not why_not(study, entry)


def why_not(study: Mapping[str, str], entry: Mapping[str, str]) -> str:
    """What speaks against one author and year, or nearly one title, being one work.

    >>> one = {"title": "On tea", "doi": "10.1/a", "pmid": "", "pmcid": ""}
    >>> why_not(one, {**one, "doi": "10.1/b"}), why_not(one, {**one, "title": "Erratum: On tea"})
    ('its DOI is 10.1/b, not 10.1/a', 'it is a correction, a reply or another part')
    """
    from rapidfuzz import fuzz

    differ = numbers_that_differ(study, entry)
    if differ:
        name = differ[0]
        return f"its {name.upper()} is {entry[name]}, not {study[name]}"
    if other_works(study["title"], entry["title"]):
        return "it is a correction, a reply or another part"
    both = plain(study["title"]), plain(entry["title"])
    if why := authors_that_differ(study.get("author", ""), entry.get("author", "")):
        return why
    if journals_that_differ(study.get("container", ""), entry.get("container", "")):
        return f"its journal is {entry['container']}, not {study['container']}"
    alike = max(fuzz.token_sort_ratio(*both), fuzz.token_set_ratio(*both)) >= LIKE
    if all(both) and not (alike and titles_fit(*both)):
        return "its title is another one"
    return ""


def _near_misses(studies: pd.DataFrame, entries: pd.DataFrame, unused: list[int]) -> dict[int, str]:
    """Why a reference was not joined with the study of its title, or of its author and year."""
    said: dict[int, str] = {}
    for ours, theirs in (
        (studies["title"].map(plain), entries["title"].map(plain)),
        (_author_and_year(studies), _author_and_year(entries)),
    ):
        places = {value: i for i, value in ours.items() if value}
        for j in unused:
            i = places.get(theirs[j])
            if i is not None and j not in said and (why := why_not(studies.loc[i], entries.loc[j])):
                said[j] = f"; near {studies.loc[i, 'key']}, but {why}"
    return said


def _author_and_year(table: pd.DataFrame) -> pd.Series:
    who = table["author"].map(surname).map(plain) + "|" + table["year"]
    return who.where((table["author"] != "") & (table["year"] != ""), "")


def _alike(
    found: dict[int, int],
    studies: pd.DataFrame,
    entries: pd.DataFrame,
    ours: pd.Series,
    theirs: pd.Series,
) -> None:
    """Titles in nearly the same words, of one year and first author, of works that nothing
    separates.
    """
    from rapidfuzz import fuzz, process

    rows, taken = entries.to_dict("records"), set(found.values())
    sorted_titles = {j: " ".join(sorted(title.split())) for j, title in theirs.items() if title}
    near = _Near(entries, [int(j) for j in sorted_titles if j not in taken])
    for i, title in ours.items():
        if not title or i in found:
            continue
        own = studies.loc[i]
        free = {j: sorted_titles[j] for j in near.to(own) if j not in taken}
        alike = process.extract(
            " ".join(sorted(title.split())), free, scorer=fuzz.ratio, score_cutoff=LIKE, limit=10
        )
        for _, _, j in alike:
            if titles_fit(title, theirs[j]) and not why_not(own, rows[j]):
                found[int(i)] = int(j)
                taken.add(int(j))
                break


class _Near:
    """References by year and family name of the first author: few of them are near a study."""

    def __init__(self, entries: pd.DataFrame, numbers: Sequence[int]):
        self._of: dict[tuple[str, str], list[int]] = {}
        years, authors = entries["year"].tolist(), entries["author"].tolist()
        for j in numbers:
            for name in {*_families(authors[j]), "*"}:
                for year in ("*", years[j]):
                    self._of.setdefault((name, year), []).append(j)

    def to(self, study: pd.Series) -> list[int]:
        """Those of the year and the first author of a study, and those that name no author."""
        names = [*_families(study["author"]), ""] if study["author"] else ["*"]
        year = study["year"] or "*"
        return sorted({j for name in names for j in self._of.get((name, year), ())})


def _families(author: str) -> list[str]:
    """The beginnings of the words of the first author's family name; one empty without authors."""
    told = people(author)
    return [word[:2] for word in told[0][0].split()] if told else [""]
