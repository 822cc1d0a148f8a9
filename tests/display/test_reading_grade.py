"""The answers are read without a degree: grade of Flesch and Kincaid at most nine.

Kincaid and others (1975), Derivation of new readability formulas for Navy enlisted personnel.
Syllables are counted as groups of vowels, without a silent final e.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import evidence

MOST = 9.0
QUESTIONS = Path(__file__).resolve().parents[2] / "data" / "questions.csv"
# Only their ids: answers worked out here would keep every run waiting for its first test.
with QUESTIONS.open(encoding="utf-8", newline="") as file:
    ASKED = [row["question_id"] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def answers(ev):
    """The answer to each question of the data set, by its id."""
    return {one.question_id: one for one in evidence.question_answers(ev)}


def syllables(word: str) -> int:
    word = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^td])ed$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def grade(text: str) -> float:
    """Numbers count as words of one syllable: they are read as signs."""
    sentences = len(re.findall(r"[.?!](?:\s|$)", text)) or 1
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


def test_every_question_is_answered(answers):
    assert len(ASKED) > 1 and set(ASKED) == set(answers)


@pytest.mark.parametrize("asked", ASKED)
def test_an_answer_is_easy_to_read(answers, asked):
    one = answers[asked]
    assert grade(" ".join([one.title, *one.sentences])) <= MOST


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_not_known_is_easy_to_read(answers, asked):
    assert grade(" ".join(answers[asked].not_known)) <= MOST


def test_reasons_to_be_careful_are_easy_to_read(ev):
    cautions = ev.tables["cautions"]
    told = {key: grade(text) for key, text in zip(cautions["caution_id"], cautions["explanation"])}
    hard = {key: round(value, 1) for key, value in told.items() if value > MOST + 3}
    assert not hard and sum(told.values()) / len(told) <= MOST


def test_the_glossary_is_easy_to_read(ev):
    words = evidence.glossary(ev)
    assert grade(" ".join(words["explanation"])) <= MOST
