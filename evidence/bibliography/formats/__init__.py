"""Bibliographies of other people: RIS, BibTeX, CSL-JSON, PubMed, Zotero, Web of Science, Ovid,
EndNote, Scopus.

One file per format; what they share is in :mod:`text` (encodings), :mod:`tagged` (records of tagged
lines) and :mod:`rows` (keys, and what found no place). Nothing is dropped without a word.
"""

from evidence.bibliography.formats.read import ReadReferences, read_references, read_text

__all__ = ["ReadReferences", "read_references", "read_text"]
