"""The outcomes of a question as rows of squares: outcome by outcome, contrast by contrast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.charts.outcomes import pooled_size
from evidence.display.count_words import plain
from evidence.display.trial_words import ONE_BETTER, asked_of
from evidence.model.contrasts import UNSTATED, contrast_names, voting_contrasts
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.site.squares import Group, Squares
from evidence.synthesis.outcomes import Outcomes, outcome_members


@dataclass(frozen=True)
class OutcomeRow:
    """One outcome under one contrast."""

    outcome: str
    contrast: str
    studies: int
    people: str
    concluded: list[Group]
    direction: list[Group]
    size: str
    verdict: str


@dataclass(frozen=True)
class OutcomePart:
    """Rows of randomised trials, or of other studies."""

    title: str
    rows: list[OutcomeRow]


def labels_of(question: Mapping[str, Any], aside: bool = False) -> dict[str, str]:
    """What harm and benefit are called beside a number, in the words of a question; ``aside`` when
    one programme is set against another.
    """
    words = {"harm": str(question["worse"]), "benefit": str(question["better"])}
    if aside:
        words = dict.fromkeys(words, ONE_BETTER)
    return {side: word.removeprefix("that ") for side, word in words.items()}


def outcome_parts(ev: Evidence, rows: Outcomes, question: Mapping[str, Any]) -> list[OutcomePart]:
    """The table of the outcomes, trials apart, in the order of the data set.

    Parameters
    ----------
    ev : Evidence
    rows : Outcomes
        Result of :func:`evidence.outcomes` for the question.
    question : mapping
        Row of the table of questions.
    """
    frame = rows.frame
    first = str(frame["contrast"].iloc[0])
    aside = first in contrast_names(ev.dictionary) and first not in voting_contrasts(ev.dictionary)
    contrast = first if aside else None
    asked = asked_of(ev, question)
    scope = asked.get("question"), asked.get("population")
    members = outcome_members(ev, *scope, contrast=contrast)
    squares = Squares(ev, f"questions/{question['question_id']}.html#the-studies")
    sides = labels_of(question, aside)
    order = ev.dictionary.outcome_order(*map(str, scope))
    place = {name: i for i, name in enumerate(order)}
    found = []
    others = "Other studies" if frame["randomised"].any() else "All studies"
    for title, random in (("Randomised trials", True), (others, False)):
        part = frame[frame["randomised"] == random]
        rank = part["outcome_domain"].astype("str").map(place).fillna(len(place))
        part = part.iloc[rank.argsort(kind="stable")]
        made = [
            _row(ev, squares, line, members[members["row"] == i], sides)
            for i, line in part.iterrows()
        ]
        if made:
            found.append(OutcomePart(title, made))
    return found


def _row(
    ev: Evidence,
    squares: Squares,
    line: pd.Series,
    members: pd.DataFrame,
    sides: Mapping[str, str],
) -> OutcomeRow:
    of = members.set_index("study_id")
    named = plain(ev, str(line["outcome_domain"]))
    about = line.to_dict()
    of_outcome = ev.dictionary.sides(about)
    if of_outcome != ev.dictionary.sides({**about, "outcome_domain": None}):
        sides = of_outcome
    contrast, asked = line["contrast"], {"outcome_domain": str(line["outcome_domain"])}
    known = "" if pd.isna(contrast) else contrast_names(ev.dictionary)[str(contrast)]
    return OutcomeRow(
        upper_first(named),
        known or upper_first(UNSTATED),
        int(line["studies"]),
        _people(line),
        squares.groups(of["concluded"], "concluded", sides, asked),
        squares.groups(of["direction"], "direction", sides, asked),
        "" if pd.isna(line.get("estimate")) else pooled_size(ev, about),
        str(line["verdict"]),
    )


def _people(line: pd.Series) -> str:
    """How many took part; what is not known is never shown as 0."""
    unknown = int(line["size_unknown"])
    if unknown == line["studies"]:
        return "not known"
    more = f", and {unknown} of unknown size" if unknown else ""
    return f"{int(line['participants']):,}{more}"
