"""Who the study of each row is: its id, and author and year where a name says them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from evidence.bibliography.bibtex.lists import (
    LOWER,
    WITH_INITIALS,
    comma_problem,
    is_family,
    listed,
)
from evidence.importing.cells import SIGNS, bare_name, letter_of_year, without_year_to_come
from evidence.importing.columns import Proposal
from evidence.importing.grouping import conflicts, group_keys
from evidence.importing.log import Log
from evidence.importing.naming import (
    authors,
    from_label,
    of_several,
    shows_given_names,
    study_ids,
    surname,
    without_marks,
    without_number,
)
from evidence.importing.roles import has_words
from evidence.importing.texts import (
    blank,
    changed,
    distinct,
    either,
    factorized,
    filled,
    looked_up,
    texts,
)
from evidence.importing.words import known, tidy
from evidence.quoting import code

DATED = re.compile(r"^(?P<name>\D+?) '?(?P<year>\d\d)$")
METHOD = r"d\+l|d l|dl|reml|pm|hksj|hk|iv|i v|mh|m h|inverse variance|random|fixed|common|re|fe|ce"
BEFORE_TOTAL = rf"(?:(?:{METHOD}|effects?|the|all|weighted|\d\d%) )*"
AFTER_TOTAL = (
    rf"(?: (?:{METHOD}|\d\d% (?:ci|ki|ic)|n \d+|effects?|estimates?|events|model|results?|size"
    r"|es|or|rr|hr|md|smd|wmd|(?:studies|trials|studien)(?: \d+)?"
    r"|(?:i2|i squared|chi2|chi squared|tau2|tau squared|q|df|p)\b.*))*"
)
# What a name of a study does not hold, unless it is one of these.
STATISTIC = re.compile(
    r"\bi2\b|\bsquared\b|\bmodel\b|\bprediction interval\b|(?:\bchi|\btau|χ|τ)2\b"
)
OF_A_STUDY = re.compile(r"\b(?:study|trial|cohort|survey|project|studie|etude|estudio)\b")
HINTS = ("i2", "i²", "squared", "model", "prediction", "chi2", "chi²", "tau²", "tau2", "τ", "χ")
# What says who a study is: a row that fills none of it can be of the study above.
IDENTITY = ("study_id", "study", "author", "year", "title", "doi", "pmid", "pmcid", "journal")
TWO_WORDS = re.compile(rf"[^\W\d_]+ (?:(?:{LOWER}) )*[^\W\d_]{{2,}}")
TWO_BY_TWO = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}, [^\W\d_]{2,} [^\W\d_]{2,}")
# Rows that are of no study: why, and what to do about it.
TOTAL = ("is a total of other rows, not a study", "nothing, if it is a total")
LONELY = ("only one cell of this row is filled", "nothing, if it is a heading or a remark")
NAMELESS = (
    "no study is named in this row",
    "a name of the study in each row; --map 'COLUMN=study' says which column names it",
)


def study_keys(
    raw: pd.DataFrame, table: pd.DataFrame, proposals: Sequence[Proposal], log: Log
) -> pd.Series:
    """Id of the study of each row; empty where none can be determined. Fills author and year where
    a name says them.
    """
    none = blank(table.index)

    def column(name: str) -> pd.Series:
        cells: pd.Series = table.get(name, none)
        return cells

    label, given = column("study"), column("study_id")
    numbers, spoken = factorized(either(label, given))
    from_names = [
        texts(np.array(part, dtype=object)[numbers], table.index)
        for part in zip(*map(from_label, spoken), strict=True)
    ] or [none] * 3
    _several_studies(spoken, log)
    year = column("year")
    table["year"] = either(year, from_names[1])
    table["author"] = either(_people(column("author"), table["year"], log), from_names[0])
    named = either(changed(table["author"], surname), changed(label, _bare))
    if not filled(named).all():
        named = either(named, column("title").str.slice(0, 40))
    said = {name: column(name) for name in ("study_id", "title", "author", "year")}
    said["study"] = _without_signs(label)
    said |= {name: column(name) for name in ("doi", "pmid", "pmcid")}
    letters = either(_letters(raw, proposals), from_names[2])
    said["year"] = texts(said["year"].to_numpy(object) + letters.to_numpy(object), table.index)
    key = group_keys(said, table.index)
    _parted_names(label, key, proposals, log)
    _on_its_side(label, log)
    lonely = ~filled(from_names[1]) & (_filled(raw) <= 1) & (raw.shape[1] > 2)
    alone = pd.Series(lonely, index=table.index)
    total = _totals(either(label, column("author")), year, table["year"]) & ~alone
    unnamed = (key == 0) & ~alone & ~total
    key = key.where(~total, 0)
    of_above = _of_above(raw, proposals, key, ~(alone | total), log)
    _log_rows(raw, {TOTAL: total, NAMELESS: unnamed & ~of_above, LONELY: alone}, log)
    key = key.where(~alone, 0)
    if of_above.any():
        key = key.where(~of_above, key.where(key != 0).ffill()).astype("int64")
    first = key[key != 0].drop_duplicates()
    years = texts(table["year"].to_numpy(dtype=object) + letters.to_numpy(dtype=object))
    years = years.iloc[first.index]
    ids = np.full(key.max() + 1 if len(key) else 1, "", dtype=object)
    ids[first] = _ids(given.iloc[first.index], named.iloc[first.index], years, log)
    return texts(ids[key], key.index)


def _bare(name: str) -> str:
    """A name of a study without number and marks."""
    return without_year_to_come(bare_name(without_number(name)))


def _several_studies(names: Sequence[str], log: Log) -> None:
    """A note on names that are those of two studies and more."""
    if found := of_several(names):
        cells = "1 cell names" if len(found) == 1 else f"{len(found)} cells name"
        log.notes.append(
            f"{cells} two studies or more, such as {found[0][:60]!r}; author and year of the first "
            "were taken; a row for each study says it otherwise"
        )


def _letters(raw: pd.DataFrame, proposals: Sequence[Proposal]) -> pd.Series:
    """The letters after the years, as their column has them."""
    theirs = next((one.theirs for one in proposals if one.ours == "year"), None)
    return blank(raw.index) if theirs is None else changed(raw[theirs], letter_of_year)


def _filled(raw: pd.DataFrame) -> np.ndarray:
    """How many cells of each row are filled."""
    number = np.zeros(len(raw), dtype=int)
    for name in raw:
        number += filled(raw[name])
    return number


def _log_rows(raw: pd.DataFrame, rows: Mapping[tuple[str, str], pd.Series], log: Log) -> None:
    """Rows that are of no study, each with why and what to do."""
    for (why, do), found in rows.items():
        log.cells(found, "", whole_rows(raw, found), why, do, "row")


def _ids(given: pd.Series, named: pd.Series, years: pd.Series, log: Log) -> pd.Series:
    """Ids of the studies, one row each: those of the file, else made of names and years."""
    stems = changed(given, lambda text: code(text, ""))
    given_ids = filled(stems)
    ids = study_ids(either(stems, named), years.where(~given_ids, "") if given_ids.any() else years)
    same = pd.Series(named.to_numpy(dtype=object) + years.to_numpy(dtype=object), index=named.index)
    shared = same.duplicated(keep=False) & filled(years) & ~given_ids
    if shared.any():
        pair = " and ".join(map(repr, ids[shared].tolist()[:2]))
        log.notes.append(
            f"{int(shared.sum())} studies share first author and year with another, such as {pair};"
            " if two are one study, the same name in their rows says so"
        )
    return ids


def _without_signs(names: pd.Series) -> pd.Series:
    """Names of studies without signs that lead to a note under the table."""
    if not any(name[-1:] in SIGNS for name in distinct(names) if name):
        return names
    return changed(names, lambda name: name.rstrip(f"{SIGNS} ") or name)


def whole_rows(raw: pd.DataFrame, rows: pd.Series) -> pd.Series:
    """The cells of some rows, each row as one text."""
    if not rows.any():
        return blank(raw.index)
    told = [" | ".join(row).strip(" |") for row in raw[rows].to_numpy().tolist()]
    return texts(told, raw.index[rows]).reindex(raw.index, fill_value="")


def _totals(names: pd.Series, years: pd.Series, dated: pd.Series) -> pd.Series:
    """Rows of sums and pooled results, by their name; a study of this name has a year.

    Beside studies with years in their names or rows (``dated``) a name without one is also a total
    if it begins or ends with a word for it, or holds the name of a statistic.
    """
    named, undated = filled(names), ~filled(years)
    different = distinct(names[named & undated])
    whole = _plain("\n".join(different))
    hints = [hint for word in (*known()["totals"], *HINTS) if (hint := _plain(word)) in whole]
    near = [name for name in different if any(map(_plain(name).__contains__, hints))]
    total = _total_pattern()
    said = [name for name in near if total.fullmatch(tidy(name))]
    rows = names.isin(said) & undated
    with_year = filled(dated)
    if len(near) > len(said) and (with_year & named).sum() * 2 > named.sum():
        rows |= names.isin([name for name in near if _like_a_total(name)]) & ~with_year
    return rows


def _plain(text: str) -> str:
    return text.casefold().replace("-", " ").replace("’", "'")


@cache
def _total_pattern() -> re.Pattern[str]:
    words = sorted(map(tidy, known()["totals"]), key=len, reverse=True)
    return re.compile(f"{BEFORE_TOTAL}(?:{'|'.join(words)}|test for .+){AFTER_TOTAL}")


@cache
def _at_an_end() -> re.Pattern[str]:
    words = "|".join(known()["totals_at_an_end"])
    return re.compile(f"(?:{words})(?! [a-z]$)\\b|.*\\b(?:{words})$")


def _like_a_total(name: str) -> bool:
    """Whether a name without a year, beside names with one, is that of a total.

    >>> _like_a_total("Overall, in women (I² = 3%)"), _like_a_total("Total A")
    (True, False)
    """
    words = tidy(name)
    if OF_A_STUDY.search(words):
        return False
    at_an_end = _at_an_end().match(words) and not WITH_INITIALS.fullmatch(name)
    return bool(at_an_end or STATISTIC.search(words))


def _of_above(
    raw: pd.DataFrame, proposals: Sequence[Proposal], key: pd.Series, usual: pd.Series, log: Log
) -> pd.Series:
    """Rows that are of the study above: they leave empty whatever says who a study is, and say in
    words what they are of.
    """
    below = (key == 0) & usual
    none = pd.Series(False, index=key.index)
    if not below.any():
        return none
    said = {proposal.theirs for proposal in proposals if proposal.ours in IDENTITY}
    for name in said:
        below &= raw[name] == ""
    errors = {fault.line for fault in log.sheet.faults if fault.rule == "unread"}
    worded = none.copy()
    for name in raw.columns.difference(list(said)):
        worded |= changed(raw[name].where(below, ""), lambda cell: "1" * has_words(cell)) != ""
    below &= worded & ~pd.Series(log.sheet.lines, index=key.index).isin(list(errors))
    state = key.where(usual, 0).where(~below).ffill().fillna(0)
    below &= state != 0
    if below.any():
        lines = [str(log.sheet.lines[i]) for i in np.flatnonzero(below.to_numpy())[:11].tolist()]
        where = ", ".join(lines[:10]) + ", …" * (len(lines) > 10)
        log.notes.append(
            f"{int(below.sum())} rows name no study and were read as results of the study above "
            f"(lines {where}); a name in each row says it otherwise"
        )
    return below


def _on_its_side(names: pd.Series, log: Log) -> None:
    """A note where the names of studies are names of columns."""
    words = {word for found in known()["columns"].values() for word in found}
    different = distinct(names)[:60]
    alike = [name for name in different if tidy(name) in words]
    if len(alike) > 2 and len(alike) * 2 > len(different):
        log.notes.append(
            f"names of studies such as {alike[0]!r} and {alike[1]!r} are names of columns: the "
            "table seems to lie on its side; exchange its rows and columns in a spreadsheet program"
        )


def _people(cells: pd.Series, years: pd.Series, log: Log) -> pd.Series:
    """Authors in the form of the bibliography; how doubtful names were read is noted."""
    different = [cell for cell in distinct(cells) if cell]
    if not different:
        return cells
    given_first = shows_given_names(different)
    people = changed(cells, lambda cell: authors(cell, given_first) if cell else "")
    dated = [cell for cell in different if cell[-1].isdecimal()]
    short = {cell: found for cell in dated if (found := DATED.search(cell))}
    if short:
        told = looked_up(cells, {cell: found["year"] for cell, found in short.items()})
        names = {cell: authors(found["name"], given_first) for cell, found in short.items()}
        people = people.where((told == "") | (told != years.str[-2:]), looked_up(cells, names))
    two = [cell for cell in filter(TWO_WORDS.fullmatch, different) if not is_family(cell)]
    two = [cell for cell in two if not WITH_INITIALS.fullmatch(cell)]
    if two:
        how = "a given and a family name" if given_first else "one family name"
        log.notes.append(
            f"authors of several words without a comma, such as {two[0]!r}, were read as {how}; "
            "a comma after the family name in the file says it otherwise"
        )
    pairs = [cell for cell in different if TWO_BY_TWO.fullmatch(without_marks(cell))]
    if pairs:
        log.notes.append(
            f"{len(pairs)} authors such as {pairs[0]!r} were read as one person each; a semicolon "
            "between two names in the file says it otherwise"
        )
    many = [cell for cell in different if cell.count(",") > 2 and comma_problem(cell)]
    doubtful = {cell: len(listed(cell, True)) for cell in many}
    crowded = [cell for cell, names in doubtful.items() if names > 1]
    lost = [cell for cell, names in doubtful.items() if names == 1]
    for said, how in ((crowded, "family names"), (lost, "one name")):
        if said:
            log.notes.append(
                f"{len(said)} lists of authors with several commas, such as {said[0][:60]!r}, "
                f"were read as {how}; semicolons between the names say it without doubt"
            )
    return people


def _parted_names(
    label: pd.Series, key: pd.Series, proposals: Sequence[Proposal], log: Log
) -> None:
    """A note on names that stand for several studies, and on what else the columns can mean."""
    log.notes += [proposal.note for proposal in proposals if proposal.note]
    if not filled(label).any():
        return
    several = conflicts(label, key) & filled(label)
    if not several.any():
        return
    first = label[several].iloc[0]
    theirs = next((p.theirs for p in proposals if p.ours == "study"), "study")
    names, studies = label[several].nunique(), key[several].nunique()
    log.notes.append(
        f"{names} names, such as {first!r}, stand for {studies} studies, as their rows differ in "
        f"author, year, title or numbers; --map '{theirs}=study_id' makes one study of each name"
    )
