"""What numbers of two arms are: outcomes or who took part, counts or percentages, which side."""

from __future__ import annotations

import math

import pytest
from portion import portion

from evidence.importing.from_spreadsheet import new_set_from, read_mapping

HEAD = "Study,Year,Design,Outcome,"


def made(tmp_path, header: str, *cells: str, head: str = HEAD, outcome: str = "Pain", **options):
    """The import of a table with the given columns."""
    own = {HEAD: f",RCT,{outcome}", "Study,Year,": ""}[head]
    lines = [f"Smith {2000 + i},{2000 + i}{own},{row}" for i, row in enumerate(cells)]
    source = tmp_path / "table.csv"
    tmp_path.mkdir(exist_ok=True)
    source.write_text("\n".join([head + header, *lines]) + "\n", encoding="utf-8")
    incoming = new_set_from(tmp_path / "set", source, notebooks=False, **options)
    assert not incoming.faults
    return incoming


def effects(incoming) -> list[tuple[str, str, float]]:
    """Outcome, measure and estimate of each finding that has one."""
    findings = incoming.placed.findings
    whole = findings[findings["estimate"] != ""]
    return [
        (row.outcome, row.measure, float(row.estimate))
        for row in whole[["outcome", "measure", "estimate"]].itertuples(index=False)
    ]


def roles(incoming) -> dict[str, str]:
    return {one.theirs: one.ours for one in incoming.placed.proposals}


@pytest.mark.parametrize(
    "name",
    portion(
        ["Age", "BMI", "Weight at baseline", "Height", "Pre", "Baseline pain", "Education years"], 2
    ),
)
def test_what_was_before_makes_no_effect(tmp_path, name):
    header = (
        f"{name} mean intervention,{name} SD intervention,N intervention,"
        f"{name} mean control,{name} SD control,N control,Result"
    )
    cells = ("50.1,8,40,52.3,9,41,beneficial", "60.1,8,40,62.3,9,41,no difference")
    incoming = made(tmp_path, header, *cells)
    assert effects(incoming) == []
    assert roles(incoming)[f"{name} mean intervention"] == "own"
    assert roles(incoming)["N intervention"] == "n_exposed"
    assert f"{name} mean intervention, {name} SD intervention" in incoming.report
    assert "say who took part or what was before" in incoming.report
    assert not (tmp_path / "set" / "pools.csv").exists()


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Women (intervention),N intervention,Women (control),N control", "12,40,20,41"),
        ("% male intervention,N intervention,% male control,N control", "12,40,20,41"),
        ("Women (intervention),Women (control)", "12/40,20/41"),
        ("Female drug,N drug,Female placebo,N placebo", "12,40,20,41"),
    ],
)
def test_who_took_part_makes_no_outcome(tmp_path, header, cells):
    incoming = made(tmp_path, header, cells, cells)
    assert effects(incoming) == [] and "say who took part" in incoming.report


def test_who_took_part_beside_an_outcome_leaves_it(tmp_path):
    incoming = made(
        tmp_path,
        "Age mean drug,Age SD drug,Mean drug,SD drug,N drug,"
        "Age mean placebo,Age SD placebo,Mean placebo,SD placebo,N placebo",
        "50,9,4.0,1.5,40,52,9,6.0,1.5,41",
        "50,9,4.5,1.5,40,52,9,6.0,1.5,41",
    )
    assert effects(incoming) == [("Pain", "MD", -2.0), ("Pain", "MD", -1.5)]
    assert roles(incoming)["Age mean drug"] == "own"


def test_values_before_are_left_and_those_after_are_read(tmp_path):
    incoming = made(
        tmp_path,
        "pre mean drug,pre sd drug,n drug,pre mean placebo,pre sd placebo,n placebo,"
        "post mean drug,post sd drug,post mean placebo,post sd placebo",
        "5,2,40,6,2,41,3,2,5,2",
        "5,2,40,6,2,41,3,2,4,2",
    )
    assert effects(incoming) == [("Pain", "MD", -2.0), ("Pain", "MD", -1.0)]


@pytest.mark.parametrize("name", ["Weight", "BMI", "Weight change"])
def test_a_trait_that_is_the_outcome_is_read(tmp_path, name):
    header = f"{name} mean T,{name} SD T,N T,{name} mean C,{name} SD C,N C"
    outcome = name.removesuffix(" change")
    incoming = made(tmp_path, header, "80,9,40,82,9,41", "80,9,40,81,9,41", outcome=outcome)
    assert effects(incoming) == [(outcome, "MD", -2.0), (outcome, "MD", -1.0)]


@pytest.mark.parametrize(
    ("header", "cells", "outcome"),
    [
        ("Dropouts drug,N drug,Dropouts placebo,N placebo", "2,40,4,40", "Pain: dropouts"),
        ("Deaths drug,N drug,Deaths placebo,N placebo", "2,40,4,40", "Pain: deaths"),
        ("Deaths (drug),Deaths (placebo)", "2/40,4/40", "Pain: deaths"),
        ("Responders drug,N drug,Responders placebo,N placebo", "2,40,4,40", "Pain"),
        ("Events drug,N drug,Events placebo,N placebo", "2,40,4,40", "Pain"),
    ],
)
def test_something_else_is_in_the_name_of_the_outcome(tmp_path, header, cells, outcome):
    assert effects(made(tmp_path, header, cells, cells)) == [(outcome, "RR", 0.5)] * 2


def test_means_of_something_else_are_in_the_name_of_the_outcome(tmp_path):
    header = "Fatigue mean T,Fatigue SD T,N T,Fatigue mean C,Fatigue SD C,N C"
    incoming = made(tmp_path, header, "4,2,40,6,2,40", "4,2,40,5,2,40")
    assert [one[0] for one in effects(incoming)] == ["Pain: fatigue"] * 2
    assert "results of 'fatigue' beside each other" in incoming.report
    assert "its outcome names it" in incoming.report
    header = "Deaths T,N T,Deaths C,N C"
    incoming = made(tmp_path / "two", header, "2,40,4,40", "2,40,4,40")
    assert "are of 'deaths'; the outcome of their effects says so" in incoming.report


def test_dropouts_beside_means_are_left(tmp_path):
    header = "Dropouts T,Mean T,SD T,N T,Dropouts C,Mean C,SD C,N C"
    incoming = made(tmp_path, header, "2,4,2,40,3,6,2,40", "2,4,2,40,3,5,2,40")
    assert effects(incoming) == [("Pain", "MD", -2.0), ("Pain", "MD", -1.0)]
    assert roles(incoming)["Dropouts T"] == "own"


PERCENTAGES = [
    ("Responders drug (%),N drug,Responders placebo (%),N placebo", "40,120,25,60"),
    ("% events drug,N drug,% events placebo,N placebo", "40,120,25,60"),
    ("Percent responders drug,N drug,Percent responders placebo,N placebo", "40,120,25,60"),
    ("Response rate drug (%),N drug,Response rate placebo (%),N placebo", "40,120,25,60"),
    ("Responders drug,N drug,Responders placebo,N placebo", "40%,120,25%,60"),
    ("Proportion responders T,N T,Proportion responders C,N C", "0.40,120,0.25,60"),
]


@pytest.mark.parametrize(("header", "cells"), portion(PERCENTAGES, 2))
def test_percentages_are_not_counts(tmp_path, header, cells):
    """48 of 120 against 15 of 60."""
    incoming = made(tmp_path, header, cells, cells)
    assert effects(incoming) == [("Pain", "RR", 1.6)] * 2
    assert "percentages of both arms were read as RR" in incoming.report
    error = math.sqrt(1 / 48 - 1 / 120 + 1 / 15 - 1 / 60)
    low = float(incoming.placed.findings["ci_low"].iloc[0])
    assert low == pytest.approx(1.6 * math.exp(-1.959964 * error), rel=1e-3)


def test_percentages_that_no_number_of_people_has_are_said(tmp_path):
    header = "Responders T (%),N T,Responders C (%),N C"
    incoming = made(tmp_path, header, "33,10,25,60", "40,120,25,60", "140,120,25,60")
    assert [one[2] for one in effects(incoming)] == [1.6]
    assert "2 rows (lines 2, 4) say nothing of an effect" in incoming.report
    assert "no whole number of the people is that percentage" in incoming.report


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("Responders T,N T,Responders C,N C", "12.5,120,25,60", "12.5 of 120 is not a whole"),
        ("Responders T,N T,Responders C,N C", "40,30,45,32", "rows have more of them than there"),
        ("Event rate T,N T,Event rate C,N C", "12,120,25,60", "a rate is not a count"),
    ],
)
def test_what_cannot_be_counts_is_asked_about(tmp_path, header, cells, said):
    incoming = made(tmp_path, header, cells, cells)
    assert effects(incoming) == [] and said in incoming.report


@pytest.mark.parametrize(
    "header",
    ["HbA1c T (%),N T,HbA1c C (%),N C", "Responders T n (%),N T,Responders C n (%),N C"],
)
def test_a_percentage_of_nothing_that_happens_is_left(tmp_path, header):
    assert effects(made(tmp_path, header, "7,40,8,40", "7,40,9,40")) == []


COUNTS = "e1,n1,e2,n2"


@pytest.mark.parametrize("kind", portion(["Arm", "Group", "Treatment", "Intervention", "treat"], 2))
def test_the_control_is_the_arm_that_is_called_so(tmp_path, kind):
    header = f"{kind} 1,{kind} 2,{COUNTS}"
    cells = ("Placebo,Drug,20,100,10,100", "Usual care (n=30),Drug,20,100,10,100")
    incoming = made(tmp_path, header, *cells, head="Study,Year,")
    assert [one[1:] for one in effects(incoming)] == [("RR", 0.5)] * 2
    assert "arm 1 is the control in 2 rows" in incoming.report
    assert "1 was read as the exposed arm" not in incoming.report
    assert incoming.placed.studies["comparator"].to_list() == ["placebo", "usual_care"]
    columns, words = read_mapping(tmp_path / "set" / "mapping.toml")
    again = new_set_from(
        tmp_path / "again", tmp_path / "table.csv", mapping=columns, words=words, notebooks=False
    )
    assert effects(again) == effects(incoming)


def test_means_of_a_control_that_comes_first(tmp_path):
    header = "Group 1,Group 2,n1,m1,sd1,n2,m2,sd2"
    cells = "Placebo,Drug,50,5.2,1,50,4.0,1"
    incoming = made(tmp_path, header, cells, cells, head="Study,Year,")
    assert [one[1:] for one in effects(incoming)] == [("MD", -1.2)] * 2


def test_the_side_can_differ_between_rows(tmp_path):
    header = f"Arm 1,Arm 2,{COUNTS}"
    cells = (
        "Sham stimulation,Stimulation,20,100,10,100",
        "Drug,Usual care,20,100,10,100",
        "Drug,Other drug,30,100,10,100",
    )
    incoming = made(tmp_path, header, *cells, head="Study,Year,")
    assert [one[2] for one in effects(incoming)] == [0.5, 2.0, 3.0]
    assert "arm 1 is the control in 1 row" in incoming.report
    assert "nothing tells in 1 row, where 1 was read as the exposed arm" in incoming.report


@pytest.mark.parametrize(
    ("names", "arms", "said"),
    portion(
        [
            ("", "", "1 was read as the exposed arm, and 2 as the control"),
            ("Arm 1,Arm 2,", "Drug,Other,", "which arm is the control is not told in 2 rows"),
            ("Arm 1,Arm 2,", "Drug,Placebo,", ""),
        ],
        2,
    ),
)
@pytest.mark.parametrize("numbers", [COUNTS, "ai,n1i,ci,n2i"])
def test_arms_with_numbers_are_asked_about(tmp_path, names, arms, said, numbers):
    cells = f"{arms}20,100,10,100"
    incoming = made(tmp_path, names + numbers, cells, cells, head="Study,Year,")
    assert [one[2] for one in effects(incoming)] == [2.0, 2.0]
    assert said in incoming.report and ("exposed arm" in incoming.report) == bool(said)


def test_the_user_says_the_sides(tmp_path):
    mapping = {"e1": "events_exposed", "n1": "n_exposed", "e2": "events_control"}
    mapping["n2"] = "n_control"
    cells = "Placebo,Drug,20,100,10,100"
    header = f"Arm 1,Arm 2,{COUNTS}"
    incoming = made(tmp_path, header, cells, cells, head="Study,Year,", mapping=mapping)
    assert [one[2] for one in effects(incoming)] == [2.0, 2.0]


def test_a_logarithm_beside_means_is_one_of_their_ratio(tmp_path):
    header = "lnRR,vi,Mean T,SD T,N T,Mean C,SD C,N C"
    cells = ("0.2,0.01,12,3,10,10,3,10", "0.3,0.02,13,3,10,10,3,10")
    incoming = made(tmp_path, header, *cells, head="Study,Year,")
    assert [one[1:] for one in effects(incoming)] == [("ES", 0.2), ("ES", 0.3)]
    assert "the logarithm of their ratio, ES" in incoming.report
    assert float(incoming.placed.findings["ci_low"].iloc[0]) == pytest.approx(0.004, abs=1e-4)


@pytest.mark.parametrize(
    ("more", "cells"), [("", ""), (",se", ",0.1"), (",events T,n T,events C,n C", ",4,9,3,9")]
)
def test_a_logarithm_of_rr_alone_is_asked_about(tmp_path, more, cells):
    rows = (f"0.2,0.01{cells}", f"0.3,0.02{cells}")
    incoming = made(tmp_path, "lnRR,vi" + more, *rows, head="Study,Year,")
    assert {one[1] for one in effects(incoming)} == {"RR"}
    assert ("if it is one of means" in incoming.report) == ("events" not in more)


def test_x_beside_a_spread_is_a_mean(tmp_path):
    header = "Xe,Se,Ne,Xc,Sc,Nc,lnRR,var"
    cells = ("12.1,3,10,10.2,3,10,.2,.01", "13.4,3,10,10.1,3,10,.3,.02")
    incoming = made(tmp_path, header, *cells, head="Study,Year,")
    assert [one[1:] for one in effects(incoming)] == [("ES", 0.2), ("ES", 0.3)]
    assert roles(incoming)["Xe"] == "mean_exposed" and roles(incoming)["Se"] == "sd_exposed"


def test_percentages_of_a_control_that_comes_first(tmp_path):
    header = "Arm 1,Arm 2,Responders 1 (%),N1,Responders 2 (%),N2"
    cells = "Placebo,Drug,20,100,10,100"
    incoming = made(tmp_path, header, cells, cells, head="Study,Year,")
    assert [one[2] for one in effects(incoming)] == [0.5, 0.5]


def test_percentages_of_arms_in_rows(tmp_path):
    source = tmp_path / "table.csv"
    source.write_text(
        "study,treatment,responders (%),n\na,drug,10,40\na,placebo,20,40\nb,drug,5,40\n"
        "b,placebo,10,40\n",
        encoding="utf-8",
    )
    incoming = new_set_from(tmp_path / "set", source, notebooks=False)
    assert [one[2] for one in effects(incoming)] == [0.5, 0.5]


def test_several_outcomes_of_a_control_that_comes_first(tmp_path):
    header = "Arm 1,Arm 2,death_e1,death_n1,death_e2,death_n2,falls_e1,falls_n1,falls_e2,falls_n2"
    cells = "20,100,10,100,8,100,2,100"
    rows = (f"Placebo,Drug,{cells}", f"Drug,Placebo,{cells}")
    incoming = made(tmp_path, header, *rows, head="Study,Year,")
    assert effects(incoming) == [
        ("death", "RR", 0.5),
        ("falls", "RR", 0.25),
        ("death", "RR", 2.0),
        ("falls", "RR", 4.0),
    ]


def test_arms_in_rows_count_no_women(tmp_path):
    source = tmp_path / "table.csv"
    source.write_text(
        "study,treatment,women,n\na,drug,12,40\na,placebo,20,41\nb,drug,2,40\nb,placebo,5,41\n",
        encoding="utf-8",
    )
    incoming = new_set_from(tmp_path / "set", source, notebooks=False)
    assert effects(incoming) == []
