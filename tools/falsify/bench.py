"""A copy of the repository for each mutation, and what in it notices the change."""

from __future__ import annotations

import compileall
import importlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from mutation import ROOT, Mutation
from replay import PRELOAD

PARTS = ("data", "docs", "evidence", "examples", "notebooks", "tests", "tools")
LONGEST = 240  # seconds for one step; a mutation that runs in circles is noticed by that


@dataclass(frozen=True)
class Outcome:
    """By what a mutation was noticed (``notebooks``, ``checks``, ``tests``; empty when it
    survived), and the first sign of it.
    """

    mutation: Mutation
    by: str
    sign: str = ""


class Bench:
    """Tries mutations in copies of one snapshot."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.snapshot = folder / "snapshot"
        ignore = shutil.ignore_patterns("__pycache__", ".*", "build")
        for part in PARTS:
            shutil.copytree(ROOT / part, self.snapshot / part, ignore=ignore)
        for path in ROOT.iterdir():
            if path.is_file() and not path.name.startswith("."):
                shutil.copy2(path, self.snapshot / path.name)
        compileall.compile_dir(self.snapshot / "evidence", quiet=2)
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self.context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self.context.set_forkserver_preload(PRELOAD)
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.sound: dict[tuple[str, ...], bool] = {}

    def unchanged(self) -> str:
        """What is noticed of the repository as it is: it must be nothing, else the rest means
        nothing.
        """
        return self._child(self.snapshot, (), False)[1]

    def stop(self) -> None:
        """End what is under way, and begin nothing more."""
        self.stopped.set()
        for process in multiprocessing.active_children():
            process.kill()

    def tried(self, mutation: Mutation) -> Outcome:
        """Make the change in a copy, and ask notebooks, checks and tests in turn."""
        tree = self.folder / f"{threading.get_ident()}"
        shutil.copytree(self.snapshot, tree)
        try:
            target = tree / mutation.file
            target.write_text(mutation.text, encoding="utf-8")
            for stale in (target.parent / "__pycache__").glob(f"{target.stem}.*.pyc"):
                stale.unlink()
            ask = [
                lambda: self._child(tree, mutation.first, mutation.room == "notebook"),
                lambda: self._by_tests(tree, mutation.tests),
            ]
            for way in reversed(ask) if mutation.tests_first else ask:
                by, sign = way()
                if by:
                    return Outcome(mutation, by, sign)
            return Outcome(mutation, "")
        finally:
            shutil.rmtree(tree, ignore_errors=True)

    def _child(self, tree: Path, first: tuple[str, ...], alone: bool) -> tuple[str, str]:
        """Notebooks, guards and checks in a process of their own."""
        for _ in range(
            2
        ):  # a process that dies without a word says nothing of the mutation: once more, then stop
            here, there = self.context.Pipe(duplex=False)
            process = self.context.Process(
                target=look, args=(there, str(tree), first, alone), daemon=True
            )
            process.start()
            there.close()
            try:
                return (
                    here.recv()
                    if here.poll(LONGEST)
                    else ("notebooks", f"no end within {LONGEST} s")
                )
            except EOFError:
                if self.stopped.is_set():
                    raise
            finally:
                process.kill()
                process.join()
        raise RuntimeError("the process that looks at a mutation died twice")

    def _by_tests(self, tree: Path, tests: tuple[str, ...]) -> tuple[str, str]:
        if self.stopped.is_set() or self._passes(tree, tests):
            return "", ""
        if not self._is_sound(tests):
            raise SystemExit(f"{' '.join(tests)} fail without any mutation: mend them first")
        return "tests", " ".join(tests)

    def _passes(self, tree: Path, tests: tuple[str, ...]) -> bool:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-n0",
            "-p",
            "no:cacheprovider",
            "--hypothesis-seed=0",
            *tests,
        ]
        environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            return (
                subprocess.run(
                    command, cwd=tree, env=environment, capture_output=True, timeout=LONGEST
                ).returncode
                == 0
            )
        except subprocess.TimeoutExpired:
            return False

    def _is_sound(self, tests: tuple[str, ...]) -> bool:
        """Whether these tests pass without a mutation; asked once."""
        with self.lock:
            if tests not in self.sound:
                self.sound[tests] = self._passes(self.snapshot, tests)
            return self.sound[tests]


def look(answer, tree: str, first: tuple[str, ...], alone: bool) -> None:
    """In a new process: what notices something in this copy; a changed notebook is replayed alone,
    as the others cannot differ.
    """
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a Ctrl-C is for the process that started this one, and ends it
    sys.dont_write_bytecode = True
    sys.path.insert(0, tree)
    for name in PRELOAD:
        importlib.import_module(name)
    try:
        answer.send(_noticed(Path(tree), first, alone, guarded=alone or not first))
    except Exception as error:  # a package that does not even load
        answer.send(("notebooks", f"{type(error).__name__}: {error}"))


def _noticed(tree: Path, first: tuple[str, ...], alone: bool, guarded: bool) -> tuple[str, str]:
    import nbformat
    from replay import difference, without_pictures

    import evidence

    assert Path(evidence.__file__).is_relative_to(tree), evidence.__file__
    paths = sorted(
        [*tree.glob("notebooks/*.ipynb"), *tree.glob("examples/*/notebooks/*.ipynb")],
        key=lambda path: (not any(part in path.name for part in first), path.name),
    )
    paths = paths[:1] if alone else paths
    notebooks = {path: nbformat.read(path, as_version=4) for path in paths}
    without_pictures()
    for path in paths if guarded else []:
        sys.path.insert(0, str(tree / "tests" / "notebooks"))
        from guards import complaints

        if said := complaints(notebooks[path], path):
            return "checks", said[0]
    for path in paths:
        if said := difference(notebooks[path], path):
            return "notebooks", said
    for package in (tree / "data" / "datapackage.json", *tree.glob("examples/*/datapackage.json")):
        if faults := evidence.check(package.parent):
            return "checks", str(faults[0])
    return "", ""
