"""By which written rule the answer to a question follows from the tables.

Each rule gives at most two sentences. Their words come from the row of the question, their numbers
from results, and which sentence is said follows from the results alone: when the table changes, so
do the sentences. None says more than its rows bear: what was not printed is named, a link is not
called a cause, and nothing is advised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from evidence.model.contrasts import contrast_names, voting_contrasts
from evidence.model.dictionary import lower_first, upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import do_not, number_form
from evidence.synthesis.accuracy import accuracy
from evidence.synthesis.agreement import OVERALL, agreement
from evidence.synthesis.harms import harms
from evidence.synthesis.number_texts import percent
from evidence.synthesis.outcomes import Outcomes, outcomes
from evidence.synthesis.programmes import programmes
from evidence.synthesis.sign_test import sign_test
from evidence.synthesis.votes import votes

Row = Mapping[str, Any]
AGAINST_NONE = "against_none"  # a contrast of the data set
SIDES, ONE_BETTER = ("better", "worse"), "that one did better"
CONCLUDED_WORDS = ("benefit", "no_clear_difference", "mixed", "harm", "not_placed")


@dataclass(frozen=True)
class Said:
    """What a rule says.

    Attributes
    ----------
    sentences : tuple of str
        The answer: one or two sentences.
    details : tuple of str
        What it is based on, one sentence each.
    rows : Outcomes or None
        The rows of the answer.
    based_on : str
        On how many studies it rests, where these are not the counted ones of the question.
    """

    sentences: tuple[str, ...]
    details: tuple[str, ...] = ()
    rows: Outcomes | None = None
    based_on: str = ""


@dataclass(frozen=True)
class Counts:
    """Studies by what they conclude, and by the direction that they print."""

    concluded: Mapping[str, int]
    direction: Mapping[str, int] = field(default_factory=dict)

    @property
    def studies(self) -> int:
        """How many studies."""
        return sum(self.concluded.values())


def counts_of(ev: Evidence, **only: Any) -> Counts:
    """Votes of the counted studies that meet some conditions, with their main findings."""
    part = ev.select(**only)
    found = []
    for lens, silent in (("concluded", "not_placed"), ("direction", "unreadable")):
        table = votes(part, lens)
        words = table["vote"].value_counts()
        found.append({**words.to_dict(), silent: int(table["vote"].isna().sum())})
    return Counts(*found)


def listed(parts: list[str]) -> str:
    """Parts of a sentence, with commas and "and".

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def plain(ev: Evidence, domain: str) -> str:
    """An outcome in plain words, inside a sentence."""
    found = ev.dictionary.field("outcome_domain", "findings")
    words = {}
    if found:
        words = {one.value: one.extra.get("plain") for one in found.categories}
    return words.get(domain) or lower_first(ev.dictionary.label("outcome_domain", domain))


def conclude(counts: Mapping[str, int], row: Row) -> str:
    """How many studies conclude what, the most frequent first, in the words of the question."""
    said = {
        "harm": ("concludes", "conclude", f" {row['worse']}"),
        "benefit": ("concludes", "conclude", f" {row['better']}"),
        "no_clear_difference": ("sees", "see", " no clear difference"),
        "mixed": ("reports", "report", " mixed results"),
        "not_placed": ("draws", "draw", " no conclusion either way"),
    }
    there = sorted((word for word in said if counts.get(word)), key=lambda word: -counts[word])
    parts = []
    for word in there:
        one, several, what = said[word]
        n = int(counts[word])
        parts.append(f"{n} {number_form(n, one, several)}{what}")
    return listed(parts)


def leaning(direction: Mapping[str, int], row: Row) -> str:
    """Which way the printed results lean, as far as the unprinted ones leave it open."""
    good, bad = direction.get("benefit", 0), direction.get("harm", 0)
    silent = direction.get("unreadable", 0)
    test = sign_test(good, bad, silent)
    side = row["better"] if good > bad else row["worse"]
    most = max(good, bad)
    if test.n == 0:
        return f"None of the {silent} results says which way it leans"
    if test.too_few:
        return f"Only {test.n} results say which way they lean, too few to tell"
    if test.p_value >= 0.05:
        also = f"; {silent} more {do_not(silent)} say" if silent else ""
        return f"The {test.n} results with a direction do not lean clearly one way{also}"
    lean = f"Of the {test.n} results with a direction, {most} point to {side}"
    if not silent:
        return f"{lean}, which is unlikely to be chance alone"
    if test.holds:
        return (
            f"{lean}, which is unlikely to be chance alone, whatever the other {silent} would say"
        )
    whole = "it" if silent == 1 else "they"
    undo = whole if test.tipping_point == silent else f"{test.tipping_point} of them"
    return f"{lean}, but {silent} more {do_not(silent)} say, and {undo} could undo it"


def association(ev: Evidence, row: Row) -> Said:
    """A link in people: conclusions, then the lean, and that without trials it is not a cause."""
    part = _part(ev, row)
    counts = counts_of(part, counted=True)
    if not counts.studies:
        return Said((NOTHING,))
    first = f"Of {_studies(counts.studies)} of {row['who']}, {conclude(counts.concluded, row)}."
    tail = "" if _trials(part) else "; a link is not a cause"
    second = f"{leaning(counts.direction, row)}{tail}."
    return Said((first, second), tuple(_by(part, "exposure", row)), _outcomes(ev, row))


def effect(ev: Evidence, row: Row) -> Said:
    """Trials first: the outcomes that the order of the data set puts first, one after the other."""
    rows = _outcomes(ev, row)
    if not len(rows):
        return Said((NOTHING,))
    told = {AGAINST_NONE: rows[rows["contrast"] == AGAINST_NONE]}
    told |= {name: _outcomes(ev, row, name).frame for name in _aside(ev)}
    told = {name: part[part["randomised"]] for name, part in told.items()}
    order = ev.dictionary.outcome_order(str(row["question"]), str(row["population"]))
    first, *others = order or [str(value) for value in rows["outcome_domain"].unique()]
    sentences = [_trials_on(ev, told, first, row)]
    if others:
        sentences.append(_trials_on(ev, told, others[0], row))
    details = [_trials_on(ev, told, domain, row) for domain in others[1:]]
    asked = [text for text in details if not text.startswith("No randomised") or ";" in text]
    return Said(tuple(sentences), tuple(asked), rows)


def harm(ev: Evidence, row: Row) -> Said:
    """Who stopped because of it, and for how many studies anything is reported."""
    part = _part(ev, row)
    if "harms" not in ev.tables:
        return Said(("No study in the table reports anything on harm.",))
    found = harms(part)
    told = f"{found.safety_shown} of {_studies(found.studies)} say anything about safety"
    if not found.safety_shown:
        return Said((f"None of {_studies(found.studies)} says anything about safety.",))
    left, serious = (
        found.total("withdrew_because_of_exercise"),
        found.total("serious_adverse_events"),
    )
    parts = []
    if left["shown"]:
        people = "" if pd.isna(left["started"]) else f" of {left['started']}"
        verb = "tells" if left["shown"] == 1 else "tell"
        parts.append(
            f"{left['total']}{people} people stopped because of it in the"
            f" {_studies(int(left['shown']))} that {verb}"
        )
    parts.append(
        f"serious events: {serious['total']} in the {_studies(int(serious['shown']))} that tell"
        if serious["shown"]
        else f"none of the {found.studies} says whether there were serious events"
    )
    second = "; ".join(parts)
    counts = counts_of(part, counted=True)
    worse = f"{_studies(counts.studies)} in all: {conclude(counts.concluded, row)}."
    details = [f"{found.sentence(column)}." for column in _columns(found)]
    return Said((f"{told}.", f"{upper_first(second)}."), (worse, *details))


def compared_programmes(ev: Evidence, row: Row) -> Said:
    """Which programmes were compared with each other, and which were tried at all."""
    aside = _aside(ev)
    rows = _outcomes(ev, row, aside[0], True) if aside else _outcomes(ev, row)
    words = _concluded(rows)
    studies = sum(words.values())
    based_on = ""
    if studies:
        differ = words["benefit"] + words["harm"]
        unclear = words["no_clear_difference"]
        more = set(_outcomes(ev, row, aside[0]).underlying) - set(rows.underlying) if aside else ()
        also = f"; {len(more)} more do so beside their main result" if more else ""
        first = (
            f"{_studies(studies)} set one kind or amount of {row['activity']} against another;"
            f" {differ} found that one did better, {unclear} saw no clear difference{also}."
        )
        based_on = f"{_studies(studies)} that the other answers set aside" if aside else ""
    else:
        first = f"No study in the table sets one kind of {row['activity']} against another."
    tried, programmes_of = _tried(_part(ev, row))
    based_on = f"{'; '.join(filter(None, [based_on, programmes_of]))}." if based_on else ""
    return Said((upper_first(first), *tried), (), rows, based_on)


def animals(ev: Evidence, row: Row) -> Said:
    """Main results, then survival-like outcomes beside those of tissue."""
    part = _part(ev, row)
    counts = counts_of(part, counted=True)
    if not counts.studies:
        return Said((NOTHING,))
    first = f"Of {_studies(counts.studies)} of {row['who']}, {conclude(counts.concluded, row)}."
    rows = _outcomes(ev, row)
    order = ev.dictionary.outcome_order(str(row["question"]), str(row["population"]))
    columns = ["studies", "concluded_benefit", "concluded_harm"]
    by_domain = rows.frame.groupby("outcome_domain", observed=True)[columns].sum()
    most = by_domain["studies"].astype("int64").idxmax()
    wanted = dict.fromkeys([*order[:1], str(most)])
    shown = [domain for domain in wanted if domain in by_domain.index]
    parts: list[str] = []
    for domain in shown:
        n, good, bad = (int(by_domain[column][domain]) for column in columns)
        verb = "" if parts else number_form(good, "concludes ", "conclude ")
        said = f"{good} {verb}{row['better']} and {bad} {row['worse']}"
        parts.append(f"of {n} on {plain(ev, domain)}, {said}")
    second = "; ".join(parts)
    return Said((first, f"{upper_first(second)}."), (), rows)


def certainty(ev: Evidence, row: Row) -> Said:
    """What was read more than once, and what was not printed."""
    counts = counts_of(ev, counted=True)
    sentences = []
    if "readings" in ev.tables:
        shares = agreement(ev).set_index("field")["share"]
        least = str(shares.drop(OVERALL).idxmin())
        field = ev.dictionary.field(least, "findings", "studies")
        sentences.append(
            f"Two readings of the same pages agree in {percent(shares[OVERALL])} of cases, least on"
            f" {lower_first(field.title) if field else least}"
            f" ({percent(shares[least])}){_checked(ev)}."
        )
    silent, trials = counts.direction.get("unreadable", 0), _trials(ev.select(counted=True))
    sentences.append(
        f"{silent} of {counts.studies} main results do not print which way they lean, and"
        f" {trials} of the {counts.studies} studies are randomised trials."
    )
    return Said(tuple(sentences), tuple(filter(None, [whole_sentence(ev)])))


def whole_sentence(ev: Evidence) -> str:
    """In how many studies the conclusion of the whole study is another than that of its main
    result, and what they conclude as a whole; empty where there is none.
    """
    main, whole = (votes(ev, "concluded", main=what).frame for what in ("rule", "whole"))
    both = main.merge(whole[["study_id", "vote"]], on="study_id", suffixes=("", "_whole"))
    said = both[["vote", "vote_whole"]].astype("object").fillna("not_placed")
    differ = int((said["vote"] != said["vote_whole"]).sum())
    if not differ:
        return ""
    parts = []
    for (*values,), rows in both.groupby(ev.dictionary.kept_apart, observed=True, sort=False):
        row = dict(zip(ev.dictionary.kept_apart, values, strict=True))
        sides = ev.dictionary.sides(row)
        counts = said.loc[rows.index, "vote_whole"].value_counts()
        label = ", ".join(ev.dictionary.label(name, value) for name, value in row.items())
        words = {"worse": sides["harm"], "better": sides["benefit"]}
        parts.append(f"{label}: {conclude(counts, words)}")
    return (
        f"In {differ} of {_studies(len(both))} the study as a whole concludes something else than"
        f" its main result. As a whole: {'; '.join(parts)}."
    )


NOTHING = "No study in the table bears on this question."
RULES: dict[str, Callable[[Evidence, Row], Said]] = {
    "association": association,
    "effect": effect,
    "harm": harm,
    "programmes": compared_programmes,
    "animals": animals,
    "certainty": certainty,
}


def _part(ev: Evidence, row: Row) -> Evidence:
    """The studies that bear on a question."""
    only = {name: row[name] for name in ("question", "population") if _filled(row.get(name))}
    return ev.select(**only) if only else ev


def _filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _outcomes(
    ev: Evidence, row: Row, contrast: str | None = None, main_only: bool = False
) -> Outcomes:
    question, population = str(row["question"]), str(row["population"])
    return outcomes(ev, question, population, contrast=contrast, main_only=main_only)


def _studies(n: int) -> str:
    return f"{n} {number_form(n, 'study', 'studies')}"


def _trials(ev: Evidence) -> int:
    """How many of the counted studies are randomised."""
    return int(ev.counted_studies["design"].isin(ev.dictionary.designs()).sum())


def _by(ev: Evidence, column: str, row: Row) -> list[str]:
    """Conclusions for each value of a column of the studies that three studies or more have, and
    those of all others together.
    """
    table = votes(ev, "concluded", by=column).frame
    vote = table["vote"].astype("object")
    table = table.assign(vote=vote.where(vote.notna(), "not_placed"))
    sizes = table[column].map(table[column].value_counts()).fillna(0).astype(int)
    parts = [
        (ev.dictionary.label(column, value), part)
        for value, part in table[sizes >= 3].groupby(column, observed=True)
    ]
    rest = table[sizes < 3]
    if parts and len(rest):
        parts.append(("All others", rest))
    lines = []
    for label, part in parts:
        counts = {str(word): int(n) for word, n in part["vote"].value_counts().items()}
        lines.append(f"{label} ({_studies(len(part))}): {conclude(counts, row)}.")
    return lines


def _aside(ev: Evidence) -> list[str]:
    """Contrasts that set one kind of the exposure against another, and do not vote."""
    names = contrast_names(ev.dictionary)
    return [n for n in names if n not in (*voting_contrasts(ev.dictionary), "other")]


def _trials_on(ev: Evidence, told: Mapping[str, pd.DataFrame], domain: str, row: Row) -> str:
    """What randomised trials conclude on one outcome. Where none has the first contrast, those of
    the others, which are set aside, are named.
    """
    parts = {name: part[part["outcome_domain"] == domain] for name, part in told.items()}
    label, labels = plain(ev, domain), contrast_names(ev.dictionary)
    (first, here), *others = parts.items()
    if len(here):
        studies, people = int(here["studies"].sum()), int(here["participants"].sum())
        trials = f"{studies} randomised {number_form(studies, 'trial', 'trials')}"
        silent = int(here["direction_unreadable"].sum())
        lean = "it leans" if silent == 1 else "they lean"
        unprinted = f"; {silent} of them {do_not(silent)} say which way {lean}" if silent else ""
        said = conclude(_concluded(here), row)
        return f"Of {trials} of {label} ({people:,} people), {said}{unprinted}."
    sentence = f"No randomised trial against {_other_side(labels, first)} asks about {label}"
    for name, part in others:
        if len(part):
            said = conclude(_concluded(part), {**row, **dict.fromkeys(SIDES, ONE_BETTER)})
            n, rest = said.split(" ", 1)
            side, total = _other_side(labels, name), int(part["studies"].sum())
            alike = f"{n} against {side} {rest}"
            sentence += f"; {alike if int(n) == total else f'of {total} against {side}, {said}'}"
    return f"{sentence}."


def _other_side(labels: Mapping[str, str], contrast: str) -> str:
    """With what a contrast compares, of a label such as "Exercise against none or sham"."""
    return lower_first(labels.get(contrast, "none").rpartition(" against ")[2])


def _concluded(rows: pd.DataFrame | Outcomes) -> dict[str, int]:
    """How many studies of some rows conclude what."""
    return {word: int(rows[f"concluded_{word}"].sum()) for word in CONCLUDED_WORDS}


def _columns(found: Any) -> list[str]:
    """Numbers on harm that at least one study prints."""
    arm = str(found.totals["arm"].iloc[0])
    rows = found.totals[(found.totals["arm"] == arm) & (found.totals["shown"] > 0)]
    return list(dict.fromkeys(rows["column"]))


def _tried(ev: Evidence) -> tuple[list[str], str]:
    """How long and how often programmes ran, and how many there are."""
    if "programmes" not in ev.tables:
        return [], ""
    table = programmes(ev).frame
    weeks, times = table["duration_weeks"].dropna(), table["frequency_per_week"].dropna()
    studies = table["study_id"].nunique()
    based_on = f"{len(table)} programmes of {_studies(studies)} that are counted"
    if not len(weeks) or not len(times):
        return [], based_on
    sentence = (
        f"The programmes ran from {weeks.min():g} to {weeks.max():g} weeks ({len(weeks)} of"
        f" {len(table)} say so), {times.min():g} to {times.max():g} times a week ({len(times)} say"
        " so)."
    )
    return [sentence], based_on


def _checked(ev: Evidence) -> str:
    """How accurate a sample was, and that no person has checked it."""
    if "audit" not in ev.tables:
        return ""
    every = accuracy(ev).iloc[-1]
    people = len(ev.tables.get("adjudications", ()))
    by = f"{people} cells were judged by a person" if people else "no person has checked any"
    return f"; {percent(every['share'])} of a sample proved right, and {by}"
