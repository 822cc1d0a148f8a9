"""Rows of a file to studies and findings: rows of one study are its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evidence.errors import Fault, UsageError
from evidence.importing.cells import decimal_mark
from evidence.importing.columns import LEFT_OUT, OWN, Proposal, is_numeric, propose, reader_of
from evidence.importing.naming import authors, from_label, study_ids, surname
from evidence.importing.placed import Placed
from evidence.importing.sheet import Sheet
from evidence.importing.vocabulary import look_alike, vocabularies
from evidence.importing.words import says_nothing
from evidence.model.schema import known_tables, own_vocabularies
from evidence.model.schema import vocabularies as standard
from evidence.quoting import is_name, one_line, slug

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
WORDS_OF_METHOD = (
    "direction",
    "conclusion",
    "observed_direction",
    "counted",
    "is_primary",
    "significant",
)
ALL_OUTCOMES = "all_outcomes"
MOST_DOMAINS = 20
BENEFIT = {"above": 1, "below": -1}


@dataclass
class Log:
    """What is said on the way: cells without a place, and notes."""

    sheet: Sheet
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def cells(
        self,
        rows: pd.Series,
        column: str,
        cells: pd.Series,
        why: pd.Series | str,
        do: str,
        rule: str = "unread",
    ) -> None:
        """A fault for each row where ``rows`` is true; ``THEIRS`` in what to do becomes the cell."""
        for i in np.flatnonzero(rows.to_numpy(dtype=bool)):
            said, cell = why if isinstance(why, str) else why.iloc[i], str(cells.iloc[i])
            self.faults.append(
                Fault(
                    self.sheet.path,
                    self.sheet.lines[i],
                    column,
                    said,
                    do.replace("THEIRS", cell),
                    rule,
                    cell,
                )
            )


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
        Decimal mark of the file; found out by default.
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
    proposals = propose(sheet, given)
    log = Log(sheet, list(sheet.faults))
    raw = (
        pd.DataFrame(sheet.rows, columns=sheet.header, dtype="str")
        if sheet.rows
        else pd.DataFrame(columns=sheet.header, dtype="str")
    )
    mark = decimal or decimal_mark(
        cell for p in proposals if is_numeric(p.ours) for cell in raw[p.theirs]
    )
    table = _read(raw, proposals, words or {}, mark, log)
    if ci_level and "ci_low" in table:
        level = table.get("ci_level", pd.Series("", index=table.index))
        table["ci_level"] = level.where((level != "") | (table["ci_low"] == ""), ci_level)
    keys = _who(raw, table, proposals, log)
    there = keys != ""
    studies, findings = (
        _studies(table[there], keys[there], log),
        _findings(table[there], keys[there], benefit, log),
    )
    columns = _own(raw[there], keys[there], proposals, studies, findings)
    return _placed(sheet, proposals, log, studies, findings, columns, raw)


def _read(
    raw: pd.DataFrame,
    proposals: Sequence[Proposal],
    words: Mapping[str, Mapping[str, str]],
    mark: str,
    log: Log,
) -> pd.DataFrame:
    """Cells of the mapped columns, each under our name; what cannot be read is empty and in the
    log.
    """
    table = pd.DataFrame(index=raw.index)
    silent = 0
    for proposal in proposals:
        if proposal.ours in (OWN, LEFT_OUT):
            continue
        cells = raw[proposal.theirs]
        nothing = cells.map(says_nothing).astype(bool)
        silent += int((nothing & (cells != "")).sum())
        reader = reader_of(proposal.ours)
        said = {**words.get(proposal.ours, {}), **words.get(proposal.theirs, {})}
        read = {cell: _one(reader, cell, mark, said) for cell in cells[~nothing].unique()}
        for place, column in enumerate(proposal.fills):
            texts = {
                cell: one[0][place] if len(one[0]) > place else "" for cell, one in read.items()
            }
            table[column] = _looked_up(cells, texts)
        bad = {cell: one[1] for cell, one in read.items() if one[1]}
        where = cells.isin(list(bad))
        log.cells(where, proposal.theirs, cells, _looked_up(cells, bad), _help(proposal), "unread")
        if proposal.ours in (*own_vocabularies(), *WORDS_OF_METHOD) and read:
            log.words[proposal.theirs] = {
                cell: one[0][0] for cell, one in read.items() if not one[1]
            }
        _fixed(table, proposal)
    if silent:
        log.notes.append(
            f"cells that say that nothing is reported, such as n/a, are empty now: {silent}"
        )
    return table


def _looked_up(cells: pd.Series, texts: Mapping) -> pd.Series:
    """The text that stands for each cell; empty where none does."""
    return cells.map(lambda cell: texts.get(cell, "")).astype("str")


def _one(reader, cell: str, mark: str, said: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    if cell in said:
        return (said[cell],), ""
    if reader is None:
        from evidence.importing.cells import plain

        reader = plain
    read = reader(cell, mark)
    return read.texts, read.why


def _help(proposal: Proposal) -> str:
    if proposal.ours in (
        "direction",
        "conclusion",
        "observed_direction",
        "counted",
        "significant",
        "is_primary",
    ):
        return f"--word '{proposal.theirs}:THEIRS=OURS'"
    if is_numeric(proposal.ours):
        return "mend the cell by hand in the new table; --decimal says which mark the file uses"
    return "mend the cell by hand in the new table, or map the column to something else"


def _fixed(table: pd.DataFrame, proposal: Proposal) -> None:
    """Measure and level that the name of the column states."""
    if proposal.measure and "estimate" in table:
        table["measure"] = np.where(
            table["estimate"] != "", proposal.measure, table.get("measure", "")
        )
    if proposal.level and "ci_low" in proposal.fills:
        level = table["ci_level"] if "ci_level" in table else pd.Series("", index=table.index)
        table["ci_level"] = level.where((level != "") | (table["ci_low"] == ""), proposal.level)


def _who(
    raw: pd.DataFrame, table: pd.DataFrame, proposals: Sequence[Proposal], log: Log
) -> pd.Series:
    """Id of the study of each row; empty where none can be told. Fills author and year where a name
    says them.
    """
    blank = pd.Series("", index=table.index, dtype="str")
    column = lambda name: table.get(name, blank)
    label, given = column("study"), column("study_id")
    from_names = label.map(from_label)
    author = column("author").map(authors)
    table["author"] = author.where(author != "", from_names.str[0])
    year = column("year")
    table["year"] = year.where(year != "", from_names.str[1])
    names = table["author"].map(surname)
    told = names.where(names != "", label.where(label != "", column("title").str.slice(0, 40)))
    # Rows of one study agree in the first of these that is filled.
    parts = [
        given,
        label,
        column("title"),
        column("doi"),
        table["author"].where(table["author"] == "", table["author"] + "|" + table["year"]),
    ]
    key = blank
    for number, part in enumerate(parts):
        key = key.where(key != "", (f"{number}|" + part.str.casefold()).where(part != "", ""))
    alone = (raw != "").sum(axis=1) <= 1
    alone &= (from_names.str[1] == "") & (raw.shape[1] > 2)
    whole = raw.agg(" | ".join, axis=1).str.strip(" |") if len(raw) else blank
    log.cells(
        (key == "") & ~alone,
        "",
        whole,
        "no study is named in this row",
        "a name of the study in each row",
        "row",
    )
    log.cells(
        alone,
        "",
        whole,
        "only one cell of this row is filled",
        "nothing, if it is a heading or a remark",
        "row",
    )
    key = key.where(~alone, "")
    first = key[key != ""].drop_duplicates()
    stems = given[first.index].map(lambda text: slug(text, ""))
    years = (table["year"] + from_names.str[2])[first.index]
    ids = study_ids(stems.where(stems != "", told[first.index]), years.where(stems == "", ""))
    return _looked_up(key, dict(zip(first, ids, strict=True)))


def _studies(table: pd.DataFrame, keys: pd.Series, log: Log) -> pd.DataFrame:
    """One row a study: in each column the one value that its rows have; others stand in the log."""
    names = [name for name in (*OF_STUDY, "study", "author", "journal") if name in table]
    studies = pd.DataFrame(index=pd.Index(sorted(keys.unique()), name="study_id"))
    for name in names:
        cells = table[name]
        filled = cells[cells != ""]
        first = filled.groupby(keys[filled.index]).first()
        studies[name] = _looked_up(studies.index.to_series(), first.to_dict())
        if name == "comparator":
            continue  # a finding may have a contrast of its own
        other = (cells != "") & (cells != _looked_up(keys, first.to_dict()))
        for i in cells.index[other]:
            what = f"the rows above say {first[keys[i]]!r} of {keys[i]}"
            log.faults.append(
                Fault(
                    log.sheet.path,
                    log.sheet.lines[i],
                    name,
                    what,
                    "the same in every row of a study",
                    "conflict",
                    cells[i],
                )
            )
    return studies.reset_index()


def _findings(table: pd.DataFrame, keys: pd.Series, benefit: str, log: Log) -> pd.DataFrame:
    """One row a row of the file, in the order of the file within each study."""
    findings = pd.DataFrame({"study_id": keys})
    for name in OF_FINDING:
        findings[name] = table.get(name, "")
    number = findings.groupby("study_id").cumcount() + 1
    findings.insert(0, "finding_id", findings["study_id"] + "-" + number.astype("str"))
    if "is_primary" not in table:
        findings["is_primary"] = np.where(number == 1, "true", "false")
        if (number > 1).any():
            log.notes.append("the first row of each study stands for it (is_primary)")
    _outcomes(findings, table)
    if "comparator" in table:
        own = table["comparator"].where(
            table["comparator"] != table["comparator"].groupby(keys).transform("first"), ""
        )
        if (own != "").any():
            findings["comparator"] = own
    if "conclusion" not in table and "direction" in table:
        alone = findings.groupby("study_id")["study_id"].transform("size") == 1
        findings["conclusion"] = table["direction"].where(alone, "")
    if "observed_direction" not in table:
        findings["observed_direction"] = _signs(findings, benefit)
        if not benefit:
            log.notes.append(
                "which way a difference points is not in the file (observed_direction); --benefit"
                " above or below works it out"
            )
    findings["observed_direction"] = findings["observed_direction"].where(
        findings["observed_direction"] != "", "not_reported"
    )
    return findings.sort_values("study_id", kind="stable", ignore_index=True)


def _outcomes(findings: pd.DataFrame, table: pd.DataFrame) -> None:
    if "outcome_domain" not in table:
        several = (
            1
            < findings.loc[findings["outcome"] != "", "outcome"].map(slug).nunique()
            <= MOST_DOMAINS
        )
        findings["outcome_domain"] = (
            findings["outcome"].map(slug).where(findings["outcome"] != "", ALL_OUTCOMES)
            if several
            else ALL_OUTCOMES
        )
    if "outcome" not in table:
        findings["outcome"] = (
            "not stated in the file"
            if "outcome_domain" not in table
            else table["outcome_domain"].str.replace("_", " ")
        )


def _signs(findings: pd.DataFrame, benefit: str) -> pd.Series:
    """Observed directions from the side of no difference on which an estimate lies; empty where
    that cannot be told.
    """
    nulls = {word["value"]: word["null"] for word in standard()["measure"] if "null" in word}
    estimate = pd.to_numeric(
        findings["estimate"].where(findings["estimate"] != ""), errors="coerce"
    )
    side = np.sign(estimate - findings["measure"].map(nulls)) * BENEFIT.get(benefit, np.nan)
    return _looked_up(side, {1.0: "benefit", -1.0: "harm", 0.0: "null"})


def _own(
    raw: pd.DataFrame,
    keys: pd.Series,
    proposals: Sequence[Proposal],
    studies: pd.DataFrame,
    findings: pd.DataFrame,
) -> dict[str, list[dict]]:
    """Columns of the file that are none of ours: of the studies where each study has one value,
    else of the findings.
    """
    taken = {
        column for table in ("studies", "findings") for column in known_tables()[table].columns
    } | {"label"}
    columns: dict[str, list[dict]] = {"studies": [], "findings": []}
    order = keys.sort_values(kind="stable").index
    for proposal in proposals:
        cells = raw[proposal.theirs]
        if proposal.ours != OWN or not (cells != "").any():
            continue
        name = slug(proposal.theirs) or "column"
        name = name if is_name(name) else f"column_{name}"
        while name in taken:
            name += "_theirs"
        taken.add(name)
        filled, title = cells[cells != ""], one_line(proposal.theirs)
        each = filled.groupby(keys[filled.index]).nunique()
        of = "studies" if (each <= 1).all() else "findings"
        if of == "studies":
            studies[name] = _looked_up(
                studies["study_id"], filled.groupby(keys[filled.index]).first().to_dict()
            )
        else:
            findings[name] = cells.loc[order].to_numpy()
        columns[of].append(
            {
                "name": name,
                "type": "string",
                "title": title,
                "description": f"Column “{title}” of the file.",
            }
        )
    return columns


def _placed(
    sheet: Sheet,
    proposals: Sequence[Proposal],
    log: Log,
    studies: pd.DataFrame,
    findings: pd.DataFrame,
    columns: dict,
    raw: pd.DataFrame,
) -> Placed:
    entries = studies.reindex(
        columns=["study_id", "author", "title", "journal", "year", "doi", "pmid", "pmcid"],
        fill_value="",
    )
    entries = entries.rename(columns={"study_id": "key", "journal": "container"})
    entries.insert(1, "entry_type", np.where(entries["container"] != "", "article", "misc"))
    if "study" in studies:
        studies["label"] = studies["study"]
        columns["studies"].insert(
            0,
            {
                "name": "label",
                "type": "string",
                "title": "Study",
                "description": "Name of the study in the file.",
            },
        )
    studies = studies.drop(
        columns=[name for name in ("study", "author", "journal") if name in studies]
    )
    _defaults(studies, findings, log)
    labels = {
        proposal.ours: raw[proposal.theirs]
        for proposal in proposals
        if proposal.ours in own_vocabularies()
    }
    found = vocabularies(studies, findings, labels, log.words)
    log.notes += look_alike(found)
    return Placed(
        studies,
        findings,
        entries,
        found,
        columns,
        proposals,
        log.words,
        sorted(log.faults),
        log.notes,
        len(sheet.rows),
    )


def _defaults(studies: pd.DataFrame, findings: pd.DataFrame, log: Log) -> None:
    """Cells that every row has: what the file does not part is one group; the rest stays empty, for
    the checker to ask for.
    """
    for name, value in (("question", "main"), ("population", "all"), ("counted", "true")):
        if name not in studies:
            studies[name] = value
    if "direction" not in studies:
        said = findings.groupby("study_id")["conclusion"]
        one = said.first().where((said.nunique() == 1), "")
        studies["direction"] = _looked_up(studies["study_id"], one.to_dict())
    if "sample_size" in studies and "sample_unit" not in studies:
        studies["sample_unit"] = np.where(studies["sample_size"] != "", "participants", "")
    if "design" not in studies:
        studies["design"] = "not_stated"
        log.notes.append(
            "the file does not say of what design the studies are: all have the word not_stated"
        )
