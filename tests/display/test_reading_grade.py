"""The answers are read without a degree: grade of Flesch and Kincaid at most nine.

Kincaid and others (1975), Derivation of new readability formulas for Navy enlisted personnel.
Syllables are counted as groups of vowels, without a silent final e.
"""

from __future__ import annotations

import re

import pytest

import evidence

MOST = 9.0
ANSWERS = evidence.question_answers(evidence.load())


def syllables(word: str) -> int:
    word = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^td])ed$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def grade(text: str) -> float:
    """Numbers count as words of one syllable: they are read as signs."""
    sentences = len(re.findall(r"[.?!:;](?:\s|$)", text)) or 1
    words = re.findall(r"[A-Za-z][A-Za-z'-]*|\d[\d,.]*", text)
    sounds = sum(syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * sounds / len(words) - 15.59


def test_the_grade_tells_easy_from_hard():
    easy = "The dog ran. It was hot. We sat in the sun."
    hard = (
        "Heterogeneity notwithstanding, multivariable-adjusted epidemiological associations"
        " necessitate interpretative circumspection regarding unmeasured confounding."
    )
    assert grade(easy) < 2 < MOST < 20 < grade(hard)


@pytest.mark.parametrize("one", ANSWERS, ids=lambda one: one.question_id)
def test_an_answer_is_easy_to_read(one):
    assert grade(" ".join([one.title, *one.sentences])) <= MOST


@pytest.mark.parametrize("one", ANSWERS, ids=lambda one: one.question_id)
def test_what_is_not_known_is_easy_to_read(one):
    assert grade(" ".join(one.not_known)) <= MOST


def test_reasons_to_be_careful_are_easy_to_read(ev):
    cautions = ev.tables["cautions"]
    told = {key: grade(text) for key, text in zip(cautions["caution_id"], cautions["explanation"])}
    hard = {key: round(value, 1) for key, value in told.items() if value > MOST + 3}
    assert not hard and sum(told.values()) / len(told) <= MOST


def test_the_glossary_is_easy_to_read(ev):
    words = evidence.glossary(ev)
    assert grade(" ".join(words["explanation"])) <= MOST
