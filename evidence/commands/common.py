"""What commands share: their form, which studies they are about, whole numbers."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from evidence.arguments import LARGEST, did_you_mean, whole_from
from evidence.errors import EvidenceError, UsageError
from evidence.quoting import terminal

if TYPE_CHECKING:
    from evidence.model.evidence import Evidence
    from evidence.model.query import Query

OVERLAPS = ("possible", "certain")


class Parser(argparse.ArgumentParser):
    """A parser whose messages name the command, option or value that may have been meant."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message; exit code 2."""
        super().error(message + self._hint(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print; argparse itself passes over an output that cannot be written."""
        if file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)

    def _hint(self, message: str) -> str:
        choice = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)$", message, re.S)
        if choice:
            known = [word.strip(" '\"") for word in choice[2].split(",")]
            return _asked(did_you_mean(choice[1], known))
        unknown = re.search(r"unrecognized arguments: (--[\w-]+)", message)
        options = [name for name in self._option_string_actions if name.startswith("--")]
        return _asked(did_you_mean(unknown[1], options)) if unknown else ""


def _asked(question: str) -> str:
    return f"; {question}" if question else ""


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
    parser.set_defaults(command=run, parser=parser)
    if data:
        parser.add_argument(
            "--data",
            metavar="FOLDER",
            help="data folder (default: the setting EVIDENCE_DATA, else this repository's)",
        )
    return parser


def say(*words: object, end: str = "\n", file: TextIO | None = None) -> None:
    """Print, so that nothing in the words moves a terminal's cursor or hides: they may come from a
    table, a service, the name of a file.
    """
    print(*(terminal(str(word)) for word in words), end=end, file=file)


def form(parser: argparse.ArgumentParser, *forms: str) -> None:
    """The option that says how to print."""
    parser.add_argument(
        "--format", choices=forms, default="text", help="how to print (default: %(default)s)"
    )


def filters(parser: argparse.ArgumentParser, positional: bool = False) -> None:
    """The options that say which studies a command is about, the same for each command.

    Parameters
    ----------
    parser : ArgumentParser
    positional : bool, default False
        Whether conditions may stand without ``--where`` too.
    """
    if positional:
        parser.add_argument(
            "conditions", nargs="*", metavar="COLUMN=VALUE", help="conditions, as for --where"
        )
    group = parser.add_argument_group("which studies")
    group.add_argument("--question", metavar="VALUE", help="condition on the question")
    group.add_argument("--population", metavar="VALUE", help="condition on the population")
    group.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="condition on a column of studies or findings; several values with commas, or the same"
        " column again; * is any value, not:* none, not:VALUE all others",
    )
    group.add_argument(
        "--from-year", type=positive, metavar="YEAR", help="first year of publication"
    )
    group.add_argument("--to-year", type=positive, metavar="YEAR", help="last year of publication")
    group.add_argument("--min-sample-size", type=positive, metavar="N", help="smallest sample size")
    group.add_argument(
        "--one-per-cohort",
        action="store_true",
        help="one report of each group that shares individuals",
    )
    group.add_argument(
        "--overlap",
        choices=OVERLAPS,
        default="possible",
        help="which overlaps make a cohort (default: %(default)s)",
    )
    group.add_argument(
        "--cited-by-article", action="store_true", help="only sources of the article"
    )
    counted = group.add_mutually_exclusive_group()
    counted.add_argument("--counted", action="store_true", help="only studies that are counted")
    counted.add_argument("--set-aside", action="store_true", help="only studies that are not")
    retracted = group.add_mutually_exclusive_group()
    retracted.add_argument(
        "--retracted", action="store_true", help="only studies that a service calls retracted"
    )
    retracted.add_argument(
        "--leave-out-retracted",
        action="store_true",
        help="without studies and reviews that a service calls retracted",
    )


def query_of(ev: Evidence, options: argparse.Namespace) -> Query:
    """The query that the options of :func:`filters` state."""
    from evidence.model.query import Query

    named = [(name, getattr(options, name)) for name in ("question", "population")]
    conditions = [
        *getattr(options, "conditions", []),
        *(f"{name}={value}" for name, value in named if value is not None),
        *options.where,
    ]
    years = (options.from_year, options.to_year)
    return Query.parse(
        ev,
        conditions,
        years=years if any(years) else None,
        min_sample_size=options.min_sample_size,
        one_per_cohort=options.one_per_cohort,
        overlap=options.overlap,
        cited_by_article=options.cited_by_article,
        counted=_either(options.counted, options.set_aside),
        retracted=_either(options.retracted, options.leave_out_retracted),
    )


def _either(yes: bool, no: bool) -> bool | None:
    """What two options say that rule each other out; None where neither is given."""
    return yes if yes or no else None


def loaded(options: argparse.Namespace) -> Evidence:
    """The data set that the options mean, or the part of it that they choose."""
    from evidence.tables.loading import load

    ev = load(options.data)
    return query_of(ev, options).part(ev)


@contextmanager
def data_lock(data: str | None) -> Iterator[Evidence]:
    """The data set as it is now, while no other process changes it: what is read in the block can
    be changed and written in it.
    """
    from evidence.lock import locked
    from evidence.tables.dictionary_file import read_dictionary
    from evidence.tables.loading import find_folder, load

    folder = find_folder(data)
    with locked(folder, read_dictionary(folder).bibliography.parent):
        yield load(data)


def folder_lock(folder: Path) -> AbstractContextManager[None]:
    """A folder of outputs, made where it is not there yet, while no other process adds to what
    stands in it.
    """
    from evidence.lock import locked

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvidenceError(f"Cannot write {folder}: {error.strerror}.") from None
    return locked(folder)


def percent(text: str) -> int:
    """A confidence level, for argparse."""
    from evidence.model.schema import confidence_level

    try:
        return confidence_level("PERCENT", text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def positive(text: str) -> int:
    """A whole number from 1 up, for argparse."""
    number = int(text) if re.fullmatch("[0-9]{1,10}", text) else 0
    if not 1 <= number <= LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not {whole_from(1)}")
    return number


def folder_name(text: str) -> str:
    """The name of a folder, for argparse: an empty one is what a shell makes of a variable that is
    not set.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; the working folder is .")
    return text
