"""Web addresses of papers: the one place where a DOI or another number becomes an address, and is
read out of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pandas as pd

from evidence.frames import is_true

RESOLVER = "https://doi.org/"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
PUBMED_CENTRAL = "https://pmc.ncbi.nlm.nih.gov/articles/"
# What the path of an address may hold stays readable; "#", "?", "%" and "<" would end or break it.
READABLE = "/:;().,_-~!*'@+=$"
DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]+")
BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)(?=10\.)", re.I)
BEFORE_PMID = re.compile(r"^(?:pmid:?\s*|https?://\S*pubmed\S*?/(?=\d))", re.I)


def plain_doi(text: str) -> str:
    """A DOI as the tables have it: lower case, no address before it; empty for any other text.

    >>> (
    ...     plain_doi("https://doi.org/10.1000/ABC.1"),
    ...     plain_doi("doi: 10.1000/a."),
    ...     plain_doi("10.1/x"),
    ... )
    ('10.1000/abc.1', '10.1000/a', '')
    """
    doi = BEFORE_DOI.sub("", text.strip()).rstrip(".").lower()
    return doi if DOI.fullmatch(doi) else ""


def plain_pmid(text: str) -> str:
    """A PubMed number without what stands around it; empty for any other text.

    >>> (
    ...     plain_pmid("PMID: 12"),
    ...     plain_pmid("https://pubmed.ncbi.nlm.nih.gov/12/"),
    ...     plain_pmid("12a"),
    ... )
    ('12', '12', '')
    """
    number = BEFORE_PMID.sub("", text.strip()).strip("/").removesuffix(".0")
    return number if re.fullmatch(r"[1-9][0-9]{0,8}", number) else ""


def doi_address(doi: str) -> str:
    """Address of a DOI.

    >>> doi_address("10.1/x<1>#2")
    'https://doi.org/10.1/x%3C1%3E%232'
    """
    return RESOLVER + quote(doi, safe=READABLE)


def pubmed_address(pmid: str) -> str:
    """Address of a record of PubMed.

    >>> pubmed_address("8")
    'https://pubmed.ncbi.nlm.nih.gov/8/'
    """
    return f"{PUBMED}{quote(pmid, safe='')}/"


def pmc_address(pmcid: str) -> str:
    """Address of a paper in PubMed Central.

    >>> pmc_address("PMC1")
    'https://pmc.ncbi.nlm.nih.gov/articles/PMC1/'
    """
    return f"{PUBMED_CENTRAL}{quote(pmcid, safe='')}/"


# Number of a paper -> name of the place, and who makes its address; the best place first.
PLACES = {
    "doi": ("DOI", doi_address),
    "pmid": ("PubMed", pubmed_address),
    "pmcid": ("PubMed Central", pmc_address),
}


def addresses(record: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Every place where a paper is.

    >>> addresses({"doi": "10.1000/x", "pmid": None})
    {'doi': ('DOI', 'https://doi.org/10.1000/x')}
    """
    found = {}
    for number, (place, made) in PLACES.items():
        value = record.get(number)
        if isinstance(value, str) and value:
            found[number] = (place, made(value))
    return found


def paper(record: Mapping[str, Any]) -> tuple[str, str] | None:
    """The best place where a paper is: its name and address; None when no number is known.

    >>> paper({"doi": "10.1000/x", "pmid": "1"})
    ('DOI', 'https://doi.org/10.1000/x')
    """
    return next(iter(addresses(record).values()), None)


def links(entries: pd.DataFrame) -> pd.Series:
    """Web address of each entry of a bibliography.

    By key: of the DOI, else of the record in PubMed or PubMed Central, else the address of its own;
    missing when there is none.

    >>> entries = pd.DataFrame(
    ...     {"key": ["a", "b"], "doi": ["10.1/x<1>", None], "pmid": ["7", "8"]}, dtype="str"
    ... )
    >>> links(entries).to_list()
    ['https://doi.org/10.1/x%3C1%3E', 'https://pubmed.ncbi.nlm.nih.gov/8/']
    """
    keys = pd.Index(entries["key"], name="key")
    found = pd.Series(pd.NA, index=keys, dtype="str")
    for number, (_, made) in PLACES.items():
        if number in entries:
            values = entries[number].astype("str").map(made, na_action="ignore")
            found = found.fillna(values.astype("str").set_axis(keys))
    if "url" in entries:
        own = entries["url"].astype("str")
        is_web = is_true(own.str.match("https?://", case=False))
        found = found.fillna(own.where(is_web).set_axis(keys))
    return found
