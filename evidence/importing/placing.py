"""Rows of a file to studies and findings: rows of one study are its findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from evidence.coded import spread
from evidence.errors import Fault, UsageError, in_order
from evidence.importing.columns import (
    LEFT_OUT,
    OF_ARMS,
    OWN,
    Proposal,
    is_numeric,
    no_column,
    propose,
    targets,
)
from evidence.importing.decimals import is_count, marks_of_columns
from evidence.importing.effects import KEPT, SPREADS, complete, origins
from evidence.importing.grouping import conflicts
from evidence.importing.kinds import name_kind
from evidence.importing.log import Log
from evidence.importing.mapped_columns import mapped_columns
from evidence.importing.placed import Placed
from evidence.importing.reference_rows import without_references
from evidence.importing.roles import is_number, share
from evidence.importing.sheet import Sheet
from evidence.importing.texts import (
    Groups,
    blank,
    codes,
    distinct,
    filled,
    first_rows,
    grouped,
    looked_up,
    number_within,
    taken,
    texts,
)
from evidence.importing.unread import unread_effects
from evidence.importing.vocabulary import look_alike, shortened, vocabularies
from evidence.importing.who import study_keys
from evidence.importing.words import tidy
from evidence.model.schema import confidence_level, known_tables, own_vocabularies
from evidence.model.schema import vocabularies as standard
from evidence.quoting import code, is_name, one_line, with_signs

# Columns of ours that a file can fill; cohorts and the arithmetic of arms are entered by hand.
NOT_FROM_A_FILE = (
    "study_id",
    "finding_id",
    "cohort",
    "cohort_overlap",
    "cohort_representative",
    "estimate_origin",
    "reversed_contrast",
)
OF_STUDY, OF_FINDING = (
    [
        column.name
        for column in known_tables()[table].columns.values()
        if column.offered and column.name not in (*NOT_FROM_A_FILE, *left_out)
    ]
    for table, left_out in (("studies", ()), ("findings", ("comparator",)))
)
# What can be of an arm or a result, where the rows of a study differ in it.
OF_ROWS = ("sample_size", "n_exposed", "n_control", "exposure", "sample_unit", "note", "author")
LONGEST_NAME = 60  # letters of a name of a study; more is a whole reference
MOST_COMPARED = 20_000  # rows that are compared with each other
MANY = 5  # studies whose rows differ in a column: too many for slips
ALL_OUTCOMES = "all_outcomes"
MOST_DOMAINS = 20
RATIOS = {"or", "rr", "hr", "irr", "ratio"}
BENEFIT = {"above": 1, "below": -1}


def place(
    sheet: Sheet,
    given: Mapping[str, str] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
    decimal: str = "",
    benefit: str = "",
    ci_level: str = "",
) -> Placed:
    """Make studies and findings from a file.

    Parameters
    ----------
    sheet : Sheet
    given : mapping of str to str, optional
        Target of some columns, as for :func:`evidence.importing.columns.propose`.
    words : mapping, optional
        For a column of the file or of ours, words of the file and the codes that they stand for;
        before all that is known.
    decimal : {"", ".", ","}
        Decimal mark of the file; detected by default.
    benefit : {"", "above", "below"}
        Which side of no difference favours those exposed; then the observed direction follows from
        the estimates.
    ci_level : str, optional
        Confidence level of the intervals that name none, in percent.

    Returns
    -------
    Placed

    Raises
    ------
    UsageError
        For an unknown column, target or option.
    """
    if benefit not in ("", *BENEFIT):
        raise UsageError(f"benefit is {benefit!r}; allowed: {', '.join(BENEFIT)}")
    if decimal not in ("", ".", ","):
        raise UsageError(f"decimal is {decimal!r}; allowed: a point or a comma")
    level = ""
    if ci_level:
        level = str(confidence_level("ci_level", ci_level))
    proposals = propose(sheet, given)
    log = Log(sheet, list(sheet.faults))
    log.notes += _unused_words(sheet, proposals, words or {})
    raw = pd.DataFrame(
        {
            name: pd.array(cells, dtype="str", copy=False)
            for name, cells in zip(sheet.header, sheet.columns, strict=True)
        },
        copy=False,
    )
    different = dict(zip(sheet.header, sheet.distinct, strict=True))
    numeric = {p.theirs: p.ours for p in proposals if is_numeric(p.ours) and p.ours != "year"}
    marks = marks_of_columns(
        {theirs: different[theirs] for theirs in numeric},
        [theirs for theirs, ours in numeric.items() if is_count(ours)],
        decimal,
        sheet.numbers,
    )
    table = mapped_columns(raw, different, proposals, words or {}, marks, log)
    _without_doubtful_errors(table, proposals, given or {}, log)
    stands = "estimate" in table
    said = lambda note: log.notes.append(_named(note, proposals))
    complete(table, _wanted(proposals), said, sheet.lines)
    if stands:
        name_kind(table, proposals, log.notes.append)
    _without_estimate(table, log)
    none = blank(table.index)
    if level and "ci_low" in table:
        said = table.get("ci_level", none)
        table["ci_level"] = said.where(filled(said) | ~filled(table["ci_low"]), level)
    if "ci_low" in table and (filled(table["ci_low"]) & ~filled(table.get("ci_level", none))).any():
        log.notes.append("the file does not say the level of its intervals; --ci-level 95 does")
    _same_rows(raw, log)
    keys = study_keys(raw, table, proposals, log)
    keys = without_references(raw, table, keys, proposals, log)
    there = filled(keys)
    whole = raw
    if not there.all():
        raw, table, keys = raw[there], table[there], keys[there]
    groups = grouped(keys)
    studies = _studies(table, keys, groups, log)
    findings = _findings(table, keys, groups, benefit, log)
    kept = (*KEPT, *(("ci", "ci_low", "ci_high") if "log_ends" in table else ()))
    columns = _own(raw, keys, groups, proposals, studies, findings, kept, log.of_rows)
    return _placed(sheet, proposals, log, studies, findings, groups, columns, whole)


def _unused_words(
    sheet: Sheet, proposals: Sequence[Proposal], words: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Notes on words of columns that are not read; a column that is not there is refused."""
    read = [one for one in proposals if one.ours not in (OWN, LEFT_OUT)]
    used = {one.ours for one in read} | {one.theirs for one in read}
    unused = [column for column in words if column not in used]
    for column in unused:
        if column not in sheet.header and column not in targets():
            raise no_column(sheet, column)
    what = "words were given for {!r}, but no column of ours is read from it"
    return [what.format(column) for column in unused]


def _same_rows(raw: pd.DataFrame, log: Log) -> None:
    """A note on rows that say the same as another in every cell."""
    again = np.flatnonzero(raw.duplicated().to_numpy()) if len(raw) <= MOST_COMPARED else []
    if len(again):
        lines = ", ".join(str(log.sheet.lines[i]) for i in again[:10])
        more = ", …" * (len(again) > 10)
        log.notes.append(
            f"{len(again)} rows are the same as a row above in every cell (lines {lines}{more}), "
            "and each became a finding; delete them in the file if they are one"
        )


def _wanted(proposals: Sequence[Proposal]) -> str:
    """The measure that is to be worked out from arms, as the user says."""
    return next((p.measure for p in proposals if p.ours in OF_ARMS and p.measure), "")


def _without_doubtful_errors(
    table: pd.DataFrame, proposals: Sequence[Proposal], given: Mapping[str, str], log: Log
) -> None:
    """A column such as "SE(OR)" is not read unasked: by its name it is of the ratio itself, in most
    files of its logarithm.
    """
    for one in proposals:
        words = set(tidy(one.theirs).split())
        doubtful = one.ours in SPREADS and words & RATIOS and not words & {"log", "ln"}
        if doubtful and one.theirs not in given and one.ours in table and "estimate" in table:
            del table[one.ours]
            log.notes.append(
                f"{one.theirs!r} may be of the ratio itself or of its logarithm, so no interval was"
                f" worked out from it; --map '{one.theirs}={one.ours}' reads it as that of the"
                " logarithm"
            )


def _named(note: str, proposals: Sequence[Proposal]) -> str:
    """A note with the name of the column of the file that it speaks of."""
    theirs = next((p for p in proposals if p.ours in OF_ARMS), None)
    if theirs is None:
        return note
    return re.sub(r"THEIRS=\w+", f"{theirs.theirs}={theirs.ours}".replace("\\", r"\\"), note)


def _studies(table: pd.DataFrame, keys: pd.Series, groups: Groups, log: Log) -> pd.DataFrame:
    """One row per study: in each column the one value that its rows have; others are in the log."""
    names = [name for name in (*OF_STUDY, "study", "author", "journal") if name in table]
    ids, places = groups.names, groups.places
    studies = pd.DataFrame(index=pd.Index(ids, name="study_id", dtype="str"))
    for name in names:
        cells, texts_ = table[name], table[name].to_numpy(dtype=object)
        there = filled(cells)
        first = groups.first(texts_, there)
        studies[name] = texts(first, studies.index)
        if name == "comparator":
            continue  # a finding may have a contrast of its own
        other = pd.Series(_differ(cells, there, groups), index=cells.index)
        if not other.any():
            continue
        of_category = name == "exposure" and log.has_references
        if name in OF_ROWS and (of_category or _varies(other, groups)):
            log.of_rows.append(name)
            differ = set(keys[other])
            what = "the first of each is taken, and that of each row"
            if name != "author":
                studies[name] = studies[name].where(~studies.index.isin(differ), "")
                what = "it is of their rows, is empty for these studies, and"
            log.notes.append(
                f"{name} differs within {len(differ)} studies: {what} is in the findings"
                f" ({name}_of_row)"
            )
            continue
        for place in np.flatnonzero(other.to_numpy()).tolist():
            what = f"the rows above say {first[places[place]]!r} of {ids[places[place]]}"
            line = log.sheet.lines[cells.index[place]]
            do = "the same in every row of a study"
            log.faults.append(
                Fault(log.sheet.path, line, name, what, do, "conflict", texts_[place])
            )
    return studies.reset_index()


def _differ(cells: pd.Series, there: np.ndarray, groups: Groups) -> np.ndarray:
    """Which of the filled cells are not the first one of their group."""
    numbers = codes(cells)
    return there & (numbers != numbers[first_rows(groups.places, there)][groups.places])


def _varies(other: pd.Series, groups: Groups) -> bool:
    """Whether a column of the studies differs within several of those that have several rows: in
    one or two it can be a slip.
    """
    several = int((np.bincount(groups.places) > 1).sum())
    differ = len(np.unique(groups.places[other]))
    return differ >= 2 and (differ * 2 >= several or differ >= MANY)


def _findings(
    table: pd.DataFrame, keys: pd.Series, groups: Groups, benefit: str, log: Log
) -> pd.DataFrame:
    """One row per row of the file, in the order of the file within each study."""
    number, none = number_within(groups.places) + 1, blank(table.index)
    pairs = zip(keys.to_list(), number.tolist(), strict=True)
    ids = texts([f"{key}-{place}" for key, place in pairs], table.index)
    columns = {name: table[name] for name in OF_FINDING if name in table}
    asked = {name: table.get(name, none) for name in ("outcome", "estimate", "measure")}
    findings = pd.DataFrame({"finding_id": ids, "study_id": keys, **asked, **columns}, copy=False)
    if "is_primary" not in table:
        words = spread((number > 1).astype(int), ["true", "false"])
        findings["is_primary"] = texts(words, table.index)
        if (number > 1).any():
            log.notes.append("the first row of each study stands for it (is_primary)")
    _outcomes(findings, table)
    if "comparator" in table:
        own = table["comparator"].where(
            table["comparator"] != table["comparator"].groupby(keys).transform("first"), ""
        )
        if filled(own).any():
            findings["comparator"] = own
    if "estimate_origin" in table:
        findings["estimate_origin"] = table["estimate_origin"]
    if "conclusion" not in table:
        alone = np.bincount(groups.places, minlength=1)[groups.places] == 1
        findings["conclusion"] = "not_stated"
        if "direction" in table:
            findings["conclusion"] = table["direction"].where(alone, "not_stated")
        if "direction" not in table:
            log.notes.append(
                "the file does not say what the authors conclude: all have the word not_stated, and"
                " are not placed in the balance as concluded"
            )
    if "observed_direction" not in table:
        findings["observed_direction"] = _signs(findings, benefit)
        if not benefit:
            log.notes.append(
                "which way a difference points is not in the file (observed_direction); --benefit"
                " above or below works it out"
            )
    findings["observed_direction"] = findings["observed_direction"].where(
        filled(findings["observed_direction"]), "not_reported"
    )
    if not groups.in_order:
        findings = findings.iloc[groups.order]
    findings = findings.reset_index(drop=True)
    empty = blank(findings.index)  # one for all: it is looked at once
    return findings.assign(**{name: empty for name in OF_FINDING if name not in findings})


def _outcomes(findings: pd.DataFrame, table: pd.DataFrame) -> None:
    if "outcome_domain" not in table:
        outcomes = filter(None, distinct(findings["outcome"]))
        domains = {outcome: code(with_signs(outcome)) for outcome in outcomes}
        several = 1 < len(set(domains.values())) <= MOST_DOMAINS
        findings["outcome_domain"] = (
            looked_up(findings["outcome"], {"": ALL_OUTCOMES, **domains})
            if several
            else ALL_OUTCOMES
        )
    domain = findings["outcome_domain"] = findings["outcome_domain"].replace("", ALL_OUTCOMES)
    if "outcome" not in table and "outcome_domain" in table:
        findings["outcome"] = domain.str.replace("_", " ").where(domain != ALL_OUTCOMES, "")
    findings["outcome"] = findings["outcome"].replace("", "not stated in the file")


def _without_estimate(table: pd.DataFrame, log: Log) -> None:
    """A measure is of an estimate: where there is none, its name has no place."""
    if "measure" not in table:
        return
    alone = table["measure"] != ""
    if "estimate" in table:
        alone &= ~filled(table["estimate"])
    if alone.any():
        why, do = "there is no estimate that it is the measure of", "an estimate, or nothing"
        log.cells(alone, "measure", table["measure"], why, do)
        table["measure"] = table["measure"].where(~alone, "")


def _signs(findings: pd.DataFrame, benefit: str) -> pd.Series:
    """Observed directions from the side of no difference on which an estimate lies; empty where
    that cannot be determined.
    """
    if not benefit:
        return blank(findings.index)
    nulls = {word["value"]: word["null"] for word in standard()["measure"] if "null" in word}
    estimate = pd.to_numeric(
        findings["estimate"].where(findings["estimate"] != ""), errors="coerce"
    )
    side = np.sign(estimate - findings["measure"].map(nulls)) * BENEFIT.get(benefit, np.nan)
    return looked_up(side, {1.0: "benefit", -1.0: "harm", 0.0: "null"})


def _own(
    raw: pd.DataFrame,
    keys: pd.Series,
    groups: Groups,
    proposals: Sequence[Proposal],
    studies: pd.DataFrame,
    findings: pd.DataFrame,
    kept_too: Sequence[str],
    of_rows: Sequence[str] = (),
) -> dict[str, list[dict]]:
    """Columns of the file that are none of ours: of the studies where each study has one value,
    else of the findings.
    """
    names = {
        column for table in ("studies", "findings") for column in known_tables()[table].columns
    } | {"label", "study", "author", "journal"}
    columns: dict[str, list[dict]] = {"studies": [], "findings": []}
    for proposal in proposals:
        cells = raw[proposal.theirs]
        kept = proposal.ours in kept_too or proposal.ours in of_rows
        if (proposal.ours != OWN and not kept) or not filled(cells).any():
            continue
        name = code(proposal.theirs) or "column"
        if not is_name(name):
            name = f"column_{name}"
        if proposal.ours in of_rows:
            name = f"{proposal.ours}_of_row"
        while name in names:
            name += "_theirs"
        names.add(name)
        title, of = one_line(proposal.theirs), "findings"
        if not kept and not conflicts(keys, cells).any():
            of = "studies"
        if of == "studies":
            first = groups.first(cells.to_numpy(dtype=object), filled(cells))
            studies[name] = texts(first, studies.index)
        else:
            findings[name] = cells.iloc[groups.order].to_numpy()
        said = f"Column “{title}” of the file."
        columns[of].append({"name": name, "type": "string", "title": title, "description": said})
    return columns


def _placed(
    sheet: Sheet,
    proposals: Sequence[Proposal],
    log: Log,
    studies: pd.DataFrame,
    findings: pd.DataFrame,
    groups: Groups,
    columns: dict,
    raw: pd.DataFrame,
) -> Placed:
    if "estimate_origin" in findings and filled(findings["estimate_origin"]).any():
        columns["findings"].insert(0, _origin_field(findings["estimate_origin"]))
    entries = studies.reindex(
        columns=["study_id", "author", "title", "journal", "year", "doi", "pmid", "pmcid"],
        fill_value="",
    )
    entries = entries.rename(columns={"study_id": "key", "journal": "container"})
    entries.insert(1, "entry_type", np.where(filled(entries["container"]), "article", "misc"))
    if "study" in studies:
        name = _label_name(studies, proposals)
        studies[name] = studies["study"]
        said = {"title": "Study", "description": "Name of the study in the file."}
        columns["studies"].insert(0, {"name": name, "type": "string", **said})
    studies = studies.drop(
        columns=[name for name in ("study", "author", "journal") if name in studies]
    )
    _defaults(studies, findings, groups, log)
    has_effects = "estimate" in findings and bool(filled(findings["estimate"]).any())
    unread, said = unread_effects(sheet, proposals, has_effects, log.notes)
    log.notes += said
    labels = {
        proposal.ours: raw[proposal.theirs]
        for proposal in proposals
        if proposal.ours in own_vocabularies()
    }
    domains = findings["outcome"].rename("outcome_domain")
    labels.setdefault("outcome_domain", domains)
    found = vocabularies(studies, findings, labels, _of_domains(domains) | log.words)
    log.notes += [*shortened(found), *look_alike(found)]
    return Placed(
        studies,
        findings,
        entries,
        found,
        columns,
        proposals,
        log.words,
        in_order(log.faults),
        log.notes,
        len(sheet.rows),
        unread,
    )


def _of_domains(outcomes: pd.Series) -> dict[str, dict[str, str]]:
    """Codes of the outcomes whose words say more than these: letters of another alphabet."""
    said = {one: code(with_signs(one)) for one in distinct(outcomes) if not one.isascii()}
    return {str(outcomes.name): said}


def _label_name(studies: pd.DataFrame, proposals: Sequence[Proposal]) -> str:
    """Name of the column with the names of the studies: ``label``, which charts show, unless they
    are numbers or whole references, and the authors are known.
    """
    first = distinct(studies["study"].head(300))
    unfit = share(first, lambda name: is_number(name) or len(name) > LONGEST_NAME) > 0.5
    if not unfit or not filled(studies["author"]).all():
        return "label"
    theirs = next(proposal.theirs for proposal in proposals if proposal.ours == "study")
    return f"{code(theirs) or 'study'}_of_file"


def _origin_field(cells: pd.Series) -> dict:
    """The column that says how each estimate was made, with the words that it uses."""
    used = set(cells.to_list())
    words = [word for code, word in origins().items() if code in used]
    what = "Whether the number is in the file, or how it was worked out."
    field = {"name": "estimate_origin", "type": "string", "title": "Estimate origin"}
    return {**field, "description": what, "categories": words}


def _defaults(studies: pd.DataFrame, findings: pd.DataFrame, groups: Groups, log: Log) -> None:
    """Cells that every row has: what the file does not part is one group; the rest stays empty, for
    the checker to ask for.
    """
    for name, value in (("question", "main"), ("population", "all"), ("counted", "true")):
        if name not in studies:
            studies[name] = value
    if "direction" not in studies:
        said, places = findings["conclusion"].to_numpy(dtype=object), groups.places[groups.order]
        first = taken(said, first_rows(places, np.ones(len(said), dtype=bool)))
        first[places[said != first[places]]] = ""
        studies["direction"] = texts(first, studies.index)
    if "sample_size" in studies and "sample_unit" not in studies:
        studies["sample_unit"] = np.where(filled(studies["sample_size"]), "participants", "")
    if "design" not in studies:
        studies["design"] = "not_stated"
        log.notes.append(
            "the file does not say which design the studies have: all have the word not_stated"
        )
