"""Tables for readers: names of studies lead to their papers."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import evidence
from evidence import charts


def links(table) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]*)">(.*?)</a>', table._repr_html_())


def test_names_of_studies_link_to_their_doi(ev):
    table = evidence.readable(ev, evidence.study_table(ev))
    found = {name: address for address, name in links(table)}
    assert found["Drory et al. 2001"] == "https://doi.org/10.1016/s0022-510x(01)00610-4"
    assert len(found) == ev.links.reindex(ev.studies["study_id"]).notna().sum()
    assert "Aksu et al. 2002" in table._repr_html_() and "Aksu et al. 2002" not in found


def test_the_text_stays_without_links(ev):
    table = evidence.readable(ev, evidence.study_table(ev).head(2))
    assert "doi.org" not in repr(table) and not re.search(
        "[\ue000-\uf8ff]", repr(table) + table._repr_html_()
    )


def test_keys_are_links_too_and_other_columns_are_not(ev):
    rows = pd.DataFrame(
        {"study_id": ["drory2001", "nobody", None], "note": ["Drory et al. 2001", "x", "y"]}
    )
    assert links(evidence.readable(ev, rows)) == [
        ("https://doi.org/10.1016/s0022-510x(01)00610-4", "Drory et al. 2001")
    ]


def test_keys_become_names_and_fields_become_titles(ev):
    table = evidence.disagreements(ev, "table").readable()
    text = repr(table) + table._repr_html_()
    assert "abel2007" not in text and "no_clear_difference" not in text and "Ci low" not in text


def test_a_heading_belongs_to_its_table(ev):
    heading = lambda table: list(table.readable().frame.columns)
    assert "Agreement" in heading(evidence.agreement(ev))
    assert "Share right" in heading(evidence.accuracy(ev))
    risk = evidence.leave_one_out(ev.select(question="risk"))
    assert "Share pointing to less ALS" in heading(risk)
    assert "Direction not reported" in heading(evidence.balance(ev, lens="direction"))
    assert "No conclusion" in heading(evidence.balance(ev, lens="concluded"))
    given = evidence.readable(ev, pd.DataFrame({"share": [0.5]}), headings={"share": "Half"})
    assert given.frame.columns.to_list() == ["Half"]


def test_two_columns_never_share_a_heading(ev):
    table = evidence.readability(ev)
    given = {"unclear_printed": "printed", "others_printed": "printed"}
    assert evidence.readable(ev, table, headings=given).frame.shape[1] == table.frame.shape[1]
    for result in (table, evidence.third_reading(ev), evidence.main_result_skew(ev)):
        assert result.readable(columns=list(result.frame)).frame.shape == result.frame.shape


def test_text_stands_left_and_numbers_right(ev):
    rows = pd.DataFrame({"note": ["a", "bcd"], "studies": [1, 1234]})
    table = evidence.readable(ev, rows)
    assert repr(table).splitlines() == ["Note  Studies", "a           1", "bcd     1,234"]
    html = table._repr_html_()
    assert '<td style="text-align: left;">bcd</td>' in html
    assert '<td style="text-align: right;">1,234</td>' in html


@pytest.mark.parametrize("table", ["arms", "harms", "programmes"])
def test_codes_get_the_labels_of_their_own_table(ev, table):
    """Several tables have a column of one name, and not the same words."""
    column = ev.dictionary.tables[table].by_name["arm"]
    shown = evidence.readable(ev, pd.DataFrame({"arm": column.values}))
    assert repr(shown).split("\n")[1:] == list(column.labels.values())


def test_a_code_that_one_table_alone_knows_gets_its_label(ev):
    assert ev.dictionary.label("arm", "exercise") == "Exercise"
    assert ev.dictionary.label("topic", "risk") == "Risk of exercising"
    assert ev.dictionary.label("arm", "unheard of") == "unheard of"


def test_shares_are_percent_and_their_differences_points(ev):
    rows = pd.DataFrame({"share": [0.5], "share_worst": [0.125], "share_all": [0.53]})
    rows = rows.assign(change=rows["share"] - rows["share_all"], shared=[7])
    shown = repr(evidence.readable(ev, rows)).splitlines()[1].split("  ")
    assert [cell.strip() for cell in shown if cell] == ["50 %", "12 %", "53 %", "−3 points", "7"]


def test_a_change_of_an_estimate_may_be_a_ratio(ev):
    """It is not written as points."""
    rows = pd.DataFrame({"estimate": [1.2], "change": [0.98]})
    assert repr(evidence.readable(ev, rows)).splitlines()[1].split() == ["1.2", "0.98"]


def test_cells_are_escaped(ev):
    rows = pd.DataFrame(
        {"study": ["<b>Drory</b>", "Drory et al. 2001"], "note": ["<script>", "a & b"]}
    )
    shown = evidence.readable(ev, rows, caption="<i>caption</i>")._repr_html_()
    assert "<b>" not in shown and "<script>" not in shown and "<i>" not in shown
    assert "&lt;b&gt;Drory&lt;/b&gt;" in shown and "a &amp; b" in shown


@pytest.mark.parametrize("wrong", ["missing", "broken"])
def test_a_table_is_shown_without_a_bibliography(data, wrong):
    (
        data.bibliography.unlink()
        if wrong == "missing"
        else data.bibliography.write_text("@misc{a", encoding="utf-8")
    )
    ev = evidence.load(data.folder)
    table = evidence.readable(ev, ev.studies[["study_id", "year"]].head(2))
    assert "abel2007" in table._repr_html_() and links(table) == []


def test_how_many_took_part_names_those_of_unknown_size(ev):
    """One column says both, and 0 is never said of what is not known."""
    result = evidence.balance(ev, "design")
    frame = result.frame.head(3).assign(
        studies=[3, 3, 2], participants=[1250, 40, 0], size_unknown=[0, 1, 2]
    )
    shown = result.with_frame(frame).readable().frame
    assert shown["Took part"].to_list() == ["1,250", "40 + 1 unknown", "unknown"]
    assert "Size unknown" not in shown


def test_results_of_every_kind_are_shown(ev):
    """Those whose class is not ``Result`` too."""
    pool = evidence.size_pool(ev, "or_activity")
    for result in (pool, evidence.harms(ev), evidence.programmes(ev)):
        table = evidence.readable(ev, result).frame
        assert len(table) == len(result.frame) > 0
    with pytest.raises(evidence.UsageError, match="table is a list; allowed"):
        evidence.readable(ev, [1])


def test_votes_and_readings_are_called_by_their_labels(ev):
    """A vote is a conclusion or a direction, though its column has another name."""
    votes = evidence.readable(ev, evidence.votes(ev, "concluded")).frame
    assert "No clear difference" in set(votes["Vote"]) and "Mixed" in set(votes["Vote"])
    square = charts.agreement_matrix(evidence.confusion(ev, "conclusion")).data
    named = evidence.readable(ev, square.reset_index()).frame
    assert set(named["First reading"]) <= {*ev.labels("conclusion").values(), "Not shown"}
    lens = evidence.readable(ev, charts.headline(ev).data).frame["Lens"]
    assert set(lens) == {"as concluded", "direction of effect"}


def test_a_comparison_that_is_not_known_is_said_not_to_be_stated(ev):
    table = evidence.outcomes(ev)
    unknown = table["contrast"].isna()
    cells = evidence.readable(ev, table).frame["Contrast"]
    assert unknown.any() and set(cells[unknown]) == {"comparison not stated"}
    assert "comparison not stated" not in set(cells[~unknown])


def test_no_comparison_is_called_by_what_only_treatments_are_compared_with(ev):
    """On risk nobody has a sham or usual care: they are active, or not."""
    named = evidence.outcomes(ev, "risk")["contrast"].dropna().unique()
    assert "against_none" in named
    assert not any(
        word in ev.dictionary.label("contrast", name) for name in named for word in ("sham", "care")
    )


def test_what_a_review_has_not_is_said_in_words(ev):
    chart = charts.citation_matrix(evidence.citation_matrix(ev))
    cells = set(evidence.readable(ev, chart.data.reset_index()).frame.iloc[:, 1:].stack())
    assert "not included" in cells and not any("_" in cell for cell in cells)


def test_beside_sizes_of_effect_n_is_how_many_took_part(ev):
    pool = evidence.size_pool(ev, "or_activity")
    assert "Took part" in evidence.readable(ev, pool.frame).frame
    assert "Rows" in evidence.readable(ev, evidence.study_flow(ev).frame).frame
