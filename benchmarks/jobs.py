"""What is measured: each job prepares its things and gives back a function, which is then run
several times in a process of its own.

``python -m benchmarks.jobs JOB ARGUMENT ...`` runs one of them and prints its times as JSON.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

Job = Callable[[], object]
ENOUGH = 10.0  # seconds of all repeats together
LOOPED = 20  # specifications counted one by one, to know what one costs


class NotInstalled(Exception):
    """A library beside which a job measures is not there."""


def load(folder: str) -> Job:
    """All tables of a data set, with their types."""
    import evidence

    return lambda: evidence.load(folder)


def check(folder: str) -> Job:
    """Tables, keys, bibliography, arithmetic."""
    import evidence

    def run() -> None:
        faults = evidence.check(folder)
        if faults:
            raise SystemExit(f"the data set has faults: {faults[0]}")

    return run


def check_two(folder: str) -> Job:
    """The same for studies and findings alone."""
    from benchmarks.generate import two_tables

    return check(str(two_tables(folder, Path(folder).with_name("two"))))


def read_csv_two(folder: str) -> Job:
    """pandas alone reads these two."""
    import pandas as pd

    return lambda: [
        pd.read_csv(Path(folder) / f"{name}.csv", dtype="str", keep_default_na=False)
        for name in ("studies", "findings")
    ]


def read_csv(folder: str) -> Job:
    """pandas alone reads all tables as text."""
    import pandas as pd

    paths = sorted(Path(folder).glob("*.csv"))
    return lambda: [pd.read_csv(path, dtype="str", keep_default_na=False) for path in paths]


def balance(folder: str, lens: str, unit: str) -> Job:
    """The balance of a data set that is loaded already."""
    import evidence

    ev = evidence.load(folder)
    return lambda: evidence.balance(ev, lens=lens, unit=unit)


def multiverse(folder: str, specifications: str) -> Job:
    """Every way of counting one side; more smallest sample sizes make more specifications."""
    import evidence

    ev = evidence.load(folder)
    if not int(specifications):
        return lambda: evidence.multiverse(ev, "treatment", "human")
    rows = lambda sizes: len(evidence.multiverse(ev, "treatment", "human", minimum_sizes=sizes))
    base = rows(())
    # one more of them than at least one makes other specifications
    sizes = tuple(range(2, 3 + (int(specifications) - base) // (rows((2,)) - base)))
    return lambda: evidence.multiverse(ev, "treatment", "human", minimum_sizes=sizes)


def looped_balance(folder: str, specifications: str) -> Job:
    """The same side counted once for each specification, as one would by hand; a few of them, and
    the time multiplied.
    """
    import evidence

    ev = evidence.load(folder)

    def run() -> None:
        for smallest in range(LOOPED):
            evidence.balance(
                ev.select(question="treatment", population="human", min_sample_size=smallest),
                lens="direction",
            )

    run.times = int(specifications) / LOOPED  # type: ignore[attr-defined]
    return run


def pool(library: str, studies: str, times: str) -> Job:
    """Pools with a tau² that is iterated, one after the other: REML here and in PyMARE,
    Paule-Mandel in statsmodels, which has no REML.
    """
    import numpy as np

    random = np.random.default_rng(1)
    errors = random.uniform(0.1, 0.5, (int(times), int(studies)))
    estimates = random.normal(0.2, 0.3, errors.shape) + errors * random.normal(size=errors.shape)
    one = POOLS[library]()
    return lambda: [one(y, se) for y, se in zip(estimates, errors, strict=True)]


def _evidence_pool() -> Callable:
    import evidence

    return lambda y, se: evidence.pool(y, se)


def _statsmodels_pool() -> Callable:
    from statsmodels.stats.meta_analysis import combine_effects

    return lambda y, se: combine_effects(y, se**2, method_re="iterated").summary_frame()


def _pymare_pool() -> Callable:
    _needed("pymare")
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator

    def run(y, se) -> object:
        results = (
            VarianceBasedLikelihoodEstimator(method="REML")
            .fit_dataset(Dataset(y=y[:, None], v=se[:, None] ** 2))
            .summary()
        )
        return results.get_fe_stats(), results.get_heterogeneity_stats()

    return run


POOLS = {"evidence": _evidence_pool, "statsmodels": _statsmodels_pool, "PyMARE": _pymare_pool}


def bibliography(reader: str, entries: str) -> Job:
    """Entries made from those of the real file."""
    from benchmarks.bibliography import made

    text = made(int(entries), abstracts=False)
    return READERS[reader](text)


def _evidence_reader(text: str) -> Job:
    from evidence.bibliography.entries import parse_text

    return lambda: parse_text(text, "x.bib")


def _splitter(text: str) -> Job:
    from bibtexparser.splitter import Splitter

    return lambda: Splitter(text).split()


def _bibtexparser(text: str) -> Job:
    from bibtexparser import parse_string

    return lambda: parse_string(text)


def _pybtex(text: str) -> Job:
    _needed("pybtex")
    from pybtex.database import parse_string

    return lambda: parse_string(text, "bibtex")


READERS = {
    "evidence": _evidence_reader,
    "split": _splitter,
    "bibtexparser": _bibtexparser,
    "pybtex": _pybtex,
}


def intake(kind: str, rows: str) -> Job:
    """A spreadsheet becomes a data set: read, grouped into studies, written, checked."""
    from benchmarks.spreadsheets import make
    from evidence.importing.from_spreadsheet import new_set_from

    place = tempfile.TemporaryDirectory(prefix="intake-")
    table, folders = make(kind, int(rows), Path(place.name) / "table.csv"), count()

    def run() -> str:
        return new_set_from(Path(place.name) / str(next(folders)), table, ci_level="95").report

    run.place = place  # type: ignore[attr-defined]  # it goes when the job does
    return run


def read_and_write(kind: str, rows: str) -> Job:
    """pandas alone reads the same spreadsheet as text, and writes the tables that came out of it;
    all other files are written as they are.
    """
    import pandas as pd

    whole = intake(kind, rows)
    whole()
    place = Path(whole.place.name)  # type: ignore[attr-defined]
    files = [path for path in sorted((place / "0").glob("*")) if path.is_file()]
    read = lambda path: pd.read_csv(path, dtype="str", keep_default_na=False)
    tables = {path.name: read(path) for path in files if path.suffix == ".csv"}
    others = {path.name: path.read_bytes() for path in files if path.suffix != ".csv"}

    def run() -> None:
        read(place / "table.csv")
        for name, frame in tables.items():
            frame.to_csv(place / name, index=False)
        for name, content in others.items():
            (place / name).write_bytes(content)

    run.place = whole.place  # type: ignore[attr-defined]
    return run


def chart(folder: str, name: str) -> Job:
    """One chart of the gallery, from loaded tables to a PNG picture."""
    import matplotlib.pyplot as plt

    import evidence

    ev = evidence.load(folder)
    _ = ev.names  # the bibliography is read once, whatever is drawn

    def run() -> None:
        _ = evidence.chart(ev, name).png
        plt.close("all")

    return run


def empty_chart() -> Job:
    """Axes with nothing in them, as a PNG picture."""
    import matplotlib.pyplot as plt

    def run() -> None:
        figure, _ = plt.subplots(figsize=(8, 5), layout="constrained")
        figure.savefig(io.BytesIO(), format="png")
        plt.close(figure)

    return run


def notebooks(way: str) -> Job:
    """All notebooks, as many at a time as there are processors."""
    from benchmarks.notebooks import ways

    known = ways()
    if way not in known:
        raise NotInstalled(way)
    return known[way]


def _needed(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise NotInstalled(package)


JOBS: dict[str, Callable[..., Job]] = {
    job.__name__: job
    for job in (
        *(load, check, check_two, read_csv, read_csv_two, balance, multiverse, looped_balance),
        *(pool, bibliography, intake, read_and_write, chart, empty_chart, notebooks),
    )
}


def timed(job: Job, repeats: int) -> dict[str, float]:
    """The least seconds of several runs, by the clock and of the processor."""
    times = []
    while len(times) < repeats and (not times or sum(clock for clock, _ in times) < ENOUGH):
        gc.collect()
        start, used = time.perf_counter(), time.process_time()
        job()
        times.append((time.perf_counter() - start, time.process_time() - used))
    scale = getattr(job, "times", 1)
    return {
        "clock": scale * min(clock for clock, _ in times),
        "processor": scale * min(used for _, used in times),
        "runs": len(times),
    }


def main() -> None:
    """Run one job."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("arguments", nargs="*")
    parser.add_argument(
        "--repeats",
        type=int,
        default=5,
        help="the fastest of so many runs counts (default: %(default)s)",
    )
    options = parser.parse_args()
    try:
        job = JOBS[options.job](*options.arguments)
    except NotInstalled as missing:
        print(json.dumps({"missing": str(missing)}))
        sys.exit(0)
    print(json.dumps(timed(job, options.repeats)))


if __name__ == "__main__":
    main()
