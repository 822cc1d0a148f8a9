"""Change a BibTeX file without touching what was not asked for.

Text in, text out: fields are set, entries added and removed where they stand, and every other byte
stays. What comes out is parsed again, and refused unless it says what was meant and nothing else
moved. The caller writes the file, with :func:`evidence.files.write_atomically`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import repeat
from typing import TYPE_CHECKING

from evidence.bibliography.bibtex.blocks import Place, Splice, entries_of, places, spliced, split
from evidence.bibliography.bibtex.layout import Layout, enclosed, layout_of, newline_of
from evidence.bibliography.bibtex.lint import ODD_KEY
from evidence.bibliography.bibtex.rows import field_of, fields_of, rank, same_text, to_value
from evidence.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    import pandas as pd

Fields = Mapping[str, str | None]


def edit(
    text: str,
    changes: Mapping[str, Fields] | None = None,
    add: Iterable[Fields] = (),
) -> str:
    """Set fields of entries, and add entries; None takes a field away, every other byte stays."""
    changes, add = changes or {}, list(add)
    here = {
        place.block.key: place for place in reversed(places(text, split(text))) if place.is_entry
    }
    _refuse_unusable(here, changes, add)
    splices = [splice for key, fields in changes.items() for splice in _setting(here[key], fields)]
    splices += _additions(text, list(here.values()), add)
    new = spliced(text, splices)
    _verify(text, new, changes, add)
    return new


def _refuse_unusable(
    here: Mapping[str, Place], changes: Mapping[str, Fields], add: list[Fields]
) -> None:
    for key in changes:
        if key not in here:
            raise UsageError(f"no entry {key!r} in the bibliography that could be changed")
    taken = {key.lower() for key in here}
    for entry in add:
        key = _usable_key(entry)
        if key.lower() in taken:
            raise UsageError(f"the bibliography has an entry {key!r} already")
        taken.add(key.lower())


def _usable_key(entry: Fields) -> str:
    key, kind = entry.get("key") or "", entry.get("entry_type") or ""
    if ODD_KEY.search(key) or not re.fullmatch(r"[A-Za-z]+", kind):
        raise UsageError(
            "an entry needs a key without spaces and marks, and a type made of letters;"
            f" not {key!r} and {kind!r}"
        )
    return key


def _setting(place: Place, fields: Fields) -> list[Splice]:
    """What to replace so that an entry has these values."""
    layout = layout_of(place, newline_of(place.text))
    found = {span.name.lower(): span for span in reversed(place.fields)}
    splices: list[Splice] = []
    new: dict[str, str] = {}
    for name, value in fields.items():
        name = field_of(name, place.block.entry_type, found)
        span = found.get(name.lower())
        if value is None or not value.strip():
            if span:
                splices.append(Splice(span.begin, span.end, ""))
        elif span:
            splices.append(
                Splice(span.value_begin, span.value_end, enclosed(to_value(name, value), span.raw))
            )
        else:
            new[name] = to_value(name, value)
    gone = {splice.begin for splice in splices if not splice.text}
    return splices + layout.insertions(
        place, new, [span for span in place.fields if span.begin not in gone]
    )


def _additions(text: str, here: list[Place], add: list[Fields]) -> list[Splice]:
    """New entries, each after the one that comes before it."""
    here = sorted(here, key=lambda place: place.begin)
    keys = [place.block.key.casefold() for place in here]
    ordered = keys == sorted(keys)
    newline = newline_of(text)
    groups: dict[int, list[Fields]] = {}
    for entry in add:
        key = str(entry["key"]).casefold()
        groups.setdefault(sum(other < key for other in keys) if ordered else len(keys), []).append(
            entry
        )
    splices = []
    for place, entries in groups.items():
        near = here[max(0, place - 1)] if here else None
        if near:
            layout = layout_of(near, newline)
        else:
            layout = Layout(before=newline + "  ", newline=newline)
        if ordered:
            entries = sorted(entries, key=lambda entry: str(entry["key"]).casefold())
        written = (newline * 2).join(entry_text(entry, layout) for entry in entries)
        splices.append(_joined(text, here, place, written, newline))
    return splices


def _joined(text: str, here: list[Place], place: int, written: str, newline: str) -> Splice:
    if place and (place < len(here) or text[here[place - 1].end :].strip()):
        return Splice(here[place - 1].end, here[place - 1].end, newline * 2 + written)
    if here and not place:
        line = text.rfind("\n", 0, here[0].begin) + 1
        at = here[0].begin if text[line : here[0].begin].strip() else line
        return Splice(at, at, written + newline * 2)
    blank = len(text) - len(text.rstrip())
    gap = ""
    if text.strip():
        gap = newline * max(0, 2 - text.count("\n", len(text) - blank))
    return Splice(len(text), len(text), gap + written + newline)


def entry_text(entry: Fields, layout: Layout | None = None) -> str:
    """One entry as BibTeX, from ``key``, ``entry_type`` and fields or columns in plain Unicode; a
    :class:`UsageError` when it cannot be written.

    >>> print(entry_text({"key": "a", "entry_type": "misc", "pages": "1–2"}))
    @misc{a,
      pages     = {1--2},
    }
    """
    layout = layout or Layout()
    fields = {name: to_value(name, value) for name, value in fields_of(entry).items()}
    return layout.entry(str(entry["entry_type"]), _usable_key(entry), fields)


def entry_texts(
    entries: pd.DataFrame,
    as_value: Callable[[str, str], str] = to_value,
    same: Collection[str] = (),
) -> list[str]:
    """The text of each entry, as :func:`entry_text` writes it; a value that many entries have is
    written once. ``as_value`` makes of a name and a text what stands in the braces; the texts of
    the columns ``same`` stand there as they are, and none of them is empty or no key.
    """
    if not len(entries):
        return []
    columns = {str(name): entries[name].to_numpy(dtype=object).tolist() for name in entries}
    kinds = columns.pop("entry_type")
    keys = columns.pop("key")
    if "key" not in same:
        keys = _usable_keys(keys, kinds)
    texts = [""] * len(keys)
    for kind in dict.fromkeys(kinds):
        rows, chosen = list(range(len(kinds))), columns
        if kinds.count(kind) < len(kinds):
            rows = [row for row in rows if kinds[row] == kind]
            chosen = {name: [cells[row] for row in rows] for name, cells in columns.items()}
        begin = (f"@{kind}{{", [keys[row] for row in rows])
        written = _side_by_side([*begin, *_fields(kind, chosen, as_value, same), ",\n}"])
        if len(rows) == len(texts):
            return written
        for row, text in zip(rows, written, strict=True):
            texts[row] = text
    return texts


def _side_by_side(parts: Iterable[list[str] | str]) -> list[str]:
    """Rows of columns of texts; what all rows have is one text."""
    columns = (repeat(part) if isinstance(part, str) else part for part in parts)
    return list(map("".join, zip(*columns, strict=False)))


def _usable_keys(keys: list[str], kinds: list[str]) -> list[str]:
    """The keys, if entries can have them; one look at all of them together is enough for most."""
    sound = all(re.fullmatch(r"[A-Za-z]+", str(kind)) for kind in set(kinds))
    if sound and all(map(str, keys)) and not ODD_KEY.search("".join(map(str, keys))):
        return keys
    pairs = zip(keys, kinds, strict=True)
    return [_usable_key({"key": key, "entry_type": kind}) for key, kind in pairs]


def _fields(
    kind: str,
    columns: Mapping[str, list],
    as_value: Callable[[str, str], str],
    same: Collection[str],
) -> Iterator[list[str] | str]:
    """The fields of entries of one type, each with the comma before it."""
    fields = {field_of(column, kind): column for column in columns}
    for name in sorted(fields, key=rank):
        cells = columns[fields[name]]
        lead = "," + Layout().field(name, "")[:-1]
        if fields[name] in same:
            yield from (lead, cells, "}")
            continue
        written = {
            text: f"{lead}{as_value(name, text)}}}"
            if isinstance(text, str) and text.strip()
            else ""
            for text in set(cells)
        }
        if any(written.values()):
            yield [written[text] for text in cells]


def _verify(old: str, new: str, changes: Mapping[str, Fields], add: list[Fields]) -> None:
    """Refuse a result that does not read back as meant, or in which anything else moved."""
    before, after = split(old), split(new)
    added = {str(entry["key"]): entry for entry in add}
    touched = {*changes, *added}

    def rest(library) -> tuple[list[tuple[str, str]], list[str]]:
        """What is not to move: blocks, and the words between them."""
        blocks = [
            (type(block).__name__, block.raw)
            for block in library.blocks
            if getattr(block, "key", None) not in touched
        ]
        between = " ".join(raw for kind, raw in blocks if kind == "ImplicitComment").split()
        return [block for block in blocks if block[0] != "ImplicitComment"], between

    now = {entry.key: entry for entry in entries_of(after)}
    was = {entry.key: entry for entry in entries_of(before)}
    fine = rest(before) == rest(after) and set(changes) <= set(now)
    for key, fields in changes.items():
        fine = fine and _reads_as(
            now[key],
            fields,
            {field.key.lower(): field.value for field in reversed(was[key].fields)},
        )
    for key, entry in added.items():
        fine = (
            fine
            and key in now
            and now[key].entry_type == str(entry["entry_type"]).lower()
            and _reads_as(now[key], fields_of(entry), {})
        )
    if not fine:
        raise EvidenceError(
            "The bibliography was left unchanged: the change would not read back as intended."
        )


def _reads_as(entry, fields: Fields, was: Mapping[str, str]) -> bool:
    """Whether an entry has just these values, and otherwise those that it had."""
    now = {field.key.lower(): field.value for field in reversed(entry.fields)}
    meant = {field_of(name, entry.entry_type, was).lower(): value for name, value in fields.items()}
    others = {name: value for name, value in was.items() if name not in meant}
    if {name: value for name, value in now.items() if name not in meant} != others:
        return False
    return all(
        (
            (name not in now)
            if value is None or not value.strip()
            else name in now and same_text(name, now[name], value)
        )
        for name, value in meant.items()
    )
