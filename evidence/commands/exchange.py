"""Commands for what comes in and what leaves: new."""

from __future__ import annotations

import argparse
import sys

from evidence.commands.common import command


def add(commands) -> None:
    """Add the commands of this file."""
    _new(commands)


def _new(commands) -> None:
    parser = command(
        commands,
        "new",
        new,
        "Write an empty, valid data set for another question, or one made from a spreadsheet.",
        "  evidence new tea --question 'Does tea help?' --with pools",
        data=False,
    )
    parser.add_argument("folder", metavar="FOLDER", help="folder to make; it must be empty or not there yet")
    parser.add_argument("--title", default="", help="name of the data set (default: the name of the folder)")
    parser.add_argument("--question", default="", help="its question, in words")
    parser.add_argument(
        "--with", dest="tables", action="append", default=[], metavar="TABLE", help="a table beyond the basic ones, such as readings; all for all"
    )
    parser.add_argument("--no-notebooks", dest="notebooks", action="store_false", help="leave the notebooks out")


def new(options: argparse.Namespace) -> int:
    """``evidence new``"""
    from evidence.publish.new import new_set

    files = new_set(options.folder, options.title, options.question, options.tables, options.notebooks)
    print(f"{len(files)} files in {options.folder}. Next: `evidence check {options.folder}`", file=sys.stderr)
    return 0
