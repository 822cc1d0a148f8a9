"""The reference page is made from the code, and every public function says what a reader needs."""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import evidence

ROOT = Path(__file__).resolve().parents[1]
FUNCTIONS = [name for name in evidence.__all__ if inspect.isfunction(getattr(evidence, name))]
CLASSES = [name for name in evidence.__all__ if inspect.isclass(getattr(evidence, name))]
CHARTS = [
    name for name in evidence.charts.__all__ if inspect.isfunction(getattr(evidence.charts, name))
]
# What cannot go wrong with a data set that was loaded.
RAISES_NOTHING = {
    "data_changes",
    *(name for name in FUNCTIONS if name.endswith("_answer") and name != "sure_answer"),
    "repeated_share",
    "results",
    "set_aside",
    "size_table",
    "source_checks",
    "source_overview",
    "study_flow",
    "unverified",
    "readability",
    "main_result_skew",
}
# What computes a statistic names where its formula comes from.
STATISTICS = [
    "agreement",
    "covered_area",
    "egger",
    "forest_rows",
    "influence",
    "leave_one_out",
    "lenses",
    "multiverse",
    "pool",
    "pool_multilevel",
    "poolable",
    "sign_test",
    "sign_tests",
    "size_regression",
    "translation_gap",
    "votes",
]
SOURCE = re.compile(r"\(\d{4}[a-z]?\)|\b(?:19|20)\d\d\b|doi|Handbook|metafor|Wilson|:func:|:mod:")


def sections(found: object) -> dict[str, str]:
    """The sections of a NumPy docstring."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}\n", inspect.getdoc(found) or "", flags=re.M)
    return dict(zip(["Summary", *parts[1::2]], [parts[0], *parts[2::2]], strict=True))


def load_tool():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_the_reference_page_is_not_stale():
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == load_tool().page(), (
        "stale: run `make reference`"
    )


def test_every_public_name_is_on_the_page():
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    for name in [*FUNCTIONS, *CLASSES, *(f"charts.{name}" for name in CHARTS)]:
        assert f"\n### {name}\n" in page and f"(#{name.replace('.', '').lower()})" in page


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_a_reader_needs(name):
    function = getattr(evidence, name)
    said = sections(function)
    assert said["Summary"].strip().split("\n\n")[0].endswith(".")
    for parameter in inspect.signature(function).parameters:
        assert re.search(
            rf"^(?:\w+, )*\*{{0,2}}{parameter}(?:, \w+)*(?: :|$)", said["Parameters"], re.M
        ), f"{parameter} is not explained"
    assert said["Returns"].strip() and ">>> " in said["Examples"]
    assert ("Raises" in said) != (name in RAISES_NOTHING), "Raises: what can go wrong"


@pytest.mark.parametrize("name", STATISTICS)
def test_a_statistic_names_its_source(name):
    function = getattr(evidence, name)
    result = inspect.signature(function).return_annotation
    module = inspect.getmodule(function)
    texts = [
        inspect.getdoc(function),
        inspect.getdoc(module),
        inspect.getdoc(getattr(module, str(result), None)),
    ]
    assert any(SOURCE.search(text or "") for text in texts)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_says_what_it_takes(name):
    function = getattr(evidence.charts, name)
    said = sections(function)
    if name != "words":
        assert {"Parameters", "Returns", "Raises"} <= set(said)
        for parameter in inspect.signature(function).parameters:
            assert re.search(
                rf"^(?:\w+, )*{parameter}(?:, \w+)*(?: :|$)", said["Parameters"], re.M
            ), f"{parameter} is not explained"


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_says_what_it_is(name):
    assert {"Summary", "Examples"} <= set(sections(getattr(evidence, name)))


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_code_on_pages_compiles(page):
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S):
        lines = block.splitlines()
        code = (
            "\n".join(line[4:] for line in lines if line.startswith((">>>", "...")))
            if ">>>" in block
            else block
        )
        if page.stem != "reference" or ">>>" in block:
            compile(code, page.name, "exec")
