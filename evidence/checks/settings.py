"""What the dictionary says of the whole data set: its version, which can name a folder of the page,
and the reading protocol, which can be read and leaves nothing empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.errors import Fault, UsageError
from evidence.files import inside, shown_path
from evidence.tables.protocol import parse_protocol
from evidence.tables.reader import short

if TYPE_CHECKING:
    from evidence.checks.run import Checked


def check_version(checked: Checked) -> list[Fault]:
    """A version that would lead out of the folder of the page, or deeper into it."""
    version = checked.dictionary.version
    try:
        fits = "/" not in version and bool(inside("", f"v{version}"))
    except UsageError:
        fits = False
    if fits:
        return []
    file = shown_path(checked.dictionary.folder / "datapackage.json")
    what = f"{short(version)} cannot be the name of a folder"
    allowed = "a version such as 1.0.0, without /, \\ and :"
    return [Fault(file, 0, "version", what, allowed, "dictionary")]


def check_protocol(checked: Checked) -> list[Fault]:
    """Faults of the reading protocol; none when the data set names no such file."""
    path = checked.dictionary.named_file("reading_protocol")
    return parse_protocol(path, shown_path(path))[1] if path else []
