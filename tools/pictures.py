"""Draw the committed pictures anew: that of the README, and the small ones of docs/gallery.md.

    python tools/pictures.py [--check]

With ``--check`` nothing is written; exit code 1 when a picture is not the one that is drawn now.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

import evidence

ROOT = Path(__file__).resolve().parents[1]
README = "docs/images/headline.png"
GALLERY = "docs/images/gallery"
SMALL = (340, 400)  # at most so wide and high, in points
SHOWN = (
    "headline",
    "balance",
    "three_lenses",
    "forest",
    "rain_cloud",
    "effect_direction",
    "gap_map",
    "albatross",
    "study_flow",
    "timeline",
    "claims",
    "multiverse",
    "sample_sizes",
    "risk_of_bias",
    "certainty",
    "agreement",
    "citations",
)
COMMITTED = (README, *(f"{GALLERY}/{name}.png" for name in SHOWN))
# How far a colour of 255 may lie beside: other machines round the edges of letters differently. One
# changed letter of a shrunk picture lies further off (tests/test_pictures.py).
STEP = {README: 40, GALLERY: 7}
BITS = 6  # of each colour of a small picture: files of half the size


def drawn(path: str, ev: evidence.Evidence | None = None) -> bytes:
    """A committed picture as it is drawn now."""
    if ev is None:
        ev = evidence.load(ROOT / "data")
    if path == README:
        return packed(evidence.charts.headline(ev).png)
    return shrunk(evidence.chart(ev, Path(path).stem).png)


def packed(picture: bytes) -> bytes:
    """A picture of at most 256 colours, with its title and description: a third of the bytes."""
    with Image.open(io.BytesIO(picture)) as image:
        said = PngInfo()
        for name, text in image.text.items():
            said.add_text(name, text)
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    few.save(stream, "png", optimize=True, pnginfo=said)
    return stream.getvalue()


def shrunk(picture: bytes) -> bytes:
    """A picture small enough for a table of pictures."""
    with Image.open(io.BytesIO(picture)) as image:
        small = image.convert("RGB")
    small.thumbnail(SMALL, Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    ImageOps.posterize(small, BITS).save(stream, "png", optimize=True)
    return stream.getvalue()


def pixels(picture: bytes) -> np.ndarray:
    """Red, green and blue, on white."""
    with Image.open(io.BytesIO(picture)) as image:
        white = Image.new("RGBA", image.size, "white")
        whole = Image.alpha_composite(white, image.convert("RGBA"))
    return np.asarray(whole.convert("RGB"), dtype="int16")


def difference(path: str, stored: bytes, now: bytes) -> str:
    """In what a stored picture differs from the one that is drawn now; empty when in nothing."""
    first, second = pixels(stored), pixels(now)
    if first.shape != second.shape:
        return (
            f"is {first.shape[1]} by {first.shape[0]}, not {second.shape[1]} by {second.shape[0]}"
        )
    step = STEP[README if path == README else GALLERY]
    other = int((np.abs(first - second).max(axis=2) > step).sum())
    if other:
        return f"has {other} points of another colour"
    return ""


def stale() -> Iterator[str]:
    """One line for each picture that is not the one that is drawn now."""
    for path in COMMITTED:
        now = drawn(path)
        file = ROOT / path
        said = "is not there"
        if file.is_file():
            said = difference(path, file.read_bytes(), now)
        if said:
            yield f"{path} {said}: look at it, then run `make picture`"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1: something is stale")
    if parser.parse_args().check:
        said = list(stale())
        print(*said, sep="\n", end="\n" * bool(said))
        if said:
            return 1
        return 0
    for path in COMMITTED:
        (ROOT / path).write_bytes(drawn(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
