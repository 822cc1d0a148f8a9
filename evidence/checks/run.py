"""Run all checks over a data folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evidence.bibliography.entries import Bibliography, parse_bibliography
from evidence.errors import Fault, in_order
from evidence.files import shown_path
from evidence.model.core_rules import core_faults
from evidence.model.core_tables import completed
from evidence.model.dictionary import PACKAGE, Dictionary
from evidence.progress import progress
from evidence.tables.dictionary_file import read_dictionary
from evidence.tables.loading import find_folder, read_tables
from evidence.tables.reader import TextTable, convert


@dataclass(frozen=True)
class Checked:
    """What the checks work on: the tables as text, for lines and messages, and with types; only the
    latter have every optional column. ``written`` is the bibliography where it is at hand.
    """

    dictionary: Dictionary
    texts: Mapping[str, TextTable]
    frames: Mapping[str, pd.DataFrame]
    written: Bibliography | None = None

    @property
    def bibliography(self) -> Bibliography:
        """The bibliography, read from its file where it is not at hand."""
        path = self.dictionary.bibliography
        return self.written or parse_bibliography(path, shown_path(path))

    @property
    def is_part(self) -> bool:
        """Whether it is a selection of a larger data set, in which other rows were left out."""
        return "part_of" in self.dictionary.settings


def check(folder: str | os.PathLike[str] | None = None) -> list[Fault]:
    """Every fault of a data folder: files, cells, keys, bibliography and arithmetic.

    Parameters
    ----------
    folder : path, optional
        As for :func:`evidence.load`.

    Returns
    -------
    list of Fault
        In the order of file and line; empty when nothing is wrong. While a file cannot be read, or
        lacks a column, only cells and keys are looked at: what else there is to find would mostly
        follow from that.

    Raises
    ------
    DataError
        When there is no dictionary to check against.

    Examples
    --------
    >>> import evidence
    >>> evidence.check()
    []
    """
    dictionary = read_dictionary(find_folder(folder))
    faults = core_faults(dictionary, shown_path(dictionary.folder / PACKAGE))
    if faults:
        return sorted(set(faults))  # every other check rests on these tables and columns
    texts, faults = read_tables(dictionary)
    return check_tables(dictionary, texts, faults)


def check_tables(
    dictionary: Dictionary,
    texts: Mapping[str, TextTable],
    faults: Sequence[Fault] = (),
    written: Bibliography | None = None,
) -> list[Fault]:
    """The faults of tables that are at hand, beside those of their files; ``written`` is their
    bibliography where it is at hand too.
    """
    from evidence.checks.cautions import check_cautions
    from evidence.checks.claims import check_claims
    from evidence.checks.keys import check_keys
    from evidence.checks.known_issues import settle
    from evidence.checks.main_findings import check_main_findings
    from evidence.checks.references import check_references
    from evidence.checks.rows import check_rows
    from evidence.checks.settings import check_protocol, check_version
    from evidence.checks.sources import check_sources
    from evidence.checks.statements import check_statements
    from evidence.checks.statistics import check_statistics
    from evidence.checks.values import check_values

    found, frames = list(faults), {}
    for name, text in texts.items():
        frames[name], bad = convert(text)
        found += bad
    checked = Checked(dictionary, texts, completed(frames), written)
    concerns: list[Callable[[Checked], list[Fault]]] = [check_values, check_keys, check_version]
    if not any(text.missing for text in texts.values()):
        concerns += [check_rows, check_main_findings, check_references, check_sources]
        concerns += [check_cautions, check_claims, check_protocol]
        concerns.append(
            lambda all_: settle(all_, [*check_statistics(all_), *check_statements(all_)])
        )
    for concern in progress(concerns, "checks", "check"):
        found += concern(checked)
    return in_order(dict.fromkeys(found))
