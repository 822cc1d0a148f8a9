"""Two texts are equal but for the noise of floats."""

from __future__ import annotations

import pytest

from evidence.notebooks_true.numbers import same_text, same_values


@pytest.mark.parametrize(
    ("stored", "drawn"),
    [
        ("0.1234567890123456", "0.1234567890123457"),
        ("t = 0.30000000000000004, n = 3", "t = 0.3, n = 3"),
        ("a  0.30000000000000004\nb  1.0                ", "a  0.3\nb  1.0"),
        ("1.0000000000001e-08", "1e-8"),
        ("-2.500000000001", "-2.5"),
        ("2.1786290497994788", "2.1786290497994787"),  # the same float
    ],
)
def test_noise_is_equal(stored, drawn):
    assert same_text(stored, drawn, 1e-9)


@pytest.mark.parametrize(
    ("stored", "drawn"),
    [
        ("28", "29"),
        ("10000000000001", "10000000000002"),
        ("0.123", "0.124"),
        ("1.5", "1.50"),
        ("1", "1.0"),
        ("mean 0.3", "men 0.3"),
        ("0.30000000000000004 kg", "0.3 g"),
        ("a b", "a  b"),
        ("1 2", "1 2 3"),
        ("nan", "1.0"),
        ("-0.5", "0.5"),
        ("x1", "x2"),
        ("12345678.91", "12345678.92"),
        ("0.1234567890", "0.1234567891"),
        ("#000e05", "#000e06"),
    ],
)
def test_anything_else_is_not(stored, drawn):
    assert not same_text(stored, drawn, 1e-9) and not same_text(drawn, stored, 1e-9)


def test_a_tolerance_never_reaches_whole_numbers():
    assert same_text("1.01 of 5", "1.02 of 5", 0.1) and not same_text("1.01 of 5", "1.02 of 6", 0.9)


@pytest.mark.parametrize(
    ("stored", "drawn", "same"),
    [
        ({"a": [1.0, 2.0]}, {"a": [1.0, 2.0 + 1e-12]}, True),
        ([1e-18, 1.0], [2e-18, 1.0], True),
        ([1e-18], [2e-18], False),
        ({"a": 1}, {"b": 1}, False),
        ([1, 2], [1, 3], False),
        ([1], [1, 1], False),
        ("a", "b", False),
        (True, 1, False),
        ([float("nan")], [float("nan")], True),
    ],
)
def test_values(stored, drawn, same):
    assert same_values(stored, drawn, 1e-9) is same
