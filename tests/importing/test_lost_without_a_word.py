"""Tables whose numbers were once lost, torn or put in a wrong place without a word."""

from __future__ import annotations

import pytest

from evidence.cli import main
from evidence.importing.from_spreadsheet import new_set_from, read_mapping


def made(tmp_path, text: str, **options):
    """What becomes of a table that is written as CSV."""
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return new_set_from(tmp_path / "set", path, notebooks=False, **options)


def column(incoming, name: str, table: str = "findings") -> list[str]:
    return getattr(incoming.placed, table)[name].to_list()


def estimates(incoming) -> list[tuple[str, ...]]:
    """Estimate and interval of each finding."""
    names = ("estimate", "ci_low", "ci_high")
    return list(zip(*(column(incoming, name) for name in names), strict=True))


def role_of(incoming) -> dict[str, str]:
    return {one.theirs: one.ours for one in incoming.placed.proposals}


def test_entities_of_web_pages_are_letters(tmp_path):
    text = (
        "Author,Year,Title,RR (95% CI)\n"
        "M&uuml;ller &amp; S&oslash;rensen,2001,R&D in A &lt; B,1.5 (1.1&ndash;2.0)\n"
        "O&#39;Neil,2004,Caf&eacute;,1.2 (0.9&#8211;1.6)\n"
    )
    incoming = made(tmp_path, text)
    authors = dict(zip(*(column(incoming, n, "entries") for n in ("key", "author")), strict=True))
    assert authors == {"muller2001": "Müller and Sørensen", "oneil2004": "O'Neil"}
    assert estimates(incoming) == [("1.5", "1.1", "2.0"), ("1.2", "0.9", "1.6")]
    assert column(incoming, "title", "studies") == ["R&D in A < B", "Café"]
    assert "'M&uuml;ller &amp; S&oslash;rensen' is 'Müller & Sørensen'" in incoming.report


@pytest.mark.parametrize("name", ["OR&nbsp;(95%&nbsp;CI)", "OR (95&#37; CI)"])
def test_entities_in_the_header_are_letters(tmp_path, name):
    incoming = made(
        tmp_path, f"Study,Year,{name}\nAdams,2001,1.5 (1.1&thinsp;&#x2013;&thinsp;2.0)\n"
    )
    assert estimates(incoming) == [("1.5", "1.1", "2.0")]


@pytest.mark.parametrize("text", ["AT&T; B&Bs; x", "a &notit; b", "a&#8238;b", "?a=1&copy=2"])
def test_what_is_not_a_letter_stays(tmp_path, text):
    assert column(made(tmp_path, f"Study,Year,Title\nAdams,2001,{text}\n"), "title", "studies")
    incoming = made(tmp_path / "b", f"Study,Year,Site\nAdams,2001,{text}\nBaker,2002,c\n")
    assert column(incoming, "site", "studies")[0] == text


@pytest.mark.parametrize(("one", "two"), [("", "120"), ("120", "")])
def test_an_empty_column_of_one_name_is_left_out(tmp_path, one, two):
    incoming = made(tmp_path, f"Author,Year,OR,95% CI,N,N\nAdams,2001,1.5,1.1-2.0,{one},{two}\n")
    assert column(incoming, "sample_size", "studies") == ["120"]
    assert "an empty column, named 'N' as another, was left out" in incoming.report


def test_two_columns_of_one_name_are_asked_about(tmp_path):
    incoming = made(tmp_path, "Author,Year,OR,95% CI,N,N\nAdams,2001,1.5,1.1-2.0,60,120\n")
    assert role_of(incoming)["N"] == "own" and "several columns are named 'N'" in incoming.report


@pytest.mark.parametrize(
    ("cell", "key", "author"),
    [
        ("Smith [12] 2010", "smith2010", "Smith"),
        ("Smith et al.^3 2010", "smith2010", "Smith and others"),
        ("Smith¹ 2010", "smith2010", "Smith"),
        ("Smith & Berg (in press)", "smith", "Smith and Berg"),
        ("Smith, J. (submitted)", "smith", "Smith, J."),
    ],
)
def test_marks_do_not_belong_to_a_name(tmp_path, cell, key, author):
    incoming = made(tmp_path, f'Study,OR\n"{cell}",1.2\nAdams 2011,1.5\n')
    said = dict(zip(*(column(incoming, n, "entries") for n in ("key", "author")), strict=True))
    assert said[key] == author


@pytest.mark.parametrize("cell", ["Lee¹", "Lee [12]", "Lee^3", "Lee*"])
@pytest.mark.parametrize("name", ["Study", "Author"])
def test_marks_do_not_belong_to_a_key(tmp_path, cell, name):
    incoming = made(tmp_path, f"{name},Year,OR\n{cell},2010,1.2\nAdams,2011,1.5\n")
    assert column(incoming, "study_id", "studies") == ["adams2011", "lee2010"]


def test_numbers_of_references_part_studies(tmp_path):
    incoming = made(tmp_path, "Study,Year,OR\nLee [7],2010,1.2\nLee [8],2010,1.5\n")
    assert column(incoming, "study_id", "studies") == ["lee2010a", "lee2010b"]


def test_marks_within_a_list_of_authors(tmp_path):
    incoming = made(tmp_path, 'Author,Year,OR\n"Smith J¹, Jones K²",2010,1.2\n')
    assert column(incoming, "author", "entries") == ["Smith, J and Jones, K"]
    assert "one person each" not in incoming.report


@pytest.mark.parametrize("cell", ["1.2 b", "1.2b", "1.2 [a]", "1.2 †"])
def test_a_mark_after_a_number(tmp_path, cell):
    incoming = made(tmp_path, f"Study,Year,OR\nAdams,2010,{cell}\nBaker,2011,1.5\n")
    assert column(incoming, "estimate") == ["1.2", "1.5"]
    assert f"{cell!r} (OR)" in incoming.report


@pytest.mark.parametrize("word", ["NS", "n.s.", "ns", "not significant", "p = NS"])
def test_a_word_for_a_p_value(tmp_path, word):
    incoming = made(tmp_path, f"Study,Year,SMD,P\nAdams,2010,0.1,{word}\nBaker,2011,0.5,0.003\n")
    assert column(incoming, "significant") == ["false", ""]
    assert column(incoming, "p_value") == ["", "0.003"] and not incoming.placed.faults
    assert "1 p-value is a word such as NS: not significant, without a number" in incoming.report


def test_a_word_for_a_p_value_beside_what_is_significant(tmp_path):
    text = "Study,Year,SMD,P,Significant\nAdams,2010,0.1,NS,\nBaker,2011,0.5,0.03,yes\n"
    assert column(made(tmp_path, text), "significant") == ["false", "true"]


@pytest.mark.parametrize(("cell", "below"), [("0.000", "0.001"), ("0.00", "0.01")])
def test_a_p_value_of_zero_is_below_its_last_digit(tmp_path, cell, below):
    incoming = made(tmp_path, f"Study,Year,SMD,P\nAdams,2010,0.1,{cell}\n")
    assert (column(incoming, "p_operator"), column(incoming, "p_value")) == (["<"], [below])
    assert f"{cell!r} as < {below} (P)" in incoming.report


def test_a_p_value_of_nothing_is_asked_about(tmp_path):
    incoming = made(tmp_path, "Study,Year,SMD,P\nAdams,2010,0.1,0\nBaker,2011,0.1,0.5\n")
    assert column(incoming, "p_value") == ["", "0.5"] and len(incoming.placed.faults) == 1


@pytest.mark.parametrize("name", ["IRR", "Rate ratio", "Incidence rate ratio (95% CI)"])
def test_a_rate_ratio_is_told(tmp_path, name):
    incoming = made(tmp_path, f"Study,Year,{name}\nAdams,2010,1.5 (1.1-2.0)\n")
    assert column(incoming, "measure") == ["RR"]
    assert f"{name!r} is a rate ratio, and stands under RR" in incoming.report


REFERENCES = [
    ("1.0", "Reference", "Low"),
    ("1 (ref)", "", "Low"),
    ("1.00 (Referent)", "", "Low"),
    ("Ref.", "", "Low"),
    ("1.0", "", "Low"),
    ("", "", "Low (reference)"),
    ("1", "–", "Low"),
]


@pytest.mark.parametrize(("estimate", "interval", "exposure"), REFERENCES)
def test_a_reference_category_is_not_a_result(tmp_path, estimate, interval, exposure):
    text = f"Adams,2001,{exposure},{estimate},{interval}\nAdams,2001,Mid,1.3,0.9-1.9\n"
    text += "Adams,2001,High,1.9,1.2-3.0\nBaker,2002,High,1.4,1.0-2.0\n"
    incoming = made(tmp_path, f"Study,Year,Exposure,OR,95% CI\n{text}")
    assert estimates(incoming) == [
        ("1.3", "0.9", "1.9"),
        ("1.9", "1.2", "3.0"),
        ("1.4", "1.0", "2.0"),
    ]
    assert column(incoming, "is_primary") == ["true", "false", "true"]
    assert column(incoming, "exposure_of_row") == ["Mid", "High", "High"]
    assert "1 row is a reference category (lines 2), and became no finding" in incoming.report
    assert [(one.line, one.rule) for one in incoming.placed.faults] == [(2, "row")]


@pytest.mark.parametrize(
    "rows",
    [
        "Adams,2001,Low,1.0,0.8-1.3\nAdams,2001,High,1.3,0.9-1.9\n",  # with an interval
        "Adams,2001,Low,1.0,\nBaker,2002,High,1.3,0.9-1.9\n",  # of a study of its own
        "Adams,2001,Low,1.1,\nAdams,2001,High,1.3,0.9-1.9\n",
        "Adams,2001,Cross reference,1.1,\nAdams,2001,High,1.3,0.9-1.9\n",
    ],
)
def test_a_result_of_no_difference_stays(tmp_path, rows):
    incoming = made(tmp_path, f"Study,Year,Exposure,OR,95% CI\n{rows}")
    assert len(column(incoming, "estimate")) == 2 and "reference category" not in incoming.report


@pytest.mark.parametrize("name", ["Outcome", "Subgroup"])
def test_no_difference_in_another_outcome_is_a_result(tmp_path, name):
    text = f"Study,Year,{name},OR,95% CI\nAdams,2001,Falls,1.0,\nAdams,2001,Death,1.3,0.9-1.9\n"
    assert column(made(tmp_path, text), "estimate") == ["1.0", "1.3"]


def test_the_reference_of_a_difference(tmp_path):
    text = "Study;Year;Exposure;Beta;SE\nAdams;2001;Q1;0 (ref);\nAdams;2001;Q2;0.3;0.1\n"
    assert column(made(tmp_path, text), "estimate") == ["0.3"]


def test_adjusted_results_are_read_with_their_intervals(tmp_path):
    text = "Study,Year,Crude OR,Crude 95% CI,Adjusted OR,Adjusted 95% CI\n"
    text += "Adams,2001,1.5,1.1-2.0,1.3,1.0-1.8\nBaker,2004,1.2,0.9-1.6,1.1,0.8-1.5\n"
    incoming = made(tmp_path, text)
    assert estimates(incoming) == [("1.3", "1.0", "1.8"), ("1.1", "0.8", "1.5")]
    assert "no effect was read from 'Crude OR'; --map 'Crude OR=estimate:OR'" in incoming.report
    incoming = made(tmp_path / "b", text, mapping={"Crude OR": "estimate:OR"})
    assert estimates(incoming) == [("1.5", "1.1", "2.0"), ("1.2", "0.9", "1.6")]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("OR (unadjusted),95% CI,OR (adjusted),95% CI", "1.5,1.1-2.0,1.3,1.0-1.8"),
        ("Unadj OR,Unadj lower,Unadj upper,Adj OR,Adj lower,Adj upper", "1.5,1.1,2.0,1.3,1.0,1.8"),
        ("Univariable HR (95% CI),Multivariable HR (95% CI)", "1.5 (1.1-2.0),1.3 (1.0-1.8)"),
        ("aOR,LCL,UCL", "1.3,1.0,1.8"),
        ("aHR (95% CI)", "1.3 (1.0-1.8)"),
        ("OR (adjusted),95% CI", "1.3,1.0-1.8"),
        ("Crude OR,Crude 95% CI", "1.3,1.0-1.8"),
    ],
)
def test_the_adjusted_result_is_read(tmp_path, header, cells):
    incoming = made(tmp_path, f"Study,Year,{header}\nAdams,2001,{cells}\n")
    assert estimates(incoming) == [("1.3", "1.0", "1.8")]


TWO = [("1.5", "1.1", "2.0"), ("0.8", "0.5", "1.3")]


@pytest.mark.parametrize(
    ("header", "cells", "column_of", "said"),
    [
        ("Men OR,Men 95% CI,Women OR,Women 95% CI", "1.5,1.1-2.0,0.8,0.5-1.3", "subgroup", "men"),
        ("OR men (95% CI),OR women (95% CI)", "1.5 (1.1-2.0),0.8 (0.5-1.3)", "subgroup", "men"),
        (
            "Death OR,Death 95% CI,Death p,Fall OR,Fall 95% CI,Fall p",
            "1.5,1.1-2.0,0.01,0.8,0.5-1.3,0.4",
            "outcome",
            "death",
        ),
        (
            "Outcome 1,OR 1,95% CI 1,Outcome 2,OR 2,95% CI 2",
            "Death,1.5,1.1-2.0,Fall,0.8,0.5-1.3",
            "outcome",
            "Death",
        ),
        (
            "Outcome1,HR1,LCL1,UCL1,Outcome2,HR2,LCL2,UCL2",
            "Death,1.5,1.1,2.0,Fall,0.8,0.5,1.3",
            "outcome",
            "Death",
        ),
    ],
)
def test_two_results_beside_each_other(tmp_path, header, cells, column_of, said):
    incoming = made(tmp_path, f"Study,Year,{header}\nAdams,2001,{cells}\n")
    assert estimates(incoming) == TWO
    assert column(incoming, column_of)[0] == said
    if "p" in header.split():
        assert column(incoming, "p_value") == ["0.01", "0.4"]


def test_two_results_under_a_header_of_two_rows(tmp_path):
    text = "Study,,Mortality,,Hospital,\n,Year,OR,95% CI,OR,95% CI\n"
    incoming = made(tmp_path, text + "Adams,2001,1.5,1.1-2.0,0.8,0.5-1.3\n")
    assert estimates(incoming) == TWO
    assert column(incoming, "outcome") == ["mortality", "hospital"]


UNREAD = [
    ("OR 1,95% CI 1,OR 2,95% CI 2", "1.5,1.1-2.0,0.8,0.5-1.3"),  # of what is not told
    ("Death OR,Death 95% CI,Pain MD,Pain 95% CI", "1.5,1.1-2.0,0.8,0.5-1.3"),
    ("RR reduction (%),95% CI", "25%,10% to 38%"),
    ("Model 1 HR (95% CI),Model 2 HR (95% CI)", "1.5 (1.1-2.0),0.8 (0.5-1.3)"),
    ("Walking median,Control median", "5.1,4.0"),
    ("Walking %,Control %", "10%,6.8%"),
    ("Walking n,Walking,Control n,Control", "20,5.1 ± 1.2,21,4.0 ± 1.3"),
    ("Walking mean (SD),Yoga mean (SD),Control mean (SD)", "5.1 (1.2),4.0 (1.3),3.9 (1.0)"),
    (
        "A n,A mean,A SD,Yoga n,Yoga mean,Yoga SD,Control n,Control mean,Control SD",
        "20,5.1,1.2,21,4.0,1.3,22,3.9,1.0",
    ),
]


@pytest.mark.parametrize(("header", "cells"), UNREAD)
def test_where_no_effect_is_read_it_is_said(tmp_path, header, cells, capsys):
    path = tmp_path / "table.csv"
    path.write_text(f"Study,Year,{header}\nAdams,2001,{cells}\n", encoding="utf-8")
    assert main(["new", str(tmp_path / "set"), "--from", str(path), "--yes"]) == 1
    said = capsys.readouterr().err
    assert "no effect was read, although columns look like some" in said
    notes = [line for line in said.splitlines() if line.startswith("Note:") and "--map" in line]
    assert any(name in note for note in notes for name in header.split(","))


@pytest.mark.parametrize(
    "header", ["Age,Dose", "HR (bpm),DM", "Mean age (drug),Mean age (control)"]
)
def test_a_table_without_effects_is_not_a_fault(tmp_path, header):
    incoming = made(tmp_path, f"Study,Year,{header}\nAdams,2001,70,5\nBaker,2002,65,7\n")
    assert incoming.placed.unread == []


def test_the_measure_of_a_cell_is_not_that_of_its_column(tmp_path):
    incoming = made(
        tmp_path, "Study,Year,OR (95% CI)\nAdams,2001,1.5 (1.1-2.0)\nBaker,2002,HR 2.0 (1.5-2.7)\n"
    )
    assert column(incoming, "measure") == ["OR", "HR"]


@pytest.mark.parametrize(
    "name", ["Effect: OR (95% CI), p", "OR (95% CI)", "OR (95% CI) and p-value"]
)
def test_an_effect_with_its_p_value_in_one_cell(tmp_path, name):
    text = f'Study,Year,"{name}"\nAdams,2001,"1.5 (1.1-2.0), p=0.01"\n'
    text += 'Baker,2002,"1.2 (0.9, 1.6); P<0.5"\nCole,2003,1.3 [1.0; 1.7]\n'
    incoming = made(tmp_path, text)
    assert estimates(incoming) == [
        ("1.5", "1.1", "2.0"),
        ("1.2", "0.9", "1.6"),
        ("1.3", "1.0", "1.7"),
    ]
    assert column(incoming, "p_value") == ["0.01", "0.5", ""]


RATIO = (12 / 120) / (8 / 118)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (
            "Deaths walking n (%),N walking,Deaths control n (%),N control",
            "12 (10.0),120,8 (6.8),118",
        ),
        ("Deaths (drug),N (drug),Deaths (placebo),N (placebo)", "12 (10%),120,8 (6.8%),118"),
        (
            "Cases (exposed),Non-cases (exposed),Cases (unexposed),Non-cases (unexposed)",
            "12,108,8,110",
        ),
        ("Events drug,Non events drug,Events placebo,Non events placebo", "12,108,8,110"),
    ],
)
def test_numbers_of_events(tmp_path, header, cells):
    incoming = made(tmp_path, f"Study,Year,{header}\nAdams,2001,{cells}\n")
    assert float(column(incoming, "estimate")[0]) == pytest.approx(RATIO, 0.001)


def test_numbers_of_events_with_shares_in_rows_of_arms(tmp_path):
    text = "Study,Group,No. (%) responders,N\nAdams,Drug,12 (10%),120\nAdams,Placebo,8 (6.8%),118\n"
    assert float(column(made(tmp_path, text), "estimate")[0]) == pytest.approx(RATIO, 0.001)


@pytest.mark.parametrize(
    ("header", "cells", "low"),
    [
        (
            "N walking,Walking mean (SD),N control,Control mean (SD)",
            "20,5.1 (1.2),21,4.0 (1.3)",
            0.335,
        ),
        (
            "Walking n,Walking mean ± SE,Control n,Control mean ± SE",
            "20,5.1 ± 0.2,21,4.0 ± 0.3",
            0.393,
        ),
        ("Drug n,Drug mean (SEM),Placebo n,Placebo mean (SEM)", "20,5.1 (0.2),21,4.0 (0.3)", 0.393),
    ],
)
def test_means_with_their_spread_in_one_cell(tmp_path, header, cells, low):
    incoming = made(tmp_path, f"Study,Year,{header}\nAdams,2001,{cells}\n")
    assert column(incoming, "estimate") == ["1.1"]
    assert float(column(incoming, "ci_low")[0]) == pytest.approx(low, abs=0.001)
    assert column(incoming, "n_exposed", "studies") == ["20"]
    assert column(incoming, "n_control", "studies") == ["21"]


def test_a_spread_without_a_name_is_read_when_it_is_said(tmp_path):
    text = "Study,Year,Walking n,Walking,Control n,Control\nAdams,2001,20,5.1 ± 1.2,21,4.0 ± 1.3\n"
    mapping = {"Walking": "mean_sd_exposed", "Control": "mean_sd_control"}
    incoming = made(tmp_path, text, mapping=mapping)
    assert column(incoming, "estimate") == ["1.1"]
    assert column(incoming, "n_exposed", "studies") == ["20"]
    assert role_of(made(tmp_path / "b", text))["Control"] == "own"


@pytest.mark.parametrize("cells", [("5.1 ± 1.2", "6.0 ± 1.5"), ("12/24", "13/20"), ("4.1", "5.2")])
@pytest.mark.parametrize("name", ["Control", "Exposure", "Population"])
def test_numbers_are_not_words(tmp_path, cells, name):
    incoming = made(tmp_path, f"Study,Year,{name}\nAdams,2001,{cells[0]}\nBaker,2002,{cells[1]}\n")
    assert role_of(incoming)[name] == "own"


def test_one_number_that_is_not_whole_stops_its_row_alone(tmp_path):
    rows = ["120,12,8,118", "0,50,3,50", "7,50,3,50", "9,50,5,50", "5.5,50,3,50", "-1,50,3,50"]
    lines = "".join(f"Adams,{2001 + i},{row}\n" for i, row in enumerate(rows))
    header = "Study,Year,Events exposed,N exposed,Events control,N control"
    incoming = made(tmp_path, f"{header}\n{lines}")
    read = dict(zip(column(incoming, "study_id"), column(incoming, "estimate"), strict=True))
    assert [key for key, cell in read.items() if cell] == ["adams2002", "adams2003", "adams2004"]
    assert float(read["adams2003"]) == pytest.approx(7 / 3, 0.001)
    assert [(one.line, one.record) for one in incoming.placed.faults] == [(6, "5.5"), (7, "-1")]
    assert "3 rows (lines 2, 6, 7) say nothing of an effect" in incoming.report


def test_numbers_that_can_be_percentages_are_asked_about(tmp_path):
    rows = ["40,500,8,500", "12.5,200,10,200", "20,300,3,300", "9,400,5,400"]
    lines = "".join(f"Adams,{2001 + i},{row}\n" for i, row in enumerate(rows))
    header = "Study,Year,Events exposed,N exposed,Events control,N control"
    incoming = made(tmp_path, f"{header}\n{lines}")
    assert not any(column(incoming, "estimate"))
    assert "--map 'Events exposed=percent_exposed'" in incoming.report


def test_a_spread_that_cannot_be_is_told_with_its_line(tmp_path):
    header = "Study,Year,Drug n,Drug mean,Drug SD,Control n,Control mean,Control SD"
    rows = "Adams,2001,20,5.1,-1.2,21,4.0,1.3\nBaker,2002,0,5.1,1.2,21,4.0,1.3\n"
    incoming = made(tmp_path, f"{header}\n{rows}Cole,2003,20,5.1,1.2,21,4.0,1.3\n")
    assert column(incoming, "estimate") == ["", "", "1.1"]
    assert [one.line for one in incoming.placed.faults] == [2]
    assert "2 rows (lines 2, 3) say nothing of an effect" in incoming.report


@pytest.mark.parametrize(
    "text",
    [
        "Study,Group,N,Events\nAdams,Drug,120,12\nAdams,Control,118,8\n",
        "Study,Group,No. (%) ill,N\nAdams,Drug,12 (10%),120\nAdams,Control,8 (6.8%),118\n",
        "Study,Men OR,Men 95% CI,Women OR,Women 95% CI\nAdams,1.5,1.1-2.0,0.8,0.5-1.3\n",
        "Study,OR (crude),95% CI,OR (adjusted),95% CI\nAdams,1.5,1.1-2.0,1.3,1.0-1.8\n",
        'Study,OR (95% CI)\nAdams,"1.5 (1.1-2.0), p=0.01"\n',
    ],
)
def test_the_mapping_of_a_changed_table_reads_it_again(tmp_path, text):
    first = made(tmp_path, text)
    columns, words = read_mapping(tmp_path / "set" / "mapping.toml")
    again = made(tmp_path / "b", text, mapping=columns, words=words)
    assert again.placed.findings.equals(first.placed.findings)
    assert any(column(first, "estimate"))
