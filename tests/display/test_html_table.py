"""Tables in HTML: nothing unescaped, links where there are addresses, one writer for all pages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pandas as pd

from evidence.display.html_table import Cell, HtmlTable, table_of

PACKAGE = Path(__file__).resolve().parents[2] / "evidence"
FRAME = pd.DataFrame({"<b>": ["a & b", None], "n": [1, 20]})
TABLE = table_of(FRAME, "x < y", {"<b>": ['https://e.org/"', ""]})


def test_nothing_is_a_tag_that_was_a_word():
    for html in (TABLE.for_notebook(), TABLE.for_page()):
        assert "<b>" not in html and "x &lt; y" in html and "a &amp; b" in html
        assert 'href="https://e.org/&quot;"' in html and html.count("<a ") == 1


def test_what_is_missing_stays_empty():
    assert [row[0].text for row in TABLE.rows] == ["a & b", ""]
    assert "nan" not in TABLE.for_notebook().lower() and "None" not in TABLE.for_page()


def test_a_page_has_classes_and_a_notebook_has_styles():
    table = HtmlTable("t", ["study", "n"], [[Cell("A", "a.html"), Cell("1")]], [False, True])
    page, notebook = table.for_page("../"), table.for_notebook(new_tab=True)
    assert 'href="../a.html"' in page and '<th scope="row"><a' in page and "style=" not in page
    assert page.count('class="number"') == 2
    assert 'target="_blank" rel="noopener"' in notebook
    assert '<td style="text-align: right;">1</td>' in notebook


def test_no_other_module_writes_tables():
    found = []
    for path in PACKAGE.rglob("*.py"):
        if path.name == "html_table.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Attribute) and node.attr == "to_html"
            is_tag = isinstance(node, ast.Constant) and re.search(
                r"(?<!P)<table\b", str(node.value)
            )
            found += [path.name] if is_call or is_tag else []
    assert not found
