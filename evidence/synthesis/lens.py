"""The two lenses that put a result into a word: as concluded, and direction of effect.

*As concluded* takes the authors' conclusion, which leans on significance. *Direction* takes the sign
of the observed difference, whatever its p-value. A lens is never mixed with the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidence.arguments import one_of


@dataclass(frozen=True)
class Lens:
    """How a result is put into a word.

    Attributes
    ----------
    name, title : str
        Name in code, and in words.
    column : str
        Column of the findings that holds the word.
    placed : tuple of str
        Words that enter the balance, from good to bad.
    meaning : str
        What the lens can and cannot say.
    """

    name: str
    title: str
    column: str
    placed: tuple[str, ...]
    meaning: str


CONCLUDED = Lens(
    "concluded",
    "as concluded",
    "conclusion",
    ("benefit", "no_clear_difference", "mixed", "harm"),
    "What the authors conclude. It leans on significance: a small study that could not have shown a"
    " difference counts as no clear difference.",
)
DIRECTION = Lens(
    "direction",
    "direction of effect",
    "observed_direction",
    ("benefit", "mixed", "harm"),
    "Which way the observed difference points, whatever its p-value. Results whose direction was"
    " not readable are left out and counted.",
)
LENSES = {lens.name: lens for lens in (CONCLUDED, DIRECTION)}


def get_lens(name: str) -> Lens:
    """The lens of that name."""
    return LENSES[one_of("lens", name, LENSES)]
