"""The pictures that are committed beside the code are the ones that the code draws now.

One letter in the place of another is noticed. Pictures of notebooks are compared by the plugin
`evidence.notebooks_true`, pictures of the web page are drawn when it is built.
"""

from __future__ import annotations

import hashlib
import importlib.util
import random
import re
import sys
from pathlib import Path

import pytest
from portion import portion

ROOT = Path(__file__).resolve().parents[1]


def tool(path: str):
    """A file of tools/ as a module."""
    name = Path(path).stem
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


pictures, painted = tool("tools/pictures.py"), tool("tools/falsify/painted.py")
# Drawn by the first edition, which cannot draw them any more: they stay as they were.
BEFORE = {
    "agreement": "ca55414ca3ddea59",
    "albatross": "ba5e9da8d94f4686",
    "balance": "87e27cd52c5da6bf",
    "citations": "622838e6f3ddeaee",
    "claims": "056674beb032197d",
    "effect_direction": "95b017f937584b0c",
    "forest": "2f5425a4b068ffba",
    "gap_map": "98d755856363eef3",
    "headline": "925095621d6b336a",
    "multiverse": "11d461de6d2f36e2",
    "sample_sizes": "bc531eab857b4014",
    "study_flow": "029fed73edaa2ebd",
    "three_lenses": "f7a5ac7a0d3b3b9c",
    "timeline": "daa1cdab76c9ec9c",
}
COMMITTED = list(pictures.COMMITTED)


@pytest.fixture(scope="module")
def now(ev):
    """The picture of the README as it is drawn now."""
    return {pictures.README: pictures.drawn(pictures.README, ev)}


@pytest.mark.parametrize("path", portion(COMMITTED, 2))
def test_a_committed_picture_is_the_one_that_is_drawn(ev, path):
    said = pictures.difference(path, (ROOT / path).read_bytes(), pictures.drawn(path, ev))
    assert not said, f"{path} {said}: look at it, then run `make picture`"


@pytest.mark.parametrize("name", BEFORE)
def test_pictures_of_the_first_edition_stay(name):
    content = (ROOT / pictures.GALLERY / f"{name}-before.png").read_bytes()
    assert hashlib.sha256(content).hexdigest()[:16] == BEFORE[name]


def test_no_other_picture_is_committed():
    """A picture that nobody draws cannot be compared."""
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.png")}
    found |= {path.relative_to(ROOT).as_posix() for path in ROOT.glob("*.png")}
    before = {f"{pictures.GALLERY}/{name}-before.png" for name in BEFORE}
    assert found == set(COMMITTED) | before
    others = [*(ROOT / "docs").rglob("*.jpg"), *(ROOT / "docs").rglob("*.svg")]
    assert not others


def test_pages_show_no_other_picture():
    """What a page shows lies in the repository, so that it is compared."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).resolve().relative_to(ROOT).as_posix() in {
                *COMMITTED,
                *(f"{pictures.GALLERY}/{name}-before.png" for name in BEFORE),
            }, f"{page.name}: {target}"


# --- that the comparison would notice ---


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("path", COMMITTED[:1])
def test_one_other_letter_is_noticed(now, path, seed):
    other = painted.with_another_letter(now[path], random.Random(seed))
    assert pictures.difference(path, other, now[path])


@pytest.mark.parametrize("name", portion(["balance", "claims", "forest"], 3))
def test_one_other_letter_of_a_small_picture_is_noticed(ev, name):
    """Even where it was changed before the picture was made small."""
    import evidence

    large = evidence.chart(ev, name).png
    path = f"{pictures.GALLERY}/{name}.png"
    for seed in range(3):
        other = painted.with_another_letter(large, random.Random(seed))
        assert pictures.difference(path, pictures.shrunk(other), pictures.shrunk(large))


@pytest.mark.parametrize("change", ["with_exchanged_parts", "with_a_bar", "all_blue"])
def test_paint_is_noticed(now, change):
    other = getattr(painted, change)(now[pictures.README])
    assert pictures.difference(pictures.README, other, now[pictures.README])
