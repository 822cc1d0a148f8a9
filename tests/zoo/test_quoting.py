"""Whatever a text holds, it stays a text in every language that it is written in."""

from __future__ import annotations

import ast
import csv
import json
import re
import tomllib

import mistune
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from r_rules import runs, told, words

import evidence
from evidence import quoting
from evidence.explorer.code import code
from evidence.explorer.contents import Contents
from evidence.explorer.view import view_of
from evidence.importing.new_folder import new_set
from evidence.tables.formulas import neutralised, restored, safe_csv

EVIL = (
    "Exercise\nsystem('touch x')\n# ",
    "T\n\n```python\nimport os\n```\n",
    'counted=True) and __import__("os").system("x")#',
    "a\\",
    '"\\"\\',
    "</script><!-- <img src=x onerror=alert(1)>",
    "[x\\](javascript:alert(1)) ![](x) [x] (javascript:y)",
    "\x1b]0;title\x07\u202e\u2066\ud800\x85\x9b",
    "TY  - JOUR\r\nER  - ",
    "$\\href{javascript:alert(1)}{x}$",
    "%a `b` ``c",
)
MARKS = st.one_of(
    st.sampled_from("\\\"'`<>[]()!#$%&{}|\n\r\x00\x1b\u2028\ud800a /:"), st.characters()
)
TEXTS = st.one_of(st.sampled_from(EVIL), st.text(MARKS, max_size=30))
WHOLE = TEXTS.map(lambda text: re.sub("[\ud800-\udfff]", "", text))


@given(TEXTS)
def test_python(text):
    assert ast.literal_eval(quoting.python(text)) == text
    assert quoting.python(text).isprintable() or not quoting.HIDDEN.search(quoting.python(text))
    assert ast.literal_eval(quoting.python([text, (text,), None, 1.5])) == [
        text,
        (text,),
        None,
        1.5,
    ]


@given(WHOLE)
def test_r(text):
    assert runs(f"f({quoting.r(text)})\n{quoting.comment(text)}\n") == ["f", "(", "string", ")"]
    assert told(words(quoting.r(text))[0][1]) == text.replace("\0", "")


@given(TEXTS)
def test_comments_are_one_line(text):
    assert len(quoting.comment(text).splitlines()) == 1 and tomllib.loads(
        quoting.comment(text) + "\na = 1"
    ) == {"a": 1}
    assert ast.parse(quoting.comment(text)).body == []


@given(WHOLE)
def test_toml_and_yaml(text):
    assert tomllib.loads(f"a = {quoting.toml(text)}\nb = 1") == {"a": text, "b": 1}
    assert yaml.safe_load(f"a: {quoting.yaml(text)}\nb: 1") == {"a": text, "b": 1}


@given(TEXTS)
def test_javascript(text):
    written = quoting.script({text: [text]})
    assert json.loads(written) == {text: [text]} and "<" not in written and written.isascii()


@example("0.")
@given(TEXTS)
@example("T\n\n```python\nimport os\n```\n")
@example("[x\\](javascript:alert(1))")
def test_markdown(text):
    for written in (
        quoting.markdown_line(text),
        f"# {quoting.markdown_line(text)}",
        f"| a |\n|---|\n| {quoting.markdown_cell(text)} |",
    ):
        page = BeautifulSoup(
            mistune.create_markdown(escape=False, plugins=["table"])(written), "html.parser"
        )
        assert {one.name for one in page(True)} <= {
            "p",
            "h1",
            "em",
            "strong",
            "code",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        }, written
        assert len(page("td")) <= 1 and len(page("h1")) <= 1
    page = BeautifulSoup(
        mistune.create_markdown(escape=False)(quoting.markdown(text)), "html.parser"
    )
    # Marks stay as they are, so a list may begin: it has a number, and nothing of the text.
    harmless = {"code": ["class"], "ol": ["start"]}
    assert not page(["a", "img", "script"]) and all(
        not one.attrs or list(one.attrs) == harmless.get(one.name) for one in page(True)
    )
    line = BeautifulSoup(mistune.create_markdown()(quoting.markdown_line(text)), "html.parser")
    assert not line(["ol", "ul", "h1", "pre", "table"])
    assert "$" not in quoting.markdown(text)


@given(TEXTS)
def test_lines_and_terminals(text):
    for written in (quoting.ris(text), quoting.one_line(text)):
        assert len(written.splitlines()) <= 1 and not re.search("[\x00-\x1f\x7f-\x9f]", written)
    assert not quoting.HIDDEN.search(quoting.one_line(text))
    assert not quoting.HIDDEN.search(quoting.terminal(text).replace("\n", "").replace("\t", ""))
    assert re.fullmatch(r"[a-z0-9-]*", quoting.slug(text, "-"))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\t", "\r=", "'=", "''\t@"])
def test_formulas(begin):
    """A tab or a return before the sign does not keep every spreadsheet program from running it."""
    for cell in (f"{begin}cmd|' /C calc'!A0", f"{begin}1+1"):
        assert neutralised(cell) == f"'{cell}" and restored(neutralised(cell)) == cell
        (line,) = csv.reader(
            [safe_csv(pd.DataFrame({"a": [cell]})).split("\n", 1)[1].replace("\r", "\x01")]
        )
        assert line[0].startswith("'")


@given(TEXTS)
def test_addresses(text):
    for written in (quoting.web_address(text), quoting.web_address(f"https://{text}")):
        assert not written or (
            re.match("https?://", written, re.I) and not re.search(r"[\s\"<>\\]", written)
        )


# --- what is generated from a data set ---

CALLS = {
    "evidence.load",
    "ev.select",
    "evidence.balance",
    "counts.chart",
    "evidence.lenses",
    "evidence.study_table",
    "evidence.votes",
    "isna",
    "eq",
}
MEANT = (
    ast.Module,
    ast.Import,
    ast.alias,
    ast.Assign,
    ast.Expr,
    ast.Call,
    ast.keyword,
    ast.Name,
    ast.Attribute,
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Subscript,
    ast.BinOp,
    ast.BitAnd,
    ast.Dict,
    ast.expr_context,
    ast.UnaryOp,
    ast.USub,
)


def only_meant(text: str) -> None:
    """Each line is one statement, and calls nothing but what the explorer shows."""
    for line in text.splitlines():
        tree = ast.parse(line)
        assert len(tree.body) <= 1, line
        for node in ast.walk(tree):
            assert isinstance(node, MEANT), f"{type(node).__name__} in {line}"
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called in CALLS or (
                    isinstance(node.func, ast.Attribute)
                    and node.func.attr in CALLS
                    and "(" not in called
                ), line


def hostile(folder, word: str):
    """A data set whose words and names are hostile, as far as its dictionary lets them be."""
    new_set(folder, "Tea", notebooks=False)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    studies = next(one for one in package["resources"] if one["name"] == "studies")["schema"][
        "fields"
    ]
    for name in ("design", "question", "population"):
        field = next(one for one in studies if one["name"] == name)
        field["categories"] = [{"value": word, "label": word[:50]}, {"value": "b", "label": "B"}]
    path.write_text(json.dumps(package), encoding="utf-8")
    values = [("a0", word), ("a1", "b")]
    study = [
        {
            "study_id": key,
            "question": value,
            "population": value,
            "counted": "true",
            "design": value,
            "title": "T",
        }
        for key, value in values
    ]
    found = [
        {"finding_id": f"{key}-1", "study_id": key, "is_primary": "true", "conclusion": "benefit"}
        for key, _ in values
    ]
    for name, rows in (("studies", study), ("findings", found)):
        fields = next(one for one in package["resources"] if one["name"] == name)["schema"][
            "fields"
        ]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [field["name"] for field in fields], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return evidence.load(folder)


@pytest.mark.parametrize(
    "word",
    ['x") or __import__("os").system("x") or ("', "a\\", 'q"]; import os #', "'''\"\"\"", "{x}"],
)
def test_the_code_of_a_view(tmp_path, word):
    ev = hostile(tmp_path / 'a"b', word)
    contents = Contents(ev, view_of(ev, design=[word, "b"]))
    only_meant(code(contents))
    assert json.dumps(word) in code(contents)
