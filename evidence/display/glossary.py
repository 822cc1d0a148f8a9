"""The glossary of a data set: words that need an explanation, each in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.result import Result


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Glossary(Result):
    """Result of :func:`glossary`: one row per word."""

    headings: ClassVar[Mapping[str, str]] = {"term": "Word", "explanation": "What it means"}
    shown = ("term", "explanation")

    def meaning(self, word: str) -> str:
        """What a word means, by any of its forms, whatever the case; empty where it is unknown."""
        forms = self.frame["also"].fillna("").str.split("; ")
        for term, others, text in zip(
            self.frame["term"], forms, self.frame["explanation"], strict=True
        ):
            if word.lower() in {form.lower() for form in (term, *others)}:
                return str(text)
        return ""


def glossary(ev: Evidence) -> Glossary:
    """Words of statistics and of the subject, each explained in plain words.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``glossary``.

    Returns
    -------
    Glossary
        In the order of the alphabet: ``glossary_id, term, also`` (other forms, with semicolons
        between them), ``explanation``.

    Raises
    ------
    UsageError
        When the data set has no such table.

    Examples
    --------
    >>> import evidence
    >>> words = evidence.glossary(evidence.load())
    >>> words.meaning("or").startswith("How much more frequent")
    True
    """
    rows = needed(ev, "glossary", "no word is explained")
    order = rows["term"].astype("str").str.casefold()
    return Glossary(ev, rows.loc[order.sort_values(kind="stable").index].reset_index(drop=True))
