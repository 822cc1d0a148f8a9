import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps
from matplotlib.figure import Figure

from evidence.charts.funnel import funnel
from evidence.errors import UsageError


def estimates_of(number: int) -> pd.DataFrame:
    """Ratios whose errors grow."""
    step = np.arange(number)
    return pd.DataFrame(
        {
            "study_id": [f"s{i}" for i in step],
            "label": [f"Study {i}" for i in step],
            "estimate": np.exp(0.3 + (0.02 + 0.7 * step / max(number, 4)) * np.cos(step)),
            "standard_error": 0.05 + 0.6 * step / max(number, 4),
            "n": pd.array([None if i % 4 == 3 else 20 + i for i in step], dtype="Int64"),
        }
    )


def points(chart):
    return chart.marks[chart.marks["label"] == "estimate"]


@pytest.mark.parametrize("number", [1, 3, 30, 150])
@pytest.mark.parametrize("log", [True, False])
def test_points_are_the_estimates(words, number, log):
    table = estimates_of(number)
    chart = funnel(table, words, log=log, pooled=1.3)
    np.testing.assert_allclose(points(chart)["x"], table["estimate"])
    np.testing.assert_allclose(points(chart)["y"], table["standard_error"])
    ax = chart.figure.axes[0]
    assert ax.get_xscale() == ("log" if log else "linear")
    assert ax.yaxis_inverted() and ax.get_ylim()[1] == 0
    low, high = ax.get_xlim()
    assert (
        low < table["estimate"].min()
        and table["estimate"].max() < high
        and ax.get_ylim()[0] > table["standard_error"].max()
    )


@pytest.mark.parametrize("log", [True, False])
def test_limits_open_by_1_96_standard_errors(words, log):
    chart = funnel(estimates_of(12), words, log=log, pooled=1.3)
    deep = chart.figure.axes[0].get_ylim()[0]
    limits = chart.marks[chart.marks["label"] == "limit"]
    half = 1.959964 * deep
    expected = 1.3 * np.exp([-half, half]) if log else [1.3 - half, 1.3 + half]
    assert list(limits["x"]) == pytest.approx([1.3, 1.3]) and list(limits["y"]) == [0, 0]
    np.testing.assert_allclose(limits["x_to"], expected)
    middle = chart.marks[chart.marks["label"] == "pooled estimate"].iloc[0]
    assert middle["x"] == middle["x_to"] == pytest.approx(1.3)
    assert chart.marks["label"].eq("limit").sum() == 2
    assert (
        not funnel(estimates_of(12), words, log=log)
        .marks["label"]
        .isin(["limit", "pooled estimate"])
        .any()
    )


@pytest.mark.parametrize("log", [True, False])
def test_regions_stand_around_the_null_value(words, log):
    chart = funnel(estimates_of(12), words, log=log, pooled=1.3, contours=True)
    ax = chart.figure.axes[0]
    deep, (low, high) = ax.get_ylim()[0], ax.get_xlim()
    null = 1 if log else 0
    expected = 1.959964 * deep
    right = [patch.get_xy() for patch in ax.patches if patch.get_label() == "0.05 < p ≤ 0.10"][1]
    assert right[:, 0].min() == pytest.approx(null)
    assert right[:, 0].max() == pytest.approx(min(np.exp(expected) if log else expected, high))
    outer = chart.marks[chart.marks["label"] == "p ≤ 0.01"]
    assert outer["x"].iloc[0] == pytest.approx(low) and outer["x_to"].iloc[1] == pytest.approx(high)
    assert chart.marks["mark"].eq("area").sum() == 6


def test_few_studies_are_not_judged(words):
    assert "cannot be judged" in funnel(estimates_of(9), words, log=True).notes[1]
    assert "cannot be judged" not in funnel(estimates_of(10), words, log=True).notes[1]
    one = estimates_of(30).assign(study_id="same")
    assert "cannot be judged" in funnel(one, words, log=True).notes[1]


def test_rows_that_cannot_be_drawn_are_named(words):
    table = estimates_of(6)
    table.loc[0, "estimate"] = np.nan
    table.loc[1, "standard_error"] = np.nan
    table.loc[2, "standard_error"] = 0.0
    table.loc[3, "estimate"] = -1.0
    chart = funnel(table, words, log=True, pooled=1.2)
    assert list(points(chart)["x"]) == list(table["estimate"][4:])
    assert (
        "4 of 6 (Study 0, Study 1, Study 2, Study 3)." in chart.notes[0]
        and "4 not drawn" in chart.alt
    )
    assert len(points(funnel(table, words, log=False))) == 3


def test_alt_text_and_notes(words):
    chart = funnel(estimates_of(4), words, log=True, pooled=1.25, measure="OR")
    table = estimates_of(4)
    below = (table["estimate"] < 1.25).sum()
    assert f"{below} below and {4 - below} above the pooled estimate of 1.25" in chart.alt
    assert f"{table['estimate'].min():.2f} to {table['estimate'].max():.2f}" in chart.alt
    assert "4 estimates of 4 studies, 63 took part (size of 1 not known)" in chart.notes[0]


@pytest.mark.parametrize(
    ("column", "value"), [("estimate", 1.01), ("standard_error", 0.11), ("n", 5)]
)
def test_a_changed_cell_changes_the_text(words, column, value):
    table = estimates_of(3)
    other = table.copy()
    other.loc[0, column] = value
    assert (
        funnel(table, words, log=True, pooled=1.2).text
        != funnel(other, words, log=True, pooled=1.2).text
    )
    assert (
        funnel(table, words, log=True, pooled=1.2).text
        != funnel(table, words, log=True, pooled=1.21).text
    )


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_nothing_overlaps(words, number, size):
    assert_nothing_overlaps(
        funnel(estimates_of(number), words, log=True, pooled=1.3, contours=True, size=size)
    )


def test_nothing_overlaps_on_the_real_table(ev, words, size):
    for measure in ("OR", "HR", "SMR"):
        table = ev.findings[ev.findings["measure"] == measure].assign(
            label=lambda part: part["finding_id"]
        )
        table["standard_error"] = (
            np.log(table["ci_high"] / table["ci_low"].where(table["ci_low"] > 0)) / 2 / 1.96
        )
        assert_nothing_overlaps(
            funnel(table, words, log=True, pooled=1.4, measure=measure, contours=True, size=size)
        )


def test_odd_names(words, size):
    table = estimates_of(len(ODD_NAMES)).assign(label=ODD_NAMES, standard_error=np.nan)
    chart = funnel(table, words, log=False, measure="a $m$ <_b", size=size)
    assert_nothing_overlaps(chart)
    assert "snake_case_name_2" in chart.notes[0] and "No estimate" in chart.text


def test_empty_missing_and_misused(words):
    table = estimates_of(3)
    with pytest.raises(UsageError, match="nothing to draw"):
        funnel(table.head(0), words, log=True)
    with pytest.raises(UsageError, match="no column standard_error"):
        funnel(table.drop(columns="standard_error"), words, log=True)
    for pooled in (0.0, float("nan")):
        with pytest.raises(UsageError, match="above 0"):
            funnel(table, words, log=True, pooled=pooled)


def test_axes_of_a_caller(words):
    ax = Figure().add_subplot()
    assert funnel(estimates_of(3), words, log=True, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: funnel(estimates_of(4), words, log=True, pooled=1.2, contours=True))
