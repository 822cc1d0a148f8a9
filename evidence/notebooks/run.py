"""Execute notebooks into a build folder, and open JupyterLab on them."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.errors import EvidenceError, Terminated
from evidence.files import closed, refuse_inputs, shown_path, write_atomically
from evidence.notebooks.changes import changes
from evidence.notebooks.reading import read_notebook
from evidence.notebooks.unchanged import Unchanged
from evidence.notebooks.working_copy import working_copy
from evidence.quoting import terminal
from evidence.tables.dictionary_file import read_dictionary
from evidence.tables.loading import SETTING, find_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

OWN_NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CELL_TIMEOUT = 300
# A signal that comes to another thread, as while a kernel is forked off, is seen by the main one
# only when that wakes up.
LISTEN = 0.2
CANCELLED_AGAIN = 3.0  # seconds, time for a kernel to end


def notebook_folder(data: str | os.PathLike[str] | None = None) -> Path:
    """Where the notebooks of a data set stand: in ``notebooks`` of its folder, else those of this
    repository.

    Without ``data`` the setting ``EVIDENCE_DATA`` counts.
    """
    chosen = data or os.environ.get(SETTING)
    if not chosen:
        return OWN_NOTEBOOKS
    folder = find_folder(chosen)
    own = [folder / "notebooks", *([folder.parent / "notebooks"] if folder.name == "data" else [])]
    return next((place for place in own if place.is_dir()), OWN_NOTEBOOKS)


def find_notebooks(
    folder: str | os.PathLike[str] | None = None, data: str | os.PathLike[str] | None = None
) -> list[Path]:
    """Notebooks of a folder, by default those of the data set, in the order of their names."""
    place = Path(folder or notebook_folder(data))
    if why := closed(place):
        raise EvidenceError(f"{why}.")
    found = sorted(path for path in place.glob("*.ipynb") if not path.name.startswith("."))
    if not found:
        raise EvidenceError(f"No notebooks (*.ipynb) in {place}.")
    return found


def run_notebooks(
    folder: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] = "build",
    jobs: int | None = None,
    data: str | None = None,
    accept: bool = False,
    changed_only: bool = False,
) -> list[Path]:
    """Execute every notebook of a folder; the sources stay untouched unless the new outputs are
    accepted.

    The executed notebooks. What they show that the stored ones do not is printed, cell by cell.
    With ``changed_only`` those are left as they are that were executed into the same folder before,
    from the same cells, with the same package, libraries and tables.
    """
    from tqdm import tqdm

    sources = {path: read_notebook(path) for path in find_notebooks(folder, data)}
    target = Path(out)
    if not accept:
        refuse_inputs([target / "notebooks" / path.name for path in sources], sources)
    # The explorer shows a picture and a table: nobody is there to click, and controls would be
    # stored as numbers that change with every run.
    environment = {"EVIDENCE_WIDGETS": "off"} | (
        {SETTING: str(find_folder(data).resolve())} if data else {}
    )
    unchanged = Unchanged(target / "notebooks", _tables(data))
    kept = unchanged.kept(sources) if changed_only else {}
    failures: dict[Path, str] = {}
    differences = {path: changes(sources[path], kept[path], path.name) for path in kept}
    done = {path: target / "notebooks" / path.name for path in kept}
    for path in kept if accept else ():
        write_atomically(path, done[path].read_bytes())
    with tqdm(total=len(sources), desc="notebooks", unit="notebook", disable=None) as bar:
        bar.update(len(kept))

        def finished(path: Path, notebook: NotebookNode, failure: str) -> None:
            import nbformat

            bar.update()
            if failure:
                failures[path] = failure
                return
            differences[path] = changes(sources[path], notebook, path.name)
            content = nbformat.writes(notebook) + "\n"
            done[path] = write_atomically(target / "notebooks" / path.name, content)
            if accept:
                write_atomically(path, content)

        rest = {path: notebook for path, notebook in sources.items() if path not in kept}
        _interruptible(_execute_all(rest, environment, jobs or os.cpu_count() or 1, finished))
    unchanged.write({path: sources[path] for path in done})
    if changed := [line for path in sources for line in differences.get(path, [])]:
        print(terminal("\n".join(changed)), file=sys.stderr)
    if failures:
        raise EvidenceError(
            "Notebooks that did not run through:\n"
            + "\n".join(failures[path] for path in sources if path in failures)
        )
    return [done[path] for path in sources]


def _tables(data: str | None) -> list[Path]:
    """Files of the data set; none where notebooks that have nothing to do with one are run."""
    try:
        return read_dictionary(find_folder(data)).inputs
    except EvidenceError:
        return []


def _interruptible(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own, so that Ctrl-C comes to this one: nbclient would take it for a
    kernel that has died.

    When it comes, all that was started is cancelled and ends before this function does: again and
    again, as some of what waits for a kernel in its first moments forgets that it was cancelled.
    """
    begun: Future[asyncio.AbstractEventLoop] = Future()

    async def run() -> None:
        begun.set_result(asyncio.get_running_loop())
        await work

    def cancel(loop: asyncio.AbstractEventLoop) -> None:
        for task in asyncio.all_tasks(loop):
            task.cancel()

    with ThreadPoolExecutor(1) as thread:
        result = thread.submit(asyncio.run, run())
        try:
            while not result.done():
                wait([result], timeout=LISTEN)
        except (KeyboardInterrupt, SystemExit):
            loop = begun.result()
            while not result.done():
                with contextlib.suppress(RuntimeError):  # the loop was closed in this moment
                    loop.call_soon_threadsafe(cancel, loop)
                wait([result], timeout=CANCELLED_AGAIN)
            raise
        result.result()


async def _execute_all(
    sources: Mapping[Path, NotebookNode],
    environment: dict[str, str],
    jobs: int,
    finished: Callable[[Path, NotebookNode, str], None],
) -> None:
    """Execute notebooks, some at a time; ``finished`` is called for each as soon as it has run."""
    places = asyncio.Semaphore(jobs)

    async def one(path: Path) -> None:
        async with places:
            finished(path, *await _execute(path, copy.deepcopy(sources[path]), environment))

    try:
        async with asyncio.TaskGroup() as group:
            for path in sources:
                group.create_task(one(path))
    except (
        BaseExceptionGroup
    ) as several:  # one failed for good, as when the disk is full; the others were stopped
        raise several.exceptions[0] from None


async def _execute(
    path: Path, notebook: NotebookNode, environment: dict[str, str]
) -> tuple[NotebookNode, str]:
    """Run one notebook in a kernel of its own; a socket file of its own keeps kernels that start
    together from taking the same port.
    """
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    resources = {"metadata": {"path": str(path.parent)}}
    failed: list[int] = []
    with tempfile.TemporaryDirectory(prefix="evidence-") as sockets:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            record_timing=False,
            resources=resources,
            shutdown_kernel="immediate",
            on_cell_error=lambda cell_index, **_: failed.append(cell_index),
        )
        manager = client.create_kernel_manager()
        if os.name == "posix":
            manager.transport, manager.ip = "ipc", os.path.join(sockets, "kernel")
        try:
            await client.async_execute(env=os.environ | environment)
        except CellExecutionError as error:
            where = _named(notebook, failed)
            return notebook, f"{shown_path(path)}: {where}: {error.ename}: {error.evalue}"
        except (CellTimeoutError, DeadKernelError) as error:
            return notebook, f"{shown_path(path)}: {error}"
        except (NoSuchKernel, OSError, RuntimeError) as error:
            return notebook, f"{shown_path(path)}: {_no_kernel(client.kernel_name, error)}"
        finally:
            if (
                manager.has_kernel
            ):  # interrupted while the kernel started, which nbclient does not clean up
                await manager.shutdown_kernel(now=True)
    # The version of Python that ran a notebook is not part of it, nor is the state of controls that
    # somebody used.
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    return notebook, ""


def _named(notebook: NotebookNode, failed: Sequence[int]) -> str:
    """The cell that failed last: errors of those before it were allowed."""
    if not failed:
        return "a cell"
    first = next(iter(notebook.cells[failed[-1]].source.strip().splitlines()), "")
    return f"cell {failed[-1] + 1} ({first!r})"


def _no_kernel(name: str, error: Exception) -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    if not isinstance(error, NoSuchKernel):
        return f"its kernel {name!r} does not start: {error}"
    there = ", ".join(sorted(KernelSpecManager().find_kernel_specs()))
    return f"its kernel {name!r} is not installed; allowed: {there}"


def open_lab(
    data: str | None = None,
    options: Sequence[str] = (),
    out: str | os.PathLike[str] | None = None,
) -> int:
    """Open JupyterLab, with options of its own, on the first notebook of a working copy (by default
    ``build/lab`` next to the notebooks); the sources stay untouched. Gives the exit code.

    Raises
    ------
    EvidenceError
        When JupyterLab is not installed.
    """
    import importlib.util

    if importlib.util.find_spec("jupyterlab") is None:
        raise EvidenceError("JupyterLab is not installed. `make lab` installs and opens it.")
    environment = os.environ | ({SETTING: str(find_folder(data).resolve())} if data else {})
    folder, kept = working_copy(notebook_folder(data), out)
    print(f"Working copy: {shown_path(folder)}; the sources stay untouched.", file=sys.stderr)
    if kept:
        print(f"{kept} changed files of it were left as they are.", file=sys.stderr)
    first = find_notebooks(folder)[0].relative_to(folder.parent).as_posix()
    opened = [
        f"--ServerApp.root_dir={folder.parent.resolve()}",
        f"--LabApp.default_url=/lab/tree/{first}",
    ]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *opened, *options], env=environment
    )
    while True:
        try:
            return server.wait()
        except Terminated:
            server.terminate()
            server.wait()
            raise
        except KeyboardInterrupt:
            continue  # it is the server's, which asks whether to stop
