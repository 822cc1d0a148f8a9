"""The evidence gap map."""

from __future__ import annotations

import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

import evidence
from evidence.charts.gap_map import gap_map
from evidence.errors import UsageError


def table(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "question": [f"q{i}" for i in range(n)],
            "population": "human",
            "outcome_domain": [f"outcome {i % 5}" for i in range(n)],
            "studies": range(1, n + 1),
            "participants": [997 * i for i in range(n)],
            "size_unknown": [i % 2 for i in range(n)],
        }
    )


def real(ev) -> pd.DataFrame:
    return evidence.balance(ev, by="outcome_domain")


def test_bubbles_are_the_studies(ev, words):
    counts = real(ev)
    chart = gap_map(counts, words)
    marks = chart.marks
    bubbles = marks[marks["label"] == "studies"]
    per_study = bubbles["size"].max() / counts["studies"].max()
    drawn = {
        row: round(area / per_study)
        for row, area in zip(bubbles["row"], bubbles["size"], strict=True)
    }
    expected = {}
    for line in counts.itertuples():
        name = (
            f"{words.label('question', line.question)},"
            f" {words.label('population', line.population).lower()}"
        )
        expected[f"{name}, {words.label('outcome_domain', line.outcome_domain)}"] = line.studies
    assert drawn == expected
    numbers = marks[marks["mark"] == "text"].groupby("row")["label"].first()
    assert {row: int(text) for row, text in numbers.items()} == expected


def test_every_empty_cell_has_its_dash(ev, words):
    chart = gap_map(real(ev), words)
    marks = chart.marks
    empty = marks[marks["label"] == "no study"]
    assert len(empty) == (chart.data["studies"] == 0).sum() > 0
    assert len(empty) + (marks["label"] == "studies").sum() == len(chart.data)
    assert f"{len(empty)} of them empty" in chart.text


def test_rows_and_columns_follow_the_dictionary(ev, words):
    counts = real(ev)
    shuffled = counts.sample(frac=1, random_state=1)
    shuffled.attrs = counts.attrs
    chart = gap_map(shuffled, words)
    order = [
        value
        for value in ev.labels("outcome_domain")
        if value in set(counts["outcome_domain"].astype("str"))
    ]
    assert list(dict.fromkeys(chart.data["outcome_domain"].astype("str"))) == order
    assert chart.text == gap_map(counts, words).text


def test_rows_and_columns_can_be_swapped(ev, words, size):
    chart = gap_map(
        real(ev), words, rows="outcome_domain", columns=["question", "population"], size=size
    )
    assert "Treatment, people" in chart.text
    assert_nothing_overlaps(chart)


def test_participants_are_shortened_only_where_cells_are_narrow(words):
    wide = gap_map(table(2).assign(participants=[0, 26002]), words)
    assert "26,002" in wide.text and "thousand" not in wide.text
    many = table(18).assign(
        outcome_domain=[f"outcome {i}" for i in range(18)], participants=8793510
    )
    narrow = gap_map(many, words)
    assert "8.8m" in narrow.text and "m: million" in narrow.text


def test_unknown_sizes_are_said(words):
    chart = gap_map(
        table(2).assign(studies=[3, 4], participants=[10, 0], size_unknown=[1, 4]), words
    )
    texts = set(chart.marks["label"])
    assert {"10+?", "?"} <= texts


def test_a_changed_number_changes_the_text(words):
    before = table(4)
    after = before.assign(studies=[1, 2, 3, 5])
    assert gap_map(before, words).text != gap_map(after, words).text


def test_alt_text_has_the_numbers(ev, words):
    alt = gap_map(real(ev), words).alt
    first = real(ev).iloc[0]
    assert f"risk of ALS {first['studies']}" in alt and "empty cells" in alt


def test_layout_on_the_real_table(ev, words, size):
    assert_nothing_overlaps(gap_map(real(ev), words, size=size))
    assert_nothing_overlaps(gap_map(evidence.balance(ev, by="exercise_type"), words, size=size))


@pytest.mark.parametrize("n", [1, 3, 30, 150])
def test_any_number_of_rows(words, n):
    chart = gap_map(table(n), words)
    assert len(chart.data) == n * min(n, 5)
    assert_nothing_overlaps(chart)


def test_odd_names(words, size):
    odd = table(len(ODD_NAMES))
    assert_nothing_overlaps(gap_map(odd.assign(question=ODD_NAMES), words, size=size))
    assert_nothing_overlaps(gap_map(odd.assign(outcome_domain=ODD_NAMES), words, size=size))


def test_missing_columns_and_values(words):
    chart = gap_map(
        table(3).assign(
            question=None, outcome_domain=pd.NA, participants=0, size_unknown=[1, 2, 3]
        ),
        words,
    )
    assert "Not stated" in chart.text
    assert chart.data["studies"].tolist() == [6]
    with pytest.raises(UsageError, match="no column 'studies'"):
        gap_map(table(3).drop(columns="studies"), words)


def test_wrong_use_has_one_message(words):
    with pytest.raises(UsageError, match="nothing to draw"):
        gap_map(table(3).iloc[:0], words)
    with pytest.raises(UsageError, match="different columns"):
        gap_map(table(3), words, rows="question", columns="question")
    with pytest.raises(UsageError, match="Swap rows and columns"):
        gap_map(table(60).assign(outcome_domain=[str(i) for i in range(60)]), words)


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(6, 4)).add_subplot()
    chart = gap_map(table(3), words, ax=ax)
    assert chart.figure is ax.figure and len(chart.marks) > 3


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: gap_map(table(4), words))
