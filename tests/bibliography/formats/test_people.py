"""Names in the fields of databases and reference managers, in the forms that they have there."""

from __future__ import annotations

import pytest

from evidence.bibliography.formats import read_text
from evidence.bibliography.formats.people import people


@pytest.mark.parametrize(
    ("field", "right"),
    [
        ("Smith, J., Jones, K., & Berg, L.", "Smith, J. and Jones, K. and Berg, L."),
        ("Smith, J. and Jones, K. & Berg, L.", "Smith, J. and Jones, K. and Berg, L."),
        ("Smith, John & Jones, Karl", "Smith, John and Jones, Karl"),
        ("Smith J; Jones K; et al.", "Smith, J and Jones, K and others"),
        ("Smith J, Jones K, et al.", "Smith, J and Jones, K and others"),
        ("van der Berg A.", "van der Berg, A."),
        ("O'Neil PJ", "O'Neil, PJ"),
        ("Öztürk Ş", "Öztürk, Ş"),
        ("Kovalenko Yu.V.", "Kovalenko, Yu.V."),
        ("Smith J Jr", "Smith, Jr, J"),
        ("Smith, John, Jr.", "Smith, Jr., John"),
        ("Smith, Jr., John", "Smith, Jr., John"),
        ("Smith, J., PhD", "Smith, {PhD}, J."),
        ("Smith, John, MD, PhD", "Smith, {MD, PhD}, John"),
        ("John A. Smith", "Smith, John A."),
        ("J. A. Smith", "Smith, J. A."),
        ("Johnson & Johnson", "{Johnson & Johnson}"),
        ("Ministry of Food, Farms & Fish", "Ministry of Food, Farms & Fish"),
        ("Tea Study Group", "{Tea Study Group}"),
        ("Study A Group", "{Study A Group}"),
        ("World Health Organization,", "{World Health Organization}"),
    ],
)
def test_a_field_of_names(field, right):
    assert people([field]) == right


def test_initials_after_a_family_name_with_an_apostrophe_or_a_middle_initial():
    """A database that writes one name per field, and one that writes all with their numbers."""
    ris = "TY  - JOUR\nT1  - Tea\nA1  - van der Berg A.\nA1  - O'Neil P.J.\nY1  - 2015\nER  -\n"
    assert read_text(ris, "a.ris").entries["author"][0] == "van der Berg, A. and O'Neil, P.J."
    scopus = (
        "Authors,Author full names,Title,Year,Source title,EID\n"
        '"O\'Neil P.J.; Berg A.","O\'Neil, Patrick J. (5); van der Berg, Anna B. (6)",Tea,2015,Pain,2\n'
    )
    names = read_text(scopus, "a.csv").entries["author"][0]
    assert names == "O'Neil, Patrick J. and van der Berg, Anna B."


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title = {Tea}, doi = {https://doi.org/10.1000/a.1}, pages = {101-110}}",
        '[{"id": "a", "title": "Tea", "DOI": "doi:10.1000/a.1", "page": "101-110"}]',
        "%0 Journal Article\n%T Tea\n%R https://dx.doi.org/10.1000/a.1\n%P 101-10\n",
        "<1>\nTI  - Tea\nDO  - https://dx.doi.org/10.1000/a.1\nPG  - 101-10\n",
    ],
)
def test_numbers_and_pages_in_one_form(text):
    (entry,) = read_text(text, "a").entries.to_dict("records")
    assert (entry["doi"], entry["pages"]) == ("10.1000/a.1", "101–110")
