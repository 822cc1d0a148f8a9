"""Commands about the notebooks: run, lab."""

from __future__ import annotations

import argparse
import sys

from evidence.commands.common import command, folder_name, positive, say


def add(commands) -> None:
    """Add the commands of this file."""
    _run(commands)
    _lab(commands)


def _run(commands) -> None:
    parser = command(commands, "run", run, "Execute every notebook. The sources stay untouched.")
    parser.add_argument(
        "--notebooks",
        metavar="FOLDER",
        help="folder of the notebooks (default: notebooks of the data set, else this repository's)",
    )
    parser.add_argument(
        "--out",
        type=folder_name,
        metavar="FOLDER",
        default="build",
        help="where to write (default: %(default)s)",
    )
    parser.add_argument(
        "--jobs",
        type=positive,
        default=None,
        metavar="N",
        help="how many at a time (default: one for each processor)",
    )
    parser.add_argument(
        "--accept", action="store_true", help="write the new outputs back into the sources"
    )
    parser.add_argument(
        "--changed",
        action="store_true",
        help="leave out what was executed into the same folder before, if neither its cells nor"
        " package, libraries or tables have changed since",
    )


def run(options: argparse.Namespace) -> int:
    """``evidence run``"""
    from evidence.notebooks.run import run_notebooks

    done = run_notebooks(
        options.notebooks,
        options.out,
        jobs=options.jobs,
        data=options.data,
        accept=options.accept,
        changed_only=options.changed,
    )
    say(f"Executed notebooks in {done[0].parent}: {len(done)}", file=sys.stderr)
    return 0


def _lab(commands) -> None:
    parser = command(
        commands,
        "lab",
        lab,
        "Open JupyterLab on a working copy of the notebooks. The sources stay untouched.",
        "  evidence lab\n  evidence lab -- --no-browser --port 8890",
    )
    parser.add_argument(
        "--out",
        type=folder_name,
        metavar="FOLDER",
        help="where the working copy is kept (default: build/lab next to the notebooks)",
    )
    parser.add_argument(
        "options", nargs="*", metavar="OPTION", help="after --: options of JupyterLab, passed on"
    )


def lab(options: argparse.Namespace) -> int:
    """``evidence lab``"""
    from evidence.notebooks.run import open_lab

    return open_lab(options.data, options.options, options.out)
