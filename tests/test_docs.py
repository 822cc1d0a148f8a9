"""What the pages say to type works, and what they state in numbers is so.

Commands are read by the parser of the command line, targets of make are looked up, lines of Python
are run, names of tests are found, and limits are those of the code.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import evidence
from evidence.cli import parser
from evidence.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
# reference.md is made from docstrings, whose examples are run as doctests
MADE = {"reference.md", "CODEBOOK.md", "CONTENTS.md"}
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if page.name not in MADE and page.name != "CHANGELOG.md"
)
CALLED = re.compile(r"^(?:\S*/)?evidence (?=[a-z]|-)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(text: str, *languages: str) -> list[str]:
    """Blocks of code of some languages."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.M | re.S)
    return [code for language, code in found if language in languages]


def commands(page: Path) -> Iterator[str]:
    """Lines of shell blocks, and commands between backticks in a sentence."""
    text = page.read_text(encoding="utf-8")
    for block in blocks(text, "sh", "bash", "console"):
        for line in block.splitlines():
            yield line.removeprefix("$ ").strip()
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose)


EVIDENCE = [(name_of(p), line) for p in PAGES for line in commands(p) if CALLED.match(line)]
MAKE = [(name_of(p), line) for p in PAGES for line in commands(p) if re.match(r"make\b", line)]


# --- commands ---


def test_there_are_commands_to_look_at():
    of = [page for page, _ in EVIDENCE]
    assert of.count("README.md") >= 15 and of.count("docs/adapting.md") >= 10
    assert len(EVIDENCE) > 50 and len(MAKE) > 10


@pytest.mark.parametrize(("page", "line"), EVIDENCE)
def test_a_command_is_understood(page, line):
    words = shlex.split(CALLED.sub("", line), comments=True)
    if "..." in words:
        words = up_to_the_dots(words)
    if is_a_name(words):
        return
    try:
        _, unknown = parser().parse_known_args(words)
    except (SystemExit, UsageError) as error:
        pytest.fail(f"{page}: `{line}`: {error}")
    assert not unknown, f"{page}: `{line}`: {unknown}"


def is_a_name(words: list[str]) -> bool:
    """Whether only a command is named, perhaps with an option, as in a sentence."""
    options = words[1:]
    return bool(options or words) and set(options) <= set(
        subparser(words[0])._option_string_actions
    )


def up_to_the_dots(words: list[str]) -> list[str]:
    """What stands before an ellipsis; an option that takes a value gets one."""
    words = words[: words.index("...")] if "..." in words else words
    if words and words[-1].startswith("--"):
        command = subparser(words[0])
        action = command._option_string_actions[words[-1]]
        return [*words, str(next(iter(action.choices or ["1"])))]
    return words


def subparser(command: str):
    """The parser of one command."""
    (group,) = (one for one in parser()._actions if hasattr(one, "choices") and one.choices)
    return group.choices[command]


def test_every_option_in_prose_is_one_of_a_command():
    """`--diff` alone is an option of some command, of pytest or of make's lists."""
    (group,) = (one for one in parser()._actions if hasattr(one, "choices") and one.choices)
    known = {word for command in group.choices.values() for word in command._option_string_actions}
    known |= {"--accept", "--true-notebooks", "--nbval", "--true-accept", "--true-kernels"}
    known |= {"--true-beside-nbval=apart", "--true-beside-nbval", "--seed", "--fresh", "--json"}
    known |= {"--room", "--most", "--check", "--strict"}
    for page in (ROOT / "README.md", ROOT / "docs" / "adapting.md", ROOT / "CONTRIBUTING.md"):
        for code in re.findall(r"`(--[a-z][\w-]*)", page.read_text(encoding="utf-8")):
            assert code in known, f"{name_of(page)}: {code}"


@pytest.mark.parametrize(("page", "line"), MAKE)
def test_a_target_of_make_is_there(page, line):
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    known = set(targets.group(1).split())
    words = shlex.split(line, comments=True)[1:]
    named = [word for word in words if "=" not in word]
    assert set(named) <= known, f"{page}: `{line}`"
    settings = {word.split("=")[0] for word in words if "=" in word}
    assert settings <= {"ARGS", "SAMPLE", "OUT", "PYTHON", "VENV", "LAB"}, f"{page}: `{line}`"


# --- Python ---


def test_the_lines_of_the_readme_run(tmp_path, monkeypatch):
    """In the order in which they stand, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EVIDENCE_DATA", str(ROOT / "data"))
    (code,) = blocks((ROOT / "README.md").read_text(encoding="utf-8"), "python")
    space: dict[str, object] = {}
    body = ast.parse(code).body
    for node in body:
        exec(compile(ast.Module([node], []), "README.md", "exec"), space)
    assert len(body) >= 9 and (tmp_path / "balance.svg").is_file()
    trials = space["trials"]
    assert isinstance(trials, evidence.Evidence) and 0 < len(trials) < len(evidence.load())


@pytest.mark.parametrize("page", [name_of(page) for page in PAGES])
def test_names_of_the_package_in_sentences_are_there(ev, page):
    """`evidence.NAME`, `ev.NAME` and `charts.NAME` between backticks, and what is called with."""
    text = re.sub(r"^```.*?^```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)
    holders = {"evidence": evidence, "ev": ev, "charts": evidence.charts}
    for code in re.findall(r"(?<!`)`((?:evidence|ev|charts)\.[a-z][^`\n]*)`(?!`)", text):
        holder, _, rest = code.partition(".")
        path = re.match(r"[\w.]+", rest).group().split(".")
        found = holders[holder]
        for name in path:
            if inspect.ismodule(found) and not hasattr(found, name):
                importlib = __import__("importlib")
                importlib.import_module(f"{found.__name__}.{name}")
            found = getattr(found, name, None)
            assert found is not None, f"{page}: `{code}`"
        if "(" in code and "..." not in code and code.endswith(")"):
            called = ast.parse(code, mode="eval").body
            named = {word.arg for word in called.keywords if word.arg}
            takes = inspect.signature(found).parameters
            free = any(one.kind is one.VAR_KEYWORD for one in takes.values())
            assert free or named <= set(takes), f"{page}: `{code}`"


# --- numbers ---


def number(text: str) -> float:
    """A number as pages write it: in words up to ten, or with commas."""
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return words.index(text) if text in words else float(text.replace(",", ""))


def limits() -> list[tuple[str, str, float]]:
    """Page, a sentence with a number in it, and what the code holds."""
    from evidence.checks.limits import SECONDS
    from evidence.files import LARGEST_FILE
    from evidence.literature.session import REDIRECTS
    from evidence.literature.settings import Settings
    from evidence.tables.workbook import LARGEST, MOST_CELLS

    return [
        ("SECURITY.md", r"plain files up to (\d+) GB", LARGEST_FILE // 10**9),
        ("SECURITY.md", r"checks end after (\w+) seconds", SECONDS),
        ("SECURITY.md", r"The limit of (\w+) seconds on patterns", SECONDS),
        ("SECURITY.md", r"(\d+) MB and ten million cells", LARGEST / 10**6),
        ("SECURITY.md", r"and (\w+) million cells at most", MOST_CELLS / 10**6),
        ("SECURITY.md", r"\| (\d+) MB, five redirects", Settings.largest / 10**6),
        ("SECURITY.md", r"MB, (\w+) redirects", REDIRECTS),
    ]


@pytest.mark.parametrize("place", range(7))
def test_limits_of_the_pages_are_those_of_the_code(place):
    page, sentence, held = limits()[place]
    found = re.findall(sentence, (ROOT / page).read_text(encoding="utf-8"))
    stated = {20 if word == "twenty" else number(word) for word in found}
    assert stated == {held}, (page, sentence)


def rows(page: str, first: str) -> list[list[str]]:
    """Cells of the table of a page whose head begins with a word."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    table = []
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


def test_benchmarks_fit_each_other():
    """Times are seconds over those of the reference; goals are met as the numbers say."""
    measured = rows("docs/benchmarks.md", "part")
    assert len(measured) > 30
    tied = 0
    for part, what, size, seconds, times, reference, _, growth, goal, met in measured:
        place = (part, what, size)
        beside = re.search(r"\(([\d.,]+) s", reference)
        if times and beside:
            ratio = float(seconds.replace(",", "")) / float(beside[1].replace(",", ""))
            assert ratio == pytest.approx(float(times.replace(",", "")), rel=0.03), place
            tied += 1
        assert bool(goal) == bool(met), place
        if goal:
            kept = [
                _kept(one, float(seconds.replace(",", "")), times, growth)
                for one in goal.split(", ")
            ]
            assert met == ("yes" if all(kept) else "no"), place
    assert tied > 20


def _kept(goal: str, seconds: float, times: str, growth: str) -> bool:
    """Whether one goal is kept: seconds, a growth, or how often the reference."""
    if found := re.fullmatch(r"growth ([\d.]+)", goal):
        return float(growth) <= float(found[1])
    if found := re.fullmatch(r"([\d.]+) s", goal):
        return seconds <= float(found[1])
    found = re.search(r"([\d.]+)", goal)
    assert found, goal
    return float(times.replace(",", "")) <= float(found[1])


def test_the_table_of_falsification_adds_up():
    """Its sums are sums, and as many survivors are named as there are."""
    table = rows("docs/falsification.md", "Kind")
    *kinds, last = [[line[0], *map(int, line[1:])] for line in table]
    assert last[0] == "all"
    for name, tried, noticed, notebooks, checks, tests, equal, survived in [*kinds, last]:
        assert noticed == notebooks + checks + tests, name
        assert tried == noticed + equal + survived, name
    assert last[1:] == [sum(column) for column in list(zip(*kinds, strict=True))[1:]]
    assert last[-1] == 0
    text = " ".join((ROOT / "docs" / "falsification.md").read_text(encoding="utf-8").split())
    named = tomllib.loads((ROOT / "tools/falsify/equal.toml").read_text(encoding="utf-8"))
    assert f"{len(named['equal'])} changes are named equal" in text
    assert last[6] <= len(named["equal"])


# --- titles and dates ---


def test_the_citation_is_that_of_the_data_set():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == citation["title"]
    assert str(citation["date-released"]) == package["created"][:10]
    assert str(citation["version"]) == package["version"]
    assert citation["license"] == package["licenses"][0]["name"]
    archive = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert archive["title"] == citation["title"] and archive["version"] == package["version"]
    assert archive["description"] == package["description"]
    assert archive["license"] == citation["license"].lower()
    assert [one["name"] for one in archive["creators"]] == [
        one["name"] for one in citation["authors"]
    ]
    assert archive["keywords"] == citation["keywords"]
    makers = [maker["title"] for maker in package["contributors"]]
    assert [author["name"] for author in citation["authors"]] == makers
    assert citation["type"] == "dataset" and citation["cff-version"] == "1.2.0"


# --- tests that are named ---

# These fail by an error: of the compiler, of a browser that waits in vain; one is a helper.
WITHOUT = {
    "test_reference.py::test_code_on_pages_compiles",
    "test_lab.py::test_a_narrow_window",
    "test_explore.py::test_text",
}


def asserts(function: ast.FunctionDef, others: set[str]) -> bool:
    """Whether a test can fail by what it finds: an assertion that is not a constant, an error that
    is awaited, or a helper that asserts.
    """
    for node in ast.walk(function):
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in {"raises", "warns", "fail", "expect", *others} or str(name).startswith(
                "assert_"
            ):
                return True
    return False


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def helpers() -> set[str]:
    """Names of functions beside tests that assert, directly or through another."""
    known: dict[str, ast.FunctionDef] = {}
    for path in (ROOT / "tests").rglob("*.py"):
        known |= {k: v for k, v in functions(path).items() if not k.startswith("test_")}
    found: set[str] = set()
    while True:
        more = {name for name, node in known.items() if asserts(node, found)} - found
        if not more:
            return found
        found |= more


def test_every_test_asserts_something():
    """A test whose body was emptied, or that asserts a constant, proves nothing."""
    beside = helpers()
    empty = {
        f"{path.name}::{name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for name, node in functions(path).items()
        if name.startswith("test_") and not asserts(node, beside)
    }
    assert empty == WITHOUT


EMPTY_WORDS = {"whic", "that", "with", "from", "what", "when", "have", "test"}


def stems(text: str) -> set[str]:
    """The beginnings of its longer words."""
    return {word[:4] for word in re.findall(r"[a-z]{4,}", text.lower())} - EMPTY_WORDS


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/promises.md"])
def test_a_promise_and_its_tests_speak_of_the_same(page):
    """Two words of a promise stand in the test that it names: of tests drawn at random seven in ten
    do not pass. That the test proves what is promised is for people to see.
    """
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        promise = " ".join(line.strip("|").split("|")[:-1])
        for file, test in re.findall(r"`(tests/[\w./]+)::(\w+)`", line) * line.startswith("| "):
            source = (ROOT / file).read_text(encoding="utf-8")
            node = functions(ROOT / file)[test]
            whole = f"{test} {ast.get_source_segment(source, node)}"
            whole += f" {ast.get_docstring(ast.parse(source))}"
            shared = [stem for stem in stems(promise) if stem in whole.lower()]
            assert len(shared) >= 2, (promise, file, test)
