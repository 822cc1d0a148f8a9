"""Tables as reviewers keep them: groups with one name, totals, notes, other languages, marks."""

from __future__ import annotations

import pytest

import evidence
from evidence.importing.from_spreadsheet import new_set_from


def made(tmp_path, text: str, encoding: str = "utf-8", **options):
    """What becomes of a table that is written as CSV; what was made passes its check."""
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    incoming = new_set_from(tmp_path / "set", path, notebooks=False, **options)
    assert evidence.check(tmp_path / "set") == incoming.faults
    return incoming


def column(incoming, name: str, table: str = "findings") -> list[str]:
    return getattr(incoming.placed, table)[name].to_list()


def roles(incoming) -> dict[str, str]:
    return {one.theirs: one.target for one in incoming.placed.proposals}


GROUPS = (
    "Study,Year,N,Outcome,SMD,SE\nAdams,2010,45,pain,0.3,0.1\n,,,function,0.2,0.1\n,,,sleep,0.1,0.1\n"
    "Baker,2012,60,pain,0.2,0.1\n,,,function,0.3,0.1\n"
)


def test_a_row_without_a_name_is_of_the_study_above(tmp_path):
    incoming = made(tmp_path, GROUPS)
    assert column(incoming, "study_id") == ["adams2010"] * 3 + ["baker2012"] * 2
    assert column(incoming, "outcome")[:3] == ["pain", "function", "sleep"]
    assert "3 rows name no study and were read as results of the study above (lines 3, 4, 6)" in (
        incoming.report
    )


@pytest.mark.parametrize(
    "row",
    [
        ",2014,60,pain,0.2,0.1",  # another paper, whose name is missing
        ",,105,,0.25,0.05",  # only numbers: a sum
        "-,,,function,0.2,0.1",  # says that the name is not known
        "#REF!,,,function,0.2,0.1",
        "Cohort studies\n,,,function,0.2,0.1",  # below a heading
        "Total,,105,pain,0.25,0.05\n,,,function,0.2,0.1",
    ],
)
def test_a_row_that_is_not_of_the_study_above(tmp_path, row):
    incoming = made(tmp_path, GROUPS + row + "\n")
    assert len(incoming.placed.findings) == 5
    assert any("no study is named" in fault.message for fault in incoming.placed.faults)


@pytest.mark.parametrize(
    "name",
    ["Total", "Subtotal (95% CI)", "Overall", "Pooled estimate", "Overall effect (random effects)"],
)
def test_a_total_is_not_a_study(tmp_path, name):
    incoming = made(tmp_path, GROUPS + f"{name},,105,pain,0.25,0.05\n")
    assert len(incoming.placed.studies) == 2
    (fault,) = incoming.placed.faults
    assert (fault.line, fault.message) == (7, "is a total of other rows, not a study")


def test_a_study_may_be_called_overall(tmp_path):
    incoming = made(tmp_path, GROUPS + "OVERALL,2013,105,pain,0.25,0.05\n")
    assert "overall2013" in column(incoming, "study_id", "studies")


MARKED = (
    "Study,n,OR (95% CI),p\nAdams 2010*,24a,1.75 (0.54-5.71)a,0.36†\n"
    "Baker 2012†,1234,1.39* (1.11–1.74),0.004**\nClark 2013 [12],80,0.82 (0.34 to 1.97),0.65\n"
    "Diaz 2014²,60,0.50 (0.18—1.40),0.19\n"
)


def test_marks_that_lead_to_a_note(tmp_path):
    incoming = made(tmp_path, MARKED)
    assert column(incoming, "study_id") == ["adams2010", "baker2012", "clark2013", "diaz2014"]
    assert column(incoming, "estimate") == ["1.75", "1.39", "0.82", "0.50"]
    assert column(incoming, "p_value") == ["0.36", "0.004", "0.65", "0.19"]
    assert column(incoming, "sample_size", "studies") == ["24", "1234", "80", "60"]
    assert column(incoming, "label", "studies")[0] == "Adams 2010*"
    assert "left out of numbers: '24a' (n), '1.75 (0.54-5.71)a' (OR (95% CI))" in incoming.report
    assert incoming.placed.faults == []


def test_a_sign_after_a_name_makes_no_other_study(tmp_path):
    incoming = made(tmp_path, "Study,Outcome,OR\nAsh,pain,1.2\nAsh*,sleep,0.9\nElm [1],pain,1\n")
    assert column(incoming, "study_id", "studies") == ["ash", "elm"]


def test_dashes_and_points_of_print(tmp_path):
    incoming = made(
        tmp_path,
        "Study,MD,95% CI\nA 2010,−0.35,−0.60 to −0.10\nB 2011,–0.10,–0.40 – 0.20\n"
        "C 2012,0·25,0·05–0·45\n",
    )
    assert column(incoming, "estimate") == ["-0.35", "-0.10", "0.25"]
    assert column(incoming, "ci_low") == ["-0.60", "-0.40", "0.05"]
    assert column(incoming, "ci_high") == ["-0.10", "0.20", "0.45"]


GERMAN = (
    "Studie;Autor;Jahr;Studiendesign;Stichprobe;Zielgröße;OR (95% KI);p-Wert;Ergebnis\n"
    "Müller 2010;Müller, Hans;2010;randomisierte Studie;1.234;Schmerz;0,51 (0,30-0,87);0,013;"
    "Nutzen\n"
    "Groß 2015;Groß, Eva;2015;Fall-Kontroll-Studie;50;Schmerz;0,95 (0,90 bis 1,01);0,10;"
    "kein Unterschied\n"
)
FRENCH = (
    "Étude;Auteurs;Année;Type d'étude;Effectif;Critère de jugement;RR;IC 95% inf;IC 95% sup;"
    "Valeur p;Conclusion\nMüller 2010;Müller H;2010;essai randomisé;1234;douleur;0,51;0,30;0,87;"
    "0,013;bénéfice\n"
    "Groß 2015;Groß E;2015;cas-témoins;50;douleur;0,95;0,90;1,01;0,10;pas de différence\n"
)
SPANISH = (
    "Estudio;Autores;Año;Diseño;Tamaño de muestra;Desenlace;OR;IC 95% inferior;IC 95% superior;"
    "Valor p;Resultado\nMüller 2010;Müller H;2010;ensayo aleatorizado;1234;dolor;0,51;0,30;0,87;"
    "0,013;beneficio\nGroß 2015;Groß E;2015;casos y controles;50;dolor;0,95;0,90;1,01;0,10;"
    "sin diferencia\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (FRENCH, "utf-8-sig"), (SPANISH, "utf-16")],
)
def test_headings_of_other_languages(tmp_path, text, encoding):
    incoming = made(tmp_path, text, encoding)
    assert column(incoming, "study_id") == ["gross2015", "muller2010"]
    assert column(incoming, "design", "studies") == ["case_control", "rct"]
    assert column(incoming, "sample_size", "studies") == ["50", "1234"]
    assert column(incoming, "conclusion") == ["no_clear_difference", "benefit"]
    row = incoming.placed.findings.iloc[1]
    assert [row[name] for name in ("estimate", "ci_low", "ci_high", "ci_level", "p_value")] == (
        ["0.51", "0.30", "0.87", "95", "0.013"]
    )
    assert incoming.placed.faults == incoming.faults == []


def test_what_a_program_for_reviews_exports(tmp_path):
    """Headings of groups, subtotals and tests stand among the studies."""
    incoming = made(
        tmp_path,
        "Study or Subgroup,Experimental Mean,Experimental SD,Experimental Total,Control Mean,"
        "Control SD,Control Total,Weight,Mean Difference IV Random 95% CI\n1.1.1 Adults,,,,,,,,\n"
        'Adams 2010,24.1,5.2,30,22.0,4.9,31,35.2%,"2.10 [-0.44, 4.64]"\n'
        'Baker 2012,25.0,6.0,28,21.0,5.5,30,30.1%,"4.00 [1.05, 6.95]"\n'
        'Subtotal (95% CI),,,58,,,61,65.3%,"2.98 [1.01, 4.95]"\n1.1.2 Children,,,,,,,,\n'
        'Clark 2013,20.5,4.1,40,20.9,4.4,38,34.7%,"-0.40 [-2.29, 1.49]"\n'
        'Total (95% CI),,,98,,,99,100.0%,"1.80 [-0.78, 4.38]"\n'
        '"Heterogeneity: Tau² = 3.53; Chi² = 6.01, df = 2 (P = 0.05); I² = 67%",,,,,,,,\n',
    )
    assert column(incoming, "study_id") == ["adams2010", "baker2012", "clark2013"]
    assert column(incoming, "estimate") == ["2.10", "4.00", "-0.40"]
    assert set(column(incoming, "measure")) == {"MD"} and len(incoming.placed.faults) == 5


def test_an_id_that_is_the_name_of_the_study_says_author_and_year(tmp_path):
    incoming = made(
        tmp_path,
        "Covidence #,Study ID,Title,Study design,Conclusion\n"
        "101,Adams 2010,Walking,Cohort study,benefit\n102,Baker 2012,Running,Case series,harm\n",
    )
    assert column(incoming, "year", "studies") == ["2010", "2012"]
    assert incoming.placed.entries["author"].to_list() == ["Adams", "Baker"]


def test_numbers_are_not_the_names_of_studies(tmp_path):
    with_authors = made(tmp_path, "trial,author,year,OR\n1,Adams,2010,1.2\n2,Baker,2012,0.9\n")
    assert "label" not in with_authors.placed.studies
    assert column(with_authors, "trial_of_file", "studies") == ["1", "2"]


def test_a_column_of_names_beside_numbers_of_studies(tmp_path):
    incoming = made(tmp_path, "study,source,OR\n1,Edinburgh,1.2\n2,Orpington,0.9\n3,Bonn,0.8\n")
    assert column(incoming, "label", "studies") == ["Bonn", "Edinburgh", "Orpington"]
    assert column(incoming, "study_theirs", "studies") == ["3", "1", "2"]


def test_names_of_studies_under_an_unknown_heading(tmp_path):
    names = ("Ash", "Elm", "Oak")
    rows = "".join(f"{name} 201{i},May 201{i},0.{i}\n" for i, name in enumerate(names))
    incoming = made(tmp_path, f"Wer,Beginn,OR\n{rows}")
    assert roles(incoming) == {"Wer": "study", "Beginn": "own", "OR": "estimate:OR"}
    assert column(incoming, "study_id", "studies") == ["ash2010", "elm2011", "oak2012"]


def test_columns_of_one_name(tmp_path):
    incoming = made(
        tmp_path, "Study,n,Mean,n,Mean\nAdams 2010,20,5.1,22,6.0\nB 2011,30,4.9,31,5.5\n"
    )
    assert "sample_size" not in incoming.placed.studies
    assert "several columns are named 'n': numbers of none of them were read" in incoming.report
    same = "Study,n,n\nAdams 2010,20,20\nB 2011,30,30\n"
    (tmp_path / "same").mkdir()
    assert roles(made(tmp_path / "same", same))["n"] == "sample_size"


def test_an_interval_of_something_else(tmp_path):
    incoming = made(tmp_path, "Study,Share,95% CI\nA 2010,12%,6.4-20.0\nB 2012,12%,8.2-16.7\n")
    assert roles(incoming)["95% CI"] == "own" and incoming.faults == []
    assert "'95% CI' looks like an interval" in incoming.report


def test_codes_are_not_designs(tmp_path):
    assert roles(made(tmp_path, "study,ni,ri,type\nA,50,0.1,j\nB,60,0.2,p\n"))["type"] == "own"


@pytest.mark.parametrize(
    "text",
    [
        # Groups whose last column the first row leaves empty; groups named over each column.
        "Study,Year,Drug,,Placebo,,Effect,\n,,Events,Total,Events,Total,RR,95% CI\n"
        "Adams,2010,5,20,9,22,0.61,0.25 to 1.52\nBaker,2012,3,30,8,31,0.39,0.11 to 1.32\n",
        ",,Drug,Drug,Placebo,Placebo,,\nStudy,Year,Events,Total,Events,Total,RR,95% CI\n"
        "Adams,2010,5,20,9,22,0.61,0.25 to 1.52\nBaker,2012,3,30,8,31,0.39,0.11 to 1.32\n",
    ],
)
def test_a_header_of_two_rows_in_a_text_file(tmp_path, text):
    incoming = made(tmp_path, text)
    assert roles(incoming)["Drug Events"] == "events_exposed"
    assert column(incoming, "study_id") == ["adams2010", "baker2012"]
    assert column(incoming, "ci_low") == ["0.25", "0.11"] and incoming.placed.faults == []


@pytest.mark.parametrize("name", ["Estimate id", "record id", "row", "effect_id"])
def test_a_number_of_a_row_is_not_a_study(tmp_path, name):
    rows = "r001,Adams,2011,0.3\nr002,Adams,2011,0.2\nr003,Baker,2012,0.1\n"
    incoming = made(tmp_path, f"{name},first author,year,yi\n{rows}")
    assert column(incoming, "study_id") == ["adams2011", "adams2011", "baker2012"]
    rows = "1,Adams,2011,0.3\n2,Clark,2011,0.2\n3,Baker,2012,0.1\n"
    (tmp_path / "more").mkdir()
    incoming = made(tmp_path / "more", f"Estimate id,Study,Year,Estimate\n{rows}")
    assert column(incoming, "study_id") == ["adams2011", "baker2012", "clark2011"]


def test_names_of_one_letter_are_names(tmp_path):
    assert (
        column(made(tmp_path, "Study,n\nA 2010,5\nB 2011,6\n"), "label", "studies")[0] == "A 2010"
    )


def test_yes_and_no_are_not_a_comparator(tmp_path):
    text = "Paper,Control,Control group\nAsh 2010,yes,none\nElm 2011,no,untreated\n"
    assert roles(made(tmp_path, text)) == {
        "Paper": "study",
        "Control": "own",
        "Control group": "comparator",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Reference;Result\nAdams, J., & Berg, K. (2010). On tea. Pain, 5(2), 1-9.;harm\n"
        "Baker, L. (2012). On milk. Pain, 7, 11-19.;benefit\n",
        "Citation;DOI;Result\nAdams J, Berg K. On tea. Pain. 2010:1-9.;10.1000/a.1;harm\n"
        "Baker L, et al. On milk in 1999. Pain. 2012.;10.1000/a.2;benefit\n",
    ],
)
def test_whole_references_say_author_and_year(tmp_path, text):
    incoming = made(tmp_path, text)
    assert column(incoming, "study_id", "studies") == ["adams2010", "baker2012"]


@pytest.mark.parametrize("second", ["Adams, 2010", "ADAMS 2010", "Adams [2010]"])
def test_a_name_with_other_marks_is_the_same_study(tmp_path, second):
    incoming = made(tmp_path, f'Study,OR\nAdams (2010),1.2\n"{second}",0.9\nElm 2011,1\n')
    assert column(incoming, "study_id", "studies") == ["adams2010", "elm2011"]


def test_a_measure_before_its_number(tmp_path):
    incoming = made(
        tmp_path,
        "Study,Effect estimate\nAsh 2010,OR 1.5 (95% CI 1.1 to 2.0)\n"
        "Elm 2012,RR = 0.8 (95% CI: 0.6-1.07)\nOak 2013,Yield 5 (4 to 6)\n",
    )
    assert column(incoming, "measure")[:2] == ["OR", "RR"]
    assert column(incoming, "ci_low")[:2] == ["1.1", "0.6"]
    (fault,) = incoming.placed.faults
    assert fault.record == "Yield 5 (4 to 6)"


def test_an_interval_on_another_scale_stays_as_it_is(tmp_path):
    incoming = made(tmp_path, "Study,r,LL,UL,n\nAsh,.35,.18,.50,120\nElm,-.12,-.33,.10,80\n")
    assert column(incoming, "ul", "studies") == [".50", ".10"] and incoming.faults == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Study,OR\nAsh,1.2\nAsh,1.2\nElm,1\n", "1 rows are the same as a row above"),
        ("Study,Arm,n\nAsh,drug,5\nAsh,placebo,6\n", "seem to be the arms of one study"),
        ('Author,OR\nKim Lee,1\n"Kim Lee, Bo Ray",2\n', "were read as one person each"),
        ("Study,N\nAsh,about 5\nElm,about 6\n", "N -> a column of its own (its cells do not look"),
        ("Study,OR,SMD\nAsh,1.1,2\nElm,1.2,3\n", "(estimate is 'OR' already)"),
        (
            "Study,Mean 1,SD 1,N 1,Mean 2,SD 2,N 2,Mean 3,SD 3,N 3\nAsh,5,1,9,6,1,9,7,1,9\n",
            "numbers of more than two arms (Mean 1, ",
        ),
    ],
)
def test_what_is_odd_is_said(tmp_path, text, said):
    assert said in made(tmp_path, text).report


def test_a_table_of_two_by_two(tmp_path):
    incoming = made(tmp_path, "Author,a,b,c,d\nAsh,12,38,8,44\nElm,20,60,11,68\n")
    assert column(incoming, "estimate") == ["1.56", "1.795"]
    (tmp_path / "more").mkdir()
    assert roles(made(tmp_path / "more", "Author,b\nAsh,38\nElm,60\n"))["b"] == "own"


def test_intervals_around_logarithms(tmp_path):
    text = "study,logOR,lower,upper\nAsh,-0.5,-0.9,-0.1\nElm,0.1,-0.5,0.7\n"
    incoming = made(tmp_path, text, ci_level="95")
    assert column(incoming, "ci_low") == ["0.4066", "0.6065"] and incoming.faults == []
    assert column(incoming, "lower") == ["-0.9", "-0.5"]
    (tmp_path / "more").mkdir()
    text = "study,logOR,lower,upper\nAsh,-0.5,0.4066,0.9048\nElm,0.1,0.6065,2.014\n"
    assert column(made(tmp_path / "more", text, ci_level="95"), "ci_low") == ["0.4066", "0.6065"]


def test_rows_that_are_one_cell_in_quotes(tmp_path):
    incoming = made(tmp_path, '"Study,Year,N"\n"Ash,2010,45"\n"Elm,2011,60"\n')
    assert column(incoming, "study_id", "studies") == ["ash2010", "elm2011"]
    assert "each row was one cell in quotes" in incoming.report


def test_a_line_of_marks_is_not_a_study(tmp_path):
    incoming = made(tmp_path, "| Study | Year |\n|-----|------|\n| Ash | 2010 |\n| Elm | 2011 |\n")
    assert column(incoming, "study_id", "studies") == ["ash2010", "elm2011"]


def test_a_table_on_its_side_is_noticed(tmp_path):
    text = "Study,Ash 2010,Elm 2011\nCountry,UK,US\nN,45,60\nOR,1.2,0.8\nYear,2010,2011\n"
    text += "Design,RCT,RCT\nOutcome,pain,pain\n"
    assert "seems to lie on its side" in made(tmp_path, text).report


def test_letters_of_another_encoding_are_noticed(tmp_path):
    text = "Автор,Год,N\nИванов,2010,45\nПетров,2011,60\n"
    assert "--encoding names another" in made(tmp_path, text, "cp1251").report


def test_a_reference_of_a_study_that_is_called_by_its_author(tmp_path):
    library = tmp_path / "library.ris"
    library.write_text("TY  - JOUR\nAU  - Ash, C\nPY  - 2011\nTI  - On tea\nER  - \n")
    text = "Study,Year,OR\nAsh,2011,1.2\nElm,2010,0.8\n"
    incoming = made(tmp_path, text, references=[library])
    assert incoming.placed.faults == []
    assert column(incoming, "title", "studies") == ["On tea", ""]


def test_the_size_of_a_group_is_not_part_of_its_name(tmp_path):
    incoming = made(
        tmp_path,
        "Study,Intervention (n),Comparator (n)\nAsh 2010,Walk (n=22),Usual care (n=23)\n"
        "Elm 2012,Run (n = 30),Usual care (n=30)\n",
    )
    assert column(incoming, "comparator", "studies") == ["usual_care", "usual_care"]
    labels = [word["label"] for word in incoming.placed.vocabularies["exposure"]]
    assert labels == ["Walk", "Run"] and "'Usual care (n=23)' as usual_care" in incoming.report


def test_two_studies_of_one_author_and_year_are_noted(tmp_path):
    text = "Study,OR\nAsh 2010,1\nAsh et al. 2010,2\nElm 2010a,1\nElm 2010b,2\n"
    assert "2 studies share first author and year with another" in made(tmp_path, text).report


def test_a_level_that_is_missing_is_the_one_fault(tmp_path):
    text = "Study,OR,CI,p\nAsh 2010,1.2,0.9 to 1.6,0.2\nElm 2011,0.8,0.6 to 1.07,0.1\n"
    assert {fault.column for fault in made(tmp_path, text).faults} == {"ci_level"}


def test_columns_aligned_by_blanks(tmp_path):
    text = "study               yi     vi\nAsh et al 2010      0.30   0.04\n"
    text += "Elm and Oak 2013   -0.10   0.02\n"
    incoming = made(tmp_path, text)
    assert column(incoming, "study_id", "studies") == ["ash2010", "elm2013"]
    assert "cells separated by two or more blanks" in incoming.report
