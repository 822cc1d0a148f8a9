"""Tables whose arms are called 1 and 2, with columns that say what these are: the one that is a
control is read as the control.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from evidence.frames import each_once
from evidence.importing.arms import NUMBERED, arm_columns, arm_sets, is_numbered, people_note
from evidence.importing.arms_in_rows import is_control
from evidence.importing.measured import outcomes_of
from evidence.importing.results_beside import is_numeric
from evidence.importing.shares import DIGIT, PERCENT, share_of_cells, told_by_cells
from evidence.importing.sheet import Sheet
from evidence.importing.words import known, tidy, without_size
from evidence.nouns import counted

KIND = r"(?:(?:study|treatment) )?(?:arm|group|treatment|intervention|trt|treat|condition|t)"
LABEL = re.compile(rf"{KIND} ?(?P<arm>[12])(?: (?:name|label|type|description))?")


def told_sides(sheet: Sheet, given: Collection[str] = ()) -> Sheet:
    """A table whose first arm is the control in some rows with the arms called exposed and control;
    any other table as it is.

    Parameters
    ----------
    sheet : Sheet
    given : collection of str
        Columns that the user has given a role: a table that has one of them among the numbers of
        its arms stays as it is.

    Examples
    --------
    >>> names = ["study", "Arm 1", "Arm 2", "e1", "n1", "e2", "n2"]
    >>> cells = [["a", "Placebo", "Drug", "8", "20", "4", "21"]]
    >>> sheet = told_sides(Sheet("a.csv", names, cells, [2]))
    >>> sheet.header[3:], sheet.rows[0][3:]
    (['events control', 'n control', 'events exposed', 'n exposed', 'exposure', 'comparator'], \
['8', '20', '4', '21', 'Drug', 'Placebo'])
    """
    labels, sets = label_columns(sheet), _numbered_sets(sheet)
    used = {name for chosen in sets.values() for name in chosen}
    if len(labels) < 2 or not sets or used & set(given):
        return sheet
    side = first_is_control(sheet, labels)
    first = np.array(side > 0)
    if not first.any():
        return sheet
    every = bool(first.all())
    table = pd.DataFrame(dict(zip(sheet.header, sheet.columns, strict=True)), dtype=object)
    new = dict(zip(sheet.header, sheet.header, strict=True))
    for prefix, chosen in sets.items():
        of = {target: name for name, target in chosen.items()}
        for target, name in of.items():
            new[name] = _new_name(prefix, name, target, every)
    if not every:
        _exchange(table, sets, first)
    one, two = (table[sheet.header[labels[arm]]] for arm in NUMBERED)
    said = (("exposure", one.where(~first, two)), ("comparator", two.where(~first, one)))
    header = [new[name] for name in sheet.header]
    for name, cells in said:
        table[f"\0{name}"] = cells
        header.append(name)
    rows = counted(int(first.sum()), "row", "rows")
    what = f"arm 1 is the control in {rows}, by {sheet.header[labels['1']]!r}, and was read so"
    if unknown := int((side == 0).sum()):
        rows = counted(unknown, "row", "rows")
        what += f"; nothing tells in {rows}, where 1 was read as the exposed arm"
    return replace(
        sheet,
        header=each_once(header, "{} {}"),
        rows=table.to_numpy(dtype=object).tolist(),
        remarks=[*sheet.remarks, what],
    )


def told_arms(
    sheet: Sheet, names: Sequence[str], numeric: Collection[str]
) -> tuple[dict[str, str], str]:
    """Targets of the columns that hold numbers of two arms, and what the user should know of them:
    :func:`evidence.importing.arms.arm_columns` with what the cells tell.
    """
    outcomes = outcomes_of(sheet)
    like_numbers = {name for name in names if share_of_cells(sheet, name, DIGIT) > 0.5}
    percent = {name for name in like_numbers if share_of_cells(sheet, name, PERCENT) > 0.5}
    targets, note = arm_columns(names, {*numeric, *percent}, outcomes)
    targets, why_not = told_by_cells(sheet, targets)
    people = people_note([name for name in names if name in like_numbers], outcomes)
    notes = (note, why_not, people, numbered_note(sheet, targets))
    return targets, "; ".join(filter(None, notes))


def numbered_note(sheet: Sheet, targets: Collection[str]) -> str:
    """What is said of a set whose arms have numbers, where nothing tells which is the control."""
    if not is_numbered(targets):
        return ""
    labels = label_columns(sheet)
    hint = "--map 'COLUMN=events_exposed' or mean_exposed and so on says it otherwise"
    if len(labels) < 2:
        return f"1 was read as the exposed arm, and 2 as the control; {hint}"
    unknown = int((first_is_control(sheet, labels) == 0).sum())
    rows = counted(unknown, "row", "rows")
    what = f"which arm is the control is not told in {rows}: 1 was read as the exposed arm there"
    return f"{what}; {hint}" * bool(unknown)


def label_columns(sheet: Sheet) -> dict[str, int]:
    """The columns that say what arm 1 and arm 2 are."""
    found: dict[str, int] = {}
    for i, name in enumerate(sheet.header):
        match = LABEL.fullmatch(tidy(name))
        if match and not is_numeric(sheet, i):
            found.setdefault(match["arm"], i)
    return found if len(found) == len(NUMBERED) else {}


def first_is_control(sheet: Sheet, labels: dict[str, int]) -> np.ndarray:
    """For each row 1 where arm 1 is the control, -1 where arm 2 is, 0 where nothing tells."""
    likely = [
        pd.Series(sheet.columns[i]).map({cell: _like_control(cell) for cell in sheet.distinct[i]})
        for i in (labels["1"], labels["2"])
    ]
    return np.sign((likely[0] - likely[1]).to_numpy(dtype=float))


def _like_control(cell: str) -> int:
    """How surely a cell names a control: 2 by its whole text, 1 by its first or last words."""
    if is_control(without_size(cell)):
        return 2
    text = tidy(cell)
    if "+" in text or {"plus", "and", "with"} & set(text.split()):
        return 0
    names = set(known()["controls"]) - set(known()["plain_controls"])
    return int(any(text.startswith(f"{one} ") or text.endswith(f" {one}") for one in names))


def _numbered_sets(sheet: Sheet) -> dict[str, dict[str, str]]:
    numeric = {name for i, name in enumerate(sheet.header) if is_numeric(sheet, i)}
    sets = arm_sets(sheet.header, numeric, outcomes_of(sheet))
    return {prefix: chosen for prefix, chosen in sets.items() if is_numbered(chosen)}


def _new_name(prefix: str, name: str, target: str, exchanged: bool) -> str:
    stat, _, arm = target.rpartition("_")
    if exchanged:
        arm = "control" if arm == "exposed" else "exposed"
    own = prefix if prefix and prefix in tidy(name) else ""
    return f"{own} {stat} {arm}".strip()


def _exchange(table: pd.DataFrame, sets: dict[str, dict[str, str]], rows: np.ndarray) -> None:
    """The numbers of the arms exchanged in some rows, each pair of columns once."""
    done: set[str] = set()
    for chosen in sets.values():
        of = {target: name for name, target in chosen.items()}
        for target, name in of.items():
            other = of[target.replace("_exposed", "_control")]
            if target.endswith("_exposed") and name not in done:
                done.add(name)
                one, two = table[name], table[other]
                table[name], table[other] = one.where(~rows, two), two.where(~rows, one)
