"""From somebody's spreadsheet to the tables of a data set.

One file per concern: the file as cells of text (:mod:`sheet`), which of their columns is which of
ours (:mod:`columns`), what a cell says (:mod:`cells`, :mod:`words`), rows to studies and findings
(:mod:`placing`), and the list of what found no place (:mod:`placed`). Nothing is dropped without a
word: a column that is not one of ours stays as a column of its own, a cell that cannot be read
stands in that list.
"""
