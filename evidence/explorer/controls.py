"""Which controls a data set has: taken from its dictionary, so that another data set has others."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.explorer.view import View
from evidence.model.columns import asked_column
from evidence.model.evidence import Evidence
from evidence.site.browser_data import asked_columns


@dataclass(frozen=True)
class Choice:
    """A column with a vocabulary.

    Attributes
    ----------
    column, title, help : str
        Name, title and description.
    options : tuple of (str, str)
        Value and label, in the order of the dictionary.
    kept_apart : bool
        Whether its values are never added up.
    """

    column: str
    title: str
    help: str
    options: tuple[tuple[str, str], ...]
    kept_apart: bool


@dataclass(frozen=True)
class Controls:
    """What a reader of this data set can choose.

    Attributes
    ----------
    choices : tuple of Choice
    years : (int, int) or None
        First and last year of the counted studies; None when no year is known.
    largest : int or None
        Largest sample size; None when none is known.
    cohorts, article : bool
        Whether there are cohorts, and sources of an article.
    """

    choices: tuple[Choice, ...]
    years: tuple[int, int] | None
    largest: int | None
    cohorts: bool
    article: bool


def controls_of(ev: Evidence, start: View | None = None) -> Controls:
    """The controls of a data set.

    Parameters
    ----------
    ev : Evidence
    start : View, optional
        Its values are offered even when no counted study has them.

    Examples
    --------
    >>> import evidence
    >>> controls = controls_of(evidence.load())
    >>> [choice.column for choice in controls.choices][:3]
    ['question', 'population', 'design']
    """
    part = ev.select(counted=True)
    studies = part.studies
    # One with a single value in use is left out.
    found = [_choice(part, column, start or View()) for column in asked_columns(ev)]
    years, sizes = (
        studies[name].dropna() if name in studies else studies.iloc[:0, 0]
        for name in ("year", "sample_size")
    )
    return Controls(
        choices=tuple(choice for choice in found if choice),
        years=(int(years.min()), int(years.max())) if len(years) else None,
        largest=int(sizes.max()) if len(sizes) else None,
        cohorts="cohort" in studies
        and bool(studies["cohort"].duplicated(keep=False)[studies["cohort"].notna()].any()),
        article="article_reference" in studies and bool(studies["article_reference"].notna().any()),
    )


def _choice(part: Evidence, column: str, start: View) -> Choice | None:
    asked = asked_column(part.dictionary, column)
    field = asked.field
    used = asked.values(part) | {
        value: field.labels.get(value, value) for value in start.wanted(column)
    }
    places = {value: place for place, value in enumerate(field.values)}
    options = sorted(used.items(), key=lambda option: places.get(option[0], len(places)))
    if len(options) < 2:
        return None
    apart = column in part.dictionary.kept_apart
    return Choice(column, field.title, field.description, tuple(options), apart)
