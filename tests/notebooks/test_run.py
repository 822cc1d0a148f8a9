"""Notebooks are executed into a folder of their own; a failing cell is named."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import evidence
from evidence.notebooks.run import run_notebooks


def notebook(*sources: str):
    cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
    return new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )


def test_sources_stay_untouched_unless_accepted(tmp_path):
    source = tmp_path / "in" / "one.ipynb"
    source.parent.mkdir()
    nbformat.write(notebook("1 + 1"), source)
    before = source.read_bytes()
    (done,) = run_notebooks(source.parent, tmp_path / "out")
    executed = nbformat.read(done, as_version=4)
    assert source.read_bytes() == before and executed.cells[1].outputs[0].data["text/plain"] == "2"
    assert executed.metadata.language_info == {"name": "python"}
    run_notebooks(source.parent, tmp_path / "out", accept=True)
    assert source.read_bytes() == done.read_bytes()


def test_what_changed_is_shown(tmp_path, capsys):
    source = tmp_path / "in" / "one.ipynb"
    source.parent.mkdir()
    nbformat.write(notebook("1 + 1"), source)
    run_notebooks(source.parent, tmp_path / "out", accept=True)
    capsys.readouterr()
    run_notebooks(source.parent, tmp_path / "out")
    assert "shows something else" not in capsys.readouterr().err
    source.write_text(source.read_text(encoding="utf-8").replace('"2"', '"3"'), encoding="utf-8")
    run_notebooks(source.parent, tmp_path / "out")
    assert "one.ipynb: cell 2 shows something else:\n@@ -1 +1 @@\n-3\n+2" in capsys.readouterr().err


def test_a_failing_cell_is_named(tmp_path):
    nbformat.write(notebook("x = 1", "1 / 0"), tmp_path / "bad.ipynb")
    with pytest.raises(
        evidence.EvidenceError, match=r"bad\.ipynb: cell 3 \('1 / 0'\): ZeroDivisionError"
    ):
        run_notebooks(tmp_path, tmp_path / "out")


def test_a_kernel_that_is_not_installed_is_named(tmp_path):
    """The notebooks beside it are executed all the same."""
    made = notebook("1")
    made.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    nbformat.write(made, tmp_path / "in_r.ipynb")
    nbformat.write(notebook("1 + 1"), tmp_path / "one.ipynb")
    said = r"in_r\.ipynb: its kernel 'ir' is not installed; allowed: .*python3"
    with pytest.raises(evidence.EvidenceError, match=said):
        run_notebooks(tmp_path, tmp_path / "out")
    assert (tmp_path / "out" / "notebooks" / "one.ipynb").is_file()


def test_a_kernel_that_does_not_start_is_named(tmp_path, monkeypatch):
    broken = tmp_path / "share" / "kernels" / "broken"
    broken.mkdir(parents=True)
    text = '{"argv": ["/nowhere/python"], "display_name": "B", "language": "python"}'
    (broken / "kernel.json").write_text(text, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    made = notebook("1")
    made.metadata["kernelspec"]["name"] = "broken"
    nbformat.write(made, tmp_path / "one.ipynb")
    with pytest.raises(
        evidence.EvidenceError, match=r"its kernel 'broken' does not start: .*No such"
    ):
        run_notebooks(tmp_path, tmp_path / "out")


def test_a_stored_error_is_not_taken_for_the_cell_that_failed(tmp_path):
    """Of an empty cell, of one that may fail, and of one that is not run."""
    made = notebook("", "0 / 0", "0 / 0", "1 / 0")
    stored = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": []}
    made.cells[1].outputs = made.cells[2].outputs = [nbformat.from_dict(stored)]
    made.cells[2].metadata["tags"] = ["skip-execution"]
    made.cells[3].metadata["tags"] = ["raises-exception"]
    nbformat.write(made, tmp_path / "bad.ipynb")
    with pytest.raises(evidence.EvidenceError, match=r"bad\.ipynb: cell 5 \('1 / 0'\): ZeroDiv"):
        run_notebooks(tmp_path, tmp_path / "out")


def test_only_what_changed_is_run_again(data, tmp_path):
    """By the cells, and by the tables; what was stored in between is shown and accepted all the
    same.
    """
    folder, counted = tmp_path / "in", tmp_path / "runs"
    folder.mkdir()
    count = f"open({str(counted)!r}, 'a').write('x')\nimport os"
    nbformat.write(notebook(count, "1 + 1"), folder / "one.ipynb")

    def runs(**more) -> int:
        before = len(counted.read_text()) if counted.is_file() else 0
        where = str(data.folder)
        run_notebooks(folder, tmp_path / "out", data=where, changed_only=True, **more)
        return len(counted.read_text()) - before

    assert [runs(), runs()] == [1, 0]
    source = nbformat.read(folder / "one.ipynb", as_version=4)
    assert source.cells[2].outputs == []
    assert runs(accept=True) == 0
    source = nbformat.read(folder / "one.ipynb", as_version=4)
    assert source.cells[2].outputs[0].data["text/plain"] == "2"
    data.change("studies", "drory2001", note="Another note.")
    assert [runs(), runs()] == [1, 0]
    protocol = data.folder / "reading_protocol.toml"
    protocol.write_text(protocol.read_text(encoding="utf-8") + "# More.\n", encoding="utf-8")
    assert [runs(), runs()] == [1, 0]
    source.cells[2].source = "1 + 2"
    nbformat.write(source, folder / "one.ipynb")
    assert [runs(), runs()] == [1, 0]
