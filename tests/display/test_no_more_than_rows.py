"""Nothing says more than its rows: every result that is shown, every answer, every stored output of
a notebook and every page is walked through.

A sign test that looks clear while it hangs on what was not printed may not be called clear; where a
test of directions stands, it stands with what has no direction, or nothing is left out of it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from portion import number, portion
from says import CLEAR, text_of, wrong

import evidence
from evidence.cli import main

ROOT = Path(__file__).resolve().parents[2]
PARTS = [("risk", "human"), ("treatment", "human"), ("treatment", "animal")]


def test_the_rule_notices_what_it_is_for():
    start = "22 of 23 point to better (96 %, 95 % interval 79 % to 99 %)"
    silent = "; 10 more have no printed direction"
    assert wrong(f"{start}{silent}; exact sign test p < 0.001: {CLEAR}")
    assert wrong(f"{start}{silent}; exact sign test p < 0.001, in the worst case p = 0.08: {CLEAR}")
    assert wrong(f"Exercise helps, {CLEAR}.")
    fine = (
        f"{start}{silent}; exact sign test p < 0.001, in the worst case p = 0.03: {CLEAR}, however"
    )
    assert not wrong(fine) and not wrong(f"{start}; exact sign test p < 0.001: {CLEAR}")


# --- results ---


def results(ev: evidence.Evidence):
    """Every result on the real table that can be shown, by its name."""
    yield "lenses", evidence.lenses(ev)
    yield "lenses by outcome", evidence.lenses(ev, by="outcome_domain")
    yield "readability", evidence.readability(ev)
    yield "skew", evidence.main_result_skew(ev)
    yield "claims", evidence.judge_claims(ev)
    yield "article", evidence.article_support(ev)
    yield "accuracy", evidence.accuracy(ev)
    yield "agreement", evidence.agreement(ev)
    yield "disagreements", evidence.disagreements(ev)
    yield "third reading", evidence.third_reading(ev)
    yield "flow", evidence.study_flow(ev)
    yield "gap", evidence.translation_gap(ev)
    yield "models", evidence.by_model(ev, "animal_model")
    for question, population in PARTS:
        yield f"outcomes {question} {population}", evidence.outcomes(ev, question, population)
        yield f"multiverse {question} {population}", evidence.multiverse(ev, question, population)
    for lens in ("concluded", "direction"):
        for by in (None, "design", "exposure"):
            yield f"balance {lens} {by}", evidence.balance(ev, by, lens)
            yield f"votes {lens} {by}", evidence.votes(ev, lens, by=by)
    yield "regression", evidence.size_regression(ev, "risk", "human")
    for pool in evidence.size_pools(ev):
        yield f"pool {pool.pool_id}", pool


def test_every_result_can_be_shown_and_says_no_more_than_it_may(ev):
    shown = 0
    for name, result in portion(results(ev), 3):
        texts = [repr(result)]
        if hasattr(result, "_repr_html_"):
            texts.append(text_of(result._repr_html_() or ""))
        assert all(texts), name
        for text in texts:
            assert not wrong(re.sub(r"\s+", " ", text)), name
        shown += 1
    assert shown > number(35, 11)


@pytest.mark.parametrize(("question", "population"), PARTS)
def test_every_verdict_of_an_outcome_is_that_of_its_row(ev, question, population):
    """Row by row, from the counts beside it."""
    for main_only in (False, True):
        table = evidence.outcomes(ev, question, population, main_only=main_only).frame
        for row in table.itertuples():
            silent = int(row.direction_unreadable)
            test = evidence.sign_test(int(row.direction_benefit), int(row.direction_harm), silent)
            holds = not test.too_few and test.p_worst < 0.05
            assert (CLEAR in row.verdict) == holds, row
            assert not silent or re.search(rf"\b{silent} more ha|of {silent}", row.verdict), row


# --- words ---


def test_answers_and_commands(ev, capsys):
    texts = [" ".join(one.sentences) for one in evidence.question_answers(ev)]
    for arguments in (
        ["answers"],
        ["balance"],
        ["balance", "--lens", "direction"],
        ["balance", "--by", "outcome_domain", "--lens", "direction"],
        *(["outcomes", "--question", q, "--population", p] for q, p in PARTS),
    ):
        assert main(arguments) == 0
        texts.append(capsys.readouterr().out)
    for text in texts:
        assert not wrong(re.sub(r"\s+", " ", text)), text[:200]


def outputs(path: Path) -> list[str]:
    """What a stored notebook shows in words."""
    found = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            forms = output.get("data", {"text/plain": output.get("text", "")})
            found += [
                text_of("".join(text)) for form, text in forms.items() if form.startswith("text/")
            ]
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_stored_outputs(path):
    found = outputs(path)
    assert found
    for text in found:
        assert not wrong(text)


def test_a_table_without_unreadable_results_may_be_clear(ev):
    """The rule does not forbid the words where all is printed."""
    made = pd.DataFrame({"benefit": [10], "harm": [0]})
    test = evidence.sign_test(int(made["benefit"].iloc[0]), int(made["harm"].iloc[0]))
    assert CLEAR in test.verdict and not wrong(test.verdict)
