"""What numbers of two arms measure: the outcome, something else, or who took part."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from evidence.importing.meant import CAMEL
from evidence.importing.sheet import Sheet
from evidence.importing.words import known, says_nothing, tidy

TOKEN = re.compile(r"[a-z]+\d*[a-z]*|\d+")
OF_OUTCOME = ("outcome", "outcome_domain")


def words_of_name(name: str, whole: Callable[[str], bool] = lambda word: False) -> list[str]:
    """The words of the name of a column; ``whole`` says which of them stay as they are although
    capitals are within.

    >>> words_of_name("Age_meanTreated (drug)")
    ['age', 'mean', 'treated', 'drug']
    """
    parts = [
        part if whole(part.casefold()) else CAMEL.sub(" ", part)
        for part in re.findall(r"[^\W_]+", name)
    ]
    return TOKEN.findall(tidy(" ".join(parts)))


def describes_people(name: str, outcomes: Collection[str] = ()) -> bool:
    """Whether the name of a column says how people were before, or a trait of theirs that is not
    among the outcomes.

    >>> describes_people("Mean age (drug)"), describes_people("Mean pain (drug)")
    (True, False)
    >>> describes_people("Weight change drug"), describes_people("Weight drug", ["weight"])
    (False, False)
    """
    words = words_of_name(name)
    if set(words) & set(known()["later"]):
        return False
    said = f" {' '.join(words)} "
    if any(f" {one} " in said for one in known()["before"]):
        return True
    traits = [one for one in known()["traits"] if f" {one} " in said]
    named = outcomes and all(any(one in text for one in traits) for text in outcomes)
    return bool(traits) and not named


def is_of_people(words: Sequence[str]) -> bool:
    """Whether words name nothing but a group of people, such as women.

    >>> is_of_people(["women"]), is_of_people(["women", "events"]), is_of_people([])
    (True, False, False)
    """
    return bool(words) and set(words) <= {*known()["people"], *known()["traits"]}


def outcomes_of(sheet: Sheet) -> list[str]:
    """The different outcomes that a file names, without capitals and marks."""
    names = {name for one in OF_OUTCOME for name in known()["columns"][one]}
    columns = [i for i, name in enumerate(sheet.header) if tidy(name) in names]
    cells = {tidy(cell) for i in columns for cell in sheet.distinct[i] if not says_nothing(cell)}
    return sorted(cells)


def names_another(outcome: str, measured: str) -> bool:
    """Whether what was measured is something else than the outcome.

    >>> names_another("Pain", "dropouts"), names_another("Pain (VAS)", "vas final")
    (True, False)
    """
    of_outcome = tidy(outcome).split()
    initials = "".join(word[0] for word in of_outcome)
    words = [word for word in measured.split() if word not in known()["says_no_outcome"]]
    words = [word for word in words if not word.isdigit() and word != initials]
    if not words or (of_outcome and set(of_outcome) <= set(words)):
        return False
    return not set(words) <= set(of_outcome)


def outcome_with(outcome: str, measured: str) -> str:
    """The name of an outcome of which something else was measured.

    >>> (
    ...     outcome_with("Pain", "dropouts"),
    ...     outcome_with("", "dropouts"),
    ...     outcome_with("Pain", "end"),
    ... )
    ('Pain: dropouts', 'dropouts', 'Pain')
    """
    if not names_another(outcome, measured):
        return outcome
    return f"{outcome}: {measured}" if outcome else measured


def each_with(outcomes: Iterable[str], measured: str) -> dict[str, str]:
    """:func:`outcome_with` for each of several outcomes."""
    return {outcome: outcome_with(outcome, measured) for outcome in outcomes}
