"""What the dictionary says about the data set as a whole, beside title, version and licence: when,
by whom, under which terms.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidence.model.dictionary import Dictionary
from evidence.quoting import web_address


@dataclass(frozen=True)
class About:
    """Day of the data set, address of its licence, and names of its contributors; empty where the
    dictionary does not say.
    """

    created: str
    license_url: str
    contributors: tuple[str, ...]


def about(dictionary: Dictionary) -> About:
    """Read it from ``datapackage.json``.

    >>> import evidence
    >>> about(evidence.load().dictionary).license_url
    'https://creativecommons.org/licenses/by/4.0/'
    """
    package = dictionary.package
    licence = (package.get("licenses") or [{}])[0]
    names = tuple(
        str(entry["title"]) for entry in package.get("contributors", []) if "title" in entry
    )
    return About(
        str(package.get("created", ""))[:10], web_address(str(licence.get("path", ""))), names
    )
