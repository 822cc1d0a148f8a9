"""Large families of like tests: `make test` takes a part of each, `EVIDENCE_TESTS=all` all of them.

Continuous integration of the repository sets it; on two idle cores all of them take some minutes
more. Which part hangs on the place in the list alone, so that two runs test the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

import pytest

T = TypeVar("T")
ALL = os.environ.get("EVIDENCE_TESTS") == "all"
# One of the longest, beside shorter ones that look at the same.
long = pytest.mark.skipif(not ALL, reason="one of the longest tests: EVIDENCE_TESTS=all runs it")


def portion(items: Iterable[T], every: int) -> list[T]:
    """Every so many of a family, from the first on.

    >>> portion("abcde", 1)
    ['a', 'b', 'c', 'd', 'e']
    """
    return list(items)[:: 1 if ALL else every]


def number(whole: int, part: int) -> int:
    """How many are tried, where they are drawn."""
    return whole if ALL else part
