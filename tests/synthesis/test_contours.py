import numpy as np
import pytest

from evidence.errors import UsageError
from evidence.synthesis.contours import (
    MEASURES,
    contours,
    n_of_correlation,
    n_of_odds_ratio,
    n_of_smd,
)


@pytest.mark.parametrize(
    ("formula", "effect", "n"),
    [(n_of_smd, 0.25, 174.5), (n_of_odds_ratio, 1.5, 217.9), (n_of_correlation, 0.3, 31.2)],
)
def test_worked_examples(formula, effect, n):
    assert float(formula(0.05, effect)) == pytest.approx(n, abs=0.05)


def test_an_odds_ratio_is_a_standardised_difference():
    p = np.array([0.2, 0.05, 1e-6])
    np.testing.assert_allclose(n_of_odds_ratio(p, 2.0), n_of_smd(p, np.log(2) * np.sqrt(3) / np.pi))
    np.testing.assert_allclose(n_of_odds_ratio(p, 2.0), n_of_odds_ratio(p, 0.5))


@pytest.mark.parametrize("measure", MEASURES)
def test_smaller_p_and_smaller_effects_need_more(measure):
    table = contours(measure)
    for _, line in table.groupby("effect"):
        assert line.sort_values("p_value")["n"].is_monotonic_decreasing
    at = table[table["p_value"] == table["p_value"].iloc[7]].sort_values("effect")
    assert at["n"].is_monotonic_decreasing and len(at) == len(MEASURES[measure][1])


def test_the_axis_is_two_sided():
    table = contours("r", [0.3], [0.1, 1.0])
    assert table["n"].to_list() == pytest.approx([float(n_of_correlation(0.05, 0.3)), 3])


def test_misuse():
    for options, match in (
        ({"measure": "HR"}, "allowed: SMD, OR, r"),
        ({"measure": "OR", "effects": [0.5]}, "above 1"),
        ({"measure": "r", "effects": [1]}, "above 0 and below 1"),
        ({"effects": [0]}, "above 0"),
        ({"p_values": [0.0]}, "p-values"),
    ):
        with pytest.raises(UsageError, match=match):
            contours(**options)
    assert contours("SMD", []).empty
