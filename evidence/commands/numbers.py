"""Commands that print numbers: balance, pool."""

from __future__ import annotations

import argparse

from evidence.commands.common import command, filters, form, loaded, percent, query_of, say

LENSES, UNITS = ("concluded", "direction"), ("study", "cohort", "finding")


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
    filters(parser)
    form(parser, "text", "csv", "json")


def balance(options: argparse.Namespace) -> int:
    """``evidence balance``"""
    from evidence.display.balance_text import print_balance

    ev = loaded(options)
    say(print_balance(ev, options.by, options.lens, options.unit, options.overlap, options.format))
    return 0


def _pool(commands) -> None:
    parser = command(
        commands,
        "pool",
        pool,
        "Pool results of one measure and named comparisons: the pools that the data set names, or a"
        " selection of your own.",
        "Pools that are named (all, when nothing is) are those of the data set, of the studies that"
        " are chosen. With --measure,\nor conditions on columns alone: what meets the conditions."
        " Results that must not be\npooled are refused with exit code 2, and the"
        " message names a selection that is legal. In JSON and CSV, estimates and intervals are as"
        " papers print them;\nin JSON, results that are ratios have log_estimate and log_se, which"
        " are what is pooled.\n\n  evidence pool or_activity\n  evidence pool"
        " --measure OR --question risk --where comparator=lower_exposure --one-per-cohort",
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
    filters(parser)
    parser.add_argument(
        "--ci-level",
        type=percent,
        metavar="PERCENT",
        help="refuse intervals of another level (default: read each at its own)",
    )
    parser.add_argument(
        "--method",
        choices=("REML", "DL", "PM", "common"),
        default="REML",
        help="estimator of tau squared (default: %(default)s)",
    )
    form(parser, "text", "csv", "json")


def pool(options: argparse.Namespace) -> int:
    """``evidence pool``"""
    from evidence.display.pools_text import own_pool, print_pools
    from evidence.errors import UsageError
    from evidence.synthesis.effect_sizes import size_pool, size_pools
    from evidence.tables.loading import load

    ev = load(options.data)
    query = query_of(ev, options)
    if options.pools and options.measure:
        raise UsageError("name pools of the data set, or a measure for one of your own, not both")
    if options.measure or (query.columns and not options.pools):
        found = [own_pool(ev, options.measure, query, options.method, options.ci_level)]
    elif options.pools:
        part, how = query.part(ev), {"method": options.method, "ci_level": options.ci_level}
        found = [size_pool(part, name, **how) for name in options.pools]
    else:
        found = size_pools(query.part(ev), options.method, options.ci_level)
    say(print_pools(ev, found, options.format))
    return 0
