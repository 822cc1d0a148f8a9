"""BibTeX as it is written in files.

One file a concern: what a value means (:mod:`values`), LaTeX in texts (:mod:`latex`), lists of names (:mod:`names`), what the parser keeps to
itself (:mod:`lint`), and changing a file without touching the rest of it (:mod:`write`).
"""
