"""Which mark separates the cells of a text file, and which of its first lines are comments."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from evidence.files import LARGEST_CELL
from evidence.importing.heads import are_heads
from evidence.importing.layout import DEEP, NEAR, NUMBER

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
BLANKS = {" ": "blanks"}
LOOKED_AT = 200_000  # letters from the beginning
COMMENTS = re.compile(r"(?:[ \t\r]*(?:#.*)?\n)*[ \t]*#.*\n")


def with_comments_apart(text: str, delimiter: str = "") -> tuple[str, str, int]:
    """The text with each line of comment above its table as one cell; the mark that separates its
    cells, empty where blanks align them; and the number of the lines above.

    >>> with_comments_apart("# a, b\\nstudy,n\\nAdams,4\\n")
    ('"# a, b"\\nstudy,n\\nAdams,4\\n', ',', 1)
    """
    found = COMMENTS.match(text)
    if found:
        above, rest = found[0].splitlines(), text[found.end() :]
        whole, mark = _separated(rest, delimiter)
        if _are_comments(above, whole, mark or "\t"):
            said = ['"{}"'.format(line.replace('"', '""')) if line else "" for line in above]
            return "\n".join([*said, whole]), mark, len(above)
    return *_separated(text, delimiter), 0


def _separated(text: str, delimiter: str) -> tuple[str, str]:
    if delimiter:
        return text, delimiter
    aligned = _aligned(text)
    return (aligned, "") if aligned else (text, delimiter_of(text))


def _are_comments(above: Sequence[str], text: str, mark: str) -> bool:
    """Whether lines that begin with # are comments, and not the header: below them is a row of
    names, which is known, or is not as wide as these lines.
    """
    rows = _rows(text, mark)
    if not rows or len(rows[0]) < 2 or any(map(NUMBER.fullmatch, rows[0])):
        return False
    widths = {len(cells) for line in above for cells in _rows(line, mark)}
    return are_heads(rows[0]) or not widths & {len(cells) for cells in rows[:NEAR]}


def _rows(text: str, mark: str) -> list[list[str]]:
    """The first rows that are not empty; none where quotes do not allow the mark."""
    try:
        found = records(text[:LOOKED_AT], mark, strict=False)
        return [cells for _, cells in found if any(cells)]
    except csv.Error:
        return []


def first_line(text: str) -> str:
    """The first line of a text, without a copy of the rest."""
    end = text.find("\n")
    return text if end < 0 else text[:end]


def _aligned(text: str) -> str:
    """The text with tabs, if nothing but two or more blanks separates as many cells in each row."""
    first = first_line(text.lstrip("\n"))
    if "  " not in first.strip() or any(mark in first for mark in DELIMITERS):
        return ""
    lines = [re.sub(r" {2,}", "\t", line.strip()) for line in text.split("\n")]
    counts = {line.count("\t") for line in lines if line}
    if len(counts) == 1 and counts.pop() > 0:
        return "\n".join(lines)
    return ""


def delimiter_of(text: str) -> str:
    """The mark that parts most rows into as many cells as the row that has most of them; of several
    one that parts the first row too.
    """
    best, score, even = ",", (-1.0, False, -1), False
    for mark in DELIMITERS:
        rows = _rows(text, mark)
        widths = [len(cells) for cells in rows]
        wide = [width for width in widths if width > 1]
        common = max(set(wide), key=wide.count) if wide else 1
        found = (widths.count(common) / len(widths) if wide else 0.0, widths[:1] > [1], common)
        if found > score:
            best, score, even = mark, found, _even_below(rows, common, len(text) > LOOKED_AT)
    several_tabs = best == "\t" and "\t\t" in text.partition("\n")[0].strip("\t")
    if ((score[0] < 1 and not even) or several_tabs) and _by_blanks(text):
        return " "
    return best


def _even_below(rows: Sequence[Sequence[str]], common: int, cut: bool) -> bool:
    """Whether all rows are equally wide but for titles above the first of them, which holds names;
    the last row can be ``cut``.
    """
    first = next((i for i, cells in enumerate(rows) if len(cells) == common), len(rows))
    body = rows[first : len(rows) - cut]
    if first > DEEP or len(body) < 2 or any(len(cells) != common for cells in body):
        return False
    return common > 1 and not any(map(NUMBER.fullmatch, map(str.strip, body[0])))


def _by_blanks(text: str) -> bool:
    """Whether blanks separate every row into as many cells, texts of several words in quotes; the
    header may have one less, as R writes tables.
    """
    lines = _rows(text, " ")
    widths = [len(cells) for cells in (lines[:-1] if len(text) > LOOKED_AT else lines)]
    common = max(set(widths[1:]), key=widths.count) if len(widths) > 2 else 0
    if common < 3 or set(widths[1:]) != {common}:
        return False
    # R writes names of rows in quotes, or counts the rows.
    named = text.partition("\n")[2].startswith('"') or [cells[0] for cells in lines[1:3]] == [
        "1",
        "2",
    ]
    return widths[0] == common or (widths[0] == common - 1 and named)


def records(text: str, mark: str, strict: bool) -> Iterable[tuple[int, list[str]]]:
    previous = csv.field_size_limit(LARGEST_CELL)
    try:
        blank = mark == " "
        if blank:
            text = re.sub(r"(?<! ) +$", "", text.replace("\t", " "), flags=re.M)
        source = io.StringIO(text, newline="")
        reader = csv.reader(source, delimiter=mark, strict=strict, skipinitialspace=blank)
        begin = 1
        for cells in reader:
            yield begin, cells
            begin = reader.line_num + 1
    finally:
        csv.field_size_limit(previous)
