"""Names: particles, Jr, institutions, and lists that go on."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidence.bibliography.bibtex.names import (
    csl_names,
    first_name,
    has_others,
    name_list,
    names_to_latex,
    normalised,
)

SEVERAL = "may be several people, and was read as one"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Drory, V. E. and Goltsman, E.", "Drory, V. E. and Goltsman, E."),
        ("Vivian E. Drory and Ludwig van Beethoven", "Drory, Vivian E. and van Beethoven, Ludwig"),
        ("{Duke University}", "{Duke University}"),
        (
            "{National Institute for Health and Care Excellence} and X, Y",
            "{National Institute for Health and Care Excellence} and X, Y",
        ),
        (
            r"{\'E}tienne, A. and \'Eluard, P. and {\'Ecole Polytechnique}",
            "Étienne, A. and Éluard, P. and {École Polytechnique}",
        ),
        ("{Dal Bello-Haas}, V.", "Dal Bello-Haas, V."),
        ("{Smith, Inc.}, Jane", "{Smith, Inc.}, Jane"),
        ("King, Jr, Martin Luther", "King, Jr, Martin Luther"),
        ("Solo", "Solo"),
        ("A, B\n   and  C, D", "A, B and C, D"),
        ("A, B AND C, D", "A, B and C, D"),
        ("A, B and others", "A, B and others"),
        ("{Chen} and others", "{Chen} and others"),
        ("A~B, C.~D.", "A B, C. D."),
        ("Smith J., Jones K., Lee B.", "Smith, J. and Jones, K. and Lee, B."),
        ("Smith J.A., Jones K.", "Smith, J.A. and Jones, K."),
        ("Smith J., Ann", "Smith J., Ann"),
        ("Smith J and Jones KA and others", "Smith, J and Jones, KA and others"),
        ("Smith JA", "Smith, JA"),
        ("Malcolm X", "X, Malcolm"),
        ("Smith J and Ann Berg", "J, Smith and Berg, Ann"),
        ("Smith, J., PhD", "Smith, {PhD}, J."),
        ("Smith, John, PhD and Berg, K., M.D.", "Smith, {PhD}, John and Berg, {M.D.}, K."),
        ("Smith, J., PhD, Berg, K., MD", "Smith, {PhD}, J. and Berg, {MD}, K."),
        ("Smith, J., III", "Smith, III, J."),
        ("Smith, {PhD}, J.", "Smith, {PhD}, J."),
        ("Smith, {X}, MD", "Smith, {X}, MD"),
        ("Smith, J., Md, R.", "Smith, J. and Md, R."),
        (r"{Smith \& Jones}", "{Smith & Jones}"),
    ],
)
def test_names_in_the_form_of_the_tables(written, read):
    assert normalised(written) == (read, "")


@pytest.mark.parametrize(
    ("written", "read", "problem"),
    [
        ("A., B., C., D.", "A., {B.}, C. D.", "'A., B., C., D.' has 3 commas"),
        ("A, B and", "A, B", "a name is missing next to 'and'"),
        ("and A, B", "A, B", "a name is missing next to 'and'"),
        ("A, B and and C, D", "A, B and C, D", "a name is missing next to 'and'"),
        ("A, B and et al.", "A, B and others", "'et al.' is not a name"),
        ("Smith & Jones", "{Smith & Jones}", f"'Smith & Jones' {SEVERAL}"),
        (r"Smith \& Jones and A, B", "{Smith & Jones} and A, B", f"'Smith & Jones' {SEVERAL}"),
        ("A,", "A", "'A,': trailing comma at end of name"),
        ("A, {B", "A, B", "'A, B': unterminated opening brace"),
    ],
)
def test_what_is_wrong_with_names(written, read, problem):
    assert normalised(written) == (read, problem)


def test_parts_of_names():
    names = (
        "van der Berg, Jan and King, Jr, M. L. and {Oak and Ash} and Solo and de la Cruz, A. and"
        " others"
    )
    assert csl_names(names) == [
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        {"family": "King", "given": "M. L.", "suffix": "Jr"},
        {"literal": "Oak and Ash"},
        {"family": "Solo"},
        {"family": "Cruz", "given": "A.", "non-dropping-particle": "de la"},
    ]
    assert has_others(names) and not has_others("A, B")
    assert name_list(csl_names(names), others=True) == names


@pytest.mark.parametrize(
    ("names", "first", "number"),
    [
        ("", "", 0),
        ("A, B", "A", 1),
        ("van Berg, B and C, D", "van Berg", 2),
        ("{A, Inc. and B}", "A, Inc. and B", 1),
        ("{A, Inc.}, J", "A, Inc.", 1),
        ("A, B and others", "A", 2),
    ],
)
def test_the_first_name(names, first, number):
    assert first_name(names) == (first, number)


LETTERS = st.one_of(
    st.sampled_from("abAB,.'-~{}\\ éÉ&%_王"), st.characters(blacklist_categories=("Cs", "Cc"))
)
WORDS = st.one_of(
    st.text(LETTERS, max_size=8),
    st.sampled_from(
        ["van der Berg", "de", "others", "and", "Smith and Sons", "X, Inc.", "Jr", "O'Neil", "李"]
    ),
)
PERSONS = st.fixed_dictionaries(
    {},
    optional={
        "family": WORDS,
        "given": WORDS,
        "suffix": WORDS,
        "non-dropping-particle": st.sampled_from(["van", "de la", ""]),
        "literal": WORDS,
    },
)


def words_of(name: dict[str, str]) -> list[str]:
    """All words of a name that are to survive, whatever part they end up in."""

    def bare(text):
        return " ".join(text.translate(str.maketrans("~", " ", "{}\\")).split())

    parts = [bare(text) for part, text in name.items() if part != "literal"]
    return sorted((bare(name.get("literal", "")) or " ".join(parts)).split())


@given(st.lists(PERSONS, max_size=4), st.booleans())
@example([{"family": "A", "suffix": "AA", "given": "0", "non-dropping-particle": "van"}], False)
@example([{"family": ";0", "given": "van der Berg"}], False)
@example([{"family": "Oak;Ash", "given": "A; B."}, {"family": ";"}], True)
def test_names_go_to_a_table_and_to_bibtex_and_back(people, others):
    text = name_list(people, others)
    assert [words_of(name) for name in csl_names(text)] == [
        words for words in map(words_of, people) if words
    ]
    assert has_others(text) == others
    assert normalised(names_to_latex(text))[0] == text


@given(st.text("aA, {}\\~\nand.é'", max_size=40))
def test_any_list_is_read(text):
    names, _ = normalised(text)
    assert all(name for name in csl_names(names))
