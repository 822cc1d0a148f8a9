"""Studies as lines of a table, and where their papers are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evidence.bibliography.addresses import paper
from evidence.charts.words import Words
from evidence.charts.words import words as words_of
from evidence.frames import text_or_empty, whole_or_none
from evidence.model.dictionary import lower_first, upper_first
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import LENSES
from evidence.synthesis.votes import main_findings, votes


def study_rows(ev: Evidence) -> list[dict[str, Any]]:
    """The studies as lines of a table, in the order of the data set.

    Returns
    -------
    list of dict
        ``id, name, title, note, finding`` (what its main finding says), ``year, n, size`` (the
        number with what it counts), ``apart`` (labels of what is kept apart), ``design, counted,
        because`` (why not), ``concluded, direction`` (votes; empty for a study that has none), both
        with ``_said`` in the words of its question, and ``paper`` (see
        :func:`evidence.bibliography.addresses.paper`). What is not known is None or empty.
    """
    studies = ev.studies
    said = {lens: votes(ev, lens).set_index("study_id")["vote"].astype("str") for lens in LENSES}
    words = words_of(ev)
    names = ev.names.reindex(studies["study_id"]).to_numpy()
    statements = main_statements(ev)
    rows = []
    for study, name in zip(studies.to_dict("records"), names, strict=True):
        key = study["study_id"]
        counted = bool(study["counted"])
        rows.append(
            {
                "id": key,
                "name": key if pd.isna(name) else name,
                "title": text_or_empty(study.get("title")),
                "note": text_or_empty(study.get("note")),
                "finding": statements.get(key, ""),
                "year": whole_or_none(study["year"]),
                "n": whole_or_none(study["sample_size"]),
                "size": _size(ev, study),
                "apart": [
                    ev.dictionary.label(column, study[column])
                    for column in ev.dictionary.kept_apart
                ],
                "design": ev.dictionary.label("design", study["design"])
                if "design" in study
                else "",
                "counted": counted,
                "because": (
                    ""
                    if counted
                    else ev.dictionary.label(
                        "not_counted_because", study.get("not_counted_because")
                    )
                ),
                **_votes(said, words, study, counted),
                "paper": paper(study),
            }
        )
    return rows


def _size(ev: Evidence, study: dict[str, Any]) -> str:
    """How many were studied, in the unit that the number counts; empty where it is not known."""
    n, unit = whole_or_none(study["sample_size"]), study.get("sample_unit")
    if n is None:
        return ""
    counts = "took part" if pd.isna(unit) else lower_first(ev.dictionary.label("sample_unit", unit))
    return f"{n:,} {counts}"


def main_statements(ev: Evidence) -> dict[str, str]:
    """What the main finding of each study says, where it says something."""
    main = main_findings(ev).set_index("study_id")
    if "statement" not in main:
        return {}
    return {str(key): str(said) for key, said in main["statement"].dropna().items()}


def _votes(
    said: dict[str, pd.Series], words: Words, study: dict[str, Any], counted: bool
) -> dict[str, str]:
    """Words by both lenses, and what they are called in the question of the study."""
    found: dict[str, str] = {}
    for lens, votes_of in said.items():
        word = _vote(votes_of, study["study_id"], counted)
        label = words.through(lens).side(word, study) if word else ""
        found |= {lens: word, f"{lens}_said": upper_first(label)}
    return found


def _vote(votes_of: pd.Series, key: str, counted: bool) -> str:
    if not counted or key not in votes_of.index:
        return ""
    if pd.isna(votes_of[key]):
        return "not_placed"
    return str(votes_of[key])
