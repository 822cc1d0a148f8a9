"""A copy of the repository for each mutation, and what in it notices the change."""

from __future__ import annotations

import compileall
import contextlib
import importlib
import io
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mutation import ROOT, Mutation
from replay import PRELOAD

PARTS = (
    *(".ci", ".github", "benchmarks", "data", "docs", "evidence", "examples", "notebooks", "tests"),
    "tools",
)
LONGEST = 480  # seconds for one step; a mutation that runs in circles is noticed by that
# As `make test`, without what compares notebooks: it would be started for each mutation.
PLAIN = ["-o", "addopts=--import-mode=importlib --strict-markers", "-n0", "-x", "-q"]
PLAIN += ["-p", "no:cacheprovider", "--hypothesis-seed=0"]
WHOLE = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-seed=0"]

# What noticed a change, the first sign of it, and the notebook that shows it.
Noticed = tuple[str, str, str]
NOTHING: Noticed = ("", "", "")


@dataclass(frozen=True)
class Outcome:
    """By what a mutation was noticed (``notebooks``, ``checks``, ``tests``; empty when it
    survived), and the first sign of it.
    """

    mutation: Mutation
    by: str
    sign: str = ""


class Bench:
    """Tries mutations in copies of one snapshot.

    Parameters
    ----------
    folder : Path
        Where the copies are made.
    fresh : bool
        Compare notebooks with what the unchanged code gives now, instead of with what is stored:
        for work between a change of the code and `make accept`. Guards are left out then.
    """

    def __init__(self, folder: Path, fresh: bool = False):
        self.folder = folder
        self.fresh = fresh
        self.snapshot = folder / "snapshot"
        ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "build")
        for part in PARTS:
            shutil.copytree(ROOT / part, self.snapshot / part, ignore=ignore)
        for path in ROOT.iterdir():
            if path.is_file() and not path.name.startswith(".git"):
                shutil.copy2(path, self.snapshot / path.name)
        for package in ("evidence", "tests", "tools"):
            compileall.compile_dir(self.snapshot / package, quiet=2)
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        # All of the large families: a test that is left out notices nothing.
        os.environ["EVIDENCE_TESTS"] = "all"
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self.context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self.context.set_forkserver_preload(PRELOAD)
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.sound: dict[tuple[str, ...], str] = {}

    def renew(self) -> None:
        """Store in the notebooks of the snapshot what they give now."""
        self._child(renewed, self.snapshot)

    def stop(self) -> None:
        """End what is under way, and begin nothing more."""
        self.stopped.set()
        for process in multiprocessing.active_children():
            process.kill()

    def tried(self, mutation: Mutation) -> Outcome:
        """Make the change in a copy, and ask notebooks, checks and tests in turn."""
        tree = self.folder / f"{threading.get_ident()}"
        # Links instead of copies: what is changed gets a file of its own.
        shutil.copytree(self.snapshot, tree, copy_function=os.link)
        try:
            for file, content in mutation.files:
                _write(tree / file, content)
            alone = mutation.ask == "alone"
            guarded = (alone or not mutation.first) and not self.fresh
            ask = [
                lambda: self._child(look, tree, mutation.first, alone, guarded),
                lambda: self._by_tests(tree, mutation.tests),
            ]
            if mutation.ask == "tests":
                ask = ask[1:]
            for way in reversed(ask) if mutation.ask == "tests first" else ask:
                by, sign, place = way()
                if place:
                    self.sure_of(place)
                if by:
                    return Outcome(mutation, by, sign)
            return Outcome(mutation, "")
        finally:
            shutil.rmtree(tree, ignore_errors=True)

    def _child(self, task: Callable[..., None], tree: Path, *rest: object) -> Noticed:
        """A task in a process of its own."""
        # A process that dies without a word says nothing of the mutation: once more, then stop.
        for _ in range(2):
            here, there = self.context.Pipe(duplex=False)
            process = self.context.Process(target=task, args=(there, str(tree), *rest))
            process.start()
            there.close()
            try:
                way = "notebooks" if task is look else "tests"
                late = (way, f"no end within {LONGEST} s", "")
                if here.poll(LONGEST):
                    return here.recv()
                return late
            except EOFError:
                if self.stopped.is_set():
                    raise
            finally:
                process.kill()
                process.join()
        raise RuntimeError("the process that looks at a mutation died twice")

    def _by_tests(self, tree: Path, tests: tuple[str, ...]) -> Noticed:
        if self.stopped.is_set() or not tests:
            return NOTHING
        sign = self._failing(tree, tests)
        if not sign:
            return NOTHING
        self.sure(tests)
        return "tests", sign, ""

    def _failing(self, tree: Path, tests: tuple[str, ...]) -> str:
        """The first test that fails; empty when all pass."""
        if any(test.endswith(".ipynb") for test in tests):
            return self._failing_alone(tree, tests)
        return self._child(run_tests, tree, tests)[1]

    def _failing_alone(self, tree: Path, tests: tuple[str, ...]) -> str:
        """The same for notebooks, in a new interpreter, as their kernels need one."""
        command = [sys.executable, "-m", "pytest", *WHOLE, *tests]
        environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command, cwd=tree, env=environment, capture_output=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return f"no end within {LONGEST} s"
        if done.returncode:
            return " ".join(tests)
        return ""

    def sure(self, tests: tuple[str, ...]) -> None:
        """Stop where these tests fail without any mutation; asked once."""
        with self.lock:
            if tests not in self.sound:
                self.sound[tests] = self._failing(self.snapshot, tests)
        if sign := self.sound[tests]:
            raise SystemExit(f"{sign} fails without any mutation: fix it first")

    def sure_of(self, notebook: str) -> None:
        """Stop where a notebook, or the checks, notice something without any mutation; asked
        once.
        """
        with self.lock:
            if (notebook,) not in self.sound:
                looked = self._child(look, self.snapshot, (notebook,), True, not self.fresh)
                self.sound[notebook,] = looked[1]
        if sign := self.sound[notebook,]:
            raise SystemExit(f"Noticed without any mutation: {sign}; fix it first")


def _write(target: Path, content: str | bytes) -> None:
    target.unlink()
    if isinstance(content, bytes):
        target.write_bytes(content)
        return
    target.write_text(content, encoding="utf-8")
    for stale in (target.parent / "__pycache__").glob(f"{target.stem}.*.pyc"):
        stale.unlink()


def _enter(tree: str) -> None:
    """Make a new process one of this copy."""
    # A Ctrl-C is for the process that started this one, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True
    sys.path.insert(0, tree)
    os.environ["PYTHONPATH"] = tree
    for name in PRELOAD:
        importlib.import_module(name)


def look(answer, tree: str, first: tuple[str, ...], alone: bool, guarded: bool) -> None:
    """In a new process: what notebooks, guards and checks notice in this copy."""
    _enter(tree)
    try:
        answer.send(_noticed(Path(tree), first, alone, guarded))
    except Exception as error:  # a package that does not even load
        answer.send(("notebooks", f"{type(error).__name__}: {error}", ""))


def run_tests(answer, tree: str, tests: tuple[str, ...]) -> None:
    """In a new process: whether tests of this copy fail, and which is the first."""
    _enter(tree)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(tree)
    import pytest

    first: list[str] = []

    class Listening:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed and not first:
                first.append(report.nodeid)

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = pytest.main([*PLAIN, *tests], plugins=[Listening()])
    if code == pytest.ExitCode.OK:
        answer.send(NOTHING)
        return
    lines = said.getvalue().strip().splitlines() or [f"exit code {code}"]
    answer.send(("tests", first[0] if first else lines[-1], ""))


def renewed(answer, tree: str) -> None:
    """In a new process: store in the notebooks of this copy what they give now."""
    _enter(tree)
    from replay import renew, without_pictures

    without_pictures()
    for path in _notebooks(Path(tree)):
        renew(path)
    answer.send(NOTHING)


def _notebooks(tree: Path) -> list[Path]:
    return sorted([*tree.glob("notebooks/*.ipynb"), *tree.glob("examples/*/notebooks/*.ipynb")])


def _noticed(tree: Path, first: tuple[str, ...], alone: bool, guarded: bool) -> Noticed:
    import nbformat
    from replay import difference, without_pictures

    import evidence

    assert Path(evidence.__file__).is_relative_to(tree), evidence.__file__
    paths = sorted(
        _notebooks(tree),
        key=lambda path: (not any(part in path.name for part in first), path.name),
    )
    if alone:
        paths = paths[:1]
    notebooks = {path: nbformat.read(path, as_version=4) for path in paths}
    without_pictures()
    for path in paths if guarded else []:
        sys.path.insert(0, str(tree / "tests" / "notebooks"))
        from guards import complaints

        if said := complaints(notebooks[path], path):
            return "checks", said[0], path.name
    for path in paths:
        if said := difference(notebooks[path], path):
            return "notebooks", said, path.name
    for package in (tree / "data" / "datapackage.json", *tree.glob("examples/*/datapackage.json")):
        if faults := evidence.check(package.parent):
            return "checks", str(faults[0]), paths[0].name
    return NOTHING
