"""The chart of outcomes: which rows stand where."""

from __future__ import annotations

import pytest

import evidence


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


@pytest.mark.parametrize("size", ["web", "slide", "paper"])
def test_counts_after_squares_stay_clear_of_the_next_column(ev, size):
    made = evidence.charts.outcomes(evidence.outcomes(ev), size=size)
    squares = "Which way the numbers lean"
    for figure in made.pages:
        figure.draw_without_rendering()
        for axes in figure.axes:
            if not axes.get_label().startswith(squares):
                continue
            ends = [text.get_window_extent().x1 for text in axes.texts]
            assert max(ends, default=0) <= axes.get_window_extent().x1


@pytest.mark.parametrize("size", ["web", "slide", "paper"])
def test_the_note_names_each_pooled_size_with_its_comparison(ev, size):
    result = evidence.outcomes(ev)
    (line,) = result.frame[result["estimate"].notna()].to_dict("records")
    note = next(
        note for note in evidence.charts.outcomes(result, size=size).notes if "Pool" in note
    )
    assert "more against less exercise" in note and f"{line['k']:.0f} studies" in note
    assert f"{line['estimate']:.2f} ({line['ci_low']:.2f} to {line['ci_high']:.2f})" in note


def test_a_note_names_three_pools_at_most(ev):
    result = evidence.outcomes(ev)
    frame = result.frame.assign(measure="OR", k=5, estimate=1.2, ci_low=1.0, ci_high=1.5)
    (note,) = [one for one in result.with_frame(frame).chart().notes if "Pool" in one]
    assert note.count("OR") == 3 and f"{len(frame) - 3} more" in note


def test_the_title_uses_the_words_of_the_question(ev):
    """An outcome can have sides of its own, which are not those of all rows."""
    title = evidence.outcomes(ev, "risk", "human").chart().title
    assert "more ALS" in title and "earlier" not in title
