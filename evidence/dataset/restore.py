"""A data set from one of the files that ``evidence export`` wrote: archive, workbook or JSON."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

from evidence.dataset.formulas import unescaped
from evidence.dataset.loading import shown_path
from evidence.dataset.parts import LICENCE, SEARCH, SetText
from evidence.errors import DataError

DICTIONARY = "datapackage.json"
FILE_SHEET = re.compile(r"file \d+")
LARGEST = 500_000_000  # bytes of an archive once it is unpacked


def is_export(path: str | os.PathLike[str]) -> bool:
    """Whether a file holds a whole data set, as ``evidence export`` writes it."""
    place = Path(path)
    try:
        if place.suffix.lower() == ".json":
            return '"datapackage"' in place.read_text(encoding="utf-8")
        if not zipfile.is_zipfile(place):
            return False
        if place.suffix.lower() != ".xlsx":
            return DICTIONARY in zipfile.ZipFile(place).namelist()
        import openpyxl

        return any(FILE_SHEET.fullmatch(name) for name in openpyxl.load_workbook(place, read_only=True).sheetnames)
    except Exception:  # whatever is wrong with it, it is no export of ours
        return False


def restored(path: str | os.PathLike[str]) -> SetText:
    """The files of the data set that an export holds.

    Parameters
    ----------
    path : path
        Workbook (``xlsx``), ``json``, or archive (``datapackage``, ``ro-crate``). Rows that were changed in it come back changed.

    Raises
    ------
    DataError
        When the file cannot be read, or holds no data set.
    """
    place = Path(path)
    try:
        if place.suffix.lower() == ".json":
            return _from_json(json.loads(place.read_text(encoding="utf-8"), parse_float=Printed, parse_int=Printed))
        return _from_workbook(place) if place.suffix.lower() == ".xlsx" else _from_archive(place)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise DataError(f"{shown_path(place)} holds no data set that can be restored ({error!r}).") from None


class Printed(str):
    """A number as it is printed in a JSON file."""


def _from_archive(place: Path) -> SetText:
    with zipfile.ZipFile(place) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
            raise ValueError(f"more than {LARGEST:,} bytes")
        files = {entry.filename: archive.read(entry).decode("utf-8") for entry in archive.infolist() if not entry.is_dir()}
    return _from_files(files)


def _from_files(files: dict[str, str]) -> SetText:
    package = json.loads(files.pop(DICTIONARY))
    tables = {resource["name"]: files.pop(resource["path"]) for resource in package["resources"]}
    bibliography = files.pop(package["evidence"]["bibliography"])
    beside: dict[str, str] = {name: files[name] for name in (LICENCE, SEARCH) if name in files}
    return SetText(package, tables, bibliography, beside)


def _from_json(made: dict[str, Any]) -> SetText:
    package = _plain(made["datapackage"])
    tables = {}
    for resource in package["resources"]:
        header = [field["name"] for field in resource["schema"]["fields"]]
        rows = [[_cell(row.get(name)) for name in header] for row in made["tables"][resource["name"]]]
        tables[resource["name"]] = _csv([header, *rows])
    return SetText(package, tables, made["bibliography"], made.get("beside", {}))


def _plain(made: Any) -> Any:
    """The dictionary with numbers as numbers."""
    if isinstance(made, Printed):
        return json.loads(made)
    if isinstance(made, dict):
        return {name: _plain(value) for name, value in made.items()}
    return [_plain(value) for value in made] if isinstance(made, list) else made


def _cell(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _from_workbook(place: Path) -> SetText:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(place.read_bytes()), read_only=True, data_only=True)
    files = {}
    for name in [name for name in book.sheetnames if FILE_SHEET.fullmatch(name)]:
        first, *lines = ["" if row[0] is None else unescaped(str(row[0])) for row in book[name].iter_rows(max_col=1, values_only=True)]
        files[first] = "\n".join(lines)
    package = json.loads(files.pop(DICTIONARY))
    for resource in package["resources"]:
        files[resource["path"]] = _csv(_sheet(book[resource["name"]], resource))
    return _from_files({DICTIONARY: json.dumps(package)} | files)


def _sheet(sheet: Any, resource: dict[str, Any]) -> list[list[str]]:
    """Header and rows of a sheet in the order of the dictionary; columns may stand in another order, empty rows between them do not count."""
    types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    rows = sheet.iter_rows()
    header = ["" if cell.value is None else str(cell.value) for cell in next(rows)]
    named = [name for name in header if name]
    if sorted(named) != sorted(types):
        odd = sorted(set(named) ^ set(types)) or sorted({name for name in named if named.count(name) > 1})
        raise ValueError(f"sheet {sheet.title}: the header does not fit the dictionary in {', '.join(odd)}")
    order = [header.index(name) for name in types]
    read = []
    for row in rows:
        cells = [row[place] if place < len(row) else None for place in order]
        read.append([_from_cell(cell, kind) for cell, kind in zip(cells, types.values(), strict=True)])
    return [list(types), *(row for row in read if any(row))]


def _from_cell(cell: Any, kind: str) -> str:
    """A cell as it is printed: with the decimals of its format."""
    value = None if cell is None else cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)) and kind in ("integer", "number"):
        shown = re.fullmatch(r"0(?:\.(0+))?", cell.number_format or "")
        if shown:
            return f"{value:.{len(shown[1] or '')}f}"
        return f"{value:.15g}"
    return unescaped(str(value))


def _csv(rows: list[list[str]]) -> str:
    import csv

    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
