"""The questions that readers ask, each with a short answer that is computed.

One source for the page, the notebooks, the command line and the README: the same words everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from evidence.display.question_rules import RULES, Said, nothing
from evidence.display.trial_words import outcome_rows, set_aside_contrasts
from evidence.errors import UsageError
from evidence.frames import frame_rows, is_true, text_or_empty
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.nouns import number_form, share_of
from evidence.quoting import markdown
from evidence.synthesis.cautions import cautions
from evidence.synthesis.votes import one_outcome, sides_of

MOST_CAUTIONS = 5


@dataclass(frozen=True)
class QuestionAnswer:
    """The answer to one question.

    Attributes
    ----------
    question_id, title, short_title : str
        From the table of questions.
    sentences : tuple of str
        The answer, at most two sentences.
    based_on : str
        Studies, trials and people that it is based on.
    careful : DataFrame
        Reasons to be careful: ``caution, explanation, touched, studies``.
    details, not_known : tuple of str
        More of what the rows say; what no study tells.
    rows : Outcomes or None
        Outcome by outcome.
    """

    question_id: str
    title: str
    short_title: str
    sentences: tuple[str, ...]
    based_on: str
    careful: pd.DataFrame = field(repr=False)
    details: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    rows: Any = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The answer in Markdown."""
        parts = [f"**{self.title}** {' '.join(self.sentences)}", f"*Based on:* {self.based_on}"]
        if len(self.careful):
            named = "\n".join(f"- {line}" for line in self.cautions)
            parts.append(f"*Why to be careful:*\n\n{named}")
        if self.not_known:
            parts.append(f"*Not known:* {' '.join(self.not_known)}")
        return "\n\n".join(parts)

    @property
    def plain(self) -> str:
        """The answer for a terminal."""
        lines = [
            self.title,
            "",
            f"  {' '.join(self.sentences)}",
            "",
            f"  Based on: {self.based_on}",
        ]
        if len(self.careful):
            lines += ["  Why to be careful:", *(f"  - {line}" for line in self.cautions)]
        if self.not_known:
            lines.append(f"  Not known: {' '.join(self.not_known)}")
        return "\n".join(lines)

    @property
    def cautions(self) -> list[str]:
        """Each reason to be careful in a line."""
        return [
            f"{one.caution}{_touched(one)}: {one.explanation}"
            for one in self.careful.itertuples(index=False)
        ]

    def as_dict(self) -> dict[str, Any]:
        """The answer as plain values."""
        return {
            "question": self.title,
            "answer": list(self.sentences),
            "based_on": self.based_on,
            "careful": self.cautions,
            "details": list(self.details),
            "not_known": list(self.not_known),
        }

    def _repr_markdown_(self) -> str:
        return markdown(self.text)

    def __repr__(self) -> str:
        return self.text


def question_answers(ev: Evidence) -> list[QuestionAnswer]:
    """Every question of the data set with its answer, in order.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``questions``; a selection is answered from what it keeps.

    Returns
    -------
    list of QuestionAnswer

    Raises
    ------
    UsageError
        When the data set has no such table.

    Examples
    --------
    >>> import evidence
    >>> found = evidence.question_answers(evidence.load())
    >>> all(1 <= len(one.sentences) <= 2 for one in found)
    True
    """
    rows = needed(ev, "questions", "no question is asked").sort_values("place")
    return [_answer(ev, row) for row in frame_rows(rows)]


def answer(ev: Evidence, question_id: str) -> QuestionAnswer:
    """The answer to one question.

    Parameters
    ----------
    ev : Evidence
    question_id : str
        Row of the table of questions.

    Returns
    -------
    QuestionAnswer

    Raises
    ------
    UsageError
        For an unknown question, or when the data set has no questions.

    Examples
    --------
    >>> import evidence
    >>> evidence.answer(evidence.load(), "risk").sentences[0].startswith("Of ")
    True
    """
    rows = needed(ev, "questions", "no question is asked").set_index("question_id", drop=False)
    if question_id not in rows.index:
        raise UsageError(f"no question {question_id!r}; questions: {', '.join(rows.index)}")
    return _answer(ev, frame_rows(rows.loc[[question_id]])[0])


def _answer(ev: Evidence, row: dict[str, Any]) -> QuestionAnswer:
    rule = RULES.get(str(row["rule"]))
    if rule is None:
        raise UsageError(
            f"question {row['question_id']!r} has rule {row['rule']!r}; allowed: {', '.join(RULES)}"
        )
    if one_outcome(ev):  # it can have sides of its own
        sides = sides_of(ev, row)
        row = row | {"worse": sides["harm"], "better": sides["benefit"]}
    said = rule(ev, row) if _bears(ev, row) else Said((nothing(ev),))
    return QuestionAnswer(
        str(row["question_id"]),
        str(row["title"]),
        str(row["short_title"]),
        said.sentences,
        said.based_on or _based_on(ev, row),
        _careful(_answered(ev, row, said), row),
        said.details,
        _sentences(row.get("not_known")),
        said.rows,
    )


def _bears(ev: Evidence, row: dict[str, Any]) -> bool:
    return bool(_rows(ev, row)["counted"].fillna(False).any())


def _rows(ev: Evidence, row: dict[str, Any]) -> pd.DataFrame:
    """Studies of the question."""
    studies = ev.studies
    for name in ("question", "population"):
        if isinstance(row.get(name), str):
            studies = studies[studies[name].eq(row[name]).fillna(False)]
    return studies


def _based_on(ev: Evidence, row: dict[str, Any]) -> str:
    """How many studies, trials and people, and how many studies were set aside."""
    studies = _rows(ev, row)
    counted = studies[is_true(studies["counted"])]
    n, k = len(counted), int(counted["design"].isin(ev.dictionary.designs()).sum())
    told = not counted["design"].isin(ev.dictionary.designs("not told")).all()
    aside = len(studies) - n
    parts = [
        f"{n} {number_form(n, 'study', 'studies')} counted",
        (f"{k} of them randomised" if k else "none of them randomised") if told else "",
        f"{aside} set aside",
    ]
    return f"{', '.join(filter(None, parts))}."


def _careful(ev: Evidence, row: dict[str, Any]) -> pd.DataFrame:
    """The reasons that touch most of the studies, then those that hold in general."""
    columns = ["caution", "explanation", "touched", "studies"]
    if "cautions" not in ev.tables or not isinstance(row.get("question"), str):
        return pd.DataFrame(columns=columns)
    found = cautions(ev, row["question"], text_or_empty(row["population"]))
    found = found[found["touched"].isna() | (found["touched"] > 0)]
    if isinstance(row.get("cautions"), str):
        named = [name for name in row["cautions"].split() if name in set(found["caution_id"])]
        found = found.set_index("caution_id").loc[named]
    else:
        share = found["share"].fillna(0)
        found = found.assign(share=share).sort_values("share", ascending=False, kind="stable")
    return found[columns].head(MOST_CAUTIONS).reset_index(drop=True)


def _answered(ev: Evidence, row: dict[str, Any], said: Said) -> Evidence:
    """The evidence with the studies of the answer counted, where it is about a contrast that other
    answers set aside: reasons to be careful hold for the studies that an answer is about.
    """
    contrasts = set(said.rows["contrast"].dropna()) if said.rows is not None else set()
    aside = [name for name in set_aside_contrasts(ev) if contrasts == {name}]
    if not aside:
        return ev
    main = outcome_rows(ev, row, aside[0], main_only=True).underlying
    here = ev.studies["study_id"].isin(main)
    return ev.with_tables({**ev.tables, "studies": ev.studies.assign(counted=here)})


def _touched(one: Any) -> str:
    """How many studies a reason touches, in brackets; empty for a general one."""
    if pd.isna(one.touched):
        return ""
    return f" ({share_of(int(one.touched), int(one.studies), 'study', 'studies')})"


def _sentences(text: Any) -> tuple[str, ...]:
    """Short sentences of a cell."""
    if not isinstance(text, str):
        return ()
    return tuple(f"{one.strip().rstrip('.')}." for one in text.split(". ") if one.strip())
