"""Committed pictures that are not the ones that the code draws: that of the README, and those of
docs/gallery.md.
"""

from __future__ import annotations

import random

import painted
from mutation import ROOT, Mutation

TEST = "tests/test_pictures.py"
README = "docs/images/headline.png"
GALLERY = "docs/images/gallery"


def mutations(seed: int) -> list[Mutation]:
    """Letters, paint and exchanged pictures."""
    chance = random.Random(f"{seed} pictures")
    readme = (ROOT / README).read_bytes()
    found = [
        _of(README, f"{what} ({number})", paint(readme, random.Random(f"{seed} {number}")))
        for what, paint, times in (
            ("one letter in the place of another", painted.with_another_letter, 3),
            ("the ends of its lowest words exchanged", _ends, 1),
            ("a bar painted into it", _bar, 1),
            ("blue all over", _blue, 1),
        )
        for number in range(times)
    ]
    small = [path for path in sorted((ROOT / GALLERY).glob("*.png")) if "-before" not in path.name]
    for path, other in zip(chance.sample(small, 4), chance.sample(small, 4), strict=True):
        file = path.relative_to(ROOT).as_posix()
        if path != other:
            found.append(_of(file, f"the picture {other.name}", other.read_bytes()))
        found.append(_of(file, "a bar painted into it", painted.with_a_bar(path.read_bytes())))
    before = chance.choice(sorted((ROOT / GALLERY).glob("*-before.png")))
    file = before.relative_to(ROOT).as_posix()
    return [*found, _of(file, "a bar painted into it", painted.with_a_bar(before.read_bytes()))]


def _of(file: str, what: str, content: bytes) -> Mutation:
    test = f"{TEST}::test_a_committed_picture_is_the_one_that_is_drawn[{file}]"
    if "-before" in file:
        test = f"{TEST}::test_pictures_of_the_first_edition_stay"
    name = f"{file} -> {what}"
    return Mutation("committed picture", name, ((file, content),), (test,), ask="tests")


def _ends(picture: bytes, chance: random.Random) -> bytes:
    return painted.with_exchanged_parts(picture)


def _bar(picture: bytes, chance: random.Random) -> bytes:
    return painted.with_a_bar(picture)


def _blue(picture: bytes, chance: random.Random) -> bytes:
    return painted.all_blue(picture)
