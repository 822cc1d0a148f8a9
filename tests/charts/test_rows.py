"""Charts of rows with few and many rows, and with odd names."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from layout import ODD_NAMES, layout_faults
from portion import portion
from results import (
    balance_of,
    claims_of,
    flow_of,
    lenses_of,
    outcomes_of,
    votes_by_domain,
)

import evidence
from evidence import charts
from evidence.charts.page import onto_pages
from evidence.charts.rows import Row, continued, grouped, placed
from evidence.charts.style import SIZES

MADE = {
    "balance": lambda ev, n: (charts.balance, balance_of(ev, n)),
    "gap_map": lambda ev, n: (charts.gap_map, balance_of(ev, n)),
    "three_lenses": lambda ev, n: (charts.three_lenses, lenses_of(ev, n)),
    "claims_board": lambda ev, n: (charts.claims_board, claims_of(ev, n)),
    "outcomes": lambda ev, n: (charts.outcomes, outcomes_of(ev, n)),
    "effect_direction": lambda ev, n: (charts.effect_direction, votes_by_domain(ev, n)),
    "study_flow": lambda ev, n: (charts.study_flow, flow_of(ev, n)),
}


@pytest.mark.parametrize(
    ("size", "n", "name"), portion(product(["web", "slide", "paper"], [3, 30, 150], MADE), 16)
)
def test_any_number_of_rows(ev, name, n, size):
    draw, result = MADE[name](ev, n)
    chart = draw(result, size=size)
    most = SIZES[size].most
    for page in (chart.pages[0], chart.pages[-1]):
        assert page.get_size_inches()[1] <= most
        assert layout_faults(page) == []


def test_one_row(ev):
    for draw, result in (made(ev, 1) for name, made in MADE.items() if name != "outcomes"):
        assert layout_faults(draw(result).figure) == []


def test_odd_names(ev, size):
    result = balance_of(ev, len(ODD_NAMES), names=ODD_NAMES)
    assert layout_faults(charts.balance(result, size=size).figure) == []
    result = lenses_of(ev, len(ODD_NAMES), names=ODD_NAMES)
    assert layout_faults(charts.three_lenses(result, size=size).figure) == []


def test_rows_keep_their_order_over_pages(ev):
    result = balance_of(ev, 40)
    chart = charts.balance(result, size="slide")
    assert len(chart.pages) > 3
    marks = chart.marks
    bars = marks[(marks["mark"] == "bar") & (marks["x"] >= 0)]
    rows = list(dict.fromkeys(bars["row"]))
    places = [int(row.rsplit(" ", 1)[1]) for row in rows]
    numbered = marks[marks["mark"] == "bar"]["row"].drop_duplicates()
    assert len(numbered) == (result.frame["units"] > 0).sum()
    assert len(places) == len(set(places))


def test_pages_are_about_as_full_as_each_other():
    for n in range(1, 60):
        for most in (2, 3, 7, 16):
            groups = onto_pages([1.0] * n, float(most))
            assert [row for group in groups for row in group] == list(range(n))
            assert len(groups) == -(-n // most)
            sizes = [len(group) for group in groups]
            assert max(sizes) - min(sizes) <= 1
    heads = [0, 4, 8, 12]  # rows that never stand last on a page
    for group in onto_pages([1.0] * 16, 5.0, heads):
        assert group[-1] not in heads and len(group) <= 5
    assert onto_pages([9.0, 1.0, 9.0], 4.0) == [[0], [1], [2]]  # a row that is higher than a page
    assert onto_pages([], 4.0) == [[]]


def test_no_slide_holds_one_row_of_many(ev):
    result = evidence.balance(ev, "outcome_domain", "direction")
    for draw in (charts.gap_map, charts.balance):
        pages = draw(result, size="slide").pages
        rows = [len(page.axes[1].yaxis.get_major_locator().locs) for page in pages]
        assert len(rows) > 1 and min(rows) * 2 > max(rows)


def test_headings_stand_above_their_rows():
    rows, places = grouped(["a", "a", "b"], ["1", "2", "3"])
    assert [(row.label, row.heading) for row in rows] == [
        ("a", True), ("1", False), ("2", False), ("b", True), ("3", False),
    ]  # fmt: skip
    assert placed(places, ["x", "y", "z"]) == [None, "x", "y", None, "z"]
    assert grouped(["a", "a"], ["1", "2"])[1] == [0, 1]


def names_of(figure) -> list[str]:
    """Names of the rows of a page from above, as they are written."""
    (canvas,) = (axes for axes in figure.axes if axes.get_label() == "rows")
    left = [
        text for text in canvas.texts if text.get_position()[0] == 0 and text.get_va() == "center"
    ]
    return [text.get_text().replace("\n", " ") for text in left]


def test_a_page_repeats_the_heading_of_its_rows(ev):
    """Nobody sees on a page alone that its rows are of animals."""
    draw = charts.outcomes(evidence.outcomes(ev), size="slide")
    pages = [names_of(page) for page in draw.pages]
    assert all(", people" in names[0] or ", animals" in names[0] for names in pages)
    animals = "Exercising with ALS, animals, exercise against none"
    (page,) = (names for names in pages if "Motor neurons" in names)
    assert f"{animals} (continued)" in page and animals not in page
    assert not any("(continued)" in name for name in pages[0])
    assert all(layout_faults(page) == [] for page in draw.pages)


def test_a_strand_stands_below_its_claim_on_every_page(ev):
    draw = charts.claims_board(evidence.judge_claims(ev), size="slide")
    assert not any(names_of(page)[0].startswith("– ") for page in draw.pages)
    rows = [Row("Claim"), Row("– men", part=True), Row("– women", part=True), Row("Other")]
    assert [row and row.label for row in continued(rows)] == [
        None, "Claim (continued)", "Claim (continued)", None,
    ]  # fmt: skip
    assert onto_pages([1.0] * 4, 2.0, again=[0.0, 1.0, 1.0, 0.0]) == [[0, 1], [2], [3]]


def test_every_other_row_below_a_heading_is_shaded(ev):
    """Bands lead the eye along a row; a heading has none, and starts anew."""
    figure = charts.effect_direction(votes_by_domain(ev, 9), size="web").figure
    names = next(axes for axes in figure.axes if axes.patches and axes.texts)
    bands = [(patch.get_y(), patch.get_y() + patch.get_height()) for patch in names.patches]
    first = next(text for text in names.texts if text.get_fontweight() == "bold").get_position()[1]
    shaded, below = [], 0
    for text in names.texts:
        y = text.get_position()[1]
        if y < first:  # the key, and the heads of columns
            continue
        below = 0 if text.get_fontweight() == "bold" else below + 1
        shaded.append(any(low < y < high for low, high in bands))
        assert shaded[-1] == (below > 0 and below % 2 == 0)
    assert any(shaded) and not all(shaded)


def test_charts_refuse_bare_tables():
    for name in ("balance", "three_lenses", "claims_board", "study_flow", "outcomes"):
        with pytest.raises(evidence.UsageError, match=f"charts.{name} draws what"):
            getattr(charts, name)(pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("size", ["web", "slide", "paper"])
def test_a_pooled_size_is_drawn_within_its_row(ev, size):
    """The text above it leaves room for the mark, on slides too."""
    made = evidence.charts.three_lenses(evidence.lenses(ev), size=size)
    marks = [
        (axes, float(one.get_offsets()[0][1]))
        for figure in made.pages
        for axes in figure.axes
        for one in axes.collections
        if one.get_label() == "estimate"
    ]
    assert marks
    for axes, y in marks:
        assert y + 0.6 <= max(axes.get_ylim())
