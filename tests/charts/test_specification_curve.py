"""The specification curve."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

from evidence.charts.specification_curve import specification_curve
from evidence.errors import UsageError
from evidence.synthesis.sign_test import sign_tests

CHOICES = ["unit", "smallest", "one_per_cohort", "design"]


def table(n: int, units: tuple[str, ...] = ("study", "cohort")) -> pd.DataFrame:
    i = np.arange(n)
    choices = pd.DataFrame(
        {
            "unit": [units[k % len(units)] for k in i],
            "smallest": [[None, 20, 50][k // 2 % 3] for k in i],
            "one_per_cohort": [bool(k // 6 % 2) for k in i],
            "design": [["rct", "cohort", "case_control"][k // 12 % 3] for k in i],
            "benefit": (i * 7 + 2) % 23,
            "harm": (i * 5) % 19,
        }
    )
    return pd.concat([choices, sign_tests(choices)], axis=1)


def curve(chart) -> pd.DataFrame:
    marks = chart.marks
    return marks[
        (marks["panel"] == "curve") & (marks["mark"] == "point") & (marks["label"] != "no value")
    ].sort_values("x")


def test_the_curve_is_sorted_and_complete(words):
    data = table(72)
    points = curve(specification_curve(data, words, choices=CHOICES))
    assert points["y"].tolist() == pytest.approx(sorted(data["share"].dropna()))
    assert points["x"].tolist() == list(range(1, data["share"].notna().sum() + 1))


def test_intervals_belong_to_their_point(words):
    data = table(72)
    marks = specification_curve(data, words, choices=CHOICES).marks
    lines = marks[marks["label"] == "interval"].sort_values("x")
    known = data.dropna(subset=["share"]).sort_values(
        ["share", "share_low", "share_high"], kind="stable"
    )
    assert lines["y"].tolist() == pytest.approx(known["share_low"].tolist())
    assert lines["y_to"].tolist() == pytest.approx(known["share_high"].tolist())


def test_net_direction_by_colour_and_marker(words):
    points = curve(specification_curve(table(72), words, choices=CHOICES))
    side = np.where(
        points["y"] > 0.5,
        "above 50%: net benefit",
        np.where(points["y"] < 0.5, "below 50%: net harm", "at 50%"),
    )
    assert points["label"].tolist() == side.tolist()
    looks = points.groupby("label")["look"].unique()
    assert looks["above 50%: net benefit"][0].startswith("#0072b2") and looks[
        "below 50%: net harm"
    ][0].startswith("#c44601")
    artists = {
        a.get_label(): a
        for axes in specification_curve(table(72), words, choices=CHOICES).figure.axes
        for a in axes.collections
    }
    shapes = {
        label: artists[label].get_paths()[0].vertices.round(6).tobytes() for label in looks.index
    }
    assert len(set(shapes.values())) == 3


def test_dots_are_the_choices(words):
    chart = specification_curve(table(72), words, choices=CHOICES)
    marks = chart.marks
    dots = marks[marks["panel"] == "choices"]
    drawn = {label: sorted(part["x"].astype(int)) for label, part in dots.groupby("label")}
    assert (dots["label"] == dots["row"]).all()
    data = chart.data
    assert drawn["Unit: cohort"] == data.loc[data["unit"] == "cohort", "place"].tolist()
    assert drawn["Smallest: none"] == data.loc[data["smallest"].isna(), "place"].tolist()
    assert drawn["Smallest: 20"] == data.loc[data["smallest"] == 20, "place"].tolist()
    assert drawn["One per cohort: yes"] == data.loc[data["one_per_cohort"], "place"].tolist()
    assert drawn["Design: Randomised trial"] == data.loc[data["design"] == "rct", "place"].tolist()
    assert sum(map(len, drawn.values())) == 72 * len(CHOICES)


def test_a_specification_without_a_value_stays(words):
    data = table(10)
    data.loc[3, ["share", "share_low", "share_high"]] = np.nan
    chart = specification_curve(data, words, choices=CHOICES)
    silent = chart.marks[chart.marks["label"] == "no value"]
    assert silent["x"].tolist() == [10.0] and "no value: 1" in chart.text
    assert_nothing_overlaps(chart)


def test_more_than_400_specifications(words):
    data = table(1300)
    chart = specification_curve(data, words, choices=CHOICES)
    assert len(curve(chart)) == data["share"].notna().sum()
    marks = chart.marks
    dots = marks[(marks["panel"] == "choices") & marks["label"].str.startswith("Unit: ")]
    assert sorted(dots["x"]) == list(range(1, 1301, 4))
    assert (
        "Above, all 1,300 specifications; below, every 4th of the sorted ones (325)." in chart.notes
    )
    ends = {line.get_label(): line.get_ydata() for axes in chart.figure.axes for line in axes.lines}
    known = chart.data.dropna(subset=["share_low"])
    assert ends["low end of the interval"] == pytest.approx(known["share_low"].to_numpy())
    assert ends["high end of the interval"] == pytest.approx(known["share_high"].to_numpy())
    assert_nothing_overlaps(chart)


def test_another_value_has_its_own_neutral_point(words):
    data = table(12).assign(log_ratio=lambda d: d["benefit"] / 10 - 1)
    chart = specification_curve(data, words, choices=["unit"], value="log_ratio")
    assert set(curve(chart)["label"]) <= {"above 0", "below 0", "at 0"}
    assert not (chart.marks["label"] == "interval").any()


def test_a_changed_interval_changes_the_text(words):
    before = table(12)
    after = before.assign(share_high=before["share_high"] - 0.01)
    assert (
        specification_curve(before, words, choices=CHOICES).text
        != specification_curve(after, words, choices=CHOICES).text
    )


def test_alt_text_has_the_numbers(words):
    data = table(72)
    alt = specification_curve(data, words, choices=CHOICES).alt
    assert "72 specifications" in alt and f"{(data['share'] > 0.5).sum()} above 50%" in alt
    assert f"median {data['share'].median():.0%}" in alt


@pytest.mark.parametrize("n", [1, 3, 30, 150])
def test_any_number_of_rows(words, n):
    assert_nothing_overlaps(specification_curve(table(n), words, choices=CHOICES))


def test_layout_at_each_size(words, size):
    assert_nothing_overlaps(specification_curve(table(72), words, choices=CHOICES, size=size))
    assert_nothing_overlaps(
        specification_curve(table(40, tuple(ODD_NAMES)), words, choices=CHOICES, size=size)
    )


def test_wrong_use_has_one_message(words):
    with pytest.raises(UsageError, match="nothing to draw: no specification"):
        specification_curve(table(3).iloc[:0], words, choices=CHOICES)
    with pytest.raises(UsageError, match="none with a value in 'share'"):
        specification_curve(table(3).assign(share=np.nan), words, choices=CHOICES)
    with pytest.raises(UsageError, match="no column 'colour'"):
        specification_curve(table(3), words, choices=["colour"])
    with pytest.raises(UsageError, match="no choice named"):
        specification_curve(table(3), words, choices=[])


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(8, 6)).add_subplot()
    assert specification_curve(table(12), words, choices=CHOICES, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: specification_curve(table(12), words, choices=CHOICES))


def test_a_share_below_one_half_need_not_be_harm(words):
    """Where no clear difference counts against benefit, the share can be low although nothing
    points to harm.
    """
    table = pd.DataFrame(
        {
            "share": [0.2, 0.4, 0.9],
            "net": ["neither", "harm", "benefit"],
            "lens": ["concluded", "direction", "direction"],
        }
    )
    chart = specification_curve(table, words, choices=["lens"])
    points = chart.marks[chart.marks["mark"] == "point"].set_index("y")["label"]
    assert (
        points[0.2] == "neither way" and points[0.4] == "net harm" and points[0.9] == "net benefit"
    )
    assert "1 net benefit, 1 neither way, 1 net harm" in chart.alt
    assert any("one of the choices" in note for note in chart.notes)
