"""Ten things that readers want, each in at most three actions, on a desktop and on a telephone."""

from __future__ import annotations

import pytest
from portion import portion

import evidence

MOST = 3


class Hand:
    """Counts what a reader does."""

    def __init__(self, page):
        self.page, self.actions = page, 0

    def __call__(self, name: str, *given: object, **more: object) -> None:
        """One action on a locator, such as ``hand("click", locator)``."""
        locator, *rest = given
        getattr(locator, name)(*rest, **more)
        self.actions += 1
        assert self.actions <= MOST

    def open_filters(self) -> None:
        if self.page.locator("#filters-box").get_attribute("open") is None:
            self("click", self.page.locator("#filters-box > summary"))


@pytest.fixture(params=[1280, 390])
def hand(visit, request):
    page = visit(viewport={"width": request.param, "height": 844}).explore()
    return Hand(page)


def counted(ev, words: str) -> int:
    ids = set(evidence.find(ev, words).frame.query("table == 'studies'")["id"])
    return len(ids & set(ev.studies.loc[ev.studies["counted"], "study_id"]))


def test_randomised_trials_by_outcome(hand, ev):
    hand.open_filters()
    hand("check", hand.page.locator("#filters input[value=rct]"))
    hand("select_option", hand.page.get_by_label("Rows"), "outcome_domain")
    part = ev.select(counted=True, design="rct")
    assert hand.page.locator("#numbers-body tr").count() == len(
        evidence.balance(part, by="outcome_domain").frame
    )


def test_animals_by_sex(hand, ev):
    hand.open_filters()
    hand("check", hand.page.locator("#filters input[value=animal]"))
    hand("select_option", hand.page.get_by_label("Rows"), "animal_sex")
    part = ev.select(counted=True, population="animal")
    table = evidence.balance(part, by="animal_sex").frame
    assert hand.page.locator("#numbers-body tr").count() == len(table)


@pytest.mark.parametrize("words", portion(["soccer", "Chiò", "falls", "fatigue", "C9orf72"], 2))
def test_words_that_are_looked_for(hand, ev, words):
    hand("fill", hand.page.get_by_label("Search everything"), words)
    n = counted(ev, words)
    if n:
        hand("click", hand.page.get_by_role("button", name="Only these"))
        said = "1 study" if n == 1 else f"{n} studies"
        assert hand.page.locator("#status").inner_text().startswith(said)
    else:
        hand.page.locator("#sought:not(:empty)").wait_for()


def test_share_this_view(hand):
    hand.open_filters()
    hand("check", hand.page.locator("#filters input[value=rct]"))
    hand("click", hand.page.get_by_role("button", name="Copy the address"))
    hand.page.locator("#copied:not(:empty)").wait_for()
    assert "design=rct" in hand.page.evaluate("location.href")


def test_a_slide_of_it(hand):
    with hand.page.expect_download() as waiting:
        hand("click", hand.page.get_by_role("button", name="Slide chart (PNG)"))
    assert waiting.value.suggested_filename == "balance.png"


def test_which_studies_are_counted_in_a_number(hand, ev):
    hand("click", hand.page.locator("button.count[data-word=harm]").first)
    n = int(evidence.balance(ev, None).frame["harm"].iloc[0])
    assert f"{n} studies" in hand.page.locator("#picked-said").inner_text()
    assert hand.page.locator("#picked").bounding_box()["y"] < 844, "the list is in view"
