"""Commands that answer: answers, outcomes, changes."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from evidence.commands.common import command, filters, form, loaded, say
from evidence.quoting import json_text

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
        say(json_text(_beside(ev, {"answers": {one.question_id: one.as_dict() for one in chosen}})))
    else:
        say(_framed(ev, "\n\n".join(one.plain for one in chosen)))
    return 0


def _framed(ev: Evidence, text: object) -> str:
    """A text after what was selected, and before the caution."""
    selection = f"Selection: {ev.chosen}.\n\n" if ev.chosen else ""
    return f"{selection}{text}\n\n{ev.dictionary.settings.get('caution', '')}"


def _beside(ev: Evidence, found: dict[str, Any]) -> dict[str, Any]:
    """Results with what was selected and the caution, as in other commands."""
    beside = {"chosen": ev.chosen, "caution": ev.dictionary.settings.get("caution", "")}
    return found | beside


def changes(options: argparse.Namespace) -> int:
    """``evidence changes``"""
    from evidence.display.data_changes import data_changes
    from evidence.tables.formulas import in_form
    from evidence.tables.loading import load

    found = data_changes(load(options.old), load(options.new))
    say(in_form(options.format, found.cells, found.as_dict, lambda: found.text))
    return 0


def outcomes(options: argparse.Namespace) -> int:
    """``evidence outcomes``"""
    from evidence.synthesis.outcomes import outcomes as counted
    from evidence.tables.formulas import in_form

    ev = loaded(options)
    table = counted(ev, contrast=options.contrast, main_only=options.main_only)
    value = lambda: _beside(ev, {"rows": json.loads(table.frame.to_json(orient="records"))})
    say(in_form(options.format, table.frame, value, lambda: _framed(ev, table)))
    return 0
