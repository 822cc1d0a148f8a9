"""Cite: the data set, the bibliography, the licences, and the code of others on these pages."""

from __future__ import annotations

from evidence.bibliography.formats.write import write_entries
from evidence.decoding import bytes_of, text_of
from evidence.exporting.about import Outgoing
from evidence.exporting.as_croissant import croissant
from evidence.exporting.as_jsonld import dataset_jsonld
from evidence.exporting.as_references import own_entry
from evidence.model.evidence import Evidence
from evidence.quoting import script
from evidence.site.pages import Rendered, Site
from evidence.tables.formulas import safe_text

DATA = "data"
FOR = {
    "datapackage.json": "the dictionary: each column, its words and its rules",
    "CITATION.cff": "how to cite it, for reference managers",
    "LICENSE": "what may be done with it",
    "croissant.json": "the same tables described for programs that learn from data",
}


def render(site: Site) -> list[Rendered]:
    """The page."""
    ev, out = site.ev, Outgoing(site.ev)
    context = {
        "citation": out.about.citation,
        "bibtex": write_entries(own_entry(out), "bibtex").rstrip(),
        "files": {name: what_is_in(ev, name) for name, _ in data_files(ev)},
        "linked_data": linked_data(ev),
    }
    return [Rendered("cite.html", "cite.html", "Cite", context)]


def data_files(ev: Evidence) -> list[tuple[str, bytes]]:
    """Name and content of the files to take along: tables, dictionary, bibliography, how to cite,
    and metadata for programs; safe for spreadsheet programs.
    """
    dictionary = ev.dictionary
    folder, bibliography = dictionary.folder, dictionary.bibliography
    tables = [
        (table.file, safe_text(text_of(folder / table.file)).encode())
        for table in dictionary.tables.values()
    ]
    wanted = [
        folder / "datapackage.json",
        bibliography,
        bibliography.with_name("CITATION.cff"),
        folder / "LICENSE",
    ]
    first, *others = [(path.name, bytes_of(path)) for path in wanted if path.is_file()]
    files = [first, *tables, *others]
    return [*files, ("croissant.json", croissant(ev, dict(files)))]


def what_is_in(ev: Evidence, file: str) -> str:
    """What a file holds, as the dictionary describes its table; of another file, what it is for."""
    tables = {table.file: table.description for table in ev.dictionary.tables.values()}
    others = {ev.dictionary.bibliography.name: "an entry for each study and review"} | FOR
    return tables.get(file, others.get(file, ""))


def linked_data(ev: Evidence) -> str:
    """The data set as JSON-LD for search engines, safe inside of a page."""
    return script(dataset_jsonld(ev))
