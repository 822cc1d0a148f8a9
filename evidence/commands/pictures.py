"""The command that draws: charts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evidence.commands.common import command, filters, folder_name, loaded, say
from evidence.nouns import counted


def add(commands) -> None:
    """Add the commands of this file."""
    parser = command(
        commands,
        "charts",
        charts,
        "Draw the gallery, or some of its charts: pictures, data, captions with alt text, and a"
        " contact sheet.",
        "  evidence charts --for slide --format png,svg\n  evidence charts balance forest"
        " --question treatment --where design=rct",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="charts of the gallery (default: all; a wrong name lists them)",
    )
    parser.add_argument(
        "--out",
        type=folder_name,
        metavar="FOLDER",
        default="build/charts",
        help="where to write (default: %(default)s)",
    )
    parser.add_argument(
        "--format",
        default="png",
        metavar="LIST",
        help="png, svg, pdf, or several with commas (default: %(default)s)",
    )
    parser.add_argument(
        "--for",
        dest="size",
        choices=("web", "slide", "paper", "print"),
        default="web",
        help="size of page and text (default: %(default)s)",
    )
    filters(parser)


def charts(options: argparse.Namespace) -> int:
    """``evidence charts``"""
    from evidence.exporting.chart_pack import write_pack

    ev = loaded(options)
    formats = [form.strip().lower() for form in options.format.split(",") if form.strip()]
    files, missing = write_pack(ev, options.out, options.names, formats, options.size)
    out = Path(options.out)
    for name, why in missing.items():
        say(f"{name}: not drawn: {why}", file=sys.stderr)
    written = counted(len(files), "file", "files")
    say(f"{written} in {out}; open {out / 'index.html'}", file=sys.stderr)
    return 0 if len(files) > 1 else 1  # the index alone
