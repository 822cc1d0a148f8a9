"""Commands that print numbers: balance, pool."""

from __future__ import annotations

import argparse

from evidence.commands.common import command, conditions, given, loaded, retracted

LENSES, UNITS, OVERLAPS = (
    ("concluded", "direction"),
    ("study", "cohort", "finding"),
    ("possible", "certain"),
)


def add(commands) -> None:
    """Add the commands of this file."""
    _balance(commands)
    _pool(commands)


def _balance(commands) -> None:
    parser = command(
        commands,
        "balance",
        balance,
        "Count which way the studies point, by population and question or by any column.",
    )
    parser.add_argument(
        "--by",
        metavar="COLUMN",
        default="population",
        help="column of studies or findings (default: %(default)s)",
    )
    parser.add_argument(
        "--lens",
        choices=LENSES,
        default="concluded",
        help="as the authors conclude, or the direction of the difference (default: %(default)s)",
    )
    parser.add_argument(
        "--unit", choices=UNITS, default="study", help="what has one vote (default: %(default)s)"
    )
    parser.add_argument(
        "--overlap",
        choices=OVERLAPS,
        default="possible",
        help="which overlaps make a cohort (default: %(default)s)",
    )
    retracted(parser)
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        default="text",
        help="how to print (default: %(default)s)",
    )


def balance(options: argparse.Namespace) -> int:
    """``evidence balance``"""
    from evidence.display.balance_text import print_balance

    print(
        print_balance(
            loaded(options), options.by, options.lens, options.unit, options.overlap, options.format
        )
    )
    return 0


def _pool(commands) -> None:
    parser = command(
        commands,
        "pool",
        pool,
        "Pool results of one measure and one contrast: the pools that the data set names, or a"
        " selection of your own.",
        "Without --measure: the named pools (all, or those given). With --measure: what meets the"
        " conditions. Results that must not be\npooled are refused with exit code 2, and the"
        " message names a selection that is legal.\n\n  evidence pool or_activity\n  evidence pool"
        " --measure SMR --question risk --where comparator=general_population --one-per-cohort",
    )
    parser.add_argument(
        "pools", nargs="*", metavar="POOL", help="pools of the data set (default: all of them)"
    )
    parser.add_argument(
        "--measure",
        action="append",
        metavar="MEASURE",
        help="measure to pool, such as OR; makes a selection of your own",
    )
    conditions(parser)
    retracted(parser)
    parser.add_argument(
        "--one-per-cohort", action="store_true", help="keep one report where reports share people"
    )
    parser.add_argument(
        "--ci-level",
        type=int,
        metavar="PERCENT",
        help="refuse intervals of another level (default: read each at its own)",
    )
    parser.add_argument(
        "--method",
        choices=("REML", "DL", "PM", "common"),
        default="REML",
        help="estimator of tau squared (default: %(default)s)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        default="text",
        help="how to print (default: %(default)s)",
    )


def pool(options: argparse.Namespace) -> int:
    """``evidence pool``"""
    from evidence.display.pools_text import own_pool, print_pools
    from evidence.errors import UsageError
    from evidence.synthesis.effect_sizes import size_pool, size_pools

    ev = loaded(options)
    conditions = given(options)
    if options.measure or conditions:
        if options.pools:
            raise UsageError("name pools of the data set, or conditions of your own, not both")
        found = [
            own_pool(
                ev,
                options.measure,
                conditions,
                options.method,
                options.one_per_cohort,
                options.ci_level,
            )
        ]
    elif options.pools:
        found = [size_pool(ev, name, options.method) for name in options.pools]
    else:
        found = size_pools(ev, options.method)
    print(print_pools(ev, found, options.format))
    return 0
