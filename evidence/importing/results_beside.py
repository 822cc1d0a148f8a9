"""Tables with several results of a study beside each other: each becomes a row of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache

from evidence.frames import each_once
from evidence.importing.arms import ARM_OF, FILLERS, STAT_OF, arm_sets, is_numbered
from evidence.importing.cells import number
from evidence.importing.effects_beside import (
    Groups,
    effects_beside,
    is_whole,
    tells,
    with_own_intervals,
)
from evidence.importing.measured import (
    describes_people,
    is_of_people,
    names_another,
    outcome_with,
    outcomes_of,
)
from evidence.importing.shares import kind_of_share
from evidence.importing.sheet import Sheet, can_be_counts, numbers_of
from evidence.importing.words import known, says_nothing, tidy
from evidence.nouns import counted

LOOKED_AT = 200


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
    sheet = with_own_intervals(sheet, given)
    numeric = [i for i in range(len(sheet.header)) if is_numeric(sheet, i)]
    groups = effects_beside(sheet, numeric) or _arms(sheet, numeric)
    used = {i for columns in groups.values() for i in columns}
    if not groups or {sheet.header[i] for i in used} & set(given):
        return sheet
    return _below(sheet, groups, used)


def _below(sheet: Sheet, groups: Groups, used: set[int]) -> Sheet:
    shared = [i for i in range(len(sheet.header)) if i not in used]
    names = list(dict.fromkeys(name for columns in groups.values() for name in columns.values()))
    called = "subgroup" if all(is_of_people(group.split()) for group in groups) else "outcome"
    outcome = next((i for i in shared if tidy(sheet.header[i]) == "outcome"), None)
    if outcome is not None:
        called = "subgroup"
    label = [called] * (not (all(map(str.isdigit, groups)) and tells(names)))
    header = each_once([*(sheet.header[i] for i in shared), *label, *names], "{} {}")
    rows, lines = [], []
    for cells, line in zip(sheet.rows, sheet.lines, strict=True):
        made = list(_results(cells, groups, names))
        for group, numbers in made or [("", [""] * len(names))]:
            own = [cells[i] for i in shared]
            if outcome is not None and not is_of_people(group.split()):
                place = shared.index(outcome)
                own[place], group = _renamed(own[place], group)
            rows.append([*own, *([group] * len(label)), *numbers])
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


def _arms(sheet: Sheet, numeric: list[int]) -> Groups:
    """Numbers of two arms for each of several outcomes."""
    names = [sheet.header[i] for i in numeric]
    place = {sheet.header[i]: i for i in numeric}
    sets = arm_sets(names, names, outcomes_of(sheet))
    # One effect beside several sets is of none of them: they are before and after, say.
    if "" in sets or is_whole(map(tidy, names)):
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
