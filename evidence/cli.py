"""The command line. Each command is thin: it reads its options, calls one function and prints what comes back.

Exit codes: 0 fine, 1 the data has faults, 2 the command was used wrongly.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from evidence import __version__
from evidence.errors import EvidenceError

LENSES, UNITS, OVERLAPS = ("concluded", "direction"), ("study", "cohort", "finding"), ("possible", "certain")


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
    root = argparse.ArgumentParser(prog="evidence", description="Load, check, count and draw the studies of a disputed question.")
    root.add_argument("--version", action="version", version=f"evidence {__version__}")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _check(commands)
    _balance(commands)
    _pool(commands)
    _charts(commands)
    _codebook(commands)
    _run(commands)
    _lab(commands)
    return root


def _command(commands, name: str, run, text: str, epilog: str = "", data: bool = True) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.set_defaults(command=run)
    if data:
        command.add_argument("--data", metavar="FOLDER", help="data folder (default: the setting EVIDENCE_DATA, else this repository's)")
    return command


def _check(commands) -> None:
    command = _command(commands, "check", check, "Check tables, bibliography and arithmetic; print every fault at once.", data=False)
    command.epilog = "One line a fault: file:line: column: what is wrong; allowed: what is allowed. Exit code 1 when there is a fault."
    command.add_argument("folder", nargs="?", help="data folder (default: the setting EVIDENCE_DATA, else this repository's)")
    command.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: %(default)s)")


def check(options: argparse.Namespace) -> int:
    """``evidence check``"""
    from evidence.dataset.checks import check as find_faults
    from evidence.dataset.loading import find_folder, shown_path

    faults = find_faults(options.folder)
    if options.format == "json":
        import json
        from dataclasses import asdict

        print(json.dumps({"faults": [asdict(fault) for fault in faults]}, indent=2, ensure_ascii=False))
    else:
        for fault in faults:
            print(fault)
        place = shown_path(find_folder(options.folder))
        print(f"{place}: no faults" if not faults else f"{place}: {len(faults)} fault{'s' if len(faults) > 1 else ''}", file=sys.stderr)
    return 1 if faults else 0


def _balance(commands) -> None:
    command = _command(commands, "balance", balance, "Count which way the studies point, by population and question or by any column.")
    command.add_argument("--by", metavar="COLUMN", default="population", help="column of studies or findings (default: %(default)s)")
    command.add_argument(
        "--lens", choices=LENSES, default="concluded", help="as the authors conclude, or the direction of the difference (default: %(default)s)"
    )
    command.add_argument("--unit", choices=UNITS, default="study", help="what has one vote (default: %(default)s)")
    command.add_argument("--overlap", choices=OVERLAPS, default="possible", help="which overlaps make a cohort (default: %(default)s)")
    command.add_argument("--format", choices=("text", "csv", "json"), default="text", help="how to print (default: %(default)s)")


def balance(options: argparse.Namespace) -> int:
    """``evidence balance``"""
    from evidence.dataset.loading import load
    from evidence.publish.balance import print_balance

    print(print_balance(load(options.data), options.by, options.lens, options.unit, options.overlap, options.format))
    return 0


def _pool(commands) -> None:
    command = _command(
        commands,
        "pool",
        pool,
        "Pool results of one measure and one contrast: the pools that the data set names, or a selection of your own.",
        "Without --measure: the named pools (all, or those given). With --measure: what meets the conditions. Results that must not be\n"
        "pooled are refused with exit code 2, and the message names a selection that is legal.\n\n"
        "  evidence pool or_activity\n"
        "  evidence pool --measure SMR --question risk --where comparator=general_population --one-per-cohort",
    )
    command.add_argument("pools", nargs="*", metavar="POOL", help="pools of the data set (default: all of them)")
    command.add_argument("--measure", action="append", metavar="MEASURE", help="measure to pool, such as OR; makes a selection of your own")
    _conditions(command)
    command.add_argument("--one-per-cohort", action="store_true", help="keep one report where reports share people")
    command.add_argument("--ci-level", type=int, metavar="PERCENT", help="refuse intervals of another level (default: read each at its own)")
    command.add_argument("--method", choices=("REML", "DL", "PM", "common"), default="REML", help="estimator of tau squared (default: %(default)s)")
    command.add_argument("--format", choices=("text", "csv", "json"), default="text", help="how to print (default: %(default)s)")


def pool(options: argparse.Namespace) -> int:
    """``evidence pool``"""
    from evidence.dataset.loading import load
    from evidence.errors import UsageError
    from evidence.publish.pools import own_pool, print_pools
    from evidence.synthesis.sizes import size_pool, size_pools

    ev = load(options.data)
    conditions = _given(options)
    if options.measure or conditions:
        if options.pools:
            raise UsageError("name pools of the data set, or conditions of your own, not both")
        found = [own_pool(ev, options.measure, conditions, options.method, options.one_per_cohort, options.ci_level)]
    elif options.pools:
        found = [size_pool(ev, name, options.method) for name in options.pools]
    else:
        found = size_pools(ev, options.method)
    print(print_pools(ev, found, options.format))
    return 0


def _charts(commands) -> None:
    command = _command(
        commands,
        "charts",
        charts,
        "Draw the gallery, or some of its charts: pictures, data, captions with alt text, and a contact sheet.",
        "  evidence charts --for slide --format png,svg\n  evidence charts balance harvest --question treatment --where design=rct",
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="charts of the gallery (default: all; a wrong name lists them)")
    command.add_argument("--out", metavar="FOLDER", default="build/charts", help="where to write (default: %(default)s)")
    command.add_argument("--format", default="png", metavar="LIST", help="png, svg, pdf, or several with commas (default: %(default)s)")
    command.add_argument(
        "--for", dest="size", choices=("web", "paper", "slide"), default="web", help="size of page and letters (default: %(default)s)"
    )
    _conditions(command)


def _conditions(command: argparse.ArgumentParser) -> None:
    command.add_argument("--question", help="condition on the question")
    command.add_argument("--population", help="condition on the population")
    command.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help="further condition; the same column again adds a value")


def _given(options: argparse.Namespace) -> list[str]:
    return [*(f"{name}={value}" for name in ("question", "population") if (value := getattr(options, name))), *options.where]


def charts(options: argparse.Namespace) -> int:
    """``evidence charts``"""
    from evidence.dataset.loading import load
    from evidence.dataset.selection import parse_conditions
    from evidence.publish.pack import write_pack

    ev = load(options.data)
    columns = parse_conditions(ev.dictionary, _given(options))
    formats = [form.strip().lower() for form in options.format.split(",") if form.strip()]
    files = write_pack(ev.select(**columns) if columns else ev, options.out, options.names, formats, options.size)
    print(f"{len(files)} files in {options.out}; open {options.out}/index.html", file=sys.stderr)
    return 0


def _codebook(commands) -> None:
    command = _command(commands, "codebook", codebook, "Print the codebook of a data set, or write it beside the tables.")
    command.add_argument("--write", action="store_true", help="write CODEBOOK.md into the data folder")


def codebook(options: argparse.Namespace) -> int:
    """``evidence codebook``"""
    from evidence.dataset.dictionary import read_dictionary
    from evidence.dataset.loading import find_folder, shown_path
    from evidence.files import write_atomically
    from evidence.publish.codebook import codebook as text_of

    folder = find_folder(options.data)
    text = text_of(read_dictionary(folder))
    if options.write:
        print(shown_path(write_atomically(folder / "CODEBOOK.md", text)), file=sys.stderr)
    else:
        print(text, end="")
    return 0


def _run(commands) -> None:
    command = _command(commands, "run", run, "Execute every notebook. The sources stay untouched.")
    command.add_argument("--notebooks", metavar="FOLDER", help="folder of the notebooks (default: this repository's)")
    command.add_argument("--out", metavar="FOLDER", default="build", help="where to write (default: %(default)s)")
    command.add_argument("--jobs", type=_positive, default=None, metavar="N", help="how many at a time (default: one for each processor)")
    command.add_argument("--accept", action="store_true", help="write the new outputs back into the sources")


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """``evidence run``"""
    from evidence.publish.run import run_notebooks

    done = run_notebooks(options.notebooks, options.out, jobs=options.jobs, data=options.data, accept=options.accept)
    print(f"{len(done)} notebooks in {options.out}/notebooks", file=sys.stderr)
    return 0


def _lab(commands) -> None:
    _command(commands, "lab", lab, "Open JupyterLab on the notebooks.")


def lab(options: argparse.Namespace) -> int:
    """``evidence lab``"""
    from evidence.publish.run import open_lab

    return open_lab(options.data)


if __name__ == "__main__":
    sys.exit(main())
