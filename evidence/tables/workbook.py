"""XLSX files of others, opened with limits: a small file can be made to fill the memory, or to take
for ever.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from evidence.files import UnreadableFile

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST = 200_000_000  # bytes of the parts of a workbook, once they are unpacked
MOST_CELLS = 10_000_000  # of a sheet, from its first to its last, and of all merged blocks
EMPTY = re.compile(rb"<(\w+:)?c(?:\s[^<>]*)?(?:/>|></(?:\w+:)?c>)")
MERGED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"


def opened(content: bytes, **options: Any) -> Workbook:
    """A workbook.

    Its XML may bring no entities, which openpyxl refuses where defusedxml is installed, as here.

    >>> opened(b"PK")
    Traceback (most recent call last):
        ...
    evidence.files.UnreadableFile: is not a readable XLSX file (File is not a zip file); allowed: an
    XLSX file without a password, or CSV
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _within_limits(archive)
            content = _without_empty_cells(content, archive)
        return openpyxl.load_workbook(io.BytesIO(content), **options)
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises whatever the XML or the archive raises
        cause = error.__cause__ or error
        said = (str(cause) or type(cause).__name__).splitlines()[0][:200]
        raise UnreadableFile(
            f"is not a readable XLSX file ({said})", "an XLSX file without a password, or CSV"
        ) from None


def _without_empty_cells(content: bytes, archive: zipfile.ZipFile) -> bytes:
    """The file without cells that have a format and no content: sheets have thousands, and one can
    lie far below the table.
    """
    sheets = {
        part.filename: archive.read(part)
        for part in archive.infolist()
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    }
    lean = {name: EMPTY.sub(b"", xml) for name, xml in sheets.items()}
    if lean == sheets:
        return content
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for part in archive.infolist():
            made.writestr(part.filename, lean.get(part.filename) or archive.read(part))
    return stream.getvalue()


def _within_limits(archive: zipfile.ZipFile) -> None:
    size = sum(part.file_size for part in archive.infolist())
    if size > LARGEST:
        raise UnreadableFile(
            f"unpacks to {size:,} bytes", f"at most {LARGEST:,}; save the sheet as CSV"
        )
    for part in archive.infolist():
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            merged = _merged(archive.read(part))
            if merged > MOST_CELLS:
                raise UnreadableFile(
                    f"merges {merged:,} cells into blocks",
                    f"at most {MOST_CELLS:,}; take the blocks apart",
                )


def _merged(xml: bytes) -> int:
    """How many cells stand in merged blocks: openpyxl makes each of them."""
    if b"mergeCell" not in xml and b"\0" not in xml[:100]:
        return 0
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils import range_boundaries

    found = 0
    for _, element in iterparse(io.BytesIO(xml)):
        if element.tag == MERGED:
            left, top, right, bottom = (
                place or 0 for place in range_boundaries(element.get("ref"))
            )
            found += (right - left + 1) * (bottom - top + 1)
        element.clear()
    return found
