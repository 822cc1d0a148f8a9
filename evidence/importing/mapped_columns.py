"""Cells of the columns of a file that are ours, read and under our names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from evidence.importing.arms import what_is_measured
from evidence.importing.cells import (
    Read,
    all_doi,
    all_plain,
    all_titles,
    doi,
    plain,
    title,
)
from evidence.importing.columns import (
    LEFT_OUT,
    OF_ARMS,
    OWN,
    Proposal,
    Reader,
    is_numeric,
    known_columns,
    read_as,
    reader_of,
)
from evidence.importing.decimals import COUNTS, Marks
from evidence.importing.effects import ARMS
from evidence.importing.log import Log
from evidence.importing.texts import blank, distinct, either, filled, looked_up
from evidence.importing.words import nothing_among, tidy
from evidence.model.schema import own_vocabularies
from evidence.nouns import counted

WORDS_OF_METHOD = (
    "direction",
    "conclusion",
    "observed_direction",
    "counted",
    "is_primary",
    "significant",
)
AT_LEAST_0 = tuple(name for name in ARMS if not name.startswith("mean"))
# Readers of a text as it stands, and what shows at one look that they leave all of some cells so.
SAME = {None: all_plain, doi: all_doi, title: all_titles}


def mapped_columns(
    raw: pd.DataFrame,
    different: Mapping[str, Sequence[str]],
    proposals: Sequence[Proposal],
    words: Mapping[str, Mapping[str, str]],
    marks: Mapping[str, Marks],
    log: Log,
) -> pd.DataFrame:
    """Cells of the mapped columns, each under our name; what cannot be read is empty and in the
    log.
    """
    table = pd.DataFrame(index=raw.index)
    silent = 0
    marked: dict[str, str] = {}
    for proposal in [one for one in proposals if one.ours not in (OWN, LEFT_OUT)]:
        cells, filled = raw[proposal.theirs], different[proposal.theirs]
        nothing = nothing_among(proposal.ours, filled) - {""}
        if nothing:
            silent += int(cells.isin(list(nothing)).sum())
        filled = [cell for cell in filled if cell and cell not in nothing]
        said = {**words.get(proposal.ours, {}), **words.get(proposal.theirs, {})}
        reader = reader_of(proposal.ours)
        if not said and reader in SAME and SAME[reader](filled):
            kept = cells.where(~cells.isin(list(nothing)), "") if nothing else cells
            table[proposal.fills[0]] = kept
            continue
        mark = marks.get(proposal.theirs, Marks())
        read = _each_read(proposal, reader, filled, mark, said)
        _fill(table, proposal, cells, read, whole=not nothing)
        _log_read(proposal, cells, read, log)
        log.notes += [*_thousands(proposal.theirs, mark, read), *_zeros(proposal, read)]
        log.notes += _rate_ratio(proposal)
        marked |= dict.fromkeys((cell for cell, one in read.items() if one.marked), proposal.theirs)
        _fixed(table, proposal)
    if "log_estimate" in table:
        measures = [p.measure for p in proposals if p.ours == "log_estimate"]
        table["log_measure"] = measures[0]
    _measured(table, proposals)
    _worded_p(table, log)
    log.notes += _left_out(marked, silent)
    _studies_by_doi(table)
    return table


def _measured(table: pd.DataFrame, proposals: Sequence[Proposal]) -> None:
    """What the names of the columns of both arms say that was measured."""
    theirs = {one.ours: one.theirs for one in proposals}
    for exposed in OF_ARMS:
        control = exposed.replace("_exposed", "_control")
        if exposed in theirs and control in theirs:
            measured = what_is_measured(theirs[exposed], theirs[control])
            if measured:
                table["arms_of"] = measured


def _studies_by_doi(table: pd.DataFrame) -> None:
    """A column that calls the studies by their DOIs holds DOIs too, and names where no other column
    has them.
    """
    if "study" not in table or "doi" in table:
        return
    names = [cell for cell in distinct(table["study"]) if cell]
    if not names or any(doi(cell).why for cell in names):
        return
    table["doi"] = looked_up(table["study"], {cell: doi(cell).text for cell in names})
    if "author" in table or "title" in table:
        del table["study"]


def _each_read(
    proposal: Proposal,
    reader: Reader | None,
    filled: Sequence[str],
    marks: Marks,
    said: Mapping[str, str],
) -> dict[str, Read]:
    """What each different cell of a column says."""
    read = {cell: _one(reader, cell, marks.of(cell), said) for cell in filled}
    if is_numeric(proposal.ours):  # a mark may lead from a number to a note
        bad = [cell for cell, one in read.items() if one.why]
        read |= {cell: read_as(proposal.ours, cell, marks.of(cell)) for cell in bad}
        doubtful = [cell for cell in marks.unread if cell in read and cell not in said]
        read |= {cell: Read(why=marks.unread[cell]) for cell in doubtful}
    return read | _out_of_bounds(proposal.ours, read)


def _out_of_bounds(ours: str, read: Mapping[str, Read]) -> dict[str, Read]:
    """Numbers that the column does not take, such as a sample of nobody."""
    column = known_columns().get(ours)
    least: float | None = 0 if ours in AT_LEAST_0 else None
    most: float | None = None
    if column and column.type in ("integer", "number"):
        least, most = column.minimum, column.maximum
    elif ours not in AT_LEAST_0:
        return {}
    found = {}
    for cell, one in read.items():
        number = float(one.text) if one.text and not one.why else None
        if number is None:
            continue
        if least is not None and number < least:
            found[cell] = Read(why=f"{cell!r} is below {least:g}")
        elif most is not None and number > most:
            found[cell] = Read(why=f"{cell!r} is above {most:g}")
        elif ours in COUNTS and number % 1:
            found[cell] = Read(why=f"{cell!r} is not a number of events: it is not whole")
    return found


def _fill(
    table: pd.DataFrame, proposal: Proposal, cells: pd.Series, read: Mapping[str, Read], whole: bool
) -> None:
    """The columns of ours that a column of the file fills; ``whole`` when each cell was read."""
    for place, column in enumerate(proposal.fills):
        said_by = {
            cell: one.texts[place] if len(one.texts) > place else "" for cell, one in read.items()
        }
        same = whole and all(cell == text for cell, text in said_by.items())
        table[column] = cells if same else looked_up(cells, said_by)


def _log_read(proposal: Proposal, cells: pd.Series, read: Mapping[str, Read], log: Log) -> None:
    """Cells that cannot be read, and the codes that words were read as."""
    whys = {cell: one.why for cell, one in read.items() if one.why}
    if whys:
        why = looked_up(cells, whys)
        log.cells(why != "", proposal.theirs, cells, why, _help(proposal), "unread")
    if proposal.ours in (*own_vocabularies(), *WORDS_OF_METHOD) and read:
        log.words[proposal.theirs] = {
            cell: one.texts[0] for cell, one in read.items() if not one.why
        }


def _thousands(theirs: str, marks: Marks, read: Mapping[str, Read]) -> list[str]:
    """A note on numbers with three digits after a mark, which could mean two numbers."""
    told = [(cell, read[cell].text) for cell in marks.noted if cell in read and read[cell].text]
    if not told:
        return []
    cell, text = told[0]
    more = f" ({len(told) - 1} more like it)" * (len(told) > 1)
    hint = "--decimal says which mark parts the decimals"
    return [f"{cell!r} ({theirs}) was read as {text}; {hint}{more}"]


def _zeros(proposal: Proposal, read: Mapping[str, Read]) -> list[str]:
    """A note on p-values of zero."""
    below = [(cell, one.texts) for cell, one in read.items() if one.texts[:1] == ("<",)]
    said = [f"{cell!r} as < {texts[1]}" for cell, texts in below if not set("<\u2264") & set(cell)]
    if proposal.ours != "p" or not said:
        return []
    return [f"p-values cannot be 0: {', '.join(said)} ({proposal.theirs})"]


def _rate_ratio(proposal: Proposal) -> list[str]:
    """A note on a ratio of rates, which shares its word with that of risks."""
    words = set(tidy(proposal.theirs).split())
    if proposal.measure != "RR" or not (words & {"irr"} or {"rate", "ratio"} <= words):
        return []
    hint = f"--map '{proposal.theirs}={proposal.ours}:IRR' keeps it apart"
    return [f"{proposal.theirs!r} is a rate ratio, and stands under RR beside risk ratios; {hint}"]


def _worded_p(table: pd.DataFrame, log: Log) -> None:
    """What words such as NS say in a column of p-values."""
    said = table.pop("p_word") if "p_word" in table else blank(table.index)
    if filled(said).any():
        own = table["significant"] if "significant" in table else blank(table.index)
        table["significant"] = either(own, said)
        rows = counted(int(filled(said).sum()), "p-value is", "p-values are")
        log.notes.append(f"{rows} a word such as NS: not significant, without a number")


def _left_out(marked: Mapping[str, str], silent: int) -> list[str]:
    """Notes on marks that were taken off numbers, and on cells that say that nothing is there."""
    notes = []
    if marked:
        told = [f"{cell!r} ({theirs})" for cell, theirs in marked.items()]
        more = f" and {len(told) - 10} more" * (len(told) > 10)
        what = "marks that lead to a note under the table were left out of numbers"
        notes.append(f"{what}: {', '.join(told[:10])}{more}")
    if silent:
        notes.append(
            f"cells that say that nothing is reported, such as n/a, are empty now: {silent}"
        )
    return notes


def _one(reader: Reader | None, cell: str, mark: str, said: Mapping[str, str]) -> Read:
    return Read((said[cell],)) if cell in said else (reader or plain)(cell, mark)


def _help(proposal: Proposal) -> str:
    if proposal.ours in WORDS_OF_METHOD:
        return f"--word '{proposal.theirs}:THEIRS=OURS'"
    if is_numeric(proposal.ours):
        return "fix the cell by hand in the new table; --decimal says which mark the file uses"
    return "fix the cell by hand in the new table, or map the column to something else"


def _fixed(table: pd.DataFrame, proposal: Proposal) -> None:
    """Measure and level that the name of the column states, or the cell before its number."""
    said = table.pop("cell_measure") if "cell_measure" in table else blank(table.index)
    if proposal.measure and "estimate" in table:
        said = said.where((said != "") | (table["estimate"] == ""), proposal.measure)
    if (said != "").any():
        table["measure"] = either(said, table["measure"]) if "measure" in table else said
    if proposal.level and "ci_low" in proposal.fills:
        level = table["ci_level"] if "ci_level" in table else pd.Series("", index=table.index)
        table["ci_level"] = level.where((level != "") | (table["ci_low"] == ""), proposal.level)
