"""Commands for a class: sheet, deck."""

from __future__ import annotations

import argparse
import sys

from evidence.commands.common import command, filters, loaded, say


def add(commands) -> None:
    """Add the commands of this file."""
    parser = command(
        commands,
        "sheet",
        sheets,
        "Print eight questions on a chart; with --key, the answers, computed from the tables.",
        "  evidence sheet headline\n  evidence sheet forest --key",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="charts (default: all that have a sheet)"
    )
    parser.add_argument("--key", action="store_true", help="print the answers too")
    filters(parser)
    parser = command(
        commands,
        "deck",
        deck,
        "Write a short slide deck: the answers, a chart for each, why to be careful, and notes.",
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        default="build/deck.pptx",
        help="where to write (default: %(default)s)",
    )
    filters(parser)


def sheets(options: argparse.Namespace) -> int:
    """``evidence sheet``"""
    from evidence.display.sheets import fillable, sheet

    ev = loaded(options)
    left_out: dict[str, str] = {}
    found = [sheet(ev, name) for name in options.names]
    if not found:
        found, left_out = fillable(ev)
    print("\n\n".join(one.text(options.key) for one in found))
    for name, why in left_out.items():
        say(f"No sheet on the chart {name}: {why}.", file=sys.stderr)
    return 0


def deck(options: argparse.Namespace) -> int:
    """``evidence deck``"""
    from evidence.exporting.deck import deck

    print(f"Slides: {deck(loaded(options), options.out)}", file=sys.stderr)
    return 0
