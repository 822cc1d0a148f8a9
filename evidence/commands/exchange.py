"""Commands for what comes in and what leaves: new, select, export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evidence.commands.common import command, filters, folder_name, loaded, percent, say


def add(commands) -> None:
    """Add the commands of this file."""
    _new_parser(commands)
    _select(commands)
    _export(commands)


def _new_parser(commands) -> None:
    parser = command(
        commands,
        "new",
        new,
        "Write an empty, valid data set for another question, or one made from a spreadsheet.",
        "  evidence new tea --question 'Does tea help?' --with pools\n  evidence new tea --from"
        " effects.csv --ci-level 95 --repository\n  evidence new tea --from studies.xlsx --map 'N"
        " (total)=sample_size' --word 'Result:positive=benefit'\n\nWith --from: every column that"
        " is not one of ours stays as one of its own; rows and cells that found no place are listed"
        " as\nfile:line: column: what is wrong, and are listed in FOLDER/not_placed.csv."
        " FOLDER/mapping.toml says how the file was read.\nExit code 1 when something found no"
        " place, or the new data set has faults to fix.",
        data=False,
    )
    parser.add_argument(
        "folder", metavar="FOLDER", help="folder to make; it must be empty or not there yet"
    )
    parser.add_argument(
        "--title", default="", help="name of the data set (default: the name of the folder)"
    )
    parser.add_argument("--question", default="", help="its question, in words")
    parser.add_argument(
        "--with",
        dest="tables",
        action="append",
        default=[],
        metavar="TABLE",
        help="a table beyond the basic ones, such as readings; all for all",
    )
    parser.add_argument(
        "--no-notebooks", dest="notebooks", action="store_false", help="leave the notebooks out"
    )
    parser.add_argument(
        "--repository",
        action="store_true",
        help=(
            "make a repository: README, licence, citation, tests, web page and forms beside the"
            " tables"
        ),
    )
    _from_parser(parser.add_argument_group("from a spreadsheet"))


# Options that say how a file is read, by the name under which their value stands.
OF_A_FILE = (
    *("map", "word", "mapping", "references", "sheet", "encoding", "delimiter", "decimal"),
    *("benefit", "ci_level", "yes"),
)


def _from_parser(source: argparse._ArgumentGroup) -> None:
    """Options for what comes in from a file."""
    source.add_argument(
        "--from",
        dest="file",
        metavar="FILE",
        help=(
            "CSV (any delimiter, UTF-8, UTF-16 or Windows-1252) or XLSX; or a data set that was"
            " exported"
        ),
    )
    source.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="THEIRS=OURS",
        help="what a column becomes: ours, own, or - to leave it out",
    )
    source.add_argument(
        "--word",
        action="append",
        default=[],
        metavar="COLUMN:THEIRS=OURS",
        help="what a word of a column stands for",
    )
    source.add_argument(
        "--mapping",
        metavar="FILE",
        help="columns and words as a file, such as the mapping.toml of an earlier run",
    )
    source.add_argument(
        "--references",
        action="append",
        default=[],
        metavar="FILE",
        help=(
            "references of the studies: RIS, BibTeX, CSL-JSON, .nbib, EndNote, Web of Science,"
            " Ovid, CSV of Zotero or Scopus"
        ),
    )
    source.add_argument(
        "--sheet",
        default="",
        metavar="NAME",
        help="sheet of an XLSX file (default: the first with a table)",
    )
    source.add_argument("--encoding", default="", help="encoding of a CSV file (default: detected)")
    source.add_argument(
        "--delimiter",
        default="",
        metavar="MARK",
        help="what separates the cells of a CSV file (default: detected)",
    )
    source.add_argument(
        "--decimal",
        choices=("point", "comma"),
        help="decimal mark of the file (default: detected)",
    )
    source.add_argument(
        "--benefit",
        choices=("above", "below"),
        default="",
        help="side of no difference that favours those exposed",
    )
    source.add_argument(
        "--ci-level",
        type=percent,
        metavar="PERCENT",
        help="confidence level of intervals that name none",
    )
    source.add_argument(
        "--yes",
        action="store_true",
        help="take the proposals without asking; nothing is asked without a terminal",
    )


def new(options: argparse.Namespace) -> int:
    """``evidence new``"""
    if not options.repository:
        return _new(options)
    from evidence.site.whole_repository import make_repository

    code = _new(options)
    folder, files = Path(options.folder), make_repository(options.folder, options.question)
    say(
        f"{folder} is a repository now, with {len(files)} more files. "
        f"Next: `cd {folder}`, `git init`, `bash .ci/run`",
        file=sys.stderr,
    )
    return code


def _new(options: argparse.Namespace) -> int:
    if options.file:
        return _new_from(options)
    _refuse_ways_to_read(options, "allowed with --from FILE alone")
    from evidence.importing.new_folder import new_set

    files = new_set(
        options.folder, options.title, options.question, options.tables, options.notebooks
    )
    folder = Path(options.folder)
    say(f"{len(files)} files in {folder}. Next: `evidence check {folder}`", file=sys.stderr)
    return 0


def _refuse_ways_to_read(options: argparse.Namespace, allowed: str) -> None:
    """Options that would be passed over in silence, as no file is read by them."""
    from evidence.errors import UsageError

    given = [f"--{name.replace('_', '-')}" for name in OF_A_FILE if getattr(options, name)]
    if given:
        raise UsageError(f"{', '.join(given)}: {allowed}")


def _new_from(options: argparse.Namespace) -> int:
    from evidence.importing.from_export import is_export
    from evidence.importing.from_spreadsheet import (
        new_set_from,
        pairs,
        read_mapping,
        told_once,
        words_of,
    )

    if is_export(options.file):
        options.yes = False  # nothing is asked
        _refuse_ways_to_read(options, f"not allowed, as {options.file} holds a whole data set")
        return _restored(options)
    columns, words = read_mapping(options.mapping) if options.mapping else ({}, {})
    for column, read in words_of(options.word).items():
        words[column] = words.get(column, {}) | read
    made = new_set_from(
        options.folder,
        options.file,
        options.title,
        options.question,
        options.tables,
        sheet=options.sheet,
        encoding=options.encoding,
        delimiter=options.delimiter,
        decimal={"point": ".", "comma": ","}.get(options.decimal or "", ""),
        benefit=options.benefit,
        ci_level=str(options.ci_level or ""),
        mapping=columns | pairs(options.map),
        words=words,
        notebooks=options.notebooks,
        references=options.references,
        ask=None if options.yes or not (sys.stdin.isatty() and sys.stderr.isatty()) else _ask,
    )
    say(made.report, file=sys.stderr)
    for line in told_once(made.placed.faults):
        say(line)
    if made.placed.faults:
        say(f"They are listed in {Path(options.folder) / 'not_placed.csv'} too.", file=sys.stderr)
    say(_last_word(Path(options.folder), made), file=sys.stderr)
    empty = made.placed.rows and not len(made.placed.studies)
    return int(bool(made.placed.faults or made.faults or made.placed.unread or empty))


def _last_word(folder: Path, made) -> str:
    """How many faults are to fix; of a set without a study or an effect, that it holds none."""
    if not len(made.placed.studies):
        return f"{folder}: the data set is empty: no row became a study"
    if not made.faults and made.placed.unread:
        return f"{folder}: no effect was read, although columns look like some: see the notes above"
    if not made.faults:
        return f"{folder}: no faults to fix"
    return f"{folder}: {len(made.faults)} faults to fix; `evidence check {folder}` lists them"


def _restored(options: argparse.Namespace) -> int:
    from evidence.checks import check
    from evidence.importing.new_folder import restored_set

    files = restored_set(options.folder, options.file, options.notebooks)
    faults = len(check(Path(options.folder)))
    say(
        f"{options.file} holds a whole data set: {len(files)} files in {Path(options.folder)},"
        f" {faults or 'no'} faults to fix",
        file=sys.stderr,
    )
    return 1 if faults else 0


def _ask(sheet, proposals) -> dict[str, str]:
    """Show the proposals on the terminal, and take other answers until an empty line."""
    from evidence.errors import UsageError
    from evidence.importing.columns import propose
    from evidence.importing.from_spreadsheet import pairs

    for proposal in proposals:
        say(
            f"  {proposal.theirs} -> {proposal.target}"
            + (f" ({proposal.why})" if proposal.why else ""),
            file=sys.stderr,
        )
    given: dict[str, str] = {}
    while True:
        try:
            line = input("Other than this? THEIRS=OURS, or Enter to continue: ").strip()
        except EOFError:
            line = ""
        if not line:
            return given
        try:
            more = pairs([line])
            propose(sheet, given | more)
        except UsageError as error:
            say(f"  {error}", file=sys.stderr)
        else:
            given |= more


def _select(commands) -> None:
    parser = command(
        commands,
        "select",
        select,
        "Write a part of a data set as a data set of its own: tables, dictionary and bibliography"
        " of just its rows.",
        "  evidence select design=rct --min-sample-size 50 --out trials\n\nA study stays whole:"
        " conditions on findings choose studies, and all findings of a study come with it.",
    )
    filters(parser, positional=True)
    parser.add_argument(
        "--out",
        type=folder_name,
        metavar="FOLDER",
        required=True,
        help="folder to make; it must be empty or not there yet",
    )
    parser.add_argument(
        "--no-notebooks", dest="notebooks", action="store_false", help="leave the notebooks out"
    )


def select(options: argparse.Namespace) -> int:
    """``evidence select``"""
    from evidence.importing.new_folder import select_set

    ev = loaded(options)
    out, files = Path(options.out), select_set(ev, options.out, options.notebooks)
    for step in ev.steps:
        say(
            f"  {step.what}: {step.kept} kept, {step.removed} left out"
            + (f" ({step.unknown} not known)" * bool(step.unknown)),
            file=sys.stderr,
        )
    say(
        f"studies: {len(ev)}; files in {out}: {len(files)}. Next: `evidence check {out}`",
        file=sys.stderr,
    )
    return 0


def _export(commands) -> None:
    from evidence.exporting.names import NAMES

    parser = command(
        commands,
        "export",
        export,
        "Write the data set, or a part of it, in the format of another program.",
        "formats:\n"
        + "\n".join(f"  {name:<12} {shows}" for name, shows in NAMES.items())
        + "\n\n  evidence export --format xlsx --out evidence.xlsx\n  evidence export --format"
        " metafor design=rct --out trials.csv\n\nxlsx, json, datapackage and ro-crate carry the"
        " whole data set: `evidence new FOLDER --from FILE` restores it.",
    )
    filters(parser, positional=True)
    parser.add_argument("--format", choices=NAMES, required=True, help="format to write")
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="file to write (default: named after the data set, in the working folder)",
    )


def export(options: argparse.Namespace) -> int:
    """``evidence export``"""
    from evidence.exporting.formats import export as write

    for path in write(loaded(options), options.format, options.out):
        say(path)
    return 0
