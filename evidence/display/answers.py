"""Short answers: sentences whose numbers are computed, for the last cell of a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.charts.numbers import middle
from evidence.frames import is_true
from evidence.model.core_tables import lacks
from evidence.model.dictionary import lower_first, upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import counted, do_not, number_form, share_of
from evidence.quoting import markdown
from evidence.synthesis.agreement import agreement
from evidence.synthesis.balance import balance, set_aside, unreported
from evidence.synthesis.claims import article_support, judge_claims
from evidence.synthesis.cohorts import repeated_share
from evidence.synthesis.inclusions import review_union
from evidence.synthesis.leave_out import leave_one_out
from evidence.synthesis.lens import get_lens
from evidence.synthesis.lenses import lenses
from evidence.synthesis.overlap import covered_area
from evidence.synthesis.sign_test import sign_test
from evidence.synthesis.sources import NOT_RUN, saved_searches, source_overview, unverified
from evidence.synthesis.votes import sides_of

NOTHING_COUNTED = "No study is counted yet."
LENS_TITLES = {"concluded": "As concluded", "direction": "Direction", "size": "Size"}


@dataclass(frozen=True)
class Answer:
    """Text in Markdown."""

    text: str

    def _repr_markdown_(self) -> str:
        return markdown(self.text)

    def __repr__(self) -> str:
        return self.text


def balance_answer(ev: Evidence) -> Answer:
    """Each part of the balance in a sentence, as concluded and by direction.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed.

    Examples
    --------
    >>> import evidence
    >>> "exact sign test" in str(evidence.balance_answer(evidence.load()))
    True
    """
    concluded, direction = balance(ev, None, "concluded"), balance(ev, None, "direction")
    lines = [] if len(concluded) else [NOTHING_COUNTED]
    for (_, said), (_, seen) in zip(concluded.iterrows(), direction.iterrows(), strict=True):
        sides = sides_of(ev, said)
        words = ", ".join(
            f"{said[word]} {sides.get(word) or _word(ev, word)}"
            for word in get_lens("concluded").placed
        )
        test = sign_test(seen["benefit"], seen["harm"], unreported(seen))
        lines.append(
            f"- **{_name(ev, said)}** ({counted(said['studies'], 'study', 'studies')}): as their"
            f" authors conclude {words}. By direction alone, {test.said(sides['benefit'])};"
            f" {seen['mixed']} mixed, {unreported(seen)} that do not report a"
            f" direction{_left_out(seen)}."
        )
    return Answer("\n".join([*lines, "", _caution(ev)]))


def who_answer(ev: Evidence) -> Answer:
    """Who was studied: numbers of studies, sizes and what is missing.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed.

    Examples
    --------
    >>> import evidence
    >>> str(evidence.who_answer(evidence.load())).startswith("- The table has")
    True
    """
    studies = ev.studies
    there = studies[is_true(studies["counted"])]
    aside, silent = int(set_aside(ev).sum()), int(there["sample_size"].isna().sum())
    lines = [
        (
            f"- The table has {counted(len(studies), 'study', 'studies')}; {len(there)}"
            f" {number_form(len(there), 'is', 'are')} counted and {aside}"
            f" {number_form(aside, 'is', 'are')} shown as context."
        ),
        (
            f"- {silent} of the counted studies {number_form(silent, 'does', 'do')} not show"
            f" {number_form(silent, 'its', 'their')} size in what was read."
        ),
    ]
    for key, part in there.groupby(ev.dictionary.kept_apart, observed=True):
        sizes = part["sample_size"].dropna()
        years = part["year"].dropna()
        when = f"of {years.min()} to {years.max()}" if len(years) else "of unknown years"
        median = "no size known"
        if len(sizes):
            said = middle(float(sizes.median()))
            median = f"median size {said} ({sizes.min():,} to {sizes.max():,})"
        lines.append(
            f"- **{_name(ev, _place(ev, key))}**: {counted(len(part), 'study', 'studies')} {when},"
            f" {median}, {len(part) - len(sizes)} of unknown size."
        )
    return Answer("\n".join(lines))


def lens_answer(ev: Evidence) -> Answer:
    """What changes when the way of counting changes: the lens, then one vote per cohort.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed.

    Examples
    --------
    >>> import evidence
    >>> "conclude no clear difference" in str(evidence.lens_answer(evidence.load()))
    True
    """
    lines = []
    apart = ev.dictionary.kept_apart
    tables = {
        (lens, unit): balance(ev, None, lens, unit).set_index(apart)
        for lens in ("concluded", "direction")
        for unit in ("study", "cohort")
    }
    for key, said in tables["concluded", "study"].iterrows():
        seen, cohorts = (
            tables["direction", "study"].loc[key],
            tables["direction", "cohort"].loc[key],
        )
        place = _place(ev, key)
        name = _name(ev, place)
        better, worse = (sides_of(ev, place)[side] for side in ("benefit", "harm"))
        unclear, silent = int(said["no_clear_difference"]), unreported(seen)
        lines.append(
            f"- **{name}**: {share_of(unclear, said['placed'], 'study', 'studies')}"
            f" {number_form(unclear, 'concludes', 'conclude')}"
            f" {_word(ev, 'no_clear_difference')}; looked at by direction, {seen['benefit']}"
            f" {number_form(seen['benefit'], 'leans', 'lean')} to {better}, {seen['harm']} to"
            f" {worse}, {seen['mixed']} {number_form(seen['mixed'], 'is', 'are')} mixed and"
            f" {silent} {do_not(silent)} report it{_left_out(seen)}. With shared groups counted"
            f" once: {cohorts['benefit']} to {better}, {cohorts['harm']} to {worse},"
            f" {cohorts['mixed']} mixed, {unreported(cohorts)} that do not report it"
            f"{_left_out(cohorts)}."
        )
    return Answer("\n".join([*(lines or [NOTHING_COUNTED]), "", _caution(ev)]))


def question_answer(ev: Evidence) -> Answer:
    """What each lens shows of a selection, in a sentence each; and what the counting lenses show
    once every cohort counts once.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed.

    Examples
    --------
    >>> import evidence
    >>> risk = evidence.load().select(question="risk", counted=True)
    >>> "*Direction*" in str(evidence.question_answer(risk))
    True
    """
    lines = []
    for part in lens_texts(ev):
        lines += [f"**{part.name}**", *(f"- *{lens}*: {said}" for lens, said in part.lines), ""]
    return Answer("\n".join([*(lines or [NOTHING_COUNTED, ""]), _caution(ev)]))


@dataclass(frozen=True)
class LensText:
    """A part of what is kept apart: its name, and a title and a text for each lens."""

    name: str
    lines: list[tuple[str, str]]


def lens_texts(ev: Evidence) -> list[LensText]:
    """Each part through each lens, and by direction with one vote for each cohort.

    >>> import evidence
    >>> [part, *_] = lens_texts(evidence.load())
    >>> [title for title, _ in part.lines]
    ['As concluded', 'Direction', 'Size', 'Direction, one vote per cohort']
    """
    table, once = lenses(ev), lenses(ev, unit="cohort")
    found = []
    for key, part in table.groupby(ev.dictionary.kept_apart, observed=True, sort=False):
        place = _place(ev, key)
        lines = [(LENS_TITLES[row["lens"]], str(row["verdict"])) for _, row in part.iterrows()]
        same = (once[list(place)] == pd.Series(place)).all(axis=1) & (once["lens"] == "direction")
        lines += [
            ("Direction, one vote per cohort", str(said)) for said in once.loc[same, "verdict"]
        ]
        found.append(LensText(_name(ev, place), lines))
    return found


def sure_answer(ev: Evidence) -> Answer:
    """How the readings agreed, how much is the same people again, and what a single study can turn.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed; what the data set has no table for is said.

    Raises
    ------
    DataError
        When the bibliography cannot be read.

    Examples
    --------
    >>> import evidence
    >>> "kappa" in str(evidence.sure_answer(evidence.load()))
    True
    """
    lines = [_readings(ev)]
    for _, row in repeated_share(ev).iterrows():
        units = (
            f"{row['units_certain']} or {row['units_possible']} separate groups (where overlap is"
            " certain, or where it is possible)"
        )
        came = counted(row["studies"], "study comes", "studies come")
        lines.append(f"- **{_name(ev, row)}**: {came} from {units}.")
    without = leave_one_out(ev)
    for key, part in without.groupby(ev.dictionary.kept_apart, observed=True):
        turned = part.loc[part["verdict_changes"], "left_out"]
        names = ", ".join(ev.names.reindex(turned).fillna("unnamed"))
        said = "no single study turns the verdict on direction"
        if len(turned):
            said = f"without {names} (one at a time) the verdict on direction would change"
        lines.append(f"- **{_name(ev, _place(ev, key))}**: {said}.")
    return Answer("\n".join([*lines, "", _caution(ev)]))


def _readings(ev: Evidence) -> str:
    if "readings" not in ev.tables or ev.readings.empty:
        return f"- **Readings**: {lacks('readings')}."
    overall = agreement(ev).iloc[-1]
    interval = f"{overall['kappa_low']:.2f} to {overall['kappa_high']:.2f}"
    agreed = f"{overall['agree']:,} of {overall['n']:,} category fields agreed"
    return f"- **Readings**: {agreed}, kappa {overall['kappa']:.2f} (95 % interval {interval})."


def claims_answer(ev: Evidence) -> Answer:
    """How many claims got which verdict, and what the article's sources are.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed; without claims one sentence says so.

    Examples
    --------
    >>> import evidence
    >>> "The article's sources" in str(evidence.claims_answer(evidence.load()))
    True
    """
    if "claims" not in ev.tables:
        return Answer(f"{lacks('claims', 'there is nothing to judge')}.")
    claims = judge_claims(ev)
    lines = []
    for verdict, part in claims.groupby("verdict", observed=True, sort=True):
        lines.append(
            f"- **{upper_first(str(verdict))}** ({len(part)} of {len(claims)}):"
            f" {'; '.join(part['claim'])}."
        )
    if ev.dictionary.field("article_reference", "studies", "reviews"):
        sources = article_support(ev)
        tested = is_true(sources["tested"])
        studies = sources["what"].eq("study")
        lines.append(
            f"- **The article's sources**: {len(sources)}, of which {int(studies.sum())} are"
            f" primary studies; {int(tested.sum())} tested the matter itself,"
            f" {int(sources['counted'].fillna(False).sum())} are counted here."
        )
    return Answer("\n".join([*lines, "", _caution(ev)]))


def review_answer(ev: Evidence) -> Answer:
    """How far the reviews overlap, as far as can be known, and how many of their studies the table
    lacks.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed; without reviews one sentence says so.

    Examples
    --------
    >>> import evidence
    >>> "Overlap" in str(evidence.review_answer(evidence.load()))
    True
    """
    for name in ("reviews", "review_inclusions"):
        if name not in ev.tables:
            return Answer(f"{lacks(name, 'there is no overlap to measure')}.")
    union = review_union(ev)
    lacking = int((~union["in_table"].astype(bool)).sum())
    lines = [
        (
            f"- The table has {len(ev.reviews)} reviews; which studies they include could be read"
            f" for {covered_area(ev).reviews}."
        ),
        f"- Overlap: {covered_area(ev).verdict}.",
        f"- Of the {len(union)} studies that these reviews name, this table lacks {lacking}.",
    ]
    return Answer("\n".join(lines))


def sources_answer(ev: Evidence) -> Answer:
    """Which sources can be checked, what services said about them, what no page confirmed, and when
    was last searched.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Answer
        Markdown; its numbers are computed.

    Examples
    --------
    >>> import evidence
    >>> "have a DOI or a PubMed number" in str(evidence.sources_answer(evidence.load()))
    True
    """
    overview = source_overview(ev)
    if not overview.set_index("what").loc["entries", list(overview.entries_of)].sum():
        return Answer("No source is in the tables yet.")
    total = overview.set_index("what")[list(overview.entries_of)].sum(axis=1)
    checked, fields = int(total["checked"]), unverified(ev)
    lines = [
        (
            f"- Of {total['entries']} sources,"
            f" {total['entries'] - total['with neither: nobody can be asked']} have a DOI or a"
            " PubMed number with which services can be asked;"
            f" {total['with neither: nobody can be asked']} have neither."
        ),
    ]
    if checked:
        notices = [
            f"{total[what]} {what}" for what in overview.loc[overview["group"] == "Notices", "what"]
        ]
        lines.append(
            f"- {checked} were checked ({overview.first} to {overview.last}):"
            f" {total['differs, or not found']} differ or were not found; notices:"
            f" {', '.join(notices) or 'none'}."
        )
    else:
        lines.append(
            "- **None was checked with a service yet.** Whether any was corrected or retracted is"
            " not known here."
        )
    marked = total["with fields that no page confirmed"]
    lines.append(
        f"- {marked} have fields that no page confirmed ({int(fields['entries'].sum())} in all):"
        " the first to check."
    )
    searches = (
        saved_searches(ev)
        if ev.dictionary.named_file("search")
        else pd.DataFrame(columns=["last_search", "new"])
    )
    last = searches.loc[searches["last_search"] != NOT_RUN, "last_search"]
    if len(last):
        lines.append(
            f"- The saved search was last run on {last.iloc[0]};"
            f" {int(searches['new'].sum())} records were new."
        )
    else:
        why = "The saved search was never run" if len(searches) else "No search is saved"
        lines.append(f"- {why}: studies that appeared since the table was made are not known here.")
    return Answer("\n".join(lines))


def _left_out(counts: pd.Series) -> str:
    """How many units have no result that a selection kept."""
    n = int(counts["not_placed"] - unreported(counts))
    return f", {n} without a result to count" if n else ""


def _place(ev: Evidence, key: Any) -> dict[str, Any]:
    """The values of a part of what is kept apart, by column."""
    values = key if isinstance(key, tuple) else (key,)
    return dict(zip(ev.dictionary.kept_apart, values, strict=True))


def _name(ev: Evidence, row: Mapping[str, Any] | pd.Series) -> str:
    first, *others = (
        ev.dictionary.label(column, row[column]) for column in ev.dictionary.kept_apart
    )
    return ", ".join([first, *map(lower_first, others)])


def _word(ev: Evidence, word: str) -> str:
    return lower_first(ev.dictionary.label("conclusion", word))


def _caution(ev: Evidence) -> str:
    return ev.dictionary.settings.get("caution", "")
