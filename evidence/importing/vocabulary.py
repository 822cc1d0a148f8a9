"""Vocabularies that a file brings: the words of its categories, in its own spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from evidence.importing.new_dictionary import short_label
from evidence.importing.texts import distinct, factorized
from evidence.importing.words import without_size
from evidence.model.dictionary import upper_first
from evidence.model.schema import own_vocabularies
from evidence.model.schema import vocabularies as standard
from evidence.quoting import one_line
from evidence.tables.dictionary_file import LONGEST_LABEL

NOT_STATED = {"value": "not_stated", "label": "Not stated", "description": "The file does not say."}
ALL_OUTCOMES = {
    "value": "all_outcomes",
    "label": "All outcomes",
    "description": "The file does not distinguish outcomes.",
}
MOST_COMPARED = 1000  # words of a vocabulary that are compared with each other
LIKE = 88  # percent of likeness at which two words may be one
# Numbers, single letters, Greek letters and signs: words that differ in these are different.
TELLING = re.compile(
    r"\d+|(?<![a-z0-9])(?:[a-z]|plus|minus|below|above|at_least|at_most|percent|micro|(?:fe)?male"
    r"|alpha|beta|gamma|delta|kappa|omega|up|down|non?|not|un[a-z]+)(?![a-z0-9])"
)
NOT_RANDOMISED = re.compile(
    r"\b(?:(?:quasi|pseudo|semi|un|non|partly|partially|inadequately|incompletely)\W*"
    r"|(?:not|no|never)(?:\W+(?:an?|truly|fully|properly|really|strictly))*\W+)randomi[sz]ed"
    r"|\b(?:and|or)\b\W*(?:non|un|quasi)-?\s?randomi[sz]ed",
    re.IGNORECASE,
)


def vocabularies(
    studies: pd.DataFrame,
    findings: pd.DataFrame,
    labels: Mapping[str, pd.Series],
    words: Mapping[str, Mapping[str, str]],
) -> dict[str, list[dict]]:
    """Categories of each own vocabulary that the tables use, the words of the package first.

    Parameters
    ----------
    studies, findings : DataFrame of str
        Cells hold codes.
    labels : mapping of str to Series
        Cells of the file for each column of ours.
    words : mapping
        For each column of the file, its words and the codes they were read as.
    """
    found = {}
    for name in own_vocabularies():
        used = [
            code
            for table in (studies, findings)
            if name in table
            for code in distinct(table[name])
            if code
        ]
        if not used:
            continue
        made = {word["value"]: word for word in standard()[name]}
        spelled = _spelled(labels.get(name), words)
        known = [
            made[code]
            for code in made
            if code in used or name in ("design", "comparator", "measure", "not_counted_because")
        ]
        fresh: list[dict] = []
        for code in dict.fromkeys(used):
            if code not in made:
                taken = [word["label"] for word in (*known, *fresh)]
                fresh.append(_category(code, spelled, taken))
        if name == "design":
            fresh = [word | {"randomised": _randomised(word["label"])} for word in fresh]
        found[name] = [*known, *fresh]
    return found


def _spelled(cells: pd.Series | None, words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The most frequent spelling of each code."""
    if cells is None:
        return {}
    read = words.get(str(cells.name), {})
    codes, different = factorized(cells)
    spelled: dict[str, str] = {}
    for place in np.argsort(-np.bincount(codes), kind="stable").tolist():
        cell = different[place]
        if cell in read:
            spelled.setdefault(read[cell], without_size(cell))
    return spelled


def _randomised(label: str) -> bool | str:
    """What a design of the file's own says of randomisation: only its name can tell.

    >>> _randomised("Cluster-randomized trial"), _randomised("Quasi-experiment")
    (True, 'not told')
    >>> _randomised("Quasi-randomised trial"), _randomised("Not a randomized trial")
    ('not told', 'not told')
    """
    named = re.search(r"\brandomi[sz]ed\b(?!\W*(?:no|not|nein)\W*$)", label, re.IGNORECASE)
    return True if named and not NOT_RANDOMISED.search(label) else "not told"


def _category(code: str, spelled: Mapping[str, str], taken: Sequence[str]) -> dict:
    for fixed in (NOT_STATED, ALL_OUTCOMES):
        if code == fixed["value"]:
            return dict(fixed)
    whole = spelled.get(code, code.replace("_", " "))
    label = short_label(upper_first(whole), taken)
    said = f"As the file says: {one_line(whole)}."
    return {"value": code, "label": label, "description": said}


def shortened(found: Mapping[str, list[dict]]) -> list[str]:
    """Notes on words whose labels were cut to what a chart can show."""
    notes = []
    for name, categories in found.items():
        cut = [word["label"] for word in categories if word["label"].endswith("…")]
        if cut:
            notes.append(
                f"{name}: {len(cut)} labels were shortened to {LONGEST_LABEL} characters, such as "
                f"{cut[0]!r}; the whole text is in the description of the word"
            )
    return notes


def look_alike(found: Mapping[str, list[dict]]) -> list[str]:
    """Notes on words of one vocabulary that may be one word in two spellings.

    >>> adults, below, above = (
    ...     {"value": f"adults_{word}65"} for word in ("", "below_", "above_")
    ... )
    >>> look_alike({"population": [adults, below, above, {"value": "adults_below_66"}]})
    []
    """
    from rapidfuzz import fuzz, process

    notes = []
    for name, categories in found.items():
        codes = [word["value"] for word in categories]
        if len(codes) > MOST_COMPARED:
            continue
        ours = {word["value"] for word in standard()[name]}
        telling = [TELLING.findall(code) for code in codes]
        likeness = process.cdist(codes, codes, scorer=fuzz.ratio)
        for i, j in zip(*(likeness >= LIKE).nonzero(), strict=True):
            if i < j and {codes[i], codes[j]} - ours and telling[i] == telling[j]:
                notes.append(
                    f"{name}: {codes[i]!r} and {codes[j]!r} look alike; --word"
                    f" '{name}:THEIRS={codes[i]}' makes them one"
                )
    return notes
