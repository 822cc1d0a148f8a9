"""Whether the values of a column bear out the role that its name proposes.

A name alone is not enough: what contradicts the other columns of the file, or says something
else by its values, is not a match. Each refusal has a reason; where two readings of the table are
possible, both are counted, and the one with fewer studies is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from evidence.importing import cells as reading
from evidence.importing.cells import letter_of_year
from evidence.importing.grouping import PAPER, conflicts, group_keys, who_and_when, with_year
from evidence.importing.meant import CAMEL, analysis_of, result_of
from evidence.importing.naming import (
    SHORTEST_REFERENCE,
    authors,
    ends_with_year,
    from_label,
    from_reference,
    shows_given_names,
    surname,
)
from evidence.importing.sheet import Sheet, can_be_counts, numbers_of
from evidence.importing.texts import changed, distinct, filled, texts
from evidence.importing.words import known, known_measure, nothing_among, tidy
from evidence.model.schema import own_vocabularies

NUMBER = re.compile(r"[<>=~≤≥#]?\s*[+-]?\d[\d.,' ]*(?:[eE][+-]?\d+)?\s*%?")
WORD = re.compile(r"[^\W\d_]{2,}")
WHOLE = re.compile(r"\.0+$")  # what a whole number ends with, as programs write it
YEAR_WITHIN = re.compile(r"\b(?:19|20)\d\d[a-z]?\b")
BARE_YEAR = re.compile(r"(?:19|20)\d\d[a-z]?(?:\.0)?")
CITEKEY = re.compile(r"[A-Za-z][A-Za-z_:-]*\d{2,4}[a-z]?")
HANDFUL = 5  # so few values in many rows are kinds, not studies
LOOKED_AT = 2000  # so many different cells, or up to twice, tell what share of them holds
MOST_WORDS = 50  # of a vocabulary that is proposed by its name
INTERVALS = ("ci", "ci_low", "ci_high")
MIDDLES = ("estimate", "estimate_ci", "log_estimate")
PAIRS = ("events_n_exposed", "mean_sd_exposed", "mean_se_exposed")
COMPUTED = ("correlation", "events_exposed", "mean_exposed", *PAIRS)
WORDED = ("direction", "conclusion", "observed_direction")
VOCABULARIES = ("population", "exposure", "comparator", "question", "outcome_domain")


@dataclass(frozen=True)
class Doubt:
    """A role that a column does not get: why, and what the user should know of it."""

    theirs: str
    ours: str
    why: str
    note: str = ""


def tokens_forbid(target: str, name: str, synonym: str) -> bool:
    """Whether what a name has beyond a synonym, or lacks of it, says that it is something else.

    >>> tokens_forbid("estimate", "effect size se", "effect size")
    True
    >>> tokens_forbid("estimate", "estimateid", "estimate")
    True
    >>> tokens_forbid("estimate", "efect size", "effect size")
    False
    >>> tokens_forbid("exposure", "interventionist", "intervention")
    True
    """
    never = set(known()["never"].get(target, ()))
    more, less = set(name.split()) - set(synonym.split()), set(synonym.split()) - set(name.split())
    if any(len(word) < 3 for word in less):  # the n of "n intervention" is what makes it a number
        return True
    if any(word.isdigit() for word in more):
        return True
    joined, short = name.replace(" ", ""), synonym.replace(" ", "")
    rests = {joined.removeprefix(short), joined.removesuffix(short)} - {joined}
    # A word that goes on is another one, unless it is the plural.
    another = " " not in name + synonym and not rests <= {"s", "es"}
    return bool(never & (more | rests)) or any(rest.isdigit() for rest in rests) or another


def values_forbid(target: str, filled: Sequence[str]) -> bool:
    """Whether different cells of a column, by themselves, can not be what its name proposes."""
    if not filled:
        return False
    if target == "outcome" or (target in own_vocabularies() and target != "measure"):
        return share(filled, is_amount) > 0.3 or (target != "design" and _is_truth(filled))
    if target in (*WORDED, "note"):
        return share(filled, is_number) > 0.5
    if target in ("estimate", "sample_size"):
        return runs(filled)
    if target == "correlation":
        return share(filled, _within_one) < 0.95
    if target in ("se", "variance"):
        return any(cell.strip().startswith("-") for cell in filled)
    if target == "study":
        return _is_truth(filled) or share(filled, _is_measured) > 0.5
    if target == "journal" and (_is_truth(filled) or _are_known("kinds_of_papers", filled)):
        return True
    if target == "outcome_scale":
        return _are_known("kinds_of_size", filled)
    if target in ("journal", "title", "author"):
        return share(filled, is_number) > 0.5
    return False


def share(cells: Sequence[str], test) -> float:
    """Share of the cells for which a test holds; of many, some that stand evenly among them.

    >>> share(["1", "2", "x"] * 10_000, str.isdigit) > 0.6
    True
    """
    told = [bool(test(cell)) for cell in cells[:: len(cells) // LOOKED_AT or 1]]
    return sum(told) / len(told) if told else 0.0


def is_number(cell: str) -> bool:
    """Whether a cell is a number and nothing else."""
    return bool(NUMBER.fullmatch(cell.strip()))


def is_amount(cell: str) -> bool:
    """Whether a cell is a number, alone or with its spread, its interval or its total.

    >>> [is_amount(cell) for cell in ("12", "5.1 ± 1.2", "12/24 (50%)", "18-30 years")]
    [True, True, True, False]
    """
    if is_number(cell):
        return True
    read = (reading.with_spread(cell), reading.counted(cell), reading.with_interval(cell))
    return cell[:1].isdigit() and not all(one.why for one in read)


def has_words(cell: str) -> bool:
    """Whether a cell has a word of at least two letters."""
    return bool(WORD.search(cell))


def runs(filled: Sequence[str]) -> bool:
    """Whether different cells are a running number: whole, and one after the other.

    >>> runs(["1", "2.0", "3", "4"]), runs(["40", "60", "45"]), runs(["3", "4"])
    (True, False, False)
    """
    whole = [WHOLE.sub("", cell) for cell in filled]
    if len(filled) < 3 or not all(cell.isdecimal() for cell in whole):
        return False
    numbers = [int(cell) for cell in whole]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_measured(cell: str) -> bool:
    return is_number(cell) and not cell.strip().lstrip("#").isdecimal()


def _within_one(cell: str) -> bool:
    return bool(re.fullmatch(r"[−+-]?(?:0?[.,]\d+|[01](?:[.,]0+)?)", cell.strip()))


def _are_citekeys(ids: Sequence[str]) -> bool:
    """Whether ids are keys of a bibliography; one word with a number after it counts rows."""
    words = {cell.rstrip("0123456789").casefold() for cell in ids}
    return len(words) > 1 and share(ids, CITEKEY.fullmatch) > 0.8


def _is_truth(filled: Sequence[str]) -> bool:
    words = {*known()["yes"], *known()["no"]} - {"1", "0"}
    return share(filled, lambda cell: tidy(cell) in words) > 0.8


def _are_known(words: str, filled: Sequence[str]) -> bool:
    return share(filled, lambda cell: tidy(cell) in known()[words]) > 0.5


def holds_years(name: str, filled: Sequence[str]) -> bool:
    """Whether a name that can be that of names and years, such as "study year", is of years alone.

    >>> holds_years("study year", ["2008", "2010"]), holds_years("study", ["2008", "2010"])
    (True, False)
    """
    can_be = name in known()["columns"]["study"] and set(name.split()) & _words_of_years()
    return bool(can_be and filled and share(filled, BARE_YEAR.fullmatch) > 0.8)


def _words_of_years() -> set[str]:
    return {name for name in known()["columns"]["year"] if " " not in name}


def _who_of_label(text: str) -> str:
    author, year, letter = from_label(text)
    who = f"{surname(author)}|{year}{letter}".casefold()
    return "" if who == "|" else who


def names_a_study(cell: str) -> bool:
    """Whether a cell looks like the name of a study: words and a year, or a whole reference.

    >>> names_a_study("Pitt 1987"), names_a_study("Pitt et al."), names_a_study("in hospital")
    (True, True, False)
    """
    if len(cell) >= SHORTEST_REFERENCE and from_reference(cell)[1]:
        return True
    return has_words(cell) and (ends_with_year(cell) or tidy(cell).endswith(" et al"))


class Roles:
    """The columns of a file under the roles that they were proposed for."""

    def __init__(self, sheet: Sheet, roles: dict[str, str]):
        """``roles``: target of each column that has one, by the name of the column."""
        self._sheet, self._roles = sheet, roles
        self._of = {ours: theirs for theirs, ours in roles.items()}
        self._read: dict[str, pd.Series] = {}
        self._tests: dict[str, Callable[[str], Doubt | None]] = {
            "study": self._study,
            "study_id": self._study_id,
            "author": self._author,
            "year": self._year,
            "sample_size": self._size,
            "estimate": self._letter,
            "measure": self._measure,
            **dict.fromkeys(VOCABULARIES, self._vocabulary),
            **dict.fromkeys(INTERVALS, self._interval),
            **dict.fromkeys(("p", "se", "variance"), self._of_another),
        }

    def doubts(self, free: Iterable[str]) -> list[Doubt]:
        """Roles that the values of all columns together refuse, of the columns ``free``."""
        if not self._sheet.rows:
            return []
        found = []
        first = sorted(free, key=lambda theirs: self._roles.get(theirs) != "study")
        for theirs in first:
            ours = self._roles.get(theirs, "")
            test = self._tests.get(ours)
            doubt = test(theirs) if test else None
            if doubt:
                found.append(doubt)
        return found[:1]  # each changes what speaks for and against the others

    def column(self, ours: str) -> pd.Series:
        """Cells of a role as they are read; empty where there is none."""
        if ours not in self._read:
            theirs = self._of.get(ours)
            raw = self.cells(theirs) if theirs else texts([""] * len(self._sheet.rows))
            readers = {"doi": reading.doi, "pmid": reading.pmid, "pmcid": reading.pmcid}
            if ours == "author":
                first = shows_given_names(distinct(raw))
                raw = changed(raw, lambda cell: authors(cell, first))
            elif ours == "year":
                raw = changed(raw, lambda cell: reading.year(cell).text + letter_of_year(cell))
            elif ours in readers:
                raw = changed(raw, lambda cell: readers[ours](cell).text)
            self._read[ours] = raw
        return self._read[ours]

    def cells(self, theirs: str) -> pd.Series:
        """Cells of a column of the file; empty where they say nothing."""
        i = self._sheet.header.index(theirs)
        ours = self._roles.get(theirs, "")
        cells, silent = self._sheet.columns[i], nothing_among(ours, self._sheet.distinct[i])
        if silent - {""}:
            return texts("" if cell in silent else cell for cell in cells.tolist())
        return texts(cells)

    @property
    def _who(self) -> pd.Series:
        """First author and year, from their columns, else from the name of the study."""
        who = who_and_when(self.column("author"), self.column("year"))
        if filled(who).any():
            return who
        names = self.column("study")
        return changed(names, _who_of_label)

    def _papers(self) -> dict[str, pd.Series]:
        return {**{name: self.column(name) for name in PAPER[:-1]}, "who": self._who}

    def _says_papers(self) -> bool:
        """Whether anything beside the names distinguishes papers."""
        return any(filled(values).any() for values in self._papers().values())

    def _contradicted(self, names: pd.Series) -> float:
        """Share of the rows of repeated names that differ in what they say about their paper."""
        again = names.duplicated(keep=False) & filled(names)
        if not again.any():
            return 0.0
        wrong = pd.Series(False, index=names.index)
        for name, values in self._papers().items():
            if name == "who":
                values = with_year(values)
            wrong |= conflicts(names, values) & filled(names)
        return float((wrong & again).sum() / again.sum())

    def _study(self, theirs: str) -> Doubt | None:
        names = self.cells(theirs)
        said = [name for name in distinct(names) if name]
        refused = lambda why: Doubt(theirs, "study", why)
        if not said:
            return None
        like_names = share(said, names_a_study)
        if like_names < 0.5:
            like_names = max(like_names, self._hold_authors(names))
        if like_names >= 0.5 and (why := self._of_others(theirs, names)):
            return refused(why)
        if like_names < 0.5 and self._contradicted(names) > 0.5:
            what = "rows with one value in it have different authors, years, titles or numbers"
            return refused(f"it names no studies: {what}")
        if like_names < 0.5 and (why := self._weak(theirs, len(said), len(names))):
            return refused(why)
        if share(said, has_words) < 0.5:
            return self._numbered(theirs, names) or self._running(theirs, "study")
        return None

    def _of_others(self, theirs: str, names: pd.Series) -> str:
        """Why names with years, under a name that says little, are those of something else."""
        sure = {*known()["columns"]["study"], *known()["columns"]["author"]}
        sure -= set(known()["weak"]["study"])
        if {tidy(theirs), tidy(CAMEL.sub(" ", theirs))} & sure:
            return ""
        if filled(self.column("author")).any():
            if self._hold_authors(names) < 0.5:
                return "its names are not those of the authors"
        elif not self._weak_year() and self._other_years(names, self.column("year")):
            return "its years are not those of the papers"
        return ""

    def _other_years(self, names: pd.Series, years: pd.Series) -> bool:
        """Whether most names with a year have another one than their row."""
        pairs = pd.DataFrame({"name": names, "year": years})[filled(names) & filled(years)]
        told = [
            reading.year(name).text == year[:4]
            for name, year in pairs.drop_duplicates().head(300).itertuples(index=False)
            if ends_with_year(name)
        ]
        return bool(told) and sum(told) * 2 < len(told)

    def _weak_year(self) -> bool:
        return tidy(self._of.get("year", "")) in known()["weak"]["year"]

    def _year(self, theirs: str) -> Doubt | None:
        """A date that is not that of the studies, as their names have it, is of something else."""
        if not self._weak_year():
            return None
        names = self.column("study")
        names = names if filled(names).any() else self.cells(self._of.get("author", theirs))
        if not self._other_years(names, self.column("year")):
            return None
        why = "its years are not those in the names of the studies"
        note = f"{theirs!r} was not read as the year: {why}; --map '{theirs}=year' reads it"
        return Doubt(theirs, "year", why, note)

    def _author(self, theirs: str) -> Doubt | None:
        """Names with their years are those of studies, whatever the column is called."""
        said = [cell for cell in distinct(self.cells(theirs)) if cell]
        if "study" in self._of or share(said, lambda cell: YEAR_WITHIN.search(cell)) < 0.5:
            return None
        if share(said, names_a_study) < 0.5:
            return None
        return Doubt(theirs, "author", "its values are names of studies, with their years")

    def _weak(self, theirs: str, filled: int, rows: int) -> str:
        """Why values that do not look like names name no studies under a name that says little."""
        if tidy(theirs) not in known()["weak"]["study"]:
            return ""
        if self._says_papers() or filled * 4 <= rows <= HANDFUL * 99:
            return "its values do not look like names of studies"
        if filled <= HANDFUL and rows > filled * 2:
            return "its few values are kinds, not studies"
        return ""

    def _numbered(self, theirs: str, names: pd.Series) -> Doubt | None:
        """Numbers name no studies where another column has a name for each of them."""
        known_as = known()["columns"]["study"]
        others = [name for name in self._sheet.header if tidy(name) in known_as]
        for other in others if not self._says_papers() else ():
            named = self.cells(other)
            one_each = named.nunique() == names.nunique() and not conflicts(names, named).any()
            said = [name for name in distinct(named) if name]
            like_names = share(said, names_a_study) >= 0.5
            able = like_names or not self._weak(other, len(said), len(named))
            worded = able and share(said, has_words) > 0.8
            if one_each and worded and not self._roles.get(other):
                return Doubt(theirs, "study", f"its numbers have names in {other!r}")
        return None

    def _hold_authors(self, names: pd.Series) -> float:
        """Share of the names in which the author of the row stands."""
        author = self.column("author")
        both = (author != "") & (names != "")
        if not both.any():
            return 0.0
        pairs = pd.DataFrame({"author": author[both], "name": names[both]}).drop_duplicates()
        held = [
            tidy(surname(one)) in tidy(name)
            for one, name in pairs.head(300).itertuples(index=False)
        ]
        return sum(held) / len(held)

    def _study_id(self, theirs: str) -> Doubt | None:
        ids = self.cells(theirs)
        if not (ids != "").any():
            return None
        if self._contradicted(ids) > 0:
            what = "rows with one value in it have different authors, years, titles or numbers"
            return Doubt(theirs, "study_id", f"it names no studies: {what}")
        return self._running(theirs, "study_id")

    def _running(self, theirs: str, ours: str) -> Doubt | None:
        """An id that parts the rows of one named study numbers findings."""
        ids = self.cells(theirs)
        said = {name: self.column(name) for name in ("title", "doi", "pmid", "pmcid", "year")}
        said["author"] = self.column("author")
        said["study"] = self.column("study") if ours != "study" else ids.where(ids == "", "")
        names = group_keys(said, ids.index)
        there = (names > 0) & filled(ids)
        if there.sum() * 2 < len(ids):
            return None
        split = conflicts(names[there], ids[there])
        # An id that repeats, or is a key of a bibliography, tells studies with one name apart.
        repeats = ids[there].duplicated().any()
        if not split.any() or repeats or _are_citekeys(distinct(ids[there])):
            return None
        by_names, by_ids = names[there].nunique(), ids[there].nunique()
        rows = len(ids)
        why = "it numbers rows: names of studies repeat where it differs"
        note = (
            f"column {theirs!r} separates rows of one study, so it was not taken for the studies: "
            f"by the names there are {by_names} studies, {rows} findings; "
            f"--map '{theirs}=study_id' reads {by_ids} studies, {rows} findings"
        )
        return Doubt(theirs, ours, why, note)

    def _size(self, theirs: str) -> Doubt | None:
        name = tidy(theirs)
        if name not in ("n", *known()["weak"]["sample_size"]):
            return None
        if whole := self._whole_of(theirs):
            why = f"it is never more than {whole!r}, which can be the whole sample"
            note = f"{theirs!r} was not read as the size, as {why}; --map '{theirs}=sample_size'"
            return Doubt(theirs, "sample_size", why, f"{note} reads it")
        if name != "number":
            return None
        beside = {tidy(name) for name in self._sheet.header}
        if beside & {"volume", "vol", "issue", "pages", "page", "start page", "journal"}:
            return Doubt(theirs, "sample_size", "it is next to volume and pages: an issue")
        cells = self.cells(theirs)
        if len(cells) > 2 and not cells[filled(cells)].duplicated().any():
            why = "each row has another number, as in a list of references"
            note = f"{theirs!r} was not read as the size: {why}; --map '{theirs}=sample_size'"
            return Doubt(theirs, "sample_size", why, f"{note} reads it")
        return None

    def _whole_of(self, theirs: str) -> str:
        """Another column with the name of a size, of which this one can be a part."""
        sizes = set(known()["columns"]["sample_size"]) - set(known()["weak"]["sample_size"])
        part = numbers_of(self._sheet, self._sheet.header.index(theirs))
        for i, other in enumerate(self._sheet.header):
            if other == theirs or tidy(other) not in sizes or self._roles.get(other):
                continue
            whole = numbers_of(self._sheet, i)
            if can_be_counts(part, whole) and (whole > part).any():
                return other
        return ""

    def _letter(self, theirs: str) -> Doubt | None:
        """A letter such as d is an effect only where something says how precise it is."""
        precise = (*INTERVALS, "se", "variance", "p")
        if len(tidy(theirs)) > 1 or any(name in self._of for name in precise):
            return None
        return Doubt(theirs, "estimate", "a letter, and nothing says how precise its numbers are")

    def _interval(self, theirs: str) -> Doubt | None:
        """An interval has two ends and an estimate; one alone can be of a share or an age."""
        ends = {"ci_low", "ci_high"} & set(self._of)
        lone = len(ends) == 1 and self._roles[theirs] in ends
        if any(name in self._of for name in MIDDLES):
            if (doubt := self._of_another(theirs)) or not lone:
                return doubt
            return self._not_read(theirs, "the other end of the interval is in no column")
        whole = "ci" in self._of or len(ends) == 2
        computed = any(name in self._of for name in COMPUTED)
        if not (whole or computed or (lone and len(self._roles) > 1)):
            return None
        why = "no column is the estimate that it belongs to"
        note = f"{theirs!r} looks like an interval, but {why}; --map 'COLUMN=estimate' names it"
        return Doubt(theirs, self._roles[theirs], why, note)

    def _of_another(self, theirs: str) -> Doubt | None:
        """An interval, p value or standard error is that of the estimate of its own result."""
        middle = next((self._of[name] for name in MIDDLES if name in self._of), "")
        analyses = {analysis_of(theirs), analysis_of(middle)} - {""}
        if len({result_of(theirs), result_of(middle)} - {""}) < 2 and len(analyses) < 2:
            return None
        return self._not_read(theirs, f"it is of another result than {middle!r}")

    def _not_read(self, theirs: str, why: str) -> Doubt:
        note = f"{theirs!r} was not read, as {why}; --map 'COLUMN=OURS' names it"
        return Doubt(theirs, self._roles[theirs], why, note)

    def _measure(self, theirs: str) -> Doubt | None:
        if any(map(known_measure, self.cells(theirs).unique())):
            return None
        return Doubt(theirs, "measure", "none of its texts is a known measure of effect")

    def _vocabulary(self, theirs: str) -> Doubt | None:
        cells = self.cells(theirs)
        words, rows = cells[cells != ""].nunique(), int((cells != "").sum())
        if words <= MOST_WORDS or words * 2 <= rows:
            return None
        ours = self._roles[theirs]
        why = f"its {words} different texts are not a vocabulary"
        return Doubt(theirs, ours, why, f"{theirs!r}: {why}; --map '{theirs}={ours}' makes one")
