"""schema.org metadata of the data set, for a web page and for the search engines that read it."""

from __future__ import annotations

from typing import Any

from evidence.exporting.about import Outgoing
from evidence.model.evidence import Evidence
from evidence.quoting import json_text, web_address

LEAST, MOST = 50, 5000  # characters that search engines ask of a description


def dataset_jsonld(ev: Evidence) -> dict[str, Any]:
    """schema.org/Dataset of a data set, as JSON-LD.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    dict
        For ``<script type="application/ld+json">``: name, description, version, date, licence,
        makers, citation, what was measured, and how many studies and findings there are. Addresses
        stand in it only where the dictionary has them (``homepage``).

    Raises
    ------
    DataError
        When a file of the data set can no longer be read.

    Examples
    --------
    >>> import evidence
    >>> made = evidence.dataset_jsonld(evidence.load())
    >>> made["@type"], made["version"] == evidence.load().dictionary.version
    ('Dataset', True)
    """
    out = Outgoing(ev)
    about, package = out.about, ev.dictionary.package
    studies = ev.dictionary.tables["studies"]
    description = " ".join(
        filter(
            None,
            [
                about.description,
                f"{len(ev)} studies, {len(ev.tables['findings'])} findings.",
                about.caution,
            ],
        )
    )
    made: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": about.title,
        "description": description[:MOST].ljust(LEAST, "."),
        "version": about.version,
        "dateModified": about.date,
        "license": about.licence_url or about.licence,
        "creator": [{"@type": "Organization", "name": name} for name in about.makers],
        "creditText": about.citation,
        "url": web_address(package.get("homepage") or ""),
        "keywords": package.get("keywords", []),
        "isAccessibleForFree": True,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": field.name, "description": field.description}
            for field in studies.fields
        ],
    }
    return {name: value for name, value in made.items() if value not in ("", [])}


def to_jsonld(out: Outgoing) -> bytes:
    """The same as a file."""
    return (json_text(dataset_jsonld(out.ev)) + "\n").encode("utf-8")
