"""The bibliography is read whole, in plain Unicode."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.dataset.bibliography import decode, read_bibliography, short_names


def test_an_entry_for_every_study_and_review(ev):
    keys = set(ev.bibliography["key"])
    assert keys == set(ev.studies["study_id"]) | set(ev.reviews["review_id"])
    assert len(ev.bibliography) == 185


def test_names_keep_their_letters(ev):
    authors = ev.bibliography.set_index("key")["author"]
    assert authors["aberg2018"].startswith("Åberg, Maria and ")
    assert "Dal Bello-Haas, V." in authors["dalbellohaas2007"]
    assert authors["vangroenestijn2019"].startswith("van Groenestijn, ")
    assert not authors.str.contains(r"[{}\\]", na=False).any()


def test_entry_types(ev):
    types = ev.bibliography["entry_type"].value_counts()
    assert types["article"] == 174
    assert set(types.index) == {"article", "phdthesis", "mastersthesis", "misc", "online", "techreport"}


def test_short_names(ev):
    assert ev.names[["abel2007", "aberg2018", "harvardhealth"]].to_list() == ["Abel 2007", "Åberg et al. 2018", "Harvard Health Publishing n.d."]
    assert ev.names.is_unique or ev.names.duplicated().sum() < 5


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        ("Gains of 50% in {ALS}", "Gains of 50% in ALS"),
        (r"Gains of 50\% \& more", "Gains of 50% & more"),
        (r"{\'E}tude of caf{\'e}", "Étude of café"),
        ("plain", "plain"),
        (r"50% of \'etudes", "50% of études"),
    ],
)
def test_latex_is_decoded_without_loss(latex, plain):
    assert decode(pd.Series([latex])).to_list() == [plain]


def test_missing_file(tmp_path):
    with pytest.raises(evidence.DataError, match="cannot be read: No such file"):
        read_bibliography(tmp_path / "none.bib")


def test_entries_without_author_or_year():
    entries = pd.DataFrame({"key": ["a", "b"], "author": [None, "X, Y."], "year": ["2001", None]}, dtype="str")
    assert short_names(entries).to_list() == ["2001", "X n.d."]
