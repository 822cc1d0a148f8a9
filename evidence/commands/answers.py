"""Commands that answer: answers, outcomes, changes."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from evidence.commands.common import command, filters, form, loaded, say

if TYPE_CHECKING:
    from evidence.model.evidence import Evidence


def add(commands) -> None:
    """Add the commands of this file."""
    parser = command(
        commands, "answers", answers, "Answer the questions that readers ask, from the tables."
    )
    parser.add_argument(
        "questions", nargs="*", metavar="QUESTION", help="questions by id (default: all of them)"
    )
    _form(parser, ("text", "json"))
    parser = command(
        commands,
        "outcomes",
        outcomes,
        "Count outcome by outcome and contrast by contrast, randomised trials apart.",
    )
    parser.add_argument("--contrast", help="one contrast, also one that does not vote elsewhere")
    parser.add_argument(
        "--main-only", action="store_true", help="only the main finding of each study"
    )
    _form(parser, ("text", "csv", "json"))

    parser = command(
        commands,
        "changes",
        changes,
        "Compare two versions of a data set: rows, counts, verdicts and answers that changed.",
        data=False,
    )
    parser.add_argument("old", metavar="OLD", help="data folder of the older version")
    parser.add_argument("new", metavar="NEW", help="data folder of the newer version")
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        default="text",
        help="how to print; csv lists every cell that differs (default: %(default)s)",
    )


def _form(parser: argparse.ArgumentParser, forms: tuple[str, ...]) -> None:
    filters(parser)
    form(parser, *forms)


def answers(options: argparse.Namespace) -> int:
    """``evidence answers``"""
    from evidence.display.questions import answer, question_answers

    ev = loaded(options)
    chosen = [answer(ev, name) for name in options.questions] or question_answers(ev)
    if options.format == "json":
        found = {one.question_id: one.as_dict() for one in chosen}
        _say_json(ev, {"answers": found})
    else:
        _say_selection(ev)
        say("\n\n".join(one.plain for one in chosen))
        say(f"\n{ev.dictionary.settings.get('caution', '')}")
    return 0


def _say_selection(ev: Evidence) -> None:
    """What was selected, in a line of its own; nothing of the whole table."""
    if ev.chosen:
        say(f"Selection: {ev.chosen}.\n")


def _say_json(ev: Evidence, found: dict[str, Any]) -> None:
    """Results with what was selected and the caution, as in other commands."""
    beside = {"chosen": ev.chosen, "caution": ev.dictionary.settings.get("caution", "")}
    say(json.dumps(found | beside, indent=2, ensure_ascii=False))


def changes(options: argparse.Namespace) -> int:
    """``evidence changes``"""
    from evidence.display.data_changes import data_changes
    from evidence.tables.formulas import safe_csv
    from evidence.tables.loading import load

    found = data_changes(load(options.old), load(options.new))
    if options.format == "csv":
        say(safe_csv(found.cells), end="")
    elif options.format == "json":
        say(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        say(found.text)
    return 0


def outcomes(options: argparse.Namespace) -> int:
    """``evidence outcomes``"""
    from evidence.synthesis.outcomes import outcomes as counted
    from evidence.tables.formulas import safe_csv

    ev = loaded(options)
    table = counted(ev, contrast=options.contrast, main_only=options.main_only)
    if options.format == "csv":
        say(safe_csv(table.frame), end="")
    elif options.format == "json":
        _say_json(ev, {"rows": json.loads(table.frame.to_json(orient="records"))})
    else:
        _say_selection(ev)
        say(table)
        say(f"\n{ev.dictionary.settings.get('caution', '')}")
    return 0
