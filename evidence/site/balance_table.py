"""The balance in numbers, by both lenses."""

from __future__ import annotations

from evidence.display.html_table import HtmlTable
from evidence.model.evidence import Evidence
from evidence.site.html_tables import html_table
from evidence.synthesis.balance import balance, unreported
from evidence.synthesis.number_texts import p_text
from evidence.synthesis.sign_test import sign_tests


def balance_tables(ev: Evidence) -> dict[str, HtmlTable]:
    """A table for each lens."""
    concluded = balance(ev, None, "concluded").drop(columns="placed")
    return {
        "concluded": html_table(ev, concluded, "What the authors conclude"),
        "direction": direction_table(ev),
    }


def direction_table(ev: Evidence) -> HtmlTable:
    """The balance by direction with its sign test, the worst case included."""
    table = balance(ev, None, "direction")
    tests = sign_tests(table.assign(unreadable=unreported(table.frame)))
    shown = table.drop(columns=["placed", "participants", "size_unknown", "studies"]).join(
        tests[["share", "share_low", "share_high"]]
    )
    for name, title in (("p_value", "sign_test"), ("p_worst", "worst_case")):
        texts = tests[name].map(p_text, na_action="ignore").astype("str")
        shown[title] = texts.mask(tests["too_few"], "too few")
    titles = {"sign_test": "Sign test", "worst_case": "In the worst case"}
    return html_table(ev, shown, "Which way the numbers lean", titles=titles)
