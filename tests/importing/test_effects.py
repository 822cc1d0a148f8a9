"""Effects as people report them: what is worked out, by which formula, and how it is marked."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

import evidence
from evidence.importing.arms import arm_columns
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.placing import place
from evidence.importing.sheet import read_sheet

CASES = Path(__file__).with_name("cases")
ROOT = Path(__file__).parents[2]


def placed(tmp_path, text: str, **options):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return place(read_sheet(path), **options)


def numbers(made, row: int = 0) -> list[float]:
    line = made.findings.iloc[row]
    return [float(line[name]) for name in ("estimate", "ci_low", "ci_high")]


def test_the_case_of_a_standard_error(tmp_path):
    file = CASES / "standard_error" / "table.csv"
    made = new_set_from(tmp_path / "set", file, notebooks=False, benefit="above")
    low, high = numbers(made.placed)[1:]
    assert low == pytest.approx(0.30 - 1.959964 * 0.20, abs=1e-4)
    assert high == pytest.approx(0.30 + 1.959964 * 0.20, abs=1e-4)
    assert set(made.placed.findings["estimate_origin"]) == {"computed_from_standard_error"}
    assert made.placed.findings["se"].to_list()[0] == "0.20" and not made.faults
    ev = evidence.load(tmp_path / "set")
    assert [pool.measure for pool in ev.pools.itertuples()] == ["SMD"]
    found = evidence.poolable(ev, "SMD", ev.pool_criteria)
    assert found.included["se"].round(3).to_list() == [0.2, 0.15, 0.18, 0.12]


def test_a_table_of_effects_alone_is_a_valid_set(tmp_path):
    source = ROOT / "examples" / "exercise_after_infarction" / "zhang.csv"
    made = new_set_from(tmp_path / "set", source, notebooks=False, ci_level="95")
    assert made.faults == [] and made.placed.faults == []
    assert len(made.placed.studies) == 22
    assert set(made.placed.findings["conclusion"]) == {"not_stated"}
    assert "the file does not say what the authors conclude" in made.report
    ev = evidence.load(tmp_path / "set")
    table = evidence.balance(ev)
    assert table["not_placed"].to_list() == [22] and table["placed"].to_list() == [0]


@pytest.mark.parametrize(
    "name", ["SE", "se", "sei", "Std. Error", "standard error", "SE(SMD)", "seSMD"]
)
def test_names_of_a_standard_error(tmp_path, name):
    made = placed(tmp_path, f"Study,SMD,{name}\nA 2010,0.5,0.1\nB 2011,0.2,0.2\n")
    assert numbers(made) == pytest.approx([0.5, 0.304, 0.696], abs=1e-3)


@pytest.mark.parametrize("name", ["vi", "var", "Variance", "sampling variance", "varSMD"])
def test_names_of_a_variance(tmp_path, name):
    made = placed(tmp_path, f"Study,SMD,{name}\nA 2010,0.5,0.01\nB 2011,0.2,0.04\n")
    assert numbers(made) == pytest.approx([0.5, 0.304, 0.696], abs=1e-3)


def test_an_effect_without_a_name_of_its_kind(tmp_path):
    made = placed(tmp_path, "study,yi,vi\nA 2010,-0.5,0.01\nB 2011,0.2,0.04\n")
    assert made.findings["measure"].to_list() == ["ES", "ES"]
    assert any("--map 'yi=estimate:SMD'" in note for note in made.notes)
    text = "study,effect size,lower,upper\nA 2010,0.5,0.25,1\nB 2011,2,1,4\nC 2012,4,1,16\n"
    made = placed(tmp_path, text, ci_level="95")
    assert set(made.findings["measure"]) == {"other"}, "ratios are not pooled as differences"


@pytest.mark.parametrize(
    "header", ["OR,SE", "logOR,SE", "ln OR,se(log OR)", "lnHR,selnHR", "log RR,var(log RR)"]
)
def test_ratios_are_worked_out_on_their_logarithm(tmp_path, header):
    log, spread = math.log(2), 0.3
    first = "2" if header.startswith("OR") else f"{log:.8f}"
    second = spread**2 if "var" in header else spread
    made = placed(tmp_path, f"Study,{header}\nA 2010,{first},{second}\nB 2011,{first},{second}\n")
    want = [2, 2 * math.exp(-1.959964 * spread), 2 * math.exp(1.959964 * spread)]
    assert numbers(made) == pytest.approx(want, rel=1e-3)
    assert made.findings["measure"].iloc[0] in ("OR", "HR", "RR")


def test_an_interval_of_the_file_is_never_replaced(tmp_path):
    text = "Study,SMD,lower,upper,SE\nA 2010,0.5,0.1,0.9,0.1\nB 2011,0.5,,,0.1\n"
    made = placed(tmp_path, text, ci_level="90")
    assert made.findings["ci_low"].to_list()[0] == "0.1"
    assert made.findings["ci_level"].to_list() == ["90", "95"]
    assert made.findings["estimate_origin"].to_list() == [
        "stated_in_file",
        "computed_from_standard_error",
    ]


COUNTS = [
    ("ai,n1i,ci,n2i", "4,123,11,139"),
    ("tpos,tneg,cpos,cneg", "4,119,11,128"),
    ("ai,bi,ci,di", "4,119,11,128"),
    ("Ee,Ne,Ec,Nc", "4,123,11,139"),
    ("xTi,nTi,xCi,nCi", "4,123,11,139"),
    ("events treatment,total treatment,events control,total control", "4,123,11,139"),
    ("Intervention events,Intervention n,Control events,Control n", "4,123,11,139"),
    ("x.drug,n.drug,x.placebo,n.placebo", "4,123,11,139"),
    ("tea_arm_event,tea_arm_total,control_arm_event,control_arm_total", "4,123,11,139"),
]


@pytest.mark.parametrize(("header", "cells"), COUNTS)
def test_counts_of_two_arms(tmp_path, header, cells):
    """Aronson (1948) of the trials of a vaccine: RR 0.41 (0.13 to 1.26), as metafor prints."""
    made = placed(tmp_path, f"author,year,{header}\nAronson,1948,{cells}\nOther,1949,{cells}\n")
    assert numbers(made) == pytest.approx([0.4109, 0.1343, 1.2574], abs=2e-3)
    assert set(made.findings["measure"]) == {"RR"}
    assert set(made.findings["estimate_origin"]) == {"computed_from_counts"}
    assert made.studies["study_id"].to_list() == ["aronson1948", "other1949"]


def test_another_measure_of_counts(tmp_path):
    text = "study,ai,n1i,ci,n2i\nA 2010,4,123,11,139\nB 2011,4,123,11,139\n"
    made = placed(tmp_path, text, given={"ai": "events_exposed:OR"})
    assert numbers(made) == pytest.approx([0.3912, 0.1213, 1.2613], abs=2e-3)
    text = text.replace("study,", "study,design,").replace("10,4", "10,case-control,4")
    text = text.replace("11,4", "11,case-control,4")
    assert set(placed(tmp_path, text).findings["measure"]) == {"OR"}, (
        "no risk in a case-control study"
    )


def test_empty_cells_and_tables_that_say_nothing(tmp_path):
    rows = "A 2010,0,20,5,20\nB 2011,0,20,0,20\nC 2012,30,20,1,20\nD 2013,,20,1,20\n"
    made = placed(tmp_path, "study,ai,n1i,ci,n2i\n" + rows)
    want = math.log(0.5 / 21) - math.log(5.5 / 21)
    error = math.sqrt(1 / 0.5 - 1 / 21 + 1 / 5.5 - 1 / 21)
    assert numbers(made)[0] == pytest.approx(math.exp(want), rel=1e-3)
    assert numbers(made)[1] == pytest.approx(math.exp(want - 1.959964 * error), rel=1e-3)
    assert made.findings["estimate"].to_list()[1:] == ["", "", ""]
    assert any("3 rows (lines 3, 4, 5) say nothing of an effect" in note for note in made.notes)


@pytest.mark.filterwarnings("error")
def test_arms_too_small_for_a_standardised_difference_are_told(tmp_path):
    text = "study,n1i,m1i,sd1i,n2i,m2i,sd2i\nA 2010,1,5,1,2,3,1\n"
    for rows in (text, text + "B 2011,20,5,1,20,3,1\n"):
        made = placed(tmp_path, rows, given={"m1i": "mean_exposed:SMD"})
        first = made.findings[made.findings["study_id"] == "a2010"].iloc[0]
        assert not first.get("estimate", "") and not first.get("ci_low", "")
        assert any("1 row (lines 2) says nothing of an effect" in note for note in made.notes)
        assert any("too small" in note for note in made.notes)


MEANS = [
    "n1i,m1i,sd1i,n2i,m2i,sd2i",
    "Ne,Me,Se,Nc,Mc,Sc",
    "nti,mti,sdti,nci,mci,sdci",
    "Tea_N,Tea_M,Tea_SD,Control_N,Control_M,Control_SD",
    (
        "N (intervention),Mean (intervention),SD (intervention),N (control),Mean (control),SD"
        " (control)"
    ),
]


@pytest.mark.parametrize("header", MEANS)
def test_means_of_two_arms(tmp_path, header):
    text = f"study,{header}\nA 2010,30,32.8,6.5,30,28.7,7.5\nB 2011,30,32.8,6.5,30,28.7,7.5\n"
    made = placed(tmp_path, text)
    assert numbers(made) == pytest.approx(
        [4.1, 4.1 - 1.959964 * 1.812, 4.1 + 1.959964 * 1.812], abs=5e-3
    )
    assert set(made.findings["measure"]) == {"MD"}
    theirs = next(p.theirs for p in made.proposals if p.ours == "mean_exposed")
    made = placed(tmp_path, text, given={theirs: "mean_exposed:SMD"})
    assert numbers(made)[0] == pytest.approx(0.577, abs=1e-3)


def test_rates(tmp_path):
    text = "study,x1i,t1i,x2i,t2i\nA 2010,18,1000,36,1000\nB 2011,18,1000,36,1000\n"
    made = placed(tmp_path, text)
    assert numbers(made) == pytest.approx([0.5, 0.2840, 0.8805], abs=2e-3)


def test_an_exact_p_value(tmp_path):
    text = "Study,MD,p\nA 2010,-0.5,0.0455\nB 2011,-0.5,<0.05\nC 2012,0,0.9\n"
    made = placed(tmp_path, text)
    assert numbers(made) == pytest.approx([-0.5, -0.99, -0.01], abs=1e-3)
    assert made.findings["estimate_origin"].to_list() == [
        "computed_from_p_value",
        "stated_in_file",
        "stated_in_file",
    ]
    assert made.findings["ci_low"].to_list()[1:] == ["", ""], "a bound is not an exact p-value"


def test_correlations(tmp_path):
    made = placed(tmp_path, "study,ni,ri\nA 2010,28,0.5\nB 2011,103,-.2\nC 2012,3,.1\n")
    assert numbers(made) == pytest.approx([0.5493, 0.5493 - 0.392, 0.5493 + 0.392], abs=1e-3)
    assert made.findings["measure"].to_list() == ["ZCOR", "ZCOR", ""]


@pytest.mark.parametrize(
    "names",
    [
        ["y1", "sd1", "n1", "y2", "sd2", "n2", "y3", "sd3", "n3"],
        ["nei", "nci", "e1i", "c1i", "e2i", "c2i"],
        ["ai", "n1i"],
        ["mean age control", "sd age control", "n control", "n treatment"],
        ["Me", "Se", "Mc", "Sc"],
    ],
    ids=["three arms", "two times", "one arm", "of something else", "without sizes"],
)
def test_parts_of_a_set_are_left_alone(names):
    assert arm_columns(names, set(names))[0] == {}


def test_several_sets_are_asked_about(tmp_path):
    text = "trial,nti,nci,b.xti,b.xci,d.xti,d.xci\nA 2010,50,50,1,2,3,4\nB 2011,60,60,4,3,2,1\n"
    made = placed(tmp_path, text)
    assert made.findings["estimate"].to_list() == ["", ""]
    (note,) = [note for note in made.notes if "several sets" in note]
    assert "--map 'b.xti=events_exposed'" in note or "--map 'nti=n_exposed'" in note


def test_sizes_of_rows_are_not_sizes_of_studies(tmp_path):
    text = "study,treatment,n,death\nA 2010,x,10,1\nA 2010,y,12,2\nB 2011,x,20,3\nB 2011,y,22,4\n"
    made = placed(tmp_path, text)
    assert made.studies["sample_size"].to_list() == ["", ""] and not made.faults
    assert made.findings["sample_size_of_row"].to_list() == ["10", "12", "20", "22"]


def test_no_pool_of_different_things(tmp_path):
    text = "Study,Comparator,SMD,SE\nA 2010,placebo,0.5,0.1\nB 2011,usual care,0.2,0.2\n"
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert not (tmp_path / "set" / "pools.csv").exists() and made.placed.notes
    made = new_set_from(tmp_path / "two", path, notebooks=False, tables=["pools"])
    assert (tmp_path / "two" / "pools.csv").read_text(encoding="utf-8").count("\n") == 1


def test_with_a_table_of_arms(tmp_path):
    file = CASES / "standard_error" / "table.csv"
    made = new_set_from(tmp_path / "set", file, notebooks=False, tables=["arms"])
    assert made.faults == []


def test_the_case_of_small_numbers(tmp_path):
    """Two decimals say nothing of 0.0004; labels of a wide axis do not overlap."""
    file = CASES / "small_numbers" / "table.csv"
    made = new_set_from(tmp_path / "set", file, notebooks=False, benefit="below", ci_level="95")
    assert not made.faults
    pool = evidence.size_pool(evidence.load(tmp_path / "set"), "all_hr")
    chart = pool.chart()
    assert "0.02 (0.0004 to 1.00)" in chart.alt and "30,000 (0.0001 to " in chart.alt
    chart.figure.canvas.draw()
    axes = [ax for ax in chart.figure.axes if ax.get_xscale() == "log"]
    for ax in axes:
        low, high = ax.get_xlim()
        shown = [t for t in ax.get_xticklabels() if low <= t.get_position()[0] <= high]
        boxes = [t.get_window_extent() for t in shown if t.get_text()]
        boxes = sorted(boxes, key=lambda box: box.x0)
        assert len(boxes) >= 3
        assert all(one.x1 < other.x0 for one, other in itertools.pairwise(boxes))
    assert axes


def test_small_numbers_in_the_sentence_of_a_pool(tmp_path):
    path = tmp_path / "table.csv"
    rows = "".join(f"Study{n},201{n},0.000{n + 2},0.0001\n" for n in range(4))
    path.write_text("Study,Year,SMD,SE\n" + rows, encoding="utf-8")
    new_set_from(tmp_path / "set", path, notebooks=False, benefit="above")
    (pool,) = evidence.size_pools(evidence.load(tmp_path / "set"))
    assert "0.00 " not in pool.verdict and "SMD 0.0003" in pool.verdict


@pytest.mark.parametrize(
    ("text", "measure", "right"),
    [
        # Events among people in one cell, means with their standard deviation, person-years.
        (
            "study,Deaths (drug),Deaths (placebo)\nA,12/24 (50%),8/22 (36%)\nB,5/30,9/31\n",
            "RR",
            1.375,
        ),
        (
            "study,Mean (SD) drug,N drug,Mean (SD) placebo,N placebo\n"
            "A,3.1 (1.2),28,4.0 (1.3),27\nB,3.5 ± 1.0,55,3.9 ± 1.1,55\n",
            "MD",
            -0.9,
        ),
        (
            "study,Events exp,Person-years exp,Events ctrl,Person-years ctrl\n"
            "A,12,1000,20,990\nB,30,2500,41,2410\n",
            "RR",
            0.594,
        ),
        (
            "study,Mean T,SE T,N T,Mean C,SE C,N C\n"
            "A,5.1,0.2,50,6.0,0.3,50\nB,4.9,0.2,50,5.5,0.3,50\n",
            "MD",
            -0.9,
        ),
        ("study,g,se,kind of effect\nA,0.30,0.1,x\nB,0.20,0.1,y\n", "SMD", 0.3),
        ("study,d,se\nA,0.30,0.1\nB,0.20,0.1\n", "SMD", 0.3),
        ("study,Hedges' g,Variance of g\nA,0.30,0.01\nB,0.20,0.04\n", "SMD", 0.3),
    ],
)
def test_other_ways_to_report_an_effect(tmp_path, text, measure, right):
    made = placed(tmp_path, text)
    assert numbers(made)[0] == pytest.approx(right, abs=1e-4)
    assert set(made.findings["measure"]) == {measure} and (made.findings["ci_low"] != "").all()


def test_a_letter_without_a_measure_of_precision_is_not_an_effect(tmp_path):
    assert placed(tmp_path, "study,d\nA,0.3\nB,0.2\n").proposals[1].ours == "own"


def test_another_measure_is_asked_for_by_the_name_of_the_column(tmp_path):
    text = "study,Deaths (drug),Deaths (placebo)\nA,12/24,8/22\nB,5/30,9/31\n"
    made = placed(tmp_path, text)
    assert any("--map 'Deaths (drug)=events_n_exposed:OR' works out OR" in n for n in made.notes)
    made = placed(tmp_path, text, given={"Deaths (drug)": "events_n_exposed:OR"})
    assert numbers(made)[0] == pytest.approx(12 * 14 / (12 * 8), abs=1e-4)


ARMS_OF = "Study,Year,N treatment,{0} treatment,N control,{0} control\nA,2001,50,10,50,12\n"


@pytest.mark.parametrize("what", ["Median", "SD", "Score", "VAS", "Cost", "Weeks", "Dose", "Mean"])
def test_amounts_are_not_counted(tmp_path, what):
    """Ten of fifty may be people; a median of ten is not."""
    made = new_set_from(_written(tmp_path, ARMS_OF.format(what)), tmp_path / "t.csv")
    assert not made.placed.findings["estimate"].any()


def test_deaths_are_counted(tmp_path):
    made = new_set_from(_written(tmp_path, ARMS_OF.format("Stroke")), tmp_path / "t.csv")
    assert made.placed.findings["measure"].to_list() == ["RR"]


def _written(tmp_path, text: str) -> Path:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    return tmp_path / "set"


MEANS_OF = (
    "Study,N treatment,Mean treatment,SD treatment,N control,Mean control,SD control,Design\n"
)


@pytest.mark.parametrize("arms", ["50,30,-5,50,35,6", "1,40,5,58,42,6", "40,30,0,40,31,2"])
def test_a_spread_that_cannot_be_makes_no_interval(tmp_path, arms):
    made = placed(tmp_path, f"{MEANS_OF}A 2001,{arms},rct\n")
    assert not made.findings["estimate"].any()
    assert any("their spread is 0 or less" in note for note in made.notes)


def test_crossover_trials_are_told(tmp_path):
    made = placed(tmp_path, f"{MEANS_OF}A 2001,20,10,8,20,12,9,Cross-over trial\n")
    assert numbers(made)[0] == -2
    assert any("1 effect is of crossover trials" in note for note in made.notes)


def test_an_error_and_a_variance_that_differ_are_told(tmp_path):
    text = "Study,N,SMD,SE,variance\nA 2001,100,0.3,0.2,0.09\nB 2002,100,0.3,0.2,0.04\n"
    made = placed(tmp_path, text)
    assert made.findings["ci_low"].to_list() == ["", "-0.09199"]
    assert any("1 row has a standard error beside another variance" in note for note in made.notes)


@pytest.mark.parametrize("name", ["SE(OR)", "se_or", "SE of OR"])
def test_an_error_of_the_ratio_is_asked_about(tmp_path, name):
    text = f"Study,N,OR,{name}\nA 2001,100,2.5,0.9\n"
    made = placed(tmp_path, text)
    assert not made.findings["ci_low"].any()
    assert any(f"--map '{name}=se'" in note for note in made.notes)
    assert placed(tmp_path, text, given={name: "se"}).findings["ci_low"].to_list() == ["0.4284"]
