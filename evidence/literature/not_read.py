"""Records that may be studies which are known but were not read, by registry number, DOI, or first
author and year.
"""

from __future__ import annotations

import re

import pandas as pd

from evidence.bibliography.addresses import DOI
from evidence.literature.record import Record, normal
from evidence.model.evidence import Evidence

REGISTRY = re.compile(r"\b(?:NCT|ACTRN|ISRCTN|DRKS|ChiCTR|CTRI|EUCTR|JPRN|UMIN)[-A-Z0-9/]*\d", re.I)
DOI_IN_TEXT = re.compile(f"{DOI.pattern}[0-9A-Za-z]")


def perhaps(ev: Evidence, records: list[Record]) -> list[str]:
    """Id of the row of ``not_read`` that each record may be; empty where there is none.

    A name and a year are a weak sign, and where the year is not known the name alone: a person has
    to look.
    """
    if "not_read" not in ev.tables or ev.not_read.empty:
        return [""] * len(records)
    known = [_Known(row) for row in ev.not_read.to_dict("records")]
    return [next((one.id for one in known if one.may_be(record)), "") for record in records]


class _Known:
    """One row of ``not_read``, made ready to compare."""

    def __init__(self, row: dict):
        self.id = str(row["not_read_id"])
        reference = str(row["reference"])
        self.numbers = {found.casefold() for found in REGISTRY.findall(reference)}
        self.dois = {found.lower() for found in DOI_IN_TEXT.findall(reference)}
        name = re.split(r"\bet al\b|[,(]", reference)[0]
        self.family = "" if self.numbers else normal(name)
        self.year = None if pd.isna(row["year"]) else int(row["year"])

    def may_be(self, record: Record) -> bool:
        if (
            self.numbers
            & {found.casefold() for found in REGISTRY.findall(f"{record.title} {record.abstract}")}
            or record.doi in self.dois
        ):
            return True
        if not self.family or not record.authors or normal(record.authors[0].family) != self.family:
            return False
        return self.year is None or self.year in [year for _, year in record.years]
