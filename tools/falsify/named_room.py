"""Slips with a name (slips.toml), each the work of one line: rules of counting reversed, a
service believed too early, words lost from an export, commands of a page that do not work, an alarm
that is off.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from mutation import Mutation, short, text_of

SLIPS = Path(__file__).with_name("slips.toml")


def mutations(seed: int) -> list[Mutation]:
    """Every slip of the list; none is drawn."""
    held = tomllib.loads(SLIPS.read_text(encoding="utf-8"))
    return [_made(slip, tuple(held["tests"][slip["kind"]])) for slip in held["slip"]]


def _made(slip: dict[str, str], tests: tuple[str, ...]) -> Mutation:
    """The change of a slip; it asks tests alone, as no notebook shows what most of them break."""
    file, old, new = slip["file"], slip["old"], slip["new"]
    text = text_of(file)
    if old not in text:
        raise SystemExit(f"{SLIPS.name}: {file} does not hold {old!r} any more")
    changed = text.replace(old, new, -1 if slip.get("everywhere") else 1)
    said = ""
    if "rule" in slip:
        said = f"{slip['rule']}: "
    name = f"{file} {said}{short(old)} -> {short(new)}"
    return Mutation(slip["kind"], name, ((file, changed),), tests, ask="tests")
