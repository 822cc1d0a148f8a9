"""By which written rule the answer to a question follows from the tables.

Each rule gives at most two sentences. Their words come from the row of the question, their numbers
from results, and which sentence is said follows from the results alone: when the table changes, so
do the sentences. None says more than its rows bear: what was not printed is named, a link is not
called a cause, and nothing is advised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from evidence.display.count_words import (
    ONCE,
    Counts,
    Row,
    conclude,
    concluded_counts,
    counts_of,
    leaning,
    listed,
    of_them,
    plain,
    said_words,
)
from evidence.display.harm_words import ASKED, aside_numbers, each_number, events, who_left
from evidence.display.trial_words import Trials, filled, outcome_rows, set_aside_contrasts
from evidence.frames import frame_rows, is_true
from evidence.model.dictionary import lower_first, upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import number_form, studies_text
from evidence.synthesis.accuracy import accuracy
from evidence.synthesis.agreement import OVERALL, agreement
from evidence.synthesis.harms import harms
from evidence.synthesis.number_texts import percent
from evidence.synthesis.outcomes import Outcomes
from evidence.synthesis.programmes import programmes
from evidence.synthesis.votes import votes

LENSES = ("concluded", "direction")
VOTING = ("conclusion", "direction", "observed_direction")  # what the counts rest on
GRADE = "GRADE"  # a tool of appraisals
WAYS = {"harm": "worse", "benefit": "better"}  # a direction, and its word in the row of a question


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


def association(ev: Evidence, row: Row) -> Said:
    """A link in people: conclusions, then the lean, and that without trials it is not a cause."""
    part = _part(ev, row)
    counts = counts_of(part)
    if not counts.studies:
        return Said((nothing(ev),))
    once = counts_of(part, "cohort")
    first = _main_results(counts, row)
    tail = "" if _trials(part) else "; a link is not a cause"
    second = f"{leaning(counts.direction, row, once.direction)}{tail}."
    details = [*_silent(part, row), *_once(counts, once, row), whole_sentence(part)]
    details += _by(part, "exposure", row)
    return Said((first, second), tuple(filter(None, details)), outcome_rows(ev, row))


def effect(ev: Evidence, row: Row) -> Said:
    """Trials first: the outcomes that the order of the data set puts first, one after the other."""
    rows = outcome_rows(ev, row)
    if not len(rows):
        return Said((nothing(ev),))
    trials = Trials.of(ev, row, rows)
    order = ev.dictionary.outcome_order(str(row["question"]), str(row["population"]))
    order = order or [str(value) for value in rows["outcome_domain"].unique()]
    sentences = [trials.sentence(domain, such=place > 0) for place, domain in enumerate(order[:2])]
    details = [trials.main_results(domain) for domain in order[:2]]
    details += [trials.pooled(domain) for domain in order[:2]]
    for domain in order[2:]:
        if trials.tell_of(domain):
            details += [trials.sentence(domain), trials.pooled(domain)]
    return Said(tuple(sentences), tuple(filter(None, details)), rows)


def harm(ev: Evidence, row: Row) -> Said:
    """Who left before the end, and for how many studies anything is reported."""
    part = _part(ev, row)
    if "harms" not in ev.tables:
        return Said((f"No study {_where(ev)} reports anything on harm.",))
    found = harms(part)
    if not found.safety_shown:
        none = (
            f"None of {found.studies} studies was" if found.studies > 1 else "The one study was not"
        )
        return Said((f"{none} read to say a word on {ASKED}.",))
    says = number_form(found.safety_shown, "says", "say")
    told = f"In what was read, {found.safety_shown} of {studies_text(found.studies)} {says}"
    first = "; ".join([f"{told} a word on {ASKED}", *who_left(found)])
    counts = counts_of(part)
    worse = f"{studies_text(counts.studies)} in all: {conclude(counts.concluded, row)}."
    sentences = (f"{first}.", f"{upper_first('; '.join(events(ev, found)))}.")
    return Said(sentences, (worse, *each_number(ev, found), *aside_numbers(part)))


def compared_programmes(ev: Evidence, row: Row) -> Said:
    """Which programmes were compared with each other, and which were tried at all."""
    what = row["activity"] if filled(row.get("activity")) else "the exposure"
    tried, programmes_of = _tried(_part(ev, row))
    aside = set_aside_contrasts(ev)
    rows = outcome_rows(ev, row, aside[0]) if aside else None
    main = outcome_rows(ev, row, aside[0], True) if aside else None
    words = concluded_counts(main) if main is not None else {}
    studies = sum(words.values())
    if rows is None or main is None or not studies:
        first = f"No study {_where(ev)} sets one kind of {what} against another."
        return Said((first, *tried), (), rows, f"{programmes_of}." if programmes_of else "")
    more = set(rows.underlying) - set(main.underlying)
    also = (
        f"; {len(more)} more {number_form(len(more), 'does', 'do')} so beside their main result"
        if more
        else ""
    )
    first = (
        f"{studies_text(studies)} {number_form(studies, 'sets', 'set')} one kind or amount of"
        f" {what} against another; {words['benefit'] + words['harm']} found that one did better,"
        f" {words['no_clear_difference']} saw no clear difference{also}."
    )
    based_on = f"{studies_text(studies)} that the other answers set aside"
    based_on = f"{'; '.join(filter(None, [based_on, programmes_of]))}."
    return Said((upper_first(first), *tried), (), rows, based_on)


def animals(ev: Evidence, row: Row) -> Said:
    """Main results, then the outcome that comes first, that of most studies, and the worst one."""
    part = _part(ev, row)
    counts = counts_of(part)
    if not counts.studies:
        return Said((nothing(ev),))
    once = counts_of(part, "cohort")
    rows = outcome_rows(ev, row)
    order = ev.dictionary.outcome_order(str(row["question"]), str(row["population"]))
    columns = ["studies", "concluded_benefit", "concluded_harm"]
    by_domain = rows.frame.groupby("outcome_domain", observed=True)[columns].sum()
    most = by_domain["studies"].astype("int64").idxmax()
    worse = (by_domain["concluded_harm"] - by_domain["concluded_benefit"]).astype("int64")
    worst = [str(worse.idxmax())] if worse.max() > 0 else []
    wanted = dict.fromkeys([*order[:1], str(most), *worst])
    shown = [domain for domain in wanted if domain in by_domain.index]
    parts: list[str] = []
    for domain in shown:
        n, good, bad = (int(by_domain[column][domain]) for column in columns)
        said = f"{good} and {bad}"
        if not parts:
            verb = number_form(good, "concludes", "conclude")
            said = f"{good} {verb} {row['better']} and {bad} {row['worse']}"
        parts.append(f"of {n} on {plain(ev, domain)}, {said}")
    second = "; ".join(parts)
    details = [*_once(counts, once, row), whole_sentence(part)]
    sentences = (_main_results(counts, row), f"{upper_first(second)}.")
    return Said(sentences, tuple(filter(None, details)), rows)


def certainty(ev: Evidence, row: Row) -> Said:
    """What ratings say, what was not printed, and what was read more than once."""
    counts = counts_of(ev)
    silent = counts.direction.get("unreadable", 0)
    ratings, each = _ratings(ev)
    lean = number_form(silent, "does not say which way it leans", "do not say which way they lean")
    printed = f"{silent} of {counts.studies} {counts.of} {lean}"
    if counts.studies == 1:
        said = lean if silent else "says which way it leans"
        printed = f"the one {counts.of.replace('results', 'result', 1)} {said}"
    first = f"{ratings}{printed}."
    second, details = _read_twice(ev)
    details = [*each, *details, whole_sentence(ev)]
    return Said((upper_first(first), *second), tuple(filter(None, details)))


def _read_twice(ev: Evidence) -> tuple[list[str], list[str]]:
    """How far readings agree, and the field where they do least."""
    known = ev.tables.get("readings", pd.DataFrame())
    table = agreement(ev).set_index("field")[["n", "agree", "share"]] if len(known) else known
    if OVERALL not in table.index or len(table) < 2:
        return [], []
    least = str(table["share"].drop(OVERALL).idxmin())
    field = ev.dictionary.field(least, "findings", "studies")
    name = lower_first(field.title) if field else least
    n, whole = (float(table[column][OVERALL]) for column in ("n", "share"))
    agree = f"Two readings of a page agree in {percent(whole)} of {n:,.0f} cells"
    return (
        [f"{agree}{_checked(ev)}."],
        [
            f"The {n:,.0f} cells hold categories, not numbers. Readings agree least on {name}"
            f" ({percent(table['share'][least])}).",
            *_voting_cells(ev, table),
            *_read_once(ev),
        ],
    )


def _voting_cells(ev: Evidence, table: pd.DataFrame) -> list[str]:
    """How far two readings agree on what the counts rest on, in how many rows of which table, and
    how much of it proved right.
    """
    checks = accuracy(ev).set_index("field") if len(ev.tables.get("audit", ())) else pd.DataFrame()
    lines = []
    several = table.index[table["n"] > 1]
    for name in [name for name in VOTING if name in several]:
        unit = "findings" if name in ev.findings else "studies"
        n, agree, share = (float(table[column][name]) for column in table)
        line = f"{ev.dictionary.title_of(name)}: two readings agree in {agree:.0f} of the {n:.0f}"
        line += f" {unit} (of {len(ev.tables[unit])}) that were read twice for it, {percent(share)}"
        if name in checks.index:
            right, checked = checks.loc[name, ["right", "checked"]]
            line += f"; {right} of {checked} cells of {_audited(ev)} that were checked were right"
        lines.append(f"{line}.")
    return lines


def _read_once(ev: Evidence) -> list[str]:
    """How many counted studies have no second reading."""
    counted = ev.counted_studies["study_id"]
    n = int((~counted.isin(ev.tables["readings"]["study_id"])).sum())
    verb = number_form(n, "was", "were")
    which = f"{n} of {len(counted)} studies" if len(counted) > 1 else "The one study"
    return [f"{which} {verb} read only once."] if n else []


def _ratings(ev: Evidence) -> tuple[str, list[str]]:
    """What published ratings say of the certainty of the evidence on each outcome, all that they
    say where they differ; and each of them, with what it rates.
    """
    if "appraisals" not in ev.tables:
        return "", []
    table = ev.tables["appraisals"]
    rated = table[(table["tool"] == GRADE) & table["domain"].notna()]
    domains = rated["domain"].str.replace(r" \(.*\)$", "", regex=True)  # the name of a scale
    whole = rated.groupby(domains, sort=False)["judgement"]
    said = whole.agg(lambda words: " or ".join(dict.fromkeys(words)))
    parts = [
        f"{judgement} for {listed(rows.index.to_list())}"
        for judgement, rows in said.groupby(said, sort=False)
    ]
    each = [
        f"{upper_first(one['domain'])}: {one['judgement']} for {one['rated']} ({one['rated_by']})."
        for one in frame_rows(rated)
    ]
    each += _without_rating(ev, rated)
    return (
        f"Published ratings ({GRADE}) say how sure a result is, not how good: {', '.join(parts)}; "
        if parts
        else "",
        each,
    )


def _without_rating(ev: Evidence, rated: pd.DataFrame) -> list[str]:
    """The questions of counted studies that no review with such a rating is on."""
    counted = ev.counted_studies
    if rated.empty or not all("question" in table for table in (counted, ev.reviews)):
        return []
    reviews = ev.reviews[ev.reviews["review_id"].isin(rated["review_id"])]
    left = counted["question"].dropna().drop_duplicates()
    left = left[~left.isin(reviews["question"].dropna())]
    names = [lower_first(ev.dictionary.label("question", one)) for one in left]
    return [f"None of these ratings is on {listed(names)}."] if names else []


def _main_results(counts: Counts, row: Row) -> str:
    who = f" of {row['who']}" if isinstance(row["who"], str) else ""
    one = f"In its {counts.of.replace('results', 'result', 1)}, the one study{who}"
    several = f"Of the {counts.of} of {studies_text(counts.studies)}{who},"
    return f"{of_them(counts.concluded, row, one, several)}."


def _once(counts: Counts, once: Counts, row: Row) -> list[str]:
    """What changes where groups of people or animals that several reports share count once."""
    if once.studies == counts.studies:
        return []
    n = counts.studies - once.studies
    groups = (
        f"{upper_first(ONCE)}, there {many}" for many in ("is 1, which", f"are {once.studies}:")
    )
    more = number_form(n, "report is, or may be, a further one", "are, or may be, further reports")
    return [
        f"{n} of the {counts.studies} {more} of the same people or animals. "
        f"{of_them(once.concluded, row, *groups)}."
    ]


def _silent(ev: Evidence, row: Row) -> list[str]:
    """What those conclude that print no direction, and where the results lean that are not clear:
    directions are printed mainly where a difference was significant.
    """
    cast = {lens: votes(ev, lens).frame.set_index("study_id") for lens in LENSES}
    concluded, direction = (said_words(ev, cast[lens]) for lens in LENSES)
    silent = concluded[direction == "not_placed"].value_counts()
    if not len(silent):
        return []
    words = {str(word): int(n) for word, n in silent.items()}
    several = f"Of the {silent.sum()} that print no direction,"
    lines = [f"{of_them(words, row, 'The one that prints no direction', several)}."]
    unclear = direction[concluded == "no_clear_difference"]
    n, see = len(unclear), number_form(len(unclear), "one that sees", "that see")
    leans = [(int((unclear == way).sum()), row[side]) for way, side in WAYS.items()]
    if n == 1:
        lines += [f"The {see} no clear difference leans to {side}." for one, side in leans if one]
    elif n:
        sides = [f"{many} {number_form(many, 'leans', 'lean')} to {side}" for many, side in leans]
        lines.append(f"Of the {n} {see} no clear difference, {listed(sides)}.")
    return lines


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
    where = f"In {differ} of {studies_text(len(both))} the" if len(both) > 1 else "The one"
    return (
        f"{where} study as a whole concludes something else than its main result. As a whole:"
        f" {'; '.join(parts)}."
    )


def _where(ev: Evidence) -> str:
    """Where the studies are, after a noun."""
    return "of this selection" if ev.chosen else "in the table"


def nothing(ev: Evidence) -> str:
    """That nothing answers: in the whole table, or in what was selected of it."""
    if ev.chosen:
        return "No study of this selection counts for this question."
    return "No study in the table bears on this question."


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
    only = {name: row[name] for name in ("question", "population") if filled(row.get(name))}
    return ev.select(**only) if only else ev


def _trials(ev: Evidence) -> int:
    """How many of the counted studies are randomised."""
    return int(ev.counted_studies["design"].isin(ev.dictionary.designs()).sum())


def _by(ev: Evidence, column: str, row: Row) -> list[str]:
    """Conclusions for each value of a column that three studies or more have, and those of all
    others together. What the main finding itself is about comes before what its study is about.
    """
    table = votes(ev, "concluded", by=column).frame
    table = table.assign(vote=said_words(ev, table))
    if column in ev.findings:
        main = ev.findings[is_true(ev.findings["is_primary"]) & ev.findings[column].notna()]
        own = main.drop_duplicates("study_id").set_index("study_id")[column].astype("str")
        of_study = table[column].astype("str")
        table[column] = table["study_id"].map(own).astype("str").fillna(of_study)
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
        lines.append(f"{label} ({studies_text(len(part))}): {conclude(counts, row)}.")
    return lines


def _tried(ev: Evidence) -> tuple[list[str], str]:
    """How long and how often programmes ran, and how many there are."""
    if "programmes" not in ev.tables:
        return [], ""
    table = programmes(ev).frame
    weeks, times = table["duration_weeks"].dropna(), table["frequency_per_week"].dropna()
    studies = table["study_id"].nunique()
    based_on = f"{len(table)} programmes of {studies_text(studies)} that are counted"
    if not len(weeks) or not len(times):
        return [], based_on
    sentence = (
        f"Of {len(table)} programmes, {len(weeks)} say how long they ran: the middle half"
        f" {_middle(weeks)} weeks; {len(times)} say how often: {_middle(times)} times a week."
    )
    return [sentence], based_on


def _middle(values: pd.Series) -> str:
    """The quarters between which the middle half lies, and the median: reports on one or two people
    make the ends of a range.
    """
    low, median, high = values.astype("float64").quantile([0.25, 0.5, 0.75])
    return f"{low:g} to {high:g} (median {median:g})" if low < high else f"{median:g}"


def _audited(ev: Evidence) -> str:
    """What was checked: cells of a version of the data set, where it says which."""
    resources = ev.dictionary.package.get("resources", ())
    version = next((one.get("version") for one in resources if one["name"] == "audit"), None)
    return f"version {version}" if version else "a sample"


def _checked(ev: Evidence) -> str:
    """How accurate a sample was, of which version, and that no person has checked it."""
    if not len(ev.tables.get("audit", ())):
        return ""
    every = accuracy(ev).iloc[-1]
    people = len(ev.tables.get("adjudications", ()))
    by = f"{people} cells were judged by a person" if people else "no person checked them"
    of = f"{every['checked']:,} cells of {_audited(ev)}"
    return f"; of {of} read again, {percent(every['share'])} were right; {by}"
