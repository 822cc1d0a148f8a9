"""Tables with several results of a study beside each other: each becomes a row of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache

from evidence.frames import each_once
from evidence.importing.arms import ARM_OF, FILLERS, STAT_OF, arm_sets, is_numbered
from evidence.importing.cells import number
from evidence.importing.measured import (
    describes_people,
    is_of_people,
    names_another,
    outcome_with,
    outcomes_of,
)
from evidence.importing.shares import kind_of_share
from evidence.importing.sheet import Sheet, can_be_counts, numbers_of
from evidence.importing.words import known, known_measure, says_nothing, tidy
from evidence.nouns import counted

LOG_NAME = re.compile(r"(?:log|ln)(?:or|rr|hr|irr)")
PRECISION = ("se", "variance", "ci_low", "ci_high")
LOOKED_AT = 200
# For each result: what it is called, and the columns that hold it, under names of their own.
Groups = dict[str, dict[int, str]]


def one_below_the_other(sheet: Sheet, given: Collection[str] = ()) -> Sheet:
    """A table with several named results in each row as one row for each result; any other table as
    it is.

    Parameters
    ----------
    sheet : Sheet
    given : collection of str
        Columns that the user has given a role: with one of them among the results, the table stays
        as it is.

    Examples
    --------
    >>> names = ["study", "death.logrr", "death.se", "falls.logrr", "falls.se"]
    >>> cells = [["a", "0.1", "0.2", "0.3", "0.4"]]
    >>> sheet = one_below_the_other(Sheet("a.csv", names, cells, [2]))
    >>> sheet.header, sheet.rows
    (['study', 'outcome', 'logrr', 'se'],
     [['a', 'death', '0.1', '0.2'], ['a', 'falls', '0.3', '0.4']])
    """
    numeric = [i for i in range(len(sheet.header)) if is_numeric(sheet, i)]
    groups = _effects(sheet, numeric) or _arms(sheet, numeric)
    used = {i for columns in groups.values() for i in columns}
    if not groups or {sheet.header[i] for i in used} & set(given):
        return sheet
    return _below(sheet, groups, used)


def _below(sheet: Sheet, groups: Groups, used: set[int]) -> Sheet:
    shared = [i for i in range(len(sheet.header)) if i not in used]
    names = list(dict.fromkeys(name for columns in groups.values() for name in columns.values()))
    called = "outcome"
    outcome = next((i for i in shared if tidy(sheet.header[i]) == called), None)
    if outcome is not None:
        called = "subgroup"
    header = each_once([*(sheet.header[i] for i in shared), called, *names], "{} {}")
    rows, lines = [], []
    for cells, line in zip(sheet.rows, sheet.lines, strict=True):
        made = list(_results(cells, groups, names))
        for group, numbers in made or [("", [""] * len(names))]:
            own = [cells[i] for i in shared]
            if outcome is not None and not is_of_people(group.split()):
                place = shared.index(outcome)
                own[place], group = _renamed(own[place], group)
            rows.append([*own, group, *numbers])
            lines.append(line)
    listed = ", ".join(repr(name) for name in groups)
    said = f"{counted(len(sheet.rows), 'row', 'rows')} with results of {listed} beside each other"
    said = f"{said}: each is a row of its own now"
    if outcome is not None and any(_renamed("", group)[0] for group in groups):
        said += ", and its outcome names it"
    if is_numbered([sheet.header[i] for i in used]):
        said += "; 1 was read as the exposed arm, and 2 as the control"
    return replace(sheet, header=header, rows=rows, lines=lines, remarks=[*sheet.remarks, said])


@cache
def _renamed(outcome: str, group: str) -> tuple[str, str]:
    """The outcome and the subgroup of a result in a table that names an outcome."""
    if STAT_OF.get(group):
        return outcome, ""
    if names_another(outcome, group):
        return outcome_with(outcome, group), ""
    return outcome, group


def _results(cells: list[str], groups: Groups, names: list[str]) -> Iterable[tuple[str, list[str]]]:
    """The results of a row that say something."""
    for group, columns in groups.items():
        found = {name: cells[i] for i, name in columns.items()}
        if not all(map(says_nothing, found.values())):
            yield group, [found.get(name, "") for name in names]


def is_numeric(sheet: Sheet, i: int) -> bool:
    """Whether what the first cells of a column say is numbers."""
    cells = sheet.filled(i, LOOKED_AT)
    return bool(cells) and not any(number(cell, ".").why for cell in cells)


def _effects(sheet: Sheet, numeric: list[int]) -> Groups:
    """Estimates with their precision, each under names that begin or end with the same word."""
    found: Groups = {}
    for i in numeric:
        words = tidy(sheet.header[i]).split()
        for k in range(1, len(words)):
            begin, end = " ".join(words[:k]), " ".join(words[k:])
            for group, name in ((begin, end), (end, begin)):
                if _role(name) and not _role(group):
                    found.setdefault(group, {}).setdefault(i, name)
    whole = {group: columns for group, columns in found.items() if _is_whole(columns.values())}
    plain = {tidy(sheet.header[i]) for i in numeric}
    if len(whole) < 2 or _is_whole(plain):
        return {}
    return whole


def _role(name: str) -> str:
    if LOG_NAME.fullmatch(name.replace(" ", "")) or (known_measure(name) and len(name) > 1):
        return "estimate"
    return next((one for one in ("estimate", *PRECISION) if name in known()["columns"][one]), "")


def _is_whole(names: Iterable[str]) -> bool:
    """Whether columns are an estimate and what says how precise it is."""
    roles = {_role(name) for name in names}
    return "estimate" in roles and bool(
        roles & {"se", "variance"} or {"ci_low", "ci_high"} <= roles
    )


def _arms(sheet: Sheet, numeric: list[int]) -> Groups:
    """Numbers of two arms for each of several outcomes."""
    names = [sheet.header[i] for i in numeric]
    place = {sheet.header[i]: i for i in numeric}
    sets = arm_sets(names, names, outcomes_of(sheet))
    # One effect beside several sets is of none of them: they are before and after, say.
    if "" in sets or _is_whole(map(tidy, names)):
        return {}
    whole = {stat for chosen in sets.values() for stat in chosen.values()}
    if len(sets) < 2 and "mean_exposed" not in whole:
        sets = _events_of_outcomes(sheet, place)
    return {
        group: {place[name]: target.replace("_", " ") for name, target in columns.items()}
        for group, columns in sets.items()
    }


def _events_of_outcomes(sheet: Sheet, place: dict[str, int]) -> dict[str, dict[str, str]]:
    """Counts of each outcome in two named arms, as "treat.death" beside "treat.total"."""
    totals: dict[str, str] = {}
    events: dict[str, dict[str, str]] = {}
    for name in place:
        words = [word for word in tidy(name).split() if word not in FILLERS]
        arms = [ARM_OF[word] for word in words if word in ARM_OF]
        rest = [word for word in words if word not in ARM_OF]
        if len(arms) != 1 or len(rest) != 1 or kind_of_share(name):
            continue
        if is_of_people(rest) or describes_people(name):
            continue
        stat = STAT_OF.get(rest[0])
        if stat == "n":
            totals.setdefault(arms[0], name)
        elif stat in (None, "events", "nonevents") and rest[0] not in known()["amounts"]:
            events.setdefault(rest[0], {}).setdefault(arms[0], name)
    both = {outcome: arms for outcome, arms in events.items() if len(arms) == 2}
    if len(totals) < 2 or not both:
        return {}
    pairs = [(arms[arm], totals[arm]) for arms in both.values() for arm in totals]
    values = {name: numbers_of(sheet, place[name]) for pair in pairs for name in pair}
    if not all(can_be_counts(values[count], values[total]) for count, total in pairs):
        return {}
    return {
        outcome: {arms[arm]: f"events_{arm}" for arm in totals}
        | {totals[arm]: f"n_{arm}" for arm in totals}
        for outcome, arms in both.items()
    }
