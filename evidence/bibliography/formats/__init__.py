"""Bibliographies of other people: RIS, BibTeX, CSL-JSON, PubMed's export and Zotero's CSV, in any
of the usual encodings.

One file a format; what they share is in :mod:`text` (encodings), :mod:`tagged` (records of tagged
lines) and :mod:`rows` (keys, and what found no place). Nothing is dropped without a word.
"""

from evidence.bibliography.formats.read import ReadReferences, read_references, read_text

__all__ = ["ReadReferences", "read_references", "read_text"]
