"""Settings of the network: addresses, contact, pauses, and where answers are kept. All of them are
environment variables.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import UsageError
from evidence.tables.saved_search import is_address

ADDRESSES = {
    "crossref": "https://api.crossref.org",
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    "europepmc": "https://www.ebi.ac.uk/europepmc/webservices/rest",
}
TITLES = {"crossref": "Crossref", "pubmed": "PubMed", "europepmc": "Europe PMC"}
# Seconds between two requests: without and with a contact address (Crossref) or a key (PubMed), as
# the services ask.
PAUSES = {"crossref": (0.2, 0.1), "pubmed": (0.34, 0.1), "europepmc": (0.1, 0.1)}


@dataclass(frozen=True)
class Settings:
    """How the services are reached.

    Attributes
    ----------
    addresses : mapping of str to str
        Base address of each service: ``EVIDENCE_CROSSREF_URL``, ``EVIDENCE_PUBMED_URL``,
        ``EVIDENCE_EUROPEPMC_URL``.
    contact : str
        Email address sent with each request, so that a service can write instead of blocking:
        ``EVIDENCE_CONTACT``. Empty: none is sent.
    key : str
        Key for PubMed, which allows more requests a second: ``EVIDENCE_NCBI_API_KEY``.
    cache : Path
        Folder of the stored answers: ``EVIDENCE_CACHE``; by default the folder for such files of
        the person who is logged in.
    pause : float or None
        Seconds between two requests to a service, in place of what the services ask for:
        ``EVIDENCE_PAUSE``, for a mirror of your own.
    connect, read : float
        Seconds to wait for a connection, and for the next bytes.
    tries, backoff, longest_wait : int, float, float
        How often a failed request is made again, seconds before the second of these (doubled each
        time), and the longest wait a service may ask for.
    largest : int
        Most bytes of one answer.
    """

    addresses: Mapping[str, str] = field(default_factory=lambda: dict(ADDRESSES))
    contact: str = ""
    key: str = ""
    cache: Path = Path()
    pause: float | None = None
    connect: float = 10.0
    read: float = 30.0
    tries: int = 4
    backoff: float = 0.5
    longest_wait: float = 30.0
    largest: int = 30_000_000

    def pause_of(self, service: str) -> float:
        """Seconds between two requests to a service."""
        if self.pause is not None:
            return self.pause
        plain, known = PAUSES[service]
        told = self.contact if service == "crossref" else self.key
        return known if told else plain


def from_environment(contact: str = "", environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    >>> from_environment(environment={"EVIDENCE_PUBMED_URL": "http://127.0.0.1:8000/"}).addresses[
    ...     "pubmed"
    ... ]
    'http://127.0.0.1:8000'
    """
    given = os.environ if environment is None else environment
    addresses = {}
    for service, standard in ADDRESSES.items():
        name = f"EVIDENCE_{service.upper()}_URL"
        address = given.get(name) or standard
        if not address.startswith(("http://", "https://")):
            raise UsageError(
                f"{name} is {address!r}; allowed: an address that begins with https:// or http://"
            )
        addresses[service] = address.rstrip("/")
    contact = given.get("EVIDENCE_CONTACT") or contact
    if contact and not is_address(contact):
        raise UsageError(
            f"EVIDENCE_CONTACT is {contact!r}; allowed: an email address such as name@example.org"
        )
    return Settings(
        addresses, contact, given.get("EVIDENCE_NCBI_API_KEY", ""), _folder(given), _pause(given)
    )


def _folder(given: Mapping[str, str]) -> Path:
    if given.get("EVIDENCE_CACHE"):
        return Path(given["EVIDENCE_CACHE"])
    from platformdirs import user_cache_path

    return user_cache_path("evidence-explorer", appauthor=False)


def _pause(given: Mapping[str, str]) -> float | None:
    text = given.get("EVIDENCE_PAUSE", "")
    try:
        pause = float(text) if text else None
    except ValueError:
        pause = -1.0
    if pause is not None and not 0 <= pause <= 3600:
        raise UsageError(f"EVIDENCE_PAUSE is {text!r}; allowed: seconds, 0 to 3600")
    return pause
