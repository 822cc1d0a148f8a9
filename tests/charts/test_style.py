"""The palette can be told apart by everyone, and words can be read."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from evidence.charts.style import INK, LOOKS, SIZES, canvas, styled

# Machado, Oliveira and Fernandes (2009), IEEE Transactions on Visualization and Computer Graphics
# 15:1291-1298, severity 1, on linear RGB.
VISION = {
    "full": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
DIRECTIONS = ["benefit", "no_clear_difference", "mixed", "harm"]


def linear(color: str) -> np.ndarray:
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of linear sRGB, white point D65."""
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ np.clip(rgb, 0, 1)
    ratio = xyz / [0.9505, 1.0, 1.089]
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("one", "other"), list(combinations(DIRECTIONS, 2)))
def test_colours_differ_for_every_kind_of_vision(vision, one, other):
    seen = [lab(VISION[vision] @ linear(LOOKS[word].color)) for word in (one, other)]
    assert np.linalg.norm(seen[0] - seen[1]) > 20


def test_colour_is_never_the_only_sign():
    assert (
        len({LOOKS[word].hatch for word in DIRECTIONS})
        == len({LOOKS[word].marker for word in DIRECTIONS})
        == 4
    )


def test_words_and_marks_stand_out_from_the_page():
    with styled():
        import matplotlib as mpl

        for name in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"):
            assert contrast("#" + mpl.rcParams[name].lstrip("#"), "#ffffff") >= 4.5, name
    assert contrast("#444444", "#ffffff") >= 4.5  # notes
    assert (
        contrast(INK, "#ffffff") >= 4.5
    )  # outlines of all marks, so that light fills stand out too
    for word in ("benefit", "harm"):
        assert contrast(LOOKS[word].color, "#ffffff") >= 3


def test_sizes_are_what_they_are_for():
    widths, letters = (
        {name: size.width for name, size in SIZES.items()},
        {name: size.text for name, size in SIZES.items()},
    )
    assert widths["slide"] > widths["web"] and letters["slide"] > letters["web"] > letters["paper"]
    with styled("paper") as size:
        figure = canvas(size, 2, "Title", "Subtitle", ["Note"])
        assert figure.dpi == 300 and figure.get_figwidth() == size.width


def test_the_canvas_says_title_subtitle_and_notes():
    with styled("web") as size:
        figure = canvas(size, 2, "The title", "The subtitle", ["One note", "", "Another note"])
    said = [text.get_text() for part in figure.subfigs for text in part.texts]
    assert said == ["The title", "The subtitle", "One note\nAnother note"]
