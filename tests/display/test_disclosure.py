"""``evidence disclosure``: every item filled or marked as open, with numbers from the files."""

from __future__ import annotations

import pytest

import evidence
from evidence.cli import main
from evidence.tables.decisions import append_decision
from evidence.tables.protocol import read_protocol


def test_every_pass_and_item_is_there(ev):
    text = evidence.disclosure(ev)
    flat = " ".join(text.split())
    protocol = read_protocol(ev.dictionary)
    for one in protocol.passes:
        assert one.title in text and " ".join(one.saw.split()) in flat
    for item in protocol.items:
        assert f"{item.id}. {item.asks}" in flat
        assert ("OPEN" if item.answer == "open" else item.answer) in flat
    assert text.count("OPEN") == sum(item.answer == "open" for item in protocol.items) > 0


def test_numbers_come_from_the_files(ev):
    text = evidence.disclosure(ev)
    whole = evidence.accuracy(ev).iloc[-1]
    assert (
        f"{whole['right']} of {whole['checked']} right ({whole['share'] * 100:.0f} %, 95 % interval"
        in " ".join(text.split())
    )
    agree = evidence.agreement(ev).iloc[-1]
    assert f"{agree['agree']} of {agree['n']}" in text
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 110


def test_decisions_of_people_follow_at_once(data, capsys):
    assert main(["disclosure", "--data", str(data.folder)]) == 0
    assert "Measured: none yet" in capsys.readouterr().out
    ev = evidence.load(data.folder)
    for field, verdict in (("design", "right"), ("sample_size", "wrong")):
        row = {
            "table": "studies",
            "id": "abel2007",
            "field": field,
            "verdict": verdict,
            "who": "A. Reader",
        }
        append_decision(ev.dictionary, row)
    assert main(["disclosure", "--data", str(data.folder)]) == 0
    assert "All fields: 1 of 2 right (50 %, 95 % interval 9 % to 91 %)" in capsys.readouterr().out


def test_without_a_protocol_one_sentence(capsys, example_folder):
    assert main(["disclosure", "--data", str(example_folder)]) == 2
    assert "has no reading protocol" in capsys.readouterr().err


def test_without_readings_and_audit_it_still_says_who_read(ev):
    tables = {
        name: table
        for name, table in ev.tables.items()
        if name not in ("readings", "audit", "adjudications")
    }
    text = evidence.disclosure(ev.with_tables(tables))
    assert "no second reading" in text and "no audit" in text and "Third reading, blind" in text


@pytest.fixture
def example_folder(root):
    return root / "examples" / "exercise_after_infarction"


def test_a_selection_without_readings_says_so(ev):
    part = ev.select(question="risk", population="animal")
    assert len(part.readings) == 0
    text = evidence.disclosure(part)
    assert "Agreement of the readings\nNone yet." in text and "Measured: none yet" in text
