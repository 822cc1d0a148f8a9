"""Names as others write and save them: in other languages, encodings and spreadsheet programs."""

from __future__ import annotations

import pytest
from portion import portion

from evidence.decoding import decoded, doubts
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.layout import ERRORS
from evidence.importing.naming import authors, from_label

ERRORS_ELSEWHERE = (
    "#BEZUG!|#NV|#VALEUR!|#NOM?|#¡REF!|#ZAHL!|#WERT!|#DIV/0!|#¡VALOR!|#¿NOMBRE?|#¡DIV/0!|#N/D|#RIF!"
)
LISTS = {
    "Smith JA Jr, Jones K": "Smith, Jr, JA and Jones, K",
    "Smith JA, Jr., Jones K": "Smith, Jr, JA and Jones, K",
    "Smith JA Jr": "Smith, Jr, JA",
    "Smith Jr JA": "Smith, Jr, JA",
    "Smith JA III, Jones K": "Smith, III, JA and Jones, K",
    "Jones K. y López M.": "Jones, K. and López, M.",
    "Jones, K. y López, M.": "Jones, K. and López, M.",
    "Dupont J et Martin P": "Dupont, J and Martin, P",
    "Dupont J, Durand K et Martin P": "Dupont, J and Durand, K and Martin, P",
    "Dupont et Martin": "Dupont and Martin",
    "Rossi A e Bianchi B": "Rossi, A and Bianchi, B",
    "Meyer u.a.": "Meyer and others",
    "Meyer u. a.": "Meyer and others",
    "Dupont et coll.": "Dupont and others",
    "López y cols.": "López and others",
    "Bianchi e altri": "Bianchi and others",
    "1. Adams": "Adams",
    "Müller/Schmidt": "Müller and Schmidt",
    "Müller, Schmidt u. Groß": "Müller and Schmidt and Groß",
    "Smith J / Jones K": "Smith, J and Jones, K",
    "Smith J (1), Jones K (2)": "Smith, J and Jones, K",
    "Smith J1, Jones K2": "Smith, J and Jones, K",
    "Smith, J., Jones, K., ... Berg, L.": "Smith, J. and Jones, K. and Berg, L. and others",
    "王小明；李四": "王小明 and 李四",
    # one person or institution each
    "Smith U.A.": "Smith, U.A.",
    "AC/DC Group": "{AC/DC Group}",
    "Smith, U. Anna": "Smith, U. Anna",
    "Ortega y Gasset J": "Ortega y Gasset, J",
    "Institut National de la Santé et de la Recherche Médicale": (
        "{Institut National de la Santé et de la Recherche Médicale}"
    ),
}
LABELS = {
    "[12] Baker et al. 2012": ("Baker and others", "2012", ""),
    "1. Adams 2010": ("Adams", "2010", ""),
    "(3) Adams 2010": ("Adams", "2010", ""),
    "Meyer u.a. 2012": ("Meyer and others", "2012", ""),
    "López y cols. (2010)": ("López and others", "2010", ""),
    "Dupont et coll., 2011": ("Dupont and others", "2011", ""),
    "3M 2010": ("3M", "2010", ""),
    # the first of two studies
    "Smith et al., 2016; Jones et al., 2017": ("Smith and others", "2016", ""),
    "Smith 2010a & Jones (2011)": ("Smith", "2010", "a"),
    "Smith 2010/2012": ("Smith", "2010", ""),
    # a part of a study, and a journal
    "Smith (2011, study 2)": ("Smith", "2011", ""),
    "Smith et al. (2011b, Exp. 1)": ("Smith and others", "2011", "b"),
    "Smith 2011 (trial A)": ("Smith", "2011", ""),
    "Smith J, et al. J Tea. 2015;12:3-5": ("Smith, J and others", "2015", ""),
    "Smith et al. J Tea 2015": ("Smith and others", "2015", ""),
    "Smith et al. (1990 to 1999, women)": ("Smith and others", "", ""),
    # one study of two authors
    "Smith, J; Jones, K 2010": ("Smith, J and Jones, K", "2010", ""),
}


@pytest.mark.parametrize(("text", "read"), LISTS.items())
def test_lists_of_authors_in_other_languages(text, read):
    assert authors(text) == read


@pytest.mark.parametrize(("label", "read"), LABELS.items())
def test_names_of_studies_with_numbers_and_others(label, read):
    assert from_label(label) == read


def test_a_cell_that_names_two_studies_is_noted(tmp_path):
    path = tmp_path / "table.csv"
    two = "Smith et al., 2016; Jones et al., 2017"
    path.write_text(f'Study,Design\n"{two}",RCT\n"Berg & Lee, 2010",RCT\n', encoding="utf-8")
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert made.placed.studies["study_id"].to_list() == ["berg2010", "smith2016"]
    assert f"1 cell names two studies or more, such as {two!r}" in " ".join(made.report.split())


@pytest.mark.parametrize("error", portion(ERRORS_ELSEWHERE.split("|"), 3))
def test_errors_of_spreadsheets_in_any_language_are_not_read(tmp_path, error):
    assert ERRORS.fullmatch(error)
    path = tmp_path / "table.csv"
    path.write_text(
        f"Study,Design,SMD,SE\nAdams 2010,{error},0.1,0.1\n{error},RCT,0.3,0.1\n"
        "Baker 2011,RCT,0.2,0.1\n",
        encoding="utf-8",
    )
    placed = new_set_from(tmp_path / "set", path, notebooks=False).placed
    assert placed.studies["study_id"].to_list() == ["adams2010", "baker2011"]
    assert placed.studies["design"].to_list() == ["", "rct"]
    assert sum("is an error of a formula" in fault.message for fault in placed.faults) == 2


@pytest.mark.parametrize("name", ["Wałęsa", "Gąsior", "Łukasz", "Černý", "Łódź, Żak, Świątek"])
def test_names_of_central_europe_are_read(name):
    text, encoding = decoded(f"Study\n{name} 2010\n".encode("cp1250"))
    assert (name in text, encoding) == (True, "Windows-1250")
    assert "is a guess" in doubts(text, encoding)[0]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Şahin", "cp1254"), ("Yılmaz", "cp1254"), ("Dvořák", "cp1250"), ("Szőke", "cp1250")],
)
def test_names_that_can_be_of_two_encodings_are_asked_about(name, encoding):
    text, read = decoded(f"Study\n{name} 2010\n".encode(encoding))
    assert read == "Windows-1252"
    assert encoding in doubts(text, read)[0]
    assert name in decoded(f"Study\n{name} 2010\n".encode(encoding), encoding)[0]


@pytest.mark.parametrize(
    "text",
    ["Müller, Sørensen, Åberg", "Simões", "±3 cm² £5 é", "Diaz³ é", "¿Qué?", "l’œuvre d’été"],
)
def test_western_names_stay_as_they_are(text):
    assert decoded(text.encode("cp1252")) == (text, "Windows-1252")
    assert doubts(text, "Windows-1252") == []
