"""Run the code cells of a notebook in this process, and compare what they give with what is stored.

A kernel costs one second per notebook; most mutations need no kernel to be noticed. Values are put
into words by IPython's own formatter, pictures are not rendered, and the comparison follows nbval:
no pictures, no metadata, and nothing where a cell was never run (the guards see to that).
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
from pathlib import Path
from typing import Any

# Imported once, before processes are forked off.
PRELOAD = [
    "IPython.core.formatters",
    "bibtexparser",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "meta_analyze",
    "mpl_toolkits.axes_grid1",
    "nbformat",
    "numpy",
    "pandas",
    "pylatexenc.latex2text",
    "scipy.special",
    "scipy.stats",
]
UNSEEN = ("NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP")


def without_pictures() -> None:
    """Charts show their text alone: rendering takes most of the time, and nbval skips pictures. The
    explorer shows no controls.
    """
    os.environ["EVIDENCE_WIDGETS"] = "off"
    from evidence.charts.chart import Chart

    Chart.png = b""


def run_cell(source: str, space: dict[str, Any]) -> list[dict[str, Any]]:
    """Execute one cell; its outputs as nbformat has them, without pictures."""
    from unittest import mock

    from IPython.core.formatters import DisplayFormatter

    shown: list[dict[str, Any]] = []
    formatter = DisplayFormatter()

    def show(*values: Any) -> None:
        """As IPython's: a value may show itself by displaying others, and then gives nothing."""
        for value in values:
            data = formatter.format(value)[0]
            if data:
                shown.append({"data": data})

    space["display"] = show
    body = ast.parse(source).body
    last = None
    if body and isinstance(body[-1], ast.Expr):
        last = body.pop()
    streams = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    with (
        contextlib.redirect_stdout(streams["stdout"]),
        contextlib.redirect_stderr(streams["stderr"]),
        mock.patch("IPython.display.display", show),
    ):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), space)
        value = None
        if last:
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)
        if value is not None:
            show(value)
    return [
        {"name": name, "text": stream.getvalue()}
        for name, stream in streams.items()
        if stream.getvalue()
    ] + shown


def seen(outputs: list[Any]) -> list[Any]:
    """What is compared of outputs: streams joined by name, then every value in all its forms but
    pictures.
    """
    streams: dict[str, str] = {}
    values = []
    for output in outputs:
        if "data" in output:
            values.append(
                {
                    kind: content
                    for kind, content in output["data"].items()
                    if not kind.startswith("image/")
                }
            )
        else:
            name = output.get("name", "error")
            streams[name] = streams.get(name, "") + output.get("text", "")
    return [sorted(streams.items()), values]


def _stored(output: dict[str, Any]) -> dict[str, Any]:
    """An output as a notebook keeps it, without its picture."""
    if "data" not in output:
        return {"output_type": "stream"} | output
    data = {form: text for form, text in output["data"].items() if not form.startswith("image/")}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def renew(path: Path) -> None:
    """Store in a notebook what its cells give now; a cell that raises is not run."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    space: dict[str, Any] = {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        for cell in notebook.cells:
            if cell.cell_type != "code" or not cell.source.strip() or "NBVAL_SKIP" in cell.source:
                continue
            try:
                outputs = run_cell(cell.source, space)
            except Exception:
                cell.source = f"# NBVAL_SKIP: raises now\n{cell.source}"
                continue
            cell.outputs = [nbformat.from_dict(_stored(one)) for one in outputs]
            cell.execution_count = cell.execution_count or 1
    finally:
        os.chdir(before)
    nbformat.write(notebook, path)


def difference(notebook: Any, path: Path) -> str:
    """The first cell whose outputs differ from the stored ones, in words; empty for none."""
    space: dict[str, Any] = {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        for number, cell in enumerate(notebook.cells, 1):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            place = f"{path.stem}, cell {number}"
            marks = set(re.findall(r"#.*?\b(NBVAL_\w+)", cell.source))
            if "NBVAL_SKIP" in marks:
                continue
            try:
                now = run_cell(cell.source, space)
            except Exception as error:
                if "NBVAL_RAISES_EXCEPTION" in marks:
                    continue
                return (
                    f"{place}: {type(error).__name__}:"
                    f" {str(error).splitlines()[0] if str(error) else ''}"
                )
            if marks & set(UNSEEN) or cell.execution_count is None:
                continue
            if seen(now) != seen(cell.outputs):
                return f"{place}: another output"
    finally:
        os.chdir(before)
    return ""
