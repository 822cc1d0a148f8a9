"""What published reviews pooled, as they print it: nothing is worked out, and nothing filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evidence.display.count_words import Row, plain
from evidence.frames import frame_rows
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.nouns import counted
from evidence.synthesis.lenses import published

HEADS = ["Review", "Outcome", "Measure", "Estimate", "Studies", "Individuals", "Note"]


def pooled_by_reviews(ev: Evidence, row: Row) -> pd.DataFrame:
    """The pooled results of the reviews on the question of a row, outcome by outcome."""
    asked = row.get("question")
    if not isinstance(asked, str) or "question" not in ev.tables.get("reviews", ()):
        return pd.DataFrame(columns=["outcome_domain"])
    found = published(ev, asked)
    order = ev.dictionary.outcome_order(asked, str(row.get("population")))
    place = {domain: rank for rank, domain in enumerate(order)}
    rank = found["outcome_domain"].astype("str").map(place).fillna(len(place))
    return found.iloc[rank.argsort(kind="stable")].reset_index(drop=True)


def pooled_sentence(ev: Evidence, row: Row, domain: str) -> str:
    """What reviews pooled on one outcome, in a sentence; empty where none did."""
    found = pooled_by_reviews(ev, row)
    parts = [_in_words(line) for line in frame_rows(found[found["outcome_domain"] == domain])]
    said = "; ".join(parts)
    return f"Published reviews pooled {plain(ev, domain)}: {said}." if parts else ""


def pooled_table(ev: Evidence, row: Row) -> pd.DataFrame:
    """The same for all outcomes, a row each, under headings for readers."""
    lines = [
        [
            line["review"],
            _outcome(line),
            line["measure"],
            _result(line),
            _number(line["k_studies"], ","),
            _number(line["n_participants"], ","),
            line["note"],
        ]
        for line in frame_rows(pooled_by_reviews(ev, row))
    ]
    return pd.DataFrame(lines, columns=HEADS)


def _in_words(line: Mapping[str, Any]) -> str:
    """One result: whose, on what, the number, of how many, and what to be careful about."""
    measure = "" if pd.isna(line["measure"]) else f"{line['measure']} "
    parts = [f"{line['review']}, {_outcome(line)}: {measure}{_result(line)}"]
    if pd.notna(line["k_studies"]):
        parts.append(counted(int(line["k_studies"]), "study", "studies"))
    if pd.notna(line["n_participants"]):
        parts.append(f"{line['n_participants']:,} individuals")
    note = "" if pd.isna(line["note"]) else f" ({lower_first(line['note']).rstrip('.')})"
    return ", ".join(parts) + note


def _outcome(line: Mapping[str, Any]) -> str:
    return ", ".join(text for text in (line["outcome"], line["subgroup"]) if pd.notna(text))


def _result(line: Mapping[str, Any]) -> str:
    """An estimate with its interval, or with its p-value where no interval is printed."""
    low, high, estimate = (_number(line[name]) for name in ("ci_low", "ci_high", "estimate"))
    p = "" if pd.isna(line["p_value"]) else f"p {line['p_operator']} {line['p_value']:g}"
    if not estimate:
        return p and f"{p}, no estimate shown"
    if low and high:
        return f"{estimate} ({low} to {high})"
    if low or high:
        return f"{estimate} ({'lower' if low else 'upper'} end {low or high})"
    return ", ".join(filter(None, [estimate, p]))


def _number(value: Any, form: str = "g") -> str:
    """A number as it is printed; empty where none is."""
    return "" if pd.isna(value) else f"{value:{form}}".replace("-", "−")
