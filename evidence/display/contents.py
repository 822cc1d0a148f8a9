"""What the cells of each column hold, on a page that people read and tests compare.

A cell that is changed changes the line of its column: how many cells are filled, how many of them
differ, their words or their range, or, where nothing else does, their checksum. So no column can
change without somebody seeing which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from evidence.model.dictionary import Dictionary, Field
from evidence.quoting import markdown_cell, markdown_code, markdown_line
from evidence.tables.reader import TextTable

NUMBERS = ("integer", "number")
CHECKSUM = 8  # hexadecimal digits


def contents(dictionary: Dictionary, texts: Mapping[str, TextTable]) -> str:
    """A page in Markdown with one line for each column of each table.

    Parameters
    ----------
    dictionary : Dictionary
        Tables and columns, in the order in which they are shown.
    texts : mapping of str to TextTable
        The cells as they stand in the files.
    """
    lines = [
        f"# Contents: {markdown_line(dictionary.title)}",
        "",
        "This page is made from the tables by `evidence contents --write`: what each column holds."
        " What a column means is in the [codebook](CODEBOOK.md). Two copies of a column with"
        " the same checksum hold the same cells in the same order.",
    ]
    for name, table in dictionary.tables.items():
        columns = texts[name].columns
        lines += ["", f"## {markdown_line(table.title)}", ""]
        lines += [f"{markdown_code(table.file)}: {len(texts[name].lines):,} rows.", ""]
        lines += ["| column | filled | different | what | checksum |", "|---|--:|--:|---|---|"]
        lines += [_line(field, columns[field.name]) for field in table.fields]
    return "\n".join(lines) + "\n"


def _line(field: Field, cells: np.ndarray) -> str:
    """The line of one column."""
    filled = cells[cells != ""]
    counts = f"{len(filled):,} | {len(set(filled)):,}"
    what = _what(field, filled) if len(filled) else "nothing"
    return f"| {markdown_code(field.name)} | {counts} | {what} | {checksum(cells)} |"


def _what(field: Field, filled: np.ndarray) -> str:
    """In words: how often each word of a vocabulary stands, the range of numbers, or the length of
    texts.
    """
    if field.type == "boolean" or field.categories:
        known = [category.value for category in field.categories] or ["true", "false"]
        words, counts = np.unique(filled.astype(str), return_counts=True)
        found = dict(zip(words.tolist(), counts.tolist(), strict=True))
        order = [word for word in known if word in found]
        order += [word for word in found if word not in known]
        return ", ".join(f"{markdown_cell(word)} {found[word]:,}" for word in order)
    if field.type in NUMBERS and (numbers := _numbers(filled)) is not None:
        least, greatest, whole = numbers.min(), numbers.max(), numbers.sum()
        return f"{least:,.10g} to {greatest:,.10g}, sum {whole:,.10g}"
    characters = sum(map(len, filled))
    return f"{characters:,} characters"


def _numbers(filled: np.ndarray) -> np.ndarray | None:
    """Cells as numbers; none where one of them is something else."""
    try:
        return np.array([float(cell) for cell in filled])
    except ValueError:
        return None


def checksum(cells: np.ndarray) -> str:
    """The first digits of the SHA-256 of all cells, one per line.

    >>> checksum(np.array(["a", ""])), checksum(np.array(["", "a"]))
    ('a7da4899', '6dba9d80')
    """
    whole = "".join(f"{cell}\n" for cell in cells)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:CHECKSUM]
