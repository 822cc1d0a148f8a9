"""What changed between two versions of a data set: rows, counts, answers and verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.display.questions import question_answers
from evidence.model.evidence import Evidence
from evidence.quoting import markdown_cell
from evidence.synthesis.balance import balance
from evidence.synthesis.claims import judge_claims
from evidence.synthesis.effect_sizes import size_pools
from evidence.synthesis.lens import LENSES

MOST_CELLS = 20  # cells of a table that are named one by one


@dataclass(frozen=True)
class DataChanges:
    """Result of :func:`data_changes`.

    Attributes
    ----------
    old, new : str
        Names of the two versions.
    tables : DataFrame
        One row per table: ``table, rows_old, rows_new, added, removed, changed`` (rows with a cell
        that differs).
    cells : DataFrame
        One row per cell that differs: ``table, id, column, old, new``.
    numbers : DataFrame
        One row per number that differs: ``what, old, new``: counts of the balance by both lenses,
        pooled estimates.
    verdicts : DataFrame
        One row per claim whose verdict differs, or that only one version has: ``claim, old, new``.
    answers : DataFrame
        One row per question whose answer differs: ``question, old, new``.
    """

    old: str
    new: str
    tables: pd.DataFrame
    cells: pd.DataFrame
    numbers: pd.DataFrame
    verdicts: pd.DataFrame
    answers: pd.DataFrame

    @property
    def text(self) -> str:
        """The changes in Markdown."""
        parts = [f"# What changed from {self.old} to {self.new}"]
        for title, table in (
            ("Tables", self.tables),
            ("Numbers", self.numbers),
            ("Verdicts on claims", self.verdicts),
            ("Answers", self.answers),
        ):
            parts.append(f"## {title}")
            parts.append(_markdown(table) if len(table) else "No change.")
        if len(self.cells):
            shown = self.cells.groupby("table", sort=False).head(MOST_CELLS)
            more = len(self.cells) - len(shown)
            parts += ["## Cells", _markdown(shown)]
            if more:
                parts.append(f"{more:,} more cells; --format csv lists all of them.")
        return "\n\n".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """The changes as plain values."""
        named = ("tables", "numbers", "verdicts", "answers", "cells")
        listed = {name: getattr(self, name).to_dict("records") for name in named}
        return {"old": self.old, "new": self.new} | listed

    def __repr__(self) -> str:
        return self.text


def data_changes(old: Evidence, new: Evidence) -> DataChanges:
    """Compare two versions of a data set.

    Parameters
    ----------
    old, new : Evidence

    Returns
    -------
    DataChanges

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> int(evidence.data_changes(ev, ev).tables["changed"].sum())
    0
    """
    tables, cells = [], []
    for name in dict.fromkeys([*old.tables, *new.tables]):
        line, found = _table(old, new, name)
        tables.append(line)
        cells += found
    return DataChanges(
        _version(old),
        _version(new),
        pd.DataFrame(tables),
        pd.DataFrame(cells, columns=["table", "id", "column", "old", "new"]),
        _differing("what", _numbers(old), _numbers(new)),
        _differing("claim", _verdicts(old), _verdicts(new)),
        _differing("question", _answers(old), _answers(new)),
    )


def _version(ev: Evidence) -> str:
    return ev.dictionary.version or "an unnamed version"


def _keyed(ev: Evidence, name: str) -> pd.DataFrame:
    """A table as text, by its key; empty cells are empty text."""
    if name not in ev.tables:
        return pd.DataFrame()
    key = ev.dictionary.tables[name].key
    frame = ev.tables[name].astype("str").fillna("").drop_duplicates(key)
    return frame.set_index(key)


def _table(old: Evidence, new: Evidence, name: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """How many rows of a table changed, and each cell that differs in rows that both have."""
    one, other = _keyed(old, name), _keyed(new, name)
    both, columns = one.index.intersection(other.index), one.columns.intersection(other.columns)
    left, right = one.loc[both, columns], other.loc[both, columns]
    differs = None
    if len(both) and len(columns):
        differs = (left != right).to_numpy(dtype=bool)
    cells = []
    if differs is not None:
        for row, column in zip(*differs.nonzero(), strict=True):
            was, now = str(left.iat[row, column]), str(right.iat[row, column])
            place = {"table": name, "id": str(both[row]), "column": str(columns[column])}
            cells.append(place | {"old": was, "new": now})
    line = {
        "table": name,
        "rows_old": len(one),
        "rows_new": len(other),
        "added": len(other.index.difference(one.index)),
        "removed": len(one.index.difference(other.index)),
        "changed": 0 if differs is None else int(differs.any(axis=1).sum()),
    }
    return line, cells


def _numbers(ev: Evidence) -> dict[str, str]:
    """Counts of the balance by both lenses, and pooled estimates, by what they are."""
    found = {}
    for lens in LENSES.values():
        table = balance(ev, None, lens.name)
        apart = ev.dictionary.kept_apart
        for line in table.to_dict("records"):
            place = ", ".join(ev.dictionary.label(column, line[column]) for column in apart)
            for word in (*lens.placed, "not_placed"):
                none = lens.unplaced
                label = none
                if word != "not_placed":
                    label = ev.dictionary.label("direction", word)
                found[f"{place}, {lens.title}: {label}"] = str(line[word])
    for pool in size_pools(ev):
        said = "not pooled, "
        if pool.result is not None:
            low, high = pool.interval
            said = f"{pool.summary['estimate']:.2f} ({low:.2f} to {high:.2f}), "
        found[f"{pool.title} ({pool.poolable.measure})"] = f"{said}{pool.k} studies"
    return found


def _verdicts(ev: Evidence) -> dict[str, str]:
    if "claims" not in ev.tables or "claim_criteria" not in ev.tables:
        return {}
    board = judge_claims(ev)
    return dict(zip(board["claim_id"].astype("str"), board["verdict"].astype("str"), strict=True))


def _answers(ev: Evidence) -> dict[str, str]:
    if "questions" not in ev.tables:
        return {}
    return {one.title: " ".join(one.sentences) for one in question_answers(ev)}


def _differing(name: str, old: dict[str, str], new: dict[str, str]) -> pd.DataFrame:
    """What differs between two sets of named values; a missing one is empty."""
    names = [key for key in dict.fromkeys([*new, *old]) if old.get(key) != new.get(key)]
    rows = [(key, old.get(key, ""), new.get(key, "")) for key in names]
    return pd.DataFrame(rows, columns=[name, "old", "new"])


def _markdown(table: pd.DataFrame) -> str:
    """A table in Markdown; cells cannot break out of it."""
    lines = [[str(column).replace("_", " ") for column in table], ["---"] * len(table.columns)]
    rows = table.itertuples(index=False)
    lines += [[markdown_cell(str(cell)) or "–" for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
