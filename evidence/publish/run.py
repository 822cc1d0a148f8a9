"""Execute notebooks into a build folder, and open JupyterLab on them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.dataset.loading import SETTING, find_folder, shown_path
from evidence.errors import EvidenceError
from evidence.files import write_atomically
from evidence.publish.changes import changes

if TYPE_CHECKING:
    from nbformat import NotebookNode

OWN_NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CELL_TIMEOUT = 300


def find_notebooks(folder: str | os.PathLike[str] | None = None) -> list[Path]:
    """Notebooks of a folder, in the order of their names.

    Raises
    ------
    EvidenceError
        When there is none.
    """
    place = Path(folder or OWN_NOTEBOOKS)
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
) -> list[Path]:
    """Execute every notebook of a folder; the sources stay untouched unless the new outputs are accepted.

    Parameters
    ----------
    folder : path, optional
        Folder of the notebooks; default is this repository's.
    out : path, default "build"
        Executed notebooks go to ``out/notebooks``.
    jobs : int, optional
        How many at a time; default is one for each processor.
    data : path, optional
        Data folder for the notebooks.
    accept : bool, default False
        Write the new outputs back into the sources too.

    Returns
    -------
    list of Path
        The executed notebooks. What they show that the stored ones do not is printed, cell by cell.

    Raises
    ------
    EvidenceError
        When a cell fails; the message names notebook, cell and error. The notebooks that ran are there.
    """
    from tqdm import tqdm

    sources = find_notebooks(folder)
    target = Path(out)
    # The explorer shows a picture and a table: nobody is there to click, and controls would be stored as numbers that change with every run.
    environment = {"EVIDENCE_WIDGETS": "off"} | ({SETTING: str(find_folder(data).resolve())} if data else {})
    failures: list[str] = []
    differences: list[str] = []
    done: list[Path] = []
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool, tqdm(total=len(sources), desc="notebooks", unit="notebook", disable=None) as bar:
        for path, (notebook, failure) in zip(sources, pool.map(lambda path: _execute(path, environment), sources), strict=True):
            bar.update()
            if failure:
                failures.append(failure)
                continue
            import nbformat

            differences += changes(nbformat.read(path, as_version=4), notebook, path.name)
            content = nbformat.writes(notebook) + "\n"
            done.append(write_atomically(target / "notebooks" / path.name, content))
            if accept:
                write_atomically(path, content)
    if differences:
        print("\n".join(differences), file=sys.stderr)
    if failures:
        raise EvidenceError("Notebooks that did not run through:\n" + "\n".join(failures))
    return done


def _execute(path: Path, environment: dict[str, str]) -> tuple[NotebookNode, str]:
    """Run one notebook in a kernel of its own; a socket file of its own keeps kernels that start together from taking the same port."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="evidence-") as sockets:
        client = NotebookClient(notebook, timeout=CELL_TIMEOUT, record_timing=False, resources={"metadata": {"path": str(path.parent)}})
        manager = client.create_kernel_manager()
        if os.name == "posix":
            manager.transport, manager.ip = "ipc", os.path.join(sockets, "kernel")
        try:
            asyncio.run(client.async_execute(env=os.environ | environment))
        except CellExecutionError as error:
            return notebook, f"{shown_path(path)}: {_failed_cell(notebook)}: {error.ename}: {error.evalue}"
        except (CellTimeoutError, DeadKernelError) as error:
            return notebook, f"{shown_path(path)}: {error}"
    # The version of Python that ran a notebook is no part of it, nor is the state of controls that somebody used.
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    return notebook, ""


def _failed_cell(notebook: NotebookNode) -> str:
    for number, cell in enumerate(notebook.cells, 1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return f"cell {number} ({cell.source.strip().splitlines()[0]!r})"
    return "a cell"


def open_lab(data: str | None = None, options: Sequence[str] = ()) -> int:
    """Open JupyterLab on the notebooks.

    Parameters
    ----------
    data : path, optional
        Data folder for the notebooks.
    options : sequence of str
        Options of JupyterLab, such as ``--no-browser``.

    Returns
    -------
    int
        Exit code of JupyterLab.

    Raises
    ------
    EvidenceError
        When JupyterLab is not installed.
    """
    import importlib.util

    if importlib.util.find_spec("jupyterlab") is None:
        raise EvidenceError("JupyterLab is not installed. `make lab` installs and opens it.")
    environment = os.environ | ({SETTING: str(find_folder(data).resolve())} if data else {})
    return subprocess.call([sys.executable, "-m", "jupyterlab", str(OWN_NOTEBOOKS), *options], env=environment)
