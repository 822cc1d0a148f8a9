"""Everything that ``evidence check`` looks for.

One file per concern: cells (:mod:`values`), keys between tables (:mod:`keys`), what the columns of
one row owe each other (:mod:`rows`), the bibliography (:mod:`references`), what services and
searches said (:mod:`sources`) and the arithmetic of the results (:mod:`statistics`).
"""

from evidence.checks.run import check

__all__ = ["check"]
