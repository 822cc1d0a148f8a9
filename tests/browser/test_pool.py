"""Sizes of effect pooled in the browser are those of Python: which results enter, the estimate by
restricted maximum likelihood, its Hartung-Knapp interval and its prediction interval.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from portion import number, portion
from scipy.special import stdtrit

import evidence
from evidence.model.query import Query
from evidence.synthesis.effect_text import pointing

SELECTIONS = number(500, 4)
MOST = 100  # milliseconds that one selection may take
PAIRS = {
    "estimate": "estimate",
    "se": "se",
    "tau2": "tau2",
    "i2": "i2",
    "guardedLow": "hk_guarded_ci_low",
    "guardedHigh": "hk_guarded_ci_high",
    "hkPredictionLow": "hk_prediction_low",
    "hkPredictionHigh": "hk_prediction_high",
}
POOLS = """addresses => {
  const data = JSON.parse(document.getElementById("explore-data").textContent);
  return addresses.map((address) => {
    const start = performance.now();
    const view = Explore.view.read(address, data);
    const studies = Explore.selection.select(data, view).rows;
    const { reports } = Explore.selection.select(data, view);
    const pools = Explore.pool.all(data, view, studies, reports);
    const turning = pools.map((one) => Explore.pool.turning(data, one).map(({ row }) => one.pool.rows.finding[row]));
    const took = performance.now() - start;
    return { took, pools: pools.map(({ pool, rows, of, shared, result }, i) => ({ shared, main: rows.map((row) => pool.rows.main[row]), id: pool.id, of, result, turning: turning[i], findings: rows.map((row) => pool.rows.finding[row]) })) };
  });
}"""


@pytest.fixture(scope="module")
def whole(ev) -> dict[str, evidence.synthesis.effect_sizes.SizePool]:
    """The pools of all counted studies."""
    return {one.pool_id: one for one in evidence.size_pools(ev)}


def addresses(ev) -> list[str]:
    """Selections that mostly leave something to pool: studies left out by chance, and conditions."""
    choose = random.Random(11)
    pooled = sorted(
        {key for one in evidence.size_pools(ev) for key in one.poolable.choices["study_id"]}
    )
    found = []
    for _ in range(SELECTIONS):
        left_out = choose.sample(pooled, choose.randrange(0, len(pooled) // 2))
        given: dict = {"study_id": [f"not:{key}" for key in left_out]} if left_out else {}
        if choose.random() < 0.3:
            given["years"] = (choose.choice([1995, 2005, 2010]), None)
        if choose.random() < 0.3:
            given["min_sample_size"] = choose.choice([100, 300, 1000])
        if choose.random() < 0.3:
            given["design"] = choose.choice([["case_control", "cohort"], ["not:cohort"]])
        if choose.random() < 0.2:
            given["one_per_cohort"] = True
        if choose.random() < 0.2:
            given["contrast"] = choose.choice(["more_against_less", "not:against_none"])
        found.append(Query.of(ev, counted=True, **given).address)
    return found


def close(here: float, there: float, what: object) -> None:
    if np.isnan(there):
        assert here is None or np.isnan(here), what
    else:
        assert here == pytest.approx(there, rel=1e-6, abs=1e-9), what


def compare(here: dict, there: evidence.Pool, what: object) -> None:
    for name, python in PAIRS.items():
        close(here[name], getattr(there, python), (name, what))


def test_pools_of_random_selections_are_those_of_python(explored, ev):
    """Numbers of every pool, from the rows that the page took; and the time that it takes."""
    chosen = addresses(ev)
    answers = explored.page.evaluate(POOLS, chosen)
    rows = pd.concat([one.poolable.choices for one in evidence.size_pools(ev)])
    rows = rows.drop_duplicates("finding_id").set_index("finding_id")
    compared = 0
    for address, answer in zip(chosen, answers, strict=True):
        for one in answer["pools"]:
            if len(one["findings"]) < 3:
                assert one["result"] is None
                continue
            entered = rows.loc[one["findings"]]
            compare(one["result"], evidence.pool(entered["estimate"], entered["se"]), address)
            compared += 1
    assert compared > SELECTIONS
    took = sorted(answer["took"] for answer in answers)
    assert took[-1] < MOST, f"median {took[len(took) // 2]:.1f} ms, slowest {took[-1]:.1f} ms"


def test_the_rows_that_enter_are_those_of_python(explored, ev):
    """What stands for a study and a cohort, of how many, and what the result hangs on."""
    chosen = [
        *addresses(ev)[: number(12, 0)],
        "",
        "outcome_domain=als_risk&question=risk",
        "question=risk&cohorts=possible",
        "outcome_domain=function",
    ]
    for address, answer in zip(chosen, explored.page.evaluate(POOLS, chosen), strict=True):
        part = Query.from_address(ev, address).part(ev)
        there = sorted((one for one in evidence.size_pools(part) if one.k), key=lambda one: -one.k)
        assert [one["id"] for one in answer["pools"]] == [one.pool_id for one in there], address
        for here, one in zip(answer["pools"], there, strict=True):
            assert here["findings"] == one.poolable.included["finding_id"].to_list(), address
            assert here["of"] == one.poolable.studies, (address, one.pool_id)
            other = {row for row, main in zip(here["findings"], here["main"]) if not main}
            assert {key.rpartition("-")[0] for key in other} == set(one.not_main), address
            every = Query.from_address(ev, address.replace("cohorts=", "lens=")).part(ev)
            whole = evidence.size_pool(every, one.pool_id).poolable
            aside = whole.excluded["reason"].str.startswith("shares people").sum()
            assert here["shared"] == len(whole.included) + aside - one.k, address
            turning = {turned.study_id for turned in one.one_left_out if turned.turns}
            assert {key.rpartition("-")[0] for key in here["turning"]} == turning, address


def made_up(choose: random.Random) -> tuple[list[float], list[float]]:
    """Studies of any size: alike, far apart, one that outweighs all others, ratios and counts."""
    k = choose.randrange(2, 40)
    scale = 10 ** choose.uniform(-4, 3)
    spread = choose.choice([0, 0.1, 1, 10])
    errors = [scale * 10 ** choose.uniform(-1, 0.5) for _ in range(k)]
    if choose.random() < 0.2:
        errors[0] *= 1e-3
    center = choose.uniform(-1, 1) * scale
    return [
        choose.gauss(center, error) + choose.gauss(0, spread * scale) for error in errors
    ], errors


def test_studies_of_any_kind_are_pooled_as_in_python(explored):
    choose = random.Random(23)
    sets = [made_up(choose) for _ in range(SELECTIONS)]
    found = explored.page.evaluate(
        "sets => sets.map(([y, se, t]) => Explore.pool.fit(y, se, t))",
        [[*one, float(stdtrit(len(one[0]) - 1, 0.975))] for one in sets],
    )
    for one, here in zip(sets, found, strict=True):
        there = evidence.pool(*one)
        size = max(abs(there.estimate), there.se)
        for name, python in PAIRS.items():
            wanted = getattr(there, python)
            if python == "tau2":
                assert here[name] == pytest.approx(wanted, rel=1e-6, abs=1e-9 * size**2), (
                    name,
                    one,
                )
            else:
                assert here[name] == pytest.approx(wanted, rel=1e-6, abs=1e-9 * size), (name, one)


def test_the_page_says_what_is_pooled(visit, ev):
    """Estimate and intervals in words, and of how many studies."""
    page = visit().explore("question=risk&pool=or_activity")
    one = evidence.size_pool(ev.select(question="risk", counted=True), "or_activity")
    said = page.locator("#pool-said").inner_text()
    assert f"{one.k} of {one.poolable.studies} studies" in said and "the rest is not in it" in said
    assert f"OR {one.summary['estimate']:.2f}" in said
    other = len(one.not_main)
    assert f"{other} of the {one.k} enter with another result than the main one" in said
    assert f"of the study: {one.others_said.split(',')[0]}." in said
    for effects in ([0.2], [-0.2, -0.1], [0.1, 0.2, 0.3], [0, 0.1, -1, 2], [0.0]):
        assert page.evaluate("Explore.captions.pointing", effects) == pointing(effects)
    once = visit().explore("question=risk&pool=or_activity&cohorts=possible")
    part = ev.select(question="risk", counted=True, one_per_cohort=True)
    gone = one.k - evidence.size_pool(part, "or_activity").k
    alone = once.locator("#pool-said").inner_text()
    assert gone > 1 and f"{gone} further reports have one, but another stands for" in alone
    alt = page.locator("#chart-forest").get_attribute("aria-label")
    for name in one.frame["label"]:
        assert name in alt
    assert 'evidence.size_pool(part, "or_activity")' in page.locator("#python").text_content()
    left = one.poolable.included["study_id"].iloc[0]
    page.evaluate("key => { location.hash += `&study_id=not:${key}` }", left)
    page.wait_for_function(
        "n => document.getElementById('pool-said').textContent.includes(n)",
        arg=f"{one.k - 1} of {one.poolable.studies - 1} studies",
    )
    page.evaluate("location.hash = 'design=not:case_control,not:cohort&population=animal'")
    page.locator("#no-sizes").wait_for()
    assert page.locator("#sizes").is_hidden()


def test_a_pool_of_few_studies_opens_when_it_is_asked_for(visit):
    """With its unit; the caption explains a diamond and a dashed line only where they are drawn."""
    page = visit().explore("question=treatment&population=human&design=rct")
    options = page.locator("#pool option").all_inner_texts()
    counts = [int(text.rpartition(": ")[2].split()[0]) for text in options[1:]]
    assert options[0] == "Choose one" and counts == sorted(counts, reverse=True)
    assert 0 < max(counts) < 3 and page.locator("#pool-drawn").is_hidden()
    assert "nothing is pooled" in page.locator("#pool-said").inner_text()
    page.select_option("#pool", "md_mip")
    page.locator("#chart-forest svg").wait_for()
    text = page.locator("#chart-forest").text_content()
    assert "MIP (cmH2O), 95" in text and page.locator("#pool-pooled").is_hidden()
    assert "diamond" not in page.locator("#pool-drawn figcaption").inner_text()
    page.evaluate("location.hash = 'question=risk&population=human'")
    page.locator("#pool-pooled").wait_for()
    assert "the diamond" in page.locator("#pool-drawn figcaption").inner_text()
    assert page.locator("#pool").input_value() == "or_activity"


CROSSED = """name => {
  const svg = document.querySelector(`#chart-${name} svg`);
  const box = (one) => one.getBoundingClientRect();
  const rules = [...svg.querySelectorAll("line")].map(box).filter(({ width, height }) => width < 3 && height > 8);
  const texts = [...svg.querySelectorAll("text")].map(box);
  return [rules.length, rules.filter((rule) => texts.some((text) => rule.left > text.left && rule.right < text.right && rule.top < text.bottom - 2 && rule.bottom > text.top + 2)).length];
}"""


@pytest.mark.parametrize("name", portion(["share", "forest"], 2))
@pytest.mark.parametrize("width", [390, 1280])
def test_no_line_is_drawn_through_words(visit, name, width):
    page = visit(viewport={"width": width, "height": 844}).explore("question=risk&by=exposure")
    page.locator(f"#chart-{name}").scroll_into_view_if_needed()
    page.locator(f"#chart-{name} svg text").first.wait_for()
    rules, crossed = page.evaluate(CROSSED, name)
    assert rules > 2 and crossed == 0
