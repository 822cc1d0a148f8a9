"""A bibliography that is about to be written, as reading it will give it: only entries that may
read back in another form are read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import accumulate

import numpy as np
import pandas as pd

from evidence.bibliography.bibtex.latex import MARKED
from evidence.bibliography.bibtex.names import all_normalised, normalised
from evidence.bibliography.bibtex.rows import CAPITAL_INSIDE, to_value
from evidence.bibliography.bibtex.table import ADDRESS, COLUMNS, NAMES, VERBATIM
from evidence.bibliography.bibtex.write import entry_texts
from evidence.bibliography.entries import Bibliography, parse_text

SIMPLE = re.compile(r"[a-z0-9]+")
YEAR = re.compile(r"[0-9]{4}")
# Marks that a reader of BibTeX may take for more than letters, in any value and beyond addresses.
STRUCTURE = re.compile(r'[\\{}@"\x00-\x1f\x7f-\xa0]')
UNUSUAL = re.compile(rf"{MARKED.pattern}|`|{STRUCTURE.pattern}")
ALWAYS_READ = ("pages", "date", "note")
# The same marks one by one, and stray spaces around the bars between cells.
STRAY = ("  ", "| ", " |")
STRUCTURE_MARKS = ("\\", "{", "}", "@", '"')
MARKS = (*STRUCTURE_MARKS, *"^~$&%#_`", "--", "''", "http://", "https://")
BRACED = re.compile(r"[^{}]*(?:\{[^{}]+\}[^{}]*)*")


def written_bibliography(
    entries: pd.DataFrame, before: str, shown: str
) -> tuple[str, Bibliography]:
    """The text of a BibTeX file, and what reading it gives.

    Parameters
    ----------
    entries : DataFrame of str
        As :func:`evidence.bibliography.entries.read_bibliography` gives them.
    before : str
        Comment before the first entry, in whole lines.
    shown : str
        Path for messages.

    Examples
    --------
    >>> entries = pd.DataFrame({"key": ["a"], "entry_type": ["misc"], "title": ["On tea"]})
    >>> text, read = written_bibliography(entries, "% mine\\n", "a.bib")
    >>> text.count("\\n"), read.lines, read.entries["title"].to_list()
    (4, {'a': 2}, ['On tea'])
    """
    read_back = {name: _read_back(entries, name) for name in COLUMNS if name in entries}
    columns = {name: cells for name, (cells, _) in read_back.items()}
    plain = [name for name, (_, is_plain) in read_back.items() if is_plain]
    same = {name: set(cells) for name, cells in columns.items() if name not in plain}
    if "title" in plain and not _is_without_braces("\n".join(map(str, columns["title"]))):
        plain.remove("title")
        same["title"] = set(columns["title"])
    texts = entry_texts(entries, lambda name, text: _as_value(name, text, same), plain)
    whole = before + "\n\n".join(texts) + "\n" * bool(texts)
    keys = entries["key"].tolist() if texts else []
    if len(set(map(str.lower, keys))) < len(keys):
        return whole, parse_text(whole, shown)
    lengths = [text.count("\n") + 2 for text in texts]
    begins = list(accumulate(lengths, initial=before.count("\n") + 1))[:-1]
    unsure = [columns[name] for name in same if None in columns[name]]
    odd = sorted({row for cells in unsure for row, cell in enumerate(cells) if cell is None})
    read = parse_text("\n".join(texts[row] + "\n" for row in odd), shown)
    if read.entries["key"].tolist() != [keys[row] for row in odd]:
        return whole, parse_text(whole, shown)
    for name in COLUMNS if odd else ():
        cells = columns.setdefault(name, [np.nan] * len(keys))
        for row, cell in zip(odd, read.entries[name].tolist(), strict=True):
            cells[row] = cell
    lines = [begins[row] + line for row in odd for line in range(lengths[row])]
    faults = [fault._replace(line=lines[fault.line - 1]) for fault in read.faults]
    told = [name for name in columns if odd or same.get(name) != {np.nan}]
    made = {name: np.array(columns[name], dtype=object) for name in told}
    nothing = pd.array(np.full(len(keys), np.nan, dtype=object), dtype="str")
    table = pd.DataFrame(
        {name: pd.array(made[name], dtype="str") if name in made else nothing for name in COLUMNS}
    )
    places = dict(zip(keys, begins, strict=True))
    return whole, Bibliography(table, places, sorted(faults), read.others)


def _as_value(name: str, text: str, same: Mapping[str, Collection[str | float | None]]) -> str:
    """A text as a value; the braces of a title are all that one that is read as it is can need."""
    if text in same.get(name, ()) and (name != "title" or _is_without_braces(text)):
        return text
    return to_value(name, text)


def _is_without_braces(title: str) -> bool:
    """Whether a title that is read as it is needs no braces to keep its capitals."""
    return title.isascii() and not CAPITAL_INSIDE.search(title)


def _read_back(entries: pd.DataFrame, name: str) -> tuple[list[str | float | None], bool]:
    """A column as it is read; None where only reading tells. And whether one look showed that all
    of its cells are filled, and stand in the file as they are.
    """
    cells = entries[name].to_numpy(dtype=object).tolist()
    different = set(cells)
    if set(map(type, different)) == {str}:
        filled = different - {""}
    else:
        filled = {cell for cell in different if isinstance(cell, str) and cell}
    unmarked = _are_unmarked(name, filled)
    named = name not in NAMES or all_normalised(filled)
    if unmarked and named and len(filled) == len(different):
        return cells, True
    read: dict[object, str | float | None]
    if not unmarked:
        read = {cell: _value(name, cell) for cell in different}
    else:
        read = {cell: cell if cell in filled else np.nan for cell in different}
    if not named:
        read |= {cell: None for cell in filled if normalised(cell) != (cell, "")}
    return [read[cell] for cell in cells], False


def _are_unmarked(name: str, cells: Collection[str]) -> bool:
    """Whether one look at all cells together shows that each is plain."""
    if name in ("key", "entry_type"):
        return "" not in cells and bool(SIMPLE.fullmatch("".join(cells)))
    if name in ("year", *ALWAYS_READ):
        return not cells
    whole = f"|{'|'.join(cells)}|"
    marks = STRAY + (STRUCTURE_MARKS if name in VERBATIM else MARKS)
    return whole.isprintable() and not any(mark in whole for mark in marks)


def _value(name: str, cell: object) -> str | float | None:
    if not isinstance(cell, str) or not cell:
        return np.nan
    return cell if _is_plain(name, cell) else None


def _is_plain(name: str, cell: str) -> bool:
    """Whether a cell stands in the file as it is, and is read as it stands."""
    if name in ("key", "entry_type"):
        return bool(SIMPLE.fullmatch(cell))
    if name == "year":
        return bool(YEAR.fullmatch(cell))
    if cell != " ".join(cell.split()) or name in ALWAYS_READ:
        return False
    if name in VERBATIM:
        return not STRUCTURE.search(cell)
    if name in NAMES:
        bare = cell.replace("{", "").replace("}", "")
        return bool(BRACED.fullmatch(cell)) and not UNUSUAL.search(bare)
    return not UNUSUAL.search(cell) and not (name == "container" and ADDRESS.search(cell))
