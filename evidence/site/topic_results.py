"""Which results of a study are about a topic alone, and what the study is about instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.display.search_text import stems
from evidence.frames import text_or_empty
from evidence.model.dictionary import Field
from evidence.model.evidence import Evidence
from evidence.synthesis.votes import main_findings

WORDED = ("outcome", "subgroup", "statement")  # columns of a finding that name what it is about
# A free text with one of these words is about more than what it names, or about all but that.
PARTIAL = {"against", "and", "except", "left", "negative", "no", "non", "not", "or", "out", "part"}
PARTIAL |= {"versus", "vs", "without"}
MOST_WORDS = 3  # a longer text is a remark, and says more than a name


@dataclass(frozen=True)
class About:
    """How a study goes with a topic.

    Attributes
    ----------
    findings : tuple of str
        Its results that are about the topic alone; none where its results are about more.
    instead : str
        What its main result is about, where that is not the topic alone.
    naming : tuple of str
        Its results that name the topic, where none is about it alone.
    """

    findings: tuple[str, ...]
    instead: str = ""
    naming: tuple[str, ...] = ()


def of_outcomes(ev: Evidence, column: str, value: str) -> dict[str, About]:
    """By a column of the findings: each study with its results there, the main one first."""
    there = ev.findings[ev.findings[column].astype("str") == value]
    return {str(key): About(_main_first(part)) for key, part in there.groupby("study_id")}


def of_values(ev: Evidence, field: Field, value: str, ids: Iterable[str]) -> dict[str, About]:
    """By a column of the studies: about one value alone are studies whose main result is.

    Of several values, the main result has to name this one and none of the others. Of one, it
    must not name another, nor leave the value to the study's other results.
    """
    labels = {one.value: one.label for one in field.categories}
    names = {one: names_of(ev, one, label) for one, label in labels.items()}
    cells = ev.studies.drop_duplicates("study_id").set_index("study_id")[field.name]
    results = {str(key): part for key, part in ev.findings.groupby("study_id")}
    main = {str(key): str(one) for key, one in _main_ids(ev).items()}
    found = {}
    for key in ids:
        cell = str(cells[key])
        values = cell.split(field.delimiter) if field.delimiter else [cell]
        rows = results.get(key, ev.findings.iloc[:0])
        said = {one: _named(row, names) for one, row in zip(rows["finding_id"], _texts(rows))}
        found[key] = _of_value(value, values, said, main.get(key, ""), labels)
    return found


def _of_value(
    value: str,
    values: list[str],
    said: Mapping[str, set[str]],
    main: str,
    labels: Mapping[str, str],
) -> About:
    """One study: ``said`` holds the values that each of its results names."""
    naming = tuple(key for key, named in said.items() if value in named)
    if not main:
        return About((), "It has no main result.", naming)
    named = said[main]
    if len(values) == 1:
        if value in named or not (named or naming):
            return About((main,))
        return About((), "Its main result is about more than this.", naming)
    named = named & set(values)
    if named == {value}:
        return About((main,))
    if len(named) == 1:
        return About((), f"Its main result is about another: {labels[named.pop()]}.", naming)
    every = ", ".join(labels.get(one, one) for one in values)
    return About((), f"Asks about {every}; its main result is not about one alone.", naming)


def of_words(ev: Evidence, column: str, word: str, ids: Iterable[str]) -> dict[str, About]:
    """By free words: results whose subgroup is named so, else the main result where everyone in
    the study is.
    """
    studies = ev.studies.drop_duplicates("study_id").set_index("study_id")
    cells = studies.get(column, pd.Series("", studies.index))  # none where it is of the findings
    main = _main_ids(ev)
    groups_said = ev.findings.get("subgroup", pd.Series("", ev.findings.index))
    named = ev.findings[groups_said.map(lambda text: names_alone(text, word)).astype(bool)]
    groups = {str(key): part for key, part in named.groupby("study_id")}
    found = {}
    for key in ids:
        if key in groups:
            found[key] = About(_on_one_outcome(groups[key]))
        elif key in main and names_alone(cells[key], word):
            found[key] = About((str(main[key]),))
        else:
            said = f"Names {word}; none of its results is marked as one on {word} alone."
            found[key] = About((), said)
    return found


def names_alone(text: Any, word: str) -> bool:
    """Whether a short text names this, and neither its absence nor anything beside it.

    >>> [names_alone(text, "B12") for text in ("B12 (low)", "low B12", "B12 or not", "non-B12")]
    [True, True, False, False]
    """
    said = stems(re.sub(r"\(.*?\)", " ", text_or_empty(text)))
    plain = re.findall(r"[a-z]+", text_or_empty(text).lower())
    asked = stems(word)
    if PARTIAL & set(plain) or len(said) > MOST_WORDS + len(asked) - 1:
        return False
    return _holds(said, asked)


def names_of(ev: Evidence, value: str, label: str) -> list[list[str]]:
    """What a value is called, as stems: itself, its label, and the synonyms of the data set."""
    own = {value.replace("_", " ").lower(), label.lower()}
    also = [
        word
        for word, others in ev.dictionary.settings.get("synonyms", {}).items()
        if own & {other.lower() for other in others}
    ]
    return [stems(name) for name in [*own, *also]]


def _named(text: str, names: Mapping[str, list[list[str]]]) -> set[str]:
    said = stems(text)
    return {value for value, forms in names.items() if any(_holds(said, one) for one in forms)}


def _holds(said: list[str], asked: list[str]) -> bool:
    """Whether some words stand in a text one after the other."""
    size = len(asked)
    return any(said[place : place + size] == asked for place in range(len(said) - size + 1))


def _texts(rows: pd.DataFrame) -> list[str]:
    columns = [name for name in WORDED if name in rows]
    return [
        " . ".join(text_or_empty(cell) for cell in row)
        for row in rows[columns].itertuples(index=False)
    ]


def _main_ids(ev: Evidence) -> dict[str, str]:
    main = main_findings(ev)
    return dict(zip(main["study_id"], main["finding_id"], strict=True))


def _main_first(rows: pd.DataFrame) -> tuple[str, ...]:
    order = rows["is_primary"].fillna(False).astype("bool")
    return (*rows.loc[order, "finding_id"], *rows.loc[~order, "finding_id"])


def _on_one_outcome(rows: pd.DataFrame) -> tuple[str, ...]:
    """Results that may be put into one vote: the main one, else those on the first's outcome."""
    main = rows[rows["is_primary"].fillna(False).astype("bool")]
    if len(main):
        return tuple(main["finding_id"])
    same = rows["outcome_domain"].astype("str") == str(rows["outcome_domain"].iloc[0])
    return tuple(rows.loc[same.fillna(False), "finding_id"])
