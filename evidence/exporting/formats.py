"""Every export by name, and writing one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evidence.arguments import one_of
from evidence.errors import UsageError
from evidence.exporting.about import Outgoing
from evidence.exporting.as_json import to_json
from evidence.exporting.as_jsonld import to_jsonld
from evidence.exporting.as_metafor import to_metafor
from evidence.exporting.as_package import to_crate, to_datapackage
from evidence.exporting.as_references import to_bibtex, to_csl, to_ris
from evidence.exporting.as_xlsx import to_xlsx
from evidence.files import refuse_inputs, write_atomically
from evidence.model.evidence import Evidence


@dataclass(frozen=True)
class Format:
    """One export.

    Attributes
    ----------
    name : str
        As on the command line.
    ending : str
        Of the file.
    suffix : str
        What follows the name of the data set in the name of the file.
    write : callable
        Takes what goes out and the name of the file without ending; gives the content of each file
        by its ending.
    whole : bool
        Whether it carries all of a data set, so that it can be restored.
    """

    name: str
    ending: str
    suffix: str
    write: Callable[[Outgoing, str], dict[str, bytes]]
    whole: bool = False


def _one(
    ending: str, made: Callable[[Outgoing], bytes]
) -> Callable[[Outgoing, str], dict[str, bytes]]:
    return lambda out, name: {ending: made(out)}


FORMATS = {
    one.name: one
    for one in (
        Format("xlsx", ".xlsx", "", _one(".xlsx", to_xlsx), True),
        Format("json", ".json", "", _one(".json", to_json), True),
        Format("datapackage", ".zip", "-datapackage", _one(".zip", to_datapackage), True),
        Format("ro-crate", ".zip", "-ro-crate", _one(".zip", to_crate), True),
        Format("metafor", ".csv", "-pools", to_metafor),
        Format("bibtex", ".bib", "", _one(".bib", to_bibtex)),
        Format("ris", ".ris", "", _one(".ris", to_ris)),
        Format("csl", ".json", "-references", _one(".json", to_csl)),
        Format("jsonld", ".json", "-jsonld", _one(".json", to_jsonld)),
    )
}


def export(ev: Evidence, form: str, path: str | os.PathLike[str] | None = None) -> list[Path]:
    """Write a data set, or a selection, in the format of another program.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection; a study stays whole.
    form : str
        One of the formats; a wrong name lists them.
    path : path, optional
        File to write; default is named after the data set, in the working folder.

    Returns
    -------
    list of Path
        The file, or the files (``metafor`` writes a table and a script).

    Raises
    ------
    UsageError
        For an unknown format, a wrong ending, a file that belongs to the data set itself, or when
        the data set lacks what the format shows.

    Examples
    --------
    >>> import tempfile, evidence
    >>> with tempfile.TemporaryDirectory() as place:
    ...     [
    ...         path.name
    ...         for path in evidence.export(evidence.load(), "metafor", place + "/pools.csv")
    ...     ]
    ['pools.csv', 'pools.R']
    """
    chosen, out = FORMATS[one_of("format", form, FORMATS)], Outgoing(ev)
    place = Path(path) if path else Path(f"{out.about.name}{chosen.suffix}{chosen.ending}")
    if place.suffix.lower() != chosen.ending:
        raise UsageError(
            f"{place.name} does not have the ending {chosen.ending} of the format {form}"
        )
    made = chosen.write(out, place.stem)
    refuse_inputs((place.with_suffix(ending) for ending in made), ev.dictionary.inputs)
    return [
        write_atomically(place.with_suffix(ending), content) for ending, content in made.items()
    ]
