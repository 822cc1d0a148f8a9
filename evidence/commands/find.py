"""The command that looks for words: find."""

from __future__ import annotations

import argparse

from evidence.commands.common import command, filters, form, loaded, say


def add(commands) -> None:
    """Add the commands of this file."""
    parser = command(
        commands,
        "find",
        find,
        "Find studies and reviews that speak of something, the nearest first.",
        "  evidence find falls\n  evidence find football --where design=cohort\n\nTitle, authors,"
        " year, notes, statements, outcomes and every other cell with words are searched, with the"
        "\nsynonyms that the data set names. Capitals, accents and endings of words do not count."
        " When nothing is found,\nit says what was searched and which words are near. With"
        " conditions only studies are found, no reviews.",
    )
    parser.add_argument("words", nargs="+", metavar="WORD", help="words to look for")
    filters(parser)
    form(parser, "text", "csv", "json")


def find(options: argparse.Namespace) -> int:
    """``evidence find``"""
    from evidence.display.find import find as look_for
    from evidence.display.find import found_text

    say(found_text(look_for(loaded(options), " ".join(options.words)), options.format))
    return 0
