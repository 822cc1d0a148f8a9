"""A data set from one of the files that ``evidence export`` wrote: archive, workbook or JSON."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

from evidence.decoding import bytes_of
from evidence.errors import DataError, EvidenceError, visible
from evidence.exporting.set_text import BIBLIOGRAPHY, LICENCE, PROTOCOL, SEARCH, SetText
from evidence.files import UnreadableFile, decode, inside, read_bytes, shown_path
from evidence.model.dictionary import PACKAGE
from evidence.quoting import comma_separated
from evidence.tables.dictionary_file import refuse_package
from evidence.tables.formulas import restored_text, unescaped
from evidence.tables.workbook import opened

FILE_SHEET = re.compile(r"file \d+")
LARGEST = 500_000_000  # bytes of an archive once it is unpacked


def is_export(path: str | os.PathLike[str]) -> bool:
    """Whether a file holds a whole data set, as ``evidence export`` writes it."""
    place = Path(path)
    try:
        content = read_bytes(place)
        if place.suffix.lower() == ".json":
            return b'"datapackage"' in content
        if not zipfile.is_zipfile(io.BytesIO(content)):
            return False
        if place.suffix.lower() != ".xlsx":
            return PACKAGE in zipfile.ZipFile(io.BytesIO(content)).namelist()
        return any(
            FILE_SHEET.fullmatch(name) for name in opened(content, read_only=True).sheetnames
        )
    except (UnreadableFile, zipfile.BadZipFile):  # whoever reads it says what is wrong
        return False


def restored(path: str | os.PathLike[str]) -> SetText:
    """The files of the data set that an export holds.

    Parameters
    ----------
    path : path
        Workbook (``xlsx``), ``json``, or archive (``datapackage``, ``ro-crate``). Rows that were
        changed in it come back changed.

    Raises
    ------
    DataError
        When the file cannot be read, holds no data set, or names a file outside of its folder.
    """
    place = Path(path)
    content = bytes_of(place)
    try:
        if place.suffix.lower() == ".json":
            found = _from_json(json.loads(decode(content), parse_float=Printed, parse_int=Printed))
        else:
            found = (
                _from_workbook(content)
                if place.suffix.lower() == ".xlsx"
                else _from_archive(content)
            )
        _refuse_strange(found)
    except Exception as error:  # a file that somebody changed can be wrong in any way, at any depth
        said = (
            str(error) if isinstance(error, EvidenceError) else f"{type(error).__name__}: {error}"
        )
        raise DataError(
            f"{shown_path(place)} holds no data set that can be restored ({visible(said)[:300]})."
        ) from None
    return found


def _refuse_strange(found: SetText) -> None:
    """Refuse a file of a name that no export writes: tables, their dictionary and bibliography,
    licence, search and reading protocol.
    """
    for name, text in found.files.items():
        inside("", name)
        text.encode("utf-8")
    refuse_package(found.package, Path())
    known = {
        PACKAGE,
        BIBLIOGRAPHY,
        LICENCE,
        SEARCH,
        PROTOCOL,
        *(resource["path"] for resource in found.package["resources"]),
    }
    if strange := [name for name in found.files if name not in known]:
        raise ValueError(f"an export has no file {strange[0]!r}")
    if len({name.casefold() for name in found.files}) < 2 + len(found.tables) + len(found.beside):
        raise ValueError("two files have the same name")


class Printed(str):
    """A number as it is printed in a JSON file."""


def _from_archive(content: bytes) -> SetText:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
            raise ValueError(f"more than {LARGEST:,} bytes")
        files = {
            entry.filename: archive.read(entry).decode("utf-8")
            for entry in archive.infolist()
            if not entry.is_dir()
        }
    package = json.loads(files[PACKAGE])
    return _from_files(
        files
        | {
            resource["path"]: restored_text(files[resource["path"]])
            for resource in package["resources"]
        }
    )


def _from_files(files: dict[str, str]) -> SetText:
    package = json.loads(files.pop(PACKAGE))
    tables = {resource["name"]: files.pop(resource["path"]) for resource in package["resources"]}
    bibliography = files.pop(package["evidence"]["bibliography"])
    beside: dict[str, str] = {
        name: files[name] for name in (LICENCE, SEARCH, PROTOCOL) if name in files
    }
    return SetText(package, tables, bibliography, beside)


def _from_json(made: dict[str, Any]) -> SetText:
    package = _plain(made["datapackage"])
    tables = {}
    for resource in package["resources"]:
        header = [field["name"] for field in resource["schema"]["fields"]]
        rows = [
            [_cell(row.get(name)) for name in header] for row in made["tables"][resource["name"]]
        ]
        tables[resource["name"]] = comma_separated([header, *rows])
    texts = {BIBLIOGRAPHY: made["bibliography"]} | made.get("beside", {})
    if odd := [name for name, text in texts.items() if type(text) is not str]:
        raise TypeError(f"{odd[0]} is not text")
    return SetText(package, tables, texts.pop(BIBLIOGRAPHY), texts)


def _plain(made: Any) -> Any:
    """The dictionary with numbers as numbers."""
    if isinstance(made, Printed):
        return json.loads(made)
    if isinstance(made, dict):
        return {name: _plain(value) for name, value in made.items()}
    if isinstance(made, list):
        return [_plain(value) for value in made]
    return made


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _from_workbook(content: bytes) -> SetText:
    book = opened(content, read_only=True, data_only=True)
    files = {}
    for name in [name for name in book.sheetnames if FILE_SHEET.fullmatch(name)]:
        first, *lines = [
            "" if row[0] is None else unescaped(str(row[0]))
            for row in book[name].iter_rows(max_col=1, values_only=True)
        ]
        files[first] = "\n".join(lines)
    package = json.loads(files.pop(PACKAGE))
    for resource in package["resources"]:
        files[resource["path"]] = comma_separated(_sheet(book[resource["name"]], resource))
    return _from_files({PACKAGE: json.dumps(package)} | files)


def _sheet(sheet: Any, resource: dict[str, Any]) -> list[list[str]]:
    """Header and rows of a sheet in the order of the dictionary; columns may stand in another
    order, empty rows between them do not count.
    """
    types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    rows = sheet.iter_rows()
    header = ["" if cell.value is None else str(cell.value) for cell in next(rows)]
    named = [name for name in header if name]
    if sorted(named) != sorted(types):
        odd = sorted(set(named) ^ set(types)) or sorted(
            {name for name in named if named.count(name) > 1}
        )
        raise ValueError(
            f"sheet {sheet.title}: the header does not fit the dictionary in {', '.join(odd)}"
        )
    order = [header.index(name) for name in types]
    read = []
    for row in rows:
        cells = [row[place] if place < len(row) else None for place in order]
        read.append(
            [_from_cell(cell, kind) for cell, kind in zip(cells, types.values(), strict=True)]
        )
    return [list(types), *(row for row in read if any(row))]


def _from_cell(cell: Any, kind: str) -> str:
    """A cell as it is printed: with the decimals of its format."""
    value = cell.value if cell is not None else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)) and kind in ("integer", "number"):
        shown = re.fullmatch(r"0(?:\.(0+))?", cell.number_format or "")
        return f"{value:.{len(shown[1] or '')}f}" if shown else f"{value:.15g}"
    return unescaped(str(value))
