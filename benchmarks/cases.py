"""Which measurements there are: what beside what, at which sizes, and with which goals.

A goal that is missed carries what is known of the reason; the table prints it beside the goal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.run import ROOT
from benchmarks.spreadsheets import KINDS
from benchmarks.table import Goal

REAL = 125  # the size that means the real table, which has so many studies
FINDINGS = len((ROOT / "data" / "findings.csv").read_text(encoding="utf-8").splitlines()) - 1
LARGEST_CHECK = LARGEST_INTAKE = 100_000
LINEAR = Goal("growth", 1.1)
EVIDENCE = str(Path(sys.executable).with_name("evidence"))
READ = "pandas.read_csv of all its tables"
# Only what is drawn from rows grows with them; the rest shows a fixed number of groups.
CHARTS = (
    *(
        "headline",
        "balance",
        "balance_by_direction",
        "balance_by_cohort",
        "three_lenses",
        "study_flow",
        "sample_sizes",
        "timeline",
        "gap_map",
        "risk_of_bias",
        "certainty",
    ),
    *(
        "effect_direction",
        "albatross",
        "outcomes",
        "forest",
        "rain_cloud",
        "agreement",
        "citations",
        "claims",
        "multiverse",
    ),
)


@dataclass(frozen=True)
class Task:
    """Something to run: a job of :mod:`benchmarks.jobs` with its arguments, or a whole command."""

    job: str
    arguments: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One row to be: a task, and what it is measured beside.

    ``growing`` names the series that it belongs to; ``clock`` judges by the clock, as for whole
    processes, else by the time of the processor.
    """

    part: str
    what: str
    size: int
    unit: str
    task: Task
    reference: str = ""
    beside: Task | None = None
    goals: tuple[Goal, ...] = ()
    clock: bool = False


@dataclass(frozen=True)
class Settings:
    """What was chosen: numbers of findings, and where the data set of each lies."""

    sizes: tuple[int, ...]
    folders: dict[int, str]

    def sets(self) -> Iterator[tuple[int, str]]:
        """Each number of findings with its folder; the real table has its own number."""
        for size in self.sizes:
            yield FINDINGS if size == REAL else size, self.folders[size]


def tables(settings: Settings) -> Iterator[Case]:
    """Load and check."""
    for size, folder in settings.sets():
        whole = (READ, Task("read_csv", (folder,)))
        two = ("pandas.read_csv of the two", Task("read_csv_two", (folder,)))
        for what, job, (reference, beside) in (
            ("load", "load", whole),
            ("check", "check", whole),
            ("check, studies and findings alone", "check_two", two),
        ):
            goals: tuple[Goal, ...] = (
                (Goal("seconds", 3, WHY["check"]),)
                if job != "load" and size == LARGEST_CHECK
                else ()
            )
            if size == max(settings.sizes) > REAL:
                goals += (Goal("growth", LINEAR.most, WHY["check"]),)
            yield Case(
                "load + check",
                what,
                size,
                "findings",
                Task(job, (folder,)),
                reference,
                beside,
                goals,
            )


def balances(settings: Settings) -> Iterator[Case]:
    """The balance of loaded tables: the plain one, and the one with the most steps."""
    for lens, unit in (("concluded", "study"), ("direction", "cohort")):
        for size, folder in settings.sets():
            goals = ()
            if size == 1_000_000:
                goals = (Goal("seconds", 1, WHY["balance"]),)
            if size == max(settings.sizes) > REAL:
                goals += (Goal("growth", LINEAR.most, WHY["balance"]),)
            yield Case(
                "balance",
                f"{lens}, one vote per {unit}",
                size,
                "findings",
                Task("balance", (folder, lens, unit)),
                READ,
                Task("read_csv", (folder,)),
                goals,
            )


def multiverses(settings: Settings) -> Iterator[Case]:
    """More findings, and more ways of counting."""
    for size, folder in settings.sets():
        goals = ()
        if size == max(settings.sizes) > REAL:
            goals = (Goal("growth", LINEAR.most, WHY["multiverse"]),)
        beside = Task("read_csv", (folder,))
        yield Case(
            "multiverse",
            "default choices",
            size,
            "findings",
            Task("multiverse", (folder, "0")),
            READ,
            beside,
            goals,
        )
    real = settings.folders[REAL]
    largest = max(settings.sizes)
    for size in (size for size in (10_000, 100_000, 1_000_000) if size <= max(largest, 10_000)):
        goals = ()
        if size == largest:
            goals = (LINEAR,)
        beside = Task("looped_balance", (real, str(size)))
        yield Case(
            "multiverse",
            "real table",
            size,
            "specifications",
            Task("multiverse", (real, str(size))),
            "one balance each, looped",
            beside,
            goals,
        )


def pools(settings: Settings) -> Iterator[Case]:
    """One large pool, and many small ones."""
    for size in settings.sizes:
        beside = Task("pool", ("statsmodels", str(size), "1"))
        for library in ("evidence", "PyMARE"):
            goals = ()
            if size == max(settings.sizes) > REAL and library == "evidence":
                goals = (LINEAR,)
            yield Case(
                "pooling",
                f"one pool, {library}",
                size,
                "results",
                Task("pool", (library, str(size), "1")),
                "statsmodels",
                beside,
                goals,
            )
    beside = Task("pool", ("statsmodels", "20", "1000"))
    for library in ("evidence", "PyMARE"):
        yield Case(
            "pooling",
            f"pools of 20, {library}",
            1000,
            "pools",
            Task("pool", (library, "20", "1000")),
            "statsmodels, looped",
            beside,
        )


def bibliographies(settings: Settings) -> Iterator[Case]:
    """Entries read and checked."""
    sizes = [size for size in settings.sizes if size <= 100_000]
    for size in sizes:
        beside = Task("bibliography", ("split", str(size)))
        for reader, what in (
            ("evidence", "read and checked"),
            ("bibtexparser", "bibtexparser"),
            ("pybtex", "pybtex"),
        ):
            if size > 10_000 and reader == "pybtex":
                continue
            goals = ()
            if reader == "evidence" and size == 10_000:
                goals = (Goal("ratio", 1.3, WHY["bibliography"]),)
            if reader == "evidence" and size == max(sizes) > REAL:
                goals += (LINEAR,)
            yield Case(
                "bibliography",
                what,
                size,
                "entries",
                Task("bibliography", (reader, str(size))),
                "bibtexparser, split alone",
                beside,
                goals,
            )


def intakes(settings: Settings) -> Iterator[Case]:
    """Spreadsheets of three kinds become data sets."""
    sizes = [size for size in settings.sizes if REAL < size <= LARGEST_INTAKE]
    for kind in KINDS:
        for size in sizes:
            goals = ()
            if size == LARGEST_INTAKE:
                goals = (Goal("ratio", 3, WHY["intake"]),)
            if size == max(sizes):
                goals += (LINEAR,)
            yield Case(
                "intake",
                f"a table of {kind}",
                size,
                "rows",
                Task("intake", (kind, str(size))),
                "pandas reads it, and writes what comes out",
                Task("read_and_write", (kind, str(size))),
                goals,
            )


def charts(settings: Settings) -> Iterator[Case]:
    """Every chart on the real table, and where it has grown."""
    for name in CHARTS:
        for size, folder in settings.sets():
            if size > 10_000 or (
                name == "citations" and size > FINDINGS
            ):  # which refuses more reviews than fit on a chart
                continue
            goals = ()
            if size == 10_000:
                goals = (LINEAR,)
            yield Case(
                "charts",
                name,
                size,
                "findings",
                Task("chart", (folder, name)),
                "empty axes",
                Task("empty_chart"),
                goals,
            )


def all_notebooks(settings: Settings) -> Iterator[Case]:
    """All notebooks, compared as in ``make test``, and executed without comparison."""
    number, beside = (
        len(list((ROOT / "notebooks").glob("*.ipynb"))),
        Task("notebooks", ("bare kernels",)),
    )
    for way in ("true-notebooks and nbval", "nbval", "nbmake"):
        goals = ()
        if way.startswith("true"):
            goals = (Goal("ratio", 1.25, WHY["notebooks"]),)
        yield Case(
            "notebooks",
            way,
            number,
            "notebooks",
            Task("notebooks", (way,)),
            "bare kernels",
            beside,
            goals,
            clock=True,
        )
    nbmake = Task("notebooks", ("nbmake",))
    goal = Goal("ratio", 1.0, WHY["nbmake"])
    yield Case(
        "notebooks",
        "compared, beside nbmake",
        number,
        "notebooks",
        Task("notebooks", ("true-notebooks and nbval",)),
        "nbmake",
        nbmake,
        (goal,),
        clock=True,
    )


def imports(settings: Settings) -> Iterator[Case]:
    """What comes before the first line."""
    pandas = _python("import pandas")
    yield Case(
        "import",
        "import evidence",
        0,
        "",
        _python("import evidence"),
        "import pandas",
        pandas,
        (Goal("ratio", 1),),
        clock=True,
    )
    yield Case(
        "import",
        "with evidence.load",
        0,
        "",
        _python("import evidence; evidence.load"),
        "import pandas",
        pandas,
        clock=True,
    )


def commands(settings: Settings) -> Iterator[Case]:
    """Whole commands on the real table."""
    alone = _python(
        "import pandas as p; p.read_csv('data/studies.csv'); p.read_csv('data/findings.csv')"
    )
    all_tables = _python(
        "import glob, pandas as p; [p.read_csv(f) for f in glob.glob('data/*.csv')]"
    )
    goal = Goal("ratio", 1.2, WHY["command"])
    own = Task("", command=(EVIDENCE, "balance"))
    yield Case(
        "command line",
        "evidence balance",
        0,
        "",
        own,
        "import pandas, read all tables",
        all_tables,
        (goal,),
        clock=True,
    )
    yield Case(
        "command line",
        "evidence balance",
        0,
        "",
        own,
        "import pandas, read two tables",
        alone,
        clock=True,
    )
    for arguments in (("--help",), ("pool",), ("check",)):
        task = Task("", command=(EVIDENCE, *arguments))
        yield Case(
            "command line",
            f"evidence {arguments[0]}",
            0,
            "",
            task,
            "import pandas, read all tables",
            all_tables,
            clock=True,
        )


def _python(code: str) -> Task:
    return Task("", command=(sys.executable, "-c", code))


# What is known of a goal that is missed. Keep it true: what is measured anew may need other words.
WHY = {
    "check": (
        "With its findings a set has all that hangs on them: with 100,000 nearly a million"
        " readings and 59,000 entries of a bibliography. Studies and findings alone have a row of their"
        " own. Of the whole, four tenths of the time are bibtexparser, which finds the entries mark"
        " by mark in Python; a sixth is reading the files with the line of every row; a quarter"
        " looks at each different cell once (characters, patterns, order); the rest compares titles,"
        " keys and numbers. What is left to gain is a splitter of our own for entries in the usual"
        " layout: it would save two seconds, and would be a second parser to keep right."
    ),
    "balance": (
        "One vote per cohort joins findings to studies and sorts all reports of each cohort by name,"
        " to find the one that stands for it; joining, matching and sorting texts takes most of the"
        " time."
    ),
    "multiverse": (
        "Every way of counting goes over the studies let in; with a fixed number of ways the time"
        " grows with the studies."
    ),
    "bibliography": (
        "Names, LaTeX and dates are read and checked beyond what the parser does; the parser alone"
        " is the reference."
    ),
    "intake": (
        "Of a table of findings a sixth of the time is reading it, a third the names, numbers and"
        " groups of the studies, a quarter the check of what came out, and a quarter the"
        " bibliography and the files. Each different name, title and number is looked at once, most"
        " of them together; but where a study has its own, nearly all differ: 30,000 to 100,000 of"
        " each. What is left to gain are columns that keep one number for each different text all"
        " the way from the file to the check."
    ),
    "notebooks": (
        "Bare kernels import pandas and Matplotlib and do nothing more. The notebooks draw three"
        " dozen charts, pool, and count in every way: their cells alone keep the processors busy"
        " for longer than the bare kernels take."
    ),
    "nbmake": "nbmake compares nothing; the comparison comes on top.",
    "command": (
        "Beyond pandas and the tables it reads the dictionary, checks every cell and key, counts"
        " and prints: some 50 ms, which do not shrink when pandas starts faster."
    ),
}

PARTS: dict[str, Callable[[Settings], Iterator[Case]]] = {
    "tables": tables,
    "balance": balances,
    "multiverse": multiverses,
    "pooling": pools,
    "bibliography": bibliographies,
    "intake": intakes,
    "charts": charts,
    "import": imports,
    "command": commands,
    "notebooks": all_notebooks,
}


def cases(parts: Sequence[str], settings: Settings) -> list[Case]:
    """All cases of some parts, in the order of the table."""
    return [case for name in PARTS if name in parts for case in PARTS[name](settings)]
