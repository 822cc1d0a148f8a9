"""``find``: studies and reviews that speak of something, the nearest first."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from evidence.arguments import nearest
from evidence.display.search_text import FOUND, folded_text, stem, stems, words_of
from evidence.errors import UsageError
from evidence.frames import frame_rows
from evidence.literature.record import normal
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.result import Result
from evidence.tables.formulas import in_form

LONGER = 4  # from so many characters on, a word stands for longer ones that begin with it too
SYNONYM = 0.6  # what a synonym counts against the word itself
NEAR = 72  # percent of the characters that a near word shares
NAMED = 12  # columns that a sentence names
WIDTH = 96
COLUMNS = (
    "table",
    "id",
    "name",
    "year",
    "title",
    "of_terms",
    "score",
    "found_in",
    "note",
    "finding",
)


@dataclass(frozen=True)
class Term:
    """One thing to look for.

    Attributes
    ----------
    said : str
        As it was asked for.
    forms : tuple of str
        Stems of it, and of its synonyms; the first is its own.
    synonyms : tuple of str
        Its synonyms as the data set has them.
    """

    said: str
    forms: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Found(Result):
    """Result of :func:`find`: one row per study or review, the nearest first.

    Attributes
    ----------
    terms : tuple of Term
        What was looked for.
    missed : tuple of str
        What nothing speaks of.
    near : tuple of str
        Words of the data set that are spelled like what was missed.
    searched : tuple of str
        Titles of the columns that were searched.
    """

    terms: tuple[Term, ...] = ()
    missed: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    shown = ("name", "year", "found_in", "note")

    @property
    def said(self) -> str:
        """How much was found, or what was searched without success and which words are near."""
        asked = ", ".join(f'"{term.said}"' for term in self.terms)
        same = [other for term in self.terms for other in term.synonyms]
        also = ""
        if same:
            also = f" (also: {', '.join(dict.fromkeys(same))})"
        if len(self.frame):
            ends = ""
            if self.missed:
                ends = f"; nothing speaks of {_quoted(self.missed)}"
            if len(self.terms) - len(self.missed) > self.frame["of_terms"].max():
                ends += "; nothing speaks of all of it, these of most"
            return f"{self._found} for {asked}{also}{ends}."
        near = f" Nearest words: {', '.join(self.near)}." if self.near else ""
        first, rest = self.searched[:NAMED], self.searched[NAMED:]
        more = f" and {len(rest)} further columns" if rest else ""
        studies, reviews = self._searched.values()
        papers = f"{studies} studies" + (f" and {reviews} reviews" if reviews else "")
        where = f" Searched in {papers}: {', '.join(first)}{more}."
        return f"Nothing was found for {asked}{also}.{where}{near}"

    @property
    def _searched(self) -> dict[str, int]:
        """How many studies and reviews were searched."""
        tables = {} if self.ev.steps else self.ev.tables  # a selection is one of studies
        return {"studies": len(self.ev), "reviews": len(tables.get("reviews", ()))}

    @property
    def _found(self) -> str:
        """How many studies, and where there are some reviews, of how many."""
        found = self.frame["table"].value_counts()
        parts = [
            f"{found.get(table, 0)} of {total} {table}"
            for table, total in self._searched.items()
            if table == "studies" or found.get(table, 0)
        ]
        return " and ".join(parts)

    def _repr_html_(self) -> str:
        return self.readable(self.said)._repr_html_()

    def __repr__(self) -> str:
        return found_text(self)


def find(ev: Evidence, words: str) -> Found:
    """Studies and reviews that speak of some words, the nearest first.

    Title, authors, year, notes, statements, outcomes and every other cell with words are searched,
    labels included. Capitals, accents and endings of words do not count; the synonyms that the data
    set names (setting ``synonyms``) are searched too, and weigh less than the word itself.

    Parameters
    ----------
    ev : Evidence
        The whole data set, or a selection of its studies.
    words : str
        One or several words. What speaks of all of them is found; where nothing does, what speaks
        of most.

    Returns
    -------
    Found
        Columns ``table, id, name, year, title, of_terms`` (of how many words it speaks), ``score,
        found_in`` (titles of columns), ``note`` and ``finding`` (the statement of a finding that
        speaks of it). ``.said`` is a sentence on what
        was found; when that is nothing, on what was searched, and which words are near.

    Raises
    ------
    UsageError
        When there is no word.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> found = evidence.find(ev, "fatigue")
    >>> len(found) >= 5, bool(found["score"].is_monotonic_decreasing)
    (True, True)
    >>> print(evidence.find(ev, "ftigue").said)  # doctest: +ELLIPSIS
    Nothing was found for "ftigue". Searched in ... Nearest words: fatigue...
    """
    terms = isinstance(words, str) and _terms(words, ev.dictionary.settings.get("synonyms", {}))
    if not terms:
        raise UsageError(f"words is {words!r}; allowed: at least one word or number")
    text = folded_text(ev)
    hits = pd.concat([_hits(text, term).assign(term=number) for number, term in enumerate(terms)])
    missed = [term.said for number, term in enumerate(terms) if number not in set(hits["term"])]
    whole = " ".join(stems(words))
    frame = _ranked(ev, hits, _hits(text, Term(words, (whole,))) if len(terms) > 1 else None)
    papers = tuple(frame["id"])
    near = tuple(word for said in missed for word in nearest(said, vocabulary(text), least=NEAR))
    searched = tuple(
        lower_first(ev.dictionary.title_of(column)) for column in text["column"].unique()
    )
    return Found(
        ev,
        frame,
        underlying=papers,
        terms=tuple(terms),
        missed=tuple(missed),
        near=tuple(dict.fromkeys(near)),
        searched=tuple(dict.fromkeys(searched)),
    )


def found_text(found: Found, form: str = "text") -> str:
    """What was found, for a terminal or for another program."""
    value = lambda: {
        "words": [term.said for term in found.terms],
        "synonyms": {term.said: list(term.synonyms) for term in found.terms},
        "said": found.said,
        "nearest": list(found.near),
        "searched": list(found.searched),
        "rows": json.loads(found.frame.to_json(orient="records")),
    }
    text = lambda: "\n\n".join([found.said, *map(_paragraph, frame_rows(found.frame))])
    return in_form(form, found.frame, value, text)


def _paragraph(row: Mapping[str, object]) -> str:
    lines = [f"{row['name']} [{row['id']}]: {row['title']}"]
    if row["note"]:
        lines.append(str(row["note"]))
    if row["finding"]:
        lines.append(f"Finding: {row['finding']}")
    lines += [f"Found in: {row['found_in']}"]
    first, *others = lines
    indented = [
        textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ") for line in others
    ]
    return "\n".join([textwrap.fill(first, WIDTH, subsequent_indent="  "), *indented])


def _terms(words: str, synonyms: Mapping[str, Iterable[str]]) -> list[Term]:
    """Words, and sequences of words that have synonyms, in their order."""
    known = {tuple(stems(head)): tuple(others) for head, others in synonyms.items()}
    given = words_of(words)
    plain = [stem(word) for word in given]
    longest = max(map(len, known), default=1)
    terms, place = [], 0
    while place < len(given):
        sizes = range(min(longest, len(given) - place), 0, -1)
        size = next((n for n in sizes if tuple(plain[place : place + n]) in known), 1)
        own = plain[place : place + size]
        others = known.get(tuple(own), ())
        forms = (" ".join(own), *(" ".join(stems(other)) for other in others))
        said = " ".join(given[place : place + size])
        terms.append(Term(said, tuple(dict.fromkeys(forms)), others))
        place += size
    return terms


def _hits(text: pd.DataFrame, term: Term) -> pd.DataFrame:
    """The cells that speak of a term, each with its points."""
    points = pd.Series(0.0, index=text.index)
    for number, form in enumerate(term.forms):
        last = form.split()[-1]
        ends = " "
        if len(last) >= LONGER and last.isalpha():
            ends = ""
        there = text["folded"].str.contains(f" {form}{ends}", regex=False)
        weight = text["weight"] * (SYNONYM if number else 1.0)
        points = points.where(~there, weight.where(weight > points, points))
    return text.assign(points=points)[points > 0]


def _ranked(ev: Evidence, hits: pd.DataFrame, in_a_row: pd.DataFrame | None) -> pd.DataFrame:
    """One row per paper that speaks of most terms, by its points; all in a row counts more."""
    of_paper = hits.groupby(["table", "id"], sort=False)
    terms = of_paper["term"].nunique()
    best = hits.groupby(["table", "id", "term"], sort=False)["points"].max()
    score = best.groupby(["table", "id"], sort=False).sum()
    if in_a_row is not None:
        score = score.add(in_a_row.groupby(["table", "id"])["points"].max()).fillna(score)
    cells = of_paper.size().clip(upper=9) / 100  # of two with equal points, who says it more often
    columns = of_paper["column"].unique()
    said = hits[hits["statement"].ne("")].sort_values("points", ascending=False, kind="stable")
    finding = said.drop_duplicates(["table", "id"]).set_index(["table", "id"])["statement"]
    found = pd.DataFrame({"of_terms": terms, "score": score + cells})
    found["found_in"] = columns.map(
        lambda names: "; ".join(
            dict.fromkeys(lower_first(ev.dictionary.title_of(name)) for name in names)
        )
    )
    found["finding"] = finding.reindex(found.index).fillna("")
    found = found[found["of_terms"] == found["of_terms"].max()].reset_index()
    found_papers = papers(ev).set_index(["table", "id"])
    found = found.join(found_papers, on=["table", "id"])
    found = found.sort_values(
        ["score", "year", "id"], ascending=[False, False, True], kind="stable", ignore_index=True
    )
    names = list(COLUMNS)
    return found[names]


def papers(ev: Evidence) -> pd.DataFrame:
    """Name, year, title and note of each study and review that a search can find."""
    parts = []
    for table in FOUND:
        if table not in ev.tables or (ev.steps and table != "studies"):
            continue
        key = ev.dictionary.tables[table].key
        frame = ev.tables[table].drop_duplicates(key)
        names = ev.names.reindex(frame[key]).fillna(pd.Series(frame[key].to_numpy(), frame[key]))
        made = {"table": table, "id": frame[key], "name": names.to_numpy(), "year": frame["year"]}
        for name in ("title", "note"):
            made[name] = frame[name].fillna("") if name in frame else ""
        parts.append(pd.DataFrame(made))
    return pd.concat(parts, ignore_index=True)


def vocabulary(text: pd.DataFrame) -> list[str]:
    """All words that occur, the rarer ones too."""
    return sorted({word for said in text["text"].unique() for word in normal(said).split()})


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
