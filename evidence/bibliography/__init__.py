"""Bibliographies: BibTeX, and the formats of reference managers."""
