"""Columns of several effects beside each other, each under names that share words or a number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from evidence.frames import each_once
from evidence.importing.cells import interval, with_interval
from evidence.importing.meant import WITH_INTERVAL, analysis_of, measured_by, without_analysis
from evidence.importing.sheet import Sheet
from evidence.importing.words import known, known_measure, tidy

OF_LOGS = ("or", "rr", "hr", "irr")
LOG_NAME = re.compile(rf"(?:log|ln)(?:{'|'.join(OF_LOGS)})")
LAST_NUMBER = re.compile(r"(?<=[a-z%])(?=\d$)")
TWIN = re.compile(r" \(\d+\)$")  # how a second column of one name is called
PRECISION = ("se", "variance", "ci_low", "ci_high")
EFFECT = ("estimate", "estimate_ci", "ci", *PRECISION)
OF_INTERVAL = {"95%", "90%", "99%", "95", "90", "99", "%", "ci", "ki", "ic"}
# What tells a numbered result, and what else can stand beside the effect of each.
TELLING = ("outcome", "outcome_domain", "subgroup", "exposure", "comparator")
SIZES = ("sample_size", "n_exposed", "n_control")
BESIDE = (*TELLING, *SIZES, "p", "measure", "ci_level", "significant", "conclusion", "note")
LOOKED_AT = 200
LONGEST = 120  # letters of a cell with an effect
# For each result: what it is called, and the columns that hold it, under names of their own.
Groups = dict[str, dict[int, str]]


def effects_beside(sheet: Sheet, numeric: Collection[int]) -> Groups:
    """Estimates with their precision, each under names that begin or end with the same words.

    Of crude and adjusted results, which are of one effect, the adjusted ones are taken; numbers
    name results only beside columns that say what these are.

    >>> names = ["study", "Men OR", "Men 95% CI", "Women OR", "Women 95% CI"]
    >>> sheet = Sheet("a.csv", names, [["a", "1.5", "1.1-2.0", "0.8", "0.5-1.3"]], [2])
    >>> effects_beside(sheet, [1, 3])
    {'men': {1: 'or', 2: '95% ci'}, 'women': {3: 'or', 4: '95% ci'}}
    """
    words = [_words(name) for name in sheet.header]
    kinds = {i: "number" if i in numeric else _kind(sheet, i) for i in range(len(words))}
    found: Groups = {}
    for i, kind in kinds.items():
        for group, name in _parts(words[i]) if kind else ():
            if role(name) in ROLES_OF[kind] and not role(group):
                found.setdefault(group, {}).setdefault(i, name)
    whole = _once({group: own for group, own in found.items() if is_whole(own.values())})
    whole = _adjusted(whole)
    plain = [
        " ".join(words[i])
        for i, kind in kinds.items()
        if role(" ".join(words[i])) in ROLES_OF.get(kind, ())
    ]
    if len(whole) < 2 or is_whole(plain):
        return {}
    _add_beside(whole, words)
    told = all(not group.isdigit() or tells(own.values()) for group, own in whole.items())
    return whole if told and _one_name_each(whole.values()) else {}


def with_own_intervals(sheet: Sheet, given: Collection[str] = ()) -> Sheet:
    """A table in which intervals of one name, each after its estimate, have the words of that.

    >>> names = ["study", "OR (crude)", "95% CI", "OR (adjusted)", "95% CI (2)"]
    >>> with_own_intervals(Sheet("a.csv", names, [], [])).header[2::2]
    ['95% CI (crude)', '95% CI (adjusted)']
    """
    names = sheet.header
    found: dict[int, str] = {}
    for name in {TWIN.sub("", name) for name in names if TWIN.search(name)}:
        places = [i for i, other in enumerate(names) if TWIN.sub("", other) == name]
        if role(tidy(name)) not in (*PRECISION, "ci") and tidy(name) not in known()["columns"]["p"]:
            continue
        said = [_words_of_estimate(names[:i]) for i in places]
        if all(said) and len(set(said)) == len(places):
            found |= {i: f"{name} ({word})" for i, word in zip(places, said, strict=True)}
    if not found or {names[i] for i in found} & set(given):
        return sheet
    header = each_once([found.get(i, name) for i, name in enumerate(names)])
    remark = f"columns of one name became {', '.join(map(repr, found.values()))}, by those before"
    return replace(sheet, header=header, remarks=[*sheet.remarks, remark])


def _words_of_estimate(before: Sequence[str]) -> str:
    """What the last estimate before a column is called, beside its measure."""
    measured = [rest for rest, measure, _ in map(measured_by, before) if measure]
    return measured[-1] if measured else ""


@lru_cache(maxsize=10_000)
def role(name: str) -> str:
    """What a name is in an effect; empty where it is nothing.

    >>> role("or"), role("95% ci"), role("lower 95% ci"), role("or 95% ci"), role("men or")
    ('estimate', 'ci', 'ci_low', 'estimate_ci', '')
    """
    columns = known()["columns"]
    if LOG_NAME.fullmatch(name.replace(" ", "")) or (known_measure(name) and len(name) > 1):
        return "estimate"
    rest, measure, _ = measured_by(name)
    if rest in WITH_INTERVAL:
        return "estimate_ci" if measure else "ci"
    both = (name, rest)
    return next((one for one in ("estimate", *PRECISION) if set(both) & set(columns[one])), "")


ROLES_OF = {
    "number": ("estimate", *PRECISION),
    "interval": ("ci", "estimate_ci"),
    "both": ("estimate_ci", "estimate"),
}


def is_whole(names: Iterable[str]) -> bool:
    """Whether columns are an estimate and what says how precise it is."""
    roles = set(map(role, names))
    if "estimate_ci" in roles:
        return True
    precise = roles & {"se", "variance", "ci"} or {"ci_low", "ci_high"} <= roles
    return "estimate" in roles and bool(precise)


def _words(name: str) -> list[str]:
    return LAST_NUMBER.sub(" ", tidy(name)).split()


def _parts(words: Sequence[str]) -> list[tuple[str, str]]:
    """Each way to take words next to each other as what a result is called, and the rest as what
    the column is of it.
    """
    most = len(words)
    other = [k for k, word in enumerate(words) if word not in _words_of_effects()]
    first, last = (other[0], other[-1]) if other else (most, -1)
    spans = [(k, j) for k in range(min(first + 1, most)) for j in range(max(k, last) + 1, most + 1)]
    return [
        (" ".join(words[k:j]), " ".join([*words[:k], *words[j:]]))
        for k, j in spans
        if j - k < most and not OF_INTERVAL & set(words[k:j])
    ]


@cache
def _words_of_effects() -> frozenset[str]:
    """The words that names of effects and of their parts are made of."""
    columns, measures = known()["columns"], known()["measures"]
    names = {name for one in (*EFFECT, *BESIDE) for name in columns[one]}
    names |= {tidy(name) for code, said in measures.items() for name in (code, *said)}
    logs = {"log", "ln"} | {f"{log}{of}" for log in ("log", "ln") for of in OF_LOGS}
    return frozenset({word for name in names for word in name.split()} | logs | OF_INTERVAL)


def _kind(sheet: Sheet, i: int) -> str:
    """Whether most of what a column says is intervals, alone or with their estimates."""
    cells = sheet.filled(i, LOOKED_AT)
    if not cells or len(cells[0]) > LONGEST or not any(map(str.isdigit, cells[0])):
        return ""
    if sum(not interval(cell).why for cell in cells) > 0.5 * len(cells):
        return "interval"
    both = (with_interval(cell).texts[1:2] for cell in cells)
    return "both" if sum(bool(one and one[0]) for one in both) > 0.5 * len(cells) else ""


def _once(whole: Groups) -> Groups:
    """Groups that share no column; the longest name of a result says most."""
    kept: set[str] = set()
    used: set[int] = set()
    for group in sorted(whole, key=lambda one: -len(one.split())):
        if not used & set(whole[group]):
            kept.add(group)
            used |= set(whole[group])
    return {group: own for group, own in whole.items() if group in kept}


def _adjusted(whole: Groups) -> Groups:
    """The results without those that are the crude ones of an adjusted one; none where all of them
    are analyses of one effect.
    """
    adjusted = {without_analysis(group) for group in whole if analysis_of(group) == "adjusted"}
    kept = {
        group: own
        for group, own in whole.items()
        if analysis_of(group) != "crude" or without_analysis(group) not in adjusted
    }
    named = (without_analysis(group).strip("0123456789 ") for group in kept if group[0].isalpha())
    return kept if all(named) else {}


def _add_beside(whole: Groups, words: Sequence[Sequence[str]]) -> None:
    """What else two results or more have under one name, such as a p-value; ``whole`` changes."""
    columns = known()["columns"]
    names = {name for one in BESIDE for name in columns[one]}
    used = {i for own in whole.values() for i in own}
    found: dict[str, dict[str, int]] = {}
    for i, said in enumerate(words):
        for group, name in _parts(said) if i not in used else ():
            if group in whole and name in names:
                found.setdefault(name, {}).setdefault(group, i)
    for name, places in found.items():
        for group, i in places.items() if len(places) > 1 else ():
            whole[group].setdefault(i, name)


def tells(names: Iterable[str]) -> bool:
    """Whether a column says what a result is of."""
    return any(name in known()["columns"][one] for one in TELLING for name in names)


def _one_name_each(results: Collection[dict[int, str]]) -> bool:
    """Whether what is one thing has one name in all results: else the rows would mix measures."""
    names: dict[str, set[str]] = {}
    for own in results:
        for name in own.values():
            names.setdefault(role(name), set()).add(name)
    alike = all(len(set(map(_measure_and_level, said))) < 2 for said in names.values())
    return alike and len({"estimate" in map(role, own.values()) for own in results}) < 2


def _measure_and_level(name: str) -> tuple[str, str]:
    return measured_by(name)[1:]
