"""The zoo of files that come in: spreadsheets and references as no program should write them, and
what must be said about each.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

TABLE = "Study,N,Result,Note\nMüller 2010,45,beneficial,first\nSmith 2012,60,harmful,second\n"
RIS = (
    "TY  - JOUR\nAU  - Müller, A\nTI  - On it\nPY  - 2010\nER  - \nTY  - JOUR\nAU  - Smith, B\nTI "
    " - On that\nPY  - 2012\nER  - \n"
)
SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Animal:
    """``words`` are in what is said; ``kept`` is in a file of the new data set. ``code`` is that of
    the command.
    """

    name: str
    file: str
    make: Callable[[Path], object]
    code: int
    words: str = ""
    kept: str = ""


def _bytes(
    name: str,
    content: bytes | str,
    code: int,
    words: str = "",
    kept: str = "",
    file: str = "table.csv",
) -> Animal:
    data = content.encode() if isinstance(content, str) else content
    return Animal(name, file, lambda path: path.write_bytes(data), code, words, kept)


def _locked(path: Path) -> None:
    path.write_text(TABLE)
    path.chmod(0)


def workbook(
    change: Callable[[openpyxl.worksheet.worksheet.Worksheet], object] = lambda sheet: None,
) -> bytes:
    book = openpyxl.Workbook()
    for line in TABLE.splitlines():
        book.active.append(line.split(","))
    change(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with another text in one of its parts."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in given.namelist():
            made.writestr(part, change(given.read(part)) if part == name else given.read(part))
    return stream.getvalue()


def _entities(xml: bytes) -> bytes:
    """A document type with an entity that names a file, and a cell that uses it."""
    kind = (
        b'<!DOCTYPE x [<!ENTITY steal SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY'
        b' b "&a;&a;&a;&a;&a;&a;">]>'
    )
    return kind + xml[xml.index(b"<worksheet") :].replace(b"45", b"&steal;&b;", 1)


def _cells_far_away(sheet) -> None:
    sheet["XFD1048576"] = "lost"


def _xlsx(
    name: str, content: bytes | Callable[[], bytes], code: int, words: str = "", kept: str = ""
) -> Animal:
    return Animal(
        name,
        "table.xlsx",
        lambda path: path.write_bytes(content() if callable(content) else content),
        code,
        words,
        kept,
    )


SPREADSHEETS = [
    _bytes("as it should be", TABLE, 0, kept="Müller 2010"),
    _bytes("empty file", "", 1, "holds no table"),
    _bytes("header only", TABLE.splitlines()[0], 0, "0 studies, 0 findings"),
    _bytes(
        "semicolons and decimal comma",
        TABLE.replace(",", ";").replace("45", "45,5"),
        1,
        "'45,5'",
        "45,5",
    ),
    _bytes("strokes", TABLE.replace(",", "|"), 0, kept="Müller 2010"),
    _bytes("spaces between the cells", TABLE.replace(",", " "), 1, "holds no table"),
    _bytes(
        "byte order mark",
        b"\xef\xbb\xbf" + TABLE.encode(),
        0,
        "read as UTF-8 with a byte order mark",
        "Müller 2010",
    ),
    _bytes("UTF-16", TABLE.encode("utf-16"), 0, "read as UTF-16", "Müller 2010"),
    _bytes("UTF-16 without mark", TABLE.encode("utf-16-le"), 0, "read as UTF-16", "Müller 2010"),
    _bytes("UTF-16 cut off", TABLE.encode("utf-16")[:-1], 1, "is not UTF-16 (byte "),
    _bytes("Windows-1252", TABLE.encode("cp1252"), 0, "read as Windows-1252", "Müller 2010"),
    _bytes(
        "bytes without a letter",
        TABLE.encode("cp1252") + b"X\x81 2013,1,harmful,\n",
        1,  # a character was lost: the new table names its cell
        "read as Windows-1252",
        "Müller 2010",
    ),
    _bytes(
        "null characters",
        TABLE.replace("first", "fi\0rst"),
        0,
        "1 null characters left out",
        "first",
    ),
    _bytes("null characters only", bytes(5000), 1, "is not text but something else"),
    _bytes(
        "a picture",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0\0\0\1\0\x08\2\0\0\0\x7f\x12,;",
        1,
        "is not text but something else",
    ),
    _bytes(
        "quote never closed",
        TABLE.replace("first", '"first'),
        1,
        "a quote that is never closed: look after line 1",
    ),
    _bytes(
        "text after a quote", TABLE.replace("Müller 2010", '"Müller" 2010'), 0, kept="Müller 2010"
    ),
    _bytes("30 MB in a cell", TABLE.replace("first", "x" * 30_000_000), 1, "has more than"),
    _bytes("a formula", TABLE.replace("first", "=1+1"), 0, kept="=1+1"),
    _bytes(
        "a script",
        TABLE.replace("first", "<script>alert(1)</script>"),
        0,
        kept="<script>alert(1)</script>",
    ),
    _bytes(
        "a way out",
        TABLE.replace("Müller 2010", "../../etc/passwd 2010"),
        0,
        kept="../../etc/passwd 2010",
    ),
    _bytes(
        "a delimiter that is a quote",
        'sep="\n' + TABLE,
        2,
        "allowed: one character that is not a quote",
    ),
    _bytes("line ends of an old Mac", TABLE.replace("\n", "\r"), 0, kept="Müller 2010"),
    _bytes(
        "control characters",
        TABLE.replace("first", "fi\x1b[31mrst"),
        1,
        "1 faults to fix",
        "[31mrst",
    ),
    Animal("no file", "table.csv", lambda path: None, 1, "table.csv: cannot be read: No such file"),
    Animal("a folder", "table.csv", lambda path: path.mkdir(), 1, "table.csv: is not a plain file"),
    Animal("a pipe", "table.csv", os.mkfifo, 1, "table.csv: is not a plain file"),
    Animal("a pipe called JSON", "set.json", os.mkfifo, 2, "save it as XLSX or CSV first"),
    Animal(
        "a link in a circle",
        "table.csv",
        lambda path: path.symlink_to(path.name),
        1,
        "symbolic links",
    ),
    Animal("no permission", "table.csv", _locked, 1, "cannot be read: Permission denied"),
    _xlsx("XLSX", workbook, 0, kept="Müller 2010"),
    _xlsx("XLSX that is not an archive", b"words", 1, "is not a readable XLSX file"),
    _xlsx("XLSX cut off", lambda: workbook()[:-200], 1, "is not a readable XLSX file"),
    _xlsx(
        "an archive that is not XLSX",
        lambda: with_part(workbook(), "xl/workbook.xml", lambda xml: b"<html/>"),
        1,
        "holds no table",
    ),
    _xlsx(
        "a bomb",
        lambda: with_part(workbook(), SHEET, lambda xml: b" " * 200_000_001),
        1,
        "unpacks to 200,",
    ),
    _xlsx(
        "external entities",
        lambda: with_part(workbook(), SHEET, _entities),
        1,
        "is not a readable XLSX file (EntitiesForbidden",
    ),
    _xlsx("a cell far away", lambda: workbook(_cells_far_away), 1, "reaches to cell XFD1048576"),
    _xlsx(
        "a merged block without end",
        lambda: with_part(
            workbook(lambda s: s.merge_cells("F1:G2")),
            SHEET,
            lambda xml: xml.replace(b"F1:G2", b"F1:XFD1048576"),
        ),
        1,
        "merges 17,",
    ),
    _xlsx(
        "a formula without its result",
        lambda: workbook(lambda s: s.append(["Jones 2014", "=B2+1"])),
        1,
        "whose result is not stored",
        "=B2+1",
    ),
]

REFERENCES = [
    _bytes("RIS", RIS, 0, kept="On it", file="a.ris"),
    _bytes(
        "RIS cut off",
        RIS[: RIS.rindex("PY")],
        1,
        "a.ris:6: record has no ER at its end; it was kept",
        "On that",
        "a.ris",
    ),
    _bytes("RIS in UTF-16", RIS.encode("utf-16"), 0, "was read as UTF-16", "On it", "a.ris"),
    _bytes("empty", "", 1, "is empty", file="a.ris"),
    _bytes(
        "BibTeX with an open brace",
        "@article{a2010, title = {On {it}, year = 2010\n",
        1,
        "a.bib:1: ",
        file="a.bib",
    ),
    _bytes(
        "BibTeX with an open quote",
        '@article{a2010, title = "On it, year = 2010}\n@misc{b, title={That}}',
        1,
        "a.bib:1: ",
        file="a.bib",
    ),
    _bytes(
        "a thousand braces",
        "@article{a2010, title = {" + "{" * 1000 + "x" + "}" * 1000 + "}}",
        1,
        "fits no study",
        "x",
        file="a.bib",
    ),
    _bytes(
        "JSON of another form",
        '{"a": [1, 2], "b": {"c": null}}',
        1,
        "says nothing that could be kept",
        file="a.json",
    ),
    _bytes("JSON of numbers", "[1, true, [2]]", 1, "item 1 is not a JSON object", file="a.json"),
    _bytes(
        "JSON with odd members",
        '[{"id": {}, "type": 7, "title": [[]], "author": "A", "issued": [1]}]',
        1,
        "a.json",
        file="a.json",
    ),
    _bytes("JSON without end", "[" * 100_000, 1, "JSON within JSON without end", file="a.json"),
    _bytes(
        "half a pair of surrogates",
        '[{"id": "a", "type": "book", "title": "On \\ud800it"}]',
        1,
        "half a pair of surrogates",
        "On \ufffdit",
        file="a.json",
    ),
    _bytes(
        "PubMed with nonsense",
        "PMID- 1\nnonsense\nXX  - y\nTI\n\nFAU -\nDP  - x\n",
        1,
        "a.nbib",
        file="a.nbib",
    ),
    _bytes(
        "Zotero with an open quote",
        '"Key","Item Type","Title"\n"A","book","On it',
        1,
        "a.csv:2: a quote is never closed",
        "On it",
        "a.csv",
    ),
    _bytes("null characters", RIS.replace("On it", "On\0 it"), 1, "1 faults to fix", file="a.ris"),
    _bytes("words", "just words", 1, "in none of the known formats", file="a.ris"),
    _bytes(
        "a picture",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0\0\0\1\0\x08\2",
        1,
        "is not text but something else",
        file="a.ris",
    ),
    Animal("no file", "a.ris", lambda path: None, 1, "a.ris: cannot be read: No such file"),
    Animal("a folder", "a.ris", lambda path: path.mkdir(), 1, "a.ris: is not a plain file"),
    Animal("a pipe", "a.ris", os.mkfifo, 1, "a.ris: is not a plain file"),
]
