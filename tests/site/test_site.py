"""The web page as files: whole, closed to the outside, the same on every run, for any data set."""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from base64 import b64decode
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from says import text_of, wrong

import evidence
from evidence.charts.style import FONTS
from evidence.site import build, vendor
from evidence.site.browser_data import browser_data
from evidence.site.build import MARK, rows_script, write_site
from evidence.site.bundles import BUNDLES, bundle
from evidence.site.cite import data_files
from evidence.site.direction_styles import WEIGHTS
from evidence.site.html_tables import html_table
from evidence.site.notebooks import body, tidy
from evidence.site.outcome_table import outcome_parts
from evidence.site.study_rows import study_rows
from evidence.site.versions import write_versions

PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAADklEQVR4nGNgQAX/0QQAFYwC/wN3AzkAAAAASUVORK5CYII"
    "="
)


@pytest.fixture(scope="module")
def site(shared_site: Path) -> Path:
    return shared_site


class Addresses(HTMLParser):
    """What a page loads, what it links to, and what it may not hold."""

    def __init__(self):
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        for name in ("src", "srcset"):
            if name in given:
                self.loaded.append(str(given[name]))
        if "href" in given:
            (self.loaded if tag == "link" else self.links).append(str(given["href"]))
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        data = given.get("type") in (
            "application/json",
            "application/ld+json",
        )  # data, which no browser runs
        if tag in ("style", "iframe", "object") or (
            tag == "script" and "src" not in given and not data
        ):
            self.inline.append(tag)


def read(path: Path) -> Addresses:
    found = Addresses()
    found.feed(path.read_text(encoding="utf-8"))
    return found


# Nothing but own files, no address to send to, no text that runs: any other word of it is a hole.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src data:; base-uri"
    " 'none'; form-action 'none'"
)


def test_pages_load_nothing_from_elsewhere_and_hold_no_script(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 130
    for path in pages:
        text = path.read_text(encoding="utf-8")
        policies = re.findall(
            r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text
        )
        assert list(map(unescape, policies)) == [POLICY] and text.index(
            "Content-Security-Policy"
        ) < text.index("<link"), path
        found = read(path)
        assert not found.inline, path
        for address in found.loaded:
            own = address.startswith(("data:,", "data:image/png;"))
            assert own or (path.parent / address).is_file(), (path, address)
        for address in found.links:
            if not re.match(r"https?:|#", address):
                assert (path.parent / re.sub(r"[#?].*$", "", address)).is_file(), (path, address)
    for path in (site / "assets").rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text
        for address in re.findall(r"url\((.*?)\)", text):
            assert address.startswith("data:font/woff;base64,"), address


def test_every_study_has_a_page_with_what_is_known(site, ev):
    assert {path.stem for path in (site / "studies").glob("*.html")} == {
        *ev.studies["study_id"],
        "index",
    }
    page = (site / "studies" / "drory2001.html").read_text(encoding="utf-8")
    study = ev.studies.set_index("study_id").loc["drory2001"]
    for words in (
        study["title"],
        f"{study['sample_size']} participants",
        "Randomised trial",
        "doi:" + study["doi"],
        "readings of ",
        "Ashworth",
    ):
        assert words in page, words
    findings = ev.findings[ev.findings["study_id"] == "drory2001"]
    assert len(re.findall('class="finding[ "]', page)) == len(findings)
    assert "Not counted" in (site / "studies" / "chancellor1993.html").read_text(encoding="utf-8")


def test_animals_are_not_said_to_have_taken_part(site, ev):
    """What a number counts is named: animals, or cases and controls."""
    known = ev.studies[ev.studies["sample_size"].notna()]
    animals = known[known["sample_unit"].eq("animals").fillna(False)]
    assert len(animals) > 5
    for key, size in animals.set_index("study_id")["sample_size"].items():
        page = (site / "studies" / f"{key}.html").read_text(encoding="utf-8")
        assert f"<li>{size} animals</li>" in page


def test_the_first_page_says_that_shared_people_count_twice(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "People who were studied twice count twice." in page


def test_what_reviews_pooled_stands_on_the_page_of_its_question(site, ev):
    """As it is printed, each with its review; reviews on the other question are on its own page."""
    for name, question in (("risk", "risk"), ("slow", "treatment")):
        page = html.unescape((site / "questions" / f"{name}.html").read_text(encoding="utf-8"))
        pooled = evidence.published(ev, question)
        assert f"{len(pooled)} results that published reviews pooled" in page
        for review in pooled["review"]:
            address = ev.links[ev.names[ev.names == review].index[0]]
            assert f'<a href="{address}">{review}</a>' in page, review
    assert "−6.25 (−13.82 to 1.31)" in page and "p > 0.05, no estimate shown" in page
    assert "results that published" not in (site / "questions" / "harm.html").read_text("utf-8")


def test_the_first_page_has_the_numbers_of_the_balance(site, ev):
    text = (site / "index.html").read_text(encoding="utf-8")
    for _, row in evidence.balance(ev, None).iterrows():
        assert f">{row['harm']}</td>" in text and f">{row['participants']:,}</td>" in text
    assert "explore.html#study_id=" in text
    assert "explore.html#question=risk&amp;population=human" in (
        site / "questions" / "risk.html"
    ).read_text(encoding="utf-8")


def test_a_card_promises_only_what_its_page_has(site):
    first = (site / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"]+)" aria-label="[^"]*">(Why to be careful|In more d)', first)
    assert len(links) >= 6 and len({what for _, what in links}) == 2
    for href, what in links:
        page = (site / href).read_text(encoding="utf-8")
        assert f">{what}" in page.replace("In more detail", "In more d"), href


def test_a_study_has_its_number_once_its_ratings_as_a_list_and_says_what_is_not_shown(site):
    page = (site / "studies" / "drory2001.html").read_text(encoding="utf-8")
    paper = re.search(
        r'<section class="panel" aria-labelledby="paper-title">.*?</section>', page, re.S
    )
    assert words_of_text(paper[0]).count("10.1016/s0022-510x(01)00610-4") == 1
    ratings = re.search(r"<dt>Published ratings</dt><dd>(.*?)</dd>", page, re.S)[1]
    assert ratings.startswith("<ul><li>") and ratings.count("<li>") > 5
    assert '<span class="look benefit">Better</span></li>' in page  # the study as a whole
    title = "Anything on safety, how people coped or why they left"
    assert f"<dt>{title}</dt><dd>nothing on it in what was read</dd>" in page


def test_commands_in_descriptions_are_code(site):
    for name in ("method.html", "cite.html"):
        page = (site / name).read_text(encoding="utf-8")
        assert "<code>evidence refresh</code>" in page and "`" not in page


FIRST_VIEW = 300_000  # bytes of Explore until its first words are painted


def test_the_first_view_of_explore_is_small(site):
    read_first = [site / "explore.html", *(site / "assets").glob("*.css")]
    read_first += [site / "assets" / "js" / f"{name}.js" for name in ("ready", "explore")]
    assert sum(path.stat().st_size for path in read_first) <= FIRST_VIEW


def test_the_fonts_hold_every_letter_that_pages_show(site):
    """As far as the fonts of the charts hold it; signs of other scripts come from the reader's."""
    sheet = (site / "assets" / "looks.css").read_text(encoding="utf-8")
    shown = {ord(letter) for path in site.rglob("*.html") for letter in words_of(path)}
    for name, content in zip(WEIGHTS, re.findall(r"base64,([^)]+)", sheet), strict=True):
        there = TTFont(io.BytesIO(b64decode(content))).getBestCmap().keys()
        assert shown & TTFont(FONTS / f"{name}.ttf").getBestCmap().keys() <= there
        assert set(range(0x20, 0x7F)) <= there


def test_scripts_lose_what_only_helps_to_read_them(root):
    for names in BUNDLES.values():
        text = bundle(names)
        assert not re.search(r"(?m)^(\s|//)", text)
    for path in (root / "evidence" / "site" / "static" / "js").glob("*.js"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.count("`") % 2 == 0, f"{path.name}: a text of several lines"


def words_of(path: Path) -> str:
    """The text of a page; data for its scripts are none."""
    return words_of_text(path.read_text(encoding="utf-8"))


def words_of_text(html: str) -> str:
    text = re.sub(r"(?s)<script.*?</script>", " ", html)
    text = re.sub(r'<a class="term"[^>]*>(.*?)</a>', r"\1", text)
    text = re.sub(r"<[^>]+>", " ", text)
    return re.sub(r"\s+", " ", unescape(text))


def test_the_answers_are_those_of_python(site, ev):
    """On the first page, and each on its own, with what it is based on and why to be careful."""
    first = words_of(site / "index.html")
    for one in evidence.question_answers(ev):
        own = words_of(site / "questions" / f"{one.question_id}.html")
        for sentence in one.sentences:
            assert sentence in first and sentence in own
        assert one.based_on in own
        for caution in one.careful.itertuples():
            assert caution.caution in own and caution.explanation in own
            assert pd.isna(caution.touched) or f"{caution.touched} of {caution.studies}" in own
        for sentence in one.not_known:
            assert sentence in own


def test_the_caution_stands_once_on_every_page(site, ev):
    caution = ev.dictionary.settings["caution"]
    for path in site.rglob("*.html"):
        if path.parent.name != "notebooks":  # what a notebook says is its own
            assert words_of(path).count(caution) == 1, path.name


def test_squares_are_the_studies_of_the_outcomes(site, ev):
    text = (site / "questions" / "slow.html").read_text(encoding="utf-8")
    tables = re.findall(r'<table class="outcomes">.*?</table>', text, re.S)
    rows = evidence.answer(ev, "slow").rows.frame
    shown = sum(table.count('<i class="sq') for table in tables)
    assert len(tables) == 2 and shown == 2 * rows["studies"].sum()
    both = 2 * rows.loc[rows["randomised"], "studies"].sum()
    assert tables[0].count('<i class="sq') == both


@pytest.mark.parametrize("asked", ["risk", "slow", "which", "animals"])
def test_squares_stand_in_the_row_of_their_outcome(ev, asked):
    """As many as the row has studies; and their link asks for the outcome."""
    question = ev.tables["questions"].set_index("question_id", drop=False).loc[asked]
    rows = evidence.answer(ev, asked).rows
    for part in outcome_parts(ev, rows, question.to_dict()):
        for row in part.rows:
            for groups in (row.concluded, row.direction):
                assert sum(group.n for group in groups) == row.studies
                links = [group.href for group in groups if group.href.startswith("explore")]
                assert all("#outcome_domain=" in link for link in links)


def test_other_ways_of_counting_use_the_words_of_the_questions(site, ev):
    """No benefit and harm where a question has words of its own; the counts are the same."""
    page = words_of(site / "sure.html")
    lenses = evidence.lenses(ev).frame
    for row in lenses[lenses["lens"] == "concluded"].to_dict("records"):
        sides = ev.dictionary.sides(row)
        counts = f"{row['benefit']} {sides['benefit']}, {row['no_clear_difference']} no clear"
        assert counts in page and f"{row['mixed']} mixed, {row['harm']} {sides['harm']};" in page
    assert not re.search(r"\d+ (benefit|harm)\b|point to benefit", page)
    table = (site / "sure.html").read_text(encoding="utf-8")
    table = re.search(r"<caption>Reports that share.*?</table>", table, re.S)[0]
    assert ">More ALS<" in table and not re.search(">(Harm|Benefit)<", table)


def test_the_icons_are_those_who_finished(site, ev):
    frame = evidence.harms(ev).frame
    both = frame.dropna(subset=["started", "finished"])
    text = (site / "questions" / "harm.html").read_text(encoding="utf-8")
    filled = text.count('class="yes"')
    assert text.count("<circle") == both["started"].sum()
    assert filled == both["finished"].sum()
    assert f"In the {len(both)} of {len(frame)} studies that print both" in text
    finished, began = both["finished"].sum(), both["started"].sum()
    assert f"Of {began} people who exercised, {finished} finished" in text


def test_the_squares_of_harm_name_what_they_count(site):
    for path in ("index.html", "questions/harm.html"):
        text = (site / path).read_text(encoding="utf-8")
        assert ">Say anything on safety, how people coped or why they left</p>" in text


def test_all_that_studies_say_about_safety_is_on_the_page_of_harm(site, ev):
    groups = evidence.harms(ev).groups
    said = groups.loc[groups["shown"].fillna(False), "statement"].dropna()
    text = html.unescape((site / "questions" / "harm.html").read_text(encoding="utf-8"))
    assert len(said) > 15 and all(statement in text for statement in said)


def test_the_page_follows_the_table(data, tmp_path, monkeypatch):
    """All risk studies conclude less: the first page and the page of the question say so."""
    plain = build.pages  # the pages of the studies and all others are looked at elsewhere
    answers = lambda site: [page for page in plain(site) if page.path == "index.html"]
    monkeypatch.setattr(build, "pages", answers)
    ev = evidence.load()
    risk = set(ev.studies.loc[ev.studies["question"] == "risk", "study_id"])
    rows = data.read("findings")
    column = rows[0].index("conclusion")
    for row in rows[1:]:
        if row[1] in risk:
            row[column] = "benefit"
    data.write("findings", rows)
    rows = data.read("studies")  # what each concludes as a whole stands on the page too
    column = rows[0].index("direction")
    for row in rows[1:]:
        if row[0] in risk:
            row[column] = "benefit"
    data.write("studies", rows)
    changed = evidence.load(data.folder)
    write_site(changed, tmp_path / "page", charts=["balance"])
    for path in ("index.html", "questions/risk.html"):
        text = words_of(tmp_path / "page" / path)
        assert "43 conclude less ALS" in text and "conclude more ALS" not in text


def test_a_topic_lists_its_studies(site, ev):
    page = (site / "topics" / "sport-soccer.html").read_text(encoding="utf-8")
    cells = ev.studies["sport"].astype("str").str.split(";")
    wanted = {key for key, many in zip(ev.studies["study_id"], cells) if "soccer" in str(many)}
    assert set(re.findall(r'href="\.\./studies/([\w-]+)\.html"', page)) - {"index"} == wanted
    assert "explore.html#sport=soccer" in page
    assert (site / "topics" / "genotype-c9orf72.html").is_file()


def test_addresses_of_the_page_are_queries_of_python(site, ev):
    """Every address that leads to the page to explore chooses studies in Python, too."""
    found = set()
    for path in [site / "index.html", *(site / "topics").glob("*.html")]:
        text = unescape(path.read_text(encoding="utf-8"))
        found |= set(re.findall(r'href="[./]*(explore\.html#[^"]+)"', text))
    assert len(found) > 60
    for address in found:
        part = evidence.Query.from_address(ev, address).part(ev)
        assert len(part) > 0, address


def test_versions_stand_beside_each_other(data, tmp_path):
    reduced(data, "studies", "findings", "cohorts", studies=3)
    ev = evidence.load(data.folder)
    first = write_versions(ev, tmp_path / "site", charts=["balance"])
    kept = tmp_path / "site" / f"v{ev.dictionary.version}" / "index.html"
    assert first == tmp_path / "site" / "latest" / "index.html" and kept.is_file()
    kept.write_text("as it was", encoding="utf-8")
    write_versions(ev, tmp_path / "site", charts=["balance"], since=ev)
    assert kept.read_text(encoding="utf-8") == "as it was"
    assert "No change." in (first.parent / "changes.html").read_text(encoding="utf-8")
    assert "latest/index.html" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from types import SimpleNamespace
from evidence.site import versions

plain, copied = shutil.copyfile, []

def site(ev, out, *_):
    for number in range(5):
        (out / str(number)).mkdir(parents=True, exist_ok=True)
        (out / str(number) / "index.html").write_text("page")
    (out / ".evidence-site").touch()
    return out / "index.html"

def copyfile(source, target, **more):
    copied.append(source)
    if len(copied) == 3 and sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(source, target, **more)

versions.write_site, shutil.copyfile = site, copyfile
ev = SimpleNamespace(dictionary=SimpleNamespace(version="1.0", title="Tea"))
versions.write_versions(ev, Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_version_is_there_as_a_whole_or_not_at_all(tmp_path):
    def written(how: str) -> set[str]:
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), how], timeout=60)
        found = (tmp_path / "v1.0").rglob("*")
        return {str(path.relative_to(tmp_path / "v1.0")) for path in found if path.is_file()}

    assert written("killed") == set()
    assert written("not") == {".evidence-site", *(f"{number}/index.html" for number in range(5))}
    assert {path.name for path in tmp_path.iterdir()} == {"latest", "v1.0", "index.html"}


def test_a_version_that_leads_out_is_refused(ev, tmp_path):
    out = replace(ev.dictionary, version="1/../../../escaped")
    with pytest.raises(evidence.UsageError, match="not the name of a file inside a folder"):
        write_versions(replace(ev, dictionary=out), tmp_path / "a" / "site")
    assert not list(tmp_path.iterdir())


def test_the_method_says_where_the_sources_stand(site, ev):
    method = (site / "method.html").read_text(encoding="utf-8")
    assert (
        "None was checked with a service yet" in method
    ) == ev.source_status.empty and 'id="sources"' in method


WRITE = """
import sys, evidence
from evidence.site.build import write_site
write_site(evidence.load(sys.argv[1]), sys.argv[2], charts=["balance"])
"""


def test_two_runs_give_the_same_bytes(root, tmp_path):
    """Each in a process of its own: the order of a set differs between them."""
    example = root / "examples" / "exercise_after_infarction"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(example), str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        for seed in "12"
    ]
    assert [run.wait() for run in runs] == [0, 0]
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in (tmp_path / "1", tmp_path / "2")
    )
    assert len(first) > 30 and first.keys() == second.keys()
    assert [str(name) for name in first if first[name] != second[name]] == []


def test_votes_are_those_of_python(ev):
    data = browser_data(ev)
    for lens in ("concluded", "direction"):
        table = evidence.votes(ev, lens).set_index("study_id")["vote"].astype("str")
        words = data["lenses"][lens]["words"]
        for key, code in zip(data["studies"]["id"], data["studies"]["votes"][lens], strict=True):
            assert table[key] == words[code] if code >= 0 else table.isna()[key]
    assert json.dumps(data, allow_nan=False)


def test_rows_are_those_of_the_table(ev):
    content = json.loads(rows_script(ev).removeprefix("window.EVIDENCE_ROWS = ").rstrip(";\n"))
    lines = (ev.dictionary.folder / "studies.csv").read_text(encoding="utf-8").splitlines()
    assert [content["head"], *content["lines"].values()] == lines


# --- other data sets ---


def reduced(data, *kept: str, studies: int = 12) -> None:
    """Leave only some tables, and only the first studies."""
    rows = data.read("studies")[: studies + 1]
    data.write("studies", rows)
    data.write(
        "findings",
        [row for row in data.read("findings") if row[1] in {"study_id", *(row[0] for row in rows)}],
    )
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] in kept
    ]
    for resource in package["resources"]:
        resource["schema"].pop("foreignKeys", None)
    package["title"], package["evidence"]["topic"] = (
        "Tea & <b>tempers</b>",
        "tea <i>and</i> tempers",
    )
    package["description"] = "A made-up set."
    package["evidence"]["caution"] = "Counts say little."
    path.write_text(json.dumps(package), encoding="utf-8")


def test_a_data_set_without_the_optional_tables(data, tmp_path):
    reduced(data, "studies", "findings")
    ev = evidence.load(data.folder)
    assert write_site(ev, tmp_path / "page", charts=["balance", "claims"]).is_file()
    first = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    navigation = re.search(r'<nav aria-label="Pages">.*?</nav>', first, re.S)[0]
    assert "Explore" in navigation and "More" in navigation
    more = re.search(r'<nav id="more".*?</nav>', first, re.S)[0]
    assert "Claims" not in more and "Notebooks" not in more and "Other ways of counting" in more
    assert not (tmp_path / "page" / "claims.html").exists()
    sure = (tmp_path / "page" / "sure.html").read_text(encoding="utf-8")
    assert sure.count("Not for this data set") >= 3
    assert "Not drawn" in (tmp_path / "page" / "charts" / "index.html").read_text(encoding="utf-8")


def test_texts_are_escaped_and_missing_cells_stay_empty(data, tmp_path):
    reduced(data, "studies", "findings", "cohorts")
    missing = dict.fromkeys(
        ("intensity", "sample_size", "doi", "pmid", "pmcid", "cohort", "exercise_type"), ""
    )
    first = data.read("studies")[1][0]
    data.change(
        "studies",
        first,
        title="</script><script>alert(1)</script>",
        note="<img src=x onerror=alert(2)>",
        **missing,
    )
    write_site(evidence.load(data.folder), tmp_path / "page", charts=["balance"])
    for path in (tmp_path / "page").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert (
            "<b>tempers" not in text
            and "alert(1)</script>" not in text
            and "<img src=x" not in text
            and "<i>and" not in text
        )
    assert "Tea &amp; &lt;b&gt;tempers" in (tmp_path / "page" / "cite.html").read_text(
        encoding="utf-8"
    )
    page = (tmp_path / "page" / "studies" / f"{first}.html").read_text(encoding="utf-8")
    assert (
        "How many were studied is not shown" in page and "No number of the paper is known" in page
    )
    assert not re.search(r">\s*(nan|None|NaT|&lt;NA&gt;)\s*<", page)


def test_a_single_study(data, tmp_path):
    reduced(data, "studies", "findings", "cohorts", studies=1)
    assert write_site(evidence.load(data.folder), tmp_path / "page", charts=["balance"]).is_file()


# --- the folder ---


def test_other_files_are_left_alone(ev, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(evidence.UsageError, match="holds other files; allowed: a new folder"):
        write_site(ev, tmp_path, charts=["balance"])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_failed_run_leaves_the_old_page(ev, tmp_path):
    folder = tmp_path / "page"
    folder.mkdir()
    for name in (MARK, "index.html"):
        (folder / name).write_text("old")
    with pytest.raises(evidence.UsageError, match="no chart 'pie'"):
        write_site(ev, folder, charts=["pie"])
    assert (folder / "index.html").read_text() == "old" and [
        path.name for path in tmp_path.iterdir()
    ] == ["page"]


# --- parts ---


@pytest.mark.parametrize(
    "html",
    [
        "<!--><img src=x onerror=alert(1)>-->",
        "<!---><img src=x onerror=alert(1)>-->",
        "<!--x--!><img src=x onerror=alert(1)>-->",
        "<!a><img src=x onerror=alert(1)>",
        "<?x?><img src=x onerror=alert(1)>",
        "<![CDATA[><img src=x onerror=alert(1)>]]>",
        "<svg><!--></svg><img src=x onerror=alert(1)>-->",
    ],
)
def test_no_handler_hides_in_a_comment(html):
    """A browser ends some comments before the parser that cleans does: none may stay."""
    cleaned = tidy(f"<p>before</p>{html}<p>after</p>", ())
    assert "onerror" not in cleaned.replace("&lt;", "") or "<img" not in cleaned
    assert (
        "<!" not in cleaned and "<?" not in cleaned and "before" in cleaned and "after" in cleaned
    )


def test_notebooks_lose_scripts_and_keep_descriptions():
    table = "<table border='0'><thead><tr><th>a</th></tr></thead></table>"
    outputs = [
        new_output(
            "execute_result",
            {"image/png": PICTURE, "text/plain": "x"},
            metadata={"image/png": {"alt": 'Two "bars"'}},
            execution_count=1,
        ),
        new_output(
            "display_data", {"text/html": f"<div style='x'><script>alert(1)</script>{table}</div>"}
        ),
        new_output(
            "display_data",
            {
                "application/vnd.jupyter.widget-view+json": {"model_id": "m"},
                "text/plain": "a widget",
            },
        ),
    ]
    cells = [
        new_markdown_cell(
            "# T\n\n[next](b.ipynb) [gone](c.ipynb) [doc](../docs/x.md) [out](https://example.org)"
        ),
        new_code_cell("1 < 2", outputs=outputs),
    ]
    html = body(nbformat.from_dict(new_notebook(cells=cells)), {"b"})
    assert 'alt="Two &quot;bars&quot;"' in html or "alt='Two \"bars\"'" in html
    assert 'width="2" height="3"' in html or 'height="3"' in html
    assert (
        "<script" not in html
        and "style=" not in html
        and "border=" not in html
        and 'scope="col"' in html
    )
    assert (
        'href="b.html"' in html
        and "c.ipynb" not in html
        and "../docs" not in html
        and 'href="https://example.org"' in html
    )
    assert "a widget" in html and "model_id" not in html


def test_scripts_of_others_are_plain_and_carry_their_licences():
    vega = vendor.vega()
    assert "window.vegaEmbed" in vega and "Copyright" in vega[:3000]


def test_numbers_stand_to_the_right_and_links_lead(ev):
    frame = pd.DataFrame(
        {"study": ["A 2001", "B 2002"], "studies": [1, 2], "verdict": ["p = 0.1, harm", "x"]}
    )
    table = html_table(ev, frame, "A table", {"study": pd.Series(["a.html", None])})
    assert (
        table.numeric == [False, True, False]
        and table.rows[0][0].href == "a.html"
        and table.rows[1][0].href == ""
    )


def test_templates_and_scripts_are_in_the_wheel(root, tmp_path):
    """What is not Python has to be packed, too."""
    build = (
        "from flit_core.buildapi import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        names = set(wheel.namelist())
    folder = root / "evidence" / "site"
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".html", ".j2", ".json", ".js", ".css")
    ]
    assert len(files) > 25 and {str(path.relative_to(root)) for path in files} <= names


def test_no_page_says_more_than_its_rows(site):
    for path in site.rglob("*.html"):
        assert not wrong(text_of(path.read_text(encoding="utf-8"))), path.name


def test_a_chart_can_be_taken_along_as_one_file(site, ev):
    """With what its columns are; the archive holds all of its files, in the same bytes."""
    import json
    import zipfile

    folder = site / "charts"
    about = json.loads((folder / "balance.metadata.json").read_text(encoding="utf-8"))
    assert about["license"] == "CC-BY-4.0" and about["dataset"]["version"] == "0.2.0"
    assert about["title"] in (folder / "balance.txt").read_text(encoding="utf-8")
    head = (folder / "balance.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert list(about["columns"]) == head and about["columns"]["no_clear_difference"] == (
        "No clear difference"
    )
    with zipfile.ZipFile(folder / "balance.zip") as archive:
        names = set(archive.namelist())
        slides = {name for name in names if name.startswith("slide-")}
        assert names - slides == {
            f"balance.{end}" for end in ("png", "svg", "pdf", "csv", "txt", "metadata.json")
        }
        for name in names:
            place = (
                folder / "slide" / name.removeprefix("slide-") if name in slides else folder / name
            )
            assert archive.read(name) == place.read_bytes()


def test_programs_can_load_the_tables_by_their_metadata(ev):
    """Checksums and columns are those of the files beside it; what refers leads to a key."""
    files = dict(data_files(ev))
    made = json.loads(files["croissant.json"])
    assert made["conformsTo"] == "http://mlcommons.org/croissant/1.0" and made["citeAs"]
    assert {one["contentUrl"] for one in made["distribution"]} == {
        name for name in files if name.endswith(".csv")
    }
    for one in made["distribution"]:
        assert hashlib.sha256(files[one["contentUrl"]]).hexdigest() == one["sha256"]
    fields = {field["@id"]: field for records in made["recordSet"] for field in records["field"]}
    for field in fields.values():
        head = files[field["source"]["fileObject"]["@id"]].decode().partition("\n")[0].split(",")
        assert field["source"]["extract"]["column"] in head
        assert (
            field.get("references", {"field": {"@id": "studies/study_id"}})["field"]["@id"]
            in fields
        )
    assert fields["studies/pmid"]["dataType"] == fields["studies/year"]["dataType"] == "sc:Integer"
    assert fields["studies/title"]["dataType"] == "sc:Text"


def test_what_has_no_word_is_called_as_by_its_lens(ev):
    """Of one study: it draws a conclusion or not, and prints a direction or not."""
    rows = study_rows(ev)
    for lens, said in (("concluded", "No conclusion"), ("direction", "Direction not reported")):
        silent = {row[f"{lens}_said"] for row in rows if row[lens] == "not_placed"}
        assert silent == {said}
