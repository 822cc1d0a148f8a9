"""Tables as programs for meta-analysis keep them: arms in rows, results beside each other, and what
each becomes; numbers worked out by hand or with metafor's formulae.
"""

from __future__ import annotations

import math

import pytest

import evidence
from evidence.importing.from_spreadsheet import new_set_from


def made(tmp_path, text: str, **options):
    """The data set of a table, and the report of how it came in."""
    source = tmp_path / "table.csv"
    source.write_text(text, encoding="utf-8")
    incoming = new_set_from(tmp_path / "set", source, notebooks=False, **options)
    return evidence.load(tmp_path / "set"), incoming


def effects(ev) -> list[tuple[str, float, float, float]]:
    """Study, estimate and interval of the findings that have them, in the order of the rows."""
    whole = ev.findings.dropna(subset=["estimate", "ci_low", "ci_high"])
    columns = ["study_id", "estimate", "ci_low", "ci_high"]
    return [tuple(row) for row in whole[columns].itertuples(index=False)]


def ratio(e1: int, n1: int, e2: int, n2: int) -> list[float]:
    """A risk ratio with its 95 % interval: Cochrane Handbook 6.4.1."""
    error = math.sqrt(1 / e1 - 1 / n1 + 1 / e2 - 1 / n2)
    middle = math.log(e1 / n1) - math.log(e2 / n2)
    return [math.exp(middle + z * error) for z in (0, -1.959964, 1.959964)]


def test_arms_in_rows_are_compared_with_the_control(tmp_path):
    ev, incoming = made(
        tmp_path,
        "study,year,treatment,exac,total\n"
        "Adams 2001,2001,Drug A,4,40\nAdams 2001,2001,Placebo,8,41\n"
        "Baker 2003,2003,Drug A,5,50\nBaker 2003,2003,Drug B,6,52\nBaker 2003,2003,Placebo,9,51\n"
        "Clark 2005,2005,Drug A,7,60\nClark 2005,2005,Drug B,3,61\n",
    )
    assert not incoming.faults
    assert (len(ev.studies), len(ev.findings)) == (3, 5)
    found = effects(ev)
    assert [row[0] for row in found] == ["adams2001", "baker2003", "baker2003"]
    for row, counts in zip(found, [(4, 40, 8, 41), (5, 50, 9, 51), (6, 52, 9, 51)], strict=True):
        assert list(row[1:]) == pytest.approx(ratio(*counts), rel=1e-3)
    assert set(ev.studies["comparator"].dropna()) == {"placebo"}
    assert set(ev.findings["outcome"].dropna()) == {"exac"}
    assert "7 rows are arms of 3 studies" in incoming.report
    assert "1 study has no control, or several" in incoming.report
    assert [pool.k for pool in evidence.size_pools(ev)] == [2]


def test_means_of_arms_in_rows(tmp_path):
    ev, _ = made(
        tmp_path,
        "study,ni,treatment,mi,sdi\nAdams (1995),21,metformin,-1.7,1.4\n"
        "Adams (1995),20,usual care,0.2,1.5\nBaker (1999),30,metformin,-1.1,1.2\n"
        "Baker (1999),31,usual care,0.1,1.3\n",
    )
    assert [row[1] for row in effects(ev)] == [-1.9, -1.2]
    error = math.sqrt(1.4**2 / 21 + 1.5**2 / 20)
    assert effects(ev)[0][2] == pytest.approx(-1.9 - 1.959964 * error, rel=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        # no control among the arms
        "study,treatment,events,n\na,X,1,20\na,Y,2,20\nb,X,3,20\nb,Y,1,20\n",
        # one row for each outcome, not for each arm
        "study,treatment,outcome,events,n\na,placebo,pain,1,20\na,placebo,falls,2,20\n",
        # one row per study: a treatment each
        "study,treatment,n\na,placebo,20\nb,drug,30\n",
    ],
)
def test_other_tables_with_a_treatment_stay_as_they_are(tmp_path, text):
    ev, incoming = made(tmp_path, text)
    assert len(ev.findings) == text.count("\n") - 1
    assert "rows are arms" not in incoming.report


def test_arms_in_rows_stay_where_the_user_names_their_columns(tmp_path):
    text = "study,treatment,x,n\na,drug,1,20\na,placebo,2,20\nb,drug,1,20\nb,placebo,2,20\n"
    ev, incoming = made(tmp_path, text, mapping={"n": "sample_size"})
    assert len(ev.findings) == 4 and "rows are arms" not in incoming.report


def test_nothing_of_the_arms_is_lost(tmp_path):
    """A note of the control's row, and a study with a control alone."""
    ev, _ = made(
        tmp_path,
        "study,treatment,comparator,note,events,n\n"
        "Adams 2001,drug,as usual,first,1,20\nAdams 2001,placebo,as usual,second,2,21\n"
        "Baker 2003,placebo,,alone,5,50\nClark 2005,drug,,,1,10\nClark 2005,placebo,,,2,11\n"
        "Dunn 2007,drug,,,1,10\nDunn 2007,placebo,,,3,11\nEvans 2009,drug,,,1,30\n"
        "Evans 2009,placebo,,,3,31\n",
    )
    assert len(ev.studies) == 5 and len(effects(ev)) == 4
    written = "".join(
        (tmp_path / "set" / name).read_text(encoding="utf-8")
        for name in ("studies.csv", "findings.csv")
    )
    for said in ("first", "second", "alone"):
        assert said in written, said
    assert "as usual" in written or "as_usual" in written


def test_a_word_among_the_counts_ends_nothing(tmp_path):
    rows = [f"S{i},100,{i % 9},101,{i % 7}" for i in range(1, 230)] + ["S230,100,many,101,3"]
    text = "study,treat.total,treat.death,cont.total,cont.death\n" + "\n".join(rows) + "\n"
    ev, _ = made(tmp_path, text)
    assert len(ev.studies) == 230


@pytest.mark.parametrize("own", ["outcome,subgroup", "se,outcome"])
def test_columns_keep_their_names_apart(tmp_path, own):
    head = f"study,{own},death.logrr,death.se,falls.logrr,falls.se"
    ev, _ = made(tmp_path, f"{head}\nS1,x,y,0.1,0.2,0.3,0.4\nS2,x,y,0.1,0.2,0.3,0.4\n")
    assert len(ev.findings) == 4


def test_results_beside_each_other_become_rows(tmp_path):
    ev, incoming = made(
        tmp_path,
        "study,year,death.logrr,death.se,falls.logrr,falls.se\n"
        "Adams 2001,2001,0.1,0.2,0.3,0.4\nBaker 2003,2003,-0.2,0.1,NA,NA\n",
    )
    assert not incoming.faults
    assert ev.findings["outcome"].to_list() == ["death", "falls", "death"]
    assert [row[1] for row in effects(ev)] == pytest.approx(
        [math.exp(0.1), math.exp(0.3), math.exp(-0.2)], rel=1e-3
    )
    assert ev.findings["is_primary"].to_list() == [True, False, True]
    assert "results of 'death', 'falls' beside each other" in incoming.report


def test_events_of_several_outcomes_in_two_arms(tmp_path):
    ev, _ = made(
        tmp_path,
        "study,treat.total,treat.infarction,treat.death,cont.total,cont.infarction,cont.death\n"
        "S1,100,5,2,101,4,1\nS2,200,9,3,198,7,6\n",
    )
    assert ev.findings["outcome"].to_list() == ["infarction", "death"] * 2
    assert list(effects(ev)[1][1:]) == pytest.approx(ratio(2, 100, 1, 101), rel=1e-3)


def test_a_plain_effect_beside_others_is_the_effect(tmp_path):
    ev, incoming = made(
        tmp_path, "study,yi,vi,yi_iq,vi_iq\nS1,0.2,0.01,0.9,0.02\nS2,0.3,0.02,0.8,0.02\n"
    )
    assert [row[1] for row in effects(ev)] == [0.2, 0.3]
    assert "beside each other" not in incoming.report


def test_observed_minus_expected_events(tmp_path):
    """Cochrane Handbook 6.8.2: log hazard ratio (O - E) / V, standard error 1 / √V."""
    ev, incoming = made(tmp_path, "trial,OmE,V\nS1,-3.2,12.5\nS2,1.4,20\n")
    z = 1.959964
    expected = [math.exp(-3.2 / 12.5 + side * z / math.sqrt(12.5)) for side in (0, -1, 1)]
    assert list(effects(ev)[0][1:]) == pytest.approx(expected, rel=1e-3)
    assert set(ev.findings["measure"]) == {"HR"} and "were read as HR" in incoming.report


def test_a_correlation_beside_a_standard_error_is_asked_about(tmp_path):
    """As in a table of changes, where it is that of the values before and after."""
    text = "study,N,mean,SE,corr\nS1,20,-4.5,2.1,0.49\nS2,20,-0.5,1.7,0.54\n"
    ev, incoming = made(tmp_path, text)
    assert not effects(ev) and "so that these may be no effects" in incoming.report


def test_a_column_called_measure_needs_a_measure_of_effect(tmp_path):
    ev, incoming = made(
        tmp_path, "study,measure,yi,vi\nS1,time in the open,0.2,0.01\nS2,entries,0.3,0.02\n"
    )
    assert not incoming.faults and "known measure of effect" in incoming.report
    assert len(effects(ev)) == 2


def test_numbers_of_studies_stand_where_their_names_say_little(tmp_path):
    ev, _ = made(
        tmp_path,
        "study,source,n1i,n2i,ai,ci\n1,in hospital,39,43,2,1\n2,at home,44,44,4,4\n"
        "3,both,107,110,6,4\n",
    )
    assert (len(ev.studies), len(effects(ev))) == (3, 3)


def test_pools_are_made_for_each_contrast(tmp_path):
    ev, _ = made(
        tmp_path,
        "study,comparator,or,lower,upper\nS1,placebo,1.2,0.9,1.6\nS2,placebo,1.1,0.8,1.5\n"
        "S3,usual care,0.9,0.7,1.2\nS4,usual care,0.8,0.6,1.1\nS5,usual care,1.3,0.9,1.9\n"
        "S6,nothing at all,1.3,0.9,1.9\n",
        ci_level="95",
    )
    assert {pool.pool_id: pool.k for pool in evidence.size_pools(ev)} == {
        "all_or_placebo": 2,
        "all_or_usual_care": 3,
    }
