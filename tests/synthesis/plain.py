"""The files read once more, with plain pandas and Python's own counting: what the package's numbers
are held against. Nothing of the package is imported here.
"""

from __future__ import annotations

import json
from collections import Counter
from math import comb, floor, sqrt
from pathlib import Path
from statistics import NormalDist

import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
GROUP = ["question", "population"]


def table(name: str) -> pd.DataFrame:
    """A file as text; an empty cell is an empty text."""
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def categories(of: str, column: str) -> list[dict]:
    """The vocabulary of a column, as the dictionary has it."""
    resource = next(one for one in PACKAGE["resources"] if one["name"] == of)
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    return fields[column].get("categories", [])


def answering() -> set[str]:
    """Contrasts that answer the questions; an unknown one does."""
    named = PACKAGE["evidence"]["contrasts"]
    return {"", *(one["value"] for one in named if one["votes"])}


def findings() -> pd.DataFrame:
    """Findings of counted studies, with what is known of the studies and the contrast."""
    studies = table("studies")
    studies = studies[studies["counted"] == "true"]
    columns = [*GROUP, "study_id", "design", "exposure", "comparator", "sample_size", "direction"]
    merged = table("findings").merge(studies[columns], on="study_id", suffixes=("", "_of_study"))
    marks = {
        column: {one["value"]: one.get("contrast", "") for one in categories("findings", column)}
        for column in ("comparator", "exposure")
    }
    contrast = []
    for row in merged.to_dict("records"):
        exposure = row["exposure"] or row["exposure_of_study"]
        comparator = row["comparator"] or row["comparator_of_study"]
        other = marks["exposure"].get(exposure) == "other"
        contrast.append("other" if other else marks["comparator"].get(comparator, ""))
    merged["contrast"] = contrast
    return merged


def main_findings() -> pd.DataFrame:
    """The main finding of each counted study that has one whose contrast answers."""
    found = findings()
    return found[(found["is_primary"] == "true") & found["contrast"].isin(answering())]


def as_concluded(words: list[str]) -> str:
    """What the conclusions of one study on one outcome come to; empty: nothing."""
    said = {word for word in words if word in ("benefit", "no_clear_difference", "mixed", "harm")}
    return "mixed" if len(said) > 1 else "".join(said)


def by_direction(words: list[str]) -> str:
    """Seven in ten of all results, printed or not, must point one way."""
    printed = Counter(word for word in words if word in ("benefit", "mixed", "harm"))
    if not printed:
        return ""
    word, most = printed.most_common(1)[0]
    if 10 * most >= 7 * len(words):
        return word
    return "" if 10 * most >= 7 * printed.total() else "mixed"


def coin(one: int, other: int) -> float:
    """Two-sided p-value of a fair coin."""
    n, k = one + other, min(one, other)
    return min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n)


def worst(benefit: int, harm: int, unreadable: int) -> float:
    """The largest p-value that any reading of the unreadable results could give, one by one."""
    return max(
        coin(benefit + to_benefit, harm + unreadable - to_benefit)
        for to_benefit in range(unreadable + 1)
    )


def best(benefit: int, harm: int, unreadable: int) -> float:
    """The p-value if all unreadable results pointed with the majority."""
    return coin(max(benefit, harm) + unreadable, min(benefit, harm))


def tipping_point(benefit: int, harm: int, unreadable: int) -> int | None:
    """How many unreadable results against the majority, the others left out, make p 0.05."""
    most, least = max(benefit, harm), min(benefit, harm)
    for moved in range(unreadable + 1):
        if coin(most, least + moved) >= 0.05:
            return moved
    return None


def number(text: str) -> int | None:
    """A whole number, where there is one."""
    return floor(float(text)) if text else None


def wilson(good: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z, share = NormalDist().inv_cdf(0.975), good / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa of pairs of words."""
    n = len(pairs)
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(one[word] * other[word] for word in one) / n**2
    return (sum(a == b for a, b in pairs) / n - chance) / (1 - chance)
