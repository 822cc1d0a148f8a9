"""The formats by name; light to import, for the command line."""

NAMES = {
    "xlsx": "workbook: one sheet per table, and the dictionary",
    "json": "everything in one JSON file",
    "datapackage": "Frictionless data package as an archive",
    "ro-crate": "research object crate: the data package with RO-Crate metadata, as an archive",
    "metafor": "the pools for R's metafor: a table, and a script that pools it",
    "bibtex": "the bibliography as BibTeX, with an entry for the data set",
    "ris": "the same as RIS, for reference managers",
    "csl": "the same as CSL-JSON, for Zotero and pandoc",
    "jsonld": "schema.org metadata for a web page",
}
