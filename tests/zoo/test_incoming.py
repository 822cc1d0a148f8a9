"""Whatever file comes in: read, or one message with its place; never a traceback, never a hang,
nothing dropped in silence.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from drawn import quick, tried, values
from hypothesis import given, settings
from hypothesis import strategies as st
from incoming import REFERENCES, SPREADSHEETS, TABLE, Animal, workbook
from portion import portion

import evidence
from evidence.cli import main
from evidence.exporting.about import Outgoing
from evidence.exporting.as_json import to_json
from evidence.exporting.as_package import to_datapackage
from evidence.importing.from_export import restored
from evidence.importing.placing import place
from evidence.importing.sheet import read_sheet

sys.path.insert(0, str(Path(__file__).parents[1]))
from sets import EXAMPLE

ROOT_USER = hasattr(os, "geteuid") and os.geteuid() == 0
WORKBOOK = workbook()


def said_of(animal: Animal, tmp_path, capsys, *options: str) -> str:
    """What the command says; its exit code is as expected, and the folder holds what was to be
    kept.
    """
    folder = tmp_path / "set"
    code = main(["new", str(folder), *options, "--yes", "--no-notebooks"])
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert code == animal.code, said
    assert animal.words in said and "Traceback" not in said
    assert all(character.isprintable() or character == "\n" for character in said)
    written = (
        {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*")}
        if folder.exists()
        else {}
    )
    assert not animal.kept or any(animal.kept in text for text in written.values()), sorted(written)
    return said


@pytest.mark.parametrize("animal", portion(SPREADSHEETS, 3), ids=lambda animal: animal.name)
def test_spreadsheets(animal, tmp_path, capsys):
    if animal.name == "no permission" and ROOT_USER:
        pytest.skip("this user may read everything")
    path = tmp_path / animal.file
    animal.make(path)
    said_of(animal, tmp_path, capsys, "--from", str(path))


@pytest.mark.parametrize("animal", portion(REFERENCES, 3), ids=lambda animal: animal.name)
def test_references(animal, tmp_path, capsys):
    table, path = tmp_path / "table.csv", tmp_path / animal.file
    table.write_text(TABLE, encoding="utf-8")
    animal.make(path)
    said_of(animal, tmp_path, capsys, "--from", str(table), "--references", str(path))


# --- exports that somebody changed ---


@functools.cache
def export(name: str) -> bytes:
    """A small data set as JSON or as an archive."""
    out = Outgoing(evidence.load(EXAMPLE))
    return to_json(out) if name == "set.json" else to_datapackage(out)


def _way_out(made: dict) -> None:
    made["datapackage"]["resources"][0]["path"] = "../studies.csv"


def _bibliography_elsewhere(made: dict) -> None:
    made["datapackage"]["evidence"]["bibliography"] = "/tmp/evidence-stolen.bib"


CHANGES = {
    "a table above the folder": (
        _way_out,
        "'../studies.csv' is not the name of a file inside a folder",
    ),
    "a bibliography elsewhere": (_bibliography_elsewhere, "is not the name of a file"),
    "a file above the folder": (
        lambda made: made["beside"].update({"../.profile": "x"}),
        "'../.profile' is not the name",
    ),
    "a file of another system": (
        lambda made: made["beside"].update({"..\\x": "x"}),
        "is not the name of a file",
    ),
    "no tables": (lambda made: made.pop("tables"), "KeyError: 'tables'"),
    "a list of nothing": (lambda made: made.update(datapackage=[]), "holds no data set"),
    "a number as bibliography": (lambda made: made.update(bibliography=7), "holds no data set"),
    "rows that are none": (lambda made: made["tables"].update(studies=["x"]), "holds no data set"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_export_that_was_changed(name, tmp_path, capsys):
    change, words = CHANGES[name]
    made = json.loads(export("set.json"))
    change(made)
    path = tmp_path / "set.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert main(["new", str(tmp_path / "set"), "--from", str(path), "--no-notebooks"]) == 1
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["set.json"]


def _names_of(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Bytes of an archive changed where they stand, all of one length."""
    changed = change(content)
    assert changed != content and len(changed) == len(content)
    return changed


PACKING = re.compile(rb"(PK\x01\x02.{6})\x08\0", re.S)
ARCHIVES = {
    "cut off": (
        lambda content: content[: len(content) // 2],
        2,
        "is not a spreadsheet that can be read",
    ),
    "a broken part": (
        lambda content: content[:200] + bytes(50) + content[250:],
        1,
        "holds no data set that can be restored",
    ),
    "a way out": (
        lambda content: _names_of(
            content, lambda c: c.replace(b"references.bib", b"../ferences.bi")
        ),
        1,
        "holds no data set",
    ),
    "an unknown packing": (
        lambda content: _names_of(
            content, lambda c: PACKING.sub(lambda found: found[1] + b"\x63\0", c)
        ),
        1,
        "holds no",
    ),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_was_changed(name, tmp_path, capsys):
    change, code, words = ARCHIVES[name]
    path = tmp_path / "set.zip"
    path.write_bytes(change(export("set.zip")))
    assert main(["new", str(tmp_path / "set"), "--from", str(path), "--no-notebooks"]) == code
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["set.zip"]


# --- any bytes ---

MARKS = [
    b'"',
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x81",
    b"sep=;\n",
    b"'=1",
    b"=1+1",
    b"1,5",
]
WORDS = [
    b"Study",
    b"N",
    b"A 2010",
    b"beneficial",
    b"Result",
    b"\xc3\xa9",
    b"<b>",
    b"0.9 (0.8-1.0)",
    b"n/a",
    b"\xe2\x80\xa8",
]
PIECES = st.sampled_from(MARKS + WORDS)
ANY_BYTES = st.one_of(st.lists(PIECES, max_size=30).map(b"".join), st.binary(max_size=80))


@settings(quick, max_examples=60)
@given(ANY_BYTES)
def test_any_spreadsheet(tmp_path_factory, content):
    """A table whose every character was in the file, or one message."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    sheet = tried(read_sheet, path)
    if sheet is not None:
        assert len(sheet.rows) == len(sheet.lines) and all(
            len(row) == len(sheet.header) for row in sheet.rows
        )
        placed = tried(place, sheet)
        assert placed is None or placed.rows == len(sheet.rows)


@settings(quick, max_examples=25)
@given(
    at=st.integers(0, 8000), length=st.integers(0, 40), put=st.one_of(PIECES, st.binary(max_size=8))
)
def test_any_workbook(tmp_path_factory, at, length, put):
    content = WORKBOOK[: at % len(WORKBOOK)] + put + WORKBOOK[at % len(WORKBOOK) + length :]
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    path.write_bytes(content)
    tried(read_sheet, path)


@settings(quick, max_examples=25)
@given(data=st.data())
def test_any_export(tmp_path_factory, data):
    """Another value, or none, anywhere in an export: a data set that names no file outside of its
    folder, or one message.
    """
    made = json.loads(export("set.json"))
    for table in made["tables"]:
        made["tables"][table] = made["tables"][table][:2]
    holder, key = made, data.draw(st.sampled_from(sorted(made)))
    while isinstance(holder[key], (dict, list)) and holder[key] and data.draw(st.integers(0, 3)):
        holder = holder[key]
        key = data.draw(
            st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
        )
    holder[key] = data.draw(
        st.one_of(values, st.sampled_from(["../x", "/x", "a\\b", "a\0b", "\ud800", "x" * 300]))
    )
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    found = tried(restored, path)
    if found is not None:
        assert all(".." not in name and not name.startswith("/") for name in found.files)
