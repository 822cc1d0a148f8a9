"""The panel of three lenses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

import evidence
from evidence.charts.style import LOOKS
from evidence.charts.three_lenses import three_lenses
from evidence.errors import UsageError
from evidence.synthesis.sign_test import sign_tests

WHY = "too few studies of one measure to pool"


def table(n: int, questions: list[str] | None = None) -> pd.DataFrame:
    i = np.arange(n)
    groups = pd.DataFrame({"question": questions or [f"q{k}" for k in i], "population": "human"})
    concluded = groups.assign(
        lens="concluded",
        benefit=i % 5,
        no_clear_difference=i % 3,
        mixed=i % 2,
        harm=i % 7 + 1,
        not_placed=i % 4,
    )
    concluded["units"] = concluded[
        ["benefit", "no_clear_difference", "mixed", "harm", "not_placed"]
    ].sum(axis=1)
    direction = groups.assign(
        lens="direction", benefit=i % 5, harm=i % 7, mixed=1, not_placed=2, units=i % 5 + i % 7 + 3
    )
    direction = pd.concat([direction, sign_tests(direction)], axis=1)
    size = groups.assign(
        lens="size",
        measure=["OR" if k % 2 else "SMD" for k in i],
        estimate=[np.nan if k % 3 == 0 else 1 + k / n for k in i],
        ci_low=0.5,
        ci_high=2.3,
        k=4,
        verdict=WHY,
    )
    return pd.concat([concluded, direction, size], ignore_index=True)


def real(ev) -> pd.DataFrame:
    concluded = evidence.balance(ev).assign(lens="concluded")
    direction = evidence.balance(ev, lens="direction").assign(lens="direction")
    size = concluded[["question", "population"]].assign(lens="size", verdict=WHY)
    size.loc[0, ["measure", "estimate", "ci_low", "ci_high", "k"]] = ["OR", 1.26, 1.02, 1.55, 8]
    return pd.concat(
        [concluded, pd.concat([direction, sign_tests(direction)], axis=1), size], ignore_index=True
    )


def test_stacked_bars_are_the_counts(words):
    data = table(6)
    marks = three_lenses(data, words).marks
    bars = marks[(marks["panel"] == "As concluded") & (marks["mark"] == "bar")]
    drawn = {
        (row, label): x_to - x
        for row, label, x, x_to in bars[["row", "label", "x", "x_to"]].itertuples(index=False)
    }
    expected = {}
    for line in data[data["lens"] == "concluded"].itertuples():
        for word in ("benefit", "no_clear_difference", "mixed", "harm", "not_placed"):
            if getattr(line, word):
                label = "Not placed" if word == "not_placed" else words.word(word)
                expected[(line.question, label)] = getattr(line, word)
    assert drawn == expected
    ends = bars.groupby("row").agg(start=("x", "min"), end=("x_to", "max"), total=("x", "size"))
    assert (ends["start"] == 0).all()
    units = data[data["lens"] == "concluded"].set_index("question")["units"]
    assert ends["end"].to_dict() == units.to_dict()


def test_shares_and_their_intervals(words):
    data = table(8)
    marks = three_lenses(data, words).marks
    part = marks[marks["panel"] == "Direction of effect"]
    expected = data[(data["lens"] == "direction") & data["share"].notna()].set_index("question")
    points = part[part["mark"] == "point"].set_index("row")
    assert points["x"].to_dict() == pytest.approx(expected["share"].to_dict())
    lines = part[part["mark"] == "line"].set_index("row")
    assert lines["x"].to_dict() == pytest.approx(expected["share_low"].to_dict())
    assert lines["x_to"].to_dict() == pytest.approx(expected["share_high"].to_dict())
    label = {
        row: "more benefit" if share > 0.5 else "more harm" if share < 0.5 else "half and half"
        for row, share in expected["share"].items()
    }
    assert points["label"].to_dict() == label
    looks = {"more benefit": "benefit", "more harm": "harm", "half and half": "null"}
    assert all(
        look.startswith(LOOKS[looks[name]].color)
        for name, look in zip(points["label"], points["look"], strict=True)
    )


def test_estimates_stand_on_the_scale_of_their_measure(words):
    data = table(6)
    marks = three_lenses(data, words).marks
    points = marks[(marks["label"] == "estimate") & (marks["mark"] == "point")]
    sizes = data[(data["lens"] == "size") & data["estimate"].notna()]
    assert dict(zip(points["row"], points["x"], strict=True)) == pytest.approx(
        dict(zip(sizes["question"], sizes["estimate"], strict=True))
    )
    panels = dict(zip(points["row"], points["panel"], strict=True))
    assert {panels[q] for q in sizes.loc[sizes["measure"] == "OR", "question"]} == {
        "Size of effect"
    }
    assert {panels[q] for q in sizes.loc[sizes["measure"] == "SMD", "question"]} == {"size, SMD"}
    lines = marks[
        (marks["label"] == "interval") & marks["panel"].isin(["Size of effect", "size, SMD"])
    ]
    assert set(lines["x"]) == {0.5} and set(lines["x_to"]) == {2.3}


def test_why_there_is_no_estimate(ev, words):
    chart = three_lenses(real(ev), words)
    texts = chart.marks[
        (chart.marks["mark"] == "text") & (chart.marks["panel"] == "Size of effect")
    ]
    assert (texts["label"] == WHY).sum() == 2
    assert "OR 1.26 (1.02 to 1.55), 8 studies" in chart.text


def test_what_was_pooled_is_named(words):
    data = table(3).assign(what=["a", "b", "c"] * 3)
    assert "Pooled: q1: b; q2: c." in three_lenses(data, words).notes
    assert "Pooled" not in three_lenses(data.assign(what=None), words).text


def test_more_than_three_scales_are_told_in_words(words):
    data = table(5).assign(measure=["MD", "SMD", "OR", "RoM", "slope"] * 3, estimate=1.5)
    chart = three_lenses(data, words)
    assert "In words only: RoM, slope" in " ".join(
        chart.notes
    ) or "In words only: slope" in " ".join(chart.notes)
    assert "slope 1.50 (0.50 to 2.30)" in chart.text
    assert_nothing_overlaps(chart)


def test_a_shifted_interval_changes_the_text(words):
    before = table(5)
    after = before.assign(share_low=before["share_low"] - 0.01)
    assert three_lenses(before, words).text != three_lenses(after, words).text


def test_order_follows_the_dictionary(ev, words):
    data = real(ev)
    assert three_lenses(data.iloc[::-1], words).text == three_lenses(data, words).text


def test_alt_text_has_the_numbers(ev, words):
    data = real(ev)
    alt = three_lenses(data, words).alt
    first = data[data["lens"] == "concluded"].iloc[0]
    assert f"Risk, people: as concluded harm {first['harm']:.0f}" in alt
    assert "OR 1.26 (1.02 to 1.55)" in alt and WHY in alt


def test_layout_on_the_real_table(ev, words, size):
    assert_nothing_overlaps(three_lenses(real(ev), words, size=size))


@pytest.mark.parametrize("n", [1, 3, 30, 150])
def test_any_number_of_rows(words, n):
    assert_nothing_overlaps(three_lenses(table(n), words))


def test_odd_names(words, size):
    assert_nothing_overlaps(three_lenses(table(len(ODD_NAMES), ODD_NAMES), words, size=size))


def test_missing_values_and_columns(words):
    chart = three_lenses(table(3)[["question", "population", "lens"]], words)
    texts = chart.marks.loc[chart.marks["mark"] == "text", "label"].tolist()
    assert texts.count("not reported") == 3 and texts.count("no pooled estimate") == 3
    only = three_lenses(table(3).query("lens == 'concluded'"), words)
    assert "no pooled estimate" in only.text


def test_wrong_use_has_one_message(words):
    with pytest.raises(UsageError, match="nothing to draw"):
        three_lenses(table(0), words)
    with pytest.raises(UsageError, match="lens is 'colour'; allowed: concluded, direction, size"):
        three_lenses(table(1).assign(lens="colour"), words)
    with pytest.raises(UsageError, match="same lens twice"):
        three_lenses(pd.concat([table(1), table(1)]), words)
    with pytest.raises(UsageError, match="no column 'lens'"):
        three_lenses(table(1).drop(columns="lens"), words)


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(9, 4)).add_subplot()
    assert three_lenses(table(3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: three_lenses(table(4), words))


def test_looks_tell_the_direction_by_hatch_too(words):
    marks = three_lenses(table(6), words).marks
    bars = marks[marks["mark"] == "bar"].groupby("label")["look"].unique()
    expected = {
        words.word(name): f"{LOOKS[name].color} {LOOKS[name].hatch}".strip()
        for name in ("benefit", "no_clear_difference", "mixed", "harm")
    }
    assert {label: look.tolist() for label, look in bars.items() if label in expected} == {
        label: [look] for label, look in expected.items()
    }
