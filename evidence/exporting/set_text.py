"""A data set, or a part of it, as the text of its files: for a folder of its own, and for every
format that carries all of it.

A study stays whole: all its findings come with it, and of every other table the rows that hang on
what is kept. Rows and entries are taken over as they stand in the files, byte for byte.
"""

from __future__ import annotations

import copy
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from evidence import decoding as edge
from evidence.bibliography.entries import parse_bibliography
from evidence.errors import DataError
from evidence.files import shown_path
from evidence.model.dictionary import PACKAGE, Dictionary
from evidence.model.evidence import Evidence
from evidence.quoting import json_text
from evidence.tables.reader import TextTable, read_text

BIBLIOGRAPHY = "references.bib"
LICENCE, SEARCH, PROTOCOL = "LICENSE", "search.toml", "reading_protocol.toml"
PART_OF = "part_of"


@dataclass(frozen=True)
class SetText:
    """A data set as text.

    Attributes
    ----------
    package : dict
        Its dictionary: what ``datapackage.json`` holds, with the bibliography beside it.
    tables : mapping of str to str
        Content of each CSV file, by table.
    bibliography : str
        BibTeX.
    beside : mapping of str to str
        Further files of the folder, by name: licence, search and reading protocol.
    """

    package: dict[str, Any]
    tables: Mapping[str, str]
    bibliography: str
    beside: Mapping[str, str] = field(default_factory=dict)

    def rows(self, name: str) -> list[list[str]]:
        """Header and rows of a table."""
        return list(csv.reader(io.StringIO(self.tables[name], newline="")))

    @property
    def files(self) -> dict[str, str]:
        """Content of each file by its name; ``datapackage.json`` first."""
        paths = {resource["name"]: resource["path"] for resource in self.package["resources"]}
        first = {PACKAGE: json_text(self.package) + "\n"}
        tables = {paths[name]: text for name, text in self.tables.items()}
        return (
            first
            | tables
            | {self.package["evidence"]["bibliography"]: self.bibliography}
            | dict(self.beside)
        )


def text_of(ev: Evidence) -> SetText:
    """The files of a data set, or of the part that a selection keeps.

    A valid data set: ``evidence check`` finds in it what it finds in the whole.
    """
    dictionary = ev.dictionary
    texts = {name: _read(table, dictionary) for name, table in dictionary.tables.items()}
    raw = {
        name: edge.text_of(dictionary.folder / table.file)
        for name, table in dictionary.tables.items()
    }
    package = copy.deepcopy(dict(dictionary.package))
    package["evidence"] = dict(package.get("evidence", {})) | {"bibliography": BIBLIOGRAPHY}
    bibliography = edge.text_of(dictionary.bibliography)
    beside = _beside(dictionary)
    if "search" in package["evidence"] and SEARCH in beside:
        package["evidence"]["search"] = SEARCH
    if "reading_protocol" in package["evidence"] and PROTOCOL in beside:
        package["evidence"]["reading_protocol"] = PROTOCOL
    if not ev.steps:
        return SetText(package, raw, bibliography, beside)
    kept = _kept(ev, texts)
    package["title"] = f"{package.get('title', '')} (selection)".strip()
    conditions = [step.what for step in ev.steps]
    package["evidence"][PART_OF] = {
        "title": dictionary.title,
        "version": dictionary.version,
        "conditions": conditions,
    }
    tables = {name: _cut(raw[name], text, kept[name]) for name, text in texts.items()}
    return SetText(package, tables, _entries(dictionary, texts, kept, bibliography), beside)


def _beside(dictionary: Dictionary) -> dict[str, str]:
    """The licence, the saved search and the reading protocol, where they are; each under one name,
    wherever it lies.
    """
    folder = dictionary.folder
    paths = {
        LICENCE: folder / LICENCE,
        SEARCH: dictionary.named_file("search") or folder / SEARCH,
        PROTOCOL: dictionary.named_file("reading_protocol") or folder / PROTOCOL,
    }
    return {name: edge.text_of(path) for name, path in paths.items() if path.is_file()}


def _read(table: Any, dictionary: Dictionary) -> TextTable:
    text, faults = read_text(table, dictionary.folder, shown_path(dictionary.folder / table.file))
    if faults:
        raise DataError("The tables cannot be read:", faults)
    return text


def _kept(ev: Evidence, texts: Mapping[str, TextTable]) -> dict[str, np.ndarray]:
    """Which rows of each table stay."""
    kept = {name: np.ones(len(text.cells), dtype=bool) for name, text in texts.items()}
    studies = texts["studies"].cells
    kept["studies"] = (
        studies["study_id"].isin(ev.tables["studies"]["study_id"]).to_numpy(dtype=bool)
    )
    if "cohorts" in texts:
        kept["cohorts"] = (
            texts["cohorts"]
            .cells["cohort_id"]
            .isin(studies.loc[kept["studies"], "cohort"])
            .to_numpy(dtype=bool)
        )
    if "reviews" in texts:
        for column in [name for name in ev.dictionary.kept_apart if name in texts["reviews"].cells]:
            kept["reviews"] &= (
                texts["reviews"]
                .cells[column]
                .isin(studies.loc[kept["studies"], column])
                .to_numpy(dtype=bool)
            )
    changed = True
    while changed:
        changed = False
        for name, text in texts.items():
            stays = kept[name] & _hangs_on(text, texts, kept)
            changed |= bool((stays != kept[name]).any())
            kept[name] = stays
    return kept


def _hangs_on(
    text: TextTable, texts: Mapping[str, TextTable], kept: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Rows whose every key, and whose pointer, leads to a row that stays."""
    stays = np.ones(len(text.cells), dtype=bool)
    for key in text.table.foreign_keys:
        there = texts[key.table].cells.loc[kept[key.table], key.key]
        cells = text.cells[key.column]
        stays &= (cells.isin(there) | (cells == "")).to_numpy(dtype=bool)
    if "table" in text.table and "id" in text.table:
        ids: list[pd.Series] = [
            text.cells["table"].eq(name)
            & text.cells["id"].isin(other.cells.loc[kept[name], other.table.key])
            for name, other in texts.items()
        ]
        stays &= np.logical_or.reduce([found.to_numpy(dtype=bool) for found in ids])
    return stays


def _cut(content: str, text: TextTable, kept: np.ndarray) -> str:
    """The header and the rows that stay, as they stand in the file; a row can run over several
    lines.
    """
    lines = _lines(content)
    begins = [*(int(line) - 1 for line in text.lines), len(lines)]
    head = lines[: begins[0]] if len(text.lines) else lines
    body = ["".join(lines[begin:end]) for begin, end in pairwise(begins)]
    return "".join([*head, *(row for row, stays in zip(body, kept, strict=True) if stays)])


def _lines(content: str) -> list[str]:
    """Lines as the csv module counts them."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", content)


def _entries(
    dictionary: Dictionary,
    texts: Mapping[str, TextTable],
    kept: Mapping[str, np.ndarray],
    content: str,
) -> str:
    """The entries that the rows still need, as they stand in the bibliography, and what stands
    before the first of them.
    """
    needed = set(dictionary.settings.get("entries_for_all", []))
    for name in dictionary.settings.get("bibliography_tables", ["studies"]):
        if name in texts:
            needed |= set(texts[name].cells.loc[kept[name], texts[name].table.key])
    begins = sorted(
        (line - 1, key)
        for key, line in parse_bibliography(dictionary.bibliography, "").lines.items()
    )
    lines = _lines(content)
    if not begins:
        return content
    parts = ["".join(lines[: begins[0][0]])]
    for (begin, key), end in zip(
        begins, [*(line for line, _ in begins[1:]), len(lines)], strict=True
    ):
        block = lines[begin:end]
        # Abbreviations may be defined anywhere.
        parts.append(
            "".join(
                block
                if key in needed
                else [line for line in block if re.match(r"@(?:string|preamble)\b", line, re.I)]
            )
        )
    return "".join(parts).rstrip("\n") + "\n"
