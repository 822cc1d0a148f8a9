"""Forms of tables that published meta-analyses share: what each column is, and what is asked."""

from __future__ import annotations

import io
import unicodedata

import openpyxl
import pytest

import evidence
from evidence.importing.from_spreadsheet import new_set_from


def made(tmp_path, text, **options):
    """What becomes of a table, and the data set as it is loaded."""
    tmp_path.mkdir(exist_ok=True)
    source = tmp_path / "table.csv"
    source.write_text(text, encoding="utf-8")
    incoming = new_set_from(tmp_path / "set", source, notebooks=False, **options)
    return incoming, evidence.load(tmp_path / "set")


def roles(incoming):
    return {one.theirs: one.ours for one in incoming.placed.proposals}


@pytest.mark.parametrize("name", ["Author", "author", "first author"])
@pytest.mark.parametrize("form", ["{} et al., {}", "{} ({})", "{} {}", "{}, {}"])
def test_authors_with_their_years_are_names_of_studies(tmp_path, name, form):
    """Two papers of one author in two years are two studies."""
    who = [("Ash", "2010"), ("Ash", "2017a"), ("Ash", "2017b"), ("Elm", "2012")]
    rows = [f'"{form.format(*one)}",{place},40,9,41' for place, one in enumerate(who, start=3)]
    incoming, ev = made(tmp_path, "\n".join([f"{name},event.e,n.e,event.c,n.c", *rows]))
    assert roles(incoming)[name] == "study" and incoming.faults == []
    assert len(ev.studies) == len(ev.findings) == 4
    assert ev.studies["year"].to_list() == [2010, 2017, 2017, 2012]


def test_authors_beside_their_years_stay_authors(tmp_path):
    incoming, ev = made(tmp_path, "Author,Year,Result\nAsh A,2010,benefit\nElm B,2012,harm\n")
    assert roles(incoming)["Author"] == "author" and len(ev.studies) == 2


@pytest.mark.parametrize("lower", ["lower", "CI low", "ci_lwr"])
def test_one_end_is_not_an_interval(tmp_path, lower):
    incoming, ev = made(tmp_path, f"Study,SMD,{lower}\nAsh 2010,0.3,0.1\nElm 2012,0.2,-0.1\n")
    assert roles(incoming)[lower] == "own" and incoming.faults == []
    assert f"{lower!r} was not read, as the other end" in incoming.report
    assert ev.findings["estimate"].to_list() == [0.3, 0.2]


@pytest.mark.parametrize(("low", "high"), [("ci_low", "ci_upp"), ("lwr", "upr")])
def test_both_ends_are_one(tmp_path, low, high):
    rows = "Ash 2010,0.3,0.1,0.5\nElm 2012,0.2,-0.1,0.5\n"
    incoming, ev = made(tmp_path, f"Study,SMD,{low},{high}\n{rows}", ci_level="95")
    assert ev.findings["ci_high"].to_list() == [0.5, 0.5] and incoming.faults == []


BEFORE_AND_AFTER = (
    "Study,IG_n,IG_Mean_post,IG_SD_post,IG_Mean_pre,IG_SD_pre,"
    "CG_n,CG_Mean_post,CG_SD_post,CG_Mean_pre,CG_SD_pre,Hedges_g,SE\n"
    "Ash 2010,7,32.4,9.1,28.4,9.1,7,28.5,9.1,27.8,9.1,0.4383,0.5072\n"
    "Elm 2012,11,30.0,5.0,28.0,4.0,12,28.0,4.0,27.0,5.0,0.2673,0.4043\n"
)


def test_one_effect_beside_numbers_of_before_and_after_is_one_finding(tmp_path):
    incoming, ev = made(tmp_path, BEFORE_AND_AFTER)
    assert len(ev.studies) == len(ev.findings) == 2
    assert ev.findings["estimate"].to_list() == [0.4383, 0.2673]
    assert ev.findings["ci_low"].to_list() == pytest.approx([-0.5558, -0.5251], abs=5e-4)
    assert roles(incoming)["SE"] == "se"


def test_an_error_is_not_the_spread_of_an_arm(tmp_path):
    """SE is also the spread S of the arm E, where the other arm has one: Sc."""
    text = "Study,Ne,Me,Se,Nc,Mc,Sc\nAsh 2010,20,5,1.5,21,4,1.4\nElm 2012,30,6,1.1,30,5,1.2\n"
    incoming, _ = made(tmp_path, text)
    assert roles(incoming)["Se"] == "sd_exposed" and incoming.faults == []
    beside = "Study,SE,sd exp,mean exp,n exp,sd con,mean con,n con\nAsh 2010,0.3,2,5,20,2,4,21\n"
    (tmp_path / "table.csv").write_text(beside, encoding="utf-8")
    again = new_set_from(tmp_path / "two", tmp_path / "table.csv", notebooks=False)
    assert roles(again)["SE"] != "sd_exposed" and roles(again)["sd exp"] == "sd_exposed"


def test_an_outcome_that_is_not_told_is_filled(tmp_path):
    text = "Study,OR,SE,outcome_type\nAsh 2010,1.2,0.1,Pain\nAsh 2010,1.1,0.2,NA\nElm 2012,1,0.1,\n"
    incoming, ev = made(tmp_path, text)
    assert incoming.faults == []
    assert ev.findings["outcome"].to_list()[1:] == ["not stated in the file"] * 2


def test_a_measure_without_an_estimate_is_told_and_left_out(tmp_path):
    text = "Study,measure,estimate\nAsh 2010,OR,1.2\nElm 2012,OR,\n"
    incoming, _ = made(tmp_path, text)
    assert incoming.faults == []
    found = [(fault.line, fault.column, fault.record) for fault in incoming.placed.faults]
    assert found == [(3, "measure", "OR")]


def test_numbers_that_count_groups_are_not_sizes(tmp_path):
    """As pandas and R write whole numbers of a column with gaps."""
    rows = [f"Ash {2000 + i},0.{i},0.1,{i}.0" for i in range(1, 7)]
    incoming, ev = made(tmp_path, "\n".join(["study,yi,vi,participants", *rows]))
    assert roles(incoming)["participants"] == "own" and ev.studies["sample_size"].isna().all()


def test_letters_hold_their_accents_in_every_column(tmp_path):
    apart = unicodedata.normalize("NFD", "Müller 2010,0.3,0.1,Café,Größe")
    incoming, ev = made(tmp_path, f"Study,yi,vi,place,{apart.split(',')[-1]}\n{apart}\n")
    assert incoming.faults == []
    assert "Café" in ev.findings.to_csv() + ev.studies.to_csv()


@pytest.mark.parametrize(("studies", "told"), [(4, 4), (5, 0)])
def test_authors_that_differ_in_many_studies_are_of_their_rows(tmp_path, studies, told):
    """In a few it can be a slip, and each is listed."""
    rows = [
        f"s{i},Ash,0.{j},0.1" if i > studies or j < 2 else f"s{i},Elm,0.{j},0.1"
        for i in range(1, 13)
        for j in range(1, 3)
    ]
    incoming, ev = made(tmp_path, "\n".join(["study_id,author,yi,vi", *rows]))
    assert len(incoming.placed.faults) == told
    assert ("author_of_row" in ev.findings) is (not told)
    assert ("the first of each is taken" in incoming.report) is (not told)


def test_a_cell_with_a_format_far_below_is_not_of_the_table(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    for row in (["Study", "N", "Result"], ["Ash 2010", 40, "benefit"], ["Elm 2012", 50, "harm"]):
        page.append(row)
    page.cell(1_000_000, 40).font = openpyxl.styles.Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    source = tmp_path / "table.xlsx"
    source.write_bytes(stream.getvalue())
    incoming = new_set_from(tmp_path / "set", source, notebooks=False)
    assert len(incoming.placed.studies) == 2


def test_a_sample_of_nobody_is_told(tmp_path):
    text = "Study,N,yi,vi\nAsh 2010,0,0.1,0.1\nElm 2012,40,0.2,0.1\n"
    incoming, ev = made(tmp_path, text)
    assert incoming.faults == [] and ev.studies["sample_size"].dropna().to_list() == [40]
    assert [fault.message for fault in incoming.placed.faults] == ["'0' is below 1"]


@pytest.mark.parametrize(
    ("names", "target"),
    [
        ("se_beta", "se"),
        ("beta_se", "se"),
        ("var_effect", "variance"),
    ],
)
def test_an_error_of_a_named_estimate(tmp_path, names, target):
    text = f"study,beta,{names}\nAsh 2010,0.3,0.1\nElm 2012,0.2,0.1\n"
    incoming, ev = made(tmp_path, text)
    assert roles(incoming)[names] == target and ev.findings["ci_low"].notna().all()


def test_an_interval_of_a_named_estimate(tmp_path):
    text = "study,beta,CI_lower_beta,CI_upper_beta\nAsh 2010,0.3,0.1,0.5\nElm 2012,0.2,0,0.4\n"
    _, ev = made(tmp_path, text, ci_level="95")
    assert ev.findings["ci_high"].to_list() == [0.5, 0.4]


@pytest.mark.parametrize("name", ["effect_result", "conclusion", "observations", "notes"])
def test_numbers_are_neither_conclusions_nor_notes(tmp_path, name):
    text = f"study,yi,vi,{name}\nAsh 2010,0.3,0.1,1\nElm 2012,0.2,0.1,-1\n"
    incoming, _ = made(tmp_path, text)
    assert roles(incoming)[name] == "own" and incoming.faults == []


def test_ids_in_one_word(tmp_path):
    incoming, ev = made(tmp_path, "idstudy,yi,vi\n15,0.3,0.1\n15,0.2,0.1\n16,0.1,0.1\n")
    assert roles(incoming)["idstudy"] == "study_id" and len(ev.studies) == 2


TWO_SAMPLES = """study,author,year,title,DOI,n,yi,vi
Smith 2010a,Smith,2010,Tea in two samples,10.1000/abc,30,0.3,0.02
Smith 2010b,Smith,2010,Tea in two samples,10.1000/abc,50,0.1,0.03
Jones 2012,Jones,2012,Tea once more,10.1000/def,60,0.2,0.02
"""


def test_samples_of_one_paper_are_asked_about_and_become_one_study(tmp_path):
    """Which of the two readings holds is not in the file; each is one flag away."""
    incoming, ev = made(tmp_path, TWO_SAMPLES, ci_level="95")
    assert "'smith2010a' and 'smith2010b'" in incoming.report
    assert "--map 'DOI=study'" in incoming.report and len(ev.studies) == 3
    incoming, ev = made(tmp_path / "once", TWO_SAMPLES, ci_level="95", mapping={"DOI": "study"})
    assert "share their DOI" not in incoming.report and incoming.faults == []
    assert ev.studies["doi"].to_list() == ["10.1000/def", "10.1000/abc"]
    assert ev.findings["study_id"].to_list() == ["jones2012", "smith2010", "smith2010"]


def test_studies_called_by_their_dois_alone_keep_them(tmp_path):
    text = "study,n,yi,vi\nhttps://doi.org/10.1000/ABC,30,0.3,0.02\n10.1000/def,50,0.1,0.03\n"
    _, ev = made(tmp_path, text, ci_level="95")
    assert sorted(ev.studies["doi"]) == ["10.1000/abc", "10.1000/def"]


def test_effects_beside_each_other_are_asked_about(tmp_path):
    text = "study,yi_r,vi_r,yi_d,vi_d\nAsh 2010,0.3,0.02,0.6,0.08\nElm 2012,0.2,0.02,0.4,0.08\n"
    incoming, _ = made(tmp_path, text)
    assert "'yi_r' with 'vi_r', 'yi_d' with 'vi_d'" in incoming.report
    assert "--map 'yi_r=estimate' --map 'vi_r=variance' reads one" in incoming.report
    mapping = {"yi_r": "estimate", "vi_r": "variance"}
    incoming, ev = made(tmp_path / "one", text, mapping=mapping, ci_level="95")
    assert "no effect was read" not in incoming.report
    assert ev.findings["ci_low"].notna().all()


def test_randomised_trials_of_a_new_set_are_known(tmp_path):
    """What is not told is not denied."""
    text = "Study,Design,Result\nA 2001,RCT,benefit\nB 2002,cohort study,benefit\n"
    _, ev = made(tmp_path, text)
    assert evidence.outcomes(ev).frame["randomised"].sum() == 1
    _, ev = made(tmp_path / "own", text.replace("RCT", "randomized crossover"))
    assert evidence.outcomes(ev).frame["randomised"].sum() == 1
    _, ev = made(tmp_path / "untold", "Study,Result\nA 2001,benefit\nB 2002,harm\n")
    assert ev.dictionary.designs("not told")[-1] == "not_stated"
