"""Large extraction tables as people keep them, made up: one kind for each way of noting results.

Run ``python -m benchmarks.spreadsheets FOLDER --rows 100000``; ``evidence new NAME --from TABLE``
takes each of them.

A family name is made of syllables and has about ten papers, as among real studies; titles are drawn
from a few hundred words, numbers of effects lie around a small true effect.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path

SYLLABLES = [first + vowel for first in "bdfghklmnprstvwz" for vowel in "aeiou"]
GIVEN = ("Ann", "Bo", "Cleo", "Dov", "Eva", "Finn", "Gro", "Hal", "Ida", "Jon", "Kim", "Lea")
DESIGNS = ("RCT", "cohort", "case-control", "cross-sectional")
OUTCOMES = ("Blood pressure", "Body weight", "Sleep quality", "Pain", "Memory", "Mood")
RESULTS = ("beneficial", "no difference", "harmful", "mixed", "no significant difference")
JOURNALS = [f"Journal of {word} Research" for word in ("Tea", "Heart", "Sleep", "Pain", "Mind")]
COUNTRIES = ("Norway", "Chile", "Japan", "Ghana", "India")
OF_FINDINGS = "Study,Authors,Title,Journal,Year,DOI,Design,N,Outcome,Result,Notes"
OF_EFFECTS = "Study,Year,Outcome,OR,Lower CI,Upper CI,N,Design"
OF_ARMS = "Author,Year,Events treatment,Total treatment,Events control,Total control,Country,Design"
ROWS_A_STUDY = 10 / 3
PAPERS_AN_AUTHOR = 10
Rows = Iterator[list[str]]


def findings(rows: int) -> Rows:
    """One row per finding of studies with authors, titles and numbers: three or four of each."""
    yield OF_FINDINGS.split(",")
    last, study = -1, []
    for row in range(rows):
        number, chance = int(row / ROWS_A_STUDY), random.Random(row)
        if number != last:
            last, study = number, _paper(number)
        words = " ".join(chance.choices(SYLLABLES, k=6)) if chance.random() < 0.3 else ""
        yield [*study, chance.choice(OUTCOMES), chance.choice(RESULTS), words]


def effects(rows: int) -> Rows:
    """One row per effect: estimate, interval and participants, with a citation of the study."""
    yield OF_EFFECTS.split(",")
    for row in range(rows):
        number, chance = int(row / ROWS_A_STUDY), random.Random(row)
        year, error = _year(number), chance.uniform(0.05, 0.6)
        middle = chance.gauss(-0.1, 0.2) + error * chance.gauss(0, 1)
        ends = [f"{math.exp(middle + z * error):.3f}" for z in (0, -1.96, 1.96)]
        name, size = f"{_family(number)} et al. {year}", random.Random(number).randint(20, 4000)
        outcome, design = chance.choice(OUTCOMES), DESIGNS[number % len(DESIGNS)]
        yield [name, year, outcome, *ends, str(size), design]


def arms(rows: int) -> Rows:
    """One row per study: events and totals of two arms."""
    yield OF_ARMS.split(",")
    for row in range(rows):
        chance = random.Random(row)
        totals = [chance.randint(20, 900) for _ in range(2)]
        events = [round(total * chance.uniform(0.02, 0.6)) for total in totals]
        counts = [str(number) for pair in zip(events, totals, strict=True) for number in pair]
        name = f"{_family(row)} {chance.choice('ABCDEFGH')}"
        yield [name, _year(row), *counts, chance.choice(COUNTRIES), "RCT"]


KINDS: dict[str, Callable[[int], Rows]] = {
    made.__name__: made for made in (findings, effects, arms)
}


def make(kind: str, rows: int, file: str | Path) -> Path:
    """Write one table as CSV.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    rows : int
        Rows below the header.
    file : path
        File to write.
    """
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(KINDS[kind](rows))
    return path


def _family(number: int) -> str:
    author = number // PAPERS_AN_AUTHOR
    letters = [SYLLABLES[author // len(SYLLABLES) ** power % len(SYLLABLES)] for power in range(3)]
    return "".join(letters).capitalize()


def _year(number: int) -> str:
    return str(1975 + number % PAPERS_AN_AUTHOR * 5 + number % 3)


def _paper(number: int) -> list[str]:
    """The cells that all rows of one study have."""
    chance, year, families = random.Random(-1 - number), _year(number), [number]
    families += [chance.randrange(30_000) for _ in range(chance.randint(0, 5))]
    people = "; ".join(f"{_family(one)}, {chance.choice(GIVEN)}" for one in families)
    title = " ".join([*chance.choices(SYLLABLES, k=9), *chance.choices(OUTCOMES, k=2)])
    name, doi = f"{_family(number)} {year}", f"10.{1000 + number % 40}/tea.{number}"
    journal, design = chance.choice(JOURNALS), chance.choice(DESIGNS)
    size = str(chance.randint(20, 4000))
    return [name, people, title.capitalize(), journal, year, doi, design, size]


def main() -> None:
    """Write all kinds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", help="folder to write")
    parser.add_argument(
        "--rows", type=int, default=100_000, help="rows of each (default: %(default)s)"
    )
    options = parser.parse_args()
    for kind in KINDS:
        print(make(kind, options.rows, Path(options.folder) / f"{kind}.csv"))


if __name__ == "__main__":
    main()
