"""The command line.

Exit codes: 0 fine, 1 the data has faults, 2 the command was used wrongly, 3 the network is not
there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from evidence import __version__
from evidence.commands import (
    answers,
    exchange,
    literature,
    notebooks,
    numbers,
    pictures,
    site,
    tables,
)
from evidence.errors import EvidenceError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    options = parser().parse_args(arguments)
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
    root = argparse.ArgumentParser(
        prog="evidence",
        description="Load, check, count and draw the studies of a disputed question.",
    )
    root.add_argument("--version", action="version", version=f"evidence {__version__}")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for group in (tables, answers, numbers, pictures, notebooks, literature, site, exchange):
        group.add(commands)
    return root


if __name__ == "__main__":
    sys.exit(main())
