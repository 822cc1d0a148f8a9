"""A data set full of poison: whatever is written from it, no word of it becomes markup, code, a
formula or a way out of the folder.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import mistune
import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from cage import Cage
from defusedxml.ElementTree import fromstring
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import evidence
from evidence.cli import main
from evidence.display.codebook import codebook
from evidence.explorer.explore import Page
from evidence.explorer.export import write_export
from evidence.exporting.chart_pack import write_pack
from evidence.exporting.formats import FORMATS
from evidence.site import build
from evidence.site.build import write_site
from evidence.tables.formulas import NUMBER

POISON = (
    """"'><img src=x onerror=alert(1)></script><script>alert(1)</script>[x](javascript:alert(1))"""
)
FORMULAS = ("=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3")
SHOWN = (
    "note",
    "title",
    "label",
    "description",
    "claim",
    "outcome",
    "statement",
    "source_says",
    "contradicts",
    "country",
    "reason",
    "subgroup",
)
LEADING = ("href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset")


def poisoned(cage: Cage) -> None:
    """Poison in every text that is nobody's key: cells, dictionary, bibliography."""
    for table in ("studies", "findings", "cohorts", "claims", "known_issues", "arms"):
        cage.rows(table, lambda rows, table=table: _cells(rows, table))
    cage.package(_dictionary)
    text = cage.bibliography.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(\s*(?:title|journal)\s*=\s*\{)", lambda found: found[1] + POISON, text)
    text = re.sub(r"(?m)^(\s*doi\s*=.*)$", r"\1" + "\n  url = {javascript:alert(1)},", text)
    cage.bibliography.write_text(text, encoding="utf-8")


def _cells(rows: list[list[str]], table: str) -> None:
    fields = {field["name"]: field for field in PACKAGE[table]}
    for number, row in enumerate(rows[1:]):
        for place, name in enumerate(rows[0]):
            constraints = fields[name].get("constraints", {})
            free = fields[name]["type"] == "string" and not (
                constraints.get("pattern") or "categories" in fields[name]
            )
            if free and name in SHOWN:
                row[place] = FORMULAS[number % 4] if number % 3 == 0 else f"{POISON} {number}"


def _dictionary(package: dict) -> None:
    for name in ("title", "description", "version"):
        package[name] = f"{POISON} {package.get(name, '')}"
    for name in ("topic", "frame", "how_made", "caution", "source"):
        package["evidence"][name] = f"{POISON} {name}"
    package["licenses"] = [{"name": POISON, "path": "javascript:alert(1)"}]
    package["contributors"] = [{"title": POISON}]
    package["homepage"] = "javascript:alert(1)"
    for resource in package["resources"]:
        resource["title"], resource["description"] = f"<b onclick=x>{resource['name']}", POISON
        for field in resource["schema"]["fields"]:
            field["title"], field["description"] = f"<b onclick=x>{field['name']}", POISON
            for place, word in enumerate(field.get("categories", [])):
                if isinstance(word, dict):
                    word["label"], word["description"] = (
                        f"{'=' if place % 2 else ''}<b onclick=x>\"'{place}",
                        POISON,
                    )


PACKAGE: dict[str, list[dict]] = {}


@pytest.fixture(scope="module")
def spoilt(sample, tmp_path_factory) -> evidence.Evidence:
    folder = tmp_path_factory.mktemp("poison")
    shutil.copytree(sample, folder, dirs_exist_ok=True)
    cage = Cage(folder)
    PACKAGE.update(
        {
            one["name"]: one["schema"]["fields"]
            for one in json.loads(cage.whole["datapackage.json"])["resources"]
        }
    )
    poisoned(cage)
    return evidence.load(cage.folder)


@pytest.fixture(scope="module")
def notebook(spoilt, tmp_path_factory) -> Path:
    """A notebook with what the notebooks show, and an output that is poison itself."""
    outputs = [
        *(
            {"text/html": shown._repr_html_()}
            for shown in (
                evidence.readable(spoilt, spoilt.studies, POISON),
                evidence.references(spoilt),
            )
        ),
        {"text/html": Page(evidence.explore(spoilt, widgets=False).contents)._repr_html_()},
        {"text/markdown": evidence.balance_answer(spoilt)._repr_markdown_()},
        {
            "text/html": (
                f"<p>{POISON}</p><svg><a"
                " xlink:href='javascript:alert(1)'><text>x</text></a></svg><form"
                " action='javascript:x'><button></form>"
            )
        },
        {"image/png": "bm9uZQ=="},
    ]
    cells = [
        new_code_cell("1", outputs=[new_output("display_data", data=data)]) for data in outputs
    ]
    path = tmp_path_factory.mktemp("notebooks") / "01_x.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(f"# {POISON}"), *cells]), path)
    return path


@pytest.fixture(scope="module")
def written(spoilt, notebook, tmp_path_factory) -> Path:
    """Everything that is written from a data set."""
    folder = tmp_path_factory.mktemp("written")
    write_site(spoilt, folder / "site", [notebook], ["balance"])
    write_pack(spoilt, folder / "charts", ["balance"], ["svg"])
    for name, form in FORMATS.items():
        evidence.export(spoilt, name, folder / "exports" / f"{name}{form.ending}")
    write_export(evidence.explore(spoilt, widgets=False).contents, folder / "explorer")
    (folder / "CODEBOOK.md").write_text(codebook(spoilt.dictionary), encoding="utf-8")
    (folder / "notebook.ipynb").write_bytes(notebook.read_bytes())
    return folder


def files(folder: Path) -> list[tuple[str, bytes]]:
    """Name and content of every file, also of those within archives."""
    found = [
        (str(path.relative_to(folder)), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    for name, content in list(found):
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                found += [(f"{name}/{part}", archive.read(part)) for part in archive.namelist()]
    return found


def harmless(html: str, where: str, own: bool = False) -> None:
    """No element runs anything; scripts of a page are its own files, or data."""
    for element in BeautifulSoup(html, "html.parser")(True):
        assert element.name not in ("iframe", "object", "embed", "base", "portal"), where
        if element.name == "script":
            assert own, where
            if "json" in element.get("type", ""):
                json.loads(element.string)
            else:
                assert (
                    re.fullmatch(r"(?:\.\./)*assets/[\w./-]+\.js", element["src"])
                    and not element.string
                ), where
        for name, value in element.attrs.items():
            assert not name.startswith("on"), f"{where}: {element}"
            if name in LEADING:
                assert value != "x" and not re.match(
                    r"\s*(?:javascript|vbscript|data:text)", value, re.I
                ), f"{where}: {element}"


def test_pages_hold_words_and_no_code(written):
    pages = [(name, content.decode()) for name, content in files(written) if name.endswith(".html")]
    assert len(pages) > 20
    for name, html in pages:
        harmless(html, name, own=name.startswith("site"))
    said = "".join(BeautifulSoup(html, "html.parser").get_text() for _, html in pages)
    assert said.count("onerror=alert(1)") > 100, "the poison is there, as words"


def test_outputs_of_notebooks_hold_words_and_no_code(written):
    cells = json.loads((written / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    for cell in cells[1:-2]:
        data = cell["outputs"][0]["data"]
        html = (
            "".join(data["text/html"])
            if "text/html" in data
            else mistune.create_markdown(escape=False)("".join(data["text/markdown"]))
        )
        assert "onerror=alert(1)" in html or "b onclick=x" in html
        harmless(html, "notebook")


def test_pictures_hold_words_and_no_code(written):
    pictures = [(name, content) for name, content in files(written) if name.endswith(".svg")]
    assert len(pictures) >= 3, pictures
    for name, content in pictures:
        for element in fromstring(content).iter():
            assert not str(element.tag).endswith(("}script", "}foreignObject", "}img")), name
            for attribute, value in element.attrib.items():
                assert not attribute.startswith("on") and not (
                    attribute.endswith("href") and "javascript" in value
                ), name


def test_data_and_scripts_are_what_they_say(written):
    for name, content in files(written):
        if name.endswith(".json"):
            json.loads(content)
        elif name.endswith("rows.js"):
            assert b"</script" not in content
    made = json.loads((written / "exports" / "jsonld.json").read_bytes())
    assert "url" not in made and made["license"] == POISON


def test_text_for_readers_holds_no_markup(written):
    pages = [(name, content.decode()) for name, content in files(written) if name.endswith(".md")]
    assert {Path(name).name for name, _ in pages} == {"CODEBOOK.md", "README.md"}
    for name, text in pages:
        assert "onerror=alert(1)" in text
        harmless(mistune.create_markdown(escape=False, plugins=["table"])(text), name)


def test_no_cell_is_a_formula(written, spoilt):
    tables = [
        (name, content.decode("utf-8-sig"))
        for name, content in files(written)
        if name.endswith(".csv")
    ]
    assert len(tables) > 20
    rows = json.loads(
        (written / "site" / "assets" / "rows.js")
        .read_text(encoding="utf-8")
        .removeprefix("window.EVIDENCE_ROWS = ")
        .rstrip(";\n")
    )
    tables.append(("rows.js", "\n".join([rows["head"], *rows["lines"].values()])))
    neutral = 0
    for name, text in tables:
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not any(
                re.match(r"[=+\-@\t\r]", cell) and not NUMBER.fullmatch(cell) for cell in row
            ), f"{name}: {row}"
            neutral += sum(cell.startswith("'=") for cell in row)
    assert neutral > 20
    book = openpyxl.load_workbook(written / "exports" / "xlsx.xlsx")
    assert not any(
        cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row
    )


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.whole])
def test_what_was_neutralised_is_restored(written, spoilt, tmp_path, name):
    assert main(
        [
            "new",
            str(tmp_path / "set"),
            "--from",
            str(written / "exports" / f"{name}{FORMATS[name].ending}"),
            "--no-notebooks",
        ]
    ) in (0, 1)
    again = evidence.load(tmp_path / "set")
    for table, frame in spoilt.tables.items():
        assert again.tables[table].equals(frame), table


# --- no way out ---


def _named(cage: Cage, name: str) -> None:
    """An id that is a way out, where the dictionary sets no form for ids."""

    def change(package: dict) -> None:
        for resource in package["resources"]:
            for field in resource["schema"]["fields"]:
                field.get("constraints", {}).pop("pattern", None)

    cage.package(change)
    for table in ("studies", "findings", "arms", "readings"):
        cage.rows(
            table,
            lambda rows: [
                row.__setitem__(rows[0].index("study_id"), name)
                for row in rows[1:]
                if "aksu2002" in row
            ],
        )
    cage.bibliography.write_text(
        cage.bibliography.read_text(encoding="utf-8").replace("{aksu2002,", "{out,"),
        encoding="utf-8",
    )


def test_no_id_leads_out_of_the_folder(cage, tmp_path, monkeypatch):
    monkeypatch.setattr(
        build, "write_pictures", lambda *_: iter(())
    )  # nothing of an id, and seconds
    _named(cage, "../../out")  # tests/test_files.py has the other ways
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(evidence.EvidenceError, match="is not the name of a file inside a folder"):
        write_site(evidence.load(cage.folder), tmp_path / "a" / "b" / "site", charts=["balance"])
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {
        path: content
        for path, content in after.items()
        if tmp_path / "a" / "b" / "site" not in path.parents
    } == before
