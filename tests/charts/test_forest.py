"""Charts of sizes of effect: forest, rain cloud, funnel, albatross."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

import evidence
from evidence import charts
from evidence.charts.forest_text import benefit_side, spread_text, weights
from evidence.charts.numbers import number, with_interval
from evidence.display.gallery import largest_pool


@pytest.fixture(scope="module")
def pool(ev):
    return largest_pool(ev)


def test_squares_and_lines_are_the_estimates(pool):
    chart = charts.forest(pool)
    marks = chart.marks
    data = chart.data[chart.data["row"] == "estimate"]
    squares = marks[(marks["label"] == "estimate") & (marks["mark"] == "point")]
    assert sorted(squares["x"]) == pytest.approx(sorted(data["estimate"]))
    lines = marks[(marks["label"] == "interval") & (marks["mark"] == "line")]
    arrows = marks[marks["label"] == "interval continues"]
    inside = data[data["ci_high"] <= lines["x_to"].max()]
    assert len(lines) == len(data)
    assert set(inside["ci_high"].round(6)) <= set(lines["x_to"].round(6))
    assert len(arrows) == len(data) - len(inside)
    diamond = marks[marks["mark"] == "area"].iloc[0]
    pooled = pool.pooled_rows.iloc[0]
    assert (diamond["x"], diamond["x_to"]) == pytest.approx((pooled["ci_low"], pooled["ci_high"]))


def test_the_area_of_a_square_is_its_weight(pool):
    chart = charts.forest(pool)
    marks = chart.marks
    squares = marks[(marks["label"] == "estimate") & (marks["mark"] == "point")]
    area = dict(zip(squares["x"].round(6), squares["size"], strict=True))
    data = chart.data[chart.data["row"] == "estimate"]
    heavy = data[data["weight"] > 0.05]
    per = [area[round(x, 6)] / w for x, w in zip(heavy["estimate"], heavy["weight"], strict=True)]
    assert per == pytest.approx([per[0]] * len(per))


def test_weights_are_those_of_the_pool(pool):
    found = weights(pool)
    included, result = pool.poolable.included, pool.result
    by_hand = 1 / (included["se"].to_numpy(dtype=float) ** 2 + result.tau2)
    assert sum(found) == pytest.approx(1)
    assert found == pytest.approx(list(by_hand / by_hand.sum()))
    middle = (included["estimate"].to_numpy(dtype=float) * found).sum()
    assert middle == pytest.approx(result.estimate, rel=1e-4)


def test_numbers_beside_the_drawing(pool):
    chart = charts.forest(pool)
    texts = set(chart.marks.loc[chart.marks["mark"] == "text", "label"])
    pooled = pool.pooled_rows.iloc[0]
    assert f"{number(pooled['estimate'])} (" in " ".join(texts)
    assert "100 %" in texts
    said = " ".join(chart.notes)
    result = pool.result
    assert f"I² {result.i2:.0f} %" in said and f"tau² {number(result.tau2)}" in said
    assert f"with {result.k - 1} degrees of freedom" in said
    assert "prediction interval" in said
    assert pool.title in chart.title and f"{pool.k} studies" in chart.title


def test_the_title_says_whether_no_difference_fits(pool):
    pooled = pool.pooled_rows.iloc[0]
    holds = pooled["ci_low"] <= 1 <= pooled["ci_high"]
    assert ("no difference fits too" in charts.forest(pool).title) == holds


def test_orders(pool):
    years = charts.forest(pool).data["year"].dropna().tolist()
    assert years == sorted(years)
    heavy = charts.forest(pool, order="size").data["weight"].dropna().tolist()
    assert heavy == sorted(heavy, reverse=True)
    with pytest.raises(evidence.UsageError, match="order"):
        charts.forest(pool, order="name")


def test_the_side_of_benefit_is_what_the_studies_say(ev, pool):
    side = benefit_side(pool)
    words = {"left": "← less ALS", "right": "less ALS →"}[side]
    assert side == "left"
    drawn = [text.get_text() for axes in charts.forest(pool).figure.axes for text in axes.texts]
    assert words in drawn
    swapped = charts.forest(pool, benefit="right")
    assert "less ALS →" in [t.get_text() for axes in swapped.figure.axes for t in axes.texts]


def test_spread_is_told_only_where_there_is_some(ev):
    lone = next(one for one in evidence.size_pools(ev) if one.result is None and one.k)
    assert spread_text(lone) == ""
    chart = charts.forest(lone)
    assert "too few to pool" in chart.title and "Nothing is pooled" in " ".join(chart.notes)
    with pytest.raises(evidence.UsageError, match="fewer than three"):
        charts.rain_cloud(lone)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0004, "0.0004"),
        (0.00, "0"),
        (0.05, "0.05"),
        (1.005, "1.01"),
        (-0.5, "−0.50"),
        (12345, "12,345"),
    ],
)
def test_small_numbers_keep_their_digits(value, said):
    assert number(value) == said


def test_rain_cloud_has_the_weights_and_the_pool_of_the_forest(pool):
    cloud, forest = charts.rain_cloud(pool), charts.forest(pool)
    rows = forest.data[forest.data["row"] == "estimate"]
    assert cloud.data["weight"].tolist() == pytest.approx(rows["weight"].tolist())
    marks = cloud.marks
    drops = marks[(marks["mark"] == "point") & (marks["label"] == "study")]
    assert sorted(drops["x"]) == pytest.approx(sorted(rows["estimate"]))
    order = np.argsort(drops["x"].to_numpy())
    by_x = rows.sort_values("estimate")["weight"].to_numpy()
    sizes = drops["size"].to_numpy()[order]
    slope = np.polyfit(by_x, sizes, 1)
    assert np.allclose(np.polyval(slope, by_x), sizes)
    pooled = pool.pooled_rows.iloc[0]
    inside = marks[marks["label"] == "95 % of the cloud"].iloc[0]
    assert (inside["x"], inside["x_to"]) == pytest.approx(
        (pooled["ci_low"], pooled["ci_high"]), rel=1e-6
    )
    line = marks[marks["label"] == "pooled"].iloc[0]
    assert line["x"] == pytest.approx(pooled["estimate"])


def test_the_line_of_no_difference_is_named_where_it_stands(pool, size):
    chart = charts.rain_cloud(pool, size=size)
    (axes,) = [axes for axes in chart.figure.axes if axes.axison]
    (said,) = [text for text in axes.texts if text.get_text() == "no difference"]
    assert said.xy[0] == 1.0 and said.get_ha() == "center"
    clouds = chart.marks[chart.marks["label"].str.contains("cloud")]["look"]
    for shade in clouds:  # leans to no side
        assert max(to_rgb(shade)) - min(to_rgb(shade)) < 0.08


def test_rain_cloud_counts_the_sides(pool):
    rows = charts.rain_cloud(pool).data
    more = rows[rows["estimate"] > 1]
    title = charts.rain_cloud(pool).title
    assert title.startswith(f"{len(more)} of {len(rows)} studies lie on the side of more ALS")
    assert f"{round(more['weight'].sum() * 100)} % of the weight" in title


def test_the_funnel_refuses_fewer_than_ten(pool):
    assert pool.k < 10
    with pytest.raises(
        evidence.UsageError, match="with fewer than 10 a funnel plot cannot be judged"
    ):
        charts.funnel(pool)


def test_the_funnel_draws_ten(ev, pool):
    from dataclasses import replace

    import pandas as pd

    twice = replace(
        pool.poolable, included=pd.concat([pool.poolable.included] * 2, ignore_index=True)
    )
    many = replace(pool, poolable=twice)
    for contours in (False, True):
        chart = charts.funnel(many, contours=contours)
        points = chart.marks[chart.marks["label"] == "estimate"]
        assert sorted(points["y"]) == pytest.approx(sorted(twice.included["se"]))
        areas = chart.marks[chart.marks["mark"] == "area"]
        assert len(areas) == (6 if contours else 0)
        (line,) = chart.marks.query("label == 'pooled estimate'").itertuples()
        assert line.x == line.x_to == pytest.approx(pool.summary["estimate"])
    shades = areas.groupby("label", sort=False)["look"].first().str.split().str[0].map(to_rgb)
    assert all(len(set(shade)) == 1 for shade in shades)  # grey, darker where p is smaller
    assert [sum(shade) for shade in shades] == sorted(map(sum, shades), reverse=True)


def test_albatross_marks_stand_at_their_p_value_and_size(ev):
    found = evidence.results(ev.select(question="treatment", population="human", counted=True))
    chart = charts.albatross(found)
    shown = chart.data[chart.data["drawn"] == "yes"]
    points = chart.marks[chart.marks["mark"] == "point"]
    assert sorted(points["x"]) == pytest.approx(sorted(shown["x"]))
    assert sorted(points["y"]) == pytest.approx(sorted(shown["sample_size"].astype(float)))
    right = shown[shown["direction"].astype("str") == "benefit"]
    assert (right["x"] > 0).all()
    assert (10 ** -right["x"].abs()).to_numpy() == pytest.approx(
        right["p_value"].to_numpy(dtype=float)
    )
    assert f"{len(right)} of {len(shown)} results" in chart.title
    assert len(chart.data) == len(found)
    reasons = chart.data["drawn"].value_counts()
    assert all(
        f"{reason}: {n}" in " ".join(chart.notes)
        for reason, n in reasons.items()
        if reason != "yes"
    )
    with pytest.raises(evidence.UsageError, match="measure"):
        charts.albatross(found, measure="RR?")


def test_albatross_uses_the_words_of_the_question(ev):
    found = evidence.results(ev.select(question="risk", counted=True))
    chart = charts.albatross(found, measure="OR")
    assert "more ALS" in chart.title and "less ALS" in chart.alt
    assert "harm" not in chart.title + chart.alt and "benefit" not in chart.title + chart.alt


def test_the_caption_says_of_the_main_results_what_holds_for_each(ev):
    """One main result has a number, but of another contrast: none fits the pool."""
    pool = evidence.size_pool(ev, "or_activity")
    findings = ev.findings.set_index("finding_id")
    main = evidence.synthesis.votes.main_findings(ev).set_index("study_id")["finding_id"]
    numbers = [findings.loc[main[study], "estimate"] for study in pool.not_main]
    assert pool.main_fits == [] and any(n == n for n in numbers)
    said = " ".join(charts.forest(pool).notes)
    assert (
        f"{len(pool.not_main)} of {pool.k} are not the main result of the study, which does not"
        in said
    )
    assert f"fit this pool; these results are: {pool.others_said}." in said


def test_a_main_result_that_could_have_entered_is_not_said_to_miss(ev):
    """Another result is declared as primary than the rule chooses."""
    pool = evidence.size_pool(ev, "or_activity")
    study = pool.not_main[0]
    main = evidence.synthesis.votes.main_findings(ev).set_index("study_id")["finding_id"]
    row = pool.poolable.included[pool.poolable.included["study_id"] == study]
    more = pd.concat([pool.poolable.choices, row.assign(finding_id=main[study])])
    other = replace(pool, poolable=replace(pool.poolable, choices=more))
    assert other.main_fits == [study]
    assert "does not fit" not in " ".join(charts.forest(other).notes)


def test_a_narrow_interval_does_not_print_like_no_difference():
    """Effects per unit can lie within a hundredth of 1: their ends stay apart in print."""
    assert with_interval(1.0031, 1.0012, 1.005) == "1.0031 (1.0012 to 1.0050)"
    assert with_interval(1.004, 0.998, 1.01) == "1.004 (0.998 to 1.010)"
    assert with_interval(1.41, 0.91, 2.17) == "1.41 (0.91 to 2.17)"
    assert with_interval(float("nan"), float("nan"), float("nan")) == "? (? to ?)"


def test_an_interval_that_is_converted_does_not_look_printed(ev):
    """Its mark leads to the printed one; the name of the study stays as it is."""
    chart = charts.forest(evidence.size_pool(ev, "or_activity"))
    marked = [name for name in chart.marks["row"].unique() if name.endswith("*")]
    assert [" ".join(name.split()) for name in marked] == ["Vanacore et al. 2010 *"]
    said = " ".join(chart.notes)
    assert "* Drawn as 95 % interval, but printed: Vanacore et al. 2010, 99 % interval 0.86 to" in (
        said
    )
    assert "* Drawn" not in " ".join(charts.forest(evidence.size_pool(ev, "hr_activity")).notes)
    assert not chart.data["label"].str.contains(r"printed|\*").any()


def test_a_slide_explains_the_mark_of_a_converted_interval(ev):
    """Slides keep the key alone of what is below a chart."""
    for name, marked in (("or_activity", True), ("hr_sport", False)):
        texts = [text.get_text() for text in charts.forest(
            evidence.size_pool(ev, name), size="slide"
        ).figure.texts]  # fmt: skip
        assert ("*: not the printed interval" in " ".join(" ".join(texts).split())) is marked


def test_how_many_studies_are_not_in_a_pool_stands_below_it(ev):
    """The sheet for a class asks for it."""
    pool = evidence.size_pool(ev, "or_activity")
    left = f"{pool.poolable.studies - pool.k} of {pool.poolable.studies} studies of the question"
    assert f"{left} are not in it." in " ".join(charts.forest(pool).notes)
    (heaviest,) = [
        said for asked, said in evidence.sheet(ev, "forest").questions if "most" in asked
    ]
    assert heaviest == "Vanacore et al. 2010."
