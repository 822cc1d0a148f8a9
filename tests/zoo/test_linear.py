"""Twice the text, twice the time: no parser takes for ever over a text that somebody made to be
slow.
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from portion import number, portion

from evidence.bibliography import markup, same_work
from evidence.bibliography.bibtex import latex, lists, names, values
from evidence.bibliography.entries import parse_text
from evidence.bibliography.formats import (
    csl_json,
    endnote,
    nbib,
    ovid,
    ris,
    scopus,
    wos,
    zotero,
)
from evidence.errors import EvidenceError
from evidence.importing import cells, naming, words
from evidence.importing.sheet import read_sheet
from evidence.literature.confirm import pages
from evidence.literature.record import normal, plain_text, titles_of
from evidence.tables.json_file import read_json

CHARACTERS = number(6_000, 1_000)
ALLOWED = 3.2  # of four times the text against twice: 2 when linear, 4 when quadratic
QUICK = 0.1  # seconds; below, a machine is too uneven to measure
PATIENCE = 5.0

UNITS = [
    "}",
    "{",
    "}\n",
    "{\n",
    "@a{b,\n",
    "@a{b,c={d}}\n",
    "a={b},\n",
    '"',
    "\\",
    "\\\n",
    "\\'e",
    "#",
    "a # ",
    " ",
    "\n",
    "\t",
    ",",
    "1,",
    ";",
    " and ",
    "and, ",
    "{and} ",
    "Abe, B and ",
    "Smith JA, ",
    "& ",
    " et al",
    "1 ",
    "1.",
    "-",
    "(",
    "[",
    "]",
    "<",
    "<a ",
    '<a b="',
    "<b>",
    "&lt;",
    "% x\n",
    "TY  - JOUR\n",
    "AU  - a\n",
    "ER  - \n",
    "PMID- 1\n",
    "      x\n",
    '{"a":',
    "[{",
    "=",
    "|",
    "~",
    "95% CI ",
    "1-",
    "A ",
    "A. ",
    "Ab A ",
    "['a'",
    "%A a\n",
    "AU a\n",
    "   a\n",
    "part i ",
    "2010) ",
]
FORMS = [
    "{}",
    "a{}!",
    "TY  - JOUR\nAU  - a\n{}\nER  - \n",
    "@misc{a, author = {{}}, title = {{}}}\n",
    "Abe and {} and B, C, D",
]


def _file(read: Callable[[Path], object], name: str, folder: Path) -> Callable[[str], object]:
    def run(text: str) -> object:
        (folder / name).write_text(text, encoding="utf-8")
        return read(folder / name)

    return run


PARSERS: dict[str, Callable[[str], object]] = {
    "bibliography": lambda text: parse_text(text, "x"),
    "names": names.csl_names,
    "names normalised": names.normalised,
    "first name": names.first_name,
    "to Unicode": latex.to_unicode,
    "to LaTeX": lambda text: latex.escaped(text, latex.CODES),
    "value": lambda text: values.read_value(text, {}),
    "RIS": lambda text: ris.read(text, "x"),
    "PubMed": lambda text: nbib.read(text, "x"),
    "CSL": lambda text: csl_json.read(text, "x"),
    "Zotero": lambda text: zotero.read(
        f'"Key","Item Type","Publication Year","Author","Title"\n{text}', "x"
    ),
    "Scopus": lambda text: scopus.read(f'Authors,Title,Year,"Source title",EID\n{text}', "x"),
    "Web of Science": lambda text: wos.read(f"PT J\nAU {text}", "x"),
    "Ovid": lambda text: ovid.read(f"<1>\nTI  - {text}", "x"),
    "EndNote": lambda text: endnote.read(f"%0 Journal Article\n%A {text}", "x"),
    "names in one field": lists.listed,
    "names in a cell": lambda text: lists.listed(text, tables=True),
    "given names": lambda text: naming.shows_given_names([text]),
    "markup": markup.with_entities,
    "other works": lambda text: same_work.other_works(text, f"{text}."),
    "authors": naming.authors,
    "label": naming.from_label,
    "plain text": plain_text,
    "titles": lambda text: titles_of(text),
    "normal": normal,
    "pages": pages,
    **{
        name: getattr(cells, name)
        for name in (
            "number",
            "whole",
            "year",
            "interval",
            "with_interval",
            "p_value",
            "doi",
            "pmid",
        )
    },
    **{
        name: getattr(words, name)
        for name in ("truth", "conclusion", "observed", "measure", "design", "own")
    },
}


def seconds(parse: Callable[[str], object], text: str) -> float:
    gc.disable()  # a collection of all that other tests left takes longer than a parser
    begin = time.process_time()
    # A refusal is fine, and has its tests elsewhere.
    with contextlib.suppress(EvidenceError, ValueError):
        parse(text)
    took = time.process_time() - begin
    gc.enable()
    return took


def is_linear(parse: Callable[[str], object], form: str, unit: str) -> None:
    texts = [form.replace("{}", unit * (CHARACTERS * many // len(unit))) for many in (1, 2, 4)]
    took = [seconds(parse, text) for text in texts]
    if took[2] > max(
        QUICK, ALLOWED * took[1]
    ):  # once more: another process may have been in the way
        took = [min(one, seconds(parse, text)) for one, text in zip(took, texts, strict=True)]
    assert took[2] <= max(QUICK, ALLOWED * took[1]) and took[2] < PATIENCE, (
        f"{unit!r} in {form!r}: {took}"
    )


@pytest.mark.parametrize("name", portion([*PARSERS, "JSON", "sheet"], 5))
def test_every_parser(name, tmp_path):
    files = {
        "JSON": _file(read_json, "a.json", tmp_path),
        "sheet": _file(read_sheet, "a.csv", tmp_path),
    }
    parse = PARSERS.get(name) or files[name]
    for unit in UNITS:
        for form in (
            FORMS[:2]
            if name not in ("bibliography", "RIS", "PubMed", "names", "first name", "authors")
            else FORMS
        ):
            is_linear(parse, form, unit)


def test_a_bibliography_of_braces():
    assert seconds(lambda text: parse_text(text, "x"), "@misc{a,}\n" + "}\n" * 40_000) < PATIENCE


def test_one_cell_of_authors():
    for unit in (" ", ",", ";", "a", "Ab "):
        assert seconds(naming.authors, unit * (64_000 // len(unit)) + ", B") < PATIENCE
