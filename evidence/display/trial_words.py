"""What randomised trials conclude on one outcome, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from evidence.display.count_words import Row, conclude, concluded_counts, of_them, plain
from evidence.display.pooled_text import pooled_sentence
from evidence.model.contrasts import ANY, contrast_names, voting_contrasts
from evidence.model.dictionary import Dictionary, lower_first
from evidence.model.evidence import Evidence
from evidence.nouns import do_not, number_form
from evidence.synthesis.outcomes import Outcomes, outcomes

AGAINST_NONE = "against_none"  # the contrast that comes first where a data set has it
SIDES, ONE_BETTER = ("better", "worse"), "that one did better"


@dataclass(frozen=True)
class Trials:
    """Rows of randomised trials: those of the first contrast, the same with main results alone, the
    other contrasts that answer, and by name those that are set aside.
    """

    ev: Evidence
    row: Row
    first: pd.DataFrame
    main: pd.DataFrame
    others: pd.DataFrame
    aside: Mapping[str, pd.DataFrame]

    @classmethod
    def of(cls, ev: Evidence, row: Row, rows: Outcomes) -> Trials:
        """The trials of a question."""
        every, main = (
            table.frame[table.frame["randomised"]]
            for table in (rows, outcome_rows(ev, row, main_only=True))
        )
        leading = first_contrast(ev.dictionary)
        first, first_main = (part["contrast"] == leading for part in (every, main))
        aside = {name: outcome_rows(ev, row, name).frame for name in set_aside_contrasts(ev)}
        aside = {name: part[part["randomised"]] for name, part in aside.items()}
        return cls(ev, row, every[first], main[first_main], every[~first], aside)

    def tell_of(self, domain: str) -> bool:
        """Whether any of them tells of an outcome."""
        parts = (self.first, self.others, *self.aside.values())
        return any((part["outcome_domain"] == domain).any() for part in parts)

    def sentence(self, domain: str, such: bool = False) -> str:
        """What they conclude on one outcome. Where none has the first contrast, those of the others
        are named; ``such`` when the sentence before has said of which contrast they are.
        """
        here = self.first[self.first["outcome_domain"] == domain]
        label = plain(self.ev, domain)
        if len(here):
            return self._concluded(here, label)
        return self._elsewhere(domain, self._silent(label, such), self.pooled(domain))

    def _silent(self, label: str, such: bool) -> str:
        """That no trial of the first contrast reports an outcome, as far as they could be read."""
        contrast = first_contrast(self.ev.dictionary)
        of = ""
        if contrast != ANY:
            of = f" of {lower_first(contrast_names(self.ev.dictionary)[contrast])}"
        if self.first.empty:
            return f"No randomised trial{of} was read to report {label}"
        trials = "such trials" if such else f"randomised trials{of}"
        return f"No comparison of {label} in {trials} was read"

    def pooled(self, domain: str) -> str:
        """What published reviews pooled on an outcome that none of the first contrast reports."""
        if (self.first["outcome_domain"] == domain).any():
            return ""
        return pooled_sentence(self.ev, self.row, domain)

    def main_results(self, domain: str) -> str:
        """What those conclude whose main result it is; empty where these are all or none."""
        studies = int(self.first.loc[self.first["outcome_domain"] == domain, "studies"].sum())
        main = self.main[self.main["outcome_domain"] == domain]
        n, label = int(main["studies"].sum()), plain(self.ev, domain)
        if not 0 < n < studies:
            return ""
        these = f"of these {studies} trials whose main result is {label}"
        counts = concluded_counts(main)
        return f"{of_them(counts, self.row, f'The one {these}', f'Of the {n} {these},')}."

    def _concluded(self, here: pd.DataFrame, label: str) -> str:
        studies, silent = (int(here[name].sum()) for name in ("studies", "direction_unreadable"))
        of = f"of {label} ({_people(here)})"
        one, several = f"The one randomised trial {of}", f"Of {studies} randomised trials {of},"
        said = of_them(concluded_counts(here), self.row, one, several)
        if silent:
            which = "it" if studies == 1 else f"{silent} of the {studies}"
            lean = "it leans" if silent == 1 else "they lean"
            said += f"; {which} {do_not(silent)} say which way {lean}"
        return f"{said}."

    def _elsewhere(self, domain: str, sentence: str, pooled: str) -> str:
        labels = contrast_names(self.ev.dictionary)
        other = self.others[self.others["outcome_domain"] == domain]
        for contrast, rows in other.groupby("contrast", observed=True):
            name = lower_first(labels.get(str(contrast), "another comparison"))
            n = int(rows["studies"].sum())
            sentence += f"; {n} {number_form(n, 'tells', 'tell')} of it otherwise ({name})"
        for name, part in self.aside.items():
            rows = part[part["outcome_domain"] == domain]
            if len(rows):
                sentence += f"; {self._against(other_side(labels, name), rows)}"
        return f"{sentence}{'; published reviews do pool it' * bool(pooled)}."

    def _against(self, side: str, rows: pd.DataFrame) -> str:
        """What trials of a contrast that was set aside conclude."""
        words = {**self.row, **dict.fromkeys(SIDES, ONE_BETTER)}
        said = conclude(concluded_counts(rows), words)
        n, rest = said.split(" ", 1)
        total = int(rows["studies"].sum())
        if int(n) == total:
            return f"{n} against {side} {rest}"
        return f"of {total} against {side}, {said}"


def _people(rows: pd.DataFrame) -> str:
    """How many people trials had; what is not known is never said to be 0."""
    names = ("studies", "participants", "size_unknown")
    studies, people, unknown = (int(rows[name].sum()) for name in names)
    if unknown and unknown == studies:
        return "how many people is not known"
    trials = f" and {unknown} {number_form(unknown, 'trial', 'trials')} of unknown size"
    return f"{people:,} people" + trials * bool(unknown)


def first_contrast(dictionary: Dictionary) -> str:
    """The contrast whose trials are told first: against none where there is one."""
    return (
        AGAINST_NONE
        if AGAINST_NONE in contrast_names(dictionary)
        else (voting_contrasts(dictionary)[0])
    )


def other_side(labels: Mapping[str, str], contrast: str) -> str:
    """With what a contrast compares, of a label such as "Exercise against none or sham"."""
    return lower_first(labels.get(contrast, "none").rpartition(" against ")[2])


def outcome_rows(
    ev: Evidence, row: Row, contrast: str | None = None, main_only: bool = False
) -> Outcomes:
    """The outcomes of a question: of what votes, or of one contrast."""
    return outcomes(ev, contrast=contrast, main_only=main_only, **asked_of(ev, row))


def asked_of(ev: Evidence, row: Row) -> dict[str, str]:
    """The question and the population of a row; what it leaves empty means all of them."""
    return {name: str(row[name]) for name in ev.dictionary.kept_apart if filled(row.get(name))}


def filled(value: object) -> bool:
    """Whether a cell holds a text."""
    return isinstance(value, str) and bool(value)


def set_aside_contrasts(ev: Evidence) -> list[str]:
    """Contrasts that set one kind of the exposure against another, and do not vote."""
    names = contrast_names(ev.dictionary)
    return [n for n in names if n not in (*voting_contrasts(ev.dictionary), "other")]
