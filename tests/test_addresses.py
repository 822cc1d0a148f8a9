"""Addresses of papers are made in one place, and lead to the paper wherever they stand."""

from __future__ import annotations

import ast
import re
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

import evidence
from evidence.bibliography import addresses
from evidence.bibliography.addresses import addresses as places
from evidence.bibliography.addresses import doi_address, links, paper

ROOT = Path(__file__).resolve().parents[1]
# Older DOIs of one publisher hold what an address must not: the part from "#" on would be lost.
AWKWARD = "10.1002/(sici)1097-4598(199607)19:7<830::aid-mus4>3.0.co;2-#"
QUOTED = "https://doi.org/10.1002/(sici)1097-4598(199607)19:7%3C830::aid-mus4%3E3.0.co;2-%23"


@pytest.fixture
def awkward(data) -> evidence.Evidence:
    """The data set with such a DOI in the table and in the bibliography."""
    plain = evidence.load(data.folder).studies.set_index("study_id").loc["drory2001", "doi"]
    data.change("studies", "drory2001", doi=AWKWARD)
    data.edit_bibliography(lambda text: text.replace(plain, AWKWARD.replace("#", r"\#")))
    return evidence.load(data.folder)


def test_links(ev):
    assert ev.links["drory2001"] == "https://doi.org/10.1016/s0022-510x(01)00610-4"
    assert (
        ev.links.notna().sum()
        == ev.bibliography[["doi", "pmid", "pmcid"]].notna().any(axis=1).sum()
    )
    entries = pd.DataFrame(
        {
            "key": list("abcd"),
            "doi": None,
            "pmid": None,
            "pmcid": [None, "PMC1", None, None],
            "url": [None, "x", "HTTPS://e.org", "mailto:x"],
        }
    )
    expected = ["", "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/", "HTTPS://e.org", ""]
    assert links(entries).fillna("").to_list() == expected


def test_a_doi_is_quoted():
    assert doi_address(AWKWARD) == QUOTED
    assert doi_address("10.1016/s0022-510x(01)00610-4").endswith("/s0022-510x(01)00610-4")


def test_the_doi_comes_first_and_what_is_empty_is_passed_over(ev):
    record = {"doi": AWKWARD, "pmid": "7", "pmcid": None}
    assert list(places(record)) == ["doi", "pmid"] and paper(record) == ("DOI", QUOTED)
    assert paper({"doi": "", "pmcid": "PMC1"})[0] == "PubMed Central" and paper({}) is None
    studies = ev.studies.rename(columns={"study_id": "key"})
    assert links(studies[["key"]]).isna().all()


def test_the_same_address_everywhere(awkward):
    from evidence.charts.words import words
    from evidence.explorer.contents import Contents
    from evidence.explorer.pages import static_html
    from evidence.explorer.view import view_of
    from evidence.site.pages import Site, pages
    from evidence.site.render import environment, page
    from evidence.site.studies import render

    site = Site(awkward, words(awkward))
    (entry,) = (entry for entry in pages(site) if entry.render is render)
    files = {file.path: file for file in render(site)}
    study = page(environment(), site, [entry], entry, files["studies/drory2001.html"])
    shown = {
        "explorer": static_html(Contents(awkward, view_of(awkward))),
        "page of the study": study,
        "readable table": evidence.readable(awkward, awkward.studies)._repr_html_(),
        "references": evidence.references(awkward, "drory2001")._repr_html_(),
        "citation": evidence.cite(awkward, "drory2001")._repr_html_(),
    }
    assert awkward.links["drory2001"] == QUOTED
    for place, html in shown.items():
        found = {unescape(address) for address in re.findall(r'href="([^"]+)"', html)}
        about = {address for address in found if "10.1002/(sici)1097-4598" in address}
        assert about == {QUOTED}, place


def test_a_study_without_an_entry_has_the_address_of_its_own(data):
    studies = [cells[0] for cells in data.read("studies")]
    entry = r"(?ms)^@\w+\{" + studies[1] + r",.*?^\}\n"
    data.edit_bibliography(lambda text: re.sub(entry, "", text))
    data.change("studies", studies[1], doi=AWKWARD)
    ev = evidence.load(data.folder)
    assert studies[1] not in set(ev.bibliography["key"]) and ev.links[studies[1]] == QUOTED


def test_no_other_module_makes_addresses():
    made = (addresses.RESOLVER, addresses.PUBMED, addresses.PUBMED_CENTRAL)
    found = []
    for path in (ROOT / "evidence").rglob("*.py"):
        if path == Path(addresses.__file__):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        found += [path for text in texts if isinstance(text, str) and text.startswith(made)]
    for kind in ("html", "js", "j2"):
        found += [
            path
            for path in (ROOT / "evidence").rglob(f"*.{kind}")
            if any(address in path.read_text(encoding="utf-8") for address in made)
        ]
    assert not found
