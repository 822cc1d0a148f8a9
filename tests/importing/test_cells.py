"""Cells are read in either notation, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.importing import cells, words
from evidence.tables.formulas import neutralised, restored
from evidence.tables.reader import DECIMAL

NUMBERS = st.decimals(-100_000, 100_000, allow_nan=False, allow_infinity=False, places=2)


@pytest.mark.parametrize(
    ("cell", "mark", "text"),
    [
        ("0,5", "", "0.5"),
        ("−0.35", "", "-0.35"),
        ("1.234,50", "", "1234.50"),
        ("1,234.50", "", "1234.50"),
        ("1'234.5", "", "1234.5"),
        ("1 234,5", "", "1234.5"),
        (".05", "", "0.05"),
        ("+2", "", "2"),
        ("0.123", ",", "0.123"),
        ("1.234", ",", "1234"),
        ("1.234", "", "1.234"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.2e-5", "", "0.000012"),
        ("1,234,567", "", "1234567"),
    ],
)
def test_numbers(cell, mark, text):
    assert cells.number(cell, mark).text == text


@pytest.mark.parametrize(
    ("cell", "mark", "text"),
    [
        ("45.000", ".", "45"),
        ("45.000", ",", "45000"),
        ("45,000", ",", "45"),
        ("45,000", ".", "45000"),
        ("45.000", "", "45000"),
        ("1,234.0", "", "1234"),
        ("1,234.000", "", "1234"),
        ("1.234.567", "", "1234567"),
        ("1 234", "", "1234"),
        ("n = 12.000", ".", "12"),
        ("007", ".", "007"),
        ("1.234", ".", ""),
        ("0.500", "", ""),
        ("12 34", "", ""),
    ],
)
def test_whole_numbers(cell, mark, text):
    assert cells.whole(cell, mark).text == text
    assert bool(cells.whole(cell, mark).why) == (not text)


@pytest.mark.parametrize("cell", ["1e10000000", "-2.5e-99999", "1e" + "9" * 5000])
def test_numbers_beyond_all_tables_are_refused_at_once(cell):
    assert cells.number(cell).why == f"{cell!r} is a number too large or too small for a table"
    assert len(cells.number("1e-300").text) == 302


@pytest.mark.parametrize(
    "cell",
    [
        "1,234",
        "45/47",
        "1.2.3",
        "12 34",
        "abc",
        "4 mg",
        "--1",
        "1,2,3",
        "1.234,567.8",
        "2010-05-01",
    ],
)
def test_what_is_not_one_number_says_why(cell):
    read = cells.number(cell)
    assert read.why.startswith(repr(cell)) and not read.texts


@given(NUMBERS)
def test_both_notations_give_the_same_number(value):
    point, comma = f"{value:,.2f}", f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert Decimal(cells.number(point, ".").text) == Decimal(cells.number(comma, ",").text) == value


@given(st.text(max_size=12))
def test_any_text_is_read_or_says_why(text):
    readers = [
        cells.number,
        cells.whole,
        cells.year,
        cells.interval,
        cells.with_interval,
        cells.p_value,
        cells.doi,
        cells.pmid,
        cells.pmcid,
    ]
    for reader in readers:
        read = reader(text)
        assert bool(read.why) != bool(read.texts)
    number = cells.number(text).text
    import re

    assert not number or re.fullmatch(DECIMAL, number), "what is read is a number of the tables"


@given(
    NUMBERS,
    NUMBERS,
    st.sampled_from([" to ", "–", "; ", ", ", " - ", "-"]),
    st.sampled_from(["{}", "({})", "[{}]", "95% CI {}"]),
)
def test_intervals(low, high, between, around):
    found = cells.interval(around.format(f"{low}{between}{high}"), ".")
    assert [Decimal(text) for text in found.texts[:2]] == [low, high]
    assert found.texts[2] == ("95" if "95" in around else "")


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("0.51 (0.30-0.87)", ("0.51", "0.30", "0.87", "")),
        ("0,51 [95% CI 0,30; 0,87]", ("0.51", "0.30", "0.87", "95")),
        ("-0.5 (-1.2 to 0.2)", ("-0.5", "-1.2", "0.2", "")),
        ("1.5; 1.2 to 1.9", ("1.5", "1.2", "1.9", "")),
        ("2.4", ("2.4", "", "", "")),
    ],
)
def test_estimates_with_their_interval(cell, texts):
    assert cells.with_interval(cell).texts == texts


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Benefit", "benefit"),
        ("favours intervention", "benefit"),
        ("Favors treatment", "benefit"),
        ("benfit", "benefit"),
        ("no sig. difference", ""),
        ("Non-significant", "no_clear_difference"),
        ("n.s.", "no_clear_difference"),
        ("HARMFUL", "harm"),
        ("conflicting", "mixed"),
        ("positive", ""),
        ("+", ""),
        ("increased", ""),
        ("blue", ""),
    ],
)
def test_conclusions(cell, code):
    read = words.conclusion(cell)
    assert read.text == code and bool(read.why) == (not code)


def test_an_ambiguous_word_is_never_guessed():
    for word in words.known()["ambiguous"]:
        assert "does not say which way" in words.conclusion(word).why


@given(st.text())
def test_formulas_are_kept_as_text_and_restored(cell):
    safe = neutralised(cell)
    assert restored(safe) == cell and safe[:1] not in ("=", "+", "-", "@", "\t", "\r")
