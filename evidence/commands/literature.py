"""Commands that ask services over the network: refresh, watch, add."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.commands.common import command, data_lock, folder_lock, folder_name, form, say
from evidence.frames import frame_rows

if TYPE_CHECKING:
    from evidence.literature.add import Known
    from evidence.literature.asking import Asking
    from evidence.literature.refresh import Report
    from evidence.model.evidence import Evidence

SETTINGS = """
Settings (environment): EVIDENCE_CONTACT, an email address sent to the services, so that they can
write instead of blocking; EVIDENCE_NCBI_API_KEY; EVIDENCE_CACHE, the folder of stored answers;
EVIDENCE_CROSSREF_URL, EVIDENCE_PUBMED_URL, EVIDENCE_EUROPEPMC_URL, other addresses; EVIDENCE_PAUSE.
Answers are stored one by one: a run that was stopped continues where it was."""


def add(commands) -> None:
    """Add the commands of this file."""
    _refresh(commands)
    _watch(commands)
    _add(commands)


def _network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--offline",
        action="store_true",
        help="use stored answers of any age and make no request; says what is not stored",
    )
    parser.add_argument(
        "--max-age",
        type=_days,
        default=None,
        metavar="DAYS",
        help="ask again when a stored answer is older (default: 7)",
    )


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 0 <= days < 36_500:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 0 up")
    return days


def _asking(ev: Evidence, options: argparse.Namespace) -> Asking:
    from evidence.literature.asking import FRESH, Asking
    from evidence.literature.settings import from_environment
    from evidence.tables.saved_search import read_search

    contact = ""
    if ev.dictionary.named_file("search"):
        contact = read_search(ev.dictionary).contact
    return Asking(
        from_environment(contact),
        options.offline,
        FRESH if options.max_age is None else options.max_age,
    )


def _refresh(commands) -> None:
    parser = command(
        commands,
        "refresh",
        refresh,
        "Ask Crossref, PubMed and Europe PMC about every source: is it there, does it agree, was it"
        " corrected or retracted.",
        "Compares title, year (in print or online), journal (abbreviations do not count as a"
        " difference) and first author of every DOI and PubMed number,\nand writes what was said to"
        " source_status.csv. The bibliography stays untouched without --apply.\nExit codes: 0 all"
        " is well; 1 something is not found, differs, or has a notice that was not known before; 3"
        " something has no answer,\nbecause the network is not there, a service failed, or"
        " (offline) nothing is stored. What was answered is kept in every case.\n" + SETTINGS,
    )
    _network(parser)
    parser.add_argument("--only", nargs="+", default=[], metavar="KEY", help="only these entries")
    parser.add_argument(
        "--apply",
        action="store_true",
        help=(
            "settle fields of unverified_fields.csv by what all services say; shows the difference"
            " first"
        ),
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what --apply would change, and change nothing"
    )
    form(parser, "text", "csv", "json")


def refresh(options: argparse.Namespace) -> int:
    """``evidence refresh``"""
    from evidence.display.sources_text import not_answered, print_refresh
    from evidence.literature.refresh import refresh as ask
    from evidence.literature.refresh import status_before
    from evidence.tables.loading import load

    ev = load(options.data)
    status_before(ev)  # a data set that cannot keep the answers is refused before anything is asked
    with _asking(ev, options) as asking:
        report = ask(ev, asking, options.only)
    if len(report.rows):
        _keep(options, report)
    say(print_refresh(ev, report, options.format))
    if options.apply or options.diff:
        _settle(options, report)
    if len(report.failed):
        from evidence.errors import NetworkError

        raise NetworkError(
            f"not everything could be asked.\n{not_answered(report.failed)}\nWhat was answered is"
            f" kept; run the command {_again(options)}."
        )
    return report.exit_code


def _again(options: argparse.Namespace) -> str:
    """How the command goes on with what it could not ask."""
    return "without --offline to ask for the rest" if options.offline else "again to continue"


def _keep(options: argparse.Namespace, report: Report) -> None:
    """Write the rows of this run into the table as it is by now."""
    from evidence.files import shown_path, write_atomically
    from evidence.literature.refresh import merged, status_before
    from evidence.model.source_notices import TABLE
    from evidence.tables.writing import csv_text

    with data_lock(options.data) as ev:
        report.status = merged(ev, status_before(ev), report.rows)
        table = ev.dictionary.tables[TABLE]
        path = write_atomically(
            ev.dictionary.folder / table.file, csv_text(table, frame_rows(report.status))
        )
    say(f"{shown_path(path)}: {len(report.rows)} rows of this run", file=sys.stderr)


def _settle(options: argparse.Namespace, report: Report) -> None:
    """Show, and with --apply write, what the services settle of unconfirmed fields."""
    from evidence.literature.confirm import changed_files, difference, settled, write
    from evidence.literature.refresh import entries

    with data_lock(options.data) as ev:
        found, disagreements = settled(ev, entries(ev), report.records)
        files = changed_files(ev, found)
        if options.apply and files:
            write(files)
    say(difference(files), end="", file=sys.stdout if options.format == "text" else sys.stderr)
    for line in disagreements:
        say(f"left as it is, the services disagree: {line}", file=sys.stderr)
    confirmed = sum(one.confirmed for one in found)
    what = f"{confirmed} fields confirmed, {len(found) - confirmed} filled in or corrected"
    if options.apply and files:
        say(
            f"{what}; their marks are removed. `evidence check` proves it, `evidence run` shows"
            " what changes in the notebooks.",
            file=sys.stderr,
        )
    else:
        say(f"{what}" + ("" if options.apply else "; --apply would write it"), file=sys.stderr)


def _watch(commands) -> None:
    parser = command(
        commands,
        "watch",
        watch,
        "Send the saved search (search.toml) to PubMed and Europe PMC, and list what the tables do"
        " not have.",
        "Without duplicates, most like the studies in the table first. Nothing is added by itself;"
        " `evidence add` prepares a row.\nWrites candidates.csv and candidates.ris. When every"
        " search ran to completion, the numbers go to searches.csv and the day to search.toml,\nand"
        " the next search begins there. Candidates of earlier searches stay in the list until the"
        " tables have them.\nExit codes: 0 the search is complete; 3 it is not, because the network"
        " is not there or a service failed.\n" + SETTINGS,
    )
    _network(parser)
    parser.add_argument(
        "--since",
        type=_day,
        metavar="DATE",
        help="only records taken up by the services since this day (default: the last search)",
    )
    parser.add_argument(
        "--all", action="store_true", help="records of any day, as in a first search"
    )
    parser.add_argument(
        "--out",
        type=folder_name,
        metavar="FOLDER",
        default="build",
        help="where to write the candidates (default: %(default)s)",
    )
    form(parser, "text", "csv", "json")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date of the form year-month-day"
        ) from None


def watch(options: argparse.Namespace) -> int:
    """``evidence watch``"""
    from evidence.display.candidates_text import candidates_ris, print_candidates
    from evidence.errors import NetworkError, UsageError
    from evidence.files import refuse_inputs, shown_path, write_together
    from evidence.literature.candidates import candidates, read_candidates
    from evidence.literature.watch import begin, today, written
    from evidence.literature.watch import watch as search
    from evidence.tables.formulas import safe_csv
    from evidence.tables.loading import load
    from evidence.tables.saved_search import read_search

    if options.since and options.all:
        raise UsageError("--since and --all contradict each other")
    ev = load(options.data)
    saved = read_search(ev.dictionary)
    since = None
    if not options.all:
        since = options.since or begin(ev, saved)
    out = Path(options.out)
    names = [out / "candidates.csv", out / "candidates.ris"]
    refuse_inputs(names, ev.dictionary.inputs)
    read_candidates(names[0])  # before anybody is asked: it may be something else
    with _asking(ev, options) as asking:
        findings = search(ev, saved, asking, since, today())
    with folder_lock(out) if findings.hits else nullcontext():
        table = candidates(ev, findings, read_candidates(names[0]))
        if findings.hits or len(table):
            write_together(dict(zip(names, (safe_csv(table), candidates_ris(table)), strict=True)))
    if findings.hits or len(table):
        say(f"{out / 'candidates.csv'} and .ris: {len(table)} candidates", file=sys.stderr)
    if findings.complete and not options.offline:
        with data_lock(options.data) as now:
            files = write_together(written(now, read_search(now.dictionary), findings))
        say(f"{', '.join(map(shown_path, files))}: the search of {findings.until}", file=sys.stderr)
    say(print_candidates(findings, table, options.format))
    if not findings.complete:
        reasons = "\n".join(f"{name}: {why}" for name, why in findings.failed.items())
        raise NetworkError(
            f"the search is not complete, and its day and numbers are not written.\n{reasons}\nRun"
            f" the command {_again(options)}."
        )
    return 0


def _add(commands) -> None:
    parser = command(
        commands,
        "add",
        add_paper,
        "Prepare a row and an entry of the bibliography from a DOI or a PubMed number.",
        "What the services know is filled in, what a person has to judge stays empty; what is left"
        " is listed, and `evidence check` lists it\nuntil it is done.\n\n  evidence add --doi"
        " 10.1007/s00415-017-8719-1\n  evidence add --pmid 29285652 --table reviews --diff\n\nExit"
        " codes: 0 added; 1 no service knows it; 2 it is there already; 3 no service could be"
        " asked.\n" + SETTINGS,
    )
    parser.add_argument(
        "--doi",
        action="append",
        default=[],
        metavar="DOI",
        help="a DOI, with or without https://doi.org/; may be given again",
    )
    parser.add_argument(
        "--pmid",
        action="append",
        default=[],
        metavar="NUMBER",
        help="a PubMed number; may be given again",
    )
    parser.add_argument(
        "--table",
        default="studies",
        metavar="TABLE",
        help="table of the new row (default: %(default)s)",
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what would change, and change nothing"
    )
    _network(parser)


def add_paper(options: argparse.Namespace) -> int:
    """``evidence add``"""
    from evidence.errors import UsageError
    from evidence.literature.add import asked, doi_of, pmid_of, refuse_table
    from evidence.tables.loading import load

    numbers = [(doi_of(doi), "") for doi in options.doi] + [
        ("", pmid_of(pmid)) for pmid in options.pmid
    ]
    if not numbers:
        raise UsageError("name a paper: --doi or --pmid")
    ev = load(options.data)
    refuse_table(ev, options.table)
    with _asking(ev, options) as asking:
        for doi, pmid in numbers:
            _add_one(options, asked(asking, doi, pmid))
    return 0


def _add_one(options: argparse.Namespace, known: Known) -> None:
    from evidence.checks import check
    from evidence.literature.add import changed_files, draft
    from evidence.literature.confirm import difference, write

    with data_lock(
        options.data
    ) as ev:  # each sees what those before it have added, in this process and in others
        new = draft(ev, known, options.table)
        files = changed_files(ev, new)
        if not options.diff:
            write(files)
    for warning in new.warnings:
        say(f"{new.key}: {warning}", file=sys.stderr)
    say(difference(files), end="")
    if options.diff:
        return
    left = [
        fault
        for fault in check(options.data)
        if new.key in (fault.record, fault.record.split(":")[0])
    ]
    say(
        f"{new.key}: added to {options.table} and the bibliography; left to fill in: {len(left)}",
        file=sys.stderr,
    )
    for fault in left:
        say(f"  {fault}", file=sys.stderr)
