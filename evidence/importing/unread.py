"""Columns that look like effects, or like numbers of two arms, and were not read as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.importing.arms import ARM_OF, STAT_OF, counts_people
from evidence.importing.columns import OWN, Proposal
from evidence.importing.effects_beside import LOG_NAME
from evidence.importing.meant import measured_by
from evidence.importing.measured import describes_people, words_of_name
from evidence.importing.roles import is_amount, share
from evidence.importing.shares import percentage
from evidence.importing.sheet import Sheet
from evidence.importing.words import known, tidy

LOOKED_AT = 200
MOST_TOLD = 6
LOGS = re.compile(r"(?:^|[^a-z])(?:log|ln)", re.I)


def unread_effects(
    sheet: Sheet, proposals: Sequence[Proposal], has_effects: bool, notes: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Columns of a table without effects that look like some, and notes on what was not read.

    Parameters
    ----------
    sheet : Sheet
    proposals : sequence of Proposal
    has_effects : bool
        Whether any effect was read.
    notes : sequence of str
        What is said already: a column that is named there is not told again.
    """
    own = [one.theirs for one in proposals if one.ours == OWN and one.why != "given"]
    effects = [name for name in own if _is_effect(sheet, name)]
    arms = [] if has_effects else _of_arms(sheet, own)
    said: list[str] = []
    if new := _untold(effects, notes):
        measure = measured_by(new[0])[1]
        target = "log_estimate" if LOGS.search(new[0]) else "estimate"
        flag = f"--map '{new[0]}={target}{f':{measure}' * bool(measure)}'"
        said.append(f"no effect was read from {_listed(new)}; {flag} reads one")
    if arms and not effects and len(_untold(arms, notes)) == len(arms):
        flag = "--map 'COLUMN=events_exposed' (or mean_exposed, mean_sd_exposed)"
        said.append(f"no effect was read from {_listed(arms)}; {flag} and so on says what they are")
    return [] if has_effects else [*effects, *arms], said


def _untold(names: Sequence[str], notes: Sequence[str]) -> list[str]:
    return [name for name in names if not any(name in note for note in notes)]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:MOST_TOLD])) + ", …" * (len(names) > MOST_TOLD)


def _is_effect(sheet: Sheet, name: str) -> bool:
    """Whether a column has the name of a measure, and numbers that are not all whole."""
    rest, measure, _ = measured_by(name)
    words = set(tidy(name).split())
    of_log = any(map(LOG_NAME.fullmatch, words))
    if not (measure or of_log) or words & set(known()["never"]["estimate"]):
        return False
    ends = ("ci_low", "ci_high", "se", "variance")
    parts = {word for one in ends for word in known()["columns"][one]}
    if rest in parts or describes_people(name):
        return False
    cells = sheet.filled(sheet.header.index(name), LOOKED_AT)
    return share(cells, _is_number_or_share) >= 0.5 and any(set(".,%") & set(c) for c in cells)


def _is_number_or_share(cell: str) -> bool:
    return is_amount(cell) or is_amount(cell.lstrip("-−")) or not percentage(cell).why


def _of_arms(sheet: Sheet, own: Sequence[str]) -> list[str]:
    """Columns of numbers of a control, and of the arms that are called like it otherwise."""
    numbers = [
        name
        for name in own
        if not describes_people(name)
        and not counts_people(name)
        and share(sheet.filled(sheet.header.index(name), LOOKED_AT), _is_number_or_share) >= 0.8
    ]
    rests = {name: _rest(name) for name in numbers}
    found: list[str] = []
    for name in numbers:
        if "control" not in {ARM_OF.get(word) for word in words_of_name(name)}:
            continue
        others = [
            other
            for other in numbers
            if other != name
            and rests[name] <= set(words_of_name(other))
            and "control" not in {ARM_OF.get(word) for word in words_of_name(other)}
            and not _is_size(other)
        ]
        found += [*others, name] if others and not _is_size(name) else []
    return list(dict.fromkeys(found))


def _rest(name: str) -> set[str]:
    return {word for word in words_of_name(name) if word not in ARM_OF}


def _is_size(name: str) -> bool:
    return any(STAT_OF.get(word) == "n" for word in words_of_name(name))
