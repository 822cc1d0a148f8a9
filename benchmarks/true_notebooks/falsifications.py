"""Fifteen ways to falsify a small notebook or the page beside it, and two harmless changes."""

from __future__ import annotations

import base64
import copy
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
Change = Callable[[Notebook, "Others"], None]


class Others:
    """The same notebook with another line of code, run: where wrong outputs come from."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address

    def run(self, old: str, new: str) -> Notebook:
        """The notebook after a change of its code."""
        from benchmarks.true_notebooks.lessons import SMALL, notebook, run_once

        assert old in SMALL
        path = self.folder / "other.ipynb"
        path.write_text(notebook(SMALL.replace(old, new)), encoding="utf-8")
        run_once(path, self.address)
        made = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return made


def cell(notebook: Notebook, holds: str) -> dict[str, Any]:
    """The first cell with these words."""
    return next(one for one in notebook["cells"] if holds in "".join(one["source"]))


def result(notebook: Notebook, holds: str, form: str) -> tuple[dict[str, Any], str]:
    """Where a form of the value of a cell is kept, and its text."""
    data = next(o["data"] for o in cell(notebook, holds)["outputs"] if form in o.get("data", {}))
    return data, "".join(data[form])


def digit_in_text(nb: Notebook, others: Others) -> None:
    cell(nb, 'print("rows')["outputs"][0]["text"] = ["rows: 5\n"]


def digit_in_html(nb: Notebook, others: Others) -> None:
    data, text = result(nb, "totals = ", "text/html")
    assert "<td>19</td>" not in text and "<td>12</td>" in text
    data["text/html"] = text.replace("<td>12</td>", "<td>13</td>")


def other_picture(nb: Notebook, others: Others, old: str, new: str) -> None:
    made = others.run(old, new)
    data, _ = result(nb, "drawn = ", "image/png")
    data["image/png"] = result(made, "drawn = ", "image/png")[1]


def length_of_a_bar(nb: Notebook, others: Others) -> None:
    other_picture(nb, others, "totals.copy()", 'totals.replace({"Bob": {7: 8}})')


def meaning_of_colours(nb: Notebook, others: Others) -> None:
    new = '{"Ann": "tab:orange", "Bob": "tab:blue"}'
    other_picture(nb, others, '{"Ann": "tab:blue", "Bob": "tab:orange"}', new)


def label(nb: Notebook, others: Others) -> None:
    other_picture(nb, others, 'set_ylabel("cups")', 'set_ylabel("caps")')


def number_in_prose(nb: Notebook, others: Others) -> None:
    text = cell(nb, "The mean is")
    text["source"] = ['The mean is 8.0<!-- =cups["n"].mean():.1f --> cups, and 17 were cold.']


def output_of_another_run(nb: Notebook, others: Others) -> None:
    made = others.run('"n": [12, 9, 4, 7]', '"n": [12, 9, 4, 6]')
    cell(nb, ".std()")["outputs"] = cell(made, ".std()")["outputs"]


def cleared_cell(nb: Notebook, others: Others) -> None:
    cell(nb, "totals = ")["outputs"] = []


def order_of_cells(nb: Notebook, others: Others) -> None:
    """Two cells change places, each with its output and count."""
    places = [nb["cells"].index(cell(nb, words)) for words in (".std()", "drawn = ")]
    first, second = places
    nb["cells"][first], nb["cells"][second] = nb["cells"][second], nb["cells"][first]


def hidden_cell(nb: Notebook, others: Others) -> None:
    cell(nb, "totals = ")["metadata"] = {"jupyter": {"source_hidden": True}}


def blank_picture(nb: Notebook, others: Others) -> None:
    from PIL import Image

    data, text = result(nb, "drawn = ", "image/png")
    with Image.open(io.BytesIO(base64.b64decode(text))) as image:
        blank = Image.new("RGB", image.size, "white")
    stream = io.BytesIO()
    blank.save(stream, "png")
    data["image/png"] = base64.b64encode(stream.getvalue()).decode()


def error_passed_over(nb: Notebook, others: Others) -> None:
    """A line that raises, as if the cell had been run without it."""
    last = cell(nb, "most = ")
    last["source"] = ["".join(last["source"]) + '\ntotals.loc["cocoa"]']


def misspelt_marker(nb: Notebook, others: Others) -> None:
    one = cell(nb, 'print("rows')
    one["source"] = ["# NBVAL_IGNORE_OUTPUTS\n" + "".join(one["source"])]


def cell_never_run(nb: Notebook, others: Others) -> None:
    new = {"cell_type": "code", "execution_count": None, "id": "new", "metadata": {}}
    nb["cells"].append(new | {"outputs": [], "source": ["share = totals / totals.sum()"]})


def last_digit_of_a_float(nb: Notebook, others: Others) -> None:
    data, text = result(nb, ".std()", "text/plain")
    data["text/plain"] = text[:-1] + str((int(text[-1]) + 1) % 10)


def metadata_of_a_run(nb: Notebook, others: Others) -> None:
    nb["metadata"]["language_info"] = {"name": "python", "version": "3.10.1"}
    times = {"iopub.execute_input": "2026-01-01T00:00:00Z", "shell.execute_reply": "2026-01-01"}
    for one in nb["cells"]:
        if one["cell_type"] == "code":
            one["metadata"] = {"execution": times}


IN_NOTEBOOK: dict[str, Change] = {
    "a digit in text": digit_in_text,
    "a digit in HTML": digit_in_html,
    "the length of a bar": length_of_a_bar,
    "the meaning of two colours": meaning_of_colours,
    "a label of a picture": label,
    "a number in prose": number_in_prose,
    "the output of another run": output_of_another_run,
    "a cleared cell": cleared_cell,
    "the order of cells": order_of_cells,
    "a hidden cell": hidden_cell,
    "a blank picture": blank_picture,
    "an error passed over": error_passed_over,
    "a misspelt marker": misspelt_marker,
    "a cell that was never run": cell_never_run,
}
STALE = "a stale picture in the README"
HARMLESS: dict[str, Change] = {
    "the last digit of a float": last_digit_of_a_float,
    "metadata of a run": metadata_of_a_run,
}
FALSE = [*IN_NOTEBOOK, STALE]


def write_all(folder: Path, address: str) -> dict[str, Path]:
    """One folder for each change, and one without any (``unchanged``); needs a server's address."""
    from benchmarks.true_notebooks.lessons import write_small

    plain = folder / "unchanged"
    write_small(plain, address)
    others = Others(folder, address)
    made = {"unchanged": plain}
    for number, (name, change) in enumerate((IN_NOTEBOOK | HARMLESS).items(), 1):
        made[name] = shutil.copytree(plain, folder / f"change{number:02}")
        path = made[name] / "drinks.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        before = copy.deepcopy(notebook)
        change(notebook, others)
        assert notebook != before, name
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    made[STALE] = stale_picture(plain, folder / "change_page", address)
    return made


def stale_picture(plain: Path, folder: Path, address: str) -> Path:
    """The page with a picture drawn before a number changed."""
    from benchmarks.true_notebooks.lessons import PAGE, run_once

    shutil.copytree(plain, folder)
    older = folder / "older.md"
    older.write_text(PAGE.replace('"tea": 19', '"tea": 18'), encoding="utf-8")
    run_once(older, address)
    older.unlink()
    return folder
