"""What `make test` says about a spoiled notebook, end to end: nbval, the plugin beside it, and the
guards, on a copy.
"""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_start_here.ipynb"


def painted(picture: str, left: float, right: float) -> str:
    """The picture with a part painted over; title and description stay inside."""
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        pixels = np.array(image.convert("RGB"))
        kept = PngImagePlugin.PngInfo()
        for key, value in image.info.items():
            if isinstance(value, str):
                kept.add_itxt(key, value)
    height, width = pixels.shape[:2]
    pixels[height // 3 : height // 2, int(left * width) : int(right * width)] = (0, 114, 178)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "png", pnginfo=kept)
    return base64.b64encode(stream.getvalue()).decode()


@pytest.fixture(scope="module")
def stored():
    return nbformat.read(ROOT / "notebooks" / NAME, as_version=4)


@pytest.fixture(scope="module")
def verdict(tmp_path_factory, stored):
    """What a run says about a copy of a notebook that was spoiled in five places, and the cells
    that were spoiled.
    """
    folder = tmp_path_factory.mktemp("spoiled")
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("notebooks/guards.py", "notebooks/test_guards.py"):
        (folder / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    notebook = nbformat.from_dict(stored)
    code = [number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    drawn, *others = sorted(
        code,
        key=lambda i: not any("image/png" in o.get("data", {}) for o in notebook.cells[i].outputs),
    )
    shown = next(
        i
        for i in others
        if any("text/html" in o.get("data", {}) for o in notebook.cells[i].outputs)
    )
    places = {
        "loaded": others[0],
        "chart": drawn,
        "table": shown,
        "answer": code[-1],
        "never run": len(notebook.cells),
    }
    loaded, chart, table, answer = (
        notebook.cells[places[name]] for name in ("loaded", "chart", "table", "answer")
    )
    loaded.source = "# NBVAL_IGNORE_OUTPUTS\n" + loaded.source
    for output in (output for output in chart.outputs if "image/png" in output.data):
        output.data["image/png"] = painted(output.data["image/png"], 0.4, 0.5)
    for output in table.outputs:
        output.data["text/html"] = re.sub(
            r"(<td[^>]*>)(\d+)</td>",
            lambda found: f"{found[1]}{int(found[2]) + 1}</td>",
            output.data["text/html"],
            count=1,
        )
    answer.outputs = []
    notebook.cells.append(nbformat.v4.new_code_cell("evidence.balance(ev)"))
    (folder / "notebooks").mkdir()
    nbformat.write(notebook, folder / "notebooks" / NAME)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "--import-mode=importlib",
        "notebooks",
        "tests",
        "-k",
        "ipynb or fit_to_be_compared",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done, {name: place + 1 for name, place in places.items()}, code


def test_the_run_fails(verdict):
    done, _, _ = verdict
    assert done.returncode == 1, done.stdout[-3000:]


@pytest.mark.parametrize(
    ("name", "words"), [("table", "mismatch 'text/html'"), ("answer", "Unexpected output fields")]
)
def test_nbval_names_notebook_and_cell(verdict, name, words):
    done, places, code = verdict
    number = code.index(places[name] - 1)
    assert (
        f"Notebook cell execution failed\nCell {number}:"
        in re.sub(r"\x1b\[[\d;]*m", "", done.stdout)
        and words in done.stdout
    )
    assert f"notebooks/{NAME}::Cell {number}" in re.sub(r"\x1b\[[\d;]*m", "", done.stdout)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chart", "the stored picture is not the one that the cell draws now"),
        ("table", "text/html differs"),
        ("answer", "holds no output, but shows"),
        ("never run", "was never run"),
        ("loaded", "has the unknown marker NBVAL_IGNORE_OUTPUTS"),
    ],
)
def test_the_plugin_names_notebook_and_cell(verdict, name, words):
    done, places, _ = verdict
    assert f"notebooks/{NAME}: cell {places[name]} {words}" in done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("loaded", "has the unknown marker NBVAL_IGNORE_OUTPUTS"),
        ("never run", "was never run"),
        ("answer", "ends in an expression but has no output"),
    ],
)
def test_the_guards_name_notebook_and_cell(verdict, name, words):
    done, places, _ = verdict
    assert f"{NAME}: cell {places[name]} {words}" in done.stdout
