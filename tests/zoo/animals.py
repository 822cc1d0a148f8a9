"""The zoo: one way each to spoil a data set, and what must be said about it.

What is expected of an animal:

- ``faults``: ``evidence.check`` lists it, ``evidence.load`` refuses.
- ``noticed``: ``evidence.check`` lists it; it does no harm when loaded.
- ``refused``: both refuse, because there is no dictionary to work with.
- ``fine``: unusual, but right.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cage import Cage


@dataclass(frozen=True)
class Animal:
    """``words`` are in one message, with all of its place: file, line and column."""

    name: str
    spoil: Callable[[Cage], Any]
    expected: str
    words: str = ""


def _table(
    name: str,
    content: Callable[[bytes], bytes],
    expected: str = "faults",
    words: str = "",
    table: str = "studies",
) -> Animal:
    return Animal(name, lambda cage: cage.edit(f"{table}.csv", content), expected, words)


def _cell(
    name: str, column: str, value: str, expected: str, words: str = "", table: str = "studies"
) -> Animal:
    return Animal(name, lambda cage: cage.cell(table, column, value), expected, words)


def _dictionary(name: str, change: Callable[[dict[str, Any]], Any], words: str) -> Animal:
    return Animal(name, lambda cage: cage.package(change), "refused", words)


def _json(name: str, change: Callable[[bytes], bytes], words: str) -> Animal:
    return Animal(name, lambda cage: cage.edit("datapackage.json", change), "refused", words)


def _instead(
    name: str, file: str, make: Callable[[Cage], Any], expected: str, words: str
) -> Animal:
    """Something else in place of a file."""

    def spoil(cage: Cage) -> None:
        (cage / file).unlink()
        make(cage)

    return Animal(name, spoil, expected, words)


def _reorder(rows: list[list[str]]) -> None:
    for row in rows:
        row[1], row[2] = row[2], row[1]


def _field(package: dict[str, Any], table: str, column: str) -> dict[str, Any]:
    fields = next(resource for resource in package["resources"] if resource["name"] == table)[
        "schema"
    ]["fields"]
    return next(field for field in fields if field["name"] == column)


def _schema(package: dict[str, Any], table: str = "studies") -> dict[str, Any]:
    return next(resource for resource in package["resources"] if resource["name"] == table)[
        "schema"
    ]


def _cycle(package: dict[str, Any]) -> None:
    """Studies point to findings, which point back; and studies to themselves."""
    keys = _schema(package)["foreignKeys"]
    keys.append(
        {
            "fields": "study_id",
            "reference": {"resource": "findings", "fields": "study_id"},
            "covers": True,
        }
    )
    keys.append({"fields": ["study_id"], "reference": {"resource": "", "fields": ["study_id"]}})


def _too_many_columns(content: bytes) -> bytes:
    return b",".join(b"c%d" % number for number in range(20_000)) + b"\n" + b"," * 19_999 + b"\n"


FILES = [
    _table("empty file", lambda _: b"", words="studies.csv:1: is empty"),
    _table(
        "line breaks only", lambda _: b"\n\n\n", words="studies.csv:1: begins with an empty line"
    ),
    _table(
        "header only",
        lambda text: text.splitlines(keepends=True)[0],
        words="is not a study_id of studies",
    ),
    _table(
        "semicolons",
        lambda text: text.replace(b",", b";"),
        words="studies.csv:1: the cells are separated by ';'; allowed: commas",
    ),
    _table(
        "tabs",
        lambda text: text.replace(b",", b"\t"),
        words=r"studies.csv:1: the cells are separated by '\t'",
    ),
    _table(
        "decimal comma",
        lambda text: text.replace(b"0.86,1.04", b"0,86,1,04"),
        words="cells, the header has",
        table="findings",
    ),
    _cell(
        "decimal comma in quotes",
        "estimate",
        "0,95",
        "faults",
        "estimate: '0,95' is not of type number; allowed: a number with a decimal",
        "findings",
    ),
    _table(
        "byte order mark",
        lambda text: b"\xef\xbb\xbf" + text,
        words="studies.csv:1: starts with a byte order mark, as Excel writes it; allowed:",
    ),
    _table("UTF-16", lambda text: text.decode().encode("utf-16"), words="is not UTF-8 but UTF-16"),
    _table(
        "UTF-16 without mark",
        lambda text: text.decode().encode("utf-16-le"),
        words="is not UTF-8 but UTF-16",
    ),
    _table(
        "Latin-1",
        lambda text: text.decode().replace("a", "ä", 30).encode("latin-1", "replace"),
        words="studies.csv:1: is not UTF-8 (byte e4 at place",
    ),
    _table(
        "null bytes",
        lambda text: text.replace(b"Aerobic", b"Aero\0bic"),
        "noticed",
        "control characters",
    ),
    _table("null bytes only", lambda _: bytes(5000), words="studies.csv"),
    _table(
        "quote never closed",
        lambda text: text.replace(b"\nbraga2018,", b'\nbraga2018,"'),
        words="studies.csv:3: ",
    ),
    _table(
        "text after a quote",
        lambda text: text.replace(b"\naksu2002,", b'\n"aksu" 2002,'),
        words="studies.csv:2: is not readable as CSV",
    ),
    _table(
        "10 MB in a cell",
        lambda text: text.replace(b"\naksu2002,", b"\naksu2002," + b"x" * 10_000_000),
        words="studies.csv:2: a cell of this row has more",
    ),
    _table(
        "10 MB without a line break",
        lambda _: b"study_id" + b"x" * 10_000_000,
        words="studies.csv:1: a cell of this row has more than",
    ),
    _table("twenty thousand columns", _too_many_columns, words="19,980 more unknown columns"),
    _table(
        "short row",
        lambda text: text.replace(b"\naksu2002,", b"\naksu2002\naksu2002,"),
        words="studies.csv:2: has 1 cell, the header has 3",
    ),
    _table(
        "empty line",
        lambda text: text.replace(b"\naksu2002,", b"\n\naksu2002,"),
        words="studies.csv:2: is an empty line",
    ),
    _table("Windows line ends", lambda text: text.replace(b"\n", b"\r\n"), "fine"),
    _table("old Mac line ends", lambda text: text.replace(b"\n", b"\r"), "fine"),
    _table("no line break at the end", lambda text: text.rstrip(b"\n"), "fine"),
    _table(
        "odd line separators",
        lambda text: text.replace(b"Aerobic", "Aero\u2028bic".encode()),
        "noticed",
        "control characters",
    ),
    Animal(
        "reordered columns",
        lambda cage: cage.rows("studies", _reorder),
        "faults",
        "studies.csv:1: columns are not in the order of the dictionary",
    ),
    _table(
        "doubled column",
        lambda text: text.replace(b",title,", b",title,title,", 1),
        words="studies.csv:1: title: column is there more than once",
    ),
    _table(
        "missing column",
        lambda text: text.replace(b",title,", b",titel,", 1),
        words="studies.csv:1: title: column is missing from the header",
    ),
    _table(
        "control characters in the header",
        lambda text: text.replace(b",title,", b',"ti\x1b[31mtle",', 1),
        words=r"'ti\x1b[31mtle': unknown column",
    ),
    _instead(
        "no file",
        "studies.csv",
        lambda cage: None,
        "faults",
        "studies.csv: cannot be read: No such file",
    ),
    _instead(
        "a folder",
        "studies.csv",
        lambda cage: (cage / "studies.csv").mkdir(),
        "faults",
        "studies.csv: is not a plain file",
    ),
    _instead(
        "a pipe",
        "studies.csv",
        lambda cage: os.mkfifo(cage / "studies.csv"),
        "faults",
        "studies.csv: is not a plain file",
    ),
    _instead(
        "a device",
        "studies.csv",
        lambda cage: (cage / "studies.csv").symlink_to("/dev/zero"),
        "refused",
        "a link that leads out of the data set",
    ),
    _instead(
        "a link in a circle",
        "studies.csv",
        lambda cage: (cage / "studies.csv").symlink_to("studies.csv"),
        "faults",
        "symbolic links",
    ),
    _instead(
        "a link to nowhere",
        "studies.csv",
        lambda cage: (cage / "studies.csv").symlink_to("nowhere.csv"),
        "faults",
        "No such file",
    ),
    _instead(
        "a link out",
        "studies.csv",
        lambda cage: (cage / "studies.csv").symlink_to("/etc/passwd"),
        "refused",
        "a link that leads out of the data set",
    ),
    Animal(
        "a huge file",
        lambda cage: os.truncate(cage / "studies.csv", 3 * 2**30),
        "faults",
        "studies.csv: is larger than 2 GB",
    ),
    Animal(
        "bibliography: a pipe",
        lambda cage: (cage.bibliography.unlink(), os.mkfifo(cage.bibliography)),
        "noticed",
        "references.bib: is not a plain file",
    ),
    Animal(
        "bibliography: no file",
        lambda cage: cage.bibliography.unlink(),
        "noticed",
        "references.bib: cannot be read",
    ),
    Animal(
        "bibliography: UTF-16",
        lambda cage: cage.bibliography.write_bytes(cage.bibliography.read_text().encode("utf-16")),
        "noticed",
        "is not UTF-8",
    ),
]

CELLS = [
    _cell(
        "Excel date",
        "note",
        "01-Mar",
        "noticed",
        "studies.csv:2: note: '01-Mar' looks like what a spreadsheet made",
    ),
    _cell(
        "Excel number",
        "pmid",
        "1E5",
        "noticed",
        "pmid: '1E5' does not have the form of this column",
    ),
    _cell(
        "Excel id",
        "study_id",
        "1E5",
        "faults",
        "study_id: '1E5' does not have the form of this column",
    ),
    _cell(
        "Excel error",
        "country",
        "#REF!",
        "noticed",
        "country: '#REF!' looks like what a spreadsheet made",
    ),
    _cell(
        "a number like 1E5",
        "estimate",
        "1E5",
        "faults",
        "estimate: '1E5' is not of type number",
        "findings",
    ),
    _cell("NaN", "estimate", "NaN", "faults", "estimate: 'NaN' is not of type number", "findings"),
    _cell(
        "infinity",
        "estimate",
        "-inf",
        "faults",
        "estimate: '-inf' is not of type number",
        "findings",
    ),
    _cell("400 digits", "estimate", "9" * 400, "faults", "is not of type number", "findings"),
    _cell(
        "20 digits",
        "sample_size",
        "9" * 20,
        "faults",
        "is not of type integer; allowed: a whole number",
        "studies",
    ),
    _cell(
        "digits of another script",
        "sample_size",
        "\u0661\u0662",
        "faults",
        "is not of type integer",
    ),
    _cell(
        "thousands separator", "sample_size", "1,234", "faults", "'1,234' is not of type integer"
    ),
    _cell(
        "true in capitals",
        "counted",
        "TRUE",
        "faults",
        "counted: 'TRUE' is not of type boolean; allowed: true or false",
    ),
    _cell(
        "another word",
        "direction",
        "beneficial",
        "faults",
        "direction: 'beneficial' is not in the vocabulary; allowed: benefit, ",
    ),
    _cell("formula", "note", '=HYPERLINK("http://x","y")', "fine"),
    _cell("command", "note", "@SUM(1+1)*cmd|' /C calc'!A0", "fine"),
    _cell("script", "note", "<script>alert(1)</script>", "fine"),
    _cell("Markdown", "note", "[x](javascript:alert(1)) | **y** `z`", "fine"),
    _cell(
        "another direction of writing",
        "note",
        "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        "fine",
    ),
    _cell("hidden turn of direction", "note", "abc\u202edef", "noticed", "control characters"),
    _cell(
        "characters separated from accents",
        "note",
        "Cafe\u0301",
        "noticed",
        "characters separated from their accents",
    ),
    _cell("broken characters", "note", "SchiÃ¶ler", "noticed", "broken characters"),
    _cell("emoji", "note", "Good \U0001f600", "fine"),
    _cell("empty id", "study_id", "", "faults", "studies.csv:2: study_id: is empty"),
    _cell(
        "path as id",
        "study_id",
        "../../etc/passwd",
        "faults",
        "'../../etc/passwd' does not have the form",
    ),
    _cell(
        "lost study",
        "study_id",
        "nobody1999",
        "faults",
        "'nobody1999' is not a study_id of studies",
        "findings",
    ),
    Animal(
        "every row twice",
        lambda cage: cage.rows("studies", lambda rows: rows.extend(rows[1:])),
        "faults",
        "study_id: 'aksu2002' is a duplicate",
    ),
]

DICTIONARIES = [
    _json("empty dictionary", lambda _: b"", "datapackage.json:1: is not readable as JSON"),
    _json("no JSON", lambda _: b"title: x", "is not readable as JSON"),
    _json("half of it", lambda text: text[: len(text) // 2], "is not readable as JSON"),
    _json("a list", lambda _: b"[]", "is not an object"),
    _json("null", lambda _: b"null", "is missing"),
    _json("UTF-16 dictionary", lambda text: text.decode().encode("utf-16"), "is not UTF-8"),
    _json(
        "Latin-1 dictionary",
        lambda text: text.replace(b"title", b"tit\xe9", 1),
        "is not UTF-8 (byte e9",
    ),
    _json(
        "deep nesting",
        lambda _: b'{"resources":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "is nested too deeply",
    ),
    _json(
        "NaN in the dictionary",
        lambda text: text.replace(b'"minimum": 1900', b'"minimum": NaN', 1),
        "NaN is not JSON; allowed: a finite number",
    ),
    _json(
        "Infinity",
        lambda text: text.replace(b'"minimum": 1900', b'"minimum": -Infinity', 1),
        "-Infinity is not JSON",
    ),
    _json(
        "number without end",
        lambda text: text.replace(b'"minimum": 1900', b'"minimum": ' + b"9" * 5000, 1),
        "too many digits",
    ),
    _json(
        "1e999",
        lambda text: text.replace(b'"minimum": 1900', b'"minimum": 1e999', 1),
        "minimum: inf is not a number",
    ),
    _json(
        "key twice",
        lambda text: text.replace(b'"name":', b'"name": "x", "name":', 1),
        "'name' is there more than once in one object",
    ),
    _json(
        "half a surrogate pair",
        lambda text: text.replace(b'"title": "', b'"title": "\\ud800', 1),
        "characters that cannot be shown",
    ),
    _instead(
        "dictionary: a folder",
        "datapackage.json",
        lambda cage: (cage / "datapackage.json").mkdir(),
        "refused",
        "is not a plain file",
    ),
    _instead(
        "dictionary: a pipe",
        "datapackage.json",
        lambda cage: os.mkfifo(cage / "datapackage.json"),
        "refused",
        "is not a plain file",
    ),
    _instead(
        "dictionary: a circle",
        "datapackage.json",
        lambda cage: (cage / "datapackage.json").symlink_to("datapackage.json"),
        "refused",
        "symbolic links",
    ),
    _instead(
        "no dictionary", "datapackage.json", lambda cage: None, "refused", "No datapackage.json in"
    ),
    _dictionary("no tables", lambda package: package.pop("resources"), "resources: is missing"),
    _dictionary(
        "no studies", lambda package: package["resources"].pop(0), "there is no table 'studies'"
    ),
    _dictionary(
        "table twice",
        lambda package: package["resources"].append(package["resources"][0]),
        "'studies' is a duplicate",
    ),
    _dictionary(
        "table without a name",
        lambda package: package["resources"][1].pop("name"),
        "resources[1].name: is missing",
    ),
    _dictionary(
        "table named like a method",
        lambda package: package["resources"][4].update(name="select"),
        "'select' cannot be the name of a table",
    ),
    _dictionary(
        "table named like a path",
        lambda package: package["resources"][4].update(name="../x"),
        "'../x' cannot be the name of a table",
    ),
    _dictionary(
        "path out",
        lambda package: package["resources"][0].update(path="../../x.csv"),
        "names a file outside of the data folder",
    ),
    Animal(
        "version out",
        lambda cage: cage.package(lambda package: package.update(version="1/../../../escaped")),
        "noticed",
        "version: '1/../../../escaped' cannot be the name of a folder; allowed: a version such as",
    ),
    Animal(
        "version of Windows",
        lambda cage: cage.package(lambda package: package.update(version="1\\..\\escaped")),
        "noticed",
        "cannot be the name of a folder",
    ),
    _dictionary(
        "absolute path",
        lambda package: package["resources"][0].update(path="/etc/passwd"),
        "names a file outside of the data folder",
    ),
    _dictionary(
        "Windows path",
        lambda package: package["resources"][0].update(path="C:\\x.csv"),
        "names a file outside of the data folder",
    ),
    _dictionary(
        "list of paths",
        lambda package: package["resources"][0].update(path=["a.csv", "b.csv"]),
        "resources[0].path: a list is not a text",
    ),
    _dictionary(
        "bibliography out",
        lambda package: package["evidence"].update(bibliography="../../x.bib"),
        "names a file outside of the data folder",
    ),
    _dictionary(
        "bibliography: a secret",
        lambda package: package["evidence"].update(bibliography="../.ssh/id_rsa"),
        "does not end with .bib",
    ),
    _dictionary(
        "unknown type",
        lambda package: _field(package, "studies", "year").update(type="date"),
        "unknown type 'date'",
    ),
    _dictionary(
        "another type",
        lambda package: _field(package, "studies", "counted").update(type="string"),
        "counted: table studies: is of type string; allowed: type boolean",
    ),
    _dictionary(
        "column is gone",
        lambda package: _schema(package)["fields"].remove(_field(package, "studies", "counted")),
        "counted: table studies: this column is missing",
    ),
    _dictionary(
        "column twice",
        lambda package: _schema(package)["fields"].append(_schema(package)["fields"][0]),
        "'study_id' is a duplicate",
    ),
    _dictionary(
        "bad pattern",
        lambda package: _field(package, "studies", "doi")["constraints"].update(pattern="(["),
        "is not a pattern",
    ),
    _dictionary(
        "bounds the wrong way",
        lambda package: _field(package, "studies", "year")["constraints"].update(minimum=3000),
        "is below the minimum",
    ),
    _dictionary(
        "no key",
        lambda package: _schema(package).update(primaryKey=[]),
        "has 0 columns; allowed: one column",
    ),
    _dictionary(
        "key that is not a column",
        lambda package: _schema(package).update(primaryKey="id"),
        "'id' is not a column of this table",
    ),
    _dictionary(
        "foreign key to nowhere",
        lambda package: _schema(package)["foreignKeys"][0]["reference"].update(resource="x"),
        "points to cohort_id of x, which is not there",
    ),
    _dictionary(
        "enum and categories differ",
        lambda package: _field(package, "studies", "design")["constraints"]["enum"].pop(),
        "enum and categories differ",
    ),
    _dictionary(
        "value twice",
        lambda package: _twice(_field(package, "studies", "design")),
        "a value is there more than once",
    ),
    _dictionary(
        "settings: a list",
        lambda package: package.update(evidence=[]),
        "evidence: a list is not an object",
    ),
    _dictionary(
        "kept apart: no column",
        lambda package: package["evidence"].update(kept_apart=["colour"]),
        "colour: table studies: is kept apart, but is not a column",
    ),
    Animal("keys in a circle", lambda cage: cage.package(_cycle), "fine"),
    Animal(
        "very many categories",
        lambda cage: cage.package(lambda p: p.update(x={str(n): n for n in range(20_000)})),
        "fine",
    ),
]


def _twice(field: dict[str, Any]) -> None:
    field["categories"].append(field["categories"][0])
    field["constraints"]["enum"].append(field["constraints"]["enum"][0])


ANIMALS = [*FILES, *CELLS, *DICTIONARIES]
