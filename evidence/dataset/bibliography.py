"""Read a BibTeX file: its entries as plain text, and what the parser keeps to itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evidence.errors import DataError, Fault
from evidence.files import UnreadableFile, read_text

if TYPE_CHECKING:
    from bibtexparser.library import Library

COLUMNS = ["key", "entry_type", "author", "title", "container", "year", "volume", "number", "pages", "doi", "pmid", "pmcid", "note"]
CONTAINERS = ("journal", "booktitle", "school", "institution", "organization", "howpublished")
DECODED = ("author", "title", "container", "note")
NEEDS_DECODING = re.compile(r"[\\{}$~]|--|``|''")


@dataclass(frozen=True)
class Bibliography:
    """A parsed bibliography: one row an entry, with the line on which each begins."""

    entries: pd.DataFrame
    lines: dict[str, int]
    faults: list[Fault]


def read_bibliography(path: Path) -> pd.DataFrame:
    """Entries of a BibTeX file, names and titles in plain Unicode.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    DataFrame
        Columns ``key, entry_type, author, title, container, year, volume, number, pages, doi, pmid, pmcid, note``; ``container`` is
        the journal, school, institution or site. A field that the entry lacks is missing.

    Raises
    ------
    DataError
        When the file cannot be read, or the parser gives up on an entry.
    """
    parsed = parse_bibliography(path, str(path))
    if parsed.faults:
        raise DataError("The bibliography cannot be read:", parsed.faults)
    return parsed.entries


def short_names(entries: pd.DataFrame) -> pd.Series:
    """Names for tables and charts: first author and year, "et al." when there are more.

    >>> entries = pd.DataFrame({"key": ["a2001"], "author": ["Å, B. and C, D."], "year": ["2001"]})
    >>> short_names(entries)["a2001"]
    'Å et al. 2001'
    """
    authors = entries["author"].fillna("").str.split(" and ")
    first = authors.str[0].str.split(",").str[0]
    name = first.where(authors.str.len() < 2, first + " et al.") + " " + entries["year"].fillna("n.d.")
    return pd.Series(name.str.strip().to_numpy(), index=pd.Index(entries["key"], name="key"))


def parse_bibliography(path: Path, shown: str) -> Bibliography:
    """Parse a BibTeX file; what the parser could not read, or swallowed without a word, becomes faults."""
    import bibtexparser

    try:
        text = read_text(path)
    except UnreadableFile as error:
        return _nothing(Fault(shown, error.line, "", error.what, error.allowed))
    library = bibtexparser.parse_string(text)
    rows, lines = [], {}
    for entry in library.entries:
        fields = {name.lower(): field.value for name, field in entry.fields_dict.items()}
        fields["container"] = next((fields[name] for name in CONTAINERS if name in fields), None)
        rows.append({"key": entry.key, "entry_type": entry.entry_type} | fields)
        lines[entry.key] = (entry.start_line or 0) + 1
    entries = pd.DataFrame(rows, columns=COLUMNS).astype("str")
    for column in DECODED:
        entries[column] = decode(entries[column])
    entries["pages"] = entries["pages"].str.replace("--", "\u2013", regex=False)
    return Bibliography(entries, lines, [*_failed(library, shown), *_swallowed(text, library, shown)])


def decode(texts: pd.Series) -> pd.Series:
    """LaTeX to Unicode, only where there is LaTeX: the decoder is slow, and cuts a text at a bare per cent sign."""
    marked = texts.str.contains(NEEDS_DECODING, na=False)
    if not marked.any():
        return texts
    # Braces and escaped marks alone are most of what there is, and need no decoder.
    simple = texts.str.replace(r"\\([&%#_])", r"\1", regex=True).str.replace(r"[{}]", "", regex=True)
    texts = texts.where(~marked | simple.str.contains(NEEDS_DECODING, na=False), simple)
    marked &= texts.str.contains(NEEDS_DECODING, na=False)
    if not marked.any():
        return texts
    from pylatexenc.latex2text import LatexNodes2Text

    decoder = LatexNodes2Text(keep_comments=True, strict_latex_spaces=True)
    plain = {text: decoder.latex_to_text(re.sub(r"(?<!\\)%", r"\\%", text)) for text in texts[marked].unique()}
    return texts.where(~marked, texts.map(plain))


def _nothing(fault: Fault) -> Bibliography:
    return Bibliography(pd.DataFrame(columns=COLUMNS, dtype="str"), {}, [fault])


def _failed(library: Library, shown: str) -> list[Fault]:
    """Blocks that bibtexparser set aside in ``failed_blocks``."""
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock

    faults = []
    for block in library.failed_blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            faults.append(Fault(shown, line, "", f"key {block.key!r} stands twice", "each key once", "bibliography", block.key))
        elif isinstance(block, DuplicateFieldKeyBlock):
            names = ", ".join(sorted(block.duplicate_keys))
            faults.append(Fault(shown, line, names, "field stands twice in one entry", "each field once", "bibliography"))
        else:
            reason = getattr(block.error, "abort_reason", None) or str(block.error)
            faults.append(Fault(shown, line, "", f"entry cannot be read: {reason}", "@type{key, field = {value},}", "bibliography"))
    return faults


def _swallowed(text: str, library: Library, shown: str) -> list[Fault]:
    """What bibtexparser reads without a word although it is wrong."""
    faults = []
    if text.startswith("\ufeff"):
        faults.append(Fault(shown, 1, "", "starts with a byte order mark", "plain UTF-8", "bibliography"))
    entries = library.entries

    def enclosings(entry) -> dict[str, str]:
        return entry.parser_metadata.get("removed_enclosing", {})

    for entry in entries:
        line = (entry.start_line or 0) + 1
        if not entry.key:
            faults.append(Fault(shown, line, "", "entry without a key", "a key behind the opening brace", "bibliography"))
        raw = entry.raw or ""
        for number, content in enumerate(raw.splitlines()[1:], start=line + 1):
            if number > line + 1 and re.match(r"\s*@\w+\s*\{", content):
                faults.append(
                    Fault(
                        shown, number, "", f"entry {entry.key!r} runs on into the next", "a closing brace before this line", "bibliography", entry.key
                    )
                )
        for field in entry.fields:
            what = _unenclosed(field.value) if enclosings(entry).get(field.key) == "no-enclosing" else ""
            if what:
                where = (field.start_line or 0) + 1
                faults.append(Fault(shown, where, field.key, what, "{text in braces} and a comma behind it", "bibliography", entry.key))
    keys = pd.Series([entry.key for entry in entries], dtype="str")
    for key in keys[keys.str.lower().duplicated(keep=False) & ~keys.duplicated(keep=False)]:
        line = next((e.start_line or 0) + 1 for e in entries if e.key == key)
        faults.append(
            Fault(shown, line, "", f"key {key!r} differs from another only in its capitals", "keys that differ in letters", "bibliography", key)
        )
    return faults


def _unenclosed(value: str) -> str:
    """What is wrong with a value that stands in neither braces nor quotes; empty for a number."""
    if value.isdigit():
        return ""
    if "=" in value:
        return "a comma is missing behind this field"
    if "#" in value:
        return "is joined with '#'"
    return f"{value!r} is an undefined @string"
