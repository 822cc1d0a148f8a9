"""What a stored notebook of anybody must be, and what its outputs are compared by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from evidence.notebooks_true.compare import differences
from evidence.notebooks_true.guards import complaints, marks_of
from evidence.notebooks_true.running import CellRun, outputs_of, run_cell
from evidence.notebooks_true.settings import (
    KINDS,
    NAME,
    Settings,
    SettingsError,
    settings_for,
)
from evidence.notebooks_true.sheet import Sheet, UnreadableSheet, kernel_name, notebook
from evidence.notebooks_true.verdict import text_faults

PLAIN = Settings()
WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "0a"}}


def sheet(*cells, **metadata) -> Sheet:
    made = new_notebook()
    made.cells, made.metadata = list(cells), from_dict(metadata)
    return Sheet(Path("x.ipynb"), made, False)


def code(source="1", count=1, *outputs, **metadata):
    return new_code_cell(source, execution_count=count, outputs=list(outputs), metadata=metadata)


def stream(text="x", name="stdout"):
    return new_output("stream", name=name, text=text)


def value(**data):
    return new_output("execute_result", data={k.replace("_", "/"): v for k, v in data.items()})


def raised(*frames):
    return new_output("error", ename="ValueError", evalue="no", traceback=list(frames))


def picture(**metadata):
    return new_output("display_data", {"image/png": ""}, metadata={"image/png": metadata})


UUID = "550e8400-e29b-41d4-a716-44665544000"
LIST = [1, "<X at 0x7f99cc33dd44>"]
ERROR = raised()
RESULT = new_output("execute_result", data={"text/plain": "1"}, execution_count=7)
FAULTY = {
    "unrun": (sheet(code(count=None)), "was never run"),
    "order": (sheet(code(), code(count=3)), "was run as number 3, not 2"),
    "errors": (sheet(code("1", 1, ERROR)), "holds the error ValueError"),
    "stderr": (sheet(code("1", 1, stream("warns", "stderr"))), "writes to stderr ('warns')"),
    "hidden": (sheet(code(tags=["hide-input"])), "is hidden (hide-input)"),
    "markers": (sheet(code("# NBVAL_SKIPS\n1")), "unknown marker NBVAL_SKIPS"),
    "paths": (sheet(code("1", 1, stream("/home/ann/x.csv"))), "absolute path '/home/ann"),
    "widgets": (sheet(code("1", 1, new_output("display_data", data=WIDGET))), "holds widgets"),
}


def test_a_plain_notebook_is_fit():
    cells = [new_markdown_cell("# T"), code(), code("  "), code("1 + 1", 2, value(text_plain="2"))]
    cells[0].metadata["jp-MarkdownHeadingCollapsed"] = True  # the heading itself is seen
    cells[2].execution_count = None
    cells[1].outputs = [stream("\n", "stderr"), stream("/tmp/ipykernel_1/2.py:1: U")]
    assert complaints(sheet(*cells), PLAIN) == []
    assert set(FAULTY) == set(KINDS)


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_one_is_not_unless_allowed(name):
    made, words = FAULTY[name]
    assert any(words in said for _, said in complaints(made, PLAIN))
    assert complaints(made, Settings(allow=frozenset({name}))) == []


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (code("x = 1  # NBVAL_SKIP is not here"), "among other words"),
        (code("# nbval_skip\n1"), "unknown marker nbval_skip"),
        (code("# TRUE_TOLERANCE\n1"), "without a number"),
        (code("# TRUE_TOLERANCE: much\n1"), "without a number"),
        (code(tags=["nbval-skipp"]), "unknown tag nbval-skipp"),
        (code(tags=["raise-exception"]), "unknown tag raise-exception"),
        (code(jupyter={"outputs_hidden": True}), "outputs_hidden"),
        (code(collapsed=True), "collapsed"),
        (code(r'open("C:\\data\\x.csv")'), "absolute path"),
        (code("1", 2, RESULT), "was run as number 2, not 1"),
        (code("1", 1, RESULT), "holds a value of run number 7"),
        (code(tags=["nvbal-skip"]), "unknown tag nvbal-skip"),
        (code(tags=["rasies-exception"]), "unknown tag rasies-exception"),
        (code(tags=["hidden"]), "is hidden (hidden)"),
        (code(hide_input=True), "is hidden (hide_input)"),
        (code(cellView="form"), "is hidden (cellView: form)"),
        (code("#| echo: false\n1"), "is hidden (echo: false)"),
        (NotebookNode(code(), cell_type="markdown"), "is markdown with the outputs"),
    ],
)
def test_further_faults(cell, words):
    assert any(words in said for _, said in complaints(sheet(cell), PLAIN))


def test_markers_of_nbval_are_read():
    assert marks_of(code("# NBVAL_IGNORE_OUTPUT\n1")).ignore
    assert marks_of(code("#NBVAL_IGNORE_OUTPUT: the time of day\n1")).ignore
    assert not marks_of(code("# NBVAL_IGNORE_OUTPUT\n# NBVAL_CHECK_OUTPUT\n1")).ignore
    assert marks_of(code(tags=["raises-exception"])).raises
    assert marks_of(code(tags=["nbval-skip"])).skip
    assert marks_of(code("# TRUE_TOLERANCE: 1e-3, noisy\n1")).tolerance is None
    assert marks_of(code("# TRUE_TOLERANCE: 1e-3 (noisy)\n1")).tolerance == 1e-3


SAME = [
    ([stream("a"), stream("b")], [stream("ab")]),
    ([value(text_plain="<X at 0x7f00aa11bb22>")], [value(text_plain="<X at 0x7f99cc33dd44>")]),
    ([value(text_html='<p id="T_0a1b2">1</p>')], [value(text_html='<p id="T_ffff0">1</p>')]),
    ([value(text_plain="0.30000000000000004")], [value(text_plain="0.3")]),
    ([value(text_html=f'<p id="{UUID}4">')], [value(text_html=f'<p id="{UUID}5">')]),
    ([stream("100%\n")], [stream("\r 50%\r100%\r\n")]),
    ([stream(""), value(text_plain="1")], [value(text_plain="1")]),
    ([stream("a"), stream("w", "stderr"), stream("b")], [stream("w", "stderr"), stream("ab")]),
    ([raised("File ~/a.py:1", "no")], [raised("File /b.py:2", "\x1b[31mno\x1b[0m")]),
    ([value(application_json=[1, "<X at 0x7f00aa11bb22>"])], [value(application_json=LIST)]),
    ([picture(width=200)], [picture(width=201)]),
    ([stream("Wall time: 4.77 μs\n5")], [stream("Wall time: 1 s\n5")]),
    ([stream("24 ns ± 0 ns per loop (1 run)")], [stream("20 μs ± 1 ns per loop (1 run)")]),
    ([stream("3/3 [00:00<00:00, 97.8it/s]")], [stream("3/3 [00:01<?, 2it/s]")]),
    ([stream("/tmp/ipykernel_1/23.py:2: U")], [stream("/tmp/ipykernel_4/23.py:2: U")]),
]
OTHER = [
    ([stream("a")], [stream("a", "stderr")], "holds stdout, but shows stderr"),
    ([], [stream("a")], "holds no output, but shows stdout"),
    ([stream("a")], [], "holds 1 outputs (stdout), but shows 0 (nothing)"),
    ([value(text_plain="1")], [value(text_plain="1", text_html="1")], "shows text/html, which is"),
    ([value(text_plain="1", text_html="1")], [value(text_plain="1")], "text/html is stored, but"),
    ([value(text_html="<b>1</b>")], [value(text_html="<b>2</b>")], "text/html differs"),
    ([ERROR], [new_output("error", ename="ValueError", evalue="yes")], "error differs"),
    ([value(application_json={"a": 1})], [value(application_json={"a": 2})], "json differs"),
    ([value(application_json=["ab"])], [value(application_json=["a", "b"])], "json differs"),
    ([value(text_plain="0xff00ff")], [value(text_plain="0xff00fe")], "text/plain differs"),
    ([stream("['sku12345678']")], [stream("['sku12345679']")], "stdout differs"),
    ([value(text_html=f"<td>{UUID}4")], [value(text_html=f"<td>{UUID}5")], "text/html differs"),
    ([value(text_html="<td>T_12345 g")], [value(text_html="<td>T_12346 g")], "text/html differs"),
    ([raised("bad 17")], [raised("bad 18")], "error differs"),
    ([stream("3/3 [00:00<00:00, 9it/s]")], [stream("4/3 [00:00<00:00, 9it/s]")], "stdout differs"),
    ([raised()], [raised("bad 18")], "error differs"),
    ([picture(width=200)], [picture(width=20)], "width of the picture differs"),
    ([picture(alt="five")], [picture(alt="six")], "alt text of the picture differs"),
    (
        [stream("ab"), value(text_plain="1")],
        [stream("a"), value(text_plain="1"), stream("b")],
        "holds 2 outputs (stdout, text/plain), but shows 3",
    ),
]


@pytest.mark.parametrize(("stored", "drawn"), SAME)
def test_what_every_run_numbers_anew_is_equal(stored, drawn):
    assert differences(stored, drawn, PLAIN) == []


@pytest.mark.parametrize(("stored", "drawn", "words"), OTHER)
def test_what_differs_is_said(stored, drawn, words):
    said = differences(stored, drawn, PLAIN)
    assert any(words in line for line in said), said


def test_what_programs_write_comes_at_any_time():
    first, last = [stream("a"), value(text_plain="1")], [value(text_plain="1"), stream("a")]
    assert differences(first, last, PLAIN) and not differences(first, last, PLAIN, loose=True)


def test_a_later_cell_updates_an_output_of_an_earlier_one():
    def message(kind, text, **more):
        data = {"text/plain": text}
        content = {"data": data, "metadata": {}, "transient": {"display_id": "d"}, **more}
        return {"msg_type": kind, "header": {"msg_type": kind}, "content": content}

    shown = {}
    outputs, _ = outputs_of([message("display_data", "old")], shown)
    assert outputs_of([message("update_display_data", "new")], shown) == ([], None)
    assert outputs[0].data == {"text/plain": "new"}


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({}, "python3"),
        ({"kernelspec": {"name": "ir", "language": "R"}}, "ir"),
        ({"kernelspec": {"name": "conda-env", "language": "python"}}, "python3"),
        ({"kernelspec": {"name": "conda-env"}, "language_info": {"name": "python"}}, "python3"),
        ({"kernelspec": "python3", "language_info": None}, "python3"),
        ({"kernelspec": ["ir"], "language_info": "python"}, "python3"),
    ],
)
def test_every_kernel_for_python_is_this_one(metadata, name):
    assert kernel_name(sheet(**metadata)) == name


def test_only_kernels_of_python_compute_what_text_is_bound_to():
    cell, into = new_markdown_cell("Of 28<!-- =n -->"), CellRun("")
    run_cell(None, cell, into, PLAIN, python=False)
    (fault,) = text_faults(1, cell, into, PLAIN, Path())
    assert str(fault) == "cell 1 binds 28 to n, which raises an error: the kernel is not of Python"


def test_a_cell_that_lacks_what_it_needs_is_told_and_odd_metadata_are_not():
    made = sheet(code("1", 1, value(text_plain="1")), kernelspec={"name": "python3"}).notebook
    made.cells[0].outputs[0].pop("metadata")
    assert notebook(Path("x.ipynb"), json.dumps(made)).cells[0].source == "1"
    made.cells[0].pop("outputs")
    with pytest.raises(UnreadableSheet, match="cell 1: 'outputs' is a required property"):
        notebook(Path("x.ipynb"), json.dumps(made))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 3000, "is nested too deeply"),
        ("a = " + "9" * 5000, "digits"),
        ("notebook = 3", "notebook holds no tables"),
        ("notebook.x = 3", "notebook holds no tables"),
    ],
)
def test_odd_settings_are_one_message(tmp_path, text, words):
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=words):
        settings_for(tmp_path / "one.ipynb", tmp_path)


def test_what_settings_leave_out_is_not_compared():
    stored, drawn = [value(text_plain="at 12:01 of 5")], [value(text_plain="at 13:02 of 5")]
    assert differences(stored, drawn, PLAIN)
    assert differences(stored, drawn, Settings(ignore=(r"\d+:\d+",))) == []
