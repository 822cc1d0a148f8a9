"""Which column of a file is which of ours: proposed from names and values, and overruled by what
the user says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from evidence.arguments import did_you_mean
from evidence.bibliography.bibtex.dates import beyond_year, iso_date
from evidence.errors import UsageError
from evidence.importing import cells as reading
from evidence.importing import words
from evidence.importing.arms import log_of_ratio
from evidence.importing.cells import Read
from evidence.importing.effects import ARMS, KEPT, PAIRED
from evidence.importing.effects_beside import TWIN
from evidence.importing.meant import (
    CAMEL,
    GROUPS,
    WITH_INTERVAL,
    analysis_of,
    measured_by,
    part_of_result,
    without_analysis,
)
from evidence.importing.paired import paired_numbers
from evidence.importing.roles import (
    INTERVALS,
    Doubt,
    Roles,
    holds_years,
    names_a_study,
    share,
    tokens_forbid,
    values_forbid,
)
from evidence.importing.shares import percentage
from evidence.importing.sheet import Sheet
from evidence.importing.sides import told_arms
from evidence.importing.words import AMBIGUOUS, known, says_nothing, tidy
from evidence.model.schema import KnownColumn, known_tables

OWN, LEFT_OUT = "own", "-"
SURE = 88
LOG = r"(?:log|ln)"
SPREADS = (
    (re.compile(rf"(?:sei?|stderr|standarderror|stderror)(?:of)?{LOG}?(?P<of>.+)"), "se"),
    (re.compile(rf"{LOG}?(?P<of>[a-z]+?)(?:sei?|stderr|standarderror)"), "se"),
    (re.compile(rf"(?:variance|var|v)(?:of)?{LOG}?(?P<of>.+)"), "variance"),
    (re.compile(rf"{LOG}(?P<of>.+)"), "log_estimate"),
)
OF_PAPERS = ("study_id", "study", "author", "year", "title", "journal")
LOOKED_AT = 300  # different cells of a column that are read to see what it is
Reader = Callable[..., Read]
# How cells are read: by the name of the target, else by the words or the type of the column; every
# other target takes the text as it is.
BY_NAME: dict[str, Reader] = {
    "year": reading.year,
    "doi": reading.doi,
    "pmid": reading.pmid,
    "pmcid": reading.pmcid,
    "title": reading.title,
    "journal": reading.title,
    "ci": reading.interval,
    "estimate_ci": reading.with_interval,
    "p": reading.p_value,
    **dict.fromkeys(KEPT, reading.number),
    **dict.fromkeys(("percent_exposed", "percent_control"), percentage),
    **{name: reading.counted for name in PAIRED if name.startswith("events")},
    **{name: reading.with_spread for name in PAIRED if name.startswith("mean")},
}
BY_WORDS: dict[str, Reader] = {
    "design": words.design,
    "direction": words.conclusion,
    "observed_direction": words.observed,
    "measure": words.measure,
}
BY_TYPE: dict[str, Reader] = {
    "integer": reading.whole,
    "number": reading.number,
    "boolean": words.truth,
}
# Columns of ours that a target fills, where they are not of its own name.
FILLS = {
    "ci": ("ci_low", "ci_high", "ci_level"),
    "estimate_ci": ("estimate", "ci_low", "ci_high", "ci_level", "cell_measure"),
    "p": ("p_operator", "p_value", "p_word"),
    **PAIRED,
}
STATS_OF_ARMS = ("events", "mean", "events_n", "mean_sd", "mean_se", "percent", "proportion")
OF_ARMS = tuple(f"{stat}_exposed" for stat in STATS_OF_ARMS)
WITH_MEASURE = ("estimate", "estimate_ci", "log_estimate", *OF_ARMS)
# What tells a column by its values alone: target, and the share of its filled cells that must be
# read. Numbers tell nothing: "54 (40-70)" can be
# an estimate with its interval, or an age with its range.
BY_VALUES: list[tuple[str, float]] = [
    ("doi", 0.8),
    ("conclusion", 0.6),
    ("design", 0.6),
    ("study", 0.8),
]


@dataclass(frozen=True)
class Proposal:
    """What becomes of one column of the file.

    Attributes
    ----------
    theirs : str
        Name of the column in the file.
    ours : str
        Target; ``"own"`` for a column of its own, ``"-"`` for one that is left out.
    measure, level : str
        Measure and confidence level that the name of the column states, such as OR and 95 in "OR
        (95% CI)".
    score : float
        Likeness in percent; 100 for a name that is known, or that the user gave.
    why : str
        What the proposal rests on.
    note : str
        What the user should know of it, such as another reading that is possible.
    """

    theirs: str
    ours: str
    measure: str = ""
    level: str = ""
    score: float = 100.0
    why: str = ""
    note: str = ""

    @property
    def target(self) -> str:
        """The target as a mapping names it."""
        return f"{self.ours}:{self.measure}" if self.measure else self.ours

    @property
    def fills(self) -> tuple[str, ...]:
        """Columns of ours that it fills."""
        if self.ours in (OWN, LEFT_OUT):
            return ()
        return FILLS.get(self.ours, (self.ours,))


@cache
def reader_of(target: str) -> Reader | None:
    """How the cells of a target are read; None where the text is taken as it is.

    >>> reader_of("sample_size").__name__, reader_of("population").__name__, reader_of("outcome")
    ('whole', 'own', None)
    """
    column = known_columns().get(target)
    if target in BY_NAME or column is None:
        return BY_NAME.get(target)
    if column.vocabulary:
        return BY_WORDS.get(column.vocabulary, words.own)
    return BY_TYPE.get(column.type)


def read_as(target: str, cell: str, decimal: str = "") -> Read:
    """What a cell says as a target; a number also where a mark leads from it to a note.

    >>> read_as("sample_size", "45*").texts, read_as("outcome", "pain").texts
    (('45',), ('pain',))
    """
    reader = reader_of(target) or reading.plain
    read = reader(cell, decimal)
    if read.why and is_numeric(target):
        again = reader(reading.unmarked(cell), decimal)
        if not again.why:
            return replace(again, marked=True)
    return read


def is_numeric(target: str) -> bool:
    """Whether cells of a target hold numbers, with a decimal mark of their own.

    >>> is_numeric("estimate"), is_numeric("estimate_ci"), is_numeric("year")
    (True, True, False)
    """
    numeric = (reading.whole, reading.number, percentage, reading.interval, reading.with_interval)
    paired = (reading.counted, reading.with_spread)
    return reader_of(target) in (*numeric, *paired, reading.p_value)


@cache
def known_columns() -> dict[str, KnownColumn]:
    """Columns of the studies and findings that the package knows, by name."""
    return {**known_tables()["findings"].columns, **known_tables()["studies"].columns}


def targets() -> list[str]:
    """Everything that a column can become."""
    return [*known()["columns"], OWN, LEFT_OUT]


def propose(sheet: Sheet, given: Mapping[str, str] | None = None) -> list[Proposal]:
    """A proposal for each column of the file, in its order.

    Parameters
    ----------
    sheet : Sheet
    given : mapping of str to str, optional
        Target of some columns, as the user says; ``"own"`` keeps a column as one of its own,
        ``"-"`` leaves it out.

    Raises
    ------
    UsageError
        For a column that the file does not have, an unknown target, or a target given twice.
    """
    said = {theirs: _given(sheet, theirs, ours) for theirs, ours in (given or {}).items()}
    taken = [proposal.ours for proposal in said.values() if proposal.ours not in (OWN, LEFT_OUT)]
    twice = next((name for name in taken if taken.count(name) > 1), "")
    if twice:
        raise UsageError(
            f"{twice!r} is given to several columns:"
            f" {', '.join(p.theirs for p in said.values() if p.ours == twice)}"
        )
    free = [i for i, name in enumerate(sheet.header) if name not in said]
    empty = {sheet.header[i] for i in free if not sheet.filled(i, LOOKED_AT)}
    found = [proposal for i in free for proposal in _candidates(sheet, i)]
    arms, note = _of_arms(sheet, said)
    found += [one for one in arms if not any(p.ours == one.ours for p in said.values())]
    twins = _twins(sheet)
    found = [one for one in found if one.theirs not in twins or not is_numeric(one.ours)]
    refused: dict[str, list[Doubt]] = {name: [doubt] for name, doubt in twins.items()}
    while True:
        chosen = _assigned(said, found, empty)
        roles = {name: one.ours for name, one in chosen.items() if one.ours not in (OWN, LEFT_OUT)}
        doubts = Roles(sheet, roles).doubts(name for name in roles if name not in said)
        if not doubts:
            break
        for doubt in doubts:
            refused.setdefault(doubt.theirs, []).append(doubt)
            found = [p for p in found if (p.theirs, p.ours) != (doubt.theirs, doubt.ours)]
    lost = {one.theirs: one.ours for one in reversed(found) if one.theirs not in chosen}
    held = {column: one.theirs for one in chosen.values() for column in one.fills}
    settled = [_settled(name, chosen.get(name), refused.get(name, [])) for name in sheet.header]
    settled = [_explained(one, lost.get(one.theirs, ""), held) for one in settled]
    if note and settled:
        settled[0] = replace(settled[0], note="; ".join(filter(None, (settled[0].note, note))))
    return settled


def _twins(sheet: Sheet) -> dict[str, Doubt]:
    """Columns of one name and different cells: which of them is meant is not told."""
    found: dict[str, Doubt] = {}
    for i, theirs in enumerate(sheet.header):
        name = TWIN.sub("", theirs)
        first = sheet.header.index(name) if name in sheet.header else i
        if first != i and (sheet.columns[i] != sheet.columns[first]).any():
            why = f"several columns are named {name!r}"
            note = f"{why}: numbers of none of them were read; --map '{name}=OURS' says what one is"
            found |= {name: Doubt(name, "", why, note), theirs: Doubt(theirs, "", why)}
    return found


def _of_arms(sheet: Sheet, said: Mapping[str, Proposal]) -> tuple[list[Proposal], str]:
    """Columns with numbers of two arms, of which an effect can be worked out; those that the user
    names belong to the set.
    """
    given = {name for name, one in said.items() if one.ours in (*KEPT, "n_exposed", "n_control")}
    free = [name for name in sheet.header if name not in said or name in given]
    numeric = {name for name in free if _numbers(sheet, sheet.header.index(name)) >= 0.8}
    targets, note = told_arms(sheet, free, numeric)
    of = {one.ours: name for name, one in said.items()}
    pairs, more = paired_numbers(sheet, free, numeric, of)
    targets = pairs | targets
    why, notes = "a number of one arm", filter(None, (note * (not given), more))
    found = [Proposal(theirs, ours, score=101.0, why=why) for theirs, ours in targets.items()]
    return [one for one in found if one.theirs not in said], "; ".join(notes)


def _numbers(sheet: Sheet, i: int) -> float:
    """Share of the filled cells that are numbers."""
    return share(sheet.filled(i, LOOKED_AT), lambda cell: not reading.number(cell, ".").why)


def _assigned(
    said: Mapping[str, Proposal], found: Sequence[Proposal], empty: Collection[str]
) -> dict[str, Proposal]:
    """For each column the best proposal whose role is still free; what the user says is first, and
    an empty column gets a role that no other can have.
    """
    chosen = dict(said)
    filled = {column for one in chosen.values() for column in one.fills}
    for proposal in sorted(found, key=lambda one: (one.theirs in empty, -one.score)):
        if proposal.theirs not in chosen and not filled & set(proposal.fills):
            chosen[proposal.theirs] = proposal
            filled |= set(proposal.fills)
    return chosen


def _settled(name: str, chosen: Proposal | None, doubts: Sequence[Doubt]) -> Proposal:
    note = "; ".join(doubt.note for doubt in doubts if doubt.note)
    if chosen is None:
        why = doubts[0].why if doubts else "none of ours"
        return Proposal(name, OWN, why=why, note=note)
    if note:
        return replace(chosen, note=note)
    return chosen


def _explained(one: Proposal, lost: str, held: Mapping[str, str]) -> Proposal:
    """A column of its own, with what kept it from the role that its name proposes."""
    if one.ours != OWN or one.why != "none of ours":
        return one
    holder = next((held[column] for column in FILLS.get(lost, (lost,)) if column in held), "")
    if holder:
        why = f"{lost} is {holder!r} already"
        note = f"{one.theirs!r} separates no results, as {why}; --map '{one.theirs}={lost}' does it"
        return replace(one, why=why, note=note if lost == "outcome_scale" else "")
    name = tidy(one.theirs)
    unread = next((target for target, names in known()["columns"].items() if name in names), "")
    if unread and not lost:
        return replace(one, why=f"its cells do not look like {unread}")
    return one


def no_column(sheet: Sheet, theirs: str) -> UsageError:
    """What is said of a column that the file does not have."""
    hint = did_you_mean(theirs, sheet.header) or f"columns: {', '.join(sheet.header)}"
    return UsageError(f"the file has no column {theirs!r}; {hint}")


def _given(sheet: Sheet, theirs: str, ours: str) -> Proposal:
    if theirs not in sheet.header:
        raise no_column(sheet, theirs)
    target, _, measure = ours.strip().partition(":")
    if target not in targets():
        hint = did_you_mean(target, targets())
        said = f"{target!r} is nothing that a column can become{f'; {hint}' * bool(hint)}"
        raise UsageError(f"{said}; allowed: {', '.join(targets())}")
    return Proposal(
        theirs,
        target,
        measure or measured_by(theirs)[1] if target in WITH_MEASURE else "",
        measured_by(theirs)[2],
        100,
        "given",
    )


def _candidates(sheet: Sheet, i: int) -> list[Proposal]:
    theirs = sheet.header[i]
    cells = list(islice((cell for cell in sheet.columns[i] if not says_nothing(cell)), 3))
    filled = sheet.filled(i, LOOKED_AT)
    if spread := _spread(theirs, filled):
        return [_of_means(spread, sheet.header)]
    meant = part_of_result(theirs)
    name, measure, level = measured_by(meant)
    name, level = without_analysis(name), level or measured_by(theirs)[2]
    less = 3.0 * (analysis_of(theirs) == "crude")  # an adjusted result beside it comes first
    full, camel = tidy(meant), tidy(CAMEL.sub(" ", meant))
    measure = measure or known()["letters"].get(full, "")
    found: list[Proposal] = []
    if measure and name in ("", *WITH_INTERVAL, *GROUPS):
        target = "estimate"
        if name in WITH_INTERVAL or _share("estimate_ci", filled, strict=True) > 0.5:
            target = "estimate_ci"
        found.append(
            Proposal(
                theirs, target, measure, level, 100 - less, f"its name is a measure, {measure}"
            )
        )
    if is_dated := holds_years(full, filled):
        found.append(Proposal(theirs, "year", score=94.0, why="its name and values"))
    for target, synonyms in known()["columns"].items():
        if target == "study" and is_dated:
            continue
        names = (full, camel) if target in OF_PAPERS else (full, name, camel)
        if target in (*INTERVALS, "p", "se"):
            names = (*names, _without_estimate(full), without_analysis(full))
        likeness = _likeness(target, synonyms, tuple(dict.fromkeys(names)))
        likeness -= less * (likeness >= SURE + less)
        if target in (*ARMS, *PAIRED) or (
            target == "design" and likeness < 95 and not _knows(target, filled)
        ):
            continue
        if likeness >= SURE and _share(target, filled) >= 0.5 and not values_forbid(target, filled):
            found.append(
                Proposal(
                    theirs,
                    target,
                    measure if target in ("estimate", "estimate_ci") else "",
                    level,
                    likeness,
                    "its name",
                )
            )
    is_estimate = not found and full in known()["columns"]["estimate"]
    if is_estimate and _share("estimate_ci", filled, strict=True) > 0.5:
        found.append(Proposal(theirs, "estimate_ci", measure, level, 94, "its name and values"))
    for target, least in BY_VALUES:
        if len(cells) > 2 and _share(target, filled, strict=True) >= least:
            found.append(
                Proposal(
                    theirs,
                    target,
                    measure if target == "estimate_ci" else "",
                    level,
                    SURE,
                    "its values",
                )
            )
    return [proposal for proposal in found if proposal.score >= SURE]


def _spread(theirs: str, filled: list[str]) -> Proposal | None:
    """A standard error, a variance or a logarithm, by a name such as ``selnHR`` or ``log OR``."""
    compact = tidy(theirs).replace(" ", "")
    names = {
        word.replace(" ", ""): code
        for code, words in known()["measures"].items()
        for word in [tidy(code), *words]
    }
    for pattern, target in SPREADS:
        found = pattern.fullmatch(compact)
        others = () if target == "log_estimate" else (*known()["letters"], *_estimates())
        if found and found["of"] in (*names, *others) and _share(target, filled) >= 0.5:
            return Proposal(
                theirs,
                target,
                names[found["of"]] if target == "log_estimate" else "",
                score=99.0,
                why=f"its name is {target.replace('_', ' ')}",
            )
    return None


def _of_means(one: Proposal, header: Sequence[str]) -> Proposal:
    """A logarithm of RR that can be one of a ratio of means."""
    if (one.ours, one.measure) != ("log_estimate", "RR"):
        return one
    ours, measure, note = log_of_ratio(one.theirs, header)
    return replace(one, ours=ours, measure=measure, note=note)


@cache
def _estimates() -> dict[str, str]:
    """Names of estimates, by the same without blanks."""
    return {name.replace(" ", ""): name for name in known()["columns"]["estimate"]}


def _without_estimate(name: str) -> str:
    """What is left of a name that begins or ends with that of an estimate.

    >>> _without_estimate("ci lower beta"), _without_estimate("beta")
    ('ci lower', 'beta')
    """
    for word in sorted(_estimates().values(), key=len, reverse=True):
        for rest in (name.removeprefix(f"{word} "), name.removesuffix(f" {word}")):
            if rest != name:
                return rest
    return name


def _likeness(target: str, synonyms: Sequence[str], names: Sequence[str]) -> float:
    """How certainly a name is that of a target: 99 to 100 for one that is known, in the order of
    the list; 94 for one that says it only if nothing speaks against it; below for a likeness.
    """
    from rapidfuzz import fuzz

    weak = known()["weak"].get(target, ())
    best = 0.0
    for place, synonym in enumerate([tidy(target), *synonyms]):
        if synonym in names:
            sure = 94.0 if synonym in weak else 100.0
            best = max(best, sure - place / 100 - (synonym != names[0]) / 2)
            continue
        # Short names are like too many others to be guessed, and weak ones say too little.
        for one in names if synonym not in weak else ():
            if len(one) > 5 and not tokens_forbid(target, one, synonym):
                alike = fuzz.token_sort_ratio(one, synonym)
                if alike >= SURE:
                    best = max(best, SURE + (alike - SURE) / 3)
    return best


def _knows(target: str, filled: list[str]) -> bool:
    """Whether any cell is a known word of a target."""
    return _share(target, filled, strict=True) > 0


def _share(target: str, filled: list[str], strict: bool = False) -> float:
    """Share of the filled cells that the target can read; ``strict`` asks for known words, and for
    an interval beside an estimate.
    """
    if strict and target == "study":
        return share(filled, lambda cell: names_a_study(cell) and not beyond_year(iso_date(cell)))
    if reader_of(target) is None or not filled:
        if strict and filled:
            return 0.0
        return 1.0
    read = [read_as(target, cell) for cell in filled]
    if strict and target == "design":
        good = [one.text in known()["designs"] for one in read]
    elif strict and target == "estimate_ci":
        good = [bool("".join(one.texts[1:2])) for one in read]
    elif target in ("direction", "conclusion", "observed_direction") and not strict:
        return float(any(not one.why or AMBIGUOUS in one.why for one in read))
    else:
        good = [not one.why for one in read]
    return sum(good) / len(good)
