"""The chart of outcomes: which rows stand where."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text
from portion import portion

import evidence

HEADS = ("What the authors conclude", "Which way the numbers lean")


def test_randomised_trials_stand_first_in_what_is_kept_apart(ev):
    """A reader meets the trials before studies without a control."""
    shown = evidence.outcomes(ev).chart().data
    assert shown["randomised"].any() and not shown["randomised"].all()
    for _, part in shown.groupby(ev.dictionary.kept_apart, observed=True, sort=False):
        assert part["randomised"].is_monotonic_decreasing
    apart = shown[ev.dictionary.kept_apart].astype(str).agg("/".join, axis=1)
    assert (apart != apart.shift()).sum() == apart.nunique()


def test_rows_of_one_contrast_stand_together(ev):
    shown = evidence.outcomes(ev, question="treatment", population="human").chart().data
    groups = shown["randomised"].astype(str) + shown["contrast"].astype(str)
    assert (groups != groups.shift()).sum() == groups.nunique()


def test_each_number_stands_below_the_sign_of_its_direction(ev, size):
    """Shapes and places distinguish numbers, not colours alone."""
    made = evidence.charts.outcomes(evidence.outcomes(ev), size=size)
    for axes in [axes for page in made.pages for axes in page.axes if axes.get_label() in HEADS]:
        heads = [one for one in axes.collections if one.get_gid() == "furniture"]
        places = [float(one.get_offsets()[0][0]) for one in heads]
        shapes = [one.get_paths()[0].vertices.tolist() for one in heads]
        assert len(heads) == len({str(shape) for shape in shapes}) >= 4
        signs = [one for one in axes.collections if one.get_gid() != "furniture"]
        for text in axes.texts:
            x, y = text.get_position()
            below = min(range(len(places)), key=lambda i: abs(places[i] - x))
            fits = [one for one in signs if one.get_paths()[0].vertices.tolist() == shapes[below]]
            same = [one for one in fits if np.allclose(one.get_offsets()[:, 1].mean(), y, atol=0.4)]
            assert sum(len(one.get_offsets()) for one in same) == int(text.get_text())


def test_light_signs_have_an_outline(ev):
    for draw in (evidence.charts.outcomes(evidence.outcomes(ev)), evidence.charts.headline(ev)):
        marks = [one for axes in draw.figure.axes for one in axes.collections]
        light = [one for one in marks if to_hex(one.get_facecolor()[0]) in ("#f3cf5f", "#a4abb5")]
        assert light and all(to_hex(one.get_edgecolor()[0]) != "#ffffff" for one in light)


@pytest.mark.parametrize("n", [1, 2])
def test_titles_and_notes_count_in_good_words(ev, n):
    result = evidence.outcomes(ev, question="treatment", population="human")
    frame = result.frame[result["studies"] > 1].head(n)
    quiet = {"direction_benefit": 1, "direction_harm": 1, "direction_mixed": 0, "studies": 4}
    quiet["direction_unreadable"] = [1] + [0] * (n - 1)
    chart = result.with_frame(frame.assign(**quiet)).chart()
    rows = "1 row" if n == 1 else "2 rows"
    assert (
        chart.title == f"Where several studies share an outcome ({rows}), no side has most of them"
    )
    assert "1 time a study prints no direction." in " ".join(chart.notes)


@pytest.mark.parametrize("size", ["web", "slide", "paper"])
def test_counts_before_signs_stay_clear_of_the_next_column(ev, size):
    made = evidence.charts.outcomes(evidence.outcomes(ev), size=size)
    squares = "Which way the numbers lean"
    for figure in made.pages:
        figure.draw_without_rendering()
        for axes in figure.axes:
            if not axes.get_label().startswith(squares):
                continue
            ends = [text.get_window_extent().x1 for text in axes.texts]
            assert max(ends, default=0) <= axes.get_window_extent().x1


@pytest.mark.parametrize("size", portion(["web", "slide", "paper"], 3))
def test_the_note_names_each_pooled_size_with_its_comparison(ev, size):
    result = evidence.outcomes(ev)
    (line,) = result.frame[result["estimate"].notna()].to_dict("records")
    note = next(
        note for note in evidence.charts.outcomes(result, size=size).notes if "Pool" in note
    )
    assert "more against less exercise" in note and f"{line['k']:.0f} studies" in note
    assert f"{line['estimate']:.2f} ({line['ci_low']:.2f} to {line['ci_high']:.2f}; pred" in note
    assert f"{line['prediction_low']:.2f} to {line['prediction_high']:.2f})" in note
    other = len(evidence.size_pool(ev, line["pool_id"]).not_main)
    assert other > 1 and f"{other} of them not with their main result" in note


def test_a_note_names_three_pools_at_most(ev):
    result = evidence.outcomes(ev)
    frame = result.frame.assign(measure="OR", k=5, estimate=1.2, ci_low=1.0, ci_high=1.5)
    (note,) = [one for one in result.with_frame(frame).chart().notes if "Pool" in one]
    assert note.count("OR") == 3 and f"{len(frame) - 3} more" in note


def test_the_title_uses_the_words_of_the_question(ev):
    """An outcome can have sides of its own, which are not those of all rows."""
    result = evidence.outcomes(ev, "risk", "human")
    title = result.chart().title
    assert "more ALS" in title and "earlier" not in title and "worse" not in title
    own = result["outcome_domain"].eq("als_risk") & (result["studies"] > 1)
    assert f"of {own.sum()} rows" in title and own.sum() < (result["studies"] > 1).sum()
    assert any("leaves out what has sides" in note for note in result.chart().notes)
    key = [text.get_text() for text in result.chart().figure.findobj(Text)]
    assert any(text.startswith("more ALS, ") and "worse" in text for text in key)
    rest = result.with_frame(result.frame[~own])
    assert "worse" in rest.chart().title or "no side" in rest.chart().title
