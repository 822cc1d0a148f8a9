"""What stands on the page for each chart: its drawing, one for dark screens, and its slides."""

from __future__ import annotations

import re
import zipfile
from importlib import resources
from pathlib import Path

import pytest

from evidence.site.dark_drawing import DARK, dark_drawing
from evidence.site.pictures import write_pictures

COLOR = re.compile(r"#[0-9a-f]{6}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("charts")


@pytest.fixture(scope="module")
def picture(ev, folder):
    (made,) = write_pictures(ev.select(question="risk"), folder, ["outcomes"])
    return made


def test_every_slide_of_a_chart_is_linked_and_in_its_archive(picture, folder):
    slides = sorted((folder / "charts" / "slide").glob("*.png"))
    assert len(slides) > 1
    linked = {path for label, path in picture.files if label.startswith("Slide")}
    assert linked == {f"charts/slide/{path.name}" for path in slides}
    with zipfile.ZipFile(folder / "charts" / "outcomes.zip") as archive:
        for path in slides:
            assert archive.read(f"slide-{path.name}") == path.read_bytes()


def test_a_dark_drawing_has_the_same_marks_in_other_colours(picture, folder):
    light, dark = (
        (folder / path).read_text(encoding="utf-8") for path in (picture.src, picture.dark)
    )
    assert COLOR.sub("", light) == COLOR.sub("", dark)
    assert {"#ffffff", "#1b1f24", "#0b5ea8"} <= set(COLOR.findall(light))
    assert not {"#ffffff", "#1b1f24", "#0b5ea8"} & set(COLOR.findall(dark))


def brightness(color: str) -> float:
    """Relative luminance, as the Web Content Accessibility Guidelines define it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    ("color", "least"), [*((color, 3) for color in DARK.values()), ("#1b1f24", 7), ("#5a6169", 4.5)]
)
def test_marks_and_words_stand_out_on_a_dark_page(color, least):
    """3 to 1 for what a drawing means, 4.5 to 1 for words."""
    shown = color if color in DARK.values() else dark_drawing(color)
    paper = dark_drawing("#ffffff")
    assert (brightness(shown) + 0.05) / (brightness(paper) + 0.05) >= least
    style = resources.files("evidence.site").joinpath("static/style.css").read_text("utf-8")
    assert f"--paper: {paper}" in style
