"""Commands about the tables themselves: check, codebook, contents, disclosure."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from evidence.commands.common import command, form, say
from evidence.quoting import json_text


def add(commands) -> None:
    """Add the commands of this file."""
    _check(commands)
    _text(commands, codebook, "the codebook of a data set")
    _text(commands, contents, "what each column of a data set holds")
    _disclosure(commands)


def _check(commands) -> None:
    parser = command(
        commands,
        "check",
        check,
        "Check tables, bibliography and arithmetic; print every fault at once.",
        data=False,
    )
    parser.epilog = (
        "One line per fault: file:line: column: what is wrong; allowed: what is allowed. Exit code"
        " 1 when there is a fault."
    )
    parser.add_argument(
        "folder",
        nargs="?",
        help="data folder (default: the setting EVIDENCE_DATA, else this repository's)",
    )
    form(parser, "text", "json")


def check(options: argparse.Namespace) -> int:
    """``evidence check``"""
    from evidence.checks import check as find_faults
    from evidence.files import shown_path
    from evidence.tables.loading import find_folder

    faults = find_faults(options.folder)
    if options.format == "json":
        say(json_text({"faults": [fault._asdict() for fault in faults]}))
    else:
        for fault in faults:
            say(fault)
        place = shown_path(find_folder(options.folder))
        number = str(len(faults)) if faults else "no"
        say(f"{place}: {number} fault{'' if number == '1' else 's'}", file=sys.stderr)
    return 1 if faults else 0


def _text(commands, run: Callable[[argparse.Namespace], int], what: str) -> None:
    """A command that prints a text about a data set, or writes it into the data folder."""
    name = run.__name__
    parser = command(commands, name, run, f"Print {what}, or write it next to the tables.")
    parser.add_argument(
        "--write", action="store_true", help=f"write {name.upper()}.md into the data folder"
    )


def _print_or_write(text: str, path: Path, write: bool) -> int:
    from evidence.files import shown_path, write_atomically

    if write:
        say(shown_path(write_atomically(path, text)), file=sys.stderr)
    else:
        say(text, end="")
    return 0


def codebook(options: argparse.Namespace) -> int:
    """``evidence codebook``"""
    from evidence.display.codebook import codebook as text_of
    from evidence.tables.dictionary_file import read_dictionary
    from evidence.tables.loading import find_folder

    folder = find_folder(options.data)
    text = text_of(read_dictionary(folder))
    return _print_or_write(text, folder / "CODEBOOK.md", options.write)


def contents(options: argparse.Namespace) -> int:
    """``evidence contents``"""
    from evidence.display.contents import contents as text_of
    from evidence.errors import DataError
    from evidence.tables.dictionary_file import read_dictionary
    from evidence.tables.loading import find_folder, read_tables

    folder = find_folder(options.data)
    dictionary = read_dictionary(folder)
    texts, faults = read_tables(dictionary)
    if faults:
        raise DataError("The tables cannot be read:", faults)
    return _print_or_write(text_of(dictionary, texts), folder / "CONTENTS.md", options.write)


def _disclosure(commands) -> None:
    command(
        commands,
        "disclosure",
        disclosure,
        "Print who read the sources and how, with the measured agreement and accuracy.",
    )


def disclosure(options: argparse.Namespace) -> int:
    """``evidence disclosure``"""
    from evidence.display.disclosure import disclosure as text_of
    from evidence.tables.loading import load

    say(text_of(load(options.data)))
    return 0
