"""Bibliographies made up by hypothesis: rows in the form that ``read_bibliography`` gives them."""

from __future__ import annotations

from hypothesis import strategies as st

from evidence.bibliography.bibtex.dates import pages
from evidence.bibliography.bibtex.names import csl_names, name_list

LETTERS = st.one_of(
    st.sampled_from("abAB &%$#_{}~^\\<>/\"'`-–.,;:()[]é王ßÅ"),
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co")),
)
TEXTS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool),
    st.sampled_from(
        [
            "Gains of 50% & more",
            "An <i>in vitro</i> study: p<0.05",
            "Études – “größer”",
            "{braced} $5 a_b^c",
            "Title. With a stop.",
        ]
    ),
)
# Parts of names without commas, which no format but BibTeX can hold.
PARTS = st.one_of(
    st.text(LETTERS.filter(lambda letter: letter not in ",;{}\\~"), min_size=1, max_size=8),
    st.sampled_from(["Öztürk", "O'Neil", "van der Berg", "J. R.", "María José", "李"]),
)
PEOPLE = st.one_of(
    st.fixed_dictionaries(
        {"family": PARTS, "given": PARTS}, optional={"suffix": st.sampled_from(["Jr", "III"])}
    ),
    st.fixed_dictionaries(
        {"literal": TEXTS.map(lambda text: "The " + text.rstrip(" ,") + " Group")}
    ),
)
PAGES = st.one_of(
    st.sampled_from(
        ["1251–1254", "S12–S15", "e0123456", "494", "12–15, 18", "A-1–A-5", "xii–xiv", "1", "e5–e9"]
    ),
    st.tuples(st.integers(1, 9999), st.integers(1, 99)).map(
        lambda ends: f"{ends[0]}–{ends[0] + ends[1]}"
    ),
)
DOIS = st.sampled_from(
    [
        "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
        "10.1/a_b#c",
        "10.1016/s0022-510x(01)00610-4",
        "10.1/%7E&x",
    ]
)
TYPES = [
    "article",
    "phdthesis",
    "mastersthesis",
    "techreport",
    "online",
    "book",
    "incollection",
    "inproceedings",
    "misc",
]


def names(people: list[dict[str, str]], others: bool) -> str:
    """A list in the form of the tables, as it is read back."""
    text = name_list(people, others)
    return name_list(csl_names(text), others)


@st.composite
def rows(draw, types: tuple[str, ...] = tuple(TYPES)) -> dict[str, str]:
    """One row; columns without a value are left out."""
    year = str(draw(st.integers(1500, 2099)))
    optional = {
        "author": st.builds(names, st.lists(PEOPLE, min_size=1, max_size=4), st.booleans()),
        "title": TEXTS,
        "container": TEXTS,
        "year": st.just(year),
        "volume": st.integers(1, 999).map(str),
        "number": st.sampled_from(["1", "3 Pt 2", "Suppl. 1", "1-2", "12"]),
        "pages": PAGES.map(pages),
        "doi": DOIS,
        "pmid": st.integers(1, 99_999_999).map(str),
        "pmcid": st.integers(1, 10**7).map(lambda number: f"PMC{number}"),
        "note": TEXTS,
        "url": st.sampled_from(["https://example.org/a?b=1&c=%20#d", "https://example.org/~x_y"]),
    }
    row = {
        "key": draw(st.from_regex(r"[a-z]{2,8}[0-9]{0,4}", fullmatch=True)),
        "entry_type": draw(st.sampled_from(types)),
    }
    row |= {column: draw(values) for column, values in optional.items() if draw(st.booleans())}
    if "year" in row and draw(st.booleans()):
        row["date"] = f"{year}-{draw(st.integers(1, 12)):02}" + draw(
            st.sampled_from(["", "-07", "-28"])
        )
    if row["entry_type"] in ("book", "incollection", "inproceedings") and draw(st.booleans()):
        row["publisher"] = draw(TEXTS)
    return {column: value for column, value in row.items() if value}
