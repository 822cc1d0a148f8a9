"""Plain, standard English in messages, pages, docs and code: words that only this project would use
in this sense stay away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).name
ENDINGS = {".py", ".pyi", ".md", ".html", ".css", ".toml", ".json", ".yml", ".cff", ".ipynb"}
ROOMS = ("evidence", "docs", "notebooks", "examples", "tools", "tests", "benchmarks")
FILES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CITATION.cff", "Makefile")
DICTIONARY = ("data/datapackage.json", "data/CODEBOOK.md", "data/reading_protocol.toml")
# Made from docstrings, or files and answers of others.
APART = ("docs/reference.md", "tests/reference/", "tests/importing/cases/", "evidence/site/vendor")
# Rooms that are rewritten elsewhere at the moment; a room that is done leaves the list.
LATER: tuple[str, ...] = ()

THINGS = (
    "row|line|entry|item|point|name|bar|square|sign|icon|file|matrix|value|vote|record|page|question"
    "|report|estimate|column|function|specification|sheet|picture|answer|cell|number|result|interval"
    "|standard error|cluster|level|true|sentence|test"
)
OF_THINGS = (
    "row|line|entry|point|name|bar|study|cohort|finding|result|estimate|cell|column|page|notebook"
    "|language|format|fault|reference|pool|outcome|vote|unit|claim|review|domain|question|decision"
)
# Pattern, and what to write instead. Standard English passes: what a process leaves behind, "there
# is no", "is no longer", and "1 is no difference", as axes and the glossary say of a null value.
WORDS = {
    "behind": (r"(?<!left )(?<!no file )(?<!leaves nothing )behind", "after; counted in, based on"),
    "parted": (
        r"parted (?:by|from)|told apart|tells? (?:\w+ ){1,3}apart",
        "separated; distinguished",
    ),
    "stands twice": (r"stands? twice", "is a duplicate, is there more than once"),
    "mail address": (r"(?<!e)(?<!e-)mail address(?:es)?", "email address"),
    "is no X": (
        r"(?<!here )(?:is|was|are|were) no"
        r" (?!longer\b|more\b|difference\b|such\b|clear difference\b)[a-z]+",
        "is not a X",
    ),
    "gravest": (r"gravest|graver", "most serious"),
    "mend": (r"mend|mends|mended|mending", "fix"),
    "found out": (r"found out|finds? out", "detected, determined"),
    "turned round": (r"turn(?:s|ed)? round", "reversed"),
    "one X a Y": (rf"one (?:{THINGS}) an? (?:{OF_THINGS})", "one X per Y"),
    "small letters": (r"small letters|letters (?:high|across|of the size)", "lower case; em"),
    "has not the": (r"has not (?:the|a)", "does not have the"),
    "is none of ours": (r"is none of", "is not one of"),
    "the begin": (r"(?:the|its) begin(?: of|\.)|from begin to end", "the beginning"),
    "hand-typed": (r"hand-typed", "typed by hand"),
    "goes on on": (r"goes on on", "continues on"),
    "for want of": (r"for want of", "for lack of"),
    "takes for": (r"takes? \w+ for independent", "treats as independent"),
}


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of each file that is read; of a notebook what is written in its cells."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix not in ENDINGS or not path.is_file() or path.name == HERE:
                continue
            if name.startswith((*APART, *LATER)) or "checkpoint" in name or "cache" in name:
                continue
            yield name, _read(path)
    for name in (*FILES, *DICTIONARY):
        yield name, _read(ROOT / name)


def _read(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def private(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, words and what to write instead. Names in code are read as words, and a line break with
    quotes or a comment sign as a space.
    """
    plain = re.sub(r"(?<=[a-z])_(?=[a-z])", " ", text)
    plain = re.sub(r"[ \t]*\"?\n[ \t]*(?:[rf]?\"|#)?[ \t]*", lambda found: "\n", plain)
    flat = plain.replace("\n", " ")
    for pattern, better in WORDS.values():
        for found in re.finditer(rf"\b(?:{pattern})\b", flat, re.IGNORECASE):
            yield plain.count("\n", 0, found.start()) + 1, found[0], better


def test_nobody_has_to_guess_what_a_word_means():
    found = [
        f"{name}:{line}: {words!r}: write {better!r}"
        for name, text in texts()
        for line, words, better in private(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"the studies behind it"', "behind"),
        ("def test_a_title_is_no_name(): ...", "is no name"),
        ('f"{text!r} is"\n    " no day"', "is no day"),
        ("# the row stands\n# twice", "stands twice"),
        ("One row a finding.", "One row a finding"),
        ("a mail address", "mail address"),
    ],
)
def test_a_private_word_is_found(text, words):
    assert [found for _, found, _ in private(text)] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "There is no name.",
        "It is no longer there, and no kernel is left behind.",
        "an email address; one row per finding; 1 is no difference",
        "the studies are there; a recommendation, an amendment",
    ],
)
def test_standard_english_is_left_alone(text):
    assert not list(private(text))
