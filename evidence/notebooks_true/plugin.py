"""The hooks of pytest. Nothing slow is imported before there is a notebook to run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from evidence.notebooks_true.running import Run
    from evidence.notebooks_true.sheet import Sheet

ADDRESS = "TRUE_NOTEBOOKS_SERVER"
PRELOAD = ["pandas", "matplotlib.pyplot", "matplotlib.backends.backend_agg"]
PRELOAD += ["mpl_toolkits.mplot3d"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("true-notebooks", "notebooks whose outputs are true")
    group.addoption(
        "--true-notebooks",
        action="store_true",
        help=(
            "run notebooks (*.ipynb), and pages (*.md) that hide code in a comment "
            "`<!-- true-notebooks`, and compare everything that they show"
        ),
    )
    accept = {"action": "store_true", "dest": "true_accept"}
    said = "with --true-notebooks: write outputs and bound numbers into the files"
    try:
        group.addoption("--true-accept", "--accept", help=said, **accept)
    except ValueError:  # another plugin has --accept
        group.addoption("--true-accept", help=said, **accept)
    group.addoption(
        "--true-kernels",
        choices=("forked", "fresh"),
        default="forked",
        help="forked: off one warm process, where that can be (default); fresh: each from scratch",
    )
    group.addoption(
        "--true-beside-nbval",
        choices=("shared", "apart"),
        default="shared",
        help="shared: nbval compares what this plugin ran (default); apart: it runs all again",
    )
    parser.addini(
        "true_notebooks_preload", "modules that warm kernels have imported", "args", PRELOAD
    )


@pytest.hookimpl(trylast=True)  # a conftest.py may switch it on
def pytest_configure(config: pytest.Config) -> None:
    if not config.option.true_notebooks or config.option.collectonly:
        return
    session = Session(config)
    config.stash[SESSION] = session
    config.add_cleanup(session.stop)
    if any(map(_holds_notebooks, config.args)):
        session.warm()
    if config.option.true_beside_nbval == "shared" and not config.option.true_accept:
        from evidence.notebooks_true.beside import share

        share(config, session.run)


def _holds_notebooks(argument: str) -> bool:
    """Whether what pytest is asked for is a notebook, or a folder with some: then kernels are
    warmed while pytest itself starts.
    """
    path = Path(argument.partition("::")[0])
    return path.suffix == ".ipynb" or next(path.glob("*.ipynb"), None) is not None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not parent.config.option.true_notebooks or file_path.suffix not in (".ipynb", ".md"):
        return None
    from evidence.notebooks_true.sheet import is_sheet

    if not is_sheet(file_path) or ".ipynb_checkpoints" in file_path.parts:
        return None
    if session := parent.config.stash.get(SESSION, None):
        session.warm()
    return SheetFile.from_parent(parent, path=file_path)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Outputs that are being written are not compared by nbval at the same time."""
    if not (config.option.true_notebooks and config.option.true_accept):
        return
    others = [item for item in items if type(item).__name__ == "IPyNbCell"]
    if others:
        items[:] = [item for item in items if type(item).__name__ != "IPyNbCell"]
        config.hook.pytest_deselected(items=others)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was accepted, cell by cell."""
    for report in terminalreporter.getreports("passed"):
        for title, text in getattr(report, "sections", []):
            if title == f"Captured {ACCEPTED} call":
                terminalreporter.write_line(text)


ACCEPTED = "accepted"


class Session:
    """One run of pytest: its server of kernels, and the notebook that was run last."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.address = ""
        self.server: Any = None
        self.connection: Any = None
        self.runs: dict[Path, tuple[Sheet, Run]] = {}
        self._find_server()

    def _find_server(self) -> None:
        """That of the main process, where this is a worker; its own else."""
        if handed := os.environ.pop(ADDRESS, ""):
            self.address = handed
            return
        from evidence.notebooks_true.kernel import Server, can_fork

        if self.config.option.true_kernels == "forked" and can_fork():
            self.server = Server(self.config.getini("true_notebooks_preload"))
            self.address = self.server.address
            if getattr(self.config.option, "numprocesses", None):
                os.environ[ADDRESS] = self.address  # workers inherit it

    def warm(self) -> None:
        """There are notebooks: let the server import its packages meanwhile."""
        if self.address and self.connection is None:
            from evidence.notebooks_true.kernel import warm

            self.connection = warm(self.address)

    def run(self, path: Path) -> tuple[Sheet, Run]:
        """A notebook and what it gives; run once, however many ask for it one after the other."""
        if path not in self.runs:
            from evidence.notebooks_true.running import run_sheet
            from evidence.notebooks_true.settings import settings_for
            from evidence.notebooks_true.sheet import read_sheet

            sheet = read_sheet(path)
            settings = settings_for(path, self.config.rootpath)
            self.runs.clear()
            self.runs[path] = (sheet, run_sheet(sheet, settings, self.address))
        return self.runs[path]

    def stop(self) -> None:
        if self.connection:
            self.connection.close()
        if self.server:
            if os.environ.get(ADDRESS) == self.address:
                del os.environ[ADDRESS]
            self.server.stop()


SESSION = pytest.StashKey[Session]()


class SheetFile(pytest.File):
    """A notebook, or a page with code."""

    def collect(self) -> Iterator[pytest.Item]:
        yield SheetItem.from_parent(self, name="true")


class Untrue(Exception):
    """What is wrong with a notebook."""


class SheetItem(pytest.Item):
    """The whole notebook: it is run from top to bottom, so it stands or falls as one."""

    def runtest(self) -> None:
        from evidence.notebooks_true.settings import SettingsError, settings_for
        from evidence.notebooks_true.sheet import UnreadableSheet
        from evidence.notebooks_true.verdict import faults

        try:
            settings = settings_for(self.path, self.config.rootpath)
            sheet, run = self.config.stash[SESSION].run(self.path)
        except (UnreadableSheet, SettingsError) as error:
            raise Untrue(f"{self.shown}: {error}") from None
        found = faults(sheet, run, settings)
        if found and self.config.option.true_accept:
            found = self.accept(sheet, run, settings, found)
        if found:
            raise Untrue("\n".join(f"{self.shown}: {fault}" for fault in found))

    def accept(self, sheet: Sheet, run: Run, settings: Any, found: list[Any]) -> list[Any]:
        """Write what the run gave; what is still wrong afterwards."""
        from evidence.notebooks_true.verdict import accepted, faults, pictures, ran_through

        if not ran_through(sheet, run):
            return found
        new = accepted(sheet, run, settings)
        for file, content in pictures(sheet, run, settings).items():
            write(file, content)
        left = faults(new, run, settings)
        if (text := new.text()) != sheet.text():
            write(self.path, text.encode("utf-8"))
        gone = [fault for fault in found if fault not in left]
        text = "\n".join(f"{self.shown}: accepted: {fault}" for fault in gone)
        self.add_report_section("call", ACCEPTED, text)
        return left

    @property
    def shown(self) -> str:
        with contextlib.suppress(ValueError):
            return self.path.relative_to(self.config.rootpath).as_posix()
        return self.path.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Untrue):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.shown}: outputs are true"


def write(path: Path, content: bytes) -> None:
    """Replace a file at once, so that an interrupted run leaves the old one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
