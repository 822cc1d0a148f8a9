"""What is searched: every word of every study and review, without accents, capitals and endings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pandas as pd

from evidence.literature.record import normal
from evidence.model.evidence import Evidence

# Tables that a search finds, and those whose rows say more of them.
FOUND = {"studies": ("findings",), "reviews": ("review_conclusions",)}
AUTHORS, COHORT = "authors", "cohort"
# How much a word weighs where it stands; elsewhere, in short cells and labels, it weighs 5.
WEIGHTS = {
    AUTHORS: 8,
    "year": 8,
    "title": 7,
    "outcome": 4,
    "subgroup": 4,
    "note": 3,
    "statement": 2,
}
SHORT = 5
COLUMNS = ["table", "id", "column", "weight", "text", "statement"]
# Types of cells with words; years are searched too.
WORDED = ("string", "list")
# About the reading of a paper and the form of its numbers, not about what was studied.
NOT_SEARCHED = (
    "cohort_overlap",
    "confidence",
    "estimate_origin",
    "locator",
    "measure",
    "not_counted_because",
    "p_operator",
    "primary_basis",
    "reading",
    "sample_unit",
    "subgroup_kind",
)
# Words that hold a sentence together.
SMALL = {"a", "an", "and", "are", "by", "did", "do", "does", "for", "from", "in", "is"}
SMALL |= {"of", "on", "or", "s", "the", "to", "was", "were", "with"}
# Endings of word forms, each with the fewest characters that stay before it.
ENDINGS = (
    ("ists", 4),
    ("ist", 4),
    ("ings", 4),
    ("ing", 4),
    ("ers", 4),
    ("ies", 3),
    ("ied", 3),
    ("er", 4),
    ("ed", 4),
    ("es", 4),
    ("s", 3),
    ("e", 4),
    ("y", 3),
)
TWICE = re.compile(r"(\w)\1$")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without the ending of its form, and in one spelling.

    >>> stem("swimming"), stem("swimmers"), stem("studies"), stem("randomized"), stem("b12")
    ('swim', 'swim', 'stud', 'randomis', 'b12')
    """
    if not word.isalpha():
        return word
    plain = word.replace("iz", "is")
    for ending, least in ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= least:
            return TWICE.sub(r"\1", plain.removesuffix(ending))
    return TWICE.sub(r"\1", plain) if len(plain) > len("less") else plain


def stems(text: str) -> list[str]:
    """The words of a text, in their order, as they are compared.

    >>> stems("Swimmers & Größe")
    ['swim', 'gros']
    """
    return [stem(word) for word in words_of(text)]


def words_of(text: str) -> list[str]:
    """The words of a text without capitals and accents, and without those that only join others."""
    return [word for word in normal(text).split() if word not in SMALL]


def search_text(ev: Evidence) -> pd.DataFrame:
    """Everything that a search looks through; of a selection only the studies.

    One row per filled cell: ``table`` and ``id`` of the study or review, ``column``, its
    ``weight``, the ``text`` (of a vocabulary label and value) and the ``statement`` of the row,
    where it has one.

    >>> import evidence
    >>> text = search_text(evidence.load())
    >>> {"title", "authors", "note", "statement", "outcome", "sport", "year"} <= set(
    ...     text["column"]
    ... )
    True
    """
    if search_text not in ev.known:
        ev.known[search_text] = _search_text(ev)
    known: pd.DataFrame = ev.known[search_text]
    return known.copy(deep=False)


def _search_text(ev: Evidence) -> pd.DataFrame:
    parts = []
    for table, others in FOUND.items():
        if table not in ev.tables or (ev.steps and table != "studies"):
            continue
        key = ev.dictionary.tables[table].key
        parts += [_names(ev, table, key)]
        for name in (table, *others):
            if name in ev.tables:
                parts += _cells(ev, table, name, key)
    text = pd.concat([pd.DataFrame(columns=COLUMNS), *(part for part in parts if len(part))])
    return text.drop_duplicates(ignore_index=True)


def folded_text(ev: Evidence) -> pd.DataFrame:
    """What :func:`search_text` gives, with a further column ``folded``: the texts as they are
    searched.
    """
    if folded_text not in ev.known:
        text = search_text(ev)
        whole = pd.Series(folded(text["text"]), index=text.index, dtype="str")
        ev.known[folded_text] = text.assign(folded=whole)
    known: pd.DataFrame = ev.known[folded_text]
    return known.copy(deep=False)


def folded(texts: Iterable[str]) -> list[str]:
    """Texts as they are searched: stems between spaces."""
    known: dict[str, str] = {}
    for text in texts:
        if text not in known:
            known[text] = f" {' '.join(stems(text))} "
    return [known[text] for text in texts]


def _names(ev: Evidence, table: str, key: str) -> pd.DataFrame:
    """Names and authors of the entries, and the keys."""
    ids = ev.tables[table][key].drop_duplicates()
    names = ev.names.reindex(ids).fillna("").to_numpy()
    authors = ev.bibliography.drop_duplicates("key").set_index("key")["author"].reindex(ids)
    said = pd.Series(names, index=ids).str.cat(authors.fillna(""), sep=" ")
    return _rows(table, ids, AUTHORS, said.str.cat(ids.to_numpy(), sep=" "), None)


def _cells(ev: Evidence, table: str, name: str, key: str) -> list[pd.DataFrame]:
    """The cells of a table, column by column."""
    frame = ev.tables[name]
    statement = frame.get("statement")
    parts: list[Any] = []
    for field in ev.dictionary.tables[name].fields:
        is_key = field.name in (key, ev.dictionary.tables[name].key)
        has_words = field.type in WORDED or field.name == "year"
        if is_key or not has_words or field.name in NOT_SEARCHED:
            continue
        cells = frame[field.name].dropna().astype("str")
        if field.name == COHORT and "cohorts" in ev.tables:
            names = ev.cohorts.set_index("cohort_id")["label"]
            cells = cells.str.cat(cells.map(names).fillna(""), sep=" ")
        labels = field.labels
        if labels:
            values = None
            if field.delimiter:
                values = cells.str.split(field.delimiter, regex=False)
            known = cells.map(labels).fillna("") if values is None else _listed(values, labels)
            cells = known.astype("str").str.cat(cells, sep=" ")
        parts.append(_rows(table, frame.loc[cells.index, key], field.name, cells, statement))
    return parts


def _listed(values: pd.Series, labels: dict[str, str]) -> pd.Series:
    return values.map(lambda many: " ".join(labels.get(one, "") for one in many))


def _rows(
    table: str, ids: pd.Series, column: str, texts: pd.Series, statements: pd.Series | None
) -> pd.DataFrame:
    said: Any = ""
    if statements is not None:
        said = statements.reindex(texts.index).fillna("").to_numpy()
    return pd.DataFrame(
        {
            "table": table,
            "id": ids.to_numpy(),
            "column": column,
            "weight": WEIGHTS.get(column, SHORT),
            "text": texts.to_numpy(),
            "statement": said,
        }
    )
