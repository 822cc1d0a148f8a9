"""One table of results: how long the parts of the suite take beside a reference, how much memory,
and how the time grows.

Every time is the least of several runs, each measurement in a process of its own. Seconds are those
of the processor, except for imports, commands and notebooks, which are whole processes and go by
the clock. Goals that are not met are explained below the table. All parts take about a quarter of
an hour and up to 10 GB of memory; ``--sizes 125 10000`` takes a few minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.cases import PARTS, REAL, Case, Settings, Task, cases
from benchmarks.run import ROOT, Taken, best, run_command, run_job
from benchmarks.table import Row, markdown, slope, text

SIZES = (REAL, 10_000, 100_000, 1_000_000)
PROCESSES = 10  # whole processes take turns so many times
PACKAGES = (
    "pandas",
    "numpy",
    "matplotlib",
    "bibtexparser",
    "statsmodels",
    "PyMARE",
    "pybtex",
    "nbval",
    "nbmake",
)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    options = parser().parse_args(arguments)
    sizes = tuple(sorted({REAL, *options.sizes}))
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as place:
        wanted = cases(
            options.parts or list(PARTS),
            Settings(sizes, {size: str(Path(place) / str(size) / "data") for size in sizes}),
        )
        rows = measured(wanted, Path(place), options.repeats, options.limit)
    if options.json:
        Path(options.json).write_text(
            json.dumps(
                {"made_with": made_with(), "rows": [row.as_dict() for row in rows]}, indent=1
            )
            + "\n",
            "utf-8",
        )
    print(markdown(rows) if options.markdown else text(rows))
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "parts",
        nargs="*",
        type=_part,
        metavar="PART",
        help=f"parts to measure, of: {', '.join(PARTS)} (default: all)",
    )
    made.add_argument(
        "--sizes",
        nargs="+",
        type=_size,
        default=SIZES,
        metavar="N",
        help="numbers of findings (default: 125 10000 100000 1000000)",
    )
    made.add_argument(
        "--repeats",
        type=_size,
        default=5,
        help="the fastest of so many runs counts (default: %(default)s)",
    )
    made.add_argument(
        "--limit",
        type=float,
        default=600,
        metavar="SECONDS",
        help="end a measurement after that time (default: %(default)s)",
    )
    made.add_argument("--json", metavar="FILE", help="write the table as JSON too")
    made.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return made


def _part(word: str) -> str:
    if word not in PARTS:
        raise argparse.ArgumentTypeError(f"no part {word!r}; parts: {', '.join(PARTS)}")
    return word


def _size(word: str) -> int:
    if not word.isdigit() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from 1 up")
    return int(word)


def measured(wanted: list[Case], place: Path, repeats: int, limit: float) -> list[Row]:
    """Every case, each distinct task once."""
    taken: dict[Task, Taken] = {}
    tasks = list(
        dict.fromkeys(task for case in wanted for task in (case.beside, case.task) if task)
    )
    processes = [task for task in tasks if task.command]
    make_sets(wanted, place)
    for task in shown([task for task in tasks if not task.command], "measuring"):
        runs = repeats
        if task.job == "notebooks":
            runs = 1
        taken[task] = run_job(task.job, task.arguments, runs, limit)
    turns = [
        task for _ in range(max(PROCESSES, repeats) if repeats > 1 else 1) for task in processes
    ]
    for task in shown(turns, "whole processes"):
        once = run_command(task.command, 1, limit)
        taken[task] = best(taken[task], once) if task in taken else once
    return rows_of(wanted, taken)


def make_sets(wanted: list[Case], place: Path) -> None:
    """The data sets that the cases name."""
    from benchmarks.generate import generate

    words = {
        word
        for case in wanted
        for task in (case.task, case.beside)
        if task
        for word in task.arguments
    }
    sizes = [
        Path(word).parent
        for word in sorted(words)
        if Path(word).name == "data" and Path(word).is_relative_to(place)
    ]
    for folder in shown(sizes, "making data sets"):
        generate(folder, 1 if folder.name == str(REAL) else int(folder.name))


def rows_of(wanted: list[Case], taken: dict[Task, Taken]) -> list[Row]:
    """The rows of the table, with the growth of each series on its largest size."""
    time = lambda case, task: taken[task].clock if case.clock else taken[task].processor
    series: dict[tuple[str, str], list[Case]] = {}
    for case in wanted:
        series.setdefault((case.part, case.what), []).append(case)
    rows = []
    for case in wanted:
        whole = sorted(series[case.part, case.what], key=lambda one: one.size)
        growth = None
        if case is whole[-1] and len(whole) > 1:
            growth = slope([one.size for one in whole], [time(one, one.task) for one in whole])
        reference = time(case, case.beside) if case.beside else float("nan")
        one = taken[case.task]
        note = one.note or (taken[case.beside].note if case.beside else "")
        rows.append(
            Row(
                case.part,
                case.what,
                case.size,
                case.unit,
                time(case, case.task),
                case.reference,
                reference,
                one.peak,
                growth,
                case.goals,
                note,
            )
        )
    return rows


def shown(items: list, what: str) -> Iterable:
    """The items, with a progress bar on a terminal."""
    from tqdm import tqdm

    return tqdm(items, desc=what, leave=False, disable=None)


def made_with() -> dict[str, object]:
    """What a reader needs to know of the machine."""
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = None
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processors": os.cpu_count(),
        "packages": packages,
    }


if __name__ == "__main__":
    sys.exit(main())
