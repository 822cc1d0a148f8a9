"""How long the multiverse takes: the real tables, then more and more specifications up to a
million. Prints; tests nothing.

Run ``python -m benchmarks.multiverse``.
"""

from __future__ import annotations

import time

import numpy as np

import evidence
from evidence.synthesis.multiverse import multiverse

SIDES = [("risk", "human"), ("treatment", "human"), ("treatment", "animal")]
GOALS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
REPEATS = 5


def seconds(
    ev: evidence.Evidence, question: str, population: str, minimum_sizes: tuple[int, ...]
) -> tuple[float, int]:
    """Best of several runs, and how many specifications there were."""
    best, rows = np.inf, 0
    for _ in range(REPEATS):
        start = time.perf_counter()
        rows = len(multiverse(ev, question, population, minimum_sizes=minimum_sizes))
        best = min(best, time.perf_counter() - start)
    return best, rows


def main() -> None:
    """Print the times."""
    ev = evidence.load()
    multiverse(ev, "risk")  # imports
    print("the tables as they are")
    for question, population in SIDES:
        taken, rows = seconds(ev, question, population, (20, 50))
        print(
            f"  {question:10} {population:7} {rows:>9,} specifications {taken:7.3f} s "
            f" {taken / rows * 1e4:6.3f} s for ten thousand"
        )
    print("more and more smallest sample sizes, treatment, human")
    first = None
    _, base = seconds(ev, "treatment", "human", ())
    step = seconds(ev, "treatment", "human", (2,))[1] - base
    for goal in GOALS:
        taken, rows = seconds(ev, "treatment", "human", tuple(range(2, 3 + (goal - base) // step)))
        first = first or (taken, rows)
        print(
            f"  {rows:>9,} specifications {taken:7.3f} s: {rows / first[1]:6.1f} times the first,"
            f" {taken / first[0]:6.1f} times its time"
        )


if __name__ == "__main__":
    main()
