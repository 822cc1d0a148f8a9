"""BibTeX as it is written in files.

Reading: the blocks of a file (:mod:`blocks`), what a value means (:mod:`values`), LaTeX in texts
(:mod:`latex`), lists of names (:mod:`names`), dates and pages (:mod:`dates`), the columns of the
table (:mod:`table`), and what the parser keeps to itself (:mod:`lint`). Writing: a row as fields
(:mod:`rows`), the manner of an entry (:mod:`layout`), and changing a file without touching the rest
of it (:mod:`write`).
"""
