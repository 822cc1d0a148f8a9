"""Names as tables and reference managers write them: lists, particles, and names like words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import evidence
from evidence.bibliography.bibtex.names import csl_names, normalised, split_names
from evidence.bibliography.formats.read import read_text
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.naming import authors, from_label, surname

CASES = Path(__file__).with_name("cases")


def families(names: str) -> list[str]:
    return [
        " ".join(
            filter(None, (n.get("non-dropping-particle"), n.get("family") or n.get("literal")))
        )
        for n in csl_names(names)
    ]


def test_lists_of_the_case_in_a_table():
    with (CASES / "author_lists" / "table.csv").open(encoding="utf-8") as file:
        lists = [row["first_authors"] for row in csv.DictReader(file)]
    found = [families(authors(text)) for text in lists]
    assert found == [
        ["Smith", "Jones"],
        ["Smith", "Jones"],
        ["Smith", "Jones", "Berg"],
        ["Smith", "Jones"],
        ["Smith", "Jones", "Berg"],
        ["Smith", "Jones", "Berg"],
        ["Smith", "Jones", "Berg"],
        ["Smith", "Jones"],
    ]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Smith JA, van Essen P, de la Cruz MB", ["Smith", "van Essen", "de la Cruz"]),
        ("Smith, J.A., van Essen, P., Dos Santos, M.-B.", ["Smith", "van Essen", "Dos Santos"]),
        ("J. A. Smith, K. Jones & L. Berg", ["Smith", "Jones", "Berg"]),
        ("Smith, J. A.; Jones, K.; et al.", ["Smith", "Jones"]),
        ('["Smith, J", "O\'Neil, K"]', ["Smith", "O'Neil"]),
        ("['O'Neil, K', 'Berg, L']", ["O'Neil", "Berg"]),
        ("Smith, Jr, John", ["Smith"]),
        ("Smith, John", ["Smith"]),
        ("van der Berg, Anna", ["van der Berg"]),
        ("Anand, K. & Sandhu, B.", ["Anand", "Sandhu"]),
        ("World Health Organization", ["World Health Organization"]),
    ],
)
def test_other_lists(text, people):
    assert families(authors(text)) == people


ONE_FIELD = [
    (
        "Sanchez-Gomez, Pedro J.; Montero, Maria; Reyes, Ana Luisa",
        ["Sanchez-Gomez", "Montero", "Reyes"],
    ),
    ("Smith J, Jones K, Berg L", ["Smith", "Jones", "Berg"]),
    ("Smith, J. and Jones, K.", ["Smith", "Jones"]),
    ("Smith, J., Jones, K., Berg, L.", ["Smith", "Jones", "Berg"]),
    ("Smith J; Jones K", ["Smith", "Jones"]),
    ("Smith, Jr, John", ["Smith"]),
    ("J. Smith, K. Jones, L. Berg", ["Smith", "Jones", "Berg"]),
    ("J. Smith & K. Jones", ["Smith", "Jones"]),
    ("Smith J and Jones K", ["Smith", "Jones"]),
    ("Müller, H. und Schmidt, K.", ["Müller", "Schmidt"]),
    ("García, J. y López, M.", ["García", "López"]),
    ("Dupont, J. et Durand, M.", ["Dupont", "Durand"]),
    ("Smith, J.A., B.C. Jones and D. Berg", ["Smith", "Jones", "Berg"]),
    ("Smith, J. / Jones, K.", ["Smith", "Jones"]),
    ("Smith, J., Jones, K., ... Berg, L.", ["Smith", "Jones", "Berg"]),
    ("王小明；李四", ["王小明", "李四"]),
    ("Ortega y Gasset, J.", ["Ortega y Gasset"]),
]


@pytest.mark.parametrize(("text", "people"), ONE_FIELD)
@pytest.mark.parametrize("form", ["ris", "bib", "json", "literal"])
def test_a_list_in_one_field_of_a_reference(text, people, form):
    if form in ("json", "literal") and len(people) == 1:
        pytest.skip("a name of CSL has its parts apart")
    file = {
        "ris": f"TY  - JOUR\nAU  - {text}\nTI  - On tea\nER  - \n",
        "bib": f"@article{{a, author = {{{text}}}, title = {{On tea}}}}",
        "json": f'[{{"id": "a", "type": "book", "author": [{{"family": "{text}"}}]}}]',
        "literal": f'[{{"id": "a", "type": "book", "author": [{{"literal": "{text}"}}]}}]',
    }[form]
    read = read_text(file, "a")
    assert families(read.entries["author"].iloc[0]) == people and not read.problems


@pytest.mark.parametrize(
    "text",
    ["Müller/Schmidt", "Müller, Schmidt u. Groß", "Peter van Essen; Jan de Boer", "Smith A; Jones"],
)
@pytest.mark.parametrize(
    "file", ["TY  - JOUR\nAU  - %s\nER  - \n", "@book{a, title = {Tea}, author = {%s}}"]
)
def test_what_may_be_several_people_is_a_problem(file, text):
    (problem,) = read_text(file % text, "a").problems
    assert "may be several people, and was read as one" in problem.message


@pytest.mark.parametrize(
    "name", ["Oak & Ash", "Oak; Ash", "Tea / Health Study Group", "AC/DC Group"]
)
def test_institutions_are_not_doubted(name):
    read = read_text(f"TY  - JOUR\nAU  - {name},\nER  - \n", "a")
    assert read.entries["author"].to_list() == [f"{{{name}}}"] and not read.problems


@pytest.mark.parametrize(
    "file",
    [
        "TY  - JOUR\nAU  - Smith, John, Jones, Kim\nER  - \n",
        "@article{a, author = {Smith, John, Jones, Kim}}",
    ],
)
def test_more_commas_than_a_name_has_are_a_problem(file):
    read = read_text(file, "a")
    assert any("3 commas" in str(problem) for problem in read.problems)


def test_the_case_of_one_field():
    read = evidence.read_references(CASES / "author_lists" / "one_field.ris")
    assert len(split_names(read.entries["author"].iloc[0])) == 3


@pytest.mark.parametrize("name", ["{Oak; Ash} and Berg, Bo", "{Oak, Ash and Co}", "Oak, Ash"])
def test_institutions_and_single_names_stay(name):
    assert normalised(name) == (name, "")


def test_family_names_of_two_words(tmp_path):
    case = CASES / "particles"
    made = new_set_from(
        tmp_path / "set", case / "table.csv", notebooks=False, references=[case / "library.ris"]
    )
    who = {row.key: surname(row.author) for row in made.placed.entries.itertuples()}
    assert who["vanessen1992"] == "van Essen" and who["dossantos2001"] == "Dos Santos"
    assert who["garciamarquez2004"] == "Garcia Marquez" and who["nishikawa1982"] == "Nishikawa"
    assert not made.placed.faults, "both references are joined"
    assert (
        made.placed.studies.set_index("study_id").loc["vanessen1992", "title"] == "A trial of tea"
    )
    assert "such as 'Garcia Marquez', were read as one family name" in made.report


@pytest.mark.parametrize(
    ("label", "family"),
    [
        ("van Essen (1992)", "van Essen"),
        ("de la Cruz 2001", "de la Cruz"),
        ("Dos Santos et al. 2003", "Dos Santos"),
        ("Van den Berg 2004", "Van den Berg"),
        ("Garcia Marquez, 2004", "Garcia Marquez"),
        ("El-Sayed & van Dam 2001a", "El-Sayed"),
        ("Smith JA 2010", "Smith"),
        ("St. John 1999", "St. John"),
        ("VAN DAM 2003", "VAN DAM"),
        ("LE GAL et al. 2005", "LE GAL"),
        ("DI MEO 2006", "DI MEO"),
        ("DOS REIS 2009", "DOS REIS"),
        ("VAN DER MEER 2003", "VAN DER MEER"),
    ],
)
def test_names_of_studies(label, family):
    assert surname(from_label(label)[0]) == family


INITIALS_FIRST = {
    "P. van Essen, J. de Boer": "van Essen, P. and de Boer, J.",
    "P. van Essen & J.A. van der Berg": "van Essen, P. and van der Berg, J.A.",
    "JA van Dam, P de Boer": "van Dam, JA and de Boer, P",
    "J. VAN DAM": "VAN DAM, J.",
    "Peter A. van Essen": "van Essen, Peter A.",
    "A. M. de la Cruz": "de la Cruz, A. M.",
    "van Essen P, Smith J": "van Essen, P and Smith, J",
}


@pytest.mark.parametrize(("text", "right"), INITIALS_FIRST.items())
def test_initials_before_a_particle(text, right):
    assert authors(text) == right
    ris = read_text(f"TY  - JOUR\nAU  - {text}\nTI  - On tea\nER  - \n", "a.ris")
    assert ris.entries["author"].to_list() == [right] or "&" in text
    assert from_label(f"{text} 2002")[0] == right


def test_given_names_before_a_particle(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Author,Year\nPeter van Essen; Jan de Boer,2002\n", encoding="utf-8")
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert made.placed.studies["study_id"].to_list() == ["vanessen2002"]
    assert made.placed.entries["author"].to_list() == ["van Essen, Peter and de Boer, Jan"]
    path.write_text("Author,Year\nPeter van Essen,2002\nSmit,2003\n", encoding="utf-8")
    made = new_set_from(tmp_path / "other", path, notebooks=False)
    assert made.placed.studies["study_id"].to_list() == ["petervanessen2002", "smit2003"]
    assert "such as 'Peter van Essen', were read as one family name" in made.report


@pytest.mark.parametrize("name", ["Jansen van Vuuren", "Maria de la Cruz"])
def test_one_family_name_around_a_particle_stays(name):
    assert authors(name) == f"{{{name}}}"
    both = "Instituto de Salud & Universidad de Chile"
    assert authors(both) == "{Instituto de Salud} and {Universidad de Chile}"


IN_CAPITALS = {
    "VAN DAM": "{VAN DAM}",
    "DE LEEUW": "{DE LEEUW}",
    "EL DIB": "{EL DIB}",
    "van DAM": "{van DAM}",
    "Van der MEER": "{Van der MEER}",
    "DE LA CRUZ": "{DE LA CRUZ}",
    "VAN DAM R": "VAN DAM, R",
    "VAN DAM, R": "VAN DAM, R",
    "VAN DER MEER R": "VAN DER MEER, R",
    "VAN DAM R, DE LEEUW P": "VAN DAM, R and DE LEEUW, P",
    # a family that is called as a particle
    "DE A": "DE, A",
    "LE T": "LE, T",
    "DO QT": "DO, QT",
    "LE TTH": "LE, TTH",
    "Le HAN": "Le, HAN",
}


@pytest.mark.parametrize(("text", "right"), IN_CAPITALS.items())
def test_family_names_in_capitals_with_a_particle(text, right):
    assert authors(text) == authors(text, True) == right
    ris = read_text(f"TY  - JOUR\nAU  - {text}\nTI  - On tea\nER  - \n", "a.ris")
    assert ris.entries["author"].to_list() == [right] and not ris.problems


@pytest.mark.parametrize("column", ["Author", "Study"])
def test_ids_of_families_in_capitals(tmp_path, column):
    path = tmp_path / "table.csv"
    between = "," if column == "Author" else " "
    who = [f"VAN DAM{between}2003", f"DE LEEUW{between}2004", f"VAN DER MEER{between}2005"]
    rows = "".join(f"{name},RCT\n" for name in [*who, f"LE T{between}2006"])
    head = "Author,Year,Design" if column == "Author" else "Study,Design"
    path.write_text(f"{head}\n{rows}", encoding="utf-8")
    placed = new_set_from(tmp_path / "set", path, notebooks=False).placed
    ids = ["deleeuw2004", "le2006", "vandam2003", "vandermeer2005"]
    assert placed.studies["study_id"].to_list() == ids


def test_given_names_that_the_column_shows(tmp_path):
    path = tmp_path / "table.csv"
    rows = ["John Smith,2010", "Anna Berg,2011", "Kim Jones,2012", "Ana Garcia Lopez,2013"]
    path.write_text("Author,Year\n" + "\n".join(rows) + "\n", encoding="utf-8")
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert made.placed.entries["author"].map(surname).to_list()[:2] == ["Garcia Lopez", "Berg"] or [
        *map(surname, made.placed.entries["author"])
    ] == ["Ana Garcia Lopez", "Berg", "Jones", "Smith"]
    assert "were read as a given and a family name" in made.report


@pytest.mark.parametrize("column", ["Author", "Study", "First author"])
def test_people_called_like_words_for_missing(tmp_path, column):
    rows = "".join(
        f"{who},{2015 + i},RCT\n" for i, who in enumerate(("Na", "Nan", "Null", "NR", "-", ""))
    )
    path = tmp_path / "table.csv"
    path.write_text(f"{column},Year,Design\n{rows}", encoding="utf-8")
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert made.placed.studies["study_id"].to_list() == ["na2015", "nan2016", "nr2018", "null2017"]
    assert [fault.line for fault in made.placed.faults] == [6, 7]


def test_the_case_of_names_that_say_nothing(tmp_path):
    path = CASES / "names_that_say_nothing" / "table.csv"
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert len(made.placed.studies) == 4 and not made.placed.faults


def test_a_particle_begins_the_family_name():
    assert authors("Maria de la Cruz", True) == "de la Cruz, Maria"
    assert authors("Maria de la Cruz") == "{Maria de la Cruz}"
    assert authors("Ana Luisa Reyes", True) == "{Ana Luisa Reyes}"
