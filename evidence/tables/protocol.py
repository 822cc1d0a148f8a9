"""Who read the sources, and how: the file that the setting ``reading_protocol`` names.

TOML with a block ``[[pass]]`` for each pass over the sources and a block ``[[item]]`` for each
item that a reporting checklist asks for. Nothing may be left empty: what nobody wrote down is
"not recorded", what is still to be done or decided is "open".
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from evidence.errors import DataError, Fault, UsageError
from evidence.files import UnreadableFile, read_text
from evidence.model.dictionary import Dictionary
from evidence.tables.toml_file import parse_toml

OPEN, NOT_RECORDED = "open", "not recorded"
MEASURED = ("agreement", "accuracy", "adjudications")
EVERY = (
    f'a text; "{NOT_RECORDED}" for what nobody wrote down, "{OPEN}" for what is still to be done'
)


@dataclass(frozen=True)
class Pass:
    """One pass over the sources; every part is a text.

    Attributes
    ----------
    name, title : str
    reader : str
        Kind of reader.
    version : str
        Version of the reader, where it is a program.
    dates, instructions : str
    saw, did_not_see : str
        What lay before the reader, and what did not.
    covered : str
        How much was read.
    output : str
        Where it is kept.
    checked_by_people : str
    """

    name: str
    title: str
    reader: str
    version: str
    dates: str
    instructions: str
    saw: str
    did_not_see: str
    covered: str
    output: str
    checked_by_people: str


@dataclass(frozen=True)
class Item:
    """One item of a reporting checklist.

    Attributes
    ----------
    id, checklist : str
    asks : str
        What it asks for, in other words.
    answer : str
    measured : str
        Which numbers belong to the answer: agreement, accuracy, adjudications, or none.
    """

    id: str
    checklist: str
    asks: str
    answer: str
    measured: str = ""


@dataclass(frozen=True)
class ReadingProtocol:
    """Passes and items, in the order of the file, and where the checklists can be read."""

    passes: tuple[Pass, ...]
    items: tuple[Item, ...]
    checklists: dict[str, str]


def read_protocol(dictionary: Dictionary) -> ReadingProtocol:
    """Read the reading protocol.

    >>> import evidence
    >>> [one.name for one in read_protocol(evidence.load().dictionary).passes][:2]
    ['first', 'second']
    """
    path = dictionary.named_file("reading_protocol")
    if path is None:
        raise UsageError(
            "This data set has no reading protocol. Name a file in datapackage.json, "
            '"evidence": {"reading_protocol": "reading_protocol.toml"}.'
        )
    protocol, faults = parse_protocol(path, str(path))
    if faults:
        raise DataError("The reading protocol cannot be used:", faults)
    return protocol


def parse_protocol(path: Path, shown: str) -> tuple[ReadingProtocol, list[Fault]]:
    """The protocol of a file, and what is wrong with it; ``shown`` is its path in messages."""
    nothing = ReadingProtocol((), (), {})
    try:
        text = read_text(path)
    except UnreadableFile as error:
        return nothing, [Fault(shown, error.line, "", error.what, error.allowed)]
    made, faults = parse_toml(text, shown)
    if faults:
        return nothing, faults
    passes = _blocks(made, "pass", Pass, shown, text, faults)
    items = _blocks(made, "item", Item, shown, text, faults)
    checklists = made.get("checklists", {})
    named = checklists if isinstance(checklists, dict) else {}
    for item in items:
        if item.measured and item.measured not in MEASURED:
            what = f"item {item.id}: {item.measured!r} is not measured"
            faults.append(Fault(shown, 0, "measured", what, ", ".join(MEASURED), "protocol"))
        if item.checklist not in named:
            what = f"item {item.id}: checklist {item.checklist!r} has no line below [checklists]"
            faults.append(Fault(shown, 0, "checklist", what, "name = address", "protocol"))
    return ReadingProtocol(tuple(passes), tuple(items), dict(named)), faults


def _blocks(made: dict, name: str, kind: type, shown: str, text: str, faults: list[Fault]) -> list:
    """The blocks of one kind; a part that is missing, empty or unknown is a fault."""
    lines = [i for i, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{name}]]"]
    blocks, found = made.get(name), []
    if not isinstance(blocks, list) or not blocks:
        faults.append(Fault(shown, 0, name, "there is no such block", f"[[{name}]]", "protocol"))
        return []
    known = [field.name for field in fields(kind)]
    needed = [part for part in known if part != "measured"]
    for number, block in enumerate(blocks):
        line = lines[number] if number < len(lines) else 0
        values = dict(block) if isinstance(block, dict) else {}
        bad = [part for part in needed if not _filled(values.get(part))]
        for part in bad:
            what = f"{name} {number + 1} has no {part}"
            faults.append(Fault(shown, line, part, what, EVERY, "protocol"))
        for part in [part for part in values if part not in known]:
            what = f"{name} {number + 1} has an unknown part {part!r}"
            faults.append(Fault(shown, line, part, what, ", ".join(known), "protocol"))
        if not bad:
            found.append(
                kind(**{part: str(values[part]).strip() for part in known if part in values})
            )
    names = [getattr(one, known[0]) for one in found]
    for twice in sorted({one for one in names if names.count(one) > 1}):
        what = f"{name} {twice!r} is a duplicate"
        faults.append(Fault(shown, 0, name, what, "each once", "protocol"))
    return found


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
