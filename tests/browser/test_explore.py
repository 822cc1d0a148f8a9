"""The page to explore gives the numbers of the Python functions, keeps its view in the address, and
gives away the right rows.
"""

from __future__ import annotations

import ast
import csv
import random
import re

import pandas as pd
import pytest
from portion import number, portion

import evidence
from evidence.model.columns import asked_column
from evidence.model.contrasts import contrasts
from evidence.synthesis.number_texts import percent, took_part_cell

SELECTIONS = {
    "everything": "",
    "treatment in people, randomised": "question=treatment&population=human&design=rct",
    "by direction": "lens=direction",
    "risk by exposure": "question=risk&by=exposure&lens=direction",
    "several designs": "design=cohort,case_control&population=human&by=design",
    "smallest size": "n=50&lens=direction",
    "years": "from=2005&to=2015&by=intensity",
    "intensity, not always stated": "intensity=high,moderate&by=intensity",
    "one vote per cohort": "cohorts=possible&lens=direction",
    "one vote per cohort, certain overlaps": "question=risk&cohorts=certain&by=exposure",
    "one vote per cohort, among the large": "cohorts=possible&n=100&from=2000",
    "one outcome domain": "outcome_domain=function&lens=direction",
    "one outcome domain, as concluded": "outcome_domain=muscle_strength,fatigue&population=human",
    "every outcome domain": "question=treatment&by=outcome_domain&lens=direction",
    "one domain, one vote per cohort": "outcome_domain=survival&cohorts=possible&lens=direction",
    "sources of the article": "cited=1",
    "contrast": "contrast=against_none,more_against_less&by=comparator&lens=direction",
    "an outcome on which some compare something else": "question=risk&outcome_domain=age_at_onset",
    "outcomes of one contrast": "design=rct&by=outcome_domain&contrast=against_none",
    "one outcome of two contrasts": "contrast=against_none,before_after&outcome_domain=function",
    "outcomes but for a contrast": "contrast=not:before_after&by=outcome_domain&lens=direction",
    "a sport among several": "sport=soccer&lens=direction",
    "sex, model and country": "animal_sex=male,both&country=United%20States&by=species",
    "a comparator": "comparator=no_exercise,sham&by=data_collection",
    "ruled out": "design=not:rct&question=treatment&population=human&lens=direction",
    "stated, but not one": "intensity=*,not:high&by=intensity",
    "not stated, or one": "sport=soccer,not:*&population=human",
    "studies ticked out": "question=risk&study_id=not:chio2005,not:chio2009&lens=direction",
    "studies by name": "study_id=drory2001,dalbellohaas2007",
    "thorough reading": "reading=abstract&confidence=high&lens=direction",
}
WORDS = {
    "concluded": ["harm", "benefit", "no_clear_difference", "mixed", "not_placed"],
    "direction": ["harm", "benefit", "mixed", "not_placed"],
}


def expected(ev: evidence.Evidence, code: str) -> tuple[evidence.Evidence, pd.DataFrame]:
    """What the line of Python on the page gives."""
    selecting, counting, *_ = code.splitlines()
    names = {"ev": ev, "evidence": evidence}
    part = eval(selecting.removeprefix("part = "), names)
    return part, eval(counting, names | {"part": part})


def counted_there(page, table: pd.DataFrame) -> pd.DataFrame:
    """Without the studies none of whose results vote on the outcome: Explore says how many."""
    if table.by != "outcome_domain":
        return table
    rest = table["outcome_domain"].isna()
    said = re.search(r"Not counted here: (\d+)", page.locator("#how-counted").inner_text())
    assert (int(said[1]) if said else 0) == table.loc[rest, "units"].sum()
    return table[~rest]


def shown(page, lens: str) -> list[dict[str, object]]:
    rows = page.locator("#numbers-body tr").all()
    found = []
    for row in rows:
        head, *cells = (
            cell.strip().replace("\u00a0%", " %")
            for cell in [row.locator("th").inner_text(), *row.locator("td").all_inner_texts()]
        )
        found.append(
            {"label": head}
            | dict(
                zip([*WORDS[lens], "units", "participants", "share", "test"], cells, strict=True)
            )
        )
    return found


@pytest.mark.parametrize(
    "address", portion(SELECTIONS.values(), 3), ids=portion(SELECTIONS.keys(), 3)
)
def test_numbers_are_those_of_python(explored, ev, address):
    page = explored.page
    page.evaluate("address => { location.hash = address }", address or "none")
    page.wait_for_timeout(60)
    lens = "direction" if "lens=direction" in address else "concluded"
    part, table = expected(ev, page.locator("#python").text_content())
    by, rows, table = table.by, shown(page, lens), counted_there(page, table)
    assert len(rows) == len(table) > 0
    words = evidence.charts.words(ev)
    tests = (
        evidence.sign_tests(table.rename(columns={"not_placed": "unreadable"}))
        if lens == "direction"
        else None
    )
    keys = [key for key in dict.fromkeys([*words.kept_apart, by]) if key]
    once = evidence.balance(part, by, "direction", unit="cohort").frame.set_index(keys)
    assert [row["label"].lower() for row in rows] == [
        label.lower() for label in words.rows(table, keys)
    ]
    for i, (row, (_, line)) in enumerate(zip(rows, table.iterrows(), strict=True)):
        assert [int(row[word]) for word in [*WORDS[lens], "units"]] == [
            line[word] for word in [*WORDS[lens], "units"]
        ], row
        size = took_part_cell(*line[["participants", "size_unknown", "studies"]])
        assert row["participants"] == size
        if tests is not None:
            apart = once.loc[tuple(line[keys])]
            assert row["test"] == test_text(tests.iloc[i], line["not_placed"], apart)
            if tests["directional"].iloc[i]:
                share, low, high = (
                    percent(tests[name].iloc[i]) for name in ("share", "share_low", "share_high")
                )
                assert (
                    row["share"] == f"{share} ({low} to {high}) of {tests['directional'].iloc[i]}"
                )
    assert page.locator("#status").inner_text().startswith(f"{len(part)} stud")
    assert steps(page) == list(
        part.selection[["kept", "removed", "unknown"]].iloc[1:].itertuples(index=False, name=None)
    )


BEFORE_IT_IS_SHOWN = """address => {
    document.querySelector("[data-clear]").click();
    const size = document.querySelector("[data-table=size]");
    size.value = "";  // rows that are turned away are not on the page
    size.dispatchEvent(new Event("change"));
    const copy = document.querySelector("main").cloneNode(true);
    const data = JSON.parse(document.getElementById("explore-data").textContent);
    Explore.mount({ element: copy, data, mark: "", start: "", address: () => address,
        keep: () => {}, link: () => "", load: async () => ({}) });
    const by = copy.querySelector("[name=by]");
    return [copy.querySelector("#status").textContent, by.value, by.disabled];
}"""


def test_it_starts_before_the_page_holds_it(explored):
    """As in JupyterLab, which may show an output after it was made."""
    by_type = "design=rct&by=exercise_type&outcome_domain=function"
    said, by, disabled = explored.page.evaluate(BEFORE_IT_IS_SHOWN, by_type)
    assert " studies, " in said and by == "exercise_type" and disabled


def test_text(test: pd.Series, silent: int, once: pd.Series) -> str:
    """The sign test in a cell, which shared groups, counted once, have to bear."""
    from evidence.synthesis.number_texts import p_text

    apart = evidence.sign_test(*(int(once[word]) for word in ("benefit", "harm", "not_placed")))
    if not test["directional"]:
        return ""
    if test["too_few"]:
        return "too few"
    if test["p_value"] < 0.05 and apart.n < test["directional"]:
        worst = f"; in the worst case {p_text(apart.p_worst)}" if apart.unreadable else ""
        said = "too few" if apart.too_few else p_text(apart.p_value) + worst
        return f"{p_text(test['p_value'])}; with shared groups once {said if apart.n else 'none'}"
    worst = f"; in the worst case {p_text(test['p_worst'])}" if silent else ""
    return p_text(test["p_value"]) + worst


test_text.__test__ = False


def steps(page) -> list[tuple[int, int, int]]:
    """Kept, left out, and left out because not known, for each condition."""
    found = []
    for text in page.locator("#steps li").all_text_contents():
        kept, removed, unknown = re.search(
            r"(\d+) kept, (\d+) left out(?:, of them (\d+) with no [\w ]+ stated)?", text
        ).groups()
        found.append((int(kept), int(removed), int(unknown or 0)))
    return found


def every(ev: evidence.Evidence, **only: str) -> str:
    """How many counted studies there are, as the page says it."""
    return f"{len(ev.select(counted=True, **only))} studies"


def test_clicks_and_address_give_the_same_view(visit, ev):
    page = visit().explore()
    for value in ("treatment", "human", "rct"):
        page.locator(f"#filters input[value={value}]").check()
    page.get_by_role("radio", name="Which way the numbers lean").check()
    page.locator("#studies [data-study]").first.uncheck()
    page.get_by_role("columnheader", name="Took part").first.click()
    page.wait_for_timeout(100)
    address = page.evaluate("location.href")
    seen = (
        page.locator("#numbers-body").inner_text(),
        page.locator("#studies tbody").inner_text(),
        page.locator("#status").inner_text(),
    )
    again = visit().explore(address.partition("#")[2])
    assert (
        again.locator("#numbers-body").inner_text(),
        again.locator("#studies tbody").inner_text(),
        again.locator("#status").inner_text(),
    ) == seen
    assert (
        again.locator("input[value=rct]").is_checked()
        and again.locator("input[value=direction]").is_checked()
    )
    again.get_by_role("button", name="Clear all").first.click()
    assert again.locator("#status").inner_text() == every(ev)


def test_a_strange_address_still_opens(visit, ev):
    page = visit().explore(
        "question=nonsense,risk&n=many&lens=size&by=colour&picked=9.9~up&order=99asc&x=1"
    )
    assert page.locator("input[value=risk]").is_checked() and page.locator(
        "#status"
    ).inner_text().startswith(every(ev, question="risk"))
    said = page.locator("#unknown")
    assert said.inner_text() == (
        "Left out, as these data know nothing of it: question=nonsense, n=many, lens=size,"
        " by=colour, picked=9.9~up, x=1."
    )
    page.get_by_text("Compare with another view").click()
    assert said.inner_text() == ""


@pytest.mark.parametrize(
    ("address", "read", "left"),
    [
        ("from=2000&from=2010", 2000, ["from=2010"]),
        ("from=&from=2010", None, ["from=2010"]),
        ("from=2000&from=2000", 2000, []),
        ("from=0x7d0", None, ["from=0x7d0"]),
        ("from=1e3", None, ["from=1e3"]),
        ("from=2000.7", None, ["from=2000.7"]),
        ("from=-2000", None, ["from=-2000"]),
        ("from=٢٠٠٠", None, ["from=٢٠٠٠"]),
        ("from=02000", 2000, []),
    ],
)
def test_years_are_read_as_python_reads_them(explored, ev, address, read, left):
    """What it refuses is left out here, and named."""
    script = """address => {
        const data = JSON.parse(document.getElementById("explore-data").textContent);
        return [Explore.view.read(address, data).from, Explore.view.unknown(address, data)];
    }"""
    assert explored.page.evaluate(script, address) == [read, left]
    if left:
        with pytest.raises(evidence.UsageError, match="from"):
            evidence.Query.from_address(ev, address)
    else:
        assert evidence.Query.from_address(ev, address).years == (read, None)


@pytest.mark.parametrize("address", [*SELECTIONS.values(), "question=risk&beside=design%3Drct"])
def test_an_address_that_is_known_is_taken_as_a_whole(explored, address):
    script = """address => Explore.view.unknown(
        address, JSON.parse(document.getElementById("explore-data").textContent))"""
    assert explored.page.evaluate(script, address) == []


def test_what_the_other_view_does_not_know_is_told_too(visit):
    page = visit().explore("question=risk&beside=design%3Drct,rtc%26from%3Dlate")
    assert page.locator("#unknown").inner_text().endswith(": design=rtc, from=late.")


@pytest.mark.parametrize(
    "address",
    portion(
        [
            "lens=constructor",
            "lens=__proto__&picked=0~toString",
            "by=__proto__&design=__proto__",
            "constructor=x&toString=1&__proto__=1",
        ],
        2,
    ),
)
def test_names_that_every_object_has_are_not_choices(visit, ev, address):
    page = visit().explore(address)
    assert (
        page.locator("input[value=concluded]").is_checked() and page.locator("#picked").is_hidden()
    )
    assert page.locator("#status").inner_text() == every(ev)


def test_a_value_stays_a_text_in_the_line_of_python(visit):
    odd = 'rct"); import os  # \\'
    view = {
        "chosen": {"design": [odd, "é"]},
        "retracted": False,
        "from": None,
        "to": None,
        "n": None,
        "cited": False,
        "cohorts": "",
        "lens": "concluded",
    }
    said = (
        visit()
        .explore("")
        .evaluate("view => Explore.words.python({asked: ['design']}, view, '')", view)
    )
    texts = [node.value for node in ast.walk(ast.parse(said)) if isinstance(node, ast.Constant)]
    assert (
        odd in texts
        and "é" in texts
        and not any(isinstance(node, ast.Import) for node in ast.walk(ast.parse(said)))
    )


def test_facet_numbers_say_what_a_further_choice_gives(visit, ev):
    page = visit().explore("question=treatment&population=human&design=rct")
    offered = page.locator("label:has([name=design]) .offer").all_inner_texts()
    labels = page.locator("input[name=design] + span").all_inner_texts()
    part = (
        ev.select(question="treatment", population="human", counted=True)
        .studies["design"]
        .value_counts()
    )
    assert {label: int(n) for label, n in zip(labels, offered, strict=True) if n != "0"} == {
        ev.dictionary.label("design", design): n for design, n in part.items() if n
    }


def test_picking_a_number_lists_its_studies(visit, ev):
    page = visit().explore("question=treatment&population=human&design=rct&lens=direction")
    page.locator("button.count[data-word=not_placed]").click()
    votes = evidence.votes(
        ev.select(question="treatment", population="human", design="rct", counted=True),
        lens="direction",
    )
    wanted = set(ev.names[votes.loc[votes["vote"].isna(), "study_id"]])
    assert set(page.locator("#studies tbody th").all_inner_texts()) == wanted
    assert page.evaluate("document.activeElement.id") == "picked", "the list is in focus"
    assert page.locator("#picked").is_visible()
    page.get_by_role("button", name="Show all of the selection").click()
    part = ev.select(question="treatment", population="human", design="rct", counted=True)
    assert page.locator("#studies tbody tr").count() == len(part)
    assert "shown again" in page.locator("#heard").inner_text()
    assert page.evaluate("document.activeElement.dataset.word") == "not_placed", (
        "the keyboard is back where it was"
    )


def test_the_list_says_what_studies_find_on_the_chosen_outcome(visit, ev):
    """Not what they conclude as a whole, which the chart above it does not count."""
    page = visit().explore("outcome_domain=fatigue&population=human&question=treatment")
    part = ev.select(
        outcome_domain="fatigue", population="human", question="treatment", counted=True
    )

    def said() -> dict[str, dict[str, str]]:
        rows = page.locator("#studies tbody tr").all()
        return {
            row.locator("th").inner_text(): {
                lens: row.locator("td").nth(place).inner_text().removeprefix(f"{head}:").strip()
                for lens, place, head in (
                    ("concluded", 5, "Authors conclude"),
                    ("direction", 6, "Numbers lean to"),
                )
            }
            for row in rows
        }

    looks = {"benefit": "Better", "harm": "Worse", "mixed": "Mixed"}
    silent = {"concluded": "No conclusion", "direction": "Direction not reported"}
    looks["no_clear_difference"] = "No clear difference"
    for lens in ("concluded", "direction"):
        votes = evidence.votes(part, lens=lens).set_index("study_id")["vote"]
        wanted = {ev.names[key]: looks.get(vote, silent[lens]) for key, vote in votes.items()}
        assert {name: row[lens] for name, row in said().items()} == wanted
    on_outcome = said()
    assert "on the chosen outcomes" in page.locator("[data-table=means]").inner_text()
    page.locator("[data-clear]").first.click()
    again = said()
    assert any(on_outcome[name] != again.get(name, on_outcome[name]) for name in on_outcome)
    assert "main result" in page.locator("[data-table=means]").inner_text()


def test_the_order_of_the_list_follows_the_address(visit, ev):
    """An address that is pasted into the open page, and what clears all conditions."""
    page = visit().explore("question=treatment&design=rct")

    def years() -> list[int]:
        return [int(text) for text in page.locator("#studies td[data-head=Year]").all_inner_texts()]

    plain = years()
    page.evaluate("location.hash = 'question=treatment&design=rct&order=2desc'")
    page.wait_for_function("document.querySelectorAll('#studies [aria-sort=descending]').length")
    assert years() == sorted(plain, reverse=True) != plain
    page.locator("[data-clear]").first.click()
    assert "order" not in page.url and not page.locator("#studies [aria-sort=descending]").count()


def test_the_keyboard_stays_on_the_study_that_it_left_out(visit):
    page = visit().explore("question=risk")
    box = page.locator("#studies [data-study]").nth(3)
    key = box.get_attribute("data-study")
    box.focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.dataset.study") == key


def test_an_address_within_an_address_is_read_once(visit):
    """One that nests thousands does not end the page."""
    page = visit().explore("beside=" + "beside%3D" * 2000)
    assert "studies" in page.locator("#status").inner_text()


def test_any_study_can_be_left_out(visit, ev):
    """Numbers, address and code follow, and the study can be ticked in again."""
    page = visit().explore("question=risk&lens=direction")
    first = page.locator("#studies [data-study]").first
    key = first.get_attribute("data-study")
    first.uncheck()
    assert f"study_id=not:{key}" in page.evaluate("location.hash")
    part = ev.select(question="risk", counted=True)
    assert page.locator("#status").inner_text().startswith(f"{len(part) - 1} studies")
    assert "is left out" in page.locator("#heard").inner_text()
    chosen, _ = expected(ev, page.locator("#python").text_content())
    assert len(chosen) == len(part) - 1 and key not in set(chosen.studies["study_id"])
    again = evidence.Query.from_address(ev, page.evaluate("location.href")).part(ev)
    assert set(again.studies["study_id"]) == set(chosen.studies["study_id"])
    page.locator(f"#studies [data-study='{key}']").check()
    assert page.locator("#status").inner_text().startswith(f"{len(part)} studies")


def test_words_that_are_looked_for_become_a_selection(visit, ev):
    page = visit().explore()
    page.get_by_label("Search everything").fill("soccer")
    page.get_by_role("button", name="Only these").click()
    ids = set(evidence.find(ev, "soccer").frame.query("table == 'studies'")["id"])
    counted = ids & set(ev.studies.loc[ev.studies["counted"], "study_id"])
    assert page.locator("#status").inner_text().startswith(f"{len(counted)} studies")
    chosen, _ = expected(ev, page.locator("#python").text_content())
    assert set(chosen.studies["study_id"]) == counted
    said = f"{len(counted)} studies by name, after a search for “soccer”"
    assert page.locator("#conditions").inner_text() == said and "search=soccer" in page.url
    page.locator("#studies [data-study]").first.uncheck()
    assert said in page.locator("#conditions").inner_text()
    again = visit().explore(page.url.partition("#")[2])
    assert said in again.locator("#conditions").inner_text()
    assert "which may be about more" in again.locator("#how-counted").inner_text()
    again.get_by_text("What each condition kept and left out").first.click()
    again.get_by_role("button", name="Remove").click()
    assert "search=" not in again.url
    assert "about more" not in again.locator("#how-counted").inner_text()


def test_a_sport_selects_studies_whose_main_result_may_be_about_more(visit, ev, tmp_path):
    """The slide says so, and of how many of the same question no sport is known."""
    page = visit().explore("sport=soccer")
    said = "with its main result, which may be about more than what is chosen"
    assert said in page.locator("#how-counted").inner_text()
    with page.expect_download() as waiting:
        page.locator("#view [data-picture='balance.txt']").click()
    waiting.value.save_as(tmp_path / "balance.txt")
    text = (tmp_path / "balance.txt").read_text(encoding="utf-8")
    part = ev.select(question="risk", population="human", counted=True)
    n = part.studies["sport"].isna().sum()
    assert said in text and f"Left out, with no sport stated: {n} studies." in text
    page.evaluate("location.hash = 'design=rct'")
    page.wait_for_function(
        "!document.getElementById('how-counted').textContent.includes('more than')"
    )


def test_rows_of_outcomes_hold_only_what_compares_as_asked_for(visit, ev):
    """A trial against none also prints how its groups changed: that is another comparison."""
    page = visit().explore("design=rct&by=outcome_domain&contrast=against_none")
    part, table = expected(ev, page.locator("#python").text_content())
    assert set(contrasts(part).dropna()) == {"against_none"}
    whole = evidence.balance(
        ev.select(design="rct", study_id=list(part.studies["study_id"]), counted=True),
        by="outcome_domain",
    )
    assert 0 < table["units"].sum() < whole["units"].sum()
    rows = evidence.outcomes(part).frame
    assert rows["studies"].sum() == table["units"].sum()
    assert "without a comparison" not in page.locator("#how-counted").inner_text()
    page.evaluate("location.hash = 'design=rct&by=outcome_domain'")
    said = page.locator("#how-counted", has_text="without a comparison group").inner_text()
    whole = ev.select(design="rct", counted=True)
    after = whole.findings[contrasts(whole) == "before_after"]
    pairs = after[["study_id", "outcome_domain"]].drop_duplicates()
    assert f"before against after {len(pairs)}" in said


def test_an_outcome_is_called_as_on_its_own_page(visit, ev):
    """A later start is not less of a disease, and patients against patients do not vote."""
    page = visit().explore("question=risk&by=outcome_domain")
    for domain in ("age_at_onset", "other"):
        label = ev.dictionary.label("outcome_domain", domain)
        row = page.locator("#numbers-body tr", has=page.get_by_role("rowheader", name=label))
        said = row.locator("button").first.get_attribute("aria-label")
        assert f"{label}, {ev.dictionary.sides({'question': 'risk'})['harm']}" not in said
        assert any(
            f"{label}, {word}" in said
            for word in ev.dictionary.sides({"question": "risk", "outcome_domain": domain}).values()
        )
    said = page.locator("#how-counted").inner_text()
    assert "with all its results there, not its main one alone: mixed unless they agree" in said
    page.evaluate("location.hash = 'question=risk&outcome_domain=age_at_onset'")
    said = page.locator("#how-counted", has_text="Not counted here").inner_text()
    part = ev.select(question="risk", outcome_domain="age_at_onset", counted=True)
    silent = len(part) - evidence.votes(part, by="outcome_domain")["study_id"].nunique()
    assert silent
    assert f"Not counted here: {silent} studies whose results on this compare something" in said
    assert "Not stated" not in page.locator("#numbers-body").inner_text()


def test_offers_of_a_contrast_know_the_outcome(visit, ev):
    page = visit().explore("outcome_domain=function")
    offered = page.locator("label:has([name=contrast]) .offer").all_text_contents()
    values = page.locator("[name=contrast]").evaluate_all("all => all.map((one) => one.value)")
    there = {
        value: str(len(ev.select(contrast=value, outcome_domain="function", counted=True)))
        for value in values
    }
    assert dict(zip(values, offered, strict=True)) == there


def test_a_lean_has_to_be_borne_by_shared_groups_counted_once(visit, ev, tmp_path):
    """As on the first page: reports of one cohort count as one toss of a coin."""
    page = visit().explore("sport=soccer&question=risk&lens=direction")
    part = ev.select(sport="soccer", question="risk", counted=True)
    shared = part.studies["cohort"].duplicated(keep=False) & part.studies["cohort"].notna()
    said = f"{shared.sum()} of {len(part)} reports share, or may share, people or animals"
    alt = page.locator("#chart-share").get_attribute("aria-label")
    assert said in alt and "too few to test" in alt and "unlikely" not in alt
    assert "groups once: too few" in page.locator("#chart-share").text_content()
    with page.expect_download() as waiting:
        page.locator("#view [data-picture='share.txt']").click()
    waiting.value.save_as(tmp_path / "share.txt")
    notes = (tmp_path / "share.txt").read_text(encoding="utf-8").split("Alt text:")[1]
    assert notes.count(said) == 2 and "unlikely" not in notes
    page.evaluate("location.hash += '&cohorts=possible'")
    page.wait_for_function("!document.getElementById('numbers-body').textContent.includes('once')")
    assert "too few" in page.locator("#numbers-body").inner_text()


RANDOM = random.Random(5)


def random_address(ev: evidence.Evidence) -> str:
    """An address with up to four conditions, as the page or a person may write it."""
    columns = ["question", "population", "design", "sport", "comparator", "contrast", "country"]
    columns += ["animal_sex", "species", "genotype", "data_collection", "outcome_domain"]
    given = {}
    for name in RANDOM.sample(columns, RANDOM.randrange(1, 5)):
        known = list(asked_column(ev.dictionary, name).values(ev))
        values = RANDOM.sample(known, min(len(known), RANDOM.randrange(1, 4)))
        out = RANDOM.random() < 0.3 and name not in ("question", "population")
        given[name] = [f"not:{value}" for value in values] if out else values
    if RANDOM.random() < 0.3:
        given["study_id"] = [f"not:{key}" for key in RANDOM.sample(list(ev.studies["study_id"]), 3)]
    query = evidence.Query.of(ev, counted=True, years=(RANDOM.choice([None, 2000]), None), **given)
    return query.address


def test_random_queries_choose_the_same_studies(explored, ev):
    page = explored.page
    for _ in range(number(150, 6)):
        address = random_address(ev)
        ids = page.evaluate(
            """address => {
            const data = JSON.parse(document.getElementById("explore-data").textContent);
            const view = Explore.view.read(address, data);
            const { rows } = Explore.selection.select(data, view);
            return [rows.map((i) => data.studies.id[i]), Explore.view.write(view, data)]; }""",
            address,
        )
        part = evidence.Query.from_address(ev, address).part(ev)
        assert ids[0] == part.studies["study_id"].to_list(), address
        again = evidence.Query.from_address(ev, ids[1]).part(ev)
        assert again.studies["study_id"].to_list() == ids[0], (address, ids[1])


def test_a_bar_can_be_clicked(visit):
    page = visit().explore("question=treatment&population=human")
    page.locator("#chart-balance .mark-rect path").nth(1).click()
    assert "better" in page.locator("#picked-said").inner_text() and "picked=" in page.evaluate(
        "location.hash"
    )


@pytest.mark.parametrize("chart", ["studies", "forest"])
def test_a_mark_finds_its_study_in_the_list(visit, chart):
    """Its second click undoes that, and says so."""
    page = visit().explore("question=risk")
    mark = page.locator(f"#chart-{chart} .mark-symbol path").last
    mark.click(force=True)
    assert page.evaluate("document.activeElement.id") == "picked"
    assert page.locator("#studies tbody tr").count() == 1
    name = page.locator("#studies tbody th").inner_text()
    assert name in page.locator("#picked-said").inner_text() and "picked=study~" in page.url
    mark.click(force=True)
    assert "shown again" in page.locator("#heard").inner_text()
    assert page.locator("#picked").is_hidden()


def test_a_mark_of_a_share_lists_its_studies(visit, ev):
    """Those whose results point one way, as the number beside it; a second click undoes it."""
    page = visit().explore("question=risk&lens=direction")
    part = ev.select(question="risk", counted=True)
    votes = evidence.votes(part, lens="direction").set_index("study_id")["vote"]
    pointing = set(ev.names[votes.index[votes.isin(["benefit", "harm"])]])
    for lens in ("direction", "concluded"):
        page.locator(f"input[value={lens}]").check()
        page.locator("#chart-share .mark-symbol path").first.click(force=True)
        assert page.evaluate("document.activeElement.id") == "picked"
        assert page.locator("#picked").bounding_box()["y"] < 900, "the list is in view"
        assert (
            "picked=" in page.url and "point one way" in page.locator("#picked-said").inner_text()
        )
        page.locator("[data-table=size]").select_option("all")
        assert set(page.locator("#studies tbody th").all_inner_texts()) == pointing
        page.locator("#chart-share .mark-symbol path").first.click(force=True)
        assert "shown again" in page.locator("#heard").inner_text()
        assert page.evaluate("document.activeElement.dataset.word") == "lean"
        assert page.locator("#picked").is_hidden()
    page.locator("button.lean").click()
    assert page.locator("#studies tbody tr").count() == len(pointing), "by keyboard, too"


def test_the_list_turns_sorts_and_knows_who_is_left_out(visit, ev):
    """Also on pages that were not shown before."""
    counted = ev.select(counted=True).studies
    last = counted["study_id"].iloc[-1]
    page = visit().explore(f"study_id=not:{last}&order=1desc")
    said = page.locator("[data-table=said]")
    assert said.text_content() == f"1 to 25 of {len(counted)} studies"
    names = page.locator("#studies tbody th")
    assert names.first.text_content() > names.last.text_content()
    page.get_by_role("columnheader", name="Study").click()
    assert (
        "order=" not in page.url
        and names.first.inner_text() == ev.names[counted["study_id"].iloc[0]]
    )
    page.get_by_role("button", name="Last").click()
    assert said.inner_text().endswith(f"to {len(counted)} of {len(counted)} studies")
    assert not page.locator(f"[data-study='{last}']").is_checked()
    assert page.get_by_role("button", name="Next").is_disabled()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#studies tbody tr").count() == len(counted)


@pytest.mark.parametrize(("words", "found"), [("chio", "Chiò"), ("72007", "")])
def test_the_list_of_studies_is_searched_without_accents(visit, words, found):
    """Each cell by itself: a year does not follow on what stands before it."""
    page = visit().open("studies/index.html")
    page.wait_for_selector("html[data-ready='1']")
    page.locator("[data-table=seek]").fill(words)
    names = page.locator("#studies tbody th").all_inner_texts()
    assert bool(names) == bool(found) and all(found in name for name in names)


def test_a_line_does_not_end_before_a_sign_of_percent(explored):
    page = explored.page
    page.evaluate("location.hash = 'question=risk'")
    page.wait_for_function("document.getElementById('status').textContent.length")
    text = page.locator("main").inner_text()
    assert "\u00a0%" in text and not re.search(r"\d %", text)


def test_rows_to_take_along(visit, ev, tmp_path):
    page = visit().explore("question=treatment&population=human&design=rct&n=20")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="These studies (CSV)").click()
    waiting.value.save_as(tmp_path / "rows.csv")
    part = ev.select(
        question="treatment", population="human", design="rct", min_sample_size=20, counted=True
    )
    with (ev.dictionary.folder / "studies.csv").open(encoding="utf-8", newline="") as file:
        source = {row["study_id"]: row for row in csv.DictReader(file)}
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [source[key] for key in part.studies["study_id"]]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_slide_says_what_it_shows(visit, tmp_path, kind):
    page = visit().explore("question=treatment&population=human&design=rct&lens=direction")
    with page.expect_download() as waiting:
        page.locator(f"#view [data-picture='balance.{kind}']").click()
    waiting.value.save_as(tmp_path / "slide")
    content = (tmp_path / "slide").read_bytes()
    if kind == "png":
        assert content.startswith(b"\x89PNG") and int.from_bytes(content[16:20]) >= 1600
        return
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))
    for words in (
        "which way do the studies point?",
        "direction of effect",
        "Direction not reported: ",
        "Source: ",
        "CC BY 4.0",
        "2026",
        "Not medical advice",
    ):
        assert words in text, words
    assert b"<title" in content and b"<desc" in content


def test_a_newcomer_needs_four_clicks_at_most(visit, ev):
    """From the first page to a slide of randomised treatment studies in people."""
    page = visit().open("index.html")
    page.get_by_role("link", name="Does exercise slow").first.click()
    page.get_by_role("link", name="Explore the counted studies").click()
    page.wait_for_selector("html[data-ready='1']", state="attached")
    page.get_by_label("Randomised trial").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Slide chart (PNG)").click()
    assert waiting.value.suggested_filename.endswith(".png")
    assert (
        page.locator("#status")
        .inner_text()
        .startswith(every(ev, question="treatment", population="human", design="rct"))
    )


def test_by_keyboard_alone(visit, ev):
    page = visit().explore()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "human":
            break
    page.keyboard.press("Space")
    assert page.locator("#status").inner_text().startswith(every(ev, population="human"))
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.word") == "benefit":
            break
    page.keyboard.press("Enter")
    assert "Shown in the table" in page.locator("#picked").inner_text()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus can be seen"


def test_nothing_left_says_so(visit):
    page = visit().explore("population=animal&design=rct")
    assert page.locator("#status").inner_text() == "No study meets all conditions."
    assert page.locator("#nothing").is_visible() and not page.locator("#charts").is_visible()
    assert "No study meets the conditions" in page.locator("#studies tbody").inner_text()
