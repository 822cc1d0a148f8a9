"""The notebooks pass the guards, and the guards notice what they are for."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
import pytest
from guards import complaints, numbers_in_prose_are_shown

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted([*FOLDER.glob("*.ipynb"), *FOLDER.parent.glob("examples/*/notebooks/*.ipynb")])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_fit_to_be_compared(path):
    found = complaints(nbformat.read(path, as_version=4), path)
    assert not found, "\n" + "\n".join(found)


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 3


@pytest.fixture
def notebook():
    return copy.deepcopy(nbformat.read(FOLDER / "01_start_here.ipynb", as_version=4))


def code(notebook, number=0):
    return [cell for cell in notebook.cells if cell.cell_type == "code"][number]


def chart(notebook):
    return next(
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and any("image/png" in o.get("data", {}) for o in cell.outputs)
    )


def clear_counts(nb):
    code(nb).execution_count = None


def run_out_of_order(nb):
    code(nb).execution_count = 7


def clear_outputs(nb):
    code(nb).outputs = []


def hide_value(nb):
    code(nb).source += ";"


def store_error(nb):
    code(nb).outputs = [
        nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[])
    ]


def store_warning(nb):
    code(nb).outputs.append(
        nbformat.v4.new_output("stream", name="stderr", text="DeprecationWarning")
    )


def drop_picture(nb):
    cell = chart(nb)
    cell.outputs = [o for o in cell.outputs if "image/png" not in o.get("data", {})] or [
        nbformat.v4.new_output("stream", text="nothing")
    ]


def drop_chart_text(nb):
    for output in chart(nb).outputs:
        output.data.pop("text/plain", None)


def pictures(nb):
    return [output for output in chart(nb).outputs if "image/png" in output.data]


def drop_alt_text(nb):
    for output in pictures(nb):
        output.metadata = {}


def other_picture(nb):
    other = nbformat.read(FOLDER / "02_who_was_studied.ipynb", as_version=4)
    stranger = next(
        o
        for cell in other.cells
        for o in cell.get("outputs", [])
        if "image/png" in o.get("data", {})
    )
    for output in pictures(nb):
        output.data["image/png"] = stranger.data["image/png"]


def other_alt_text(nb):
    for output in pictures(nb):
        output.metadata["image/png"]["alt"] = "Something else."


def keep_widgets(nb):
    view = {
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 0,
            "model_id": "0a",
        }
    }
    chart(nb).outputs.insert(0, nbformat.v4.new_output("display_data", data=view))


def keep_widget_state(nb):
    nb.metadata["widgets"] = {}


def misspell_marker(nb):
    code(nb).source = "# NBVAL_IGNORE_OUTPUTS\n" + code(nb).source


def ignore_without_reason(nb):
    code(nb).source = "# NBVAL_IGNORE_OUTPUT\n" + code(nb).source


def hide_marker_in_tag(nb):
    code(nb).metadata["tags"] = ["nbval-skip"]


def name_a_path(nb):
    code(nb).source = 'open("/home/someone/file.csv")\n' + code(nb).source


def change_kernel(nb):
    nb.metadata.kernelspec.name = "my-env"


def old_format(nb):
    nb.nbformat_minor = 2


def keep_python_version(nb):
    nb.metadata.language_info["version"] = "3.11.7"


def skip_heading_level(nb):
    nb.cells.insert(1, nbformat.v4.new_markdown_cell("#### Deep"))


def break_link(nb):
    nb.cells.insert(1, nbformat.v4.new_markdown_cell("[gone](99_gone.ipynb)"))


def picture_without_alt(nb):
    nb.cells.insert(1, nbformat.v4.new_markdown_cell("![](01_start_here.ipynb)"))


def type_a_number(nb):
    nb.cells.insert(1, nbformat.v4.new_markdown_cell("There are 4711 studies."))


def lose_a_heading(nb):
    for cell in nb.cells:
        cell.source = cell.source.replace("## Short answer", "## Anyway")


def turn_headings_round(nb):
    for cell in nb.cells:
        cell.source = (
            cell.source.replace("## What we look at", "## X")
            .replace("## Short answer", "## What we look at")
            .replace("## X", "## Short answer")
        )


def ask_nothing(nb):
    nb.cells[0].source = "# Title"


def put_logic_in(nb):
    code(nb).source = "for i in range(3):\n    pass\n" + code(nb).source


def write_on_and_on(nb):
    code(nb).source = "x = 1\n" * 20 + code(nb).source


def lead_nowhere(nb):
    for cell in nb.cells:
        cell.source = cell.source.replace("(02_who_was_studied.ipynb)", "(README.md)")


def add_a_raw_cell(nb):
    nb.cells.insert(1, nbformat.v4.new_raw_cell("Exercise cures."))


def add_html(nb):
    nb.cells[0].source += '\n\n<img src="x.png">'


def attach_a_picture(nb):
    nb.cells[0].attachments = {"x.png": {"image/png": "iVBOR"}}


def add_a_photograph(nb):
    pictures(nb)[0].data["image/jpeg"] = "/9j/"


def draw_in_html(nb):
    pictures(nb)[0].data["text/html"] = "<svg></svg>"


def hide_outputs(nb):
    code(nb).metadata["jupyter"] = {"outputs_hidden": True}


def hide_by_tag(nb):
    code(nb).metadata["tags"] = ["remove-output"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (add_a_raw_cell, "is raw"),
        (add_html, "holds HTML"),
        (attach_a_picture, "attached file"),
        (add_a_photograph, "image/jpeg"),
        (draw_in_html, "inside HTML"),
        (hide_outputs, "may hide it"),
        (hide_by_tag, "may hide it"),
        (lose_a_heading, "`## Short answer` is missing"),
        (turn_headings_round, "not in the order"),
        (ask_nothing, "asks no question"),
        (put_logic_in, "holds a loop"),
        (write_on_and_on, "lines, 12 are allowed"),
        (lead_nowhere, "no text cell links to 02_who_was_studied"),
        (type_a_number, "states the number 4711"),
        (clear_counts, "never run"),
        (run_out_of_order, "run as number 7"),
        (clear_outputs, "no output"),
        (hide_value, "semicolon"),
        (store_error, "the error ValueError"),
        (store_warning, "stderr"),
        (drop_picture, "no picture"),
        (drop_chart_text, "without its text"),
        (drop_alt_text, "without alt text"),
        (other_alt_text, "or with another"),
        (other_picture, "another picture"),
        (keep_widgets, "cell 3 holds widgets"),
        (keep_widget_state, "state of widgets"),
        (misspell_marker, "unknown marker NBVAL_IGNORE_OUTPUTS"),
        (ignore_without_reason, "without a reason"),
        (hide_marker_in_tag, "in its tags"),
        (name_a_path, "absolute path"),
        (change_kernel, "'my-env'"),
        (old_format, "4.5"),
        (keep_python_version, "version of Python"),
        (skip_heading_level, "skip levels"),
        (break_link, "99_gone.ipynb"),
        (picture_without_alt, "picture without alt text"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_spoiled_notebook_is_refused(notebook, spoil, words):
    spoil(notebook)
    found = complaints(notebook, FOLDER / "01_start_here.ipynb")
    assert any(words in message for message in found), found


def test_characters_of_a_picture_are_not_numbers():
    """Pictures are stored as letters and digits, where nearly every small number can be found."""
    picture = nbformat.v4.new_output(
        "display_data", data={"image/png": "iVBOR 17 ", "text/plain": "29 bars"}
    )
    cells = [
        nbformat.v4.new_markdown_cell("There are 17 or 29."),
        nbformat.v4.new_code_cell("x", outputs=[picture]),
    ]
    found = list(numbers_in_prose_are_shown(nbformat.v4.new_notebook(cells=cells), FOLDER))
    assert len(found) == 1 and "states the number 17" in found[0]


def test_a_part_of_a_number_is_not_shown():
    shown = nbformat.v4.new_output("stream", text="1,170 studies, 0.29, p53")
    cells = [
        nbformat.v4.new_markdown_cell("There are 17, 29 or 53."),
        nbformat.v4.new_code_cell("x", outputs=[shown]),
    ]
    assert len(list(numbers_in_prose_are_shown(nbformat.v4.new_notebook(cells=cells), FOLDER))) == 3
