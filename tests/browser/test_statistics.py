"""Share, interval, sign test and their words in the browser are those of Python."""

from __future__ import annotations

import pytest

import evidence

COUNTS = [
    (benefit, n - benefit)
    for n in [*range(0, 30), 40, 64, 200, 1000, 3000]
    for benefit in range(0, n + 1, max(1, n // 12))
]


def test_sign_test_and_interval(explored):
    found = explored.page.evaluate(
        """counts => { const data = JSON.parse(document.getElementById("explore-data").textContent);
        return counts.map(([benefit, harm]) => { const test = Explore.statistics.signTest(benefit, harm, data.z, data.fewest);
        return { ...test, verdict: Explore.statistics.verdict(test) }; }); }""",
        [list(pair) for pair in COUNTS],
    )
    for (benefit, harm), here in zip(COUNTS, found, strict=True):
        there = evidence.sign_test(benefit, harm)
        assert (here["n"], here["tooFew"]) == (there.n, there.too_few)
        if there.n:
            assert here["share"] == there.share
            assert [here["low"], here["high"]] == pytest.approx(
                [there.ci_low, there.ci_high], abs=1e-12
            )
            assert here["p"] == pytest.approx(there.p_value, rel=1e-9, abs=1e-300)
        assert here["verdict"] == there.verdict
