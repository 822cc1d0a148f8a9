"""Whatever a data folder holds: a message with its place and a way to fix it, never a traceback,
never a hang, nothing dropped in silence.
"""

from __future__ import annotations

import pytest
from animals import ANIMALS
from portion import portion

import evidence
from evidence.cli import main


def check(folder) -> list[str]:
    """What ``evidence.check`` says, whether it lists it or refuses."""
    try:
        faults = evidence.check(folder)
    except evidence.EvidenceError as error:
        return str(error).splitlines()
    assert all(
        fault.file and fault.message and fault.allowed and (fault.line or not fault.record)
        for fault in faults
    )
    return [str(fault) for fault in faults]


def loads(folder) -> bool:
    """Whether ``evidence.load`` takes it."""
    try:
        found = evidence.load(folder)
    except evidence.EvidenceError as error:
        assert str(error).strip()
        return False
    assert len(found) and repr(found)
    return True


def test_the_sample_is_whole(sample):
    assert evidence.check(sample) == []


@pytest.mark.parametrize("animal", portion(ANIMALS, 7), ids=lambda animal: animal.name)
def test_the_zoo(cage, capsys, animal):
    animal.spoil(cage)
    said = check(cage.folder)
    assert bool(said) == (animal.expected != "fine"), said[:5]
    assert not animal.words or any(animal.words in line for line in said), said[:5]
    assert all(line.isprintable() for line in said)
    assert loads(cage.folder) == (animal.expected in ("fine", "noticed"))

    for command in (["check", str(cage.folder)], ["balance", "--data", str(cage.folder)]):
        code = main(command)
        captured = capsys.readouterr()
        wrong = said if command[0] == "check" else animal.expected in ("faults", "refused")
        assert code == (1 if wrong else 0), captured.err
        assert "Traceback" not in captured.out + captured.err
        assert not wrong or command[0] != "check" or animal.words in captured.out + captured.err


def test_names_are_unique():
    assert len({animal.name for animal in ANIMALS}) == len(ANIMALS)
