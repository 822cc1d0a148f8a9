"""What the services say about the entries: does the number exist, does the entry agree, was
something published about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from evidence.errors import UsageError
from evidence.frames import frame_rows
from evidence.literature.asking import Answers, Asking
from evidence.literature.compare import SHOWN, compare
from evidence.literature.europepmc import question
from evidence.literature.record import NOTICES, Record
from evidence.literature.settings import TITLES
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.model.source_notices import TABLE, paper_keys
from evidence.tables.reader import read_text

COLUMNS = [
    "table",
    "id",
    "title",
    "year",
    "doi",
    "pmid",
    "pmcid",
    "author",
    "container",
    "volume",
    "number",
    "pages",
]
LONGEST = 1_000  # characters of a detail


@dataclass
class Report:
    """What came of asking.

    Attributes
    ----------
    status : DataFrame of str
        The table ``source_status`` as it is now: rows of this run, and earlier ones of entries that
        were not asked about.
    rows : DataFrame of str
        Rows of this run alone, with ``new``: whether the notice was not there before.
    failed : DataFrame of str
        ``id, service, why`` for what has no answer.
    no_number : list of str
        Entries with neither DOI nor PubMed number: no service can be asked.
    records : dict
        What the services know, by entry and service.
    """

    status: pd.DataFrame
    rows: pd.DataFrame
    failed: pd.DataFrame
    no_number: list[str]
    records: dict[tuple[str, str], Record] = field(default_factory=dict)

    @property
    def findings(self) -> pd.DataFrame:
        """Rows that someone has to look at: not found, differing, or with a notice that was not
        known before.
        """
        return self.rows[self.rows["result"].ne("matches") | self.rows["new"].eq("true")]

    @property
    def exit_code(self) -> int:
        """3 when something has no answer, 1 when there are findings, else 0."""
        if len(self.failed):
            return 3
        if len(self.findings):
            return 1
        return 0


def entries(ev: Evidence, only: Sequence[str] = ()) -> pd.DataFrame:
    """The papers of the data set with what their bibliography says, all as text; an empty cell is
    ``""``.
    """
    bibliography = ev.bibliography.drop_duplicates("key").set_index("key")
    parts = []
    for name, key in paper_keys(ev.dictionary).items():
        ids = ev.tables[name][key].astype("str")
        parts.append(
            bibliography.reindex(ids).reset_index(drop=True).assign(table=name, id=ids.to_numpy())
        )
    table = pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS).astype("str").fillna("")
    unknown = [key for key in only if key not in set(table["id"])]
    if unknown:
        raise UsageError(
            f"no entry {unknown[0]!r}; allowed: ids of {' and '.join(paper_keys(ev.dictionary))}"
        )
    return table[table["id"].isin(only)] if only else table


def questions(table: pd.DataFrame) -> pd.DataFrame:
    """What to ask whom: one row for each entry and service, with ``table, id, service, question,
    identifier``.
    """
    rows = []
    for row in frame_rows(table):
        doi, pmid = row["doi"], row["pmid"]
        asked = {
            "crossref": doi,
            "pubmed": pmid,
            "europepmc": question(doi, pmid) if doi or pmid else "",
        }
        for service, asking in asked.items():
            if asking:
                identifier = asking
                if service == "europepmc":
                    identifier = pmid or doi
                rows.append(
                    {
                        "table": row["table"],
                        "id": row["id"],
                        "service": service,
                        "question": asking,
                        "identifier": identifier,
                    }
                )
    return pd.DataFrame(
        rows, columns=["table", "id", "service", "question", "identifier"], dtype="str"
    )


def refresh(ev: Evidence, asking: Asking, only: Sequence[str] = ()) -> Report:
    """Ask the services about the entries."""
    from tqdm import tqdm

    table = entries(ev, only)
    wanted = questions(table)
    answers: dict[str, Answers] = {}
    with tqdm(total=len(wanted), desc="asking", unit="question", disable=None) as bar:
        for service, part in wanted.groupby("service", sort=False):
            bar.set_description(TITLES[str(service)])
            answers[str(service)] = asking.ask(str(service), part["question"].to_list(), bar.update)
    return report(ev, table, wanted, answers)


def report(
    ev: Evidence, table: pd.DataFrame, wanted: pd.DataFrame, answers: dict[str, Answers]
) -> Report:
    """Compare what was answered with the entries."""
    before = status_before(ev)
    known = before.set_index("status_id")["notice"].to_dict()
    by_id = {entry["id"]: entry for entry in frame_rows(table)}
    rows, failed, records = [], [], {}
    for ask in frame_rows(wanted):
        given = answers[ask["service"]]
        if ask["question"] in given.failed:
            failed.append(
                {"id": ask["id"], "service": ask["service"], "why": given.failed[ask["question"]]}
            )
            continue
        found = given.record(ask["service"], ask["question"])
        row = status_row(ask, by_id[ask["id"]], found, given.known[ask["question"]].day)
        if found:
            records[ask["id"], ask["service"]] = found
        row["new"] = str(row["notice"] not in ("none", known.get(row["status_id"], "none"))).lower()
        rows.append(row)
    if TABLE in ev.dictionary.tables:
        columns = [field.name for field in ev.dictionary.tables[TABLE].fields]
    else:
        columns = []
    mine = pd.DataFrame(rows, columns=[*columns, "new"] if columns else None, dtype="str")
    numbered = set(wanted["id"])
    return Report(
        merged(ev, before, mine),
        mine,
        pd.DataFrame(failed, columns=["id", "service", "why"], dtype="str"),
        [key for key in table["id"] if key not in numbered],
        records,
    )


def status_row(
    ask: dict[str, str], entry: dict[str, str], record: Record | None, day: str
) -> dict[str, str]:
    """A row of ``source_status``."""
    row = {name: ask[name] for name in ("table", "id", "service", "identifier")} | {
        "status_id": f"{ask['id']}:{ask['service']}",
        "checked": day,
    }
    if record is None:
        others = ""
        if ask["service"] == "crossref":
            others = "; other agencies register DOIs too"
        return row | {
            "result": "not_found",
            "notice": "none",
            "detail": f"{TITLES[ask['service']]} does not know it{others}",
            "link": "",
        }
    found = compare(entry, record)
    unstated = [SHOWN.get(name, name) for name in found.unstated]
    parts = [
        *found.differ.values(),
        found.years and f"year: {found.years}",
        unstated and f"not stated there: {', '.join(unstated)}",
    ]
    parts += [notice.said for notice in sorted(record.notices, key=lambda notice: -notice.rank)] + [
        record.remark
    ]
    detail = "; ".join(dict.fromkeys(str(part) for part in parts if part))
    return row | {
        "result": "differs" if found.differ else "matches",
        "notice": record.most_serious.kind,
        "detail": detail if len(detail) <= LONGEST else detail[: LONGEST - 1].rstrip() + "…",
        "link": record.most_serious.link,
    }


def status_before(ev: Evidence) -> pd.DataFrame:
    """The table ``source_status`` as it stands in its file now, as text: another run may have
    written to it.
    """
    needed(
        ev,
        TABLE,
        "there is nowhere to keep the answers; `evidence new FOLDER --with source_status` writes"
        " its description, to be copied",
    )
    return read_text(ev.dictionary.tables[TABLE], ev.dictionary.folder)[0].cells


def merged(ev: Evidence, before: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Earlier rows with those of this run in their place.

    Rows about a number that no paper has any more are gone; those that a person wrote stay as long
    as the paper is there.
    """
    everything = entries(ev)
    asked = questions(everything)
    current = set(zip(asked["id"] + ":" + asked["service"], asked["identifier"], strict=True))
    papers = set(zip(everything["table"], everything["id"], strict=True))
    kept = [
        (
            (row.status_id, row.identifier) in current
            if row.service in TITLES
            else (row.table, row.id) in papers
        )
        for row in before.itertuples()
    ]
    left = before[
        pd.Series(kept, index=before.index, dtype=bool)
        & ~before["status_id"].isin(rows["status_id"])
    ]
    return pd.concat([left, rows[before.columns]], ignore_index=True).sort_values(
        ["id", "service"], kind="stable", ignore_index=True
    )


def most_serious_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by how serious their notice is, then as they stood."""
    return rows.iloc[rows["notice"].map(lambda kind: -NOTICES.index(kind)).argsort(kind="stable")]
