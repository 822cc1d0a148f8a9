"""What every export says about the data set: title, version, date, licence, citation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evidence.exporting.set_text import SetText, text_of
from evidence.model.evidence import Evidence
from evidence.nouns import listed
from evidence.quoting import web_address


@dataclass(frozen=True)
class About:
    """A data set in a few words, from its dictionary.

    Attributes
    ----------
    name, title, description, version : str
    date : str
        Date of the data, in the form 2026-01-31; empty when the dictionary has none.
    licence, licence_url : str
    makers : tuple of str
        Who made it.
    caution, how_made : str
        What it does not say, and how it came about.
    """

    name: str
    title: str
    description: str
    version: str
    date: str
    licence: str
    licence_url: str
    makers: tuple[str, ...]
    caution: str
    how_made: str

    @property
    def citation(self) -> str:
        """How to cite it.

        >>> About(
        ...     "tea", "Tea", "", "1.0.0", "2026-01-31", "CC-BY-4.0", "", ("A", "B"), "", ""
        ... ).citation
        'A and B (2026). Tea (version 1.0.0, 2026-01-31) [data set]. CC-BY-4.0.'
        """
        who = listed(self.makers)
        year = ""
        if self.date and who:
            year = f" ({self.date[:4]})"
        state = ", ".join(
            filter(None, [f"version {self.version}" if self.version else "", self.date])
        )
        licence = f" {self.licence}." if self.licence else ""
        return (
            (f"{who}{year}. " if who else "")
            + self.title
            + (f" ({state})" if state else "")
            + f" [data set].{licence}"
        )

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Everything, as pairs of name and text; what is empty is left out."""
        named = [
            ("Title", self.title),
            ("Description", self.description),
            ("Version", self.version),
            ("Date of the data", self.date),
            ("Made by", "; ".join(self.makers)),
            ("How it was made", self.how_made),
            ("Licence", " ".join(filter(None, [self.licence, self.licence_url]))),
            ("Cite as", self.citation),
            ("Caution", self.caution),
            ("Empty cells", "An empty cell means: not shown in what was read."),
        ]
        return [(name, text) for name, text in named if text]


def about(package: Mapping[str, Any]) -> About:
    """What a dictionary says about its data set."""
    settings = package.get("evidence", {})
    licence = (package.get("licenses") or [{}])[0]
    return About(
        name=package.get("name", "evidence"),
        title=package.get("title", ""),
        description=package.get("description", ""),
        version=package.get("version", ""),
        date=str(package.get("created", ""))[:10],
        licence=licence.get("name", ""),
        licence_url=web_address(str(licence.get("path", ""))),
        makers=tuple(
            maker.get("title", "")
            for maker in package.get("contributors", [])
            if maker.get("title")
        ),
        caution=settings.get("caution", ""),
        how_made=settings.get("how_made", ""),
    )


@dataclass(frozen=True)
class Outgoing:
    """A data set on its way out: as tables with types, as text, and in a few words."""

    ev: Evidence

    @cached_property
    def text(self) -> SetText:
        """Its files."""
        return text_of(self.ev)

    @cached_property
    def about(self) -> About:
        """It in a few words."""
        return about(self.text.package)
