"""For any input: a result that holds together, or an EvidenceError. Repeatable; set
EVIDENCE_EXPLORE=1 to draw other examples.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import math
from typing import Any

import numpy as np
from cage import Cage
from drawn import odd, quick, tried, values
from hypothesis import example, given, settings
from hypothesis import strategies as st
from portion import number

import evidence
from evidence.files import UnreadableFile
from evidence.quoting import comma_separated
from evidence.tables import csv_file
from evidence.tables.dictionary_file import read_dictionary

slow = settings(quick, max_examples=8)

WORDS = [
    "",
    "0",
    "-1",
    "1.5",
    "true",
    "1E5",
    "NaN",
    "aksu2002",
    "benefit",
    "=1+1",
    "a\nb",
    'a"b',
    "a,b",
    "\ufeff",
    "\0",
    "é",
    "\u202e",
    "x" * 500,
]
cells = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))


@functools.cache
def everything() -> evidence.Evidence:
    """The real tables; no fixture, because Hypothesis writes down what a test is given."""
    return evidence.load()


# --- files ---


@quick
@given(
    st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@example([["a\rb", "\r"]], "\n", False)
def test_every_cell_comes_back(rows, ends, quoted):
    table = [["id", "text"], *rows]
    text = comma_separated(table, ends)
    if quoted:
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows(table)
        text = stream.getvalue()
    found = csv_file.read_rows(text.encode(), ["id", "text"])
    assert list(map(list, zip(*found.columns.values(), strict=True))) == rows and not found.uneven
    lines = np.array(
        [2, *(2 + np.cumsum([len("".join(row).splitlines(keepends=True)) for row in rows]))]
    )
    assert found.lines[0] == 2 and len(found.lines) == len(rows) < len(lines)


@settings(quick, max_examples=number(200, 40))
@given(st.text(alphabet='a",\n\r\0é \t;', max_size=60))
@example('a,b\n"x""y","1\n2"\n')
@example('a,b\n"","""\n"\n')
@example('a,b\nx"y,"z"\n')
@example('"a",b\n,\n')
def test_both_readers_agree(text):
    """Where the fast one takes a file, the csv module reads the same cells and lines."""
    content = text.encode()
    begins = csv_file._begins(content) if content else None
    if begins is None:
        return
    header = csv_file._parsed(text)[0][0]
    exact = csv_file._any(text, header, False)
    large, csv_file.LARGE = csv_file.LARGE, 0
    try:
        fast = csv_file.read_rows(content, header)
    finally:
        csv_file.LARGE = large
    assert fast.header == exact.header and not exact.uneven
    assert fast.lines.tolist() == exact.lines.tolist()
    assert {name: column.tolist() for name, column in fast.columns.items()} == {
        name: column.tolist() for name, column in exact.columns.items()
    }


@quick
@given(st.binary(max_size=200))
def test_any_bytes(content):
    try:
        found = csv_file.read_rows(content, ["a"])
    except UnreadableFile as error:
        assert error.what and error.allowed
    else:
        assert len(found.columns["a"]) == len(found.lines)


# --- checker and loader ---


@slow
@given(data=st.data())
def test_any_cells(cage: Cage, data):
    """Cells changed anywhere, rows doubled, dropped and cut."""
    for _ in range(3):
        table = data.draw(
            st.sampled_from(
                [
                    "studies",
                    "findings",
                    "arms",
                    "readings",
                    "cohorts",
                    "known_issues",
                    "pool_criteria",
                ]
            )
        )
        rows = list(csv.reader(io.StringIO(cage.whole[f"{table}.csv"].decode())))
        for _ in range(3):
            row, column = (
                data.draw(st.integers(0, len(rows) - 1)),
                data.draw(st.integers(0, len(rows[0]) - 1)),
            )
            what = data.draw(st.sampled_from(["cell", "cell", "cell", "double", "drop", "cut"]))
            if what == "cell" and column < len(rows[row]):
                rows[row][column] = data.draw(cells)
            elif what == "double":
                rows.append(list(rows[row]))
            elif what == "drop" and len(rows) > 1:
                del rows[row]
            elif what == "cut":
                rows[row] = rows[row][:column]
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator="\n").writerows(rows)
        (cage / f"{table}.csv").write_text(
            stream.getvalue(), encoding="utf-8", errors="surrogatepass", newline=""
        )
    _all_of_it(cage)
    for name, content in cage.whole.items():
        (cage / name).write_bytes(content)


@slow
@given(data=st.data())
def test_any_bytes_in_a_table(cage: Cage, data):
    """Bytes put in, taken out and reversed."""
    name = data.draw(st.sampled_from(["studies.csv", "findings.csv", "known_issues.csv"]))
    content = cage.whole[name]
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 30))
        put = data.draw(
            st.one_of(
                st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf"]),
                st.binary(max_size=8),
            )
        )
        content = content[:at] + put + content[at + length :]
    (cage / name).write_bytes(content)
    _all_of_it(cage)
    (cage / name).write_bytes(cage.whole[name])


def _all_of_it(cage: Cage) -> None:
    faults = tried(evidence.check, cage.folder)
    ev = tried(evidence.load, cage.folder)
    if ev is not None:
        for lens in ("concluded", "direction"):
            table = tried(evidence.balance, ev, "design", lens)
            assert table is None or int(table["units"].sum()) == int(
                ev.studies["counted"].fillna(False).sum()
            )
    assert ev is not None or faults is None or faults


def _places(value: Any, way: tuple = ()) -> list[tuple]:
    found = [way]
    members = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in members:
        found += _places(inner, (*way, key))
    return found


KEYS = [
    "name",
    "path",
    "schema",
    "fields",
    "type",
    "constraints",
    "categories",
    "enum",
    "pattern",
    "minimum",
    "required",
    "unique",
    "foreignKeys",
]
MORE_KEYS = [
    "reference",
    "resource",
    "primaryKey",
    "evidence",
    "kept_apart",
    "bibliography",
    "tiers",
    "value",
    "label",
    "null",
    "tier",
    "scale",
    "covers",
]


@settings(quick, max_examples=number(200, 40))
@given(data=st.data())
def test_any_value_in_the_dictionary(cage: Cage, data):
    """Another value, or none, anywhere that means something."""
    spoilt = json.loads(cage.whole["datapackage.json"])
    key = data.draw(st.sampled_from([*KEYS, *MORE_KEYS]))
    places = [way for way in _places(spoilt) if way and way[-1] == key]
    *way, last = places[data.draw(st.integers(0, len(places) - 1))] if places else [key]
    holder = spoilt
    for step in way:
        holder = holder[step]
    if data.draw(st.booleans()):
        holder[last] = data.draw(values)
    else:
        holder.pop(last, None)
    (cage / "datapackage.json").write_text(json.dumps(spoilt), encoding="utf-8")
    if tried(read_dictionary, cage.folder) is not None and data.draw(st.integers(0, 9)) == 0:
        tried(evidence.check, cage.folder)
        tried(evidence.load, cage.folder)


# --- selection, balance, multiverse ---

COLUMNS = [
    "question",
    "population",
    "design",
    "sample_size",
    "year",
    "outcome_domain",
    "estimate",
    "is_primary",
    "country",
    "nonsense",
]


@quick
@given(
    st.dictionaries(
        st.sampled_from(COLUMNS),
        st.one_of(
            odd, st.lists(odd, max_size=2), st.sampled_from(["risk", "human", "rct", "12", "true"])
        ),
        max_size=2,
    ),
    st.one_of(st.none(), st.integers(-1, 10**6), odd),
    st.one_of(
        st.none(),
        st.tuples(
            st.one_of(st.none(), st.integers(1900, 2100), odd),
            st.one_of(st.none(), st.integers(1900, 2100)),
        ),
        odd,
    ),
    st.booleans(),
    st.one_of(st.sampled_from(["possible", "certain"]), odd),
    st.one_of(st.none(), st.booleans(), odd),
)
def test_any_selection(columns, least, years, once, overlap, counted):
    found = tried(
        everything().select,
        min_sample_size=least,
        years=years,
        one_per_cohort=once,
        overlap=overlap,
        counted=counted,
        **columns,
    )
    if found is None:
        return
    before = len(everything())
    for step in found.steps:
        assert step.kept + step.removed == before and 0 <= step.unknown <= step.removed
        before = step.kept
    assert len(found) == before
    assert set(found.findings["study_id"]) <= set(found.studies["study_id"])
    table = tried(evidence.balance, found, "population")
    assert table is None or int(table["units"].sum()) == int(found.studies["counted"].sum())


@quick
@given(
    st.one_of(
        st.sampled_from(
            ["population", "outcome_domain", "design", "sample_size", "title", "nonsense", ""]
        ),
        odd,
    ),
    st.one_of(st.sampled_from(["concluded", "direction"]), odd),
    st.one_of(st.sampled_from(["study", "cohort", "finding"]), odd),
    st.one_of(st.sampled_from(["possible", "certain"]), odd),
)
def test_any_balance(by, lens, unit, overlap):
    table = tried(evidence.balance, everything(), by, lens, unit, overlap)
    if table is not None:
        assert (table["placed"] + table["not_placed"] == table["units"]).all() and (
            table["studies"] <= table["units"]
        ).all()


@slow
@given(
    st.one_of(st.sampled_from(["risk", "treatment", "mechanism"]), odd),
    st.one_of(st.sampled_from(["human", "animal"]), odd),
    st.one_of(
        st.none(),
        st.dictionaries(
            st.sampled_from(["good", ""]),
            st.one_of(st.lists(st.sampled_from(["rct", "cohort", "x"])), odd),
            max_size=2,
        ),
        odd,
    ),
    st.one_of(st.just([]), st.lists(st.integers(-5, 500), max_size=2), odd),
    st.one_of(
        st.just({"unit": ["study"]}),
        st.just({"lens": ["x"]}),
        st.just({"exposure": ["all"], "weighting": ["n"]}),
        st.just({"nonsense": []}),
        odd,
    ),
)
def test_any_multiverse(question, population, tiers, sizes, only):
    table = tried(
        evidence.multiverse,
        everything(),
        question,
        population,
        tiers=tiers,
        minimum_sizes=sizes,
        only=only,
    )
    if table is not None:
        known = table["share"].notna()
        assert len(table) and table.loc[known, "share"].between(0, 1).all()
        assert (table.loc[known, "share_low"] <= table.loc[known, "share_high"]).all()


# --- numbers ---

counts = st.one_of(st.integers(-1, 40), st.integers(0, 10**9), odd)


@settings(quick, max_examples=number(200, 40))
@given(counts, counts)
def test_any_sign_test(benefit, harm):
    found = tried(evidence.sign_test, benefit, harm)
    if found is not None and found.n:
        assert found.n == found.benefit + found.harm
        assert 0 <= found.ci_low <= found.share <= found.ci_high <= 1 and 0 <= found.p_value <= 1
        assert found.verdict


numbers = st.one_of(
    st.floats(-5, 5),
    st.floats(1e-3, 5),
    st.floats(),
    st.sampled_from([0.0, 1e-300, 1e300, math.inf, math.nan]),
)


@settings(quick, max_examples=number(200, 40))
@given(
    st.one_of(
        st.lists(st.tuples(st.floats(-5, 5), st.floats(1e-3, 5)), max_size=8),
        st.lists(st.tuples(numbers, numbers), max_size=5),
    ),
    st.sampled_from(["REML", "DL", "PM", "common", "XX"]),
    st.one_of(st.just(0.95), st.floats(), odd),
)
def test_any_pool(studies, method, level):
    found = tried(
        evidence.pool, [one for one, _ in studies], [error for _, error in studies], method, level
    )
    if found is not None:
        assert (
            math.isfinite(found.estimate)
            and found.ci_low <= found.estimate <= found.ci_high
            and found.k == len(studies)
        )
        assert not found.tau2 < 0 and not found.i2 < 0 and not found.i2 > 100


@quick
@given(odd, odd)
def test_any_pool_of_nonsense(estimates, errors):
    assert tried(evidence.pool, estimates, errors) is None
