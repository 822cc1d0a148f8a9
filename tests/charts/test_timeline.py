"""The timeline of findings."""

from __future__ import annotations

import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

from evidence.charts.timeline import timeline
from evidence.errors import UsageError

DIRECTIONS = ["benefit", "harm", "mixed", "no_clear_difference", None]


def table(n: int, questions: list[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "study_id": [f"s{i:03}" for i in range(n)],
            "question": questions or [f"q{i % 4}" for i in range(n)],
            "population": "human",
            "year": pd.array(
                [1990 + i % 9 if i % 5 != 4 else None for i in range(n)], dtype="Int64"
            ),
            "direction": [DIRECTIONS[i % 5] for i in range(n)],
            "sample_size": pd.array([None if i % 7 == 3 else i for i in range(n)], dtype="Int64"),
        }
    )


def test_one_mark_a_study_in_its_year_and_lane(ev, words):
    studies = ev.studies
    chart = timeline(studies, words)
    marks = chart.marks[chart.marks["mark"] == "point"]
    named = {"not_placed": "No direction"}
    direction = (
        studies["direction"]
        .astype("str")
        .replace("not_applicable", "not_placed")
        .fillna("not_placed")
    )
    expected = sorted(
        (
            f"{words.label('question', q)}, {words.label('population', p).lower()}",
            float(y),
            named.get(d) or words.word(d),
        )
        for q, p, y, d in zip(
            studies["question"], studies["population"], studies["year"], direction, strict=True
        )
        if pd.notna(y)
    )
    assert sorted(zip(marks["row"], marks["x"], marks["label"], strict=True)) == expected


def test_stacks_are_even_and_nothing_covers_another(ev, words):
    marks = timeline(ev.studies, words, reviews=ev.reviews).marks
    points = marks[marks["mark"] == "point"]
    assert not points.duplicated(["x", "y"]).any()
    steps = (
        points.groupby(["row", "x"])["y"]
        .apply(lambda y: y.sort_values().diff().dropna().round(6))
        .unique()
    )
    assert len(steps) == 1
    assert (points.groupby("row")["y"].agg(lambda y: y.max() - y.min()) < 1).all()


def test_looks_tell_the_direction_by_shape_too(words):
    marks = timeline(table(30), words).marks
    looks = marks[marks["mark"] == "point"].groupby("label")["look"].unique()
    assert all(len(look) == 1 for look in looks) and len({look[0] for look in looks}) == len(looks)
    assert looks["Benefit"][0].startswith("#0072b2") and looks["Harm"][0].startswith("#c44601")


def test_undated_rows_are_counted(words):
    chart = timeline(table(30), words)
    assert "Without a year, and not drawn: 6" in chart.text
    assert (chart.marks["mark"] == "point").sum() == 24
    assert len(chart.data) == 30


def test_a_lane_without_years_stays(words):
    chart = timeline(table(5, ["a", "b", "c", "d", "silent"]), words)
    text = chart.marks[chart.marks["mark"] == "text"]
    assert text["label"].tolist() == ["no year known"] and text["row"].tolist() == ["silent"]


def test_reviews_are_ticks_in_lanes_of_their_own(words):
    reviews = pd.DataFrame(
        {
            "year": pd.array([2000, 2000, None], dtype="Int64"),
            "question": ["risk", "risk", "treatment"],
        }
    )
    chart = timeline(table(4), words, reviews=reviews)
    marks = chart.marks[chart.marks["label"] == "Review"]
    assert marks[["row", "x"]].to_numpy().tolist() == [["Reviews: Risk", 2000.0]] * 2
    assert "3 reviews (1 without a year)" in chart.text
    assert (chart.marks["mark"] == "point").sum() == 4 + 2


def test_a_changed_year_or_direction_changes_the_text(words):
    before = table(6)
    text = timeline(before, words).text
    assert timeline(before.assign(year=before["year"] + 1), words).text != text
    assert (
        timeline(
            before.assign(direction=before["direction"].replace("harm", "benefit")), words
        ).text
        != text
    )


def test_order_of_the_input_does_not_matter(ev, words):
    mixed = ev.studies.sample(frac=1, random_state=3)
    assert (
        timeline(mixed.sort_values("question", kind="stable"), words).text
        == timeline(ev.studies, words).text
    )


def test_alt_text_has_the_numbers(words):
    alt = timeline(table(8), words).alt
    assert "q0: 2 studies from 1990 (benefit 1, no direction 1)" in alt


def test_layout_on_the_real_table(ev, words, size):
    assert_nothing_overlaps(timeline(ev.studies, words, reviews=ev.reviews, size=size))


@pytest.mark.parametrize("n", [1, 3, 30, 150])
def test_any_number_of_rows(words, n):
    assert_nothing_overlaps(timeline(table(n), words))
    assert_nothing_overlaps(timeline(table(n).assign(year=2001), words))


def test_odd_names(words, size):
    reviews = pd.DataFrame({"year": [1950, None], "question": [ODD_NAMES[3], None]})
    assert_nothing_overlaps(timeline(table(8, ODD_NAMES), words, reviews=reviews, size=size))


def test_missing_columns_of_values(words):
    chart = timeline(table(3).assign(direction=None, sample_size=pd.NA), words)
    assert set(chart.data["direction"]) == {"not_placed"}
    assert "how many took part is not known" in chart.text


def test_wrong_use_has_one_message(words):
    with pytest.raises(UsageError, match="nothing to draw: no study"):
        timeline(table(0), words)
    with pytest.raises(UsageError, match="nothing to draw: 3 studies, none with a year"):
        timeline(table(3).assign(year=pd.NA), words)


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(6, 4)).add_subplot()
    assert timeline(table(3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: timeline(table(9), words))
