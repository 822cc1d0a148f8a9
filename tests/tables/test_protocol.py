"""The reading protocol: nothing in it may be left empty."""

from __future__ import annotations

import re

import pytest
from portion import portion

import evidence
from evidence.tables.protocol import NOT_RECORDED, read_protocol


def spoil(data, old: str, new: str) -> None:
    path = data.folder / "reading_protocol.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_passes_and_items_of_both_checklists(ev):
    protocol = read_protocol(ev.dictionary)
    assert [one.name for one in protocol.passes] == [
        "first",
        "second",
        "third",
        "audit",
        "additions",
    ]
    ids = [item.id for item in protocol.items if item.checklist == "PRISMA-trAIce"]
    assert ids == ["T1", "A1", "I1", *(f"M{n}" for n in range(1, 11)), "R1", "R2", "D1", "D2"]
    assert {item.checklist for item in protocol.items} == set(protocol.checklists)
    assert all(one.version == NOT_RECORDED for one in protocol.passes), (
        "no version was written down"
    )


def test_what_was_read_once_is_named(ev):
    """Whatever has no row among the readings stands in the protocol, and nothing else does."""
    (late,) = [one for one in read_protocol(ev.dictionary).passes if one.name == "additions"]
    readings = ev.tables["readings"]
    studies = set(ev.studies["study_id"]) - set(readings["study_id"])
    later = ~ev.findings["finding_id"].isin(readings["finding_id"].dropna())
    later &= ~ev.findings["study_id"].isin(studies)
    named = set(re.findall(r"[a-z]+\d{4}[a-z]?(?:-\d+)?", late.covered))
    assert studies | set(ev.findings.loc[later, "finding_id"]) == named


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    portion(
        [
            ('version = "not recorded"\n', "", "version", "pass 1 has no version"),
            ('version = "not recorded"', 'version = " "', "version", "pass 1 has no version"),
            ('version = "not recorded"', "version = 3", "version", "pass 1 has no version"),
            ('answer = "open"', 'answer = ""', "answer", "has no answer"),
            ('measured = "accuracy"', 'measured = "luck"', "measured", "'luck' is not measured"),
            ('id = "A1"', 'id = "T1"', "item", "item 'T1' is a duplicate"),
            ('checklist = "RAISE"', 'checklist = "LOWER"', "checklist", "'LOWER' has no line"),
            ('name = "third"', 'name = "third"\nmood = "good"', "mood", "unknown part 'mood'"),
            ("[[pass]]", "[[pass", "", "is not readable as TOML"),
            ("[[pass]]", "a = " + "[" * 3000 + "\n[[pass]]", "", "is nested too deeply"),
            ("[[pass]]", "a = " + "9" * 5000 + "\n[[pass]]", "", "too many digits"),
        ],
        3,
    ),
)
def test_what_is_left_out_is_a_fault(data, old, new, column, words):
    spoil(data, old, new)
    found = [fault for fault in data.faults() if fault.column == column and words in fault.message]
    assert len(found) == 1 and found[0].file.endswith("reading_protocol.toml")
    with pytest.raises(evidence.DataError):
        evidence.disclosure(evidence.load(data.folder))


def test_the_line_of_the_block_is_named(data):
    spoil(data, 'version = "not recorded"\n', "")
    (fault,) = data.faults()
    lines = (data.folder / "reading_protocol.toml").read_text(encoding="utf-8").splitlines()
    assert lines[fault.line - 1] == "[[pass]]"


def test_a_file_that_is_not_there_is_a_fault(data):
    (data.folder / "reading_protocol.toml").unlink()
    assert any(fault.file.endswith("reading_protocol.toml") for fault in data.faults())


def test_a_selection_takes_it_along(ev, tmp_path):
    part = evidence.select_set(ev.select(question="risk"), tmp_path / "part")
    assert part and evidence.check(tmp_path / "part") == []
    assert "Third reading" in evidence.disclosure(evidence.load(tmp_path / "part"))
