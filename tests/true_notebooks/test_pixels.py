"""Whether two pictures look the same."""

from __future__ import annotations

import base64
import io
import json

import matplotlib

matplotlib.use("agg")

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from evidence.notebooks_true.compare import marked, pictures_complaint, unmarked
from evidence.notebooks_true.marks import figure_marks, of_one_age, with_text
from evidence.notebooks_true.pixels import MOST, points_that_differ


def drawn(heights=(3, 5, 2), label="cups", colours=("tab:blue", "tab:orange", "tab:green")) -> str:
    figure = Figure(figsize=(4, 3))
    ax = figure.subplots()
    ax.bar(["a", "b", "c"], heights, color=colours)
    ax.set_ylim(0, 6)
    ax.set_ylabel(label)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=72)
    return base64.b64encode(stream.getvalue()).decode()


def changed(picture: str, change) -> str:
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        pixels = change(np.array(image.convert("RGB"), dtype=int))
    stream = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype("uint8")).save(stream, "png")
    return base64.b64encode(stream.getvalue()).decode()


def noise(pixels):
    """As on another processor: every pixel a little lighter or darker, and one row more."""
    pixels = np.vstack([pixels, pixels[-1:]])
    return pixels + np.random.default_rng(1).integers(-20, 21, pixels.shape)


@pytest.mark.parametrize(
    "change",
    [lambda p: p, noise, lambda p: np.roll(p, 1, 0), lambda p: np.roll(p, 1, 1)],
    ids=["none", "noise", "a row", "a column"],
)
def test_what_looks_the_same_is(change):
    assert points_that_differ(drawn(), changed(drawn(), change))[0] <= MOST


@pytest.mark.parametrize(
    "other",
    [
        drawn(heights=(3, 5.1, 2)),
        drawn(label="caps"),
        drawn(label="cups."),
        drawn(colours=("tab:orange", "tab:blue", "tab:green")),
        drawn(colours=("tab:blue", "tab:orange", "tab:olive")),
        changed(drawn(), lambda p: p * 0 + 255),
        changed(drawn(), lambda p: p[:, :-5]),
        changed(drawn(), lambda p: np.where(p == 255, 251, p)),
        drawn(colours=("#237bb8", "tab:orange", "tab:green")),
    ],
    ids=["bar", "letter", "dot", "two colours", "a colour", "blank", "cut", "ground", "a shade"],
)
def test_what_does_not_is_seen(other):
    differ, of = points_that_differ(drawn(), other)
    assert MOST < differ <= of
    assert points_that_differ(other, drawn())[0] > MOST


@pytest.mark.parametrize(("size", "dpi"), [(7, 72), (8, 72), (10, 100)])
def test_each_digit_is_told_from_each_other(size, dpi):
    def written(text):
        figure = Figure(figsize=(2, 1))
        figure.text(0.3, 0.4, text, size=size)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=dpi)
        return base64.b64encode(stream.getvalue()).decode()

    drawn = [written(f"n = 1{digit}") for digit in range(10)]
    same = [
        (first, second)
        for first in range(10)
        for second in range(first)
        if points_that_differ(drawn[first], drawn[second])[0] <= MOST
    ]
    assert same == []


STYLES = {
    "line": lambda ax, new: ax.plot([1, 2], alpha=0.45 if new else 0.5),
    "width": lambda ax, new: ax.plot([1, 2], lw=1.6 if new else 1.5),
    "points": lambda ax, new: ax.scatter([1, 2], [1, 2], s=21 if new else 20),
    "grid": lambda ax, new: ax.grid(alpha=0.35 if new else 0.3),
    "ground": lambda ax, new: ax.set_facecolor("#fefefe" if new else "white"),
    "image": lambda ax, new: ax.imshow([[1, 2]], alpha=0.9 if new else 1),
    "hatch": lambda ax, new: ax.bar([1], [2], hatch="//" if new else "/"),
    "inset": lambda ax, new: ax.inset_axes([0, 0, 1, 1]).plot([1, 2.01 if new else 2]),
    "arrow": lambda ax, new: ax.annotate("a", (0.5, 0.51 if new else 0.5), (0, 0), arrowprops={}),
    "table": lambda ax, new: ax.table([["6" if new else "5"]]),
}


@pytest.mark.parametrize("name", STYLES)
def test_marks_tell_how_a_thing_is_drawn(name):
    def marks(new):
        figure = Figure()
        STYLES[name](figure.subplots(), new)
        figure.canvas.draw()
        return figure_marks(figure)

    old, new = marks(False), marks(True)
    assert old == marks(False) != new and json.dumps(old)
    without = old[:-1]  # as they were stored before they told it
    assert of_one_age(without, new) == (without, new[:-1])
    assert of_one_age(old, new) == (old, new)


def test_a_picture_that_lost_its_marks_must_be_the_same_in_every_point():
    def shown(picture):
        return [{"data": {"image/png": picture}}]

    def again(picture):
        return changed(picture, lambda p: p)

    text = with_text(base64.b64decode(drawn()), "[]")
    now = shown(base64.b64encode(text).decode())
    assert marked(now) and not marked(shown(drawn())) and not unmarked(now, now)
    assert not unmarked(shown(again(drawn())), now)  # written by another program
    assert unmarked(shown(changed(drawn(), lambda p: np.roll(p, 1, 0))), now)
    assert not unmarked(shown(drawn()), shown(drawn(label="x")))


def test_a_complaint_says_what_is_wrong():
    def one(picture):
        return {"data": {"image/png": picture}}

    assert pictures_complaint([one(drawn())], [one(drawn())]) == ""
    assert "not the one" in pictures_complaint([one(drawn())], [one(drawn(label="x"))])
    assert "cannot be read" in pictures_complaint([one("AAAA")], [one(drawn())])
    assert "draws 0 pictures and 1 are stored" in pictures_complaint([one("")], [])
