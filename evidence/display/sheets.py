"""Sheets for a class: eight questions on a chart, with a key that is computed from the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidence import charts
from evidence.arguments import not_there
from evidence.display.gallery import largest_pool
from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import balance
from evidence.synthesis.lenses import lenses
from evidence.synthesis.number_texts import percent
from evidence.synthesis.sign_test import sign_test

Pairs = list[tuple[str, str]]
NO_SIZE = "No. A count says which way, not how far, and a small study counts like a large one."
NO_SUM = "No. They ask different questions, of different groups."


@dataclass(frozen=True)
class Sheet:
    """Questions on a chart.

    Attributes
    ----------
    name : str
        Chart of the gallery.
    questions : tuple of (str, str)
        Each question with its answer.
    source : str
        The source line of the data set.
    """

    name: str
    questions: tuple[tuple[str, str], ...]
    source: str

    def text(self, key: bool = False) -> str:
        """The sheet in Markdown; with ``key``, each question with its answer."""
        lines = [f"# Questions on the chart `{self.name}`", ""]
        for number, (question, answer) in enumerate(self.questions, 1):
            lines.append(f"{number}. {question}")
            if key:
                lines.append(f"   **{answer}**")
        return "\n".join([*lines, "", f"Source: {self.source}"])

    def _repr_markdown_(self) -> str:
        return self.text(key=True)

    def __repr__(self) -> str:
        return self.text(key=True)


def sheet(ev: Evidence, name: str) -> Sheet:
    """Eight questions on a chart, with answers computed from the tables.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.
    name : str
        A chart of the gallery; a wrong name lists those that have a sheet.

    Returns
    -------
    Sheet

    Raises
    ------
    UsageError
        For a chart without a sheet, or one that the data set cannot fill.

    Examples
    --------
    >>> import evidence
    >>> len(evidence.sheet(evidence.load(), "headline").questions)
    8
    """
    if name not in SHEETS:
        raise UsageError(not_there("sheet", name, SHEETS))
    return Sheet(name, tuple(SHEETS[name](ev)), charts.words(ev).source)


def fillable(ev: Evidence) -> tuple[list[Sheet], dict[str, str]]:
    """The sheets that a data set, or a selection of it, can fill, and why it can not fill the
    others, by name.

    Raises
    ------
    UsageError
        When it can fill none.

    >>> import evidence
    >>> made, left_out = fillable(evidence.load())
    >>> [one.name for one in made] == list(SHEETS), left_out
    (True, {})
    """
    made, left_out = [], {}
    for name in SHEETS:
        try:
            made.append(sheet(ev, name))
        except UsageError as error:
            left_out[name] = str(error)
    if not made:
        raise UsageError("; ".join(dict.fromkeys(left_out.values())))
    return made, left_out


def _rows(ev: Evidence, lens: str) -> tuple[list[dict], list[str]]:
    """Rows of a balance, and their names inside a sentence."""
    table = balance(ev, None, lens)
    if table.empty:
        raise UsageError("nothing to ask: no study meets the conditions")
    words = charts.words(ev)
    names = [f"“{name}”" for name in words.rows(table.frame, words.kept_apart)]
    return table.frame.to_dict("records"), names


def _headline(ev: Evidence) -> Pairs:
    (first, *_), (name, *_) = _rows(ev, "concluded")
    rows, names = _rows(ev, "direction")
    sides, last = ev.dictionary.sides(rows[0]), ev.dictionary.sides(rows[-1])
    most = max(range(len(rows)), key=lambda i: rows[i]["units"])
    unclear = first["no_clear_difference"]
    return [
        ("What is one square?", "One study, however many took part in it."),
        (f"How many studies are in {name}?", f"{first['units']}."),
        (f"How many of them conclude {sides['harm']}?", f"{first['harm']}."),
        ("How many of them see no clear difference?", f"{unclear}."),
        (
            f"In how many of them is it not reported which way the numbers lean ({name})?",
            f"{rows[0]['not_placed']}.",
        ),
        (
            f"In {names[-1]}, how many lean to {last['benefit']} by their numbers?",
            f"{rows[-1]['benefit']}.",
        ),
        ("Which part has the most studies, and may the parts be added up?",
         f"{names[most]} ({rows[most]['units']}). {NO_SUM}"),
        (
            "Does “no clear difference” mean that there is none?",
            f"No. {unclear} studies failed to show one; small studies often miss what is there.",
        ),
    ]  # fmt: skip


def _direction(ev: Evidence) -> Pairs:
    rows, names = _rows(ev, "direction")
    row, name = rows[0], names[0]
    sides = ev.dictionary.sides(row)
    test = sign_test(int(row["benefit"]), int(row["harm"]), int(row["not_placed"]))
    most, least = max(test.benefit, test.harm), min(test.benefit, test.harm)
    stays = "Yes" if most > least + test.unreadable else "No"
    return [
        ("What does the length of a bar count?", "Studies, each of them once."),
        (f"How many studies of {name} lean to {sides['harm']}?", f"{test.harm}."),
        (f"How many lean to {sides['benefit']}?", f"{test.benefit}."),
        ("How many do not report a direction?", f"{test.unreadable}."),
        (
            f"Which share of those with a direction leans to {sides['benefit']}?",
            f"{percent(test.share)}, 95 % interval {percent(test.ci_low)} to"
            f" {percent(test.ci_high)}; {test.unreadable} more do not report a direction.",
        ),
        (
            "If all that do not report a direction leaned the other way, would the larger side"
            " stay the larger one?",
            f"{stays}: {most} against {least + test.unreadable}.",
        ),
        ("Does the chart say how large the difference is?", NO_SIZE),
        ("May the rows be added up?", NO_SUM),
    ]


def _lenses(ev: Evidence) -> Pairs:
    table = lenses(ev).frame
    words = charts.words(ev)
    rows, names = _rows(ev, "direction")
    row, sides = rows[0], ev.dictionary.sides(rows[0])
    concluded = _rows(ev, "concluded")[0][0]
    test = sign_test(int(row["benefit"]), int(row["harm"]), int(row["not_placed"]))
    low, high = sorted((test.share_worst, test.share_best))
    sized = table[(table["lens"] == "size") & table["estimate"].notna()]
    with_size = words.rows(sized, words.kept_apart) if len(sized) else ["none"]
    return [
        ("What do the three columns ask?",
         "What the authors conclude, which way the numbers lean, and how large the difference is."),
        (f"In {names[0]}, how many studies conclude {sides['harm']}?", f"{concluded['harm']}."),
        (
            f"Which share of the studies with a direction leans to {sides['benefit']}?",
            f"{percent(test.share)}, with {test.unreadable} that do not report a direction.",
        ),
        (
            "What does the faint band show?",
            f"Where that share may lie with those not reported: {percent(low)} to"
            f" {percent(high)}.",
        ),
        ("What does the sign test ask?",
         "Whether the lean is unlikely to be chance alone; nothing about size."),
        ("For which rows is a pooled size known?", f"{'; '.join(with_size)}."),
        ("Why do the other rows have none?",
         "Too few results use one measure and one comparison."),
        ("Must the three columns agree?",
         "No. They ask different things, and no column says how good the studies are."),
    ]  # fmt: skip


def _forest(ev: Evidence) -> Pairs:
    pool = largest_pool(ev)
    if pool.result is None:
        raise UsageError("nothing to ask: fewer than three results could be pooled")
    found, whole = pool.frame, pool.pooled_rows.iloc[0]
    null = pool.null
    across = (found["ci_low"] <= null) & (found["ci_high"] >= null)
    inside = "Yes" if pool.holds_no_difference else "No"
    heaviest = found["label"].iloc[int(pool.poolable.included["se"].to_numpy().argmin())]
    every = pool.poolable.studies
    why = ", ".join(f"{kind} ({n})" for kind, n in pool.poolable.why_not().items())
    return [
        ("How many studies are pooled?", f"{pool.k}."),
        ("Which value means no difference?", f"{null:g}."),
        ("In how many studies does the interval include no difference?", f"{int(across.sum())}."),
        ("What is the pooled estimate?", f"{whole['estimate']:.2f}."),
        (
            "Does its 95 % interval include no difference?",
            f"{inside}: {whole['ci_low']:.2f} to {whole['ci_high']:.2f}.",
        ),
        ("Which study weighs most?", f"{heaviest}."),
        (
            "Where may the true effect of one further study lie?",
            f"{whole['prediction_low']:.2f} to {whole['prediction_high']:.2f}, the prediction"
            " interval: wider, because studies differ.",
        ),
        (
            "How many studies of the question could not be included?",
            f"{every - pool.k} of {every}{': ' if why else ''}{why}.",
        ),
    ]


SHEETS: dict[str, Callable[[Evidence], Pairs]] = {
    "headline": _headline,
    "balance_by_direction": _direction,
    "three_lenses": _lenses,
    "forest": _forest,
}
