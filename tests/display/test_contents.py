"""The page of contents is not stale, and a changed cell of any column changes it."""

from __future__ import annotations

import numpy as np
import pytest

from evidence.cli import main
from evidence.display.contents import contents
from evidence.tables.dictionary_file import read_dictionary
from evidence.tables.loading import read_tables


def page(folder) -> str:
    dictionary = read_dictionary(folder)
    texts, faults = read_tables(dictionary)
    assert not faults
    return contents(dictionary, texts)


@pytest.fixture(scope="module")
def stored(root):
    return (root / "data" / "CONTENTS.md").read_text(encoding="utf-8")


def test_the_contents_are_not_stale(root, stored):
    assert stored == page(root / "data"), "stale: run `make codebook`, and look at what changed"


def test_every_column_of_every_table_has_a_line(root, stored):
    dictionary = read_dictionary(root / "data")
    parts = stored.split("\n## ")[1:]
    assert len(parts) == len(dictionary.tables)
    for part, table in zip(parts, dictionary.tables.values(), strict=True):
        named = [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")]
        assert part.startswith(f"{table.title}\n") and named == [f.name for f in table.fields]


def other(cells: np.ndarray) -> np.ndarray:
    """The column with one letter or digit of one cell changed; an empty column stays."""
    places = np.flatnonzero(cells != "")
    new = cells.copy()
    if len(places):
        place = int(places[len(places) // 2])
        new[place] = cells[place][:-1] + ("8" if cells[place][-1] != "8" else "7")
    return new


def test_a_changed_cell_of_any_column_changes_its_line(root):
    dictionary = read_dictionary(root / "data")
    texts, _ = read_tables(dictionary)
    before = contents(dictionary, texts).splitlines()
    changed = 0
    for text in texts.values():
        for column, cells in text.columns.items():
            text.columns[column] = other(cells)
            changed += bool((cells != "").any())
    after = contents(dictionary, texts).splitlines()
    lines = [old for old, new in zip(before, after, strict=True) if old != new]
    assert len(lines) == changed > 200 and all(line.startswith("| `") for line in lines)


def test_one_changed_cell_changes_one_line(root):
    dictionary = read_dictionary(root / "data")
    texts, _ = read_tables(dictionary)
    before = contents(dictionary, texts).splitlines()
    columns = texts["studies"].columns
    columns["note"] = other(columns["note"])
    after = contents(dictionary, texts).splitlines()
    lines = [old for old, new in zip(before, after, strict=True) if old != new]
    assert len(lines) == 1 and lines[0].startswith("| `note` |")


def test_the_order_of_rows_counts(root):
    dictionary = read_dictionary(root / "data")
    texts, _ = read_tables(dictionary)
    before = contents(dictionary, texts)
    columns = texts["studies"].columns
    columns["country"] = columns["country"][::-1]
    assert contents(dictionary, texts) != before


def test_the_command(data, capsys):
    assert main(["contents", "--data", str(data.folder)]) == 0
    assert capsys.readouterr().out == page(data.folder)
    (data.folder / "studies.csv").write_text("study_id\n", encoding="utf-8")
    assert main(["contents", "--data", str(data.folder)]) == 1
    assert "The tables cannot be read:" in capsys.readouterr().err
