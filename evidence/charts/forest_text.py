"""What a forest plot says in words: its rows, and the columns of text beside them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evidence.charts.old_style import Size, letters, wrap
from evidence.charts.words import Words

UNKNOWN = "–"


@dataclass(frozen=True)
class Row:
    """One line of the drawing: a heading, an estimate or a pooled estimate."""

    kind: str
    label: str
    values: pd.Series | None = None


def rows_of(estimates: pd.DataFrame, pooled: pd.DataFrame, words: Words) -> list[Row]:
    """The estimates, under the headings of their groups where they have some, then the pooled ones."""
    rows = []
    if "group" in estimates:
        for value, part in estimates.groupby(
            "group",
            observed=True,
            dropna=False,
            sort=isinstance(estimates["group"].dtype, pd.CategoricalDtype),
        ):
            rows.append(Row("heading", words.label("group", value)))
            rows += [Row("estimate", str(line["label"]), line) for _, line in part.iterrows()]
    else:
        rows = [Row("estimate", str(line["label"]), line) for _, line in estimates.iterrows()]
    return rows + [Row("pooled", str(line["label"]), line) for _, line in pooled.iterrows()]


def text_columns(
    rows: list[Row], words: Words, name: str, estimates: pd.DataFrame, size: Size
) -> list[list[str]]:
    """Columns of text at the right: each a heading and a text for each row."""
    levels = set(estimates["ci_level"].dropna().astype(int)) if "ci_level" in estimates else {95}
    columns = []
    if "n" in estimates:
        columns.append(["n", *(_size(row) for row in rows)])
    if "design" in estimates:
        named = [
            (
                words.label("design", row.values["design"])
                if row.kind == "estimate" and row.values is not None
                else ""
            )
            for row in rows
        ]
        columns.append(
            [
                "Design",
                *(
                    wrap(text if text != "Not stated" else UNKNOWN, letters(size, 0.16))
                    for text in named
                ),
            ]
        )
    heading = f"{name} (95 % interval)" if levels <= {95} else f"{name} (interval)"
    columns.append(
        [heading, *(estimate_text(row) + prediction_text(row, "\nprediction ") for row in rows)]
    )
    return columns


def _size(row: Row) -> str:
    if row.kind != "estimate" or row.values is None:
        return ""
    return UNKNOWN if pd.isna(row.values["n"]) else f"{row.values['n']:,.0f}"


def estimate_text(row: Row) -> str:
    """An estimate with its interval; what is missing is said."""
    if row.values is None:
        return ""
    estimate, low, high = (row.values[name] for name in ("estimate", "ci_low", "ci_high"))
    if pd.isna(estimate):
        return "not reported"
    if pd.isna(low) and pd.isna(high):
        return f"{_number(estimate)} (no interval)"
    level = row.values.get("ci_level", 95)
    other = "" if pd.isna(level) or int(level) == 95 else f"; {int(level)} %"
    return f"{_number(estimate)} ({_number(low)} to {_number(high)}{other})"


def prediction_text(row: Row, before: str) -> str:
    """The prediction interval of a pooled estimate, behind some words; nothing when it has none."""
    if row.kind != "pooled" or row.values is None or pd.isna(row.values["prediction_low"]):
        return ""
    return (
        f"{before}{_number(row.values['prediction_low'])} to"
        f" {_number(row.values['prediction_high'])}"
    )


def _number(value: float) -> str:
    if pd.isna(value):
        return "?"
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    return f"{value:,.{digits}f}".replace("-", "\N{MINUS SIGN}")
