"""The headline: one square per study, what its authors conclude and which way its numbers lean, and
why to be careful.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.messages import leaning
from evidence.charts.page import Frame, Page, pages
from evidence.charts.rows import name_rows
from evidence.charts.squares import Grid, grid_for, square_line
from evidence.charts.style import (
    DEFAULT_SIZE,
    INK,
    RULE,
    SOFT,
    Size,
    height_of,
    styled,
    widest,
    wrap,
)
from evidence.charts.words import ORDER, UNREADABLE, Words, counted, took_part
from evidence.errors import UsageError
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import do_not
from evidence.synthesis.balance import balance, left_out
from evidence.synthesis.cautions import main_rows, touched
from evidence.synthesis.lens import LENSES
from evidence.synthesis.votes import votes, with_results

HEADS = {
    "concluded": "What the authors concluded",
    "direction": "Which way the numbers lean",
}
CAREFUL = "Why be careful"
MOST_CAUTIONS = 3
# Em: above the first answer, of the heads, of the names of the answers,
# between columns; and the width from which on the cautions stand at the right.
FIRST, HEAD, NAMES, BETWEEN, WIDE = 3.6, 1.7, 10.8, 1.8, 52.0


@dataclass(frozen=True)
class Block:
    """One question: its name and heading, the counts of each lens, and its cautions."""

    name: str
    heading: str
    who: str
    values: Mapping[str, Any]
    counts: dict[str, Mapping[str, Any]]
    words: list[str]
    cautions: list[str]

    @property
    def careful(self) -> str:
        """Why to be careful, as a paragraph: each caution is a sentence; empty without any."""
        said = " ".join(f"{caution.rstrip('.')}." for caution in self.cautions)
        return f"{CAREFUL}: {said}" if said else ""


@draws(Evidence, made_by="evidence.load()")
def headline(ev: Evidence, words: Words, *, title: str = "", size: str = DEFAULT_SIZE) -> Chart:
    """Draw what studies find, question by question.

    A square is a study. Its row is the answer of the study, in the words of the question; the left
    column takes the answer from the authors' conclusion, the right one from the direction of the
    main difference, whatever its p-value. Studies whose direction is not reported stand in a row of
    their own. Beside them stands why to be careful: the rows of the table ``cautions`` where a data
    set has one, else what the studies themselves do not show.

    Parameters
    ----------
    ev : Evidence
    title : str, optional
        Default: which way the studies of each question lean, as concluded.
    size : {"web", "slide", "paper", "print"}
        On slides, each question has a page and a title of its own.

    Returns
    -------
    Chart
        ``data`` has one row per lens and study: ``lens``, the columns kept apart, ``study_id``,
        ``label``, ``vote``.

    Raises
    ------
    UsageError
        When there is nothing to draw.
    """
    asked, ev = ev, with_results(ev)
    aside = left_out(asked, len(ev.counted_studies))
    counts = {lens: balance(ev, None, lens) for lens in LENSES}
    if counts["concluded"].empty:
        why = "no study has a result to count" if aside else "no study meets the conditions"
        raise UsageError(f"nothing to draw: {why}")
    underlying = {lens: votes(ev, lens).named for lens in LENSES}
    blocks = _blocks(ev, words, counts)
    subtitle = words.said("One square is one study")
    notes = ("As concluded: by the authors, who look at significance.",)
    key = (
        "Numbers lean: direction of the main difference, whatever its p-value, so never “no clear"
        " difference” (–)."
    )
    key = " ".join(filter(None, [key, aside]))
    with styled(size) as chosen:
        whole = Frame(title or _title(blocks, words), subtitle, notes, words, key)
        figures = []
        for group, frame in _on_pages(blocks, whole, words, chosen, title):
            figures += _draw(group, frame, underlying, words, chosen, ev)
    data = pd.concat(
        [table.assign(lens=lens) for lens, table in underlying.items()], ignore_index=True
    )
    shown = ["lens", *words.kept_apart, "study_id", "label", "vote"]
    return Chart.of(figures, whole, _alt(blocks, words), data[shown], "headline")


def _blocks(ev: Evidence, words: Words, counts: dict[str, Any]) -> list[Block]:
    concluded, direction = (counts[lens].frame for lens in LENSES)
    names = words.rows(concluded, words.kept_apart)
    headings = words.dictionary.settings.get("headings", {})
    blocks = []
    for name, line in zip(names, concluded.to_dict("records"), strict=True):
        key = [line[column] for column in words.kept_apart]
        same = direction[(direction[words.kept_apart] == key).all(axis=1)].to_dict("records")[0]
        shown = [w for w in ORDER if int(line.get(w, 0)) or int(same.get(w, 0))]
        who = took_part(line["studies"], line["participants"], line["size_unknown"])
        heading = headings.get("/".join(map(str, key)), name)
        both = {"concluded": line, "direction": same}
        blocks.append(Block(name, heading, who, line, both, shown, cautions(ev, line)))
    return blocks


def cautions(ev: Evidence, line: Mapping[str, Any]) -> list[str]:
    """Why to be careful with a row of counts, in at most three sentences: what touches at least one
    of its studies, and what holds in general.
    """
    table = ev.tables.get("cautions")
    if table is None or table.empty:
        return _plain_cautions(ev, line)
    apart = [column for column in ev.dictionary.kept_apart if column in table]
    fits = pd.Series(True, index=table.index)
    for column in apart:
        fits &= table[column].isna() | (table[column].astype("str") == str(line[column]))
    if "outcome_domain" in table:
        fits &= table["outcome_domain"].isna()
    rows = table[fits]
    if "criteria" in rows:
        main = main_rows(ev)
        for column in ev.dictionary.kept_apart:
            main = main[main[column].astype("str") == str(line[column])]
        there = [pd.isna(text) or bool(touched(ev, main, text)) for text in rows["criteria"]]
        rows = rows[pd.Series(there, rows.index, dtype="bool")]
    return [str(text) for text in rows["caution"].head(MOST_CAUTIONS)]


def _plain_cautions(ev: Evidence, line: Mapping[str, Any]) -> list[str]:
    """What the studies of a row do not show, counted."""
    studies = ev.counted_studies
    for column in ev.dictionary.kept_apart:
        studies = studies[studies[column].astype("str") == str(line[column])]
    said = []
    shared = int(studies["cohort"].notna().sum()) if "cohort" in studies else 0
    if shared:
        said.append(f"{shared} of {len(studies)} reports may share participants with others.")
    unknown = int(line["size_unknown"])
    if unknown:
        said.append(f"{unknown} of {len(studies)} {do_not(unknown)} say how many took part.")
    return [*said, "Studies with a clear result may be published more readily."][:MOST_CAUTIONS]


def _title(blocks: list[Block], words: Words) -> str:
    if len(blocks) == 1:
        return upper_first(leaning(blocks[0].values, words, "concluded"))
    said = [
        leaning(block.values, words, "concluded", "studies" if i == 0 else "").partition(", ")[0]
        for i, block in enumerate(blocks)
    ]
    return ". ".join(f"{b.name}: {text}" for b, text in zip(blocks, said, strict=True))


def _on_pages(
    blocks: list[Block], whole: Frame, words: Words, size: Size, title: str
) -> list[tuple[list[Block], Frame]]:
    """On slides one question per page, with its own message."""
    if not size.fixed or len(blocks) == 1:
        return [(blocks, whole)]
    return [
        (
            [block],
            Frame(
                title or _slide_title(block, words),
                f"{whole.subtitle}; {block.who}",
                whole.notes,
                words,
                whole.key,
            ),
        )
        for block in blocks
    ]


def _slide_title(block: Block, words: Words) -> str:
    """The question with its answer."""
    said = leaning(block.values, words, "concluded")
    if block.heading.endswith("?"):
        return f"{block.heading} {upper_first(said)}"
    return f"{block.heading}: {said}"


def _draw(
    blocks: list[Block],
    frame: Frame,
    underlying: dict[str, pd.DataFrame],
    words: Words,
    size: Size,
    ev: Evidence,
) -> list[Any]:
    plan = _plan(size, blocks, words)
    careful = [_careful(block, plan, size) for block in blocks]
    heights = [
        plan.height(block, texts, size) for block, texts in zip(blocks, careful, strict=True)
    ]
    figures = []
    for page, rows, tall in pages(size, frame, heights, fixed=HEAD, stretch=1.3):
        top = HEAD
        _heads(page, plan, any(careful[row] for row in rows))
        for row, height in zip(rows, tall, strict=True):
            _block(page, plan, blocks[row], top, height, careful[row], underlying, words, ev)
            top += height
        figures.append(page.figure)
    return figures


@dataclass(frozen=True)
class Plan:
    """Where the parts of a question are, in em.

    Attributes
    ----------
    width, careful : float
        Width of each lens, and of the cautions.
    grid : Grid
        How the squares stand, the same in all questions.
    first : float
        Height above the first answer.
    beside : bool
        Whether the cautions stand at the right; else they stand below.
    names, last : float
        Width of the names of the answers, and height of the last, which both lenses share.
    """

    width: float
    careful: float
    grid: Grid
    first: float
    beside: bool
    names: float
    last: float

    @property
    def second(self) -> float:
        """Left end of the second lens."""
        return self.names + self.width + BETWEEN

    @property
    def right(self) -> float:
        """Left end of the cautions."""
        return self.second + self.width + BETWEEN if self.beside else 0.0

    def answers(self, block: Block) -> float:
        """Height of the answers."""
        return sum(high for _, high in self.rows(block, self.grid.tall))

    def rows(self, block: Block, tall: float) -> list[tuple[float, float]]:
        """Middle and height of each answer; the last has room for its name."""
        high = [max(tall, self.last) if word == "not_placed" else tall for word in block.words]
        return [(sum(high[:i]) + own / 2, own) for i, own in enumerate(high)]

    def tall(self, block: Block, room: float) -> float:
        """Height of an answer where they share some room."""
        n = len(block.words)
        even = room / n
        if "not_placed" in block.words and even < self.last and n > 1:
            even = (room - self.last) / (n - 1)
        return min(even, 1.6 * self.grid.tall)

    def below(self, texts: list[str], size: Size) -> float:
        """Height of the cautions."""
        return sum(height_of(text, size, size.small) + 0.35 for text in texts) + 0.8

    def height(self, block: Block, texts: list[str], size: Size) -> float:
        """Height of a question."""
        answers, below = self.first + self.answers(block) + 0.9, self.below(texts, size)
        return max(answers, below) if self.beside else answers + below


def _plan(size: Size, blocks: list[Block], words: Words) -> Plan:
    beside = size.across > WIDE
    names = max(NAMES, widest([UNREADABLE], size, size.small) + 0.4)
    careful, taken, tall, first = size.across, names + BETWEEN, 0.4, 0.5
    if beside:
        careful, tall, first = size.across * 0.24, 0.62, FIRST
        taken += careful + BETWEEN
    width = (size.across - taken) / 2
    most = max(
        int(block.counts[lens].get(word, 0))
        for block in blocks
        for lens in LENSES
        for word in block.words
    )
    return Plan(
        width,
        careful,
        grid_for(most, width - 2.4, tall),
        first,
        beside,
        names,
        height_of(_named(words.word("not_placed"), names, size)[0], size, size.small),
    )


def _careful(block: Block, plan: Plan, size: Size) -> list[str]:
    """The cautions, wrapped: one below the other, or as one paragraph."""
    texts = block.cautions if plan.beside else [block.careful][: len(block.cautions)]
    return [wrap(text, plan.careful, size, size.small) for text in texts]


def _heads(page: Page, plan: Plan, careful: bool) -> None:
    canvas = page.canvas("heads")
    places = [(plan.names, HEADS["concluded"]), (plan.second, HEADS["direction"])]
    if plan.beside and careful:
        places.append((plan.right, CAREFUL))
    for x, text in places:
        _small_head(canvas, x, HEAD - 0.5, text, page.size)


def _small_head(canvas: Axes, x: float, y: float, text: str, size: Size) -> None:
    canvas.text(
        x, y, text, fontsize=size.small, fontweight="bold", color=SOFT, va="bottom",
        gid="furniture",
    )  # fmt: skip


def _block(
    page: Page,
    plan: Plan,
    block: Block,
    top: float,
    height: float,
    careful: list[str],
    underlying: dict[str, pd.DataFrame],
    words: Words,
    ev: Evidence,
) -> None:
    size = page.size
    canvas = page.canvas("words", 0, top)
    canvas.axhline(0, color=RULE, linewidth=0.8, gid="furniture")
    if plan.beside:
        canvas.text(0, 0.55, block.heading, fontweight="bold", va="top", gid="furniture")
        canvas.text(0, 1.95, block.who, color=SOFT, fontsize=size.small, va="top", gid="furniture")
    below = 0.0 if plan.beside else plan.below(careful, size)
    rows = plan.rows(block, plan.tall(block, height - plan.first - 0.9 - below))
    answers = sum(high for _, high in rows)
    for (y, _), word in zip(rows, block.words, strict=True):
        text, points = _named(words.side(word, block.values), plan.names, size)
        canvas.text(
            0, plan.first + y, text, fontsize=points, va="center", linespacing=size.spacing,
            gid="furniture",
        )  # fmt: skip
    for lens, x in (("concluded", plan.names), ("direction", plan.second)):
        axes = page.axes(x, top + plan.first, plan.width, answers)
        axes.set_label(f"{block.name}: {LENSES[lens].title}")
        _lens(axes, block, lens, rows, plan, size, underlying[lens], words, ev)
    y = 0.6 if plan.beside else plan.first + answers + 0.7
    for text in careful:
        canvas.text(
            plan.right, y, text, fontsize=size.small, color=INK, va="top",
            linespacing=size.spacing, gid="furniture",
        )  # fmt: skip
        y += height_of(text, size, size.small) + 0.35


def _named(text: str, width: float, size: Size) -> tuple[str, float]:
    """The name of an answer and its points; a long one smaller, on several lines."""
    if widest([text], size) <= width - 0.3:
        return text, size.text
    return wrap(text, width - 0.3, size, size.small), size.small


def _lens(
    axes: Axes,
    block: Block,
    lens: str,
    rows: list[tuple[float, float]],
    plan: Plan,
    size: Size,
    underlying: pd.DataFrame,
    words: Words,
    ev: Evidence,
) -> None:
    step = plan.grid.step
    axes.set_xlim(0, plan.width / step)
    axes.set_ylim(sum(high for _, high in rows), 0)
    axes.set_axis_off()
    line = block.counts[lens]
    said = words.through(lens)
    named = [said.side(word, block.values) for word in block.words]
    name_rows(axes, [(y, tall, name) for (y, tall), name in zip(rows, named, strict=True)])
    for (y, _), word, name in zip(rows, block.words, named, strict=True):
        if word not in line and word != "not_placed":
            axes.text(0.1, y, "–", color=SOFT, fontsize=size.small,
                      va="center", gid="furniture")  # fmt: skip
            continue
        n = int(line[word])
        links = _links(ev, underlying, block, word, words) if plan.grid.high else []
        end = square_line(axes, y, n, size.look(word), name, plan.grid, size, urls=links)
        axes.text(end + 0.4 / step, y, f"{n:,}", fontweight="bold", va="center")


def _links(
    ev: Evidence, underlying: pd.DataFrame, block: Block, word: str, words: Words
) -> list[str | None]:
    """Where the study of each square can be read, by its DOI where there is one."""
    part = underlying[underlying["vote"].astype("str") == word]
    for column in words.kept_apart:
        part = part[part[column].astype("str") == str(block.values[column])]
    found = ev.links.reindex(part["study_id"])
    return [None if pd.isna(address) else str(address) for address in found]


def _alt(blocks: list[Block], words: Words) -> str:
    parts = []
    for block in blocks:
        said = []
        for lens in LENSES:
            line = block.counts[lens]
            named = words.through(lens)
            counts = ", ".join(
                f"{named.side(word, block.values)} {int(line[word])}"
                for word in block.words
                if word in line
            )
            said.append(f"{LENSES[lens].title}: {counts}")
        parts.append(f"{block.heading} ({block.who}): {'; '.join(said)}. {block.careful}".rstrip())
    number = counted(sum(b.values["studies"] for b in blocks), "study", "studies")
    questions = counted(len(blocks), "question", "questions")
    return f"One square per study, {number} in {questions}. " + " ".join(parts)
