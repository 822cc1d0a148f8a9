"""Everything that is wrong with a notebook, cell by cell, and the file as it should be."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evidence.notebooks_true.compare import differences, marked, picture_difference, unmarked
from evidence.notebooks_true.guards import ACCEPT, complaints, marks_of
from evidence.notebooks_true.prose import bindings, unattached, unbound, written
from evidence.notebooks_true.running import CellRun, Run
from evidence.notebooks_true.settings import Settings
from evidence.notebooks_true.sheet import Sheet

RAISED = "fix it, or give it the tag raises-exception"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes
    ----------
    cell : int
        Number of the cell from 1; 0 for the whole file.
    says : str
        What is wrong, and how to fix it.
    diff : tuple of str
        What changed, line by line.
    """

    cell: int
    says: str
    diff: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"cell {self.cell} " if self.cell else ""
        return "\n".join([f"{place}{self.says}", *self.diff])


def faults(sheet: Sheet, run: Run, settings: Settings) -> list[Fault]:
    """All that is wrong, in the order of the cells.

    Parameters
    ----------
    sheet : Sheet
        A notebook or a page, as it is stored.
    run : Run
        What its cells give now.
    settings : Settings
        What its folder asks.
    """
    found = [Fault(*said) for said in complaints(sheet, settings)]
    if run.failure and not any(cell.failure for cell in run.cells):
        return [*found, Fault(0, run.failure)]
    kept = keeps_marks(sheet)
    for number, (cell, its) in enumerate(zip(sheet.cells, run.cells), 1):
        if its.failure:
            found.append(Fault(number, its.failure))
        elif cell.cell_type == "code":
            found += code_faults(number, cell, its, settings, sheet.is_page, kept)
        elif cell.cell_type == "markdown":
            found += text_faults(number, cell, its, settings, sheet.path.parent)
    merged = list(dict.fromkeys(found))
    return sorted(merged, key=lambda fault: fault.cell)


def code_faults(
    number: int, cell: Any, run: CellRun, settings: Settings, is_page: bool, marks_kept: bool
) -> Iterator[Fault]:
    """What is wrong with the outputs of a cell."""
    marks = marks_of(cell)
    raised = [output for output in run.outputs if output.output_type == "error"]
    if run.skipped or not cell.source.strip():
        if cell.outputs and not run.skipped:
            yield Fault(number, f"holds an output, but no code: {ACCEPT}")
        return
    if raised and not marks.raises:
        error, lines = raised[0], tuple(last_lines(raised[0]))
        yield Fault(number, f"raises {error.ename}: {error.evalue}: {RAISED}", lines)
        return
    if marks.raises and not raised:
        yield Fault(number, "is marked to raise an exception, but raises none: delete the marker")
    if "stderr" not in settings.allow:
        for output in run.outputs:
            warns = output.output_type == "stream" and output.name == "stderr"
            if warns and (said_first := output.text.strip()[:60]):
                yield Fault(number, f"writes to stderr ({said_first!r}): fix what warns")
    if marks.ignore or is_page:
        return
    if said := changes(cell, run, settings, marks_kept):
        heads = [line for line in said if not line.startswith("    ")]
        shown = tuple(line for line in said if line not in heads[:1])
        yield Fault(number, f"{heads[0]}: look at it, then {ACCEPT}", shown)


def keeps_marks(sheet: Sheet) -> bool:
    """Whether pictures of a notebook have marks, as accepted ones have."""
    return any(marked(cell.get("outputs", [])) for cell in sheet.cells)


def changes(cell: Any, run: CellRun, settings: Settings, marks_kept: bool) -> list[str]:
    """What differs between what a cell stores and what it gives."""
    tolerance = marks_of(cell).tolerance
    if tolerance is not None:
        settings = replace(settings, tolerance=tolerance)
    found = differences(cell.outputs, run.outputs, settings, run.loose)
    if not found and marks_kept and unmarked(cell.outputs, run.outputs):
        return ["the stored picture is another one, without the marks that pictures here have"]
    return found


def last_lines(error: Any) -> list[str]:
    import re

    text = "\n".join(error.get("traceback", []))
    lines = re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()
    return ["    " + line for line in lines[-12:]]


def text_faults(
    number: int, cell: Any, run: CellRun, settings: Settings, folder: Path
) -> Iterator[Fault]:
    """What is wrong with the numbers of a text cell."""
    for marker in unattached(cell.source):
        how = f"write 0{marker}, or close a passage with <!-- =] -->"
        yield Fault(number, f"has the marker {marker} without a number or a passage: {how}")
    for one, (good, value) in zip(bindings(cell.source), run.values.values()):
        if not good:
            yield Fault(number, f"binds {one.shown} to {one.says}, which raises {value}")
        elif one.is_picture:
            if said := stale(folder / one.target, value, settings):
                yield Fault(number, f"shows {one.target}: {said}: {ACCEPT}")
        elif one.shown != value:
            yield Fault(number, f"states {one.shown} where {one.says} gives {value}: {ACCEPT}")
    if settings.prose == "bound":
        for found in unbound(cell.source, settings):
            how = f"write {found}<!-- =expression -->, or {found}<!-- constant: why -->"
            yield Fault(number, f"states the number {found}, which is bound to nothing: {how}")


def stale(file: Path, drawn: str, settings: Settings) -> str:
    """What is wrong with the file of a picture."""
    if not file.is_file():
        return "there is no such file"
    stored = base64.b64encode(file.read_bytes()).decode("ascii")
    return "; ".join(line for line in picture_difference(stored, drawn, settings)[:1])


def ran_through(sheet: Sheet, run: Run) -> bool:
    """Whether every cell ran, and none raised what it is not marked to raise."""
    if run.failure or any(its.failure for its in run.cells):
        return False
    raised = [any(one.output_type == "error" for one in its.outputs) for its in run.cells]
    return not any(bad and not marks_of(cell).raises for cell, bad in zip(sheet.cells, raised))


def accepted(sheet: Sheet, run: Run, settings: Settings) -> Sheet:
    """The notebook with the outputs, counts and numbers of the run.

    Outputs that differ by nothing that counts stay as they are, so that files change only where
    what they say does.
    """
    kept = keeps_marks(sheet)
    made = Sheet(sheet.path, copy.deepcopy(sheet.notebook), sheet.is_page)
    for cell, its in zip(made.cells, run.cells):
        if cell.cell_type == "markdown":
            cell.source = written(
                cell.source, {b: v for b, (good, v) in its.values.items() if good}
            )
        elif cell.cell_type == "code" and not sheet.is_page and not its.skipped:
            left = marks_of(cell).ignore and cell.outputs
            if not left and changes(cell, its, settings, kept):
                cell.outputs = copy.deepcopy(its.outputs)
            cell.execution_count = its.count if cell.source.strip() else None
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = its.count
    if not sheet.is_page and "widgets" not in settings.allow:
        made.notebook.metadata.pop("widgets", None)
    return made


def pictures(sheet: Sheet, run: Run, settings: Settings) -> dict[Path, bytes]:
    """Files of pictures that are to be written, as they are drawn now."""
    found = {}
    for its in run.cells:
        for one, (good, value) in its.values.items():
            file = sheet.path.parent / one.target if one.is_picture else None
            if file and good and stale(file, value, settings):
                found[file] = base64.b64decode(value)
    return found
