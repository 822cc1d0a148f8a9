import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps
from matplotlib.figure import Figure

from evidence.charts.albatross import albatross
from evidence.charts.style import LOOKS
from evidence.errors import UsageError
from evidence.synthesis.contours import n_of_odds_ratio, n_of_smd


def results_of(number: int) -> pd.DataFrame:
    """Hand-made results, all of which can be drawn."""
    step = np.arange(number)
    return pd.DataFrame(
        {
            "study_id": [f"s{i // 2}" for i in step],
            "label": [f"Result {i}" for i in step],
            "sample_size": pd.array([8 + 11 * i * i for i in step], dtype="Int64"),
            "p_value": 0.9 / (1 + step) ** 1.3,
            "p_operator": [("=", "=", "<", ">", "<=", None)[i % 6] for i in step],
            "direction": [("benefit", "harm")[(i // 3) % 2] for i in step],
        }
    )


def real(ev):
    studies = ev.select(counted=True).studies[["study_id", "sample_size"]]
    return ev.findings.merge(studies, on="study_id").assign(
        direction=lambda table: table["observed_direction"]
    )


def check_points(table, chart):
    """Each result stands at its p-value and its size, on the side of its direction, in the mark of
    its kind.
    """
    points = chart.marks[chart.marks["mark"] == "point"]
    whole = table[
        table["direction"].isin(["harm", "benefit"])
        & table["p_value"].notna()
        & table["sample_size"].notna()
    ]
    assert len(points) == len(whole)
    operator = whole["p_operator"].astype("str").where(whole["p_operator"].notna(), "=")
    for word, sign in (("harm", -1), ("benefit", 1)):
        for name, operators in (
            ("", ["="]),
            (", p below the mark", ["<", "<="]),
            (", p above the mark", [">", ">="]),
        ):
            part = whole[(whole["direction"] == word) & operator.isin(operators)]
            found = points[points["label"] == word.capitalize() + name]
            expected = sorted(
                zip(
                    -sign * np.log10(part["p_value"]),
                    part["sample_size"].astype(float),
                    strict=True,
                )
            )
            np.testing.assert_allclose(
                np.array(sorted(zip(found["x"], found["y"], strict=True))).reshape(-1, 2),
                np.array(expected).reshape(-1, 2),
            )
            assert all(
                look.startswith("#ffffff" if name else LOOKS[word].color) for look in found["look"]
            )


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_every_result_is_a_point(words, number):
    table = results_of(number)
    check_points(table, albatross(table, words))


def test_the_results_of_the_real_table(ev, words):
    table = real(ev)
    chart = albatross(table, words)
    check_points(table, chart)
    drawn = (chart.data["drawn"] == "yes").sum()
    assert f"Not drawn: {len(table) - drawn} of {len(table)} results" in chart.notes[0]
    assert f"p-value not reported: {table['p_value'].isna().sum()}" in chart.notes[0]
    assert f"Albatross plot of {drawn} results" in chart.alt


def test_bounds_point_to_where_the_value_lies(words):
    table = results_of(4).assign(
        p_operator=["<", ">", "<", ">"], direction=["benefit", "benefit", "harm", "harm"]
    )
    tips = {
        artist.get_label(): artist.get_paths()[0].vertices[0][0]
        for artist in albatross(table, words).figure.axes[0].collections
    }
    assert {label for label, tip in tips.items() if tip > 0} == {
        "Benefit, p below the mark",
        "Harm, p above the mark",
    }
    assert {label for label, tip in tips.items() if tip < 0} == {
        "Harm, p below the mark",
        "Benefit, p above the mark",
    }


def test_contours_follow_the_formulae(words):
    for measure, effects, formula in (
        ("SMD", [0.25, 0.5], n_of_smd),
        ("OR", [1.5, 3.0], n_of_odds_ratio),
    ):
        chart = albatross(results_of(12), words, measure=measure, effects=effects)
        lines = {
            line.get_label(): line
            for line in chart.figure.axes[0].lines
            if line.get_gid() != "furniture"
        }
        assert set(lines) == {
            f"{measure} {effect:g}, {word}" for effect in effects for word in ("harm", "benefit")
        }
        for effect in effects:
            for word, sign in (("harm", -1), ("benefit", 1)):
                x, n = lines[f"{measure} {effect:g}, {word}"].get_data()
                assert (np.sign(x) == sign).all() and len(x) > 20
                np.testing.assert_allclose(n, formula(10 ** -np.abs(x) / 2, effect))
        assert f"Contours: {measure} {effects[0]:g}, {effects[1]:g}." in chart.alt
        assert len({line.get_linestyle() for line in lines.values()}) == 2
    assert not [
        line
        for line in albatross(results_of(3), words, effects=[]).figure.axes[0].lines
        if line.get_gid() != "furniture"
    ]


def test_what_cannot_be_drawn_is_counted(words):
    table = results_of(6)
    table.loc[0, "p_value"] = np.nan
    table.loc[1, "sample_size"] = pd.NA
    table.loc[2, "direction"] = "mixed"
    table.loc[3, "p_value"] = 0.0
    chart = albatross(table, words)
    assert (chart.marks["mark"] == "point").sum() == 2
    assert (
        "Not drawn: 4 of 6 results (p-value not reported: 1; sample size not known: 1; points to"
        " neither side: 1; p-value printed as 0: 1)." in chart.notes[0]
    )
    assert "not drawn 4" in chart.alt


@pytest.mark.parametrize(
    ("column", "value"),
    [("p_value", 0.5), ("sample_size", 9), ("direction", "harm"), ("p_operator", "<")],
)
def test_a_changed_cell_changes_the_text(words, column, value):
    table = results_of(3)
    other = table.copy()
    other.loc[0, column] = value
    assert albatross(table, words).text != albatross(other, words).text


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_nothing_overlaps(words, number, size):
    assert_nothing_overlaps(albatross(results_of(number), words, size=size))


def test_nothing_overlaps_on_the_real_table(ev, words, size):
    for measure in ("SMD", "OR", "r"):
        assert_nothing_overlaps(albatross(real(ev), words, measure=measure, size=size))


def test_tiny_p_values(words, size):
    assert_nothing_overlaps(
        albatross(results_of(3).assign(p_value=[1e-5, 1e-8, 1e-15]), words, size=size)
    )


def test_odd_names(words, size):
    table = results_of(len(ODD_NAMES)).assign(study_id=ODD_NAMES, label=ODD_NAMES)
    assert_nothing_overlaps(albatross(table, words, size=size, title=ODD_NAMES[3] + " $x_1$ < 2"))


def test_empty_missing_and_misused(words):
    table = results_of(3)
    with pytest.raises(UsageError, match="nothing to draw"):
        albatross(table.head(0), words)
    with pytest.raises(UsageError, match="no column p_value"):
        albatross(table.drop(columns="p_value"), words)
    with pytest.raises(UsageError, match="allowed: SMD, OR, r"):
        albatross(table, words, measure="HR")
    silent = albatross(
        table.assign(
            p_value=np.nan, sample_size=pd.array([None] * 3, dtype="Int64"), p_operator=None
        ),
        words,
    )
    assert_nothing_overlaps(silent)
    assert "No result shows" in silent.text and "0 results of 0 studies drawn" in silent.notes[0]


def test_axes_of_a_caller(words):
    ax = Figure().add_subplot()
    assert albatross(results_of(3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: albatross(results_of(6), words))
