"""Rows of sums and pooled results are not read as studies, whatever program wrote them."""

from __future__ import annotations

import pytest
from portion import portion

from evidence.importing.from_spreadsheet import new_set_from

TOTALS = (
    "Random effects model|RE Model|Fixed effect model|Common effect model|Prediction interval|"
    "95% prediction interval|Overall (I-squared = 45.2%, p = 0.123)|Overall, DL (I² = 45.2%)|"
    "Subtotal (I-squared = 0.0%, p = 0.9)|D+L pooled ES|M-H pooled OR|Meta-analysis|Average effect|"
    "Total studies: 3|Gesamteffekt|Total général|Promedio|Total (95% CI)|Pooled effect|Gesamt|"
    "Summary estimate|Heterogeneity|Heterogeneity: Tau² = 0.02; Chi² = 4|Women subtotal|"
    "Heterogeneity between groups: p = 0.2|RE Model for All Studies (Q = 3; I² = 4%)|Moyenne|"
    "TOTAL:|Total (fixed effect)|Overall mean|I² (%)|τ² = 0.01|Egger's test|Cochran's Q|Q-test"
)
STUDIES = "Overall A|Total J|Sum J|Overall Health Study|MODEL trial|WHO|Sumner|Meansfield|Modell"
ROWS = "Adams 2011,0.3,0.1,0.5\nBaker 2012,0.2,0.0,0.4\nClark 2013,0.1,-0.1,0.3\n"


def imported(tmp_path, text: str):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    placed = new_set_from(tmp_path / "set", path, notebooks=False).placed
    listed = [fault.message for fault in placed.faults if "is a total" in fault.message]
    return placed.studies["study_id"].to_list(), listed


@pytest.mark.parametrize("name", portion(TOTALS.split("|"), 3))
def test_a_total_is_listed_instead_of_becoming_a_study(tmp_path, name):
    text = f'Study,SMD,Lower,Upper\n{ROWS}"{name}",0.2,0.1,0.3\n'
    studies, listed = imported(tmp_path, text)
    assert studies == ["adams2011", "baker2012", "clark2013"]
    assert len(listed) == 1


@pytest.mark.parametrize("name", STUDIES.split("|"))
def test_a_study_whose_name_looks_like_a_total_stays(tmp_path, name):
    studies, listed = imported(tmp_path, f"Study,SMD,Lower,Upper\n{ROWS}{name},0.2,0.1,0.3\n")
    assert (len(studies), listed) == (4, [])


def test_an_author_with_a_year_stays_a_study(tmp_path):
    rows = "Total 2014,0.2,0.1,0.3\nOverall et al. 2015,0.2,0.1,0.3\nModel 2016,0.1,0.0,0.2\n"
    studies, listed = imported(tmp_path, f"Study,SMD,Lower,Upper\n{ROWS}{rows}")
    assert {"total2014", "overall2015", "model2016"} < set(studies)
    assert not listed
    text = "Author,Year,SMD,SE\nTotal,2010,0.2,0.1\nOverall,2011,0.2,0.1\nAdams,2012,0.1,0.1\n"
    studies, listed = imported(tmp_path / "set", text)
    assert set(studies) == {"total2010", "overall2011", "adams2012"}
    assert not listed


def test_names_without_years_stay_studies(tmp_path):
    text = "Study,SMD,Lower,Upper\nModel one,0.3,0.1,0.5\nModel two,0.2,0.0,0.4\nAspen,0.1,0,0.3\n"
    studies, listed = imported(tmp_path, text)
    assert (len(studies), listed) == (3, [])
