"""Columns of two arms whose cells hold two numbers, such as 12/24 or 3.1 (1.2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from evidence.importing.arms import (
    ARM_OF,
    FILLERS,
    counts_people,
    more_than_two,
    readings,
    several_sets,
)
from evidence.importing.cells import counted, with_spread
from evidence.importing.measured import describes_people
from evidence.importing.roles import share
from evidence.importing.sheet import Sheet
from evidence.importing.words import tidy

LOOKED_AT = 300  # different cells of a column that are read to see what it is
MOST = 0.8  # share of the cells that must be two numbers
# What a name calls the number after the mean, and what the two are.
SPREADS = {"sd": "mean_sd", "std": "mean_sd", "stdev": "mean_sd", "se": "mean_se", "sem": "mean_se"}
MEANS = ("mean_sd", "mean_se")


def paired_numbers(
    sheet: Sheet, free: Sequence[str], numeric: Collection[str], given: Mapping[str, str]
) -> tuple[dict[str, str], str]:
    """Targets of the columns with two numbers of an arm, and of their sizes; and what was not read.

    Parameters
    ----------
    sheet : Sheet
    free : sequence of str
        Columns that can have a role.
    numeric : collection of str
        Those whose cells are numbers.
    given : mapping of str to str
        Columns that the user names, by their targets.
    """
    cells = {
        name: sheet.filled(sheet.header.index(name), LOOKED_AT)
        for name in free
        if name not in numeric
    }
    events = [name for name, said in cells.items() if share(said, _is_counted) >= MOST]
    means = [name for name, said in cells.items() if share(said, _has_spread) >= MOST]
    kinds = {name: _kind(name, cells[name]) for name in means}
    targets, why_not = paired_columns(events, "events_n")
    notes = [why_not]
    for both in dict.fromkeys(filter(None, kinds.values())):
        alike = [name for name in means if kinds[name] == both]
        pair, why_not = paired_columns(alike, both if both in MEANS else MEANS[0])
        notes.append(why_not)
        if both in MEANS:
            targets |= pair
        elif pair and not any(f"{one}_exposed" in given for one in MEANS):
            notes.append(_which_spread(*pair))
    of = {ours: theirs for theirs, ours in targets.items()} | dict(given)
    found = [[of.get(f"{both}_{arm}", "") for arm in ("exposed", "control")] for both in MEANS]
    for both_arms in filter(all, found):
        targets |= size_columns(free, numeric, both_arms)
    return targets, "; ".join(filter(None, notes))


def _is_counted(cell: str) -> bool:
    return not counted(cell).why


def _has_spread(cell: str) -> bool:
    return not with_spread(cell).why


def _kind(name: str, cells: Sequence[str]) -> str:
    """What the two numbers of a column are: by its name, or "spread" where a sign shows one."""
    said = [SPREADS[word] for word in tidy(name).split() if word in SPREADS]
    return said[0] if said else "spread" * any("±" in cell for cell in cells)


def _which_spread(exposed: str, control: str) -> str:
    hint = f"--map '{exposed}=mean_sd_exposed' --map '{control}=mean_sd_control'"
    said = f"{exposed!r} and {control!r} are means with a spread, and whether it is SD or SE is not"
    return f"{said} told; {hint} (or mean_se) reads them"


def paired_columns(names: Sequence[str], both: str) -> tuple[dict[str, str], str]:
    """Targets of two columns, one for each arm, whose cells hold two numbers such as 12/24.

    Parameters
    ----------
    names : sequence of str
        Columns with such cells. The exposed arm may have any name beside that of the control.
    both : str
        What the two numbers are, such as ``events_n``.

    Returns
    -------
    dict of str to str
    str
        What was not read, as there are more than two arms.

    Examples
    --------
    >>> paired_columns(["Deaths (drug)", "Deaths (placebo)", "Falls (drug)"], "events_n")[0]
    {'Deaths (drug)': 'events_n_exposed', 'Deaths (placebo)': 'events_n_control'}
    >>> paired_columns(["Walking mean (SD)", "Control mean (SD)"], "mean_sd")[0]
    {'Walking mean (SD)': 'mean_sd_exposed', 'Control mean (SD)': 'mean_sd_control'}
    """
    found: dict[str, dict[str, str]] = {}
    others = []
    for name in names:
        arms, prefix = _arm_and_rest(name)
        if describes_people(name) or counts_people(name):
            continue
        if len(arms) == 1:
            found.setdefault(prefix, {}).setdefault(arms[0], name)
        elif not arms:
            others.append(name)
    for prefix, own in found.items():
        named = [name for name in others if _named_arm(name, prefix)]
        if list(own) == ["control"] and len(named) > 1:
            return {}, more_than_two([*named, own["control"]], both)
        if list(own) == ["control"] and named:
            own["exposed"] = named[0]
    whole = [
        {own[arm]: f"{both}_{arm}" for arm in ("exposed", "control")}
        for own in found.values()
        if len(own) == 2
    ]
    if len(whole) > 1:
        return {}, several_sets(whole)
    return next(iter(whole), {}), ""


def _arm_and_rest(name: str) -> tuple[list[str], str]:
    """The arms that the words of a name say, and its other words."""
    words = re.findall(r"[a-z]+", name.casefold())
    rest = " ".join(word for word in words if word not in ARM_OF)
    return [ARM_OF[word] for word in words if word in ARM_OF], rest


def _named_arm(name: str, prefix: str) -> str:
    """What a name says beside the words of a prefix: the name of an arm; empty if it lacks one."""
    words = _arm_and_rest(name)[1].split()
    for word in prefix.split():
        if word not in words:
            return ""
        words.remove(word)
    return " ".join(word for word in words if word not in FILLERS)


def size_columns(
    names: Sequence[str], numeric: Collection[str], pair: Sequence[str] = ()
) -> dict[str, str]:
    """Targets of the columns that hold how many people are in each of two named arms.

    Parameters
    ----------
    names, numeric
        As for :func:`arm_columns`.
    pair : sequence of str
        Other columns of the exposed arm and of the control, which say what the arms are called.

    Examples
    --------
    >>> size_columns(["N drug", "N placebo"], {"N drug", "N placebo"})
    {'N drug': 'n_exposed', 'N placebo': 'n_control'}
    >>> pair = ["Walking mean (SD)", "Control mean (SD)"]
    >>> size_columns(["N walking", "N control"], {"N walking", "N control"}, pair)
    {'N walking': 'n_exposed', 'N control': 'n_control'}
    """
    exposed = "exposed"
    if len(pair) == 2 and not _arm_and_rest(pair[0])[0]:
        exposed = f"={_named_arm(pair[0], _arm_and_rest(pair[1])[1])}"
    found: dict[str, list[str]] = {exposed: [], "control": []}
    for name in names:
        for prefix, stat, arm in readings(name) if name in numeric else ():
            if not prefix and stat == "n" and arm in found:
                found[arm].append(name)
    if any(len(set(same)) != 1 for same in found.values()):
        return {}
    return {found[exposed][0]: "n_exposed", found["control"][0]: "n_control"}
