import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps
from matplotlib.figure import Figure

from evidence.charts.forest import forest
from evidence.errors import UsageError

POOLED = pd.DataFrame(
    [
        {
            "label": "Pooled",
            "estimate": 1.4,
            "ci_low": 1.1,
            "ci_high": 1.8,
            "prediction_low": 0.7,
            "prediction_high": 2.9,
        }
    ]
)


def estimates_of(number: int) -> pd.DataFrame:
    """Ratios with intervals, all different."""
    step = np.arange(number)
    estimate = np.exp(0.9 * np.sin(step + 0.5))
    half = np.exp(0.2 + 0.3 * (step % 4) / 3)
    return pd.DataFrame(
        {
            "label": [f"Study {i}" for i in step],
            "estimate": estimate,
            "ci_low": estimate / half,
            "ci_high": estimate * half,
            "n": pd.array([None if i % 5 == 4 else 11 + 7 * i for i in step], dtype="Int64"),
            "design": [("rct", "cohort", "case_control")[i % 3] for i in step],
        }
    )


def marks(chart, kind, label):
    found = chart.marks
    return found[(found["mark"] == kind) & (found["label"] == label)]


def draw(table, words, **options):
    return forest(table, words, measure="OR", log=True, **options)


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_squares_and_intervals_are_the_estimates(words, number):
    table = estimates_of(number)
    chart = draw(table, words)
    squares, lines = marks(chart, "point", "estimate"), marks(chart, "line", "interval")
    assert list(squares["row"]) == list(table["label"]) and list(lines["row"]) == list(
        table["label"]
    )
    np.testing.assert_allclose(squares["x"], table["estimate"])
    np.testing.assert_allclose(lines["x"], table["ci_low"])
    np.testing.assert_allclose(lines["x_to"], table["ci_high"])
    assert squares["y"].is_monotonic_decreasing
    assert marks(chart, "point", "interval goes on").empty


def test_numbers_stand_beside_the_rows(words):
    table = estimates_of(3)
    table.loc[0, ["estimate", "ci_low", "ci_high"]] = [0.46, 0.24, 0.87]
    chart = draw(table, words)
    texts = chart.marks[(chart.marks["panel"] == "numbers") & (chart.marks["row"] == "Study 0")]
    assert list(texts["label"]) == ["11", "Randomised trial", "0.46 (0.24 to 0.87)"]
    assert "Study 0: 0.46 (0.24 to 0.87)" in chart.alt
    assert "3 rows; 54 took part" in chart.notes[0]


def test_a_wide_interval_is_cut_with_an_arrow(words):
    table = estimates_of(6)
    table.loc[2, ["ci_low", "ci_high"]] = [1e-4, 5e5]
    chart = draw(table, words)
    low, high = chart.figure.axes[0].get_xlim()
    assert low > 1e-2 and high < 1e2
    arrows = marks(chart, "point", "interval goes on")
    assert list(arrows["x"]) == [low, high] and set(arrows["row"]) == {"Study 2"}
    line = marks(chart, "line", "interval").iloc[2]
    assert (line["x"], line["x_to"]) == (low, high)
    assert "0.00 to 500,000" in chart.text and "leaves the axis (1)" in chart.notes[0]


def test_half_known_and_unknown_intervals(words):
    table = estimates_of(3)
    table.loc[0, "ci_high"] = np.nan
    table.loc[1, ["ci_low", "ci_high"]] = np.nan
    chart = draw(table, words)
    lines = marks(chart, "line", "interval")
    assert list(lines["row"]) == ["Study 0", "Study 2"]
    assert lines.iloc[0]["x_to"] == table.loc[0, "estimate"]
    assert len(marks(chart, "point", "estimate")) == 3 and "(no interval)" in chart.text


def test_a_row_without_an_estimate_is_listed(words):
    table = estimates_of(3)
    table.loc[1, ["estimate", "ci_low", "ci_high"]] = np.nan
    chart = draw(table, words)
    assert list(marks(chart, "text", "not reported")["row"]) == ["Study 1"]
    assert len(marks(chart, "point", "estimate")) == 2
    assert "Study 1: not reported" in chart.alt and "1 not reported." in chart.notes[0]


def test_pooled_rows(words):
    chart = draw(estimates_of(4), words, pooled=POOLED)
    diamond = marks(chart, "area", "pooled").iloc[0]
    assert (diamond["row"], diamond["x"], diamond["x_to"]) == ("Pooled", 1.1, 1.8)
    ahead = marks(chart, "line", "prediction interval").iloc[0]
    assert (ahead["row"], ahead["x"], ahead["x_to"]) == ("Pooled", 0.7, 2.9)
    assert "Pooled: 1.40 (1.10 to 1.80), prediction interval 0.70 to 2.90" in chart.alt
    assert list(chart.data["row"]) == ["estimate"] * 4 + ["pooled"]
    bare = draw(
        estimates_of(4), words, pooled=POOLED.assign(prediction_low=np.nan, prediction_high=np.nan)
    )
    assert marks(bare, "line", "prediction interval").empty and "prediction" not in bare.notes[0]


def test_weights_groups_levels_and_sides(words):
    table = estimates_of(4).assign(
        weight=[1, 2, 4, 0], group=["late", "early", "late", "early"], ci_level=[95, 99, 95, 95]
    )
    chart = draw(table, words, benefit="left")
    squares = marks(chart, "point", "estimate")
    assert list(squares["row"]) == ["Study 0", "Study 2", "Study 1", "Study 3"]
    assert squares["size"].rank().to_list() == [2, 4, 3, 1]
    assert "; 99 %)" in chart.text and "other than 95 %" in chart.notes[0]
    assert chart.figure.axes[0].get_xlabel() == "Benefit ← OR → Harm"
    assert draw(table, words, benefit="right").figure.axes[0].get_xlabel() == "Harm ← OR → Benefit"


def test_linear_axis(words):
    table = estimates_of(3).assign(
        estimate=[-2.0, 0.0, 5.0], ci_low=[-3.0, -1.0, 1.0], ci_high=[1.0, 1.0, 9.0]
    )
    chart = forest(table, words, measure="MD", log=False)
    assert list(marks(chart, "point", "estimate")["x"]) == [-2, 0, 5]
    assert "1 below, 1 above, 1 at 0" in chart.alt
    assert "−2.00 (−3.00 to 1.00)" in chart.text


def test_values_that_a_logarithmic_axis_cannot_hold(words):
    table = estimates_of(3)
    table.loc[0, ["estimate", "ci_low"]] = [0.0, 0.0]
    table.loc[1, "ci_low"] = 0.0
    chart = draw(table, words)
    assert list(marks(chart, "point", "estimate")["row"]) == ["Study 1", "Study 2"]
    assert list(marks(chart, "point", "interval goes on")["row"]) == ["Study 1"]
    assert (
        "1 cannot stand on a logarithmic axis" in chart.notes[0] and "0.00 (0.00 to" in chart.text
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("estimate", 1.05),
        ("ci_low", 0.2),
        ("ci_high", 7.7),
        ("label", "Other"),
        ("n", 12),
        ("design", "cohort"),
    ],
)
def test_a_changed_cell_changes_the_text(words, column, value):
    table = estimates_of(3)
    other = table.copy()
    other.loc[0, column] = value
    assert draw(table, words).text != draw(other, words).text


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_nothing_overlaps(words, number, size):
    assert_nothing_overlaps(draw(estimates_of(number), words, pooled=POOLED, size=size))


def test_nothing_overlaps_on_the_real_table(ev, words, size):
    studies = (
        ev.select(counted=True)
        .studies[["study_id", "design", "sample_size"]]
        .rename(columns={"sample_size": "n"})
    )
    findings = ev.findings.merge(studies, on="study_id")
    findings["label"] = findings["study_id"].str.cat(findings["outcome"], ": ")
    for measure, log in (("OR", True), ("HR", True), ("SMR", True), ("MD", False)):
        table = findings[findings["measure"] == measure]
        chart = forest(table, words, measure=measure, log=log, size=size)
        assert_nothing_overlaps(chart)
        assert len(marks(chart, "point", "estimate")) == table["estimate"].notna().sum()


def test_odd_names(words, size):
    table = estimates_of(len(ODD_NAMES)).assign(label=ODD_NAMES, design=ODD_NAMES)
    chart = draw(table, words, size=size, title="$5 < $6_or_so")
    assert_nothing_overlaps(chart)
    assert "snake_case_name_2" in chart.text


def test_empty_missing_and_misused(words):
    table = estimates_of(3)
    with pytest.raises(UsageError, match="nothing to draw"):
        draw(table.head(0), words)
    with pytest.raises(UsageError, match="no column ci_low"):
        draw(table.drop(columns="ci_low"), words)
    with pytest.raises(UsageError, match="pooled have no column prediction_low"):
        draw(
            table,
            words,
            pooled=POOLED[["label", "estimate", "ci_low", "ci_high", "prediction_high"]],
        )
    with pytest.raises(UsageError, match="allowed: left, right"):
        draw(table, words, benefit="up")
    silent = draw(
        table.assign(estimate=np.nan, ci_low=np.nan, ci_high=np.nan, n=pd.NA, design=None), words
    )
    assert_nothing_overlaps(silent)
    assert silent.text.count("not reported") >= 3 and "No estimate to draw" in silent.text


def test_axes_of_a_caller(words):
    ax = Figure().add_subplot()
    chart = draw(estimates_of(3), words, ax=ax)
    assert chart.figure is ax.figure and len(marks(chart, "point", "estimate")) == 3


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: draw(estimates_of(4), words, pooled=POOLED))
