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
def test_a_note_on_sizes_only_where_a_column_shows_them(ev, size):
    made = evidence.charts.outcomes(evidence.outcomes(ev), size=size)
    labels = [axes.get_label() for figure in made.pages for axes in figure.axes]
    shown = any(label.startswith("Size") for label in labels)
    assert shown == (size != "slide") == any("largest pool" in note for note in made.notes)
