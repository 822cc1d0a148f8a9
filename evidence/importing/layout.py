"""Where the table is among the rows of a sheet: titles above it, a header of one or two rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import median
from types import MappingProxyType

from evidence.bibliography.markup import ENTITY, character
from evidence.errors import Fault

Row = tuple[int, list[str]]
# Errors of spreadsheet programs, in English, German, French, Spanish, Italian and Portuguese.
ERRORS = re.compile(
    r"#\s?(?:¡?(?:REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|EXTERNAL"
    r"|PYTHON|BEZUG|WERT|ZAHL|ÜBERLAUF|KALK|FELD|BLOCKIERT|VERBINDEN|BESETZT|UNBEKANNT"
    r"|VALEUR|NOMBRE|NUL|PROPAGATION|CHAMP|BLOQUE|OCCUPE|INCONNU|VALOR|N[UÚ]M|NULO"
    r"|DESBORDAMIENTO|DESPARRAMAMENTO|RIF|VALORE|NULLO|ESPANSIONE|VERW|WAARDE|GETAL|DEEL/0)\s?!"
    r"|¿?(?:NAME|NOM|NOMBRE|NOME|NAAM)\s?\?|N/A|NV|N/D|ND|N/B|GETTING_DATA|#+)|Err:\d{3}",
    re.I,
)
OF_FORMULA = (
    "is an error of a formula, no value",
    "fix the formula in the spreadsheet, or type the value",
)
NARROW = (
    "is what a spreadsheet program shows of a number in a column that is too narrow, no value",
    "make the column wider in the spreadsheet and save it again, or type the value",
)
NUMBER = re.compile(r"[<>=~≤≥]?\s*[+-]?\d[\d.,' ]*%?")
NEAR = 30  # rows below a row that say whether it is a header
DEEP = 15  # filled rows from the top in which the header is looked for


def tidied(cell: str) -> str:
    """A cell without stray spaces, and with the letters that entities of web pages stand for.

    >>> tidied("M&uuml;ller  &amp; S&#248;rensen"), tidied("AT&T; R&D")
    ('Müller & Sørensen', 'AT&T; R&D')
    """
    if "&" in cell:
        cell = ENTITY.sub(_letter_of_entity, cell)
    return " ".join(cell.split())


def _letter_of_entity(found: re.Match[str]) -> str:
    entity = found[0]
    text = character(entity)
    return text if text.isprintable() or text.isspace() else entity


def header_at(
    rows: Sequence[Row], spans: Mapping[int, Mapping[int, int]] = MappingProxyType({})
) -> int | None:
    """Number of the first row that is a header: it fills at least half as many cells as the rows
    below it usually do, or names groups in blocks merged sideways (``spans``, by line). None where
    no row has two filled cells.

    >>> header_at([(1, ["Table 2", "", "", "", "2020"]), (2, list("abcde")), (3, list("12345"))])
    1
    """
    filled = [sum(map(bool, cells)) for _, cells in rows]
    wide = [i for i, number in enumerate(filled) if number > 1]
    if not wide:
        return None
    for i in wide:
        if i - wide[0] >= DEEP:
            break
        below = [number for number in filled[i + 1 : i + 1 + NEAR] if number > 1]
        if not below or filled[i] * 2 >= median(below):
            return i
        if (merged := spans.get(rows[i][0])) and _names_groups(rows[i][1], rows[i + 1][1], merged):
            return i
    return wide[0]


def _names_groups(upper: Sequence[str], lower: Sequence[str], spans: Mapping[int, int]) -> bool:
    """Whether a row names groups of columns over their parts, beside names that go down over both
    rows; beside a title in merged blocks nothing goes down.
    """
    under = {i for first, last in spans.items() for i in range(first, last + 1)}
    down = [i for i, cell in enumerate(upper) if cell and i not in under]
    goes_down = any(_at(lower, i) in ("", upper[i]) for i in down)
    return goes_down and second_header(
        upper, ["" if i in down else c for i, c in enumerate(lower)], spans
    )


def second_header(upper: Sequence[str], lower: Sequence[str], spans: Mapping[int, int]) -> bool:
    """Whether the row under a header continues it: words under the names of groups.

    Parameters
    ----------
    upper, lower : sequence of str
        The header, and the row below it.
    spans : mapping of int to int
        Columns of merged blocks in the header: their first and last.
    """
    upper = _as_wide(upper, lower)
    groups = _groups(upper, spans)
    own = {i: cell for i, cell in enumerate(lower) if cell and cell != _at(upper, i)}
    if len(own) < 2 or any(NUMBER.fullmatch(cell) for cell in own.values()):
        return False
    free = {i for i in own if not upper[i]} - set(groups)  # a name below an empty cell
    return all(i in groups or i in free for i in own) and any(
        i != groups[i] for i in own if i in groups
    )


def joined(upper: Sequence[str], lower: Sequence[str], spans: Mapping[int, int]) -> list[str]:
    """One header of two rows.

    >>> joined(["Study", "Control", "", "Result"], ["", "n", "age", ""], {})
    ['Study', 'Control n', 'Control age', 'Result']
    """
    upper = _as_wide(upper, lower)
    groups, names = _groups(upper, spans), []
    for i in range(max(len(upper), len(lower))):
        above, below = _at(upper, i), _at(lower, i)
        group = ""
        if i in groups and below:
            group = _at(upper, groups[i])
        name = above
        if below and below != above:
            name = " ".join(filter(None, (group, below)))
        names.append(name)
    return names


def _at(cells: Sequence[str], i: int) -> str:
    return cells[i] if i < len(cells) else ""


def _as_wide(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A header that reaches as far as the row below it."""
    return [*upper, *[""] * (len(lower) - len(upper))]


def _groups(upper: Sequence[str], spans: Mapping[int, int]) -> dict[int, int]:
    """Column of the name of the group for each column that belongs to one."""
    groups: dict[int, int] = {}
    for first, last in spans.items():
        groups |= dict.fromkeys(range(first, last + 1), first)
    if spans:
        return groups
    name, again = None, False
    for i, cell in enumerate(upper):
        same = bool(cell) and name is not None and cell == upper[name]
        if (cell or again) and not same:  # a name over each of its columns ends with them
            name, again = i if cell else None, False
        elif name is not None:
            groups[name] = groups[i] = name
            again = again or same
    return groups


def without_errors(shown: str, rows: Sequence[Row]) -> tuple[list[Row], list[Fault]]:
    """Rows in which the errors of a spreadsheet program are empty cells, and a fault for each."""
    kept, faults = [], []
    for line, cells in rows:
        if any(cell and cell[0] in "#E" and ERRORS.fullmatch(cell) for cell in cells):
            for place, cell in enumerate(cells):
                if ERRORS.fullmatch(cell):
                    why, do = NARROW if not cell.strip("# ") else OF_FORMULA
                    what = f"{letter(place)}{line}: {cell!r} {why}"
                    faults.append(Fault(shown, line, "", what, do, "unread", cell))
            cells = ["" if ERRORS.fullmatch(cell) else cell for cell in cells]
        kept.append((line, cells))
    return kept, faults


@lru_cache(maxsize=1000)
def letter(place: int) -> str:
    """Name of a column as spreadsheet programs have it.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
