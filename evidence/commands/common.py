"""What commands share: their form, conditions on columns, retracted papers, whole numbers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence.model.evidence import Evidence


def command(
    commands, name: str, run, text: str, epilog: str = "", data: bool = True
) -> argparse.ArgumentParser:
    """A command with its help text; all but a few take the data folder."""
    parser = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=run)
    if data:
        parser.add_argument(
            "--data",
            metavar="FOLDER",
            help="data folder (default: the setting EVIDENCE_DATA, else this repository's)",
        )
    return parser


def conditions(parser: argparse.ArgumentParser) -> None:
    """Options that choose a part of the data set."""
    parser.add_argument("--question", help="condition on the question")
    parser.add_argument("--population", help="condition on the population")
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="further condition; the same column again adds a value",
    )


def retracted(parser: argparse.ArgumentParser) -> None:
    """The option that leaves retracted papers out."""
    parser.add_argument(
        "--leave-out-retracted",
        action="store_true",
        help="without studies and reviews that a service calls retracted",
    )


def loaded(options: argparse.Namespace) -> Evidence:
    """The data set that the options mean."""
    from evidence.tables.loading import load

    ev = load(options.data)
    return ev.select(retracted=False) if options.leave_out_retracted else ev


def given(options: argparse.Namespace) -> list[str]:
    """The conditions that were given, in the form ``column=value``."""
    return [
        *(
            f"{name}={value}"
            for name in ("question", "population")
            if (value := getattr(options, name))
        ),
        *options.where,
    ]


def positive(text: str) -> int:
    """A whole number from 1 up, for argparse."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)
