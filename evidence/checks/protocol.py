"""The reading protocol: it can be read, and nothing in it is left empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.errors import Fault
from evidence.files import shown_path
from evidence.tables.protocol import parse_protocol

if TYPE_CHECKING:
    from evidence.checks.run import Checked


def check_protocol(checked: Checked) -> list[Fault]:
    """Faults of the reading protocol; none when the data set names no such file."""
    path = checked.dictionary.named_file("reading_protocol")
    return parse_protocol(path, shown_path(path))[1] if path else []
