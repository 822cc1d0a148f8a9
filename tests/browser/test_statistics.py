"""Share, interval, sign test with its worst case, and their words in the browser are Python's."""

from __future__ import annotations

import random

import pytest

import evidence

RANDOM = random.Random(19)
COUNTS = [
    (benefit, n - benefit, 0)
    for n in [*range(0, 30), 40, 64, 200, 1000, 3000]
    for benefit in range(0, n + 1, max(1, n // 12))
]
COUNTS += [
    (RANDOM.randrange(most), RANDOM.randrange(most), RANDOM.randrange(most))
    for most in (4, 12, 40, 200)
    for _ in range(250)
]
PAIRS = {
    "low": "ci_low",
    "high": "ci_high",
}


def test_sign_test_and_interval(explored):
    found = explored.page.evaluate(
        """counts => { const data = JSON.parse(document.getElementById("explore-data").textContent);
        return counts.map((three) => {
        const test = Explore.statistics.signTest(...three, data.z, data.fewest);
        return { ...test, verdict: Explore.statistics.verdict(test) }; }); }""",
        [list(three) for three in COUNTS],
    )
    for counts, here in zip(COUNTS, found, strict=True):
        there = evidence.sign_test(*counts)
        assert (here["n"], here["tooFew"], here["holds"]) == (there.n, there.too_few, there.holds)
        assert here["tippingPoint"] == there.tipping_point, counts
        if there.n:
            assert here["share"] == there.share
            for name, python in PAIRS.items():
                assert here[name] == pytest.approx(getattr(there, python), abs=1e-12), counts
            for name, p in (
                ("p", there.p_value),
                ("pWorst", there.p_worst),
            ):
                assert here[name] == pytest.approx(p, rel=1e-9, abs=1e-300), (name, counts)
        assert here["verdict"] == there.verdict
