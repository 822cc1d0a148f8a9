"""The command that builds the web page: site."""

from __future__ import annotations

import argparse
import sys

from evidence.commands.common import command, filters, folder_name, loaded, say


def add(commands) -> None:
    """Add the commands of this file."""
    parser = command(
        commands,
        "site",
        site,
        "Build the web page: a folder of plain files that opens from a file path or from any web"
        " host.",
        "  evidence site                        this repository's tables and notebooks, into"
        " build/site\n  evidence site --data FOLDER --out FOLDER2\n\nThe folder is replaced as a"
        " whole when all is done; a folder that holds other files is left alone.",
    )
    parser.add_argument(
        "--out",
        type=folder_name,
        metavar="FOLDER",
        default="build/site",
        help="folder to make or to replace (default: %(default)s)",
    )
    parser.add_argument(
        "--notebooks",
        metavar="FOLDER",
        help=(
            "notebooks to show, with the outputs that they hold (default: the folder notebooks"
            " beside the data)"
        ),
    )
    parser.add_argument("--no-notebooks", action="store_true", help="leave the notebooks out")
    parser.add_argument(
        "--versions",
        action="store_true",
        help="write to FOLDER/latest, and once to FOLDER/v1.2.3 of this version, which then stays",
    )
    parser.add_argument(
        "--since",
        metavar="FOLDER",
        help="data of an earlier version; a page says what changed since",
    )
    filters(parser)


def site(options: argparse.Namespace) -> int:
    """``evidence site``"""
    from evidence.notebooks.run import find_notebooks
    from evidence.site.build import write_site
    from evidence.site.versions import write_versions
    from evidence.tables.loading import load

    ev = loaded(options)
    beside = ev.dictionary.folder.parent / "notebooks"
    folder = options.notebooks or (beside if beside.is_dir() else None)
    notebooks = [] if options.no_notebooks or folder is None else find_notebooks(folder)
    since = load(options.since) if options.since else None
    write = write_versions if options.versions else write_site
    say(f"open {write(ev, options.out, notebooks, since=since)}", file=sys.stderr)
    return 0
