"""Numbers in sentences: bound, declared, or noticed."""

from __future__ import annotations

import pytest

from evidence.notebooks_true.prose import bindings, unattached, unbound, written
from evidence.notebooks_true.settings import Settings
from evidence.notebooks_true.sheet import is_sheet

STRICT = Settings(prose="bound")
SENTENCES = [
    "There are {} studies.",
    "**{}** of them ({} %) agree",
    "- {} people, from {} groups",
    "| studies | {} |",
    "> {} of all.",
    "About {}, perhaps.",
    "It took {}-fold.",
    "![{} bars](picture.png)",
    "[{} studies](table.csv)",
    "A range of {}–{}.",
    "In 3<!-- =n --> groups and {} others",
    "Since Smith {} nothing",
    "_{}_ and *{}*",
    "_{} of them_",
    "weighs {}kg, the {}th",
    "where p<{} and n>30",
    "5 < {} and 20 > 3",
    "costs $ {} or €{}",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_made_up_number_is_noticed(sentence):
    for number in range(2, 100):
        assert str(number) in unbound(sentence.format(*[number] * 2), STRICT), number


@pytest.mark.parametrize(
    "text",
    [
        "`12` and ``13 `x` ``",
        "```\n12\n```",
        "~~~text\n12\n~~~\nafter",
        "$x_1 + 2$",
        "[link](a12.html) <https://x.org/12> https://x.org/12",
        "1. first\n2. second",
        "## 3. Third",
        "IL-6, p53, COVID-19 and H2O",
        "<!-- 12 --> <b id='12'>bold</b> &#8211;",
        "12<!-- =n --> 50 %<!-- =x:.0% --> -3<!-- =y --> 1,234<!-- =z:, -->",
        "70<!-- constant --> 95 %<!-- constant: level of intervals -->",
        "[1]: https://x.org/12",
        "A note[^1], x_1, v2.5.1, in 3D.",
    ],
)
def test_what_is_not_a_statement_is_not(text):
    assert unbound(text, STRICT) == []


def test_a_number_may_begin_with_its_point():
    assert unbound("p = .03, or p<.5", STRICT) == [".03", ".5"]


def test_constants_and_years():
    text = "At 95% (Boon 2021; Smith et al. 1998) of 70."
    assert unbound(text, STRICT) == ["95", "2021", "1998", "70"]
    assert unbound(text, Settings(constants=frozenset({"95", "70"}), years=True)) == []
    assert unbound("In all 2021 people", Settings(years=True)) == ["2021"]


@pytest.mark.parametrize(
    ("text", "shown", "says"),
    [
        ("28<!-- =n -->", "28", "n"),
        ("1,234<!--=n:,-->", "1,234", "n:,"),
        ("12.5 %<!-- =x:.1% -->", "12.5 %", "x:.1%"),
        ("(-3<!-- =y -->", "-3", "y"),
        ("3-5<!-- =y -->", "5", "y"),
        ("2e-5<!-- =p -->", "2e-5", "p"),
        ("![a (b)](x.png)<!-- =fig -->", "![a (b)](x.png)", "fig"),
    ],
)
def test_what_a_marker_is_bound_to(text, shown, says):
    (one,) = bindings(text)
    assert (one.shown, one.says) == (shown, says) and text[one.start : one.end] == shown


def test_markers_without_a_number_and_markers_in_code():
    assert list(unattached("some<!-- =n --> words")) == ["<!-- =n -->"]
    assert list(unattached("`28<!-- =n -->` and\n```\n28<!-- =n -->\n```\n")) == []
    assert bindings("```\n28<!-- =n -->\n```\n") == []


def test_values_are_written_where_they_stand():
    text = "Of 28<!-- =n --> studies 3<!-- =k --> differ, ![x](a.png)<!-- =f -->."
    first, second, third = bindings(text)
    made = written(text, {first: "1,030", second: "4", third: "iVBOR"})
    assert made == "Of 1,030<!-- =n --> studies 4<!-- =k --> differ, ![x](a.png)<!-- =f -->."


def test_a_passage_is_bound_as_a_whole():
    text = 'A <!-- [=" ".join(said) -->of 28, 3<!-- =] --> b 5<!-- =n -->.'
    passage, number = bindings(text)
    assert (passage.shown, passage.says) == ("of 28, 3", '" ".join(said)') and number.shown == "5"
    made = written(text, {passage: "of 29, 4", number: "6"})
    assert made == text.replace("of 28, 3", "of 29, 4").replace("5<", "6<")
    assert unbound(text, Settings()) == [] and list(unattached(text)) == []


@pytest.mark.parametrize("text", ["<!-- [=said -->of 28", "of 28<!-- =] -->"])
def test_a_passage_that_is_not_closed_is_told(text):
    assert len(list(unattached(text))) == 1 and unbound(text, Settings()) == ["28"]


def test_numbers_in_words():
    settings = Settings(words=True, constants=frozenset({"three"}))
    text = "Ninety-two per cent, five of three, a billion, none of the often fortified teens."
    assert unbound(text, settings) == ["Ninety-two", "five", "billion"]
    assert unbound(text, Settings()) == []


def test_a_page_inside_a_fence_is_an_example(tmp_path):
    page = tmp_path / "a.md"
    page.write_text("# A\n```\n<!-- true-notebooks\nn = 1\n-->\n```\n28\n", encoding="utf-8")
    assert not is_sheet(page)
