"""A data set that was made to run something: its title, names, columns and files are refused, or
stay words.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import zipfile
from itertools import product
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from portion import portion
from r_rules import runs

import evidence
from evidence.cli import main
from evidence.display.candidates_text import candidates_ris
from evidence.exporting import as_metafor
from evidence.exporting.about import Outgoing
from evidence.exporting.as_metafor import to_metafor
from evidence.exporting.as_references import own_entry, to_ris
from evidence.exporting.formats import FORMATS
from evidence.importing.from_export import restored
from evidence.importing.new_folder import TEMPLATES, new_set, notebook, write_notebooks

FENCE = "T\n\n```python\nimport os; os.system('touch x')\n```\n"
BREAKOUT = "Exercise\nsystem('touch x')\n# "
COLUMN = 'counted=True) and __import__("os").system("touch x")#'


@pytest.fixture
def tea(tmp_path) -> Path:
    new_set(tmp_path / "tea", "Tea", notebooks=False)
    return tmp_path / "tea"


def changed(folder: Path, change) -> Path:
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    change(package)
    path.write_text(json.dumps(package), encoding="utf-8")
    return folder


PLACES = {
    "title": lambda package, text: package.__setitem__("title", text),
    "version": lambda package, text: package.__setitem__("version", text),
    "name": lambda package, text: package.__setitem__("name", text),
    "licence": lambda package, text: package.__setitem__("licenses", [{"name": text}]),
    "its address": lambda package, text: package.__setitem__(
        "licenses", [{"name": "x", "path": text}]
    ),
    "second licence": lambda package, text: package.__setitem__(
        "licenses", [{"name": "x"}, {"name": text}]
    ),
    "contributor": lambda package, text: package.__setitem__("contributors", [{"title": text}]),
    "keyword": lambda package, text: package.__setitem__("keywords", [text]),
    "homepage": lambda package, text: package.__setitem__("homepage", text),
    "created": lambda package, text: package.__setitem__("created", text),
    "topic": lambda package, text: package["evidence"].__setitem__("topic", text),
    "source": lambda package, text: package["evidence"].__setitem__("source", text),
    "how_made": lambda package, text: package["evidence"].__setitem__("how_made", text),
    "frame": lambda package, text: package["evidence"].__setitem__("frame", text),
    "caution": lambda package, text: package["evidence"].__setitem__("caution", text),
    "tier": lambda package, text: package["evidence"].__setitem__("tiers", [text]),
    "filter": lambda package, text: package["evidence"].__setitem__("filters", [text]),
    "bibliography": (
        lambda package, text: package["evidence"].__setitem__("bibliography", text + ".bib")
    ),
    "search": lambda package, text: package["evidence"].__setitem__("search", text + ".toml"),
    "table": lambda package, text: package["resources"][0].__setitem__("name", text),
    "title of a table": lambda package, text: package["resources"][0].__setitem__("title", text),
    "file": lambda package, text: package["resources"][0].__setitem__("path", text + ".csv"),
    "column": (
        lambda package, text: package["resources"][0]["schema"]["fields"][-1].__setitem__(
            "name", text
        )
    ),
    "title of a column": (
        lambda package, text: package["resources"][0]["schema"]["fields"][-1].__setitem__(
            "title", text
        )
    ),
    "unit": (
        lambda package, text: package["resources"][0]["schema"]["fields"][-1].__setitem__(
            "unit", text
        )
    ),
    "label": lambda package, text: _category(package).__setitem__("label", text),
    "value": lambda package, text: _category(package).__setitem__("value", text),
}


def _category(package: dict) -> dict:
    return next(
        field for field in package["resources"][0]["schema"]["fields"] if "categories" in field
    )["categories"][0]


WRONG = [
    BREAKOUT,
    "a\rb",
    "a\tb",
    "a\x1b[2J",
    "a\x9b2J",
    "a\u202eb",
    "a\u2066b",
    "a\u2028b",
    "a\ue000b",
    "a\ud800b",
]


@pytest.mark.parametrize(("text", "place"), portion(product(WRONG, PLACES), 4))
def test_the_dictionary_refuses_it(tea, capsys, place, text):
    changed(tea, lambda package: PLACES[place](package, text))
    assert main(["check", str(tea)]) == 1
    said = capsys.readouterr().err
    assert (
        "datapackage.json" in said
        and "allowed:" in said
        and all(line.isprintable() for line in said.splitlines())
    )


@pytest.mark.parametrize("name", [COLUMN, "a b", "1st", "class", "=a", "a-b", ""])
def test_a_column_is_a_name(tea, capsys, name):
    changed(
        tea,
        lambda package: package["resources"][0]["schema"]["fields"].append(
            {"name": name, "type": "string"}
        ),
    )
    assert main(["check", str(tea)]) == 1 and "datapackage.json" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["about", "dictionary", "a" * 32, "file 1", "A", "a/b", "a'b"])
def test_a_table_is_named_like_a_sheet(tea, capsys, name):
    changed(tea, lambda package: package["resources"][-1].__setitem__("name", name))
    assert (
        main(["check", str(tea)]) == 1
        and "cannot be the name of a table" in capsys.readouterr().err
    )


@pytest.mark.parametrize("text", ["a\x1b[2J", "a\u202eb", "a\ue000"])
def test_also_in_settings_that_nobody_knows_and_in_their_names(tea, capsys, text):
    changed(tea, lambda package: package["evidence"].__setitem__("mine", [{text: 1}]))
    assert main(["check", str(tea)]) == 1
    changed(tea, lambda package: package["evidence"].__setitem__("mine", [{"a": text}]))
    assert main(["check", str(tea)]) == 1 and capsys.readouterr().err.count("evidence.mine[0]") == 2


def test_a_description_may_have_lines(tea):
    changed(tea, lambda package: package.__setitem__("description", "One.\n\nTwo."))
    assert evidence.check(tea) == []


# --- notebooks ---


@pytest.mark.parametrize(
    "text",
    [FENCE, "{question}", "```python", "<img src=x onerror=alert(1)>", "$x$ [a](javascript:b)"],
)
def test_no_word_becomes_a_cell(tmp_path, text):
    write_notebooks(tmp_path / "plain", "Plain", "Plain?")
    write_notebooks(tmp_path / "evil", text, text)
    for path in sorted((tmp_path / "plain").iterdir()):
        plain, evil = (
            nbformat.read(folder / path.name, as_version=4).cells
            for folder in (path.parent, tmp_path / "evil")
        )
        assert [cell.cell_type for cell in plain] == [cell.cell_type for cell in evil]
        assert [cell.source for cell in plain if cell.cell_type == "code"] == [
            cell.source for cell in evil if cell.cell_type == "code"
        ]
    first = "\n".join(
        cell.source
        for cell in nbformat.read(tmp_path / "evil" / "01_start_here.ipynb", as_version=4).cells
    )
    assert not re.search(r"<img|\]\(javascript|\$x", first) and not re.search("^```", first, re.M)


def test_words_stand_in_text_alone():
    for path in TEMPLATES.glob("*.md"):
        cells = notebook(path.read_text(encoding="utf-8"), {"title": "T", "question": "Q"}).cells
        assert not any("{" in cell.source for cell in cells if cell.cell_type == "code")


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.whole])
def test_no_export_brings_a_cell(tea, tmp_path, capsys, name):
    """A file of each kind whose title holds a block of code: nothing is written."""
    file = tmp_path / f"tea{FORMATS[name].ending}"
    assert main(["export", "--data", str(tea), "--format", name, "--out", str(file)]) == 0
    _retitled(file, FENCE)
    assert main(["new", str(tmp_path / "again"), "--from", str(file)]) == 1
    assert "title" in capsys.readouterr().err and not (tmp_path / "again").exists()


def _retitled(file: Path, title: str) -> None:
    if file.suffix == ".json":
        made = json.loads(file.read_text(encoding="utf-8"))
        made["datapackage"]["title"] = title
        file.write_text(json.dumps(made), encoding="utf-8")
    elif file.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(file)
        for sheet in book:
            for (cell,) in sheet.iter_rows(max_col=1) if sheet.title.startswith("file ") else ():
                if cell.value and '"title": "Tea"' in cell.value:
                    cell.value = cell.value.replace('"Tea"', json.dumps(title))
        book.save(file)
    else:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        package = json.loads(parts["datapackage.json"])
        parts["datapackage.json"] = json.dumps(package | {"title": title}).encode()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)


# --- restoring ---


@pytest.mark.parametrize(
    "name",
    [
        "notebooks/00_evil.ipynb",
        "notebooks/pandas.py",
        "Makefile",
        "conftest.py",
        "LICENSE.md",
        "license",
        "Search.toml",
        "datapackage.json",
        "../x",
    ],
)
def test_an_export_writes_no_other_file(tea, tmp_path, capsys, name):
    file = tmp_path / "tea.json"
    assert main(["export", "--data", str(tea), "--format", "json", "--out", str(file)]) == 0
    made = json.loads(file.read_text(encoding="utf-8"))
    made["beside"] = made.get("beside", {}) | {name: "import os"}
    file.write_text(json.dumps(made), encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    assert main(["new", str(tmp_path / "again"), "--from", str(file)]) == 1
    assert (
        "holds no data set that can be restored" in capsys.readouterr().err
        and sorted(tmp_path.rglob("*")) == before
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda package: package["evidence"].__setitem__("bibliography", "Makefile"),
        lambda package: package["evidence"].__setitem__("bibliography", "other.bib"),
        lambda package: package["resources"][0].__setitem__("path", "notebooks/evil.py"),
        lambda package: package["resources"][0].__setitem__("path", "../evil.csv"),
        lambda package: package["resources"][0].__setitem__(
            "path", package["resources"][1]["path"]
        ),
        lambda package: package["resources"][0].__setitem__(
            "path", package["resources"][1]["path"].upper().replace("CSV", "csv")
        ),
    ],
)
def test_the_dictionary_of_an_export_names_no_other_file(tea, tmp_path, change):
    file = tmp_path / "tea.json"
    assert main(["export", "--data", str(tea), "--format", "json", "--out", str(file)]) == 0
    made = json.loads(file.read_text(encoding="utf-8"))
    change(made["datapackage"])
    file.write_text(json.dumps(made), encoding="utf-8")
    with pytest.raises(evidence.DataError, match="holds no data set that can be restored"):
        restored(file)


# --- R and RIS ---


@pytest.fixture
def out(ev, monkeypatch) -> Outgoing:
    """The real tables, of which something else is said; without the rows, which take seconds and
    hold no code.
    """
    monkeypatch.setattr(
        as_metafor, "metafor_rows", lambda out: pd.DataFrame({"source": [out.about.citation]})
    )
    return Outgoing(ev)


def retold(out: Outgoing, text: str) -> Outgoing:
    """As if the dictionary let it pass."""
    vars(out)["about"] = dataclasses.replace(
        out.about, title=text, makers=(text, "B"), version=text, licence=text
    )
    return out


@pytest.mark.parametrize(
    "text", [BREAKOUT, 'a"); system("x', "a\\", "a\r\nb", "a\x85b", "a\u2028b"]
)
def test_the_script_of_r_runs_the_same(out, text):
    plain = runs(to_metafor(out)[".R"].decode())
    assert "system" not in plain and plain.count("string") >= 9
    assert runs(to_metafor(retold(out, text))[".R"].decode()) == plain
    named = to_metafor(out, re.sub("[\r\n]", "", text))[".R"].decode()
    assert runs(named) == plain


def test_ris_has_no_further_tag(out):
    plain = re.findall(r"^([A-Z][A-Z0-9])  -", to_ris(retold(out, "Plain")).decode(), re.M)
    text = to_ris(retold(out, "Exercise\nER  - \nTY  - JOUR\r\nTI  - Other")).decode()
    assert re.findall(r"^([A-Z][A-Z0-9])  -", text, re.M) == plain
    assert own_entry(out)["title"].iloc[0].startswith("Exercise")


def test_abstracts_bring_no_tag():
    row = dict.fromkeys(
        (
            "perhaps",
            "question",
            "author",
            "year",
            "container",
            "volume",
            "number",
            "pages",
            "doi",
            "pmid",
            "pmcid",
            "services",
        ),
        "",
    )
    row |= {
        "rank": "1",
        "title": "T",
        "notice": "none",
        "likeness": "1",
        "nearest": "a",
        "found_on": "",
        "entry_type": "article",
    }
    text = candidates_ris(pd.DataFrame([row | {"abstract": "One\nER  - \nTY  - JOUR"}]))
    assert text.count("\nER  -") == 1 and len(re.findall("^TY", text, re.M)) == 1


# --- outputs never replace inputs ---


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("metafor", "studies.csv"),
        ("metafor", "findings.csv"),
        ("jsonld", "datapackage.json"),
        ("json", "datapackage.json"),
    ],
)
def test_an_export_replaces_no_table(data, capsys, form, name):
    before = {path: path.read_bytes() for path in data.folder.iterdir() if path.is_file()}
    assert (
        main(
            [
                "export",
                "--data",
                str(data.folder),
                "--format",
                form,
                "--out",
                str(data.folder / name),
            ]
        )
        == 2
    )
    assert "would replace what is read" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in data.folder.iterdir() if path.is_file()} == before


def test_nor_by_another_name(data, tmp_path, capsys):
    (tmp_path / "link.csv").symlink_to(data.folder / "studies.csv")
    assert (
        main(
            [
                "export",
                "--data",
                str(data.folder),
                "--format",
                "bibtex",
                "--out",
                str(data.bibliography),
            ]
        )
        == 2
    )
    assert (
        main(
            [
                "export",
                "--data",
                str(data.folder),
                "--format",
                "metafor",
                "--out",
                str(tmp_path / "link.csv"),
            ]
        )
        == 2
    )
    assert capsys.readouterr().err.count("would replace") == 2


def test_charts_replace_no_table(tea, capsys):
    shutil.move(tea / "studies.csv", tea / "balance.csv")
    changed(tea, lambda package: package["resources"][0].__setitem__("path", "balance.csv"))
    assert (
        main(["charts", "balance", "--data", str(tea), "--out", str(tea)]) == 2
        and "would replace" in capsys.readouterr().err
    )


def test_the_page_replaces_no_input(tea, capsys):
    pytest.importorskip("jinja2")
    (tea.parent / ".evidence-site").write_bytes(b"")
    assert (
        main(["site", "--data", str(tea), "--out", str(tea.parent)]) == 2
        and "would replace" in capsys.readouterr().err
    )


def test_running_replaces_no_notebook(tea, capsys, monkeypatch):
    write_notebooks(tea / "notebooks", "Tea")
    before = {path: path.read_bytes() for path in (tea / "notebooks").iterdir()}
    monkeypatch.chdir(tea)
    assert main(["run", "--data", ".", "--out", "."]) == 2
    assert "would replace" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (tea / "notebooks").iterdir()} == before


def test_a_search_replaces_no_table(tea, capsys):
    shutil.move(tea / "studies.csv", tea / "candidates.csv")

    def renamed(package: dict) -> None:
        package["resources"][0]["path"] = "candidates.csv"
        package["evidence"]["search"] = "search.toml"

    changed(tea, renamed)
    search = (
        'last_search = ""\n[[search]]\nname = "a"\nquestion = "main"\nservice = "pubmed"\nterms ='
        ' "x"\n'
    )
    (tea / "search.toml").write_text(search, encoding="utf-8")
    assert (
        main(["watch", "--data", str(tea), "--out", str(tea), "--offline"]) == 2
        and "would replace" in capsys.readouterr().err
    )
