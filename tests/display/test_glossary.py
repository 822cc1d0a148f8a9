"""The glossary: every word once, found by each of its forms."""

from __future__ import annotations

import pytest

import evidence

WANTED = ["OR", "HR", "SMR", "SIR", "SMD", "Wilson interval", "REML", "Hartung-Knapp", "tau²"]
WANTED += ["GRADE", "certainty", "FVC", "SF-36", "ALSAQ-40", "MVIC", "median"]
WANTED += ["kappa", "sign test", "cohort", "registry", "prediction interval", "randomised"]


@pytest.mark.parametrize("word", WANTED)
def test_the_words_of_the_method_are_explained(ev, word):
    assert len(evidence.glossary(ev).meaning(word)) > 20


def test_no_form_stands_for_two_words(ev):
    table = evidence.glossary(ev)
    forms = [
        form.lower()
        for term, also in zip(table["term"], table["also"].fillna(""), strict=True)
        for form in (term, *filter(None, also.split("; ")))
    ]
    assert len(forms) == len(set(forms))


def test_an_unknown_word_has_no_meaning(ev):
    assert evidence.glossary(ev).meaning("nothing such") == ""


def test_it_stands_at_the_end_of_a_lesson():
    import json
    from pathlib import Path

    path = Path(__file__).resolve().parents[2] / "notebooks" / "06_three_lenses.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert any("evidence.glossary(ev)" in "".join(cell["source"]) for cell in cells)
