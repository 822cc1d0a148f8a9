"""Tables with one row for each arm of a study: each arm is put beside the control of its study."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from evidence.frames import each_once
from evidence.importing.arms import STAT_OF
from evidence.importing.measured import describes_people, is_of_people, words_of_name
from evidence.importing.results_beside import is_numeric
from evidence.importing.shares import kind_of_share, without_share
from evidence.importing.sheet import Sheet, can_be_counts, numbers_of
from evidence.importing.words import known, tidy
from evidence.nouns import counted

ARMS = {"treatment", "trt", "arm", "study arm", "treatment arm", "group", "intervention", "drug"}
ARMS |= {"condition", "study group", "treatment group", "int", "allocation"}
GROUP = re.compile(r"(?<=\w) (?:group|arm|condition|control)$")
# Names of metafor for the numbers of one group.
OF_ONE = {"xi": "events", "ni": "n", "mi": "mean", "sdi": "sd", "sei": "se", "ti": "time"}
SETS = (
    ("mean", "sd", "n"),
    ("mean", "se", "n"),
    ("events", "n"),
    ("events", "time"),
    ("percent", "n"),
)
OF_STUDY = (("study",), ("study_id",), ("author", "year"), ("author",))
APART = ("outcome", "outcome_domain", "subgroup")
ROLES = (*dict.fromkeys(one for wanted in OF_STUDY for one in wanted), *APART)


def beside_control(sheet: Sheet, given: Collection[str] = ()) -> Sheet:
    """A table with one row for each arm that is compared with the control of its study; any other
    table as it is.

    Parameters
    ----------
    sheet : Sheet
    given : collection of str
        Columns that the user has given a role: a table that has one of them among the numbers of
        its arms stays as it is.

    Returns
    -------
    Sheet
        Numbers of the arms are in columns such as "events exposed" and "events control", the name
        of the control in "comparator". Studies without one control row stay as they are.

    Examples
    --------
    >>> table = [["a", "drug", "3", "20"], ["a", "placebo", "5", "21"]]
    >>> sheet = Sheet("a.csv", ["study", "treatment", "events", "n"], table, [2, 3])
    >>> beside_control(sheet).rows
    [['a', 'drug', '3', '20', 'placebo', '5', '21']]
    """
    arm = next((i for i, name in enumerate(sheet.header) if tidy(name) in ARMS), None)
    if arm is None or not any(map(is_control, sheet.distinct[arm])):
        return sheet
    numbers, outcome = _numbers(sheet)
    key = _key(sheet)
    if not numbers or not key or {sheet.header[i] for i in (arm, *numbers)} & set(given):
        return sheet
    table = pd.DataFrame(dict(enumerate(sheet.columns)))
    groups = table.groupby(key, sort=False)
    size, different = groups[arm].transform("size"), groups[arm].transform("nunique")
    if ((size > 1) & (size == different)).mean() < 0.8:
        return sheet
    control = table[arm].map({cell: is_control(cell) for cell in sheet.distinct[arm]})
    single = control.groupby([table[i] for i in key], sort=False).transform("sum") == 1
    named = (table[key] != "").all(axis=1)
    compared = single & named & (size > 1)
    if not compared.any():
        return sheet
    return _compared(sheet, table, (arm, key, numbers, outcome), control.astype(bool), compared)


def _compared(
    sheet: Sheet,
    table: pd.DataFrame,
    columns: tuple[int, list[int], dict[int, str], str],
    control: pd.Series,
    compared: pd.Series,
) -> Sheet:
    arm, key, numbers, outcome = columns
    others = table[~(control & compared)]
    rest = [i for i in range(len(sheet.header)) if i not in (arm, *key, *numbers)]
    of_control = table[control & compared].set_index(key)[[arm, *numbers, *rest]]
    own = pd.MultiIndex.from_frame(others[key]) if len(key) > 1 else pd.Index(others[key[0]])
    found = of_control.reindex(own).fillna("").set_axis(others.index)
    # What the control's row says otherwise than that of the arm is kept beside it.
    said_else = [i for i in rest if ((found[i] != others[i]) & (found[i] != "")).any()]
    whole = pd.concat([others, found[[arm, *numbers, *said_else]]], axis=1)
    renamed = {i: f"{stat} exposed" for i, stat in numbers.items()}
    header = [renamed.get(i, name) for i, name in enumerate(sheet.header)]
    header += ["comparator", *(f"{stat} control" for stat in numbers.values())]
    header += [f"{sheet.header[i]} of the control" for i in said_else]
    if outcome:
        whole["outcome"] = outcome
        header.append("outcome")
    studies = counted(table.groupby(key).ngroups, "study", "studies")
    rows = counted(len(table), "row is an arm", "rows are arms")
    said = f"{rows} of {studies}, and stand beside the control of their study"
    if left := others[~compared[others.index]].groupby(key).ngroups:
        have = counted(left, "study has", "studies have")
        said += f"; {have} no control, or several, and nothing to compare with"
    lines = [sheet.lines[i] for i in others.index]
    cells = whole.to_numpy(dtype=object).tolist()
    remarks = [*sheet.remarks, said]
    return replace(
        sheet, header=each_once(header, "{} {}"), rows=cells, lines=lines, remarks=remarks
    )


def is_control(cell: str) -> bool:
    """Whether a cell names a control; one of several names is enough, as in "control/placebo"."""
    names = (GROUP.sub("", tidy(part)) for part in cell.split("/"))
    return any(name in known()["controls"] for name in names)


def _key(sheet: Sheet) -> list[int]:
    """Columns that say of which study, outcome and subgroup a row is."""
    names = known()["columns"]
    role = {
        i: next((one for one in ROLES if tidy(name) in names[one]), "")
        for i, name in enumerate(sheet.header)
    }
    for wanted in OF_STUDY:
        found = [i for one in wanted for i in role if role[i] == one]
        if {role[i] for i in found} == set(wanted):
            return [*found, *(i for i in role if role[i] in APART)]
    return []


def _numbers(sheet: Sheet) -> tuple[dict[int, str], str]:
    """Columns of the numbers of an arm, and what was counted where its name says no more than an
    outcome.
    """
    found: dict[str, int] = {}
    whole = {}
    for i, name in enumerate(sheet.header):
        if not is_numeric(sheet, i):
            continue
        short = tidy(name).replace(" ", "")
        stat = OF_ONE.get(short) or STAT_OF.get(short)
        if short == "r" and np.nanmax(numbers_of(sheet, i)) > 1:  # those who responded
            stat = "events"
        if kind_of_share(name) == "percent" and _is_events(without_share(name)):
            stat = "percent"
        if stat and stat not in found:
            found[stat] = i
        elif not stat:
            whole[i] = name
    outcome = ""
    if "n" in found and not {"events", "mean"} & set(found):
        total = numbers_of(sheet, found["n"])
        unknown = [i for i, name in whole.items() if not _is_known(name) and not _no_count(name)]
        counts = [i for i in unknown if can_be_counts(numbers_of(sheet, i), total)]
        if len(counts) == 1:
            found["events"], outcome = counts[0], whole[counts[0]]
    for stats in SETS:
        if set(stats) <= set(found):
            return {found[stat]: stat for stat in stats}, outcome
    return {}, ""


def _is_events(name: str) -> bool:
    return STAT_OF.get(tidy(name).removesuffix(" rate")) == "events"


def _no_count(name: str) -> bool:
    """Whether a name says who took part, or a share of them."""
    words = words_of_name(name)
    return bool(kind_of_share(name)) or describes_people(name) or is_of_people(words)


def _is_known(name: str) -> bool:
    """Whether a name has a role of its own, such as the year."""
    return any(tidy(name) in names for names in known()["columns"].values())
