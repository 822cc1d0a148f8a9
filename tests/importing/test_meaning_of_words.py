"""A word of a file is not turned into another one that only looks like it."""

from __future__ import annotations

import pytest

from evidence.importing import words
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.vocabulary import _randomised


def made(tmp_path, text: str):
    """What becomes of a table."""
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return new_set_from(tmp_path / "set", path, notebooks=False)


def column(incoming, name: str, table: str = "findings") -> list[str]:
    return getattr(incoming.placed, table)[name].to_list()


OPPOSITES = (
    "Significant difference|significant differences|No improvement|Favours no treatment|unimproved|"
    "significant effect|clear difference|association|conclusive|Significativo|consistent|"
    "signifikanter Unterschied|Favours no intervention|disfavours intervention|unharmful|"
    "favours non-intervention|in favour of no treatment|unbeneficial|unprotective|défavorable|"
    "No beneficioso|No empeoramiento|not inconclusive|nicht besser|kein Schaden|no harm|"
    "not in favour|un-favorable|non-beneficial|unhelpful|ineffective|kein Nutzen|"
    "benefit?|↓ benefit|≠ no difference|harm (?)"
)
MISTYPED = {
    "benefical": "benefit",
    "Benfit": "benefit",
    "Benefits": "benefit",
    "favours interventon": "benefit",
    "improvment": "benefit",
    "harmfull": "harm",
    "unfavourable": "harm",
    "worsend": "harm",
    "no diference": "no_clear_difference",
    "No signficant difference": "no_clear_difference",
    "inconcusive": "no_clear_difference",
    "kein Unterscheid": "no_clear_difference",
    "no statistically significant difference": "no_clear_difference",
    "inconsistant": "mixed",
}


@pytest.mark.parametrize("cell", OPPOSITES.split("|"))
def test_what_looks_like_its_opposite_is_not_read(cell):
    for read in (words.conclusion, words.observed):
        assert read(cell).text == ""
        assert read(cell).why


@pytest.mark.parametrize(("cell", "code"), MISTYPED.items())
def test_a_mistyped_word_is_still_read(cell, code):
    assert words.conclusion(cell).text == code


def test_an_opposite_is_listed_in_the_import(tmp_path):
    table = (
        "Study,Year,Outcome,Result\nAdams,2010,pain,no clear difference\n"
        "Baker,2011,pain,Significant difference\nClark,2012,pain,benefical\nDiaz,2013,pain,harm\n"
        "Evans,2014,pain,Favours no treatment\n"
    )
    incoming = made(tmp_path, table)
    read = ["no_clear_difference", "", "benefit", "harm", ""]
    assert column(incoming, "conclusion") == read
    listed = " ".join(fault.message for fault in incoming.placed.faults)
    assert "'Significant difference'" in listed
    assert "'Favours no treatment'" in listed


CODES = {
    "HIV+": "hiv_plus",
    "HIV-": "hiv_minus",
    "HIV− women": "hiv_minus_women",
    "≥65 years": "at_least_65_years",
    ">= 65 years": "at_least_65_years",
    "<65 years": "below_65_years",
    "≤ 65 years": "at_most_65_years",
    ">1 cup": "above_1_cup",
    "α-blocker": "alpha_blocker",
    "β-blocker": "beta_blocker",
    "ER+/PR-": "er_plus_pr_minus",
    "ER-/PR+": "er_minus_pr_plus",
    "TNF-α": "tnf_alpha",
    "TNFβ": "tnf_beta",
    "10 µg": "10_micro_g",
    "10 μg": "10_micro_g",
    "10 g": "10_g",
    "μ-opioid": "mu_opioid",
    "5%": "5_percent",
    "-10 °C": "minus_10_c",
    "1–2 cups": "1_2_cups",
    "12 cups": "12_cups",
    "1½ cups": "1_1_2_cups",
    "Mice ♀": "mice_female",
    # without such signs, codes are as ever
    "two-words": "two_words",
    "short- and long-term": "short_and_long_term",
    "Pre-/post-test": "pre_post_test",
    "x - y": "x_y",
    "A -> B": "a_b",
    "CO<sub>2</sub>": "co_2",
    "10-20 mg": "10_20_mg",
    "Größe (mm)": "grosse_mm",
    "Søvn, Łódź": "sovn_lodz",
    "Saʿd": "sad",
    # letters of other alphabets count, too
    "成人 65": "u6210u4eba_65",
    "٦٥": "65",
    "Витамин D": "x94a599ce9aed_d",
    "ВИТАМИН D": "x94a599ce9aed_d",
    "ガン": "u30acu30f3",
    "ｶﾞﾝ": "u30acu30f3",
}
# Words that differ in letters of other alphabets, vowels that are marks, and long ones.
PAIRS = (
    "成人 65|儿童 65",
    "针灸 A|中药 A",
    "Витамин D|Аналог D",
    "мой|мои",
    "के|का",
    "ա1|嘚1",
    "աa|嘚",
    "Ενήλικες 65|Παιδιά 65",
    "膝の痛みを持つ成人患者|膝の痛みを持つ成人男性",
    "بالغون 65|أطفال 65",
    "Bær|Bør",
)


@pytest.mark.parametrize("pair", PAIRS)
def test_words_of_other_alphabets_are_different(pair):
    one, other = map(words.own, pair.split("|"))
    assert one.text and other.text and one.text != other.text
    assert all(one.isascii() and one.replace("_", "").isalnum() for one in (one.text, other.text))


def test_a_table_in_other_alphabets(tmp_path):
    table = (
        "Study,Year,Population,Outcome,年齢,性別\n王2003,2003,成人 65,疼痛 A,41,男 5\n"
        "李2003,2003,儿童 65,睡眠 A,42,女 5\n"
        "Иванов 2004,2004,膝の痛みを持つ成人患者,疼痛 A,43,男 5\n"
    )
    incoming = made(tmp_path, table)
    ids = ["u738b2003", "u674e2003", "x918d04eb5d3e2004"]
    assert sorted(column(incoming, "study_id", "studies")) == sorted(ids)
    assert len(set(column(incoming, "population", "studies"))) == 3
    assert len(set(column(incoming, "outcome_domain"))) == 2
    assert not incoming.placed.faults
    labels = {
        name: {word["label"] for word in incoming.placed.vocabularies[name]}
        for name in ("population", "outcome_domain")
    }
    assert labels["population"] == {"成人 65", "儿童 65", "膝の痛みを持つ成人患者"}
    assert labels["outcome_domain"] == {"疼痛 A", "睡眠 A"}
    own = [field["title"] for field in incoming.placed.columns["studies"]]
    assert {"年齢", "性別"} <= set(own)


@pytest.mark.parametrize(("cell", "code"), CODES.items())
def test_words_that_differ_in_signs_are_different(cell, code):
    assert words.own(cell).text == code


def test_populations_that_differ_in_a_sign_stay_two(tmp_path):
    table = (
        "Study,Year,Population,Exposure,Outcome,SMD,SE\n"
        "Adams,2010,HIV+,α-blocker,pain >1 h,0.3,0.1\n"
        "Baker,2011,HIV-,β-blocker,pain <1 h,0.2,0.1\nClark,2012,hiv +,β-blocker,pain,0.2,0.1\n"
    )
    incoming = made(tmp_path, table)
    assert column(incoming, "population", "studies") == ["hiv_plus", "hiv_minus", "hiv_plus"]
    assert column(incoming, "exposure", "studies")[:2] == ["alpha_blocker", "beta_blocker"]
    assert column(incoming, "outcome_domain") == ["pain_above_1_h", "pain_below_1_h", "pain"]


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Quasi-randomised trial", "not told"),
        ("Un-randomized", "not told"),
        ("unrandomised", "not told"),
        ("Pseudo-randomised", "not told"),
        ("Not a truly randomised trial", "not told"),
        ("Randomised or nonrandomised", "not told"),
        ("Randomised: no", "not told"),
        ("Cluster-randomised trial", True),
        ("Non-blinded randomised trial", True),
        ("Randomised trial, no blinding", True),
    ],
)
def test_only_a_randomised_design_is_called_one(label, says):
    assert _randomised(label) == says
