"""What the name of a column says of a result: its measure and level, and which part it is."""

from __future__ import annotations

import re
from functools import lru_cache

from evidence.importing.words import known, known_measure, tidy

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What a header of two rows writes above the numbers of a result.
GROUPS = ("effect", "effects", "result", "results", "effect size", "effect sizes", "estimate")
GROUP = re.compile(rf"^(?:{'|'.join(GROUPS)}|effect estimates?|statistics|outcome data) (?=\S)")
WITH_INTERVAL = (
    "ci",
    "and ci",
    "with ci",
    "interval",
    "confidence interval",
    "with interval",
    "ki",
    "mit ki",
    "ic",
    "avec ic",
    "con ic",
)
# How a program pooled a result, as it writes above the numbers of each study.
METHODS = re.compile(r"\b(?:iv|m h|mh|peto|random|fixed|effects?)\b")
# A name of both rows of a header: of a result with its interval, and below it of one of its parts.
PART = re.compile(
    r"(?P<whole>.+?)[\s,;(\[]+(?:\d\d\s?%?\s?)?(?:ci|ki|ic|confidence interval)[)\]]?"
    r" (?P<part>\S.*)",
    re.I,
)
BESIDE = ("ci_low", "ci_high", "p", "se", "variance")
OF_ESTIMATE = ("value", "point")  # beside the names of an estimate


def measured_by(theirs: str) -> tuple[str, str, str]:
    """The name of a column without level and measure; the measure; the level.

    >>> measured_by("OR (95% CI)"), measured_by("Lower 95 % CI")
    (('ci', 'OR', '95'), ('lower ci', '', '95'))
    >>> measured_by("aOR [95% CI]"), measured_by("logOR")
    (('ci', 'OR', '95'), ('log', 'OR', ''))
    """
    plain = _measured_by(tidy(theirs))
    return plain if plain[1] else _measured_by(tidy(CAMEL.sub(" ", theirs)))


@lru_cache(maxsize=1000)
def _measured_by(name: str) -> tuple[str, str, str]:
    level = re.search(r"\b(\d\d) ?%? ?(?=ci|ki|ic|confidence|interval|konfidenz|$)", name)
    level = level or re.search(r"\b(?:ci|ki|ic) ?(\d\d)\b", name)
    name = " ".join(re.sub(r"\b\d\d ?%?(?= |$)", " ", name).split())
    for code, names in known()["measures"].items():
        for word in sorted([tidy(code), *names], key=len, reverse=True):
            if re.search(rf"(?:^| ){re.escape(word)}(?: |$)", name):
                rest = " ".join(
                    re.sub(rf"(?:^| ){re.escape(word)}(?= |$)", " ", f" {name}").split()
                )
                rest = " ".join(METHODS.sub(" ", GROUP.sub("", rest)).split())
                return rest, code, level[1] if level else ""
    return GROUP.sub("", name) or name, "", level[1] if level else ""


def analysis_of(theirs: str) -> str:
    """Whether the name of a column says adjusted or crude.

    >>> analysis_of("aOR"), analysis_of("Crude 95% CI"), analysis_of("OR")
    ('adjusted', 'crude', '')
    """
    words = set(tidy(theirs).split())
    return next((one for one, said in known()["analyses"].items() if words & set(said)), "")


def without_analysis(name: str) -> str:
    """A name without the words for an analysis, adjusted or crude.

    >>> without_analysis("adjusted ci"), without_analysis("lower")
    ('ci', 'lower')
    """
    words = {word for said in known()["analyses"].values() for word in said}
    return " ".join(word for word in name.split() if word not in words)


@lru_cache(maxsize=1000)
def part_of_result(theirs: str) -> str:
    """The name of one column for a part of a result: where a header has two rows, the upper one
    names the result with its interval over all of its parts. Any other name stays as it is.

    >>> part_of_result("OR (95% CI) Estimate"), part_of_result("Hazard ratio (95% CI) 95% CI")
    ('OR', '95% CI')
    >>> part_of_result("OR (95% CI) Lower"), part_of_result("OR (95% CI)")
    ('Lower', 'OR (95% CI)')
    """
    whole, part = _split(theirs)
    if not whole:
        return theirs
    columns = known()["columns"]
    (name, measure, _), code = measured_by(part), known_measure(part)
    if not measure and (name in WITH_INTERVAL or any(name in columns[one] for one in BESIDE)):
        return part
    of = measured_by(whole)[1]
    if code and not of:
        return part
    is_estimate = code == of if code else tidy(part) in (*columns["estimate"], *OF_ESTIMATE)
    return whole if is_estimate else theirs


def result_of(theirs: str) -> str:
    """The result that a column is a part of, as the upper row of a header names it.

    >>> result_of("OR (95% CI) Lower"), result_of("Age (95% CI) Lower"), result_of("Lower")
    ('OR', '', '')
    """
    return " ".join(filter(None, measured_by(_split(theirs)[0])[:2]))


def _split(theirs: str) -> tuple[str, str]:
    """A result and the name of its part; empty where a name is not both."""
    found = PART.fullmatch(theirs)
    if not found:
        return "", ""
    whole, part = found["whole"], found["part"]
    results = (*GROUPS, *known()["columns"]["estimate"])
    return (whole, part) if measured_by(whole)[1] or tidy(whole) in results else ("", "")
