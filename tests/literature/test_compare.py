"""What counts as the same: spelling, abbreviations and years; and what does not."""

from __future__ import annotations

import pytest

from evidence.literature.compare import compare, same_journal, same_name, same_title
from evidence.literature.record import Author, Record, normal

ENTRY = {
    "title": "Running in β-mutant mice: a trial",
    "year": "2018",
    "container": "Journal of Neurology",
    "author": "Åberg, Maria and Nyberg, Jenny",
    "doi": "10.1/a",
    "pmid": "1",
    "pmcid": "",
}
RECORD = Record(
    "crossref",
    doi="10.1/a",
    pmid="1",
    titles=("Running in beta-mutant mice: A Trial.",),
    years=(("issue", 2018), ("online", 2017)),
    journals=("J. Neurol.",),
    authors=(Author("ABERG", "M"),),
)


def test_small_differences_are_none():
    found = compare(ENTRY, RECORD)
    assert (
        found.differ == {}
        and set(found.agree) == {"title", "year", "container", "author", "doi", "pmid"}
        and found.unstated == ()
    )
    assert (
        found.years == "2018 in its issue, 2017 online"
        and compare(ENTRY | {"year": "2017"}, RECORD).differ == {}
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (
            "title",
            "Running in rats",
            "title 'Running in rats' here, 'Running in beta-mutant mice: A Trial.' there",
        ),
        ("year", "2019", "year '2019' here, '2018' or '2017' there"),
        ("year", "2016", "year"),
        ("container", "Journal of Neurosurgery", "journal"),
        ("author", "Nyberg, Jenny and Åberg, Maria", "first author 'Nyberg' here, 'ABERG' there"),
        ("doi", "10.1/b", "DOI"),
        ("pmid", "2", "PubMed number"),
    ],
)
def test_what_differs_is_said_both_ways(field, value, words):
    found = compare(ENTRY | {field: value}, RECORD)
    assert list(found.differ) == [field] and words in found.differ[field]


def test_what_is_not_stated_does_not_differ():
    found = compare(ENTRY, Record("crossref"))
    assert (
        found.differ == {}
        and found.agree == ()
        and found.unstated == ("title", "year", "container", "author")
    )
    assert compare({}, RECORD).agree == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Exercise & ALS", "Exercise and ALS", True),
        ("Ångström’s “trial”", "Angstrom's trial", True),
        ("SOD1(G93A) mice", "SOD1<sup>G93A</sup> mice", True),
        (
            "Exercise in ALS: a randomised trial",
            "Exercise in ALS",
            False,
        ),  # eleven characters are too few to go by
        ("Exercise in motor neurone disease: a trial", "Exercise in motor neurone disease", True),
        ("Exercise in motor neurone disease? Yes", "Exercise in motor neurone disease", True),
        ("Exercise in motor neurone disease of mice", "Exercise in motor neurone disease", False),
        ("Exercise in motor neurone disease", "Exercises in motor neurone disease", False),
        ("", "Exercise", False),
    ],
)
def test_titles(one, other, same):
    assert same_title(one, other) is same and same_title(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Journal of Neurology", "J Neurol", True),
        ("Journal of Neurology", "Journal of neurology.", True),
        (
            "Journal of Neurology, Neurosurgery & Psychiatry",
            "Journal of neurology, neurosurgery, and psychiatry",
            True,
        ),
        (
            "Amyotrophic Lateral Sclerosis and Frontotemporal Degeneration",
            "Amyotroph Lateral Scler Frontotemporal Degener",
            True,
        ),
        (
            "Proceedings of the National Academy of Sciences of the United States of America",
            "Proc Natl Acad Sci U S A",
            True,
        ),
        ("Lancet", "Lancet (London, England)", True),
        ("The Lancet", "Lancet (London, England)", True),
        ("BMJ", "BMJ : British Medical Journal", True),
        ("BMJ", "British Medical Journal", True),
        ("PLoS ONE", "PloS one", True),
        ("Zeitschrift für Neurologie", "Z Neurol", True),
        ("Deutsche Medizinische Wochenschrift", "Dtsch Med Wochenschr", True),
        ("Brain", "Brain Research", False),
        ("Journal of Neurology", "Journal of the Neurological Sciences", False),
        ("Neurology", "Neurological Research", False),
        ("Neurology", "Nephrology", False),
        ("Annals of Neurology", "Archives of Neurology", False),
    ],
)
def test_journals(one, other, same):
    assert same_journal(one, other) is same and same_journal(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("van den Berg", "Berg", True),
        ("De Carvalho", "de Carvalho", True),
        ("Dal Bello-Haas", "Bello-Haas", True),
        ("Feddermann-Demont", "Feddermann Demont", True),
        ("Just-Borràs", "Just-Borras", True),
        ("Øvretveit", "Ovretveit", True),
        ("O'Brien", "OBrien", True),
        ("Berg", "Burg", False),
        ("Li", "Liu", False),
        ("", "Li", False),
    ],
)
def test_names(one, other, same):
    assert same_name(one, other) is same and same_name(other, one) is same


def test_letters_of_all_kinds():
    assert (
        normal("") == "" and normal("…") == "" and normal("TGF-β1 & Łódź") == "tgf beta1 and lodz"
    )
    assert normal("Þórður, ǾRSTED & Ħaż") == "thordur orsted and haz"


def test_every_entry_agrees_with_itself(all_papers):
    """No entry of the bibliography differs from its own record in any of the three shapes."""
    import json

    from server import crossref_work, europepmc_result, pubmed_article

    from evidence.literature import crossref, europepmc, pubmed

    for paper in all_papers:
        entry = {
            "title": paper.title,
            "year": str(paper.year),
            "container": paper.journal,
            "author": " and ".join(f"{family}, {given}" for family, given in paper.authors),
        }
        bodies = (
            (crossref, json.dumps(crossref_work(paper))),
            (pubmed, pubmed_article(paper)),
            (europepmc, json.dumps(europepmc_result(paper))),
        )
        for client, body in bodies:
            assert compare(entry, client.record(body)).differ == {}, paper
