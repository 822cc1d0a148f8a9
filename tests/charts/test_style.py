"""The palette can be distinguished by everyone, words can be read, and sizes fit their use."""

from __future__ import annotations

import importlib
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from layout import ODD_NAMES
from matplotlib.colors import to_rgb

from evidence.charts import style
from evidence.charts.gap_map import shade
from evidence.charts.style import (
    FONTS,
    INK,
    LOOKS,
    NEUTRAL,
    SIZES,
    SOFT,
    cut,
    styled,
    text_width,
    wrap,
)
from evidence.errors import UsageError

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
    assert np.linalg.norm(seen[0] - seen[1]) > 25


@pytest.mark.parametrize(("one", "other"), list(combinations(DIRECTIONS, 2)))
def test_colours_differ_by_lightness_alone(one, other):
    light = [lab(linear(LOOKS[word].color))[0] for word in (one, other)]
    assert abs(light[0] - light[1]) > 9


def test_prints_in_grey_tell_directions_by_grey_and_hatch():
    greys = [LOOKS[word].grey for word in DIRECTIONS]
    assert len(set(greys)) == 4 and all(len(set(to_rgb(grey))) == 1 for grey in greys)
    assert len({LOOKS[word].hatch for word in DIRECTIONS}) == 4


def test_hatches_are_for_prints_alone():
    for name, size in SIZES.items():
        hatched = ["hatch" in size.fill(size.look(word)) for word in DIRECTIONS]
        assert all(hatched) if name == "print" else not any(hatched)


def test_markers_differ():
    assert len({LOOKS[word].marker for word in DIRECTIONS}) == 4


def test_words_and_marks_stand_out_from_the_page():
    for color in (INK, SOFT):
        assert contrast(color, "#ffffff") >= 4.5
    for word in ("benefit", "harm"):
        assert contrast(LOOKS[word].color, "#ffffff") >= 4.5
    assert contrast(NEUTRAL.color, "#ffffff") >= 3
    with styled():
        import matplotlib as mpl

        for name in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"):
            assert contrast("#" + mpl.rcParams[name].lstrip("#"), "#ffffff") >= 4.5, name


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.4, 0.6, 0.8, 1.0])
def test_numbers_can_be_read_on_every_shade(size, share):
    assert contrast(INK, shade(share, size)) >= 4.5


def test_sizes_are_what_they_are_for():
    slide, paper, web = SIZES["slide"], SIZES["paper"], SIZES["web"]
    assert (slide.width * slide.dpi, slide.most * slide.dpi) == (1920, 1080)
    assert min(slide.text, slide.small, slide.title) >= 18
    assert round(paper.width * 25.4) == 183 and round(paper.most * 25.4) == 170
    assert 5 <= paper.small <= paper.text <= 7 and not paper.titled
    assert web.dpi == 2 * 96
    assert SIZES["print"].grey and not any(SIZES[name].grey for name in ("web", "slide", "paper"))


def test_the_font_is_bundled_with_its_licence():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 300_000
    with styled("paper") as paper:
        assert paper.family == "Evidence Arimo"
    from matplotlib.font_manager import FontProperties, findfont

    for size in SIZES.values():
        for weight in ("normal", "bold"):
            found = findfont(FontProperties(family=size.family, weight=weight))
            assert str(FONTS) in found


def test_an_unknown_size_is_named():
    with (
        pytest.raises(UsageError, match="size is 'poster'; allowed: web, slide, paper, print"),
        styled("poster"),
    ):
        pass


@pytest.mark.parametrize("text", ["A few words of no great length", *ODD_NAMES])
def test_texts_are_as_wide_as_measured(text):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with styled("web") as size:
        figure = Figure(dpi=288)
        renderer = FigureCanvasAgg(figure).get_renderer()
        drawn = figure.text(0, 0, text).get_window_extent(renderer).width / 288 / size.em
        assert drawn <= text_width(text, size) <= drawn * 1.08 + 0.3


@pytest.mark.parametrize("text", ODD_NAMES)
def test_wrapped_texts_fit_and_keep_their_characters(text):
    size = SIZES["web"]
    lines = wrap(text, 9, size, most=50)
    assert text_width(lines, size) <= 9
    assert lines.replace("\n", "").replace(" ", "") == text.replace(" ", "")
    assert wrap(text * 5, 9, size, most=2).count("\n") == 1


def test_cut_names_end_in_dots():
    assert cut("Somebody et al. 2001", 12) == "Somebody et…"


def test_one_palette():
    """A colour of the style has a name; greys of prints may come again."""
    found = {
        path.name: set(re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8")))
        for path in sorted((Path(style.__file__).parent).glob("*.py"))
    }
    ours = found.pop("style.py")
    again = {name: (ours & colors) for name, colors in found.items() if ours & colors}
    assert all(len(set(to_rgb(c))) == 1 for colors in again.values() for c in colors), again
    assert not any({style.WHITE} & colors for colors in again.values())


def test_what_means_nothing_is_grey_from_light_to_dark():
    names = ["WHITE", "BAND", "RULE", "FAINT", "EDGE", "SOFT", "INK"]
    shades = [to_rgb(getattr(style, name)) for name in names]
    assert all(max(shade) - min(shade) < 0.08 for shade in shades)
    assert [sum(shade) for shade in shades] == sorted(map(sum, shades), reverse=True)


def looks_in(value):
    if isinstance(value, style.Look):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from looks_in(part)


def test_every_look_has_a_grey_for_prints():
    """A grey of its own: one that is made of a colour may be too like another."""
    found = 0
    for path in sorted(Path(style.__file__).parent.glob("*.py")):
        module = importlib.import_module(f"evidence.charts.{path.stem}")
        for look in looks_in([value for name, value in vars(module).items() if name.isupper()]):
            assert len(set(to_rgb(look.grey))) == 1, (path.name, look)
            found += 1
    assert found > 30
