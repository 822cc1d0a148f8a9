"""Run a notebook once: outputs, messages and bound values of every cell."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evidence.notebooks_true.guards import marks_of
from evidence.notebooks_true.kernel import HERE, DeadKernel, Kernel
from evidence.notebooks_true.prose import Binding, bindings
from evidence.notebooks_true.server import HOOKS
from evidence.notebooks_true.settings import Settings
from evidence.notebooks_true.sheet import Sheet, kernel_name

# What such a program or thread writes comes before or after a value, as it happens.
AT_ANY_TIME = re.compile(
    r"\b(?:subprocess|multiprocessing|threading|concurrent|joblib|asyncio)\b|\bos\.(?:system|popen|fork)"
)
LATE = 0.3  # seconds for what they write after the last cell
READER = """
import importlib.util as _u, sys as _s
_m = _u.module_from_spec(_u.spec_from_file_location({name!r}, {file!r}))
_s.modules[{name!r}] = _m
_m.__spec__.loader.exec_module(_m)
_m.install()
del _u, _s, _m
"""


Shown = dict[str, list[Any]]  # outputs by the identifier under which a later cell updates them


@dataclass
class CellRun:
    """What a cell gave.

    Attributes
    ----------
    source : str
        Its code or text.
    messages : list
        Messages of the kernel, of a code cell.
    outputs : list
        Outputs, as a notebook holds them.
    count : int or None
        Its place among the cells that were run.
    failure : str
        Why it gave nothing: the kernel died, or it took too long.
    values : dict
        Whether each bound number could be computed, and its text or the error.
    skipped : bool
        Whether a marker says that it is not run.
    loose : bool
        Whether its streams may come before or after any value.
    """

    source: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    count: int | None = None
    failure: str = ""
    values: dict[Binding, tuple[bool, str]] = field(default_factory=dict)
    skipped: bool = False
    loose: bool = False


@dataclass
class Run:
    """What a notebook gave: one entry for each cell, and why it could not be run at all."""

    cells: list[CellRun]
    failure: str = ""
    seconds: float = 0.0


def run_sheet(sheet: Sheet, settings: Settings, address: str = "") -> Run:
    """Run all cells of a notebook in a kernel of their own.

    Parameters
    ----------
    sheet : Sheet
        A notebook or a page.
    settings : Settings
        How long a cell may take.
    address : str
        Address of the server off which kernels are forked; empty starts one afresh.
    """
    begin = time.monotonic()
    loose = any(AT_ANY_TIME.search(cell.source) for cell in sheet.cells)
    made = Run([CellRun(str(cell.source), loose=loose) for cell in sheet.cells])
    name = kernel_name(sheet)
    try:
        with kernel(sheet, name, address) as one:
            for cell, into in zip(sheet.cells, made.cells):
                if made.failure:
                    into.failure = "was not run, as the kernel had died"
                    continue
                try:
                    run_cell(one, cell, into, settings, name == HERE)
                except TimeoutError as error:
                    into.failure = f"took too long: {error}"
                except DeadKernel as error:
                    into.failure = made.failure = str(error)
            if loose and not made.failure:
                one.listen(LATE)
    except DeadKernel as error:
        made.failure = str(error)
    except Exception as error:  # such as a kernel that is not installed
        made.failure = f"no kernel {name!r}: {type(error).__name__}: {error}"
    shown: Shown = {}
    for into in made.cells:
        into.outputs, into.count = outputs_of(into.messages, shown)
    made.seconds = time.monotonic() - begin
    return made


@contextlib.contextmanager
def kernel(sheet: Sheet, name: str, address: str) -> Iterator[Kernel]:
    one = Kernel(sheet.path.parent.absolute(), name, address)
    try:
        if name == HERE and not address:
            from evidence.notebooks_true import marks

            one.run(READER.format(name=HOOKS, file=str(marks.__file__)), 60, silent=True)
        yield one
    finally:
        one.stop()


def run_cell(one: Kernel, cell: Any, into: CellRun, settings: Settings, python: bool) -> None:
    """Run a code cell, or compute what a text cell is bound to."""
    if cell.cell_type == "markdown":
        if (bound := bindings(cell.source)) and not python:
            into.values = dict.fromkeys(bound, (False, "an error: the kernel is not of Python"))
        elif bound:
            texts = [binding.expression() for binding in bound]
            into.values = dict(zip(bound, one.values(texts, settings.timeout)))
    elif cell.cell_type == "code":
        if marks_of(cell).skip:
            into.skipped = True
            return
        into.messages = one.run(cell.source, settings.timeout)


def outputs_of(messages: list[dict[str, Any]], shown: Shown) -> tuple[list[Any], int | None]:
    """Outputs as Jupyter stores them, and the count of the cell, from the messages of a kernel.

    Outputs of earlier cells that a message updates are changed where ``shown`` holds them.
    """
    from nbformat.v4 import output_from_msg

    outputs: list[Any] = []
    count = None
    clear = False
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "execute_input":
            count = content["execution_count"]
        elif kind == "clear_output":
            clear = content.get("wait", False)
            if not clear:
                outputs = []
        elif kind == "update_display_data":
            for output in shown.get(content.get("transient", {}).get("display_id", ""), []):
                output.data, output.metadata = content["data"], content["metadata"]
        elif kind in ("stream", "display_data", "execute_result", "error"):
            outputs, clear = ([] if clear else outputs), False
            output = output_from_msg(message)
            if number := content.get("transient", {}).get("display_id"):
                shown.setdefault(number, []).append(output)
            last = outputs[-1] if outputs else {}
            if kind == "stream" and last.get("name") == output.name:
                last["text"] += output.text
            else:
                outputs.append(output)
    return outputs, count
