"""Two readings against each other."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

from evidence.charts.agreement_matrix import agreement_matrix
from evidence.errors import UsageError


def matrix(n: int, names: list[str] | None = None) -> pd.DataFrame:
    names = names or [f"v{i:02}" for i in range(n)]
    return pd.DataFrame(np.arange(n * n).reshape(n, n) + 1, index=names, columns=names)


def real(ev, field: str) -> pd.DataFrame:
    readings = ev.readings[ev.readings["reading_id"].str.endswith(f":{field}")]
    return pd.crosstab(
        readings["first_reading"].fillna("none"), readings["second_reading"].fillna("none")
    )


def test_cells_hold_the_counts_and_only_the_diagonal_is_agreement(words):
    data = matrix(4)
    marks = agreement_matrix(data, words, field="x").marks
    cells = marks[marks["mark"] == "bar"]
    drawn = {
        tuple(row.split(", ")): label
        for row, label in zip(cells["row"], cells["label"], strict=True)
    }
    expected = {
        (a, b): f"{'agreed' if a == b else 'not agreed'}: {data.at[a, b]}"
        for a in data.index
        for b in data.columns
    }
    assert drawn == expected
    figures = marks[marks["mark"] == "text"]
    assert {
        tuple(row.split(", ")): int(label)
        for row, label in zip(figures["row"], figures["label"], strict=True)
    } == {(a, b): data.at[a, b] for a in data.index for b in data.columns}


def test_the_diagonal_is_outlined(words):
    chart = agreement_matrix(matrix(3), words, field="x")
    widths = {patch.get_label(): patch.get_linewidth() for patch in chart.figure.axes[0].patches}
    assert min(w for label, w in widths.items() if label.startswith("agreed")) > max(
        w for label, w in widths.items() if label.startswith("not")
    )


def test_values_of_one_reading_alone_get_their_place_in_the_order_of_the_dictionary(ev, words):
    data = pd.DataFrame({"harm": [2, 1], "mixed": [0, 3]}, index=["benefit", "harm"])
    chart = agreement_matrix(data, words, field="direction")
    order = [value for value in ev.labels("direction") if value in ("benefit", "harm", "mixed")]
    assert chart.data.index.tolist() == chart.data.columns.tolist() == order
    assert chart.data.at["benefit", "harm"] == 2 and chart.data.loc["mixed"].sum() == 0
    assert "Agreed: 1 of 6 (17%)." in chart.notes[0]


def test_kappa_stands_in_the_notes(words):
    assert (
        "Kappa 0.71 (95 % interval 0.60 to 0.82)."
        in agreement_matrix(matrix(2), words, field="x", kappa=(0.71, 0.6, 0.82)).notes[0]
    )
    assert (
        agreement_matrix(matrix(2), words, field="x", kappa=(0.71, math.nan, math.nan))
        .notes[0]
        .endswith("Kappa 0.71.")
    )
    assert (
        "not defined" in agreement_matrix(matrix(2), words, field="x", kappa=(math.nan,) * 3).text
    )
    assert "Kappa" not in agreement_matrix(matrix(2), words, field="x").text


def test_alt_text_has_the_numbers(ev, words):
    data = real(ev, "direction")
    alt = agreement_matrix(data, words, field="direction").alt
    same = sum(int(data.at[v, v]) for v in data.index if v in data.columns)
    assert f"Agreed: {same} of {int(data.to_numpy().sum())}" in alt
    assert f"benefit {data.at['benefit', 'benefit']}" in alt


def test_a_changed_count_changes_the_text(words):
    before, after = matrix(3), matrix(3)
    after.iat[0, 1] += 1
    assert (
        agreement_matrix(before, words, field="x").text
        != agreement_matrix(after, words, field="x").text
    )


def test_figures_stand_out_from_the_darkest_cell(words):
    from matplotlib.colors import to_rgb

    from evidence.charts.agreement_matrix import _shade
    from evidence.charts.style import INK

    def light(color):
        return sum(
            w * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
            for w, c in zip((0.2126, 0.7152, 0.0722), to_rgb(color), strict=True)
        )

    assert (light(_shade(1)) + 0.05) / (light(INK) + 0.05) >= 4.5
    assert (light(_shade(0)) + 0.05) / (light("#6b6b6b") + 0.05) >= 4.5


def test_layout_on_the_real_table(ev, words, size):
    for field in ("direction", "design"):
        assert_nothing_overlaps(agreement_matrix(real(ev, field), words, field=field, size=size))


@pytest.mark.parametrize("n", [1, 3, 24])
def test_any_number_of_values(words, n):
    assert_nothing_overlaps(agreement_matrix(matrix(n), words, field="x"))


def test_odd_names(words, size):
    assert_nothing_overlaps(agreement_matrix(matrix(8, ODD_NAMES), words, field="x", size=size))


def test_missing_counts_are_none(words):
    data = matrix(2).astype(float)
    data.iat[0, 1] = np.nan
    assert agreement_matrix(data, words, field="x").data.iat[0, 1] == 0


def test_wrong_use_has_one_message(words):
    for empty in (pd.DataFrame(), matrix(2) * 0, matrix(2).astype(float) * np.nan):
        with pytest.raises(UsageError, match="nothing to draw: no row was read twice"):
            agreement_matrix(empty, words, field="x")
    with pytest.raises(UsageError, match="150 values do not fit one chart; allowed: up to 24"):
        agreement_matrix(matrix(150), words, field="x")
    with pytest.raises(UsageError, match="negative or not whole"):
        agreement_matrix(matrix(2) - 2, words, field="x")


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(6, 4)).add_subplot()
    assert agreement_matrix(matrix(3), words, field="x", ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: agreement_matrix(matrix(3), words, field="x"))
