"""nbval beside this plugin: it compares, as strictly as ever, what was run here once.

nbval asks a kernel to execute a cell and reads the kernel's messages. It is given an object that
answers with the messages of the run that both share.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from evidence.notebooks_true.running import CellRun, Run


class Replay:
    """What nbval takes for a kernel: the messages of a run, cell after cell."""

    def __init__(self, cells: list[CellRun]) -> None:
        self.cells = cells
        self.place = 0
        self.current = CellRun("")
        self.left: list[dict[str, Any]] = []

    def is_alive(self) -> bool:
        return True

    def execute_cell_input(self, source: str, allow_stdin: bool | None = None) -> str:
        """Find the next cell with this code; its identifier."""
        for place in range(self.place, len(self.cells)):
            if self.cells[place].source == source:
                self.place, self.current = place + 1, self.cells[place]
                self.left = list(self.current.messages)
                if self.left:
                    return str(self.left[0]["parent_header"]["msg_id"])
                return ""
        raise RuntimeError("a cell that was not run: the notebook has changed meanwhile")

    def await_reply(self, number: str, timeout: float | None = None) -> None:
        if self.current.failure:
            raise RuntimeError(self.current.failure)

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        if not self.left:
            raise Empty
        return self.left.pop(0)

    def await_idle(self, number: str, timeout: float | None = None) -> None:
        self.left.clear()

    def interrupt(self) -> None:
        """Nothing runs any more."""

    restart = stop = interrupt


def share(config: Any, run: Callable[[Path], tuple[Any, Run]]) -> None:
    """Let nbval compare what is run here, where it is asked to compare at all.

    Coverage of notebooks needs kernels of nbval's own, and has them.
    """
    option = config.option
    if not (getattr(option, "nbval", False) or getattr(option, "nbval_lax", False)):
        return
    if getattr(option, "cov_source", None):
        return
    from nbval.plugin import IPyNbFile

    plain = IPyNbFile.setup

    def setup(self: Any) -> None:
        sheet, made = run(Path(self.path))
        if made.failure and not any(cell.failure for cell in made.cells):
            return plain(self)
        kinds = [cell.cell_type for cell in sheet.cells]
        self.kernel = Replay([its for its, kind in zip(made.cells, kinds) if kind == "code"])
        self.setup_sanitize_files()
        return None

    IPyNbFile.setup = setup
    config.add_cleanup(lambda: setattr(IPyNbFile, "setup", plain))
