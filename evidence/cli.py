"""The command line.

Exit codes: 0 fine, 1 the data has faults, 2 the command was used wrongly, 3 the network is not
there. Without a command the help is printed, and the code is 2.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from evidence import __version__
from evidence.commands import (
    answers,
    exchange,
    find,
    literature,
    notebooks,
    numbers,
    pictures,
    site,
    tables,
    teaching,
)
from evidence.commands.common import Parser
from evidence.errors import EvidenceError, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    root = parser()
    options, unknown = root.parse_known_args(arguments)
    if unknown:
        getattr(options, "parser", root).error(f"unrecognized arguments: {' '.join(unknown)}")
    if "command" not in options:
        root.print_help()
        return UsageError.exit_code
    try:
        return options.command(options)
    except EvidenceError as error:
        print(f"evidence: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("evidence: stopped", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    root = Parser(
        prog="evidence",
        description="Load, check, count and draw the studies of a disputed question.",
    )
    root.add_argument("--version", action="version", version=f"evidence {__version__}")
    commands = root.add_subparsers(title="commands", metavar="COMMAND")
    groups = (tables, answers, find, numbers, pictures, teaching, notebooks, literature, site)
    for group in (*groups, exchange):
        group.add(commands)
    return root


if __name__ == "__main__":
    sys.exit(main())
