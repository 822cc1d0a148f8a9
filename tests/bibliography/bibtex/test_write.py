"""A changed bibliography differs just where it was asked to."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portion import number

import evidence
from evidence.bibliography.bibtex import write
from evidence.bibliography.bibtex.blocks import places, split
from evidence.bibliography.bibtex.write import edit, entry_text
from evidence.bibliography.entries import parse_text


@pytest.fixture(scope="module")
def text(root) -> str:
    return (root / "references.bib").read_text(encoding="utf-8")


def changed(old: str, new: str) -> tuple[str, str]:
    """What was taken away and what was put in, without the common beginning and end."""
    begin = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    end = next(
        (
            i
            for i, (a, b) in enumerate(zip(old[begin:][::-1], new[begin:][::-1], strict=False))
            if a != b
        ),
        min(len(old), len(new)) - begin,
    )
    return old[begin : len(old) - end], new[begin : len(new) - end]


def test_nothing_asked_nothing_changed(text):
    assert edit(text) == text
    assert edit(text, {"abel2007": {}}) == text


def test_a_field_is_set_in_its_place(text):
    assert changed(text, edit(text, {"abel2007": {"year": "2008"}})) == ("7", "8")


def test_a_new_field_stands_where_such_fields_stand(text):
    took, put = changed(text, edit(text, {"aksu2002": {"doi": "10.1/a_b<1>;2", "note": "A & B"}}))
    assert (took, put) == ("", "  doi       = {10.1/a_b<1>;2},\n  note      = {A \\& B},\n")


def test_a_field_leaves_with_its_line(text):
    took, put = changed(text, edit(text, {"abel2007": {"volume": None, "nosuchfield": None}}))
    assert (took.strip(), put) == ("volume    = {104},", "")


def test_the_container_is_the_field_that_the_type_has(text):
    assert (
        edit(text, {"deforges2011": {"container": "Uni"}}).count(
            "\n  school    = {Uni},\n  year      = {2011},"
        )
        == 1
    )
    assert changed(text, edit(text, {"gale2005": {"container": "R"}}))[1] == ""
    assert edit(text, {"gale2005": {"container": "Reuters"}}).count("organization = {Reuters}") == 1


def test_an_entry_is_added_in_the_order_of_the_keys(text):
    new = edit(
        text,
        add=[
            {
                "key": "Bbb2020",
                "entry_type": "article",
                "title": "The SOD1 mouse",
                "container": "J & K",
                "pages": "1–9",
                "pmid": None,
            }
        ],
    )
    assert changed(text, new)[0] == ""
    assert (
        "@article{Bbb2020,\n  title     = {The {SOD1} mouse},\n  journal   = {J \\& K},\n  pages   "
        "  = {1--9},\n}\n\n@article{beghi2010," in new
    )
    keys = parse_text(new, "").entries["key"].str.casefold().to_list()
    assert keys == sorted(keys) and len(keys) == len(parse_text(text, "").entries) + 1


@pytest.mark.parametrize("key", ["aaa", "zzz", "mmm"])
def test_adding_puts_in_the_entry_and_one_blank_line(text, key):
    new = edit(text, add=[{"key": key, "entry_type": "misc", "title": "T"}])
    assert changed(text, new)[0] == ""
    assert new.replace(f"@misc{{{key},\n  title     = {{T}},\n}}\n", "", 1).count("\n") == (
        text.count("\n") + 1
    )


def test_many_changes_in_one_go(text):
    keys = parse_text(text, "").entries["key"].to_list()
    new = edit(
        text,
        {key: {"note": f"note {key}"} for key in keys[:50]},
        [{"key": f"new{i}", "entry_type": "misc"} for i in range(20)],
    )
    entries = parse_text(new, "").entries.set_index("key")
    assert len(entries) == len(keys) + 20
    assert all(entries.loc[key, "note"] == f"note {key}" for key in keys[:50])
    assert parse_text(new, "").faults == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"changes": {"nobody": {"year": "1"}}}, "no entry 'nobody'"),
        ({"add": [{"key": "Abel2007", "entry_type": "misc"}]}, "has an entry 'Abel2007' already"),
        (
            {"add": [{"key": "x", "entry_type": "misc"}, {"key": "X", "entry_type": "misc"}]},
            "has an entry 'X' already",
        ),
        ({"add": [{"key": "a b", "entry_type": "misc"}]}, "without spaces"),
        ({"add": [{"key": "", "entry_type": "misc"}]}, "without spaces"),
        ({"add": [{"key": "x", "entry_type": "a{"}]}, "type made of letters"),
        ({"changes": {"abel2007": {"a b": "1"}}}, "not the name of a field"),
        ({"changes": {"abel2007": {"doi": "10.1/a}b{"}}}, "cannot be written"),
        ({"changes": {"abel2007": {"doi": "10.1\\a"}}}, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_refused(text, arguments, words):
    with pytest.raises(evidence.UsageError, match=words):
        edit(text, **arguments)


def test_a_result_that_would_not_read_back_is_refused(text, monkeypatch):
    monkeypatch.setattr(write, "to_value", lambda name, value: value + "}, stray = {")
    with pytest.raises(evidence.EvidenceError, match="left unchanged"):
        edit(text, {"abel2007": {"year": "2008"}})


def test_a_failed_neighbour_stays_as_it_is():
    text = "@misc{a, x = {1}}\n@misc{broken, y = {2\n@misc{b, z = {3}}\nwords\n"
    assert edit(text, {"b": {"z": "4"}}) == text.replace("{3}", "{4}")
    added = edit(text, add=[{"key": "c", "entry_type": "misc"}])
    assert added.startswith(text.removesuffix("words\n")) and "\nwords\n" in added


# --- any file ---

NEWLINES = st.sampled_from(["\n", "\r\n"])
VALUES = st.sampled_from(
    [
        "{A {B} c}",
        "{}",
        '"q {x} r"',
        "2001",
        "jan",
        '{a} # "b"',
        "{50% of \\& x}",
        "{two\n lines}",
        "{@ {CLEF}}",
    ]
)
NAMES = st.sampled_from(["title", "Author", "YEAR", "doi", "x-y", "note", "journal"])
GAPS = st.sampled_from(
    [
        "",
        "\n",
        "\n\n",
        "% a comment\n",
        "\n  \n",
        "free text, with = signs\n",
        "@comment{kept {as} it is}\n",
        '@string{s = "t"}\n',
        "@preamble{{x}}\n",
    ]
)


@st.composite
def files(draw) -> str:
    """A valid bibliography in any manner."""
    pieces = [draw(GAPS)]
    for place in range(draw(st.integers(1, 4))):
        before, sign = (
            draw(st.sampled_from(["\n  ", " ", "", "\n\t", "\n\n"])),
            draw(st.sampled_from([" = ", "=", "   =", "= "])),
        )
        fields = draw(
            st.lists(st.tuples(NAMES, VALUES), max_size=4, unique_by=lambda field: field[0])
        )
        body = ",".join(f"{before}{name}{sign}{value}" for name, value in fields)
        tail = draw(st.sampled_from(["", ",", ",\n", "\n"]))
        brackets = draw(st.sampled_from(["{}", "()"]))
        pieces += [
            draw(st.sampled_from(["", "  "])),
            f"@Article{brackets[0]}key{place},{body}{tail if fields else ''}{brackets[1]}",
            "\n",
            draw(GAPS),
        ]
    newline = draw(NEWLINES)
    return "".join(pieces).replace("\n", newline)


TEXTS = st.text(
    st.one_of(
        st.sampled_from("aB{}\\%&$#_~^\"'`-@=, é\n"),
        st.characters(blacklist_categories=("Cs", "Cc")),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=number(80, 26), deadline=None)
@given(
    files(),
    st.sampled_from(["title", "note", "abstract", "year", "journal"]),
    TEXTS,
    st.randoms(use_true_random=False),
)
def test_every_other_byte_stays(text, name, value, chance: random.Random):
    """Set and add in files of any manner: outside of the entry not a byte changes, and
    inside it no other field.
    """
    assert edit(text) == text
    place = chance.choice([place for place in places(text, split(text)) if place.is_entry])
    key = place.block.key
    new = edit(text, {key: {name: value}})
    before, after = text[: place.begin], text[place.end :]
    assert new.startswith(before) and new.endswith(after) and len(new) >= len(before) + len(after)
    old_fields = {field.key.lower(): field.value for field in place.block.fields}
    again = next(
        other for other in places(new, split(new)) if other.is_entry and other.block.key == key
    )
    new_fields = {field.key.lower(): field.value for field in again.block.fields}
    assert {n: v for n, v in new_fields.items() if n != name} == {
        n: v for n, v in old_fields.items() if n != name
    }
    assert (name in new_fields) == bool(value.strip())

    added = edit(text, add=[{"key": "key00", "entry_type": "misc", "title": value}])
    took, put = changed(text, added)
    assert took == "" and "key00" in put
    if "\r\n" in text:
        assert "\n" not in added.replace("\r\n", "") or "\n" in text.replace("\r\n", "")


def test_one_entry_as_text():
    row = {
        "key": "k",
        "entry_type": "phdthesis",
        "author": "{A & B} and Ü, C",
        "year": "2001",
        "container": "Uni",
        "doi": None,
        "volume": float("nan"),
    }
    assert (
        entry_text(row)
        == "@phdthesis{k,\n  author    = {{A \\& B} and Ü, C},\n  school    = {Uni},\n  year      ="
        " {2001},\n}"
    )
